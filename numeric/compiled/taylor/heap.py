"""Places in a heap: the first one on top."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

from numeric.compiled.scalars import apart


@apart
def sink(at, who, count, k):
    """Let an entry sink to where all below it are later."""
    place, one = at[k], who[k]
    while 2 * k + 1 < count:
        below = 2 * k + 1
        if below + 1 < count and at[below + 1] < at[below]:
            below += 1
        if at[below] >= place:
            break
        at[k], who[k] = at[below], who[below]
        k = below
    at[k], who[k] = place, one


@apart
def heaped(at, who, count):
    """Make a heap of entries."""
    for k in range(count // 2 - 1, -1, -1):
        sink(at, who, count, k)


@apart
def replaced(at, who, count, later):
    """The heap with its top at a later place, without it where that is infinite; its size."""
    if math.isinf(later):
        count -= 1
        at[0], who[0] = at[count], who[count]
    else:
        at[0] = later
    if count > 0:
        sink(at, who, count, 0)
    return count
