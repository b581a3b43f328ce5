"""(f) Small calls: a flow and one number of it."""

from __future__ import annotations

from verify.measurements.bench.cells.warped import networks
from verify.measurements.bench.problems import constructed, draw
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

WIDTH, SECONDS, TIME = 10, 50e-6, 0.5


def measure(setting: Setting) -> Found:
    """A row for the linear network, which has a goal, and for each other one."""
    for network in ("linear", *networks(setting)):
        setting.say(f"f: {network}")
        call = constructed(draw(network, WIDTH, setting.seed), lambda flow: flow.loss(TIME))
        seconds = interleaved({"ours": call}, setting.turns)
        yield Row(
            "f", "construction and the loss at one time", network, WIDTH, 1,
            goal=Goal("seconds", SECONDS) if network == "linear" else None,
        ).timed(seconds["ours"])  # fmt: skip


CELL = Cell(
    "f", "a flow of 10 neurons and one loss of it",
    "Construction included. The goal is of the linear network; the others are told beside it.",
    measure,
)  # fmt: skip
