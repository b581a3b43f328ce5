"""(c) Very many small networks at once."""

from __future__ import annotations

import numpy as np

from verify.measurements.bench.equal_error import error
from verify.measurements.bench.peers import formula
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

FULL, QUICK = (10**6,), (10**4,)
WIDTH, TIMES, LATEST, RATIO = 10, 10, 2.0, 1.5
PEER = "formula in numpy over a batch"


def measure(setting: Setting) -> Found:
    """One row, in seconds per network."""
    for number in setting.sizes(FULL, QUICK):
        setting.say(f"c: {number} networks of {WIDTH} neurons")
        generator = np.random.default_rng([setting.seed, number])
        u0, w0 = (generator.standard_normal((number, WIDTH)) for _ in range(2))
        drawn = Drawn("linear", u0, w0, gamma=WIDTH**-0.5)
        times = np.linspace(0, LATEST, TIMES)
        calls = {"ours": lambda: _ours(drawn, times), PEER: lambda: _theirs(drawn, times)}  # noqa: B023
        found, theirs = calls["ours"](), calls[PEER]()
        seconds = interleaved(calls, setting.turns)
        yield Row(
            "c", f"{number} networks of {WIDTH} neurons, loss at {TIMES} times, per network",
            "linear", WIDTH, TIMES, PEER, Goal("ratio", RATIO),
            note=f"largest difference of the losses {error(theirs, found):.0e} of the largest",
        ).timed(*([t / number for t in seconds[name]] for name in ("ours", PEER)))  # fmt: skip


def _ours(drawn: Drawn, times: Floats) -> Floats:
    return np.asarray(drawn.flow().loss(times))


def _theirs(drawn: Drawn, times: Floats) -> Floats:
    return np.asarray(formula.curve(drawn.u0, drawn.w0, drawn.x, drawn.y, drawn.rates, times).loss)


CELL = Cell(
    "c", "10⁶ linear networks of 10 neurons, loss at 10 times",
    "Seconds are per network. Beside it the paper's formula typed by hand in numpy, for all at once.",
    measure,
)  # fmt: skip
