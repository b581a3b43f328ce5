"""What is proved of every trajectory, checked of an answer before it is given.

The output lies between its start and its end and never crosses the target; the residual keeps its sign
and never grows; laws are constant (`symbolic.warp.equation`, `symbolic.laws.conservation`). Each function
takes arrays of times and of values at these times, raises `InternalCheckError` at the first value that
violates what it is named after, and returns nothing. NaN violates everything.

A value may be off by `slack` times its size: more than rounding errors where digits cancel, far less
than what a wrong sign, factor or branch does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numeric.errors import InternalCheckError

SLACK = 1e-9
"""Relative. Scalars are stated to 1e-12; the rest is for inputs of which seven digits cancel."""


def between(
    name: str,
    times: ArrayLike,
    values: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    slack: float = SLACK,
) -> None:
    """Values lie between two others, up to slack times the larger of the two.

    Args:
        name: of the values, for the message.
        times: of the values.
        values: of the shape of the times.
        start: one bound.
        end: the other; it may be infinite.
        slack: relative.
    """
    one, two = _wide(start), _wide(end)
    low, high = np.minimum(one, two), np.maximum(one, two)
    room = slack * np.maximum(*(np.where(np.isfinite(z), np.abs(z), 0) for z in (one, two)))
    found = _wide(values)
    right = (found >= low - room) & (found <= high + room)
    _require(right, name, times, values, "not between {} and {}", one, two)


def keeps_sign(name: str, times: ArrayLike, values: ArrayLike, start: ArrayLike) -> None:
    """Values have the sign of the start, or are zero (underflow, or the end); without slack."""
    first, found = _wide(start), _wide(values)
    right = (found == 0) | (np.sign(found) == np.sign(first))
    _require(right, name, times, values, "not of the sign of {}, its start", first)


def never_grows(
    name: str, times: ArrayLike, values: ArrayLike, start: ArrayLike, slack: float = SLACK
) -> None:
    """|values| fall, or stay, from the start on and from each time to the next.

    Args:
        name: of the values, for the message.
        times: in any order.
        values: of the shape of the times.
        start: the value at t = 0.
        slack: relative to the value before.
    """
    moments, found = np.ravel(np.asarray(times)), np.abs(np.ravel(_wide(values)))
    order = np.argsort(moments, kind="stable")
    sizes = found[order]
    before = np.concatenate([np.ravel(np.abs(_wide(start)))[:1], sizes[:-1]])
    right = np.empty(order.size, dtype=bool)
    right[order] = sizes <= before * (1 + slack)
    _require(right, name, moments, np.ravel(np.asarray(values)), "larger than before")


def constant(
    name: str,
    times: ArrayLike,
    values: ArrayLike,
    start: ArrayLike,
    size: ArrayLike,
    slack: float = SLACK,
) -> None:
    """Values are what they were at the start, up to slack times the size of their terms."""
    first = _wide(start)
    right = np.abs(_wide(values) - first) <= slack * np.abs(_wide(size))
    _require(right, name, times, values, "not {}, though it is constant", first)


def _wide(values: ArrayLike) -> Any:
    return np.asarray(values, dtype=np.float64)


def _require(
    right: Any, name: str, times: ArrayLike, values: ArrayLike, violated: str, *bounds: Any
) -> None:
    """Raise for the first value that is not right, with the bounds that it has."""
    if np.all(right):
        return
    each = np.broadcast_arrays(right, np.asarray(times), np.asarray(values), *bounds)
    here, moments, found, *others = (np.ravel(z) for z in each)
    k = int(np.argmin(here))
    expected = violated.format(*(f"{float(z[k]):.6g}" for z in others))
    raise InternalCheckError(
        f"{name} = {float(found[k]):.6g} at t = {float(moments[k]):.6g} is {expected}"
    )
