"""Panels: a smooth positive function of one variable as polynomials on consecutive stretches.

A place is a panel and an offset from its left end. Far along, or next to a pole, an offset has digits
that a distance from the very start has lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

TAIL = 2e-15  # of the last Chebyshev coefficients, relative to the smallest value
GAUSS, GAUSS_WEIGHTS = (np.array(z) for z in np.polynomial.legendre.leggauss(20))
AT_A_NODE = 1e-40  # what takes the place of a distance of 0: its node outweighs all others


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


class Interpolation:
    """Polynomials by their values at nodes on [0, 1]: the barycentric formula, which is stable there.

    Args:
        nodes: increasing, for which it is: Chebyshev's, Radau's.
        weights: of the formula, up to a factor.
    """

    def __init__(self, nodes: Floats, weights: Floats) -> None:
        self.nodes, self._weights = nodes, weights

    def basis(self, places: Floats) -> tuple[Floats, Floats]:
        """Factors of the values at the nodes, a row for each place, and by what to divide their sum.

        Rows are summed one by one: how a place is rounded does not depend on the others.
        """
        found = np.subtract.outer(places, self.nodes)
        found[found == 0] = AT_A_NODE
        np.divide(self._weights, found, out=found)
        return found, np.einsum("pn->p", found)

    def rows(self, places: Any) -> Any:
        """Rows that make the values at places, in extended precision."""
        gaps = np.subtract.outer(places, self.nodes.astype(np.longdouble))
        gaps[gaps == 0] = AT_A_NODE
        basis = self._weights / gaps
        return basis / basis.sum(axis=1, keepdims=True)


class Grid(Interpolation):
    """What a number of Chebyshev nodes of the first kind takes, made once.

    Attributes:
        tail: rows that make the last two Chebyshev coefficients from values.
        means: makes values of (1/x) ∫_0^x from values; Gauss quadrature is exact.
        whole: weights of the integral over [0, 1], all positive.
        ends: rows that make the values at 0 and at 1.
    """

    def __init__(self, number: int) -> None:
        angles = (np.arange(number) + 0.5) * np.pi / number
        signs = (-1.0) ** np.arange(number)
        super().__init__(
            np.asarray(np.sin(angles / 2) ** 2, float), np.asarray(signs * np.sin(angles), float)
        )
        last = np.arange(number)[-2:]
        tail = np.cos(np.outer(last, angles)) * 2 / number
        self.tail: Floats = tail * signs[-2:, None]
        along, rule = _gauss(number)
        means = [rule @ self.rows(x * along) for x in np.append(self.nodes, 1.0)]
        self.means, self.whole = np.array(means[:-1], dtype=float), np.array(means[-1], dtype=float)
        self.ends: Floats = self.rows(np.array([0.0, 1.0])).astype(float)


def _gauss(number: int) -> tuple[Any, Any]:
    """Gauss quadrature on [0, 1] that is exact for twice the degree, in extended precision."""
    series = np.append(np.zeros(number), 1.0)
    slopes = legendre.legder(series)
    nodes = legendre.leggauss(number)[0].astype(np.longdouble)
    for _ in range(2):
        nodes -= legendre.legval(nodes, series) / legendre.legval(nodes, slopes)
    weights = 1 / ((1 - nodes * nodes) * legendre.legval(nodes, slopes) ** 2)
    return (1 + nodes) / 2, weights


@cache
def grid(number: int) -> Grid:
    """The grid of so many nodes."""
    return Grid(number)


def unit_nodes(number: int) -> Floats:
    """Chebyshev nodes of the first kind, on [0, 1], increasing."""
    return grid(number).nodes


@dataclass(frozen=True)
class Panel:
    """A polynomial on [0, width].

    Attributes:
        width: length of the panel.
        values: at offsets `width * unit_nodes`.
    """

    width: float
    values: Floats

    @property
    def _grid(self) -> Grid:
        return grid(len(self.values))

    def __call__(self, offset: ArrayLike) -> Floats:
        """Value at an offset."""
        places = np.asarray(offset, dtype=float) / self.width
        basis, total = self._grid.basis(np.ravel(places))
        return np.asarray((np.einsum("pn,n->p", basis, self.values) / total).reshape(places.shape))

    def at_nodes(self, number: int) -> Floats:
        """Values at so many nodes."""
        return self.values if len(self.values) == number else self(self.width * unit_nodes(number))

    @property
    def total(self) -> float:
        """∫ over the panel: a sum of positive terms where the values are."""
        return self.width * float(self._grid.whole @ self.values)

    @property
    def end(self) -> float:
        """Value at the right end."""
        return float(self._grid.ends[1] @ self.values)

    @property
    def roughness(self) -> float:
        """How far the polynomial is from sharp, in units of what rounding of its values allows.

        Infinite unless all of them are positive.
        """
        least = float(self.values.min())
        if not (least > 0 and float(self.values.max()) < math.inf):
            return math.inf
        tail = float(np.abs(self._grid.tail @ self.values).max())
        return tail / (TAIL * len(self.values) * least)

    def is_sharp(self, rounding: float = TAIL) -> bool:
        """Whether the values are positive and interpolated to their own rounding."""
        return self.roughness <= max(1.0, rounding / TAIL)
