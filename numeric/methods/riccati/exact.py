"""A Riccati flow at one time in mpmath numbers, and numbers made of it to any number of digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numeric.methods.riccati.constants import Constants
from numeric.methods.riccati.moving import Entries, Moved
from numeric.methods.riccati.remaining import end_state, limit, remaining, settled
from numeric.namespaces import Mpmath

BITS_OF_A_DIGIT = 3.33
SPARE = 128  # bits beyond those wanted, to begin with
DOUBLINGS = 5


class Exact:
    """A flow at one time.

    Args:
        constants: in mpmath numbers.
        t: t ≥ 0.
        context: of the numbers.
    """

    def __init__(self, constants: Constants, t: Any, context: Any) -> None:
        self.context, self._t, self._constants = context, t, constants
        self._moved = Moved(constants, t, Mpmath(context))

    def square(self) -> Entries:
        """QQᵀ."""
        return self._moved.square()

    def remaining(self) -> Entries:
        """QQᵀ − lim QQᵀ."""
        return remaining(self._moved, settled(self._constants, self._t), self._t)

    def limit(self) -> Entries:
        """The limit of QQᵀ."""
        return limit(self._constants)

    def state(self) -> list[Any]:
        """Q of one hidden unit."""
        rows = self._moved.factor
        return rows[0] if rows else [self.context.zero] * len(self._constants.exponents)

    def limit_state(self) -> list[Any]:
        """The limit of Q of one hidden unit."""
        return end_state(self._constants, Mpmath(self.context))


def to_digits(evaluate: Callable[[int], list[Any]], digits: int) -> list[str]:
    """Numbers as strings of so many digits, those on which two precisions agree.

    Args:
        evaluate: the mpmath numbers, computed in so many bits.
        digits: wanted of each number.

    The precision is doubled until every number agrees with its value at half of it, to a guard of three
    digits beyond those wanted. What does not at last is a zero that nobody proved: it is shown as
    [+/- its size].
    """
    bits = int(BITS_OF_A_DIGIT * digits) + SPARE
    before = evaluate(bits)
    for _ in range(DOUBLINGS):
        bits *= 2
        found = evaluate(bits)
        if all(_agree(a, b, digits) for a, b in zip(before, found, strict=True)):
            break
        before = found
    return [
        _text(value, digits) if _agree(first, value, digits) else _nearly_zero(first, value)
        for first, value in zip(before, found, strict=True)
    ]


def _agree(first: Any, second: Any, digits: int) -> bool:
    context = second.context
    return abs(context.mpf(first) - second) <= abs(second) * context.mpf(10) ** (-digits - 3)


def _text(value: Any, digits: int) -> str:
    return "0" if value == 0 else str(value.context.nstr(value, digits))


def _nearly_zero(first: Any, second: Any) -> str:
    context = second.context
    return f"[+/- {context.nstr(max(abs(context.mpf(first)), abs(second)), 3)}]"
