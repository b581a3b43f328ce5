"""How much memory a call takes at its height, beyond what there was before it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable


def peak(call: Callable[[], object]) -> int:
    """Bytes, what it returns included, of Python's objects and numpy's arrays.

    In one process, and exact: the system's own figure never falls, and would be that of the largest
    call before. What compiled code takes by itself is not seen.
    """
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
