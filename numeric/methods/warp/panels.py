"""Panels: a smooth positive function of one variable as polynomials on consecutive stretches.

A place is a panel and an offset from its left end. Far along, or next to a pole, an offset has digits
that a distance from the very start has lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

TAIL = 2e-15  # of the last Chebyshev coefficients, relative to the smallest value
GAUSS, GAUSS_WEIGHTS = (np.array(z) for z in np.polynomial.legendre.leggauss(20))


class Place(NamedTuple):
    """A point of the warped time.

    Attributes:
        panel: index.
        offset: from the left end of the panel.
    """

    panel: int
    offset: float


class Places(NamedTuple):
    """Points of the warped time.

    Attributes:
        panel: indices.
        offset: from the left ends of the panels.
    """

    panel: NDArray[np.intp]
    offset: Floats


def unit_nodes(number: int) -> Floats:
    """Chebyshev nodes of the first kind, on [0, 1], increasing."""
    return np.asarray(np.sin((np.arange(number) + 0.5) * np.pi / (2 * number)) ** 2)


def fit(values: Floats) -> Floats:
    """Chebyshev coefficients on [0, 1] from values at `unit_nodes`."""
    number = len(values)
    angles = (np.arange(number) + 0.5) * np.pi / number
    table = np.cos(np.outer(np.arange(number), angles)) * (-1.0) ** np.arange(number)[:, None]
    coefficients = table @ values * 2 / number
    coefficients[0] /= 2
    return np.asarray(coefficients)


@dataclass(frozen=True)
class Panel:
    """A polynomial on [0, width].

    Attributes:
        width: length of the panel.
        coefficients: Chebyshev, of the unit variable offset/width.
    """

    width: float
    coefficients: Floats

    @classmethod
    def of(cls, values: Floats, width: float) -> Panel:
        """The interpolant of values at offsets `width * unit_nodes`."""
        return cls(width, fit(values))

    def __call__(self, offset: ArrayLike) -> Floats:
        """Value at an offset."""
        z = 2 * (np.asarray(offset, dtype=float) / self.width) - 1
        return np.asarray(chebyshev.chebval(z, self.coefficients))

    def integral(self, a: ArrayLike, b: ArrayLike) -> Floats:
        """∫_a^b by Gauss quadrature: exact, and a sum of positive terms where the values are."""
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        half, middle = (b - a) / 2, (a + b) / 2
        values = self(middle[..., None] + half[..., None] * GAUSS)
        return np.asarray(half * (values @ GAUSS_WEIGHTS))

    def roughness(self, values: Floats) -> float:
        """How far the polynomial is from these values at the nodes, in units of what rounding allows.

        Infinite unless all of them are positive.
        """
        if not (np.all(np.isfinite(values)) and float(values.min()) > 0):
            return math.inf
        tail = float(np.abs(self.coefficients[-2:]).max())
        return tail / (TAIL * len(values) * float(values.min()))

    def is_sharp(self, values: Floats, rounding: float = TAIL) -> bool:
        """Whether these values at the nodes are positive and interpolated to their own rounding."""
        return self.roughness(values) <= max(1.0, rounding / TAIL)

    def crossing(self, amount: float) -> float:
        """Where ∫_0^offset reaches `amount`, for a positive function: Newton, kept in a bracket."""
        low, high = 0.0, self.width
        x = amount / float(self(0.0))
        for _ in range(200):
            x = x if low <= x <= high else (low + high) / 2
            excess = float(self.integral(0.0, x)) - amount
            low, high = (low, x) if excess > 0 else (x, high)
            following = x - excess / float(self(x))
            settled = abs(following - x) <= 4e-16 * abs(following)
            x = following
            if settled:
                break
        return min(max(x, 0.0), self.width)
