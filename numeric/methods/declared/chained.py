"""A problem as a scalar chain: where outputs move with one product of scalar weights alone.

A module says in `CHAIN` how often each weight stands in the product M (`symbolic.reduced.one_product`),
whatever the data are and at all sizes. So f = g(x) + h(x) M, where g and h are read off the module: g at
weights that are 0, h as the slope of the output by one weight where all are 1. Under a square,

    L = c/2 (M − y)² + what does not move,    c = k Σ h²,    y = k Σ h (t − g)/c,

with targets t and k from the loss and its reduction; points, and entries of outputs, are summed. That is
the chain (`numeric.methods.chains`) of p factors θ for each power θ^p, at c p times the rate of θ.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.chains import ChainFlow
from numeric.methods.declared.closed import ROUNDING, SQUARES
from numeric.methods.declared.form import Form, LackingError
from numeric.methods.declared.losses import Entrywise
from numeric.methods.declared.problem import DeclaredProblem

KEPT = 1024  # states


class Chained(Form):
    """The flow of a scalar chain.

    Accuracy: that of `ChainFlow`, for c and y as float64 has them: weights to 1e-13 of their norm, the
    residual to 1e-12 of itself where targets are reached. A state takes about 20 ms for three factors,
    100 ms or more for four.

    Args:
        problem: what is trained.

    Raises:
        LackingError: where it is no chain that is solved, with what is lacking.
    """

    kind, how = "scalar chain", "its time in closed form, inverted at any time"
    gives_weights = True

    def __init__(self, problem: DeclaredProblem) -> None:
        self._problem = problem
        self._powers: dict[str, int] = getattr(problem.module, "CHAIN", {})
        if not self._powers:
            raise LackingError(
                "outputs do not move with one product of three scalar weights or more alone"
            )
        self._read()
        weights, rates = problem.weights, problem.rates
        copies = [name for name, p in self._powers.items() for _ in range(p)]
        self.flow = ChainFlow(
            [Fraction(float(weights[name])) for name in copies],
            Fraction(self._aim),
            [
                self._powers[name]
                * Fraction(rates[problem.module.RATES[name]])
                * Fraction(self._scale)
                for name in copies
            ],
        )
        if self.flow.method == "march":
            raise LackingError(self.flow.why.removeprefix("found "))
        self._places = {name: copies.index(name) for name in self._powers}
        self._state = lru_cache(KEPT)(self.flow.at)

    def __reduce__(self) -> tuple[Any, ...]:
        return Chained, (self._problem,)

    def _read(self) -> None:
        """Read g, h, c and y off the problem, and what of its targets is out of reach."""
        problem = self._problem
        loss = problem.loss.module if isinstance(problem.loss, Entrywise) else None
        if loss is None or loss.__name__.rpartition(".")[2] not in SQUARES:
            raise LackingError("the loss is no square")
        self._pace = float(loss.slope(1.0, 0.0))
        self._pace *= 1 / problem.points if problem.reduction == "mean" else 1.0
        zeros = {z: np.zeros_like(array) for z, array in problem.weights.items()}
        ones = {z: np.ones_like(array) for z, array in problem.weights.items()}
        name, p = next(iter(self._powers.items()))
        along = {**zeros, name: ones[name]}
        with np.errstate(all="ignore"):
            still = problem.module.output(zeros, problem.inputs, **problem.given)
            slope = problem.module.change(ones, problem.inputs, along, **problem.given)
            shape = problem.targets.shape
            self._still = np.broadcast_to(np.asarray(still, dtype=float), shape)
            self._slope = np.broadcast_to(np.asarray(slope, dtype=float), shape) / p
            left = problem.targets - self._still
            self._scale = self._pace * float(np.sum(self._slope**2))
            self._aim = self._pace * float(np.sum(self._slope * left)) / (self._scale or math.nan)
        if not self._scale:
            raise LackingError("on its data outputs do not move")
        if not (math.isfinite(self._scale) and math.isfinite(self._aim)):
            raise LackingError("its data have squares that float64 does not hold")
        off = self._slope * self._aim - left
        size = np.abs(left).max()
        self._missed = off if np.abs(off).max() > ROUNDING * size else np.zeros_like(off)

    def weights(self, t: float) -> dict[str, Floats]:
        """All weights; those that are not in the product stay."""
        a = self._state(t).a
        own = {name: np.array(a[place]) for name, place in self._places.items()}
        return {**self._problem.weights, **own}

    def at_points(self, t: float) -> Floats:
        """At the points of the problem."""
        return np.asarray(self._still + self._slope * self._state(t).product)

    def residual(self, t: float) -> Floats:
        """Outputs less targets, right relative to their size however small, where targets are reached."""
        return np.asarray(self._slope * self._state(t).residual + self._missed)

    def loss(self, t: float) -> float:
        """From the residual."""
        return self._pace / 2 * float(np.sum(self.residual(t) ** 2))

    @property
    def limit_kind(self) -> str:
        """Where it ends: "target", the least loss, "saddle", or "at rest"."""
        return self.flow.limit_kind
