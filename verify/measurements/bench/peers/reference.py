"""What errors are measured against: extrapolation in extended precision, else a tight integration."""

from __future__ import annotations

import math

from verify.measurements.bench.peers import dop853
from verify.measurements.bench.peers.extrapolation import extrapolated
from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline, TooSlowError

WIDEST = 20_000  # neurons, of which extrapolation takes too long
TIGHT = (3e-14, 1e-13, 1e-12)  # what DOP853 accepts; the tightest that comes to its end


def reference(drawn: Drawn, times: Floats, seconds: float) -> tuple[Floats, str]:
    """Outputs at increasing times, and what they are by.

    Args:
        drawn: the network.
        times: positive and increasing.
        seconds: after which extrapolation is given up for DOP853, whose error is about 1e-13.

    Raises:
        ArithmeticError: where neither comes to its end.
    """
    deadline = Deadline(seconds if drawn.u0.size <= WIDEST else 0.0)
    try:
        with deadline.running():
            return extrapolated(drawn, times, deadline), "extrapolation in extended precision"
    except (TooSlowError, ArithmeticError):
        pass
    for rtol in TIGHT:
        try:
            return dop853.prepare(drawn, times, rtol, Deadline(math.inf))(), f"DOP853 at {rtol:.0e}"
        except ArithmeticError:
            continue
    raise ArithmeticError("there is nothing to measure errors against")
