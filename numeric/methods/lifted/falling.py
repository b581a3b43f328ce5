"""The time at which a loss that falls all the way has come to a value, to any precision.

The ratio of the loss and its value is searched in log t, by Ridders' method inside of a bracket, to half
of the bits that the loss is computed in.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.spectrum import fraction, number

Loss = Callable[[Fraction | None, int], Any]
WIDER = 8  # factor by which a bracket grows, squared each time
STEPS = 400  # of the search
NEAR = Fraction(1, 2**64)  # of a time found in few bits, by which it may be off
EARLIEST, LATEST = Fraction(1, 10**4000), Fraction(10**4000)


def time_to(loss: Loss, goal: Fraction, guess: Fraction, bits: int) -> Any:
    """The time t with loss(t) = goal, an mpmath number.

    Args:
        loss: at a time, None being t = ∞, in so many bits; it never grows.
        goal: the value.
        guess: t > 0, of the order of those at which the loss falls.
        bits: of the computation.

    Returns:
        0 at the loss of the start, NaN above it, ∞ where it is never reached: at the limit, up to a
        quarter of the bits, or below.
    """
    start, end = loss(Fraction(0), bits), loss(None, bits)
    mp = start.context
    aim = number(goal, mp)
    if abs(aim - start) <= mp.ldexp(start, -bits // 2):
        return mp.zero
    if aim > start:
        return mp.nan
    if aim - end <= mp.ldexp(aim, -bits // 4) or aim <= 0:
        return mp.inf

    def above(log_t: Any) -> Any:
        value = loss(fraction(mp.exp(log_t)), bits)
        return mp.log(value / aim) if value > 0 else -mp.mpf(bits)

    rough = time_to(loss, goal, guess, BITS) if bits > BITS else mp.inf
    if 0 < rough < mp.inf:
        low, high = (mp.log(number(fraction(rough) * (1 + z), mp)) for z in (-NEAR, NEAR))
        if above(low) > 0 > above(high):
            return mp.exp(_root(above, low, high, mp, bits))
    early, late = _bracket(lambda t: bool(loss(t, bits) > aim), guess)
    if late is None:
        return mp.inf
    low, high = (mp.log(number(z, mp)) for z in (early, late))
    return mp.exp(_root(above, low, high, mp, bits))


def _bracket(is_above: Callable[[Fraction], bool], guess: Fraction) -> tuple[Fraction, Any]:
    """Times before and after; the later one is None where there is none."""
    early = late = guess
    factor = Fraction(WIDER)
    while not is_above(early) and early > EARLIEST:
        early, late = early / factor, early
        factor *= factor
    factor = Fraction(WIDER)
    while is_above(late):
        if late > LATEST:
            return early, None
        early, late = late, late * factor
        factor *= factor
    return early, late


def _root(f: Callable[[Any], Any], low: Any, high: Any, mp: Any, bits: int) -> Any:
    """Ridders' method: f(low) > 0 > f(high)."""
    above, below = f(low), f(high)
    before, found = low, high
    for _ in range(STEPS):
        middle = (low + high) / 2
        value = f(middle)
        before, found = found, middle
        if value:
            found = middle + (middle - low) * value / mp.sqrt(value * value - above * below)
        last = f(found)
        for z, at in ((middle, value), (found, last)):
            if at > 0 and z > low:
                low, above = z, at
            elif at <= 0 and z < high:
                high, below = z, at
        if not last or abs(found - before) <= mp.ldexp(1, -bits // 2):
            break
    return found
