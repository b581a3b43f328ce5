"""The time at which a loss that falls all the way has come to a value."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

EARLIEST, LATEST = 1e-305, 1e305  # times that are looked at
WIDER = 8.0  # factor by which a bracket grows
EXACT = 4 * np.finfo(np.float64).eps  # relative, in log t


def time_of(
    loss: Callable[[float], float],
    goal: float,
    start: float,
    end: float,
    guess: float,
    arrives: bool,
) -> float:
    """The time t with loss(t) = goal, of a loss that never grows.

    Args:
        loss: of a time.
        goal: the value.
        start: the loss at t = 0.
        end: at t = ∞.
        guess: a time of the order of those at which it falls.
        arrives: whether the loss at t = ∞ may be that at a finite time, too.

    Returns:
        0 at the start, NaN above it, and infinity at the end and below it.
    """
    from scipy.optimize import brentq  # it is slow to load, and few ask

    if math.isnan(goal) or goal > start:
        return math.nan
    if goal == start:
        return 0.0
    if goal < end or (goal == end and not arrives):
        return math.inf
    early, late = _bracket(loss, goal, min(max(guess, EARLIEST), LATEST))
    if math.isinf(late):
        return math.inf

    def above(log_t: float) -> float:
        found = loss(math.exp(log_t))
        return math.log(found / goal) if found > 0 < goal else found - goal

    return math.exp(float(brentq(above, math.log(early), math.log(late), xtol=1e-300, rtol=EXACT)))


def _bracket(loss: Callable[[float], float], goal: float, guess: float) -> tuple[float, float]:
    """Times before and after; the later one is infinite where there is none."""
    early = late = guess
    factor = WIDER
    while loss(early) <= goal and early > EARLIEST:
        early, late = max(early / factor, EARLIEST), early
        factor *= factor
    factor = WIDER
    while loss(late) > goal:
        if late >= LATEST:
            return early, math.inf
        early, late = late, min(late * factor, LATEST)
        factor *= factor
    return early, late
