"""The raw equations of a declared network, regime by regime between the bends of its functions.

A gate is the slope of a function that bends: 0 or 1 on a piece. Where the velocities on both sides of a
bend point to it the weights slide along it, and the gate is the share between 0 and 1 that keeps them
there (Filippov).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from numeric.data.arrays import Bools, Floats
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.trajectory import length

TOGETHER = 1e-13  # of the largest argument of a function, its distance from a bend when it is met
POWERS = 12  # of the tangent kernel, after which its norm is known well enough for a first step
SOLVED, NEWTON = 1e-12, 12  # of the jump of a speed, and steps, to which shares are solved for
Gates = Sequence[Floats]


class Regime(NamedTuple):
    """On which side of their bends all arguments are.

    Attributes:
        gates: 0 or 1, entry by entry of all of them.
        kept: what slides along its bend.
    """

    gates: Floats
    kept: Bools


class Equations:
    """dθ/dt = −rates ∘ ∂L/∂θ for all weights in one vector.

    Args:
        problem: what is trained.
    """

    def __init__(self, problem: DeclaredProblem) -> None:
        self.problem, self._module = problem, problem.module
        self._shapes = {name: array.shape for name, array in problem.weights.items()}
        self.weight = 1 / problem.points if problem.reduction == "mean" else 1.0
        self.has_bends = bool(self._module.BENDS)
        self._places: list[tuple[int, ...]] = []
        self._sizes = np.zeros(0)
        if self.has_bends:
            with np.errstate(all="ignore"):
                found = self._module.bends(problem.weights, problem.inputs, **problem.given)
            self._places = [array.shape for array in found]
            self._sizes = np.concatenate(
                [np.full(array.size, np.abs(array).max() or 1.0) for array in found]
            )

    def __reduce__(self) -> tuple[type[Equations], tuple[DeclaredProblem]]:
        """What it is made from."""
        return Equations, (self.problem,)

    @property
    def layers(self) -> list[slice]:
        """Where the arguments of each function that bends are among all of them."""
        ends = np.cumsum([0, *(prod(shape) for shape in self._places)])
        return [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]

    def joined(self, arrays: Mapping[str, Any]) -> Floats:
        """All weights in one vector."""
        return np.concatenate([np.ravel(arrays[name]) for name in self._shapes])

    def split(self, theta: Floats) -> dict[str, Floats]:
        """Weights by name."""
        found, place = {}, 0
        for name, shape in self._shapes.items():
            size = prod(shape)
            found[name] = theta[place : place + size].reshape(shape)
            place += size
        return found

    def output(self, weights: Mapping[str, Floats], gates: Gates | None = None) -> Floats:
        """At all points, shape (points, …)."""
        found = self._module.output(weights, self.problem.inputs, **self._given(gates))
        return np.asarray(found) if self._module.POINTWISE else np.asarray(found)[None]

    def velocity(self, theta: Floats, regime: Regime) -> Floats:
        """dθ/dt."""
        with np.errstate(all="ignore"):
            return self._velocity(theta, self.gates(theta, regime))

    def start(self, theta: Floats) -> Regime:
        """The regime of weights; those at a bend are before it."""
        if not self.has_bends:
            return Regime(np.zeros(0), np.zeros(0, dtype=bool))
        problem = self.problem
        with np.errstate(all="ignore"):
            found = self._module.bends(self.split(theta), problem.inputs, **problem.given)
        gates = np.concatenate([np.ravel(array > 0) for array in found]).astype(float)
        return Regime(gates, np.zeros(gates.size, dtype=bool))

    def rate(self, theta: Floats, regime: Regime) -> float:
        """Of the fastest change, by the size of the velocity and by the tangent kernel."""
        moving = length(self.velocity(theta, regime)) / (length(theta) or 1.0)
        weights, gates = self.split(theta), self._shaped(regime.gates)
        with np.errstate(all="ignore"):
            signal = np.ones_like(self.output(weights, gates))
            largest = 0.0
            for _ in range(POWERS):
                signal = signal / (length(signal) or 1.0)
                signal = self._kernel(weights, signal, gates)
                largest = length(signal)
        return max(moving, self.weight * largest)

    def is_learned(self, theta: Floats, regime: Regime) -> bool:
        """Not asked for: losses have no bend at which all is learned."""
        return False

    def room(self, theta: Floats, regime: Regime) -> Floats:
        """How far arguments are from their bends, and shares from 0 and 1, in roundings."""
        if not self.has_bends:
            return np.zeros(0)
        with np.errstate(all="ignore"):
            gates = self.gates(theta, regime)
            heights = np.where(regime.gates > 0.5, 1, -1) * self.heights(theta, gates)
            flat = self._flat(gates)
            inside = np.minimum(flat, 1 - flat) / TOGETHER
            return 1 + np.where(regime.kept, inside, heights / (TOGETHER * self._sizes))

    def heights(self, theta: Floats, gates: Gates) -> Floats:
        """Arguments of functions that bend."""
        given = self._given(gates)
        return self._flat(self._module.bends(self.split(theta), self.problem.inputs, **given))

    def speeds(self, theta: Floats, gates: Gates) -> Floats:
        """How fast these change."""
        moved = self.split(self._velocity(theta, gates))
        given = self._given(gates)
        found = self._module.bends_change(self.split(theta), self.problem.inputs, moved, **given)
        return np.concatenate(
            [
                np.ravel(np.broadcast_to(z, shape))
                for z, shape in zip(found, self._places, strict=True)
            ]
        )

    def gates(self, theta: Floats, regime: Regime) -> Gates:
        """All gates, shares of what slides among them."""
        if not np.any(regime.kept):
            return self._shaped(regime.gates)
        gates, kept = regime.gates.copy(), np.flatnonzero(regime.kept)
        gates[kept] = 0.5
        for _ in range(NEWTON):
            speeds, slopes = self.sensitivity(theta, gates, kept)
            step = np.linalg.lstsq(slopes, -speeds, rcond=None)[0]
            gates[kept] += step
            if np.max(np.abs(step)) <= SOLVED:
                break
        return self._shaped(gates)

    def sensitivity(self, theta: Floats, gates: Floats, kept: Any) -> tuple[Floats, Floats]:
        """Speeds of some arguments, and their slopes by the gates of these, of which each is affine."""
        speeds = self.speeds(theta, self._shaped(gates))[kept]
        slopes = np.empty((len(kept), len(kept)))
        for column, place in enumerate(kept):
            other = gates.copy()
            other[place] += 1
            slopes[:, column] = self.speeds(theta, self._shaped(other))[kept] - speeds
        return speeds, slopes

    def kernel(self, weights: Mapping[str, Floats], signal: Floats) -> Floats:
        """Σ over points of K(x, x′) signal(x′), K the tangent kernel with the rates in it."""
        with np.errstate(all="ignore"):
            return self._kernel(weights, signal, None)

    def _kernel(self, weights: Mapping[str, Floats], signal: Floats, gates: Gates | None) -> Floats:
        given, inputs = self._given(gates), self.problem.inputs
        is_one = not self._module.POINTWISE
        plain = signal[0] if is_one else signal
        moved = self._module.velocity(weights, inputs, plain, self.problem.rates, **given)
        found = -np.asarray(self._module.change(weights, inputs, moved, **given))
        return found[None] if is_one else found

    def _velocity(self, theta: Floats, gates: Gates) -> Floats:
        problem, weights = self.problem, self.split(theta)
        given = gates if self.has_bends else None
        signal = self.weight * problem.loss.slope(self.output(weights, given), problem.targets)
        plain = signal if self._module.POINTWISE else signal[0]
        return self.joined(
            self._module.velocity(
                weights, problem.inputs, plain, problem.rates, **self._given(given)
            )
        )

    def _given(self, gates: Gates | None) -> dict[str, Any]:
        extra = {"gates": gates} if self.has_bends and gates is not None else {}
        return {**self.problem.given, **extra}

    def _shaped(self, flat: Floats) -> Gates:
        found, place = [], 0
        for shape in self._places:
            size = prod(shape)
            found.append(flat[place : place + size].reshape(shape))
            place += size
        return found

    def _flat(self, arrays: Sequence[Any]) -> Floats:
        return np.concatenate([np.ravel(array) for array in arrays])
