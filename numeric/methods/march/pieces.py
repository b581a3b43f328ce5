"""A function with bends, piece by piece: each goes on beyond its ends along its tangent.

A regime is a whole number: 2 k on the piece between bend k − 1 and bend k, 2 k + 1 at bend k itself,
where the state slides along it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numeric.data.arrays import Floats, Integers

Regimes = Integers
Function = Callable[[Floats], Floats]
BESIDE = 1e-13  # of 1 + |bend|, that a point is off a bend where a piece is evaluated next to it


@dataclass(frozen=True)
class Pieces:
    """A function of arguments of one shape, elementwise.

    Attributes:
        value, slope: of the function, away from its bends.
        bends: increasing along the last axis, shape of the arguments + (number,).
    """

    value: Function
    slope: Function
    bends: Floats

    def regimes(self, z: Floats) -> Regimes:
        """On which piece arguments are; those at a bend are before it."""
        return 2 * np.sum(z[..., None] > self.bends, axis=-1)

    def ends(self, regimes: Regimes) -> tuple[Floats, Floats]:
        """Where pieces begin and end, ±∞ where they do not; at a bend both are the bend."""
        edge = np.full((*self.bends.shape[:-1], 1), np.inf)
        walls = np.concatenate([-edge, self.bends, edge], axis=-1)
        low = np.take_along_axis(walls, ((regimes + 1) // 2)[..., None], axis=-1)[..., 0]
        high = np.take_along_axis(walls, (regimes // 2 + 1)[..., None], axis=-1)[..., 0]
        return low, high

    def on(self, regimes: Regimes, z: Floats) -> tuple[Floats, Floats]:
        """Values and slopes on pieces; at a bend its own value, and the slope before it."""
        low, high = self.ends(regimes - regimes % 2)
        inner = np.clip(z, _inward(low, 1), _inward(high, -1))
        slope = np.broadcast_to(self.slope(inner), z.shape)
        value = np.broadcast_to(self.value(inner), z.shape) + slope * (z - inner)
        return np.asarray(value), np.array(slope)

    def room(self, regimes: Regimes, z: Floats) -> Floats:
        """Distance to the nearer end of the piece, negative beyond it; infinite at a bend."""
        low, high = self.ends(regimes)
        with np.errstate(invalid="ignore"):
            distance = np.minimum(z - low, high - z)
        return np.where(regimes % 2 == 1, np.inf, distance)

    def met(self, regimes: Regimes, z: Floats) -> Regimes:
        """The regime of the bend at the nearer end of a piece."""
        low, high = self.ends(regimes)
        with np.errstate(invalid="ignore"):
            before = z - low < high - z
        return np.where(regimes % 2 == 1, regimes, np.where(before, regimes - 1, regimes + 1))


def _inward(end: Floats, sign: int) -> Floats:
    """A little further in than an end, where there is one."""
    return end + sign * BESIDE * (1 + np.where(np.isfinite(end), np.abs(end), 0.0))
