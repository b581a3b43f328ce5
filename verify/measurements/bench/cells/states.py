"""(b) The linear network: all weights at many times."""

from __future__ import annotations

from typing import Any

import numpy as np

from verify.measurements.bench.memory import peak
from verify.measurements.bench.problems import Drawn, draw, times_of
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

FULL, QUICK, TIMES, SPAN, RATIO = (1000, 10**5, 10**6), (1000, 10**5), 100, 2, 1.3
WRITE = "one scaled write"


def measure(setting: Setting) -> Found:
    """A row for each width."""
    for d in setting.sizes(FULL, QUICK):
        setting.say(f"b: linear, d = {d}")
        drawn = draw("linear", d, setting.seed)
        flow, times = drawn.flow(), times_of(drawn, TIMES, SPAN)
        calls = {"ours": lambda: (flow.u(times), flow.W(times)), WRITE: lambda: _write(drawn)}  # noqa: B023
        seconds = interleaved(calls, setting.turns)
        yield Row(
            "b", "u(t) and W(t) at 100 times", "linear", d, TIMES, WRITE, Goal("ratio", RATIO),
            memory=peak(calls["ours"]), peer_memory=peak(calls[WRITE]),
        ).timed(seconds["ours"], seconds[WRITE])  # fmt: skip


def _write(drawn: Drawn) -> Any:
    """The same arrays, each state the start times a number."""
    u, W = (np.empty((TIMES, *z.shape)) for z in (drawn.u0, drawn.w0[:, None]))
    for k in range(TIMES):
        np.multiply(drawn.u0, 1.0 + k, out=u[k])
        np.multiply(drawn.w0[:, None], 1.0 + k, out=W[k])
    return u, W


CELL = Cell(
    "b", "linear, 100 full states",
    "All weights at 100 times, of a flow that is there. Beside it the same arrays filled with multiples "
    "of the start, one write of each number: no solution can be had for less.",
    measure,
    "of few neurons new pages of memory and the call count as much as the write; of a million, where "
    "both write more than a gigabyte, turns differ by more than the goal leaves.",
)  # fmt: skip
