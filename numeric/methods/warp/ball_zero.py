"""The zero of an increasing function, enclosed in a ball; balls that meet zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, ctx

from numeric.namespaces import UndecidedError

HALVINGS = 40  # until Newton converges


def zero(value: Callable[[arb], arb], slope: Callable[[arb], arb], low: arb, high: arb) -> arb:
    """A ball around the zero, by bisection and Newton steps; at its ends the value has either sign.

    Args:
        value: increasing; negative at `low` and positive at `high`.
        slope: its derivative.
        low: x on the one side of it, not negative.
        high: x on the other.

    Raises:
        UndecidedError: when this precision does not enclose it.
    """
    x = middle(low, high)
    for _ in range(HALVINGS):
        excess = value(x)
        if excess > 0:
            high = x
        elif excess < 0:
            low = x
        x = middle(low, high)
    for _ in range(ctx.prec):
        step = value(x) / slope(x)
        x = exact(x - step)
        if abs(step) < abs(x) * arb(2) ** (-ctx.prec // 2):
            return _widened(value, x)
    raise UndecidedError("a zero is not enclosed at this precision")


def _widened(value: Callable[[arb], arb], x: arb) -> arb:
    """As narrow as the value, which may cancel, tells."""
    bits = 16
    while bits < ctx.prec // 2:
        radius = arb(2) ** (bits - ctx.prec) * abs(x)
        if value(x - radius) < 0 < value(x + radius):
            return arb(x.mid(), radius.upper())
        bits += 16
    raise UndecidedError("a zero is not enclosed at this precision")


def exact(value: arb) -> arb:
    """The middle of a ball."""
    return arb(value.mid())


def off_zero(value: Any) -> Any:
    """A ball whose middle is 0 with another middle: arb's powers of such a ball are nan."""
    if isinstance(value, arb) and value.mid() == 0 and value.rad() > 0:
        radius = value.rad()
        return arb(radius.upper() / 4, (radius * 2).upper())
    return value


def root(square: arb) -> arb:
    """√z of a number z ≥ 0 whose ball may reach below."""
    return square.sqrt() if square >= 0 else arb(0).union(square.upper().sqrt())


def middle(low: arb, high: arb) -> arb:
    """Half way."""
    return exact((low + high) / 2)


__all__ = ["exact", "middle", "off_zero", "root", "zero"]
