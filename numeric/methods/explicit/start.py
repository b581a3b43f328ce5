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

from numeric.data import line
from numeric.data.training import TrainingProblem
from numeric.double_double import DoubleDouble
from numeric.methods.explicit import sums, units
from numeric.methods.explicit.sums import Sums, Weights
from numeric.methods.explicit.units import Hyperparameters, Units
from numeric.methods.explicit.wide import Wide, ball
from numeric.namespaces import precision

LEAST_LAYER = 2.0**-430  # of which float64 holds the squares
SAFE = 2.0**-900, 2.0**900  # sums, and their products, that lose nothing in float64
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
        largest: no weight of either layer is larger, in units.
    """

    module: ModuleType
    point: line.EffectivePoint
    units: Units
    given: Hyperparameters
    rates: Hyperparameters
    weights: Weights
    largest: tuple[float, float]

    @classmethod
    def of(cls, problem: TrainingProblem, point: line.EffectivePoint) -> Start:
        """The start of a problem with its effective point."""
        module = problem.network.module
        gamma, eta_u, eta_w = map(_as_given, (problem.gamma, problem.eta_u, problem.eta_w))
        given = Hyperparameters(gamma, eta_u, eta_w, point.strength, point.target)
        large_u = float(np.abs(problem.u0).max(initial=0.0))
        along = float(np.abs(point.direction).max()) * problem.W0.shape[1]
        large_omega = float(np.abs(problem.W0).max(initial=0.0)) * min(along, 1.0)
        chosen, scaled = units.fitting(given, large_u, large_omega)
        weights = Weights(problem.u0, problem.W0, point.precise_direction, chosen)
        largest = units.scale(large_u, -chosen.u), units.scale(large_omega, -chosen.omega)
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
            u, omega = self.weights.layers(part)
            found += int(np.count_nonzero((u.hi != 0) | (omega.hi != 0)))
            if found > 1:
                return False
        return True

    @cached_property
    def is_in_range(self) -> bool:
        """Whether float64 holds all that is computed on the way."""
        s = self.sums
        is_empty = s.p_2.hi == 0 and s.q_2.hi == 0  # coordinates of nothing grow for ever
        if is_empty or any(0 < size < LEAST_LAYER for size in self.largest):
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
            found = map(ball, self.sums) if self.is_in_range else self._exact_sums()
            rates = Hyperparameters(*map(ball, self.rates))
            return Wide(self.module, rates, Sums(*found), self.weights.u.size)

    @cached_property
    def as_given(self) -> Wide:
        """The same without units."""
        a, b, _, f, c = self.units
        exponents = 2 * a, 2 * b, a + b, 2 * a + 2 * b, *2 * (c - 2 * (f - a - b),), 2 * b
        with precision(EXACT):
            found = Sums(
                *(z * arb(2) ** k for z, k in zip(self.wide.given, exponents, strict=True))
            )
            rates = Hyperparameters(*map(ball, self.given))
        return Wide(self.module, rates, found, self.weights.u.size)

    def _exact_sums(self) -> tuple[arb, ...]:
        """Sums whose terms leave the range of float64."""
        u, omega = self.weights.layers(slice(None))
        pairs = [(ball(u[k]), ball(omega[k])) for k in range(len(u.hi))]
        u_2, omega_2 = (sum((z[k] * z[k] for z in pairs), arb(0)) for k in (0, 1))
        overlap = sum((a * b for a, b in pairs), arb(0))
        root_u, root_w = (ball(z).sqrt() for z in (self.rates.eta_u, self.rates.eta_w))
        coordinates = ([root_u * b + sign * root_w * a for a, b in pairs] for sign in (1, -1))
        p_2, q_2 = (sum((z * z for z in of), arb(0)) / 4 for of in coordinates)
        across = np.ravel(self.weights.across(slice(None), omega))
        across_2 = sum((arb(float(z)) * arb(float(z)) for z in across), arb(0))
        gram = arb(0) if self.is_alone else u_2 * omega_2 - overlap * overlap
        return u_2, omega_2, overlap, gram, p_2, q_2, across_2


def _as_given(value: Any) -> DoubleDouble:
    """A number of any precision, and what float64 leaves of it."""
    number = np.asarray(value)[()]
    high = np.float64(number)
    return DoubleDouble(float(high), float(number - number.dtype.type(high)))
