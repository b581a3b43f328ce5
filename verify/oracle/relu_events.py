"""Gradient flow of two-layer ReLU networks: Taylor series between events, events by bisection.

At an event the preactivation of a unit at an input passes 0, and its slope there changes. A start with a
preactivation of 0 has no derivative, and is refused. What changes its sign twice within one step is not
seen; steps are a quarter of what the series allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mpmath import mp, mpf

from verify.oracle.raw_flow import MARGIN, Layered, Rows, evaluate, radius


@dataclass(frozen=True)
class Event:
    """A preactivation that passes 0.

    Attributes:
        unit, point: whose, and at which input, from 0.
        time: when.
        rising: whether the unit becomes active there.
    """

    unit: int
    point: int
    time: Any
    rising: bool


def integrate_relu(
    network: Layered, inputs: Sequence[Sequence[Any]], time: Any, digits: int
) -> tuple[list[Rows], list[Event]]:
    """Weights at a time, and all events before it; the slopes of the network are set here.

    Raises:
        ValueError: for a start with a preactivation of 0.
    """
    with mp.workdps(digits + MARGIN):
        order, now, end, events = int(1.2 * mp.dps) + 8, mpf(0), mp.mpf(time), list[Event]()
        points = [[mp.mpf(z) for z in x] for x in inputs]
        before = preactivations(network.layers[0], points)
        if any(value == 0 for row in before for value in row):
            raise ValueError("found a preactivation of 0 at the start; expected none")
        signs = [[value > 0 for value in row] for row in before]
        while now < end:
            network.slopes = [[[int(sign) for sign in row] for row in signs]]
            series = network.series(order)
            step = min(radius(series) / 4, end - now)
            crossed = _first(series, points, signs, step)
            if crossed is None:
                network.layers, now = evaluate(series, step), now + step
                continue
            step, unit, point = crossed
            network.layers, now = evaluate(series, step), now + step
            signs[unit][point] = not signs[unit][point]
            events.append(Event(unit, point, now, signs[unit][point]))
        return network.layers, events


def preactivations(layer: Rows, points: Rows) -> Rows:
    """w_k·x_n, by unit and input."""
    return [[mp.fdot(row, x) for x in points] for row in layer]


def _first(
    series: list[Rows], points: Rows, signs: list[list[bool]], step: Any
) -> tuple[Any, int, int] | None:
    """When, and where, a preactivation first has another sign than its own within a step."""
    found: list[tuple[Any, int, int]] = []
    for unit, row in enumerate(series[0]):
        for point, x in enumerate(points):
            orders = range(len(row[0]))
            line = [mp.fdot([entry[k] for entry in row], x) for k in orders][::-1]
            if (mp.polyval(line, step) > 0) != signs[unit][point]:
                found.append((_halved(line, step, signs[unit][point]), unit, point))
    return min(found, default=None)


def _halved(line: list[Any], high: Any, sign: bool) -> Any:
    """Where a polynomial changes its sign, from the side on which it has the other one."""
    low = mpf(0)
    for _ in range(int(mp.prec) + 4):
        middle = (low + high) / 2
        if (mp.polyval(line, middle) > 0) == sign:
            low = middle
        else:
            high = middle
    return high
