"""(e) Every network whose time is warped, against integrators at equal error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from numeric import catalogue
from verify.measurements.bench.cells import precision
from verify.measurements.bench.equal_error import error_between, tolerance
from verify.measurements.bench.peers import equations, integrators
from verify.measurements.bench.peers.integrator import Integrator, Run
from verify.measurements.bench.peers.reference import reference
from verify.measurements.bench.problems import Drawn, Floats, constructed, draw, times_of
from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import Deadline, TooSlowError, Turns, interleaved

WIDTHS, COUNTS = (1, 10, 100, 1000, 10**4, 10**5), (1, 50, 1000)
QUICK_NETWORKS, QUICK_WIDTHS, QUICK_COUNTS = ("cubic", "tanh", "relu"), (1, 10, 1000), (50,)
EXACT = 50  # times of the reference: the last one, or every 20th of 1000
PATIENCE = 10.0  # seconds that the better reference may take
NAMED = ("power5",)  # of the open power
GOAL = Goal("ratio", 1.0, at_equal_error=True)
Slow = set[tuple[str, str, int]]  # network, peer and number of times of what was cut off


@dataclass(frozen=True)
class _Task:
    """A network at some times, and how good ours is there.

    Attributes:
        drawn, times: what is solved.
        exact: outputs of the reference.
        error: ours.
    """

    drawn: Drawn
    times: Floats
    exact: Floats
    error: float

    def equal(self, peer: Integrator, limit: float) -> tuple[Run, float, float]:
        """A peer at the tolerance of equal error: its run, tolerance and error.

        Raises:
            TooSlowError: when a run takes longer than the limit.
            ArithmeticError: when it gives up.
        """
        runs, deadline = dict[float, Run](), Deadline(limit)

        def error_at(rtol: float) -> float:
            runs[rtol] = peer.prepare(self.drawn, self.times, rtol, deadline)
            with deadline.running():
                return error_between(runs[rtol](), self.exact)

        rtol, found = tolerance(error_at, peer.tightest, self.error)
        return runs[rtol], rtol, found


def networks(setting: Setting) -> list[str]:
    """All that the catalogue has, but for those in closed form."""
    if setting.quick:
        return list(QUICK_NETWORKS)
    named = (*catalogue.names(), *NAMED)
    return [z for z in named if "state" not in catalogue.load(z).module.CAPABILITIES]


def measure(setting: Setting) -> Found:
    """Rows for each network, width, number of times and peer."""
    slow = Slow()
    for network in networks(setting):
        if equations.activation(network) is None:
            yield Row("e", "its equation is not written for integrators", network, goal=GOAL)
            continue
        for d in setting.sizes(WIDTHS, QUICK_WIDTHS):
            setting.say(f"e: {network}, d = {d}")
            drawn = draw(network, d, setting.seed)
            try:
                with np.errstate(all="ignore"):  # what overflows on its way is none of ours
                    found = list(_width(drawn, setting, slow))
            except ArithmeticError as failure:
                found = [
                    Row("e", "construction and loss", network, d, goal=GOAL, note=str(failure))
                ]
            yield from found


def _width(drawn: Drawn, setting: Setting, slow: Slow) -> Found:
    exact, name = reference(drawn, times_of(drawn, EXACT), PATIENCE)
    peers = integrators.asked(setting.peers)
    for number in QUICK_COUNTS if setting.quick else COUNTS:
        times = times_of(drawn, number)
        ours = error_between(np.asarray(drawn.flow().output(times)), exact)
        asked = [peer for peer in peers if number in peer.counts]
        yield from _rows(_Task(drawn, times, exact, ours), asked, name, setting, slow)
    yield from precision.points(drawn, times_of(drawn, EXACT), exact, peers, setting)


def _rows(
    task: _Task, peers: Sequence[Integrator], name: str, setting: Setting, slow: Slow
) -> Found:
    """A row for each peer, all timed in the same turns."""
    d, number = task.drawn.u0.size, task.times.size
    base = Row("e", "construction and loss", task.drawn.network, d, number, goal=GOAL)
    base = replace(base, error=task.error, note=name)
    calls: dict[str, Callable[[], object]] = {
        "ours": constructed(task.drawn, lambda flow: flow.loss(task.times))
    }
    rows = dict[str, Row]()
    for peer in peers:
        key = task.drawn.network, peer.name, number
        row = replace(base, peer=peer.name)
        if d > peer.widest:
            rows[peer.name] = replace(row, note=f"left out: {peer.why}")
            continue
        try:
            if key in slow:
                raise TooSlowError
            calls[peer.name], rtol, found = task.equal(peer, setting.limit)
            rows[peer.name] = replace(row, peer_error=found, setting=f"rtol {rtol:.0e}")
        except TooSlowError:
            slow.add(key)
            rows[peer.name] = replace(row, slower_than=True, note="cut off")
        except ArithmeticError as failure:
            rows[peer.name] = replace(row, note=str(failure))
    seconds = interleaved(calls, _turns(setting))
    for peer_name, row in rows.items():
        if row.slower_than:
            yield row.timed(seconds["ours"], [setting.limit])
        else:
            yield row.timed(seconds["ours"], seconds[peer_name]) if peer_name in calls else row


def _turns(setting: Setting) -> Turns:
    """Fewer than elsewhere, since there are so many rows."""
    return Turns(3, 0.5) if setting.quick else Turns(5, 1.0)


CELL = Cell(
    "e", "every warped network, 1 to 100 000 neurons, 1 to 1000 times",
    "Ours is the construction and the loss at all times. Peers integrate the same 2 d weights, one input "
    "a neuron, at the tolerance whose error is next above a third of ours, or their tightest. What is "
    "compiled for a problem, or made ready for it, is not counted. Errors are the largest of the output, "
    "in units of its largest, against extrapolation in extended precision, or a tight run of DOP853 "
    "where that takes too long, whose own error both columns then include.",
    measure,
    "all of it is heyoka, up to 10 neurons. It is compiled for its problem and called without a check, "
    "some 20 μs at one neuron; ours is a new object each time, whose checks and calls in Python take "
    "longer than its machine code (16 of 50 μs of one tanh neuron, by a profile).",
)  # fmt: skip
