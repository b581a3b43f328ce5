"""What can be asked of a flow of tensors, whatever method answers: the names of `methods.trajectory`.

Everything is a function of the tensors that the flow was made of, and of t; what comes back is connected
to them, of their type and on their device.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from numeric.errors import InputError
from numeric.methods.trajectory import UNIT

if TYPE_CHECKING:
    from numeric.methods.tensors.reading import TensorProblem

Times = tuple[Any, bool]  # as a tensor, and whether the time is t = ∞


class TensorTrajectory(ABC):
    """Weights and observables of a gradient flow at times t ≥ 0, as tensors.

    Times are a number, or tensors of any shape; a scalar observable has the shape of t. t = ∞ is taken as
    a number of Python's, `math.inf`, alone: tensors hold finite times.

    Attributes:
        method: how it is solved, "explicit" or "warp".
        problem: all that was given, as tensors.
        u0, W0: initial weights, shapes (d,), (d, d0).
    """

    method: ClassVar[str]
    SCALARS: ClassVar[tuple[str, ...]] = (
        "output", "residual", "loss", "overlap", "alignment", "norm_u", "norm_omega", "norm_W", "kernel",
        "kernel_change", "distance_u", "distance_W",
    )  # fmt: skip

    def __init__(self, problem: TensorProblem) -> None:
        self.problem, self.u0, self.W0 = problem, problem.u0, problem.W0

    def __repr__(self) -> str:
        given, (d, d0) = self.problem, self.W0.shape
        return (
            f"<gradient flow of tensors: {given.network.name}, {given.loss_name} loss, width {d}, "
            f"{d0} inputs, by {self.method}>"
        )

    @property
    def observables(self) -> tuple[str, ...]:
        """Names of the observables that are functions of time alone."""
        return self.SCALARS

    @abstractmethod
    def u(self, t: Any) -> Any:
        """Second layer, shape t.shape + (d,)."""

    @abstractmethod
    def W(self, t: Any) -> Any:
        """First layer, shape t.shape + (d, d0)."""

    @abstractmethod
    def output(self, t: Any) -> Any:
        """Output at the effective point of the data."""

    @abstractmethod
    def residual(self, t: Any) -> Any:
        """Output less the target, or less the output of the least loss."""

    @abstractmethod
    def loss(self, t: Any) -> Any:
        """The loss, over a data set by its reduction."""

    def predict(self, inputs: Any, t: Any) -> Any:
        """Output at any inputs, shape (d0,) or (n, d0), at times t: of shape t.shape, or + (n,)."""
        X, is_one = self._rows("inputs", inputs)
        u, W, given = self.u(t), self.W(t), self.problem
        H = self.problem.xp.einsum("...ij,nj->...ni", W, X)
        parameters = given.network.parameters(*UNIT)
        activated = given.network.module.activation(H, parameters, given.xp)
        found = given.gamma * given.xp.einsum("...ni,...i->...n", activated, u)
        return found[..., 0] if is_one else found

    def tangent_kernel(self, t: Any, x1: Any, x2: Any) -> Any:
        """Tangent kernel K(x₁, x₂) = Σ_θ η_θ ∂f(x₁)/∂θ ∂f(x₂)/∂θ between two inputs of shape (d0,)."""
        given, parameters = self.problem, self.problem.network.parameters(*UNIT)
        module, xp = given.network.module, given.xp
        inputs = [self._rows(name, z)[0][0] for name, z in (("x1", x1), ("x2", x2))]
        u, W = self.u(t), self.W(t)
        pre = [W @ z for z in inputs]
        by_u = [module.activation(h, parameters, xp) for h in pre]
        by_w = [module.velocity_h(u, h, parameters, xp) + 0 * h for h in pre]
        along = given.eta_w * (inputs[0] @ inputs[1])
        return given.gamma**2 * (
            given.eta_u * xp.sum(by_u[0] * by_u[1], -1) + along * xp.sum(by_w[0] * by_w[1], -1)
        )

    def _rows(self, name: str, inputs: Any) -> tuple[Any, bool]:
        X = self._like(inputs)
        if X.ndim not in (1, 2) or X.shape[-1] != self.W0.shape[1]:
            expected = f"{self.W0.shape[1]} components, as x has"
            raise InputError(name, f"shape {tuple(X.shape)}", expected)
        return (X[None], True) if X.ndim == 1 else (X, False)

    def _like(self, values: Any) -> Any:
        """Values as a tensor of the type of the weights."""
        return self.problem.library.placed({"value": values, "u0": self.u0}, ("u0",))["value"]

    def _times(self, t: Any) -> Times:
        """Times as a tensor, 0 in place of an infinite one.

        Raises:
            InputError: for a time that is negative, or not finite in a tensor.
        """
        if isinstance(t, float | int) and t == math.inf:
            return self._like(0.0), True
        found = self._like(t)
        xp, seen = self.problem.xp, self.problem.library.to_numpy(found)
        if seen is None:
            return xp.where((found >= 0) & (found < math.inf), found, xp.nan), False
        if not np.all((seen >= 0) & (seen < math.inf)):
            expected = "times t >= 0; t = inf as the number math.inf alone"
            raise InputError("t", "a time that is negative, or infinite among others", expected)
        return found, False
