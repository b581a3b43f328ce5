"""Machine code that frees the GIL, on both cores: a range is cut where there is enough to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

ENOUGH = 1 << 19  # numbers below which one core is done before another has begun
ALIGNED = 64
Found = TypeVar("Found")


def over(
    work: Callable[[slice], Found], size: int, numbers: int, aligned: int = ALIGNED
) -> list[Found]:
    """What work makes of parts of a range, in order.

    Args:
        work: of a part.
        size: of the range.
        numbers: that are worked on in all.
        aligned: of which parts start at multiples.
    """
    parts = min(cores(), max(1, numbers // ENOUGH))
    if parts == 1:
        return [work(slice(0, size))]
    step = -(-size // parts // aligned) * aligned
    slices = [slice(start, min(start + step, size)) for start in range(0, size, step)]
    return list(_pool().map(work, slices))


@cache
def cores() -> int:
    """Processors that this process may use, or as many as NUMBA_NUM_THREADS says."""
    asked = os.environ.get("NUMBA_NUM_THREADS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="exactflow")


if hasattr(os, "register_at_fork"):  # a fork has no threads: it starts its own
    os.register_at_fork(after_in_child=_pool.cache_clear)
