"""The operators of `host` for torch: of fixed shapes, so that `compile` keeps them as they are.

`vmap` solves the networks of a batch one by one. They have first derivatives; second ones are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from numeric.methods.tensors import host
from numeric.methods.tensors.host import Numbers

NAMES = Numbers._fields
SCHEMA = ", ".join(f"Tensor {name}" for name in NAMES)
GIVEN = f"({SCHEMA}, str setting"


def _numbers(given: tuple[Tensor, ...]) -> Numbers:
    return Numbers(*(np.asarray(z.detach().cpu().numpy(), dtype=np.float64) for z in given))


@torch.library.custom_op("exactflow::scalars", mutates_args=(), schema=f"{GIVEN}) -> Tensor")
def scalars(*given: Any) -> Tensor:
    """`host.scalars`."""
    *numbers, setting = given
    found = host.scalars(setting, _numbers(tuple(numbers)))
    return torch.as_tensor(found, device=numbers[0].device)


@torch.library.custom_op(
    "exactflow::neurons", mutates_args=(), schema=f"{GIVEN}, bool changes) -> Tensor"
)
def neurons(*given: Any) -> Tensor:
    """`host.neurons`."""
    *numbers, setting, changes = given
    found = host.neurons(setting, _numbers(tuple(numbers)), changes)
    return torch.as_tensor(found, device=numbers[0].device)


@torch.library.custom_op(
    "exactflow::pull",
    mutates_args=(),
    schema=f"{GIVEN}, Tensor by_scalars, Tensor by_neurons) -> "
    f"({', '.join(['Tensor'] * len(host.Gradients._fields))})",
)
def pull(*given: Any) -> tuple[Tensor, ...]:
    """`host.pull`."""
    *numbers, setting, by_scalars, by_neurons = given
    cotangents = (z.detach().cpu().numpy() for z in (by_scalars, by_neurons))
    found = host.pull(setting, _numbers(tuple(numbers)), *cotangents)
    return tuple(torch.as_tensor(z, device=numbers[0].device) for z in found)


@scalars.register_fake
def _(*given: Any) -> Tensor:
    return torch.empty(
        (3, *given[NAMES.index("t")].shape), dtype=torch.float64, device=given[0].device
    )


@neurons.register_fake
def _(*given: Any) -> Tensor:
    shape = (2, *given[NAMES.index("t")].shape, *given[0].shape)
    return torch.empty(shape, dtype=torch.float64, device=given[0].device)


@pull.register_fake
def _(*given: Any) -> tuple[Tensor, ...]:
    return tuple(torch.empty_like(z) for z in given[: len(host.Gradients._fields)])


def _kept(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    ctx.save_for_backward(*inputs[: len(NAMES)])
    ctx.options = inputs[len(NAMES) :]


def _pulled_scalars(
    ctx: Any, cotangents: Tensor, pull: Callable[..., Any] = pull
) -> tuple[Any, ...]:
    none = cotangents.new_empty((2, 0, 0))
    found = pull(*ctx.saved_tensors, ctx.options[0], cotangents.contiguous(), none)
    return (*found, None, None, None)


def _pulled_neurons(
    ctx: Any, cotangents: Tensor, pull: Callable[..., Any] = pull
) -> tuple[Any, ...]:
    """A change is felt by the start, too."""
    none, (setting, changes) = cotangents.new_empty((3, 0)), ctx.options
    u0, h0, *rest = pull(*ctx.saved_tensors, setting, none, cotangents.contiguous())
    if changes:
        by_start = cotangents.sum(dim=1)
        u0, h0 = u0 - by_start[0], h0 - by_start[1]
    return (u0, h0, *rest, None, None, None, None)


# What `compile` keeps in its graph; `torch.func` asks for functions as below instead.
torch.library.register_autograd(scalars, _pulled_scalars, setup_context=_kept)
torch.library.register_autograd(neurons, _pulled_neurons, setup_context=_kept)


class Pull(torch.autograd.Function):
    """`pull`, which has no derivative of its own."""

    generate_vmap_rule = True

    @staticmethod
    def forward(*given: Any) -> tuple[Tensor, ...]:
        """The operator."""
        return tuple(pull(*given))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Nothing is kept."""

    @staticmethod
    def backward(ctx: Any, *cotangents: Tensor) -> Any:
        """Refused."""
        raise NotImplementedError(
            "second derivatives of a warped flow are not served: take differences of first ones, which "
            "have 12 digits"
        )


def _with_derivative(
    operator: Callable[..., Tensor], pulled: Callable[..., tuple[Any, ...]]
) -> Callable[..., Tensor]:
    """An operator as a function with its derivative, for `torch.func` too."""

    class Differentiable(torch.autograd.Function):
        """The operator, and `pull`."""

        generate_vmap_rule = True

        @staticmethod
        def forward(*given: Any) -> Tensor:
            return operator(*given)

        setup_context = staticmethod(_kept)

        @staticmethod
        def backward(ctx: Any, cotangents: Tensor) -> tuple[Any, ...]:
            return pulled(ctx, cotangents, Pull.apply)

    apply: Callable[..., Tensor] = Differentiable.apply
    return apply


COMPILED: dict[str, Callable[..., Tensor]] = {"scalars": scalars, "neurons": neurons}
EAGER: dict[str, Callable[..., Tensor]] = {
    "scalars": _with_derivative(scalars, _pulled_scalars),
    "neurons": _with_derivative(neurons, _pulled_neurons),
}


def differentiable(name: str) -> Callable[..., Tensor]:
    """An operator with its derivative, as `compile` wants it, or everything else."""
    return (COMPILED if torch.compiler.is_compiling() else EAGER)[name]


def _one_by_one(operator: Callable[..., Any]) -> Callable[..., Any]:
    def rule(info: Any, in_dims: tuple[int | None, ...], *given: Any) -> tuple[Any, Any]:
        found = [
            operator(*(
                z if dim is None else z.select(dim, k)
                for z, dim in zip(given, in_dims, strict=True)
            ))
            for k in range(info.batch_size)
        ]  # fmt: skip
        if isinstance(found[0], Tensor):
            return torch.stack(found), 0
        return tuple(torch.stack(z) for z in zip(*found, strict=True)), (0,) * len(found[0])

    return rule


for _operator in (scalars, neurons, pull):
    torch.library.register_vmap(_operator, _one_by_one(_operator))
