"""The coordinate of a panel that leads towards a pole.

A neuron of degree β > 1 that grows becomes infinite at a finite x, and polynomials in x are sharp only
over some part of the distance P to that pole: from weights of 1e-300 to 1 that takes thousands of panels.
In z with

    x = P (1 − exp(−z/P)),   dx/dz = exp(−z/P),

the weights grow like exp(z/P) or slower, and a panel covers several powers of e. P is an estimate; only
how far a panel reaches depends on how good it is. Without a pole z is x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


STRAIGHT_AHEAD = 2.0**-60  # of the pole, within which eˣ − 1 is x


@dataclass(frozen=True)
class Approach:
    """The map from a panel's coordinate z to the distance x from its start, in its units.

    Attributes:
        pole: P, infinite where there is none.
    """

    pole: float = math.inf

    def x(self, z: ArrayLike) -> Floats:
        """X at z, to full relative accuracy."""
        z = np.asarray(z, dtype=float)
        return z if math.isinf(self.pole) else -self.pole * np.expm1(-z / self.pole)

    def behind(self, z: float, e: float) -> float:
        """X(z) − x(z − e), which does not cancel."""
        if math.isinf(self.pole):
            return e
        part = e / self.pole  # has no digits of its own where it is subnormal
        grown = e if abs(part) < STRAIGHT_AHEAD else self.pole * math.expm1(part)
        return math.exp(-z / self.pole) * grown

    def z(self, x: float) -> float:
        """The coordinate at distance x; infinite for the pole and beyond."""
        if math.isinf(self.pole):
            return x
        part = x / self.pole
        return -self.pole * math.log1p(-part) if part < 1 else math.inf

    def slope(self, z: ArrayLike) -> Floats:
        """dx/dz."""
        z = np.asarray(z, dtype=float)
        return np.ones_like(z) if math.isinf(self.pole) else np.exp(-z / self.pole)


STRAIGHT = Approach()
