"""Error against time: integrators tolerance by tolerance, for the picture of cell (e)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from verify.measurements.bench.equal_error import error_between
from verify.measurements.bench.peers.integrator import Integrator
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.record import Point
from verify.measurements.bench.setting import Setting
from verify.measurements.bench.timing import Deadline, Spread, TooSlowError, Turns, interleaved

NETWORKS, WIDTHS, QUICK = ("cubic", "tanh", "relu"), (1000,), (10,)
TOLERANCES = (1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13, 1e-15)
TURNS = Turns(3, 1.0)


def points(
    drawn: Drawn, times: Floats, exact: Floats, peers: Sequence[Integrator], setting: Setting
) -> Iterator[Point]:
    """Of ours one, of each peer one for each tolerance up to one that is too slow.

    Args:
        drawn: the network.
        times: at which it is solved.
        exact: outputs at the times.
        peers: which.
        setting: of the run.
    """
    d = drawn.u0.size
    if drawn.network not in NETWORKS or d not in (QUICK if setting.quick else WIDTHS):
        return
    seconds = interleaved({"ours": lambda: drawn.flow().loss(times)}, TURNS)["ours"]
    ours = error_between(np.asarray(drawn.flow().output(times)), exact)
    yield Point(drawn.network, d, "ours", "", Spread.of(seconds).median, ours)
    for peer in (peer for peer in peers if d <= peer.widest):
        for rtol in (z for z in TOLERANCES if z >= 0.99 * peer.tightest):
            deadline = Deadline(setting.limit)
            try:
                run = peer.prepare(drawn, times, rtol, deadline)
                with deadline.running():
                    found = run()
                    begun = time.perf_counter()
                    run()
                    last = time.perf_counter() - begun
            except (TooSlowError, ArithmeticError):
                break
            error = error_between(found, exact)
            yield Point(drawn.network, d, peer.name, f"rtol {rtol:.0e}", last, error)
