"""What can be asked of a gradient flow, whatever method answers.

Observables that need no more than the weights and the network are computed from these here, for every
method; a method that has them in closed form, or to more digits, has its own. What only a method can
say raises `NotImplementedError` here.
"""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from numeric.catalogue import Network
from numeric.data.arrays import Floats, finite, float64
from numeric.data.many import Problems
from numeric.data.training import TrainingProblem
from numeric.errors import InputError
from numeric.methods import inverse
from numeric.methods.ending import UNBOUNDED
from numeric.methods.joint import Joint
from numeric.methods.notebook import page

BLOCK = 1 << 16  # neurons that are handed out at once
TOGETHER = 1 << 18  # numbers that are worked on at once: they fit the cache
UNIT = (1.0, 1.0, 1.0, 1.0)  # hyperparameters with which `velocity_h` is u σ′ and `output` u σ


class Trajectory(ABC):
    """Weights and observables of a gradient flow at any time t ≥ 0, infinity included.

    Times are arrays of any shape; a scalar observable has the shape of t.

    Attributes:
        method: how it is solved, "explicit", "warp" or "march".
        network: evaluators of the network.
        u0, W0: initial weights, shapes (d,), (d, d0).
        problem: all that was given.
        checked: whether answers are checked before they are given, where that can be left out.
        why: why no stronger method answers; empty where none is.
    """

    method: ClassVar[str]
    network: Network
    u0: Floats
    W0: Floats
    problem: TrainingProblem
    why: str = ""
    checked: bool = True
    SCALARS: ClassVar[tuple[str, ...]] = (
        "output", "residual", "loss", "overlap", "alignment", "norm_u", "norm_omega", "norm_W", "kernel",
        "kernel_change", "distance_u", "distance_W",
    )  # fmt: skip

    @classmethod
    def lacks(cls, problem: TrainingProblem) -> str | None:
        """What a problem lacks for this method; None where it lacks nothing but, perhaps, a line."""
        raise NotImplementedError

    @classmethod
    def jointly(cls, problems: Problems) -> Joint | None:
        """What answers many problems at once; None where they are solved one by one."""
        return None

    @property
    def observables(self) -> tuple[str, ...]:
        """Names of the observables that are functions of time alone."""
        return self.SCALARS

    @property
    def target(self) -> float:
        """The output with the least loss, in units of `output`; infinite where there is none."""
        raise NotImplementedError

    @property
    def limit_kind(self) -> str:
        """Where the flow ends.

        At the "target" (the least loss), at a "saddle" (no force is left, the target is out of reach),
        "not reached" (it is still on its way at the latest time that float64 holds, and t = ∞ is
        answered by the state then), "unbounded" (the least loss is at an infinite output; weights at
        t = ∞ are those at the latest time, observables are infinite, or NaN where the limit is not
        known), "at rest" (it never moves), or "stationary" (no force is
        left; nothing says whether it is a minimum).
        """
        raise NotImplementedError

    @property
    def t_c(self) -> float:
        """Time scale: the residual falls like exp(−4 t/t_c) at the end; infinite where it does not."""
        raise NotImplementedError

    def comes(self, t: float, seconds: float) -> bool:
        """Whether the state at a time is there, or can be within about so many seconds.

        Only where a flow is integrated step by step may it not; else the answer costs what it costs.
        """
        return True

    def __repr__(self) -> str:
        return page.line(self)

    def _repr_html_(self) -> str:
        """Tables and a picture, for a notebook."""
        return page.page(self)

    def u(self, t: ArrayLike) -> Floats:
        """Second layer, shape t.shape + (d,)."""
        raise NotImplementedError

    def W(self, t: ArrayLike) -> Floats:
        """First layer, shape t.shape + (d, d0)."""
        raise NotImplementedError

    def blocks(self, t: ArrayLike, size: int = BLOCK) -> Iterator[tuple[slice, Floats, Floats]]:
        """Neurons, so many at once, with their weights at times: of layers that no memory holds.

        for part, u, W in flow.blocks(1.0): ...

        yields a slice of the neurons and fresh arrays of shapes t.shape + (n,) and t.shape + (n, d0). A
        flow of the explicit method makes no more than that at once, where its start is plain; it and the
        other methods have all weights first elsewhere.

        Args:
            t: times.
            size: neurons at once.

        Raises:
            InputError: for a size that is not positive.
            InternalCheckError: after the last block, where the norms of all are not what they must be.
        """
        width = positive(size)
        u, W = self.u(t), self.W(t)
        for start in range(0, self.u0.size, width):
            part = slice(start, min(start + width, self.u0.size))
            yield part, u[..., part].copy(), W[..., part, :].copy()

    def output(self, t: ArrayLike) -> Floats:
        """Output at the effective point of data on a line, else at every input, t.shape + (n,)."""
        raise NotImplementedError

    def residual(self, t: ArrayLike) -> Floats:
        """Output less the target: that of the effective point, or of every input."""
        raise NotImplementedError

    def loss(self, t: ArrayLike) -> Floats:
        """The loss, over a data set by its reduction."""
        raise NotImplementedError

    def overlap(self, t: ArrayLike) -> Floats:
        """u·ω, ω = W e the part of the first layer along the data.

        Raises:
            InputError: for data that are on no line, as `alignment` and `norm_omega` do.
        """
        raise NotImplementedError

    def alignment(self, t: ArrayLike) -> Floats:
        """Alignment ζ, the cosine of u and W x; NaN where one of them is zero."""
        raise NotImplementedError

    def norm_omega(self, t: ArrayLike) -> Floats:
        """‖ω‖ = ‖W e‖, the part of the first layer along the data."""
        raise NotImplementedError

    def kernel(self, t: ArrayLike) -> Floats:
        """Tangent kernel K(x, x) at the effective point; df/dt = −K ∂L/∂f. Else that of all inputs."""
        raise NotImplementedError

    def kernel_change(self, t: ArrayLike) -> Floats:
        """Relative change of the tangent kernel since the start (of a matrix, in Frobenius norm)."""
        raise NotImplementedError

    def population_loss(
        self, t: ArrayLike, second_moment: float, cross_moment: float, target_moment: float
    ) -> Floats:
        """E[(f(a e) − ỹ)²] over a population on the line of the data, times what the loss is of a square.

        Args:
            t: times.
            second_moment: E[a^{2β}], positive; a is the coordinate along the data, β the degree of σ.
            cross_moment: E[a^β ỹ].
            target_moment: E[ỹ²].
        """
        raise NotImplementedError

    def doubts(self) -> list[str]:
        """What may cost digits, a sentence each."""
        return []

    def curves(self, names: Sequence[str], t: ArrayLike) -> dict[str, Floats]:
        """Several observables at the same times, by name; where they share work, it is done once.

        Args:
            names: of `observables`.
            t: times.

        Raises:
            InputError: for a name that is not among them.
        """
        for name in names:
            if name not in self.observables:
                raise InputError("names", repr(name), f"some of {', '.join(self.observables)}")
        return {name: getattr(self, name)(t) for name in names}

    def norm_u(self, t: ArrayLike) -> Floats:
        """‖u‖."""
        return self._each(t, lambda time: length(self.u(time)))

    def norm_W(self, t: ArrayLike) -> Floats:
        """Frobenius norm ‖W‖."""
        return self._each(t, lambda time: length(self.W(time)))

    def distance_u(self, t: ArrayLike) -> Floats:
        """‖u(t) − u(0)‖."""
        return self._each(t, lambda time: length(self.u(time) - self.u0))

    def distance_W(self, t: ArrayLike) -> Floats:
        """‖W(t) − W(0)‖."""
        return self._each(t, lambda time: length(self.W(time) - self.W0))

    def predict(self, inputs: ArrayLike, t: ArrayLike) -> Floats:
        """Output at any inputs, f(x; t) = γ Σᵢ uᵢ(t) σ(wᵢ(t)·x).

        Args:
            inputs: shape (d0,), or (n, d0).
            t: times.

        Returns:
            Of shape t.shape, or t.shape + (n,).
        """
        X, is_one = self._inputs(inputs)
        gamma, given = self._gamma, self.network.parameters(*UNIT)

        def outputs(time: float) -> Floats:
            H = X @ self.W(time).T
            with np.errstate(all="ignore"):
                return np.asarray(
                    gamma * np.sum(self.network.module.output(self.u(time), H, given), axis=1)
                )

        found = self._each(t, outputs, (len(X),))
        return found[..., 0] if is_one else found

    def tangent_kernel(self, t: ArrayLike, x1: ArrayLike, x2: ArrayLike) -> Floats:
        """Tangent kernel K(x₁, x₂) = Σ_θ η_θ ∂f(x₁)/∂θ ∂f(x₂)/∂θ between two inputs of shape (d0,)."""
        one, two = self._input("x1", x1), self._input("x2", x2)
        return self._each(t, lambda time: self._kernel_matrix(time, np.stack([one, two]))[0, 1])

    def _kernel_matrix(self, time: float, X: Floats) -> Floats:
        """K between all inputs, at one time."""
        gamma, eta_u, eta_w = self._rates_given
        module, given = self.network.module, self.network.parameters(*UNIT)
        u, H = self.u(time), X @ self.W(time).T
        with np.errstate(all="ignore"):
            by_u = np.broadcast_to(module.activation(H, given), H.shape)
            by_w = np.broadcast_to(module.velocity_h(u, H, given), H.shape)
            return np.asarray(
                gamma**2 * (eta_u * by_u @ by_u.T + eta_w * (by_w @ by_w.T) * (X @ X.T))
            )

    def time_to_loss(self, loss: ArrayLike) -> Floats:
        """Time at which the loss has fallen to `loss`: the inverse of `loss`.

        Infinite for a loss that is approached but never reached, NaN for one above the start.
        """
        goals = np.asarray(loss, dtype=np.float64)
        found = np.empty(goals.shape)
        start, end = float(self.loss(0.0)), float(self.loss(math.inf))
        guess = self.t_c if 0 < self.t_c < math.inf else 1.0
        for index in np.ndindex(goals.shape):
            goal = float(goals[index])
            found[index] = inverse.time_of(
                lambda t: float(self.loss(t)), goal, start, end, guess, self.limit_kind != UNBOUNDED
            )
        return float64(found)

    @property
    def _rates_given(self) -> tuple[float, float, float]:
        return self.problem.rates

    @property
    def _gamma(self) -> float:
        return self._rates_given[0]

    def _inputs(self, inputs: ArrayLike) -> tuple[Floats, bool]:
        """Inputs as rows, and whether it was one alone."""
        is_one = np.ndim(inputs) == 1
        X = self._input("inputs", inputs)[None] if is_one else finite("inputs", inputs, 2)
        if X.shape[1] != self.W0.shape[1]:
            raise InputError("inputs", f"{X.shape[1]} components", f"{self.W0.shape[1]}, as x has")
        return X, is_one

    def _input(self, name: str, x: ArrayLike) -> Floats:
        one = finite(name, x, 1)
        if one.size != self.W0.shape[1]:
            raise InputError(name, f"{one.size} components", f"{self.W0.shape[1]}, as x has")
        return one

    def _rows(
        self,
        t: ArrayLike,
        function: Callable[[Floats], Any],
        shape: tuple[int, ...] = (),
        size: int = 1,
    ) -> Floats:
        """A function of many times at once at all times, in blocks that `size` numbers a time fit."""
        found = times(t)
        flat, out = found.ravel(), np.empty((found.size, *shape))
        together = max(1, TOGETHER // size)
        for first in range(0, flat.size, together):
            part = slice(first, first + together)
            out[part] = function(flat[part])
        return float64(out.reshape((*found.shape, *shape)))

    def _each(
        self, t: ArrayLike, function: Callable[[float], Any], shape: tuple[int, ...] = ()
    ) -> Floats:
        """A function of one time at all times."""
        found = times(t)
        out = np.empty((*found.shape, *shape))
        for index in np.ndindex(found.shape):
            out[index] = function(float(found[index]))
        return float64(out)


def times(t: ArrayLike, kind: Any = np.float64) -> Any:
    """Times as an array.

    Raises:
        InputError: for a time that is negative or not a number.
    """
    try:
        found = np.asarray(t, dtype=kind)
    except (TypeError, ValueError):
        raise InputError("t", repr(t)[:60], "times t >= 0") from None
    if np.any(~(found >= 0)):
        raise InputError("t", found[~(found >= 0)].flat[0], "times t >= 0")
    return found


def positive(size: int) -> int:
    """A number of neurons at once.

    Raises:
        InputError: for one that is not positive.
    """
    if not size > 0:
        raise InputError("size", size, "at least one neuron at once")
    return int(size)


def length(values: Floats) -> float:
    """Euclidean norm of all entries, whatever their size."""
    return float(lengths(np.ravel(values)[None])[0])


def lengths(rows: Floats) -> Floats:
    """Euclidean norm of each row, whatever its size."""
    largest = np.abs(rows).max(axis=-1, initial=0.0)
    unit = np.where(largest > 0, largest, 1.0)[..., None]
    return np.asarray(largest * np.linalg.norm(rows / unit, axis=-1))
