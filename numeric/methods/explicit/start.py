"""What a flow starts from: the data as one point, units, and sums over the initial weights.

Of these follow the constants of the trajectory, and with them every scalar at every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from flint import arb

from numeric.data import line, pages
from numeric.data.arrays import Floats
from numeric.data.training import TrainingProblem
from numeric.double_double import DoubleDouble
from numeric.methods.explicit import sums, units
from numeric.methods.explicit.sums import OFTEN, Sums, Weights
from numeric.methods.explicit.units import Hyperparameters, Units
from numeric.methods.explicit.wide import Wide, ball, xp
from numeric.namespaces import precision

LEAST_LAYER = 2.0**-430  # of which float64 holds the squares
SAFE = 2.0**-900, 2.0**900  # sums, and their products, that lose nothing in float64
DEAD = 1e4  # powers of e beyond which nothing is left in any range
EXACT = 4096  # bits that hold sums of squares of whatever float64 holds


@dataclass(frozen=True)
class Start:
    """A flow at t = 0.

    Attributes:
        module: the generated module.
        point: the effective data point.
        units: of everything below.
        given: γ, η_u, η_w, ρ and y as they are.
        rates: the same in units.
        weights: initial weights, by blocks.
        largest: what no weight of either layer is larger than, and the exponents of their units.
    """

    module: ModuleType
    point: line.EffectivePoint
    units: Units
    given: Hyperparameters
    rates: Hyperparameters
    weights: Weights
    largest: tuple[tuple[float, int], tuple[float, int]]

    @classmethod
    def of(cls, problem: TrainingProblem, point: line.EffectivePoint) -> Start:
        """The start of a problem with its effective point."""
        module = problem.network.module
        gamma, eta_u, eta_w = map(DoubleDouble.of, (problem.gamma, problem.eta_u, problem.eta_w))
        given = Hyperparameters(gamma, eta_u, eta_w, point.strength, point.target)
        large_u = _largest(problem.u0)
        along = float(np.abs(point.direction).max()) * problem.W0.shape[1]
        large_omega = _largest(problem.W0) * min(along, 1.0)
        chosen, scaled = units.fitting(given, large_u, large_omega)
        weights = Weights(problem.u0, problem.W0, point.precise_direction, chosen)
        largest = (large_u, chosen.u), (large_omega, chosen.omega)
        return cls(module, point, chosen, given, scaled, weights, largest)

    @cached_property
    def sums(self) -> Sums:
        """Sums over the initial weights."""
        found = sums.of(self.weights, self.module, self.rates)
        # Two vectors of one component are parallel, whatever rounding says.
        return found._replace(gram=DoubleDouble(0.0)) if self.is_alone else found

    @cached_property
    def is_alone(self) -> bool:
        """Whether one neuron at most has weights along the data."""
        found = 0
        for part in self.weights.blocks():
            omega = self.weights.layers(part)[1]
            found += int(np.count_nonzero((self.weights.u[part] != 0) | (omega.hi != 0)))
            if found > 1:
                return False
        return True

    @cached_property
    def is_in_range(self) -> bool:
        """Whether float64 holds all that is computed on the way."""
        s = self.sums
        is_empty = s.p_2.hi == 0 and s.q_2.hi == 0  # coordinates of nothing grow for ever
        if is_empty or any(
            size > 0 and np.frexp(size)[1] - unit < np.frexp(LEAST_LAYER)[1]
            for size, unit in self.largest
        ):
            return False
        output = self.rates.gamma * self.rates.rho * s.overlap
        sizes = s.overlap.hi, output.hi, self.rates.y.hi, (output - self.rates.y).hi
        is_lost = self.given.y.hi != 0 and self.rates.y.hi == 0
        if is_lost or any(0 < abs(size) < LEAST_LAYER for size in sizes):
            return False
        found = [s.u_2.hi, s.omega_2.hi, s.p_2.hi, s.q_2.hi, s.gram.hi, s.across_2.hi]
        moves = self.rates.gamma.hi != 0 and self.rates.rho.hi != 0
        if moves and s.p_2.hi != 0 and s.q_2.hi != 0:
            strength = float((self.rates.gamma * self.rates.rho).hi) ** 2
            found.append((strength * s.p_2.hi) * (strength * s.q_2.hi) or SAFE[0])
        return all(size == 0 or SAFE[0] < size < SAFE[1] for size in found)

    @cached_property
    def wide(self) -> Wide:
        """Formulas of this start, in balls."""
        with precision(EXACT):
            found = map(ball, self.sums) if self.is_in_range else self._times(self._exact_sums, -1)
            rates = Hyperparameters(*map(ball, self.rates))
            return Wide(self.module, rates, Sums(*found), self.weights.u.size)

    @cached_property
    def as_given(self) -> Wide:
        """The same without units: balls have any exponent."""
        with precision(EXACT):
            in_units = map(ball, self.sums)
            found = self._times(tuple(in_units), 1) if self.is_in_range else self._exact_sums
            rates = Hyperparameters(*map(ball, self.given))
            return Wide(self.module, rates, Sums(*found), self.weights.u.size)

    def reached(self, moments: Any) -> Any:
        """Times without units, and infinity, or, into the saddle, a late time for all that are later.

        What has fallen by so many powers of e is nothing in float64, in any units.
        """
        late, gone = (float(z.hi) for z in self.as_given.parts(self._lateness))
        if late == 0:  # so fast that float64 does not tell when
            return moments
        ends = late if gone == 0 else np.inf
        return np.where(np.isfinite(moments) & (moments > late), ends, moments)

    def _lateness(self, c: Any, _: Any) -> tuple[arb, arb]:
        """After which time all has fallen by so much, and what is left at the end of a coordinate."""
        late = arb(DEAD) / (2 * c.R) if c.R > 0 else arb("inf")
        return late, arb(self.module.limit(c, xp).decay)

    def _times(self, sums: tuple[arb, ...], sign: int) -> tuple[arb, ...]:
        """Sums brought out of units, or, with the sign −1, into them."""
        a, b, _, f, c = self.units
        exponents = 2 * a, 2 * b, a + b, 2 * a + 2 * b, *2 * (c - 2 * (f - a - b),), 2 * b
        return tuple(z * arb(2) ** (sign * k) for z, k in zip(sums, exponents, strict=True))

    @cached_property
    def exact_layers(self) -> list[tuple[arb, arb]]:
        """U and ω of each neuron, as they are."""
        with precision(EXACT):
            e = self.exact_direction
            rows = [
                sum((arb(float(w)) * z for w, z in zip(row, e, strict=True)), arb(0))
                for row in self.weights.W
            ]
            return [(arb(float(u)), omega) for u, omega in zip(self.weights.u, rows, strict=True)]

    @cached_property
    def exact_direction(self) -> list[arb]:
        """The unit vector along the data."""
        with precision(EXACT):
            e = self.weights.direction
            return [ball(e[j]) for j in range(len(e.hi))]

    @cached_property
    def _exact_sums(self) -> tuple[arb, ...]:
        """Sums whose terms leave the range of float64, as they are."""
        pairs, e = self.exact_layers, self.exact_direction
        with precision(EXACT):
            u_2, omega_2 = (sum((z[k] * z[k] for z in pairs), arb(0)) for k in (0, 1))
            overlap = sum((a * b for a, b in pairs), arb(0))
            root_u, root_w = (ball(z).sqrt() for z in (self.given.eta_u, self.given.eta_w))
            coordinates = ([root_u * b + sign * root_w * a for a, b in pairs] for sign in (1, -1))
            p_2, q_2 = (sum((z * z for z in of), arb(0)) / 4 for of in coordinates)
            across = [
                arb(float(w)) - omega * z
                for row, (_, omega) in zip(self.weights.W, pairs, strict=True)
                for w, z in zip(row, e, strict=True)
            ]
            is_line = len(e) == 1 and bool(e[0] * e[0] == 1)
            across_2 = arb(0) if is_line else sum((z * z for z in across), arb(0))
            gram = arb(0) if self.is_alone else u_2 * omega_2 - overlap * overlap
            return u_2, omega_2, overlap, gram, p_2, q_2, across_2


def _largest(weights: Floats) -> float:
    """The largest magnitude, part by part: weights may be larger than memory."""
    found = 0.0
    for start in range(0, len(weights), OFTEN):
        found = max(found, float(np.abs(weights[start : start + OFTEN]).max(initial=0.0)))
        pages.release(weights, start, start + OFTEN)
    return found
