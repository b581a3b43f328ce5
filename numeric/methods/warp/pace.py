"""How fast warped time runs: ds/dt = −ℒ′(f), by the distance R = |f* − f| from the minimum f*.

For a square ds/dt is rate · R. Any other convex loss with a minimum at a finite output has ds/dt = rate ·
R · factor(R), rate = ℒ″(f*), with a factor of 1 at R = 0: it ends like a square. Where ℒ″(f*) = 0 it ends
slower than any exponential (the fourth power), where ℒ′ jumps at f* it arrives in finite time (hinge).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.data.effective_loss import ROUNDED, Ahead, EffectiveLoss

Floats = NDArray[np.float64]

TINY = 1e-9  # of the distance to the minimum at the start, where the end is looked at
LARGEST = 1e307  # 1/|ℒ′| whose neighbours are ordinary numbers
LATEST = 1e305  # of rate · t, for times that are finite
SETTLED = 1e-17  # relative difference of ℒ′ on the rest of the way, below which it is constant
SMALLER = 200  # of 2: in units of it times of 1e300 do not overflow on the way
ARRIVES = 1.2  # ratio of the pulls at a distance and half of it: 1 where the slope jumps at the end
LINGERS = 3.0  # 2 where it ends like a square, more where it ends slower


class Ending(Enum):
    """How the flow comes to the minimum."""

    EXPONENTIAL = "exponentially"
    ARRIVAL = "in finite time"
    SLOW = "slower than exponentially"


class Pace(ABC):
    """The speed of warped time.

    Attributes:
        rate: in units of which `factor` is.
        ending: how the flow comes to the minimum.
        bends: distances at which the speed is not smooth, increasing.
    """

    rate: float
    ending: Ending
    bends: Floats = np.zeros(0)

    @abstractmethod
    def factor(self, distance: ArrayLike) -> Floats:
        """Speed / (rate · R) at distances R from the minimum."""


class SquarePace(Pace):
    """The speed is rate · R."""

    def __init__(self, rate: float) -> None:
        self.rate, self.ending = rate, Ending.EXPONENTIAL

    def factor(self, distance: ArrayLike) -> Floats:
        """1."""
        return np.ones(np.shape(distance))


class LossPace(Pace):
    """The speed of a loss with a minimum at a finite output.

    Args:
        ahead: the loss on the way to its minimum.
        distance: |f* − f(0)|.
        unit: by which the loss is multiplied.
    """

    def __init__(self, ahead: Ahead, distance: float, unit: float) -> None:
        self._ahead, self.bends = ahead, ahead.bends[ahead.bends < distance]
        near = TINY * float(min([distance, *self.bends]))
        self.ending = _ending(float(ahead.pull(near)) / float(ahead.pull(near / 2)))
        exponential = self.ending is Ending.EXPONENTIAL
        self._curvature = ahead.curvature if exponential else 1.0
        self.rate = self._curvature * unit

    def factor(self, distance: ArrayLike) -> Floats:
        """Speed / (rate · R)."""
        size = np.asarray(distance, dtype=float)
        at_the_end = (size == 0) & (self.ending is Ending.EXPONENTIAL)
        with np.errstate(invalid="ignore"):
            found = self._ahead.pull(size) / (self._curvature * size)
        return np.where(at_the_end, 1.0, found)


def _ending(ratio: float) -> Ending:
    """From the ratio of the pulls at a distance and half of it."""
    if ratio < ARRIVES:
        return Ending.ARRIVAL
    return Ending.SLOW if ratio > LINGERS else Ending.EXPONENTIAL


class Slowness:
    """rate · dt/ds where the way has no end, by the output.

    Args:
        loss: over the data, of the output; None for a square about `target`.
        target: of the square.
        rate: 2M of the square, else by what the loss is multiplied.
        rest: the output at which neurons come to rest, if they do and it is known.

    Attributes:
        rate: as given, in smaller units where 1/ℒ′ grows exponentially.
        latest: rate · t of the latest time.
        vanishes: whether ℒ′ falls to 0 with the output, below all of float64 in the end.
        largest: 1/|ℒ′| beyond which float64 soon does not hold ℒ′.
    """

    def __init__(
        self, loss: EffectiveLoss | None, target: float, rate: float, rest: float | None = None
    ) -> None:
        self._loss, self._target, self._rest = loss, target, rest
        self.vanishes = loss is not None
        self.largest = math.inf if loss is None else math.ldexp(LARGEST, -SMALLER)
        self.rate = rate if loss is None else math.ldexp(rate, -SMALLER)
        self.latest = LATEST if loss is None else math.ldexp(LATEST, -SMALLER)

    def __call__(self, output: Floats) -> Floats:
        """1/|ℒ′|, in units of the rate."""
        if self._loss is None:
            return np.asarray(1 / np.abs(self._target - output))
        return np.asarray(np.ldexp(1 / np.abs(self._loss.slope(output)), -SMALLER))

    def next_bend(self, here: float, there: float) -> float | None:
        """The first output on the way from one to another at which ℒ′ is not smooth."""
        if self._loss is None or not self._loss.bends.size:
            return None
        bends, sign = self._loss.bends, 1.0 if there > here else -1.0
        on_the_way = sign * (bends - here) > ROUNDED * np.maximum(abs(here), np.abs(bends))
        ahead = bends[on_the_way & (sign * (there - bends) > 0)]
        return float(ahead[np.argmin(sign * ahead)]) if ahead.size else None

    def has_settled(self, output: float) -> bool:
        """Whether 1/|ℒ′| is constant from an output on, where it was constant on the way to it.

        That of a square is constant only where the output is; others are constant on whole branches.
        """
        if self._loss is None:
            return True
        if self._rest is None:
            return False
        here, there = (float(self._loss.slope(z)) for z in (output, self._rest))
        return abs(here - there) <= SETTLED * abs(there)

    def conditioning(self, output: float, spread: float) -> float:
        """By how much a rounding of the output's terms, which sum to `spread`, is felt."""
        if self._loss is None:
            return 0.0
        found = spread * float(self._loss.curvature(output) / abs(self._loss.slope(output)))
        return found if math.isfinite(found) else 0.0
