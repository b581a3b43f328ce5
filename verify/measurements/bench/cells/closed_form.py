"""(a) The linear network: loss and alignment at many times, construction included."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import mpmath
import numpy as np

from numeric import GradientFlow
from verify.measurements.bench.memory import peak
from verify.measurements.bench.peers import formula, formula_numba, is_installed
from verify.measurements.bench.peers.formula import Curve
from verify.measurements.bench.problems import Drawn, Floats, constructed, draw, times_of
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

FULL, QUICK, TIMES, SPAN = (10, 1000, 10**5, 10**6, 10**7), (10, 1000, 10**5), 1000, 2
RATIO, READS, WIDE = 0.8, 1.5, 10**6
DIGITS, EVERY = 40, 50  # of the reference, which has one of so many times
OURS = {"weights copied": True, "weights held": False}  # copy=
HELD = 10**5  # neurons from which a copy takes longer than the rest
CASE = f"loss and alignment at {TIMES} times, construction included"
BY_HAND, COMPILED, READ = "formula in numpy", "formula in numba", "one read of the weights"


def measure(setting: Setting) -> Found:
    """A row for each width and peer."""
    for d in setting.sizes(FULL, QUICK):
        setting.say(f"a: linear, d = {d}")
        yield from _width(draw("linear", d, setting.seed), setting)


def _width(drawn: Drawn, setting: Setting) -> Found:
    times, d = times_of(drawn, TIMES, SPAN), drawn.u0.size
    given = drawn.u0, drawn.w0, drawn.x, drawn.y, drawn.rates, times
    calls: dict[str, Callable[[], Any]] = {
        name: constructed(drawn, lambda flow: _ask(flow, times), copy)
        for name, copy in OURS.items()
        if copy or d >= HELD
    }
    calls[BY_HAND] = lambda: formula.curve(*given)
    if setting.peers and is_installed(formula_numba.PACKAGE):
        calls[COMPILED] = lambda: formula_numba.curve(*given)
    errors = _errors({name: call() for name, call in calls.items()}, drawn, times)
    memory = {name: peak(call) for name, call in calls.items() if name != COMPILED}
    calls[READ] = lambda: (drawn.u0.sum(), drawn.w0.sum())
    seconds = interleaved(calls, setting.turns)
    for name, peer in product(OURS, calls):
        if name not in calls or peer in OURS or (peer == READ and d < WIDE):
            continue
        yield Row(
            "a", f"{CASE}, {name}", "linear", d, TIMES, peer,
            Goal("ratio", READS if peer == READ else RATIO),
            error=errors[name], peer_error=errors.get(peer),
            memory=memory[name], peer_memory=memory.get(peer),
        ).timed(seconds[name], seconds[peer])  # fmt: skip


def _ask(flow: GradientFlow, times: Floats) -> Curve:
    return Curve(**flow.curves(("loss", "alignment"), times))


def _errors(found: dict[str, Curve], drawn: Drawn, times: Floats) -> dict[str, float]:
    """Largest error of the loss, relative to itself at each time, and of the alignment."""
    places = np.arange(EVERY - 1, times.size, EVERY)
    exact = [_exact(drawn, times[places])]
    return {
        name: max(
            float(np.abs(np.asarray(one)[places] / true - 1).max())
            for curve in exact
            for one, true in zip(values, curve, strict=True)
        )
        for name, values in found.items()
    }


def _exact(drawn: Drawn, times: Floats) -> Curve:
    """The formula with sums in extended precision and all else to `DIGITS` digits."""
    u, w = (z.astype(np.longdouble) for z in (drawn.u0, drawn.w0))
    with mpmath.workdps(DIGITS):
        uu, ww, uw = (_mpf(np.sum(a * b)) for a, b in ((u, u), (w, w), (u, w)))
        rest = mpmath.mpf(drawn.x), mpmath.mpf(drawn.y), tuple(map(mpmath.mpf, drawn.rates))
        curves = [
            formula.of_sums(uu, ww, uw, u.size, *rest, mpmath.mpf(float(t)), mpmath) for t in times
        ]
        return Curve(*(np.array([float(z) for z in z]) for z in zip(*curves, strict=True)))


def _mpf(value: np.longdouble) -> Any:
    high = float(value)
    return mpmath.mpf(high) + mpmath.mpf(float(value - np.longdouble(high)))


CELL = Cell(
    "a", "linear, loss and alignment at 1000 times",
    f"Construction included, up to {SPAN} time scales, one input. Beside it the paper's formula typed by "
    "hand, its sums over the weights included, and one plain sum of the same weights. Both hold what "
    "they are given; so do we with copy=False, and take a copy of the weights without. The error is the "
    "largest of loss and alignment, each relative to itself at its time, against the formula to "
    f"{DIGITS} digits from sums in extended precision.",
    measure,
    "the formula typed by hand checks nothing and sums in plain float64, which the peer's error shows. "
    "Of few weights the machine code is a third of our time; the rest is one Python object with its "
    "checks. From 100 000 weights on the copy alone is longer than the formula; held, the sums are "
    "compensated, one read of the weights with four times the arithmetic of a plain sum.",
)  # fmt: skip
