"""Sums over the initial weights that decide a flow, to twice the digits of float64: one pass, in blocks.

A Gram determinant or a Σp² of which more than eight digits cancel is summed again, from terms in which
nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

import numpy as np

from numeric.data import pages
from numeric.data.arrays import Floats
from numeric.double_double import DoubleDouble, Precise, combination, dot
from numeric.methods.explicit.units import Hyperparameters, Units

BLOCK = 1 << 12  # neurons at a time: they and what is computed of them fit the cache
OFTEN = BLOCK << 8  # neurons after which memory is given back
CANCELLED = 1e-8  # a sum that is left with less than this share of its terms is made anew
xp = Precise()


class Sums(NamedTuple):
    """Sums over neurons at t = 0, in units.

    Attributes:
        u_2, omega_2: ‖u‖² and ‖ω‖².
        overlap: u·ω.
        gram: ‖u‖²‖ω‖² − (u·ω)².
        p_2, q_2: Σ p² and Σ q².
        across_2: ‖W‖² − ‖ω‖².
    """

    u_2: DoubleDouble
    omega_2: DoubleDouble
    overlap: DoubleDouble
    gram: DoubleDouble
    p_2: DoubleDouble
    q_2: DoubleDouble
    across_2: DoubleDouble


class Weights:
    """Initial weights of both layers, handed out by blocks and in units.

    Args:
        u, W: of shapes (d,) and (d, d0).
        direction: e, the unit vector along the data.
        units: of the weights.
    """

    def __init__(self, u: Floats, W: Floats, direction: DoubleDouble, units: Units) -> None:
        self.u, self.W, self.direction = u, W, direction
        self._scales = 2.0**-units.u, 2.0**-units.omega

    def blocks(self) -> Iterator[slice]:
        """Slices of neurons."""
        for start in range(0, self.u.size, BLOCK):
            yield slice(start, start + BLOCK)
            if start % OFTEN == 0:
                pages.release(self.u, max(0, start - OFTEN), start)
                pages.release(self.W, max(0, start - OFTEN), start)

    def layers(self, part: slice) -> tuple[DoubleDouble, DoubleDouble]:
        """U and ω of neurons."""
        of_u = self._scales[0]
        columns = self.rows(part).T
        e = self.direction
        if len(columns) == 1 and abs(e.hi[0]) == 1:
            return DoubleDouble(self.u[part] * of_u), DoubleDouble(columns[0] * e.hi[0])
        return DoubleDouble(self.u[part] * of_u), combination(columns, e)

    def across(self, part: slice, omega: DoubleDouble) -> Floats:
        """What rows of W have across the data."""
        rows = self.rows(part)
        return np.asarray((rows - self.direction * omega[:, None]).hi)

    def rows(self, part: slice) -> Floats:
        """Rows of W."""
        return np.asarray(self.W[part] * self._scales[1])


def coordinates(
    module: ModuleType, u: DoubleDouble, omega: DoubleDouble, rates: Hyperparameters
) -> tuple[DoubleDouble, DoubleDouble]:
    """P and q of neurons."""
    given = u, omega, rates.eta_u, rates.eta_w
    return module.growing(*given, xp), module.falling(*given, xp)


def of(weights: Weights, module: ModuleType, rates: Hyperparameters) -> Sums:
    """The sums, in one pass and, where that loses digits, another."""
    rows = [_of_block(weights, part) for part in weights.blocks()]
    u_2, omega_2, overlap, W_2 = (_total(column) for column in zip(*rows, strict=True))
    gram = u_2 * omega_2 - overlap * overlap
    squares, product = rates.eta_u * omega_2 + rates.eta_w * u_2, rates.eta_u * rates.eta_w
    crossed = 2.0 * product.sqrt() * overlap
    p_2, q_2 = (squares + crossed) / 4.0, (squares - crossed) / 4.0
    if not (p_2.hi > CANCELLED * squares.hi and q_2.hi > CANCELLED * squares.hi):
        p_2, q_2 = _of_coordinates(weights, module, rates)
    if not gram.hi > CANCELLED * (u_2 * omega_2).hi:
        gram = _rejected(weights, u_2, overlap)
    across_2 = W_2 - omega_2
    if not across_2.hi > CANCELLED * W_2.hi:
        across_2 = _across(weights)
    return Sums(u_2, omega_2, overlap, gram, p_2, q_2, across_2)


def _of_block(weights: Weights, part: slice) -> tuple[DoubleDouble, ...]:
    u, omega = weights.layers(part)
    rows = DoubleDouble(weights.rows(part).ravel())
    return dot(u, u), dot(omega, omega), dot(u, omega), dot(rows, rows)


def _across(weights: Weights) -> DoubleDouble:
    """‖W‖² − ‖ω‖² of what rows have across the data; nothing where W has one column, along them."""
    if weights.W.shape[1] == 1 and weights.direction.hi[0] != 0:
        return DoubleDouble(0.0)
    found = []
    for part in weights.blocks():
        across = weights.across(part, weights.layers(part)[1])
        found.append(DoubleDouble(float(np.sum(across * across))))
    return _total(found)


def _of_coordinates(
    weights: Weights, module: ModuleType, rates: Hyperparameters
) -> tuple[DoubleDouble, DoubleDouble]:
    """Σ p² and Σ q² of p and q themselves."""
    parts = [coordinates(module, *weights.layers(part), rates) for part in weights.blocks()]
    p_2, q_2 = (_total([dot(z, z) for z in column]) for column in zip(*parts, strict=True))
    return p_2, q_2


def _rejected(weights: Weights, u_2: DoubleDouble, overlap: DoubleDouble) -> DoubleDouble:
    """The Gram determinant as ‖u‖² times the squared rejection of ω: nothing cancels."""
    if u_2.hi == 0:
        return DoubleDouble(0.0)
    slope, found = overlap / u_2, []
    for part in weights.blocks():
        u, omega = weights.layers(part)
        rest = omega - slope * u
        found.append(dot(rest, rest))
    return u_2 * _total(found)


def _total(terms: list[DoubleDouble] | tuple[DoubleDouble, ...]) -> DoubleDouble:
    stacked = DoubleDouble(np.array([z.hi for z in terms]), np.array([z.lo for z in terms]))
    return stacked.sum()
