"""Where weights come to rest: from one time to its double, until they move no more."""

from __future__ import annotations

import math
from time import monotonic

from numeric.methods.march.integration import STEPS, Integration
from numeric.methods.trajectory import length

SETTLED = 1e-9  # of the weights, that they move while the time doubles where they are at rest
OFTEN, LONG = (
    3,
    64.0,
)  # how often in a row, and from when on, in units of the fastest rate at the start
DOUBLINGS = 40  # after which it is not followed further


def followed(
    run: Integration, rate: float, until: float = math.inf, each: int = STEPS
) -> tuple[float, bool]:
    """When weights have come to rest, and whether they have: else the latest time reached.

    Follows them from one time to its double until they move no more, three times in a row.

    Args:
        run: the integration.
        rate: of the fastest change at the start.
        until: what the clock (`time.monotonic`) may say.
        each: steps that a doubling may take. Late, where little moves, one takes a hundred or two, until
            roundings of velocities add up to more than the tolerance: then steps grow no more with time.

    Raises:
        TimeoutError: where the clock comes to `until` before.
    """
    time, still = LONG / (rate or 1.0), 0
    for _ in range(DOUBLINGS):
        if not run.can_reach(2 * time, until, run.steps + each):
            if monotonic() > until:
                raise TimeoutError
            return min(time, run.reached), False
        moved = length(run.at(2 * time) - run.at(time))
        still = still + 1 if moved <= SETTLED * length(run.at(time)) else 0
        time *= 2
        if still == OFTEN:
            return time, True
    return time, False
