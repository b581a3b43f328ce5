"""Warped flows of the host as functions of torch: one node of its graph, a derivative of its own.

For plain tensors of the host, which is what a loop of learning has; within transforms, `compile` and on
devices the operators of `torch_operators` serve, and so they do what is derived in a batch or twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from numeric.data.arrays import Floats
from numeric.methods.tensors.host import CHANGES, SCALARS, Solved
from numeric.methods.tensors.torch_plain import is_plain, to_numpy
from numeric.methods.tensors.torch_unchanged import Unchanged
from numeric.methods.warp.adjoint.gradients import Cotangents

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem

Inputs = tuple[Tensor, ...]  # u0, W0, m, scales, targets, γ, η_u, η_w and t
Operators = Callable[[str, Inputs], Tensor]


def of(problem: TensorProblem) -> TorchWarped | None:
    """The flow of a problem; None where tensors are not plain ones of the host."""
    if problem.seen is None or not is_plain(*_tensors(problem)):
        return None
    return TorchWarped(problem)


def _tensors(one: TensorProblem) -> Inputs:
    return one.u0, one.W0, one.X, one.targets, one.gamma, one.eta_u, one.eta_w


class TorchWarped:
    """A flow, solved when it is first asked.

    Args:
        problem: the tensors that it was made of.
    """

    def __init__(self, problem: TensorProblem) -> None:
        assert problem.seen is not None
        self._seen, self._unchanged = problem.seen, Unchanged(problem, problem.seen)
        self._solved: Solved | None = None

    def observe(self, name: str, inputs: Inputs, operators: Operators) -> Tensor | None:
        """What is asked of a flow at times (see `library.Warped`).

        Raises:
            InputError: for derivatives after a tensor that the flow is made of was written to: values are
                of copies.
        """
        t = to_numpy(inputs[-1])
        if t is None or not is_plain(*inputs):
            return None
        self._unchanged.require()
        if self._solved is None:
            scales, targets = (inputs[k].detach().numpy() for k in (3, 4))
            self._solved = Solved(self._seen, scales, targets)
        m = np.array(inputs[2].detach().numpy())
        asked = Asked(name, self._solved, m, t.reshape(-1).copy(), operators)
        apply: Callable[..., Tensor] = Answer.apply
        return apply(asked, *inputs)


class Asked(NamedTuple):
    """What is asked of a flow.

    Attributes:
        name: of it.
        solved: the flow.
        m: the point that the data amount to, as it was then.
        t: times in a row.
        operators: the same in operators, of all that it is made of.
    """

    name: str
    solved: Solved
    m: Floats
    t: Floats
    operators: Operators

    def values(self) -> Floats:
        """As the operators have them."""
        if self.name == SCALARS:
            return self.solved.scalars(self.t)
        return self.solved.neurons(self.t, self.name == CHANGES)

    def pull(
        self, cotangents: Floats, inputs: Inputs, needed: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """Cotangents of inputs."""
        if self.name == SCALARS:
            given = Cotangents(*cotangents)
        else:
            given = Cotangents(*np.zeros((3, self.t.size)), *cotangents)
        found = self.solved.pull(self.t, given)
        by_u, by_h = found.u0, found.h0
        if self.name == CHANGES:  # a change is felt by the start, too
            by_start = cotangents.sum(axis=1)
            by_u, by_h = by_u - by_start[0], by_h - by_start[1]
        W, m, t = self.solved.flow.W0, self.m, inputs[8].detach().numpy()
        by = (
            by_u,
            np.multiply.outer(by_h, m) if needed[1] else None,
            by_h @ W + 2 * found.rho_2 * m if needed[2] else None,
            found.scales,
            found.targets,
            *(np.asarray(z, dtype=np.float64) for z in (found.gamma, found.eta_u, found.eta_w)),
            found.t.reshape(t.shape),
        )
        return tuple(
            torch.from_numpy(z) if is_needed and z is not None else None
            for z, is_needed in zip(by, needed, strict=True)
        )

    def by_operators(
        self, cotangents: Tensor, inputs: Inputs, needed: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """The same, where cotangents cannot be read, or the derivative shall have one of its own."""
        again = torch.is_grad_enabled()
        given = [z if again else z.detach().requires_grad_() for z in inputs]
        asked = [z for z, is_needed in zip(given, needed, strict=True) if is_needed]
        with torch.enable_grad():
            value = self.operators(self.name, tuple(given))
            found = iter(torch.autograd.grad(
                value, asked, cotangents, create_graph=again, allow_unused=True
            ))  # fmt: skip
        return tuple(next(found) if is_needed else None for is_needed in needed)


class Answer(torch.autograd.Function):
    """What is asked, as a function of all inputs."""

    @staticmethod
    def forward(ctx: Any, asked: Asked, *inputs: Tensor) -> Tensor:
        """It is computed."""
        ctx.asked = asked
        ctx.save_for_backward(*inputs)
        return torch.from_numpy(asked.values())

    @staticmethod
    def backward(ctx: Any, cotangents: Tensor) -> Any:
        """By the host, unless this shall be differentiated itself."""
        inputs, needed = ctx.saved_tensors, ctx.needs_input_grad[1:]
        values = None if torch.is_grad_enabled() else to_numpy(cotangents)
        if values is None:
            return None, *ctx.asked.by_operators(cotangents, inputs, needed)
        return None, *ctx.asked.pull(values, inputs, needed)
