"""Curves of the host (`curves`) as functions of torch: one node of its graph, a derivative of its own.

Second derivatives are those of `formulas`, as is everything that machine code does not vouch for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from numeric.methods.tensors.curves import Cotangents, Curves
from numeric.methods.tensors.formulas import Given
from numeric.methods.tensors.line import TensorPoint
from numeric.methods.tensors.torch_plain import is_plain, to_numpy
from numeric.methods.tensors.torch_unchanged import Unchanged

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem

Inputs = tuple[Tensor | None, ...]  # u0, W0, direction, strength, target, floor, γ, η_u, η_w and t


def of(problem: TensorProblem) -> TorchCurves | None:
    """Curves of a problem; None where they are not served."""
    if problem.seen is None or not is_plain(
        problem.u0, problem.W0, problem.X, problem.targets, problem.gamma, problem.eta_u, problem.eta_w
    ):  # fmt: skip
        return None
    curves = Curves(problem.seen)
    return TorchCurves(curves, problem) if curves.are_served else None


class TorchCurves:
    """Curves of one flow.

    Args:
        curves: of the host, which keeps copies of weights and data.
        problem: the tensors that it was made of.
    """

    def __init__(self, curves: Curves, problem: TensorProblem) -> None:
        assert problem.seen is not None
        self._curves, self._unchanged = curves, Unchanged(problem, problem.seen)

    def observe(
        self, name: str, t: Tensor, inputs: Given, formulas: Callable[[Given], Any]
    ) -> Tensor | None:
        """An observable at times (see `library.Curves`).

        Raises:
            InputError: for derivatives after a tensor that the flow is made of was written to: values are
                of copies, and second derivatives would be of other weights.
        """
        self._unchanged.require()
        times = to_numpy(t)
        if times is None or not is_plain(t):
            return None
        times = times.reshape(-1).copy()
        values = self._curves.values(name, times)
        if values is None:
            return None
        asked = Asked(name, self._curves, times, values, formulas)
        point = inputs.point or (None,) * len(TensorPoint._fields)
        rates = inputs.gamma, inputs.eta_u, inputs.eta_w
        apply: Callable[..., Tensor] = Curve.apply
        return apply(asked, inputs.u0, inputs.W0, *point, *rates, t)


class Asked(NamedTuple):
    """What is asked of a flow.

    Attributes:
        name: of an observable.
        curves: of the flow.
        times: in a row.
        values: then.
        formulas: the flow in operations of torch, of what it is made of.
    """

    name: str
    curves: Curves
    times: Any
    values: Any
    formulas: Callable[[Given], Any]

    def pull(self, cotangents: Tensor, needed: tuple[bool, ...]) -> Inputs | None:
        """Cotangents of inputs; None where they cannot be read, or leave float64."""
        values = to_numpy(cotangents)
        if values is None:
            return None
        names = Cotangents._fields
        asked = {name for name, is_needed in zip(names, needed, strict=True) if is_needed}
        found = self.curves.pull(self.name, self.times, values.reshape(-1), asked)
        if found is None:
            return None
        given = found._replace(t=found.t.reshape(cotangents.shape))
        return tuple(
            _tensor(z) if is_needed else None for z, is_needed in zip(given, needed, strict=True)
        )

    def by_formulas(self, inputs: Inputs, cotangents: Tensor, needed: tuple[bool, ...]) -> Inputs:
        """The same by operations of torch; differentiable, where that is asked for."""
        again = torch.is_grad_enabled()
        given = [z if again or z is None else z.detach().requires_grad_() for z in inputs]
        asked = [
            z for z, is_needed in zip(given, needed, strict=True) if is_needed and z is not None
        ]
        with torch.enable_grad():
            u0, W0, *point, gamma, eta_u, eta_w, t = given
            on = None if point[0] is None else TensorPoint(*point)
            flow = self.formulas(Given(u0, W0, on, gamma, eta_u, eta_w))
            value = flow.observe(self.name, flow.at(t))
            found = torch.autograd.grad(
                value, asked, cotangents, create_graph=again, allow_unused=True
            )
        of_needed = iter(found)
        return tuple(next(of_needed) if is_needed else None for is_needed in needed)


def _tensor(value: Any) -> Tensor:
    if isinstance(value, float):
        return torch.tensor(value, dtype=torch.float64)
    return torch.from_numpy(value)


class Curve(torch.autograd.Function):
    """Values of a curve, as a function of all inputs."""

    @staticmethod
    def forward(ctx: Any, asked: Asked, *inputs: Tensor | None) -> Tensor:
        """They are computed."""
        ctx.asked = asked
        ctx.save_for_backward(*inputs)
        t = inputs[-1]
        assert t is not None
        return torch.from_numpy(asked.values).reshape(t.shape)

    @staticmethod
    def backward(ctx: Any, cotangents: Tensor) -> Any:
        """By the host, unless this shall be differentiated itself."""
        inputs: Inputs = ctx.saved_tensors
        needed = ctx.needs_input_grad[1:]
        found = None if torch.is_grad_enabled() else ctx.asked.pull(cotangents, needed)
        if found is None:
            found = ctx.asked.by_formulas(inputs, cotangents, needed)
        return None, *found
