"""The rule of equal error: a peer gets the tolerance at which it is about as good as ours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from verify.measurements.bench.problems import Floats
from verify.measurements.bench.record import EQUAL, ROUNDING

TOLERANCES = tuple(10.0 ** (-k / 2) for k in range(32, 5, -1))  # 1e-16 … 1e-3


def error(found: Floats, exact: Floats) -> float:
    """The largest error, in units of the largest value; infinite for what is no number."""
    worst = float(np.abs(found - exact).max() / np.abs(exact).max())
    return worst if worst < np.inf else float("inf")


def error_between(found: Floats, exact: Floats) -> float:
    """The same where one is known at equally spaced times of the other, the last among them."""
    sizes = min(found.size, exact.size), max(found.size, exact.size)
    every = sizes[1] // sizes[0]
    one, other = (z if z.size == sizes[0] else z[every - 1 :: every] for z in (found, exact))
    return error(one, other)


def tolerance(
    error_at: Callable[[float], float], tightest: float, goal: float
) -> tuple[float, float]:
    """The tightest tolerance whose error is not below ours over `EQUAL`, and that error.

    No peer is made to compute digits that ours does not have; one that never comes close has its
    tightest tolerance.

    Args:
        error_at: error of a run at a tolerance.
        tightest: tolerance that the peer accepts.
        goal: our error; below `ROUNDING` it counts as that.
    """
    rtol, found = tightest, 0.0
    for rtol in (value for value in TOLERANCES if value >= 0.99 * tightest):
        found = error_at(rtol)
        if found >= max(goal, ROUNDING) / EQUAL:
            break
    return rtol, found
