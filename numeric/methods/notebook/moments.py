"""The times at which a flow is drawn, and what it is there.

From the first hundredth of the way of the loss to the last thousandth, as far as values come in time.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from numeric.data.arrays import Floats

if TYPE_CHECKING:
    from numeric.methods.trajectory import Trajectory

FIRST, LAST = 0.01, 1e-3  # of the way of the loss: gone at the first time, left at the last one
FALLEN = 0.01  # of the loss at the start, what is left of one whose end is not known
LONG = (
    3e3  # the last time in units of the first, from which on time is drawn on a logarithmic scale
)
FACTOR = 4.0  # of the times that are tried, squared with every one
EARLIEST, LATEST = 1e-300, 1e300
NUMBER = 64  # times that are drawn
INPUTS = 3  # outputs that are drawn, of data that are no single point
MANY_INPUTS = 300  # from which on the kernel between all of them takes too long
SETTLED = ("target", "saddle", "at rest", "stationary")
REFUSALS = (ValueError, ArithmeticError)  # `numeric.errors`, and numpy's where a state overflows


class Budget:
    """How long values may take together.

    Args:
        seconds: from now on.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, 0 where none are left."""
        return max(self._until - time.monotonic(), 0.0)


@dataclass(frozen=True)
class Course:
    """A flow at increasing times.

    Attributes:
        times: shape (k,).
        loss: shape (k,).
        outputs: of the effective point or the first few inputs, shape (k, outputs).
        is_log: whether times are drawn on a logarithmic scale.
    """

    times: Floats
    loss: Floats
    outputs: Floats
    is_log: bool


def asks_for_too_much(flow: Trajectory) -> bool:
    """Whether the time scale and the kernel need that between very many inputs."""
    return flow.method == "march" and len(flow.problem.data.X) > MANY_INPUTS


def ends(flow: Trajectory, seconds: float) -> bool:
    """Whether the state at t = ∞ is an end, and comes within so many seconds."""
    try:
        if seconds > 0 and asks_for_too_much(flow):
            return False
        return flow.comes(math.inf, seconds) and flow.limit_kind in SETTLED
    except REFUSALS:
        return False


def course(flow: Trajectory, seconds: float, ends: bool) -> Course:
    """The flow over the times in which its loss falls; `ends`: whether its end is there."""
    first, last = _span(flow, Budget(seconds / 2), ends)
    is_log = 0 < first < math.inf and last > LONG * first
    if is_log:
        times = np.exp(np.linspace(math.log(first / 10), math.log(last), NUMBER))
        times[-1] = last
    else:
        times = np.linspace(0.0, last, NUMBER)
    found: dict[int, tuple[float, Floats]] = {}
    budget, stride = Budget(seconds / 2), NUMBER // 4
    while stride:
        for k in range(0, NUMBER, stride):
            if k not in found and (value := _at(flow, float(times[k]), budget)) is not None:
                found[k] = value
        stride //= 2
    if not found:
        nothing = np.full((1, 1), math.nan)
        return Course(np.zeros(1), nothing[0], nothing, is_log=False)
    drawn = sorted(found)
    losses = np.array([found[k][0] for k in drawn])
    outputs = np.array([found[k][1] for k in drawn]).reshape(len(drawn), -1)
    return Course(times[drawn], losses, outputs, is_log)


def _at(flow: Trajectory, t: float, budget: Budget) -> tuple[float, Floats] | None:
    """Loss and outputs at one time; None where they are refused, or not there in time."""
    try:
        if not (budget.left or t == 0) or not flow.comes(t, budget.left):
            return None
        return float(flow.loss(t)), np.atleast_1d(flow.output(t))[:INPUTS]
    except REFUSALS:
        return None


def _span(flow: Trajectory, budget: Budget, ends: bool) -> tuple[float, float]:
    """The times at which the loss has begun to fall, and has fallen, as far as they come in time."""
    last = _scale(flow)
    begun = _at(flow, 0.0, budget)
    if begun is None:
        return 0.0, last
    start = begun[0]
    if not ends:
        last = _time_of(flow, FALLEN * start, last, budget)
    ended = _at(flow, math.inf if ends else last, Budget(1.0))
    end = start if ended is None else ended[0]
    if not end < start < math.inf:
        return 0.0, last
    goals = start - FIRST * (start - end), end + LAST * (start - end)
    last = _time_of(flow, goals[1], last, budget)
    return _time_of(flow, goals[0], last, budget), last


def _scale(flow: Trajectory) -> float:
    if asks_for_too_much(flow):
        return 1.0
    try:
        return flow.t_c if EARLIEST < flow.t_c < LATEST else 1.0
    except REFUSALS:
        return 1.0


def _time_of(flow: Trajectory, goal: float, guess: float, budget: Budget) -> float:
    """Roughly when the loss has come to a value; the latest time tried where it does not in time."""

    def is_above(t: float) -> bool | None:
        value = _at(flow, t, budget)
        return None if value is None else value[0] > goal

    low = high = guess
    factor, above = FACTOR, is_above(guess)
    if above is None:
        return _reached(flow, guess, budget)
    while is_above(low) is False and low > EARLIEST:
        low, high, factor = max(low / factor, EARLIEST), low, factor * factor
    while above and high < LATEST:
        further = min(high * factor, LATEST)
        above, factor = is_above(further), factor * factor
        if above is None:
            return _reached(flow, high, budget)
        low, high = high, further
    while high > 2 * low:
        middle = math.sqrt(low) * math.sqrt(high)
        low, high = (middle, high) if is_above(middle) else (low, middle)
    return high


def _reached(flow: Trajectory, t: float, budget: Budget) -> float:
    """A time up to which the flow is there: t, or where t itself did not come, a part of it."""
    while not flow.comes(t, budget.left) and t > EARLIEST:
        t /= 2
    return t
