"""Gragg's extrapolation in extended precision, from kink to kink where σ′ jumps.

Across a kink it is no method: every other point of the midpoint rule can stay on one side, and all orders
then agree, to all digits, on what is no solution. So the branch of every neuron is held while a step is
made, and where one leaves its branch the step ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from verify.measurements.bench.peers import equations
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

COLUMNS, STEP_ERROR = 8, 1e-16  # the last order is far better than the one before
DEEPEST = 60  # halvings of a step
NEWTON, AT_ZERO = 40, 1e-18  # steps to a kink, and the preactivation that is there
Field = Callable[[Any], Any]


def extrapolated(drawn: Drawn, times: Floats, deadline: Deadline) -> Floats:
    """Outputs at increasing times.

    Raises:
        TooSlowError: after the deadline.
        ArithmeticError: where no step is short enough, or a kink is not found.
    """
    output = equations.output(drawn, equations.extended())
    theta: Any = equations.start(drawn).astype(np.longdouble)
    found, branches = np.empty(times.size), theta[drawn.u0.size :] * drawn.x > 0
    for k, length in enumerate(np.diff(times, prepend=0.0)):
        theta, branches = _follow(drawn, theta, branches, np.longdouble(length), deadline)
        found[k] = output(theta)
    return found


def _follow(
    drawn: Drawn, theta: Any, branches: Any, length: Any, deadline: Deadline
) -> tuple[Any, Any]:
    """The state after a time, and the branch of every neuron there."""
    while True:
        advance = _on_branches(drawn, theta, branches, deadline)
        end = advance(length)
        left = _h(drawn, end) * np.where(branches, 1, -1) < 0
        if drawn.network not in equations.KINKED or not left.any():
            return end, branches
        first, time, theta = _first_kink(drawn, advance, left, length)
        theta[drawn.u0.size + first] = 0
        branches = branches ^ (np.arange(branches.size) == first)
        length = length - time


def _h(drawn: Drawn, theta: Any) -> Any:
    return theta[drawn.u0.size :] * drawn.x


def _on_branches(drawn: Drawn, theta: Any, branches: Any, deadline: Deadline) -> Field:
    """The state after a time, as if no neuron left its branch."""
    xp, held = equations.extended(), branches * np.longdouble(1)
    if drawn.network in equations.KINKED:
        xp = replace(xp, step=lambda h: held)
    field = equations.velocity(drawn, xp)

    def checked(z: Any) -> Any:
        deadline.check()
        return field(z)

    return lambda length: _advance(checked, theta, length, DEEPEST)


def _first_kink(drawn: Drawn, advance: Field, left: Any, length: Any) -> tuple[int, Any, Any]:
    """The neuron that leaves its branch first, when, and the state then: by Newton's method."""
    where = np.flatnonzero(left)
    time, size = length, np.abs(advance(0 * length)).max()
    for _ in range(NEWTON):
        theta, near = advance(time), length / 2**30
        h, before = _h(drawn, theta)[where], _h(drawn, advance(time - near))[where]
        guesses = np.clip(time - h * near / (h - before), 0, length)
        k = int(np.argmin(guesses))
        if np.abs(h[k]) <= AT_ZERO * size:
            return int(where[k]), time, theta
        time = guesses[k]
    raise ArithmeticError("a kink is not found")


def _advance(field: Field, theta: Any, length: Any, depth: int) -> Any:
    """One step of order 2 `COLUMNS`, or two halves where the last two orders disagree."""
    row: list[Any] = []
    for k in range(1, COLUMNS + 1):
        new = [_midpoints(field, theta, length, 2 * k)]
        for j, before in enumerate(row, start=1):
            new.append(new[-1] + (new[-1] - before) / ((k / np.longdouble(k - j)) ** 2 - 1))
        row, last = new, row
    if np.abs(row[-1] - last[-1]).max() <= STEP_ERROR * np.abs(theta).max():
        return row[-1]
    if depth == 0:
        raise ArithmeticError("no step is short enough")
    half = length / 2
    return _advance(field, _advance(field, theta, half, depth - 1), half, depth - 1)


def _midpoints(field: Field, theta: Any, length: Any, number: int) -> Any:
    """Gragg's midpoint rule: its error is a series in (length/number)²."""
    step = length / number
    before, here = theta, theta + step * field(theta)
    for _ in range(number - 1):
        before, here = here, before + 2 * step * field(here)
    return (before + here + step * field(here)) / 2
