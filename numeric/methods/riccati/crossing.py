"""The first time t > 0 at which a sum of exponentials with different rates is 0.

A sum of two has at most one zero, in closed form. Of three, divided by its slowest, the derivative is a
sum of two: between its zero, 0 and ∞ the sum is monotone, so there are two zeros at most, each in a
bracket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numeric.errors import InputError

Terms = Sequence[tuple[Any, Any]]
"""Rates and factors that are not 0, rates decreasing."""
TOUCHES = "a value that touches 0, or nearly"


def first_zero(terms: Terms, mp: Any) -> Any:
    """The first zero after t = 0, at which the sum is not 0; None where there is none.

    Args:
        terms: at most three.
        mp: context of the numbers.

    Raises:
        InputError: for more terms, and where the sum touches 0 but for the precision.
    """
    if len(terms) < 2:
        return None
    if len(terms) == 2:
        return _of_two(terms, mp)
    if len(terms) > 3:
        raise InputError("a sum of exponentials", f"{len(terms)} terms", "three at most")
    return _of_three(terms, mp)


def _of_two(terms: Terms, mp: Any) -> Any:
    (high, more), (low, less) = terms
    # more e^{high t} + less e^{low t} = 0, where their sum is that of the start.
    ratio = -(more + less) / more
    return mp.log1p(ratio) / (high - low) if ratio > 0 else None


def _of_three(terms: Terms, mp: Any) -> Any:
    slowest = terms[-1][0]
    turning = _turning([(f - slowest, c * (f - slowest)) for f, c in terms[:-1]], mp)
    start, end = _sign(terms, mp.zero, mp), 1 if terms[0][1] > 0 else -1
    if turning is not None:
        middle = _sign(terms, turning, mp)
        if middle == 0:
            raise InputError("a crossing of 0", TOUCHES, "a start that is not on the edge of one")
        if middle != start:
            return _between(terms, mp.zero, turning, mp)
        if end != middle:
            return _beyond(terms, turning, mp)
        return None
    return _beyond(terms, mp.zero, mp) if end != start else None


def _turning(terms: Terms, mp: Any) -> Any:
    """The zero t > 0 of a sum of two, by their ratio."""
    (high, more), (low, less) = terms
    ratio = -less / more
    return mp.log(ratio) / (high - low) if ratio > 1 else None


def _scaled(terms: Terms, t: Any, mp: Any) -> Any:
    """The sum over its fastest exponential."""
    return mp.fsum(c * mp.exp((f - terms[0][0]) * t) for f, c in terms)


def _sign(terms: Terms, t: Any, mp: Any) -> int:
    value = _scaled(terms, t, mp)
    size = mp.fsum(abs(c) * mp.exp((f - terms[0][0]) * t) for f, c in terms)
    if abs(value) <= mp.ldexp(size, 8 - mp.prec):
        return 0
    return 1 if value > 0 else -1


def _beyond(terms: Terms, low: Any, mp: Any) -> Any:
    """The zero after a time, from which the sum is monotone but for a factor."""
    step = 1 / (terms[0][0] - terms[-1][0])
    begin = _sign(terms, low, mp)
    high = low + step
    while _sign(terms, high, mp) in (begin, 0):
        low, step = (high, 2 * step) if _sign(terms, high, mp) == begin else (low, 2 * step)
        high = high + step
    return _between(terms, low, high, mp)


def _between(terms: Terms, low: Any, high: Any, mp: Any) -> Any:
    """The only zero of an interval: halved to a few bits, then by Newton's method inside of it."""
    sign = _scaled(terms, low, mp) > 0
    t = (low + high) / 2
    for _ in range(4 * mp.prec):
        value = _scaled(terms, t, mp)
        low, high = (t, high) if (value > 0) == sign else (low, t)
        slope = mp.fsum(c * (f - terms[0][0]) * mp.exp((f - terms[0][0]) * t) for f, c in terms)
        near = t - value / slope if slope else low
        before, t = t, near if low < near < high else (low + high) / 2
        if abs(t - before) <= mp.ldexp(abs(t), 4 - mp.prec):
            break
    return t
