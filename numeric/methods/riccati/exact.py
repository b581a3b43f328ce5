"""A Riccati flow at one time in mpmath numbers, and numbers made of it to any number of digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mpmath

from numeric.methods.riccati.constants import Constants
from numeric.methods.riccati.moving import Entries, Moved
from numeric.methods.riccati.remaining import end_state, lacking, limit, remaining, settled
from numeric.methods.riccati.turning import end
from numeric.namespaces import Mpmath

BITS_OF_A_DIGIT = 3.33
GUARD = 32  # bits beyond those that are printed
SPARE = 128  # bits beyond those wanted, to begin with
DOUBLINGS = 4


class Exact:
    """A flow at one time.

    Args:
        constants: in mpmath numbers.
        t: t ≥ 0.
        context: of the numbers.
        start: Q₀, which is what the flow is at t = 0, to the last digit.
    """

    def __init__(self, constants: Constants, t: Any, context: Any, start: Entries) -> None:
        self.context, self._t, self._constants, self._start = context, t, constants, start
        self._moved = Moved(constants, t, Mpmath(context))

    def square(self) -> Entries:
        """QQᵀ."""
        if not self._t:
            return [[self.context.fdot(a, b) for b in self._start] for a in self._start]
        return self._moved.square()

    def remaining(self) -> Entries:
        """QQᵀ − lim QQᵀ."""
        return remaining(self._moved, settled(self._constants, self._t), self._t)

    def limit(self) -> Entries:
        """The limit of QQᵀ."""
        return limit(self._constants)

    def lacking(self) -> Entries:
        """What the limit lacks of the largest that any start has."""
        return lacking(self._constants)

    def state(self) -> list[Any]:
        """Q of one hidden unit."""
        if not self._t:
            return [row[0] for row in self._start]
        rows = self._moved.factor
        return rows[0] if rows else [self.context.zero] * len(self._constants.exponents)

    def limit_state(self) -> list[Any]:
        """The limit of Q of one hidden unit."""
        return end_state(self._constants, Mpmath(self.context))

    def weights(self) -> Entries:
        """Q of hidden units that do not turn, r × h."""
        if not self._t:
            return self._start
        c, rows = self._constants, self._moved.factor
        turn = c.turn if len(c.turn) > 1 else [[1]]  # the factor of one unit has its sign
        columns = list(zip(*rows, strict=True)) or [()] * len(c.exponents)
        return [[self.context.fdot(column, row) if column else self.context.zero for row in turn]
                for column in columns]  # fmt: skip

    def limit_weights(self) -> Entries:
        """The limit of the same."""
        return end(self._constants, self.context.sqrt)


def digits_of(evaluate: Callable[[int], Any], digits: int) -> Any:
    """A nest of dictionaries and lists of numbers, each as a string of digits.

    None and text stay as they are, NaN becomes None.
    """
    shape: list[Any] = []

    def numbers(bits: int) -> list[Any]:
        shape[:] = [evaluate(bits)]
        return [z for z in _leaves(shape[0]) if not _is_kept(z)]

    texts = iter(to_digits(numbers, digits))
    return _filled(shape[0], texts)


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
    before, found = evaluate(bits), evaluate(2 * bits)
    for power in range(2, DOUBLINGS + 1):
        if all(_agree(a, b, digits) for a, b in zip(before, found, strict=True)):
            break
        before, found = found, evaluate(2**power * bits)
    return [
        _text(value, digits) if _agree(first, value, digits) else _nearly_zero(first, value)
        for first, value in zip(before, found, strict=True)
    ]


def _agree(first: Any, second: Any, digits: int) -> bool:
    context = second.context
    return abs(context.mpf(first) - second) <= abs(second) * context.mpf(10) ** (-digits - 3)


def _text(value: Any, digits: int) -> str:
    if value == 0:
        return "0"
    mantissa, e, exponent = _shown(value, digits).partition("e")
    return f"{mantissa.removesuffix('.0')}{e}{exponent}"


def _nearly_zero(first: Any, second: Any) -> str:
    context = second.context
    return f"[+/- {_shown(max(abs(context.mpf(first)), abs(second)), 3)}]"


def _shown(value: Any, digits: int) -> str:
    """A number's first digits: it is rounded before, as mpmath writes all of a tiny one's out."""
    context = mpmath.MPContext()
    context.prec = int(BITS_OF_A_DIGIT * digits) + GUARD
    return str(context.nstr(context.mpf(value), digits))


def _is_kept(value: Any) -> bool:
    """Whether it is no number: None, NaN, which alone differs from itself, or text."""
    return value is None or isinstance(value, str) or value != value


def _leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict | list | tuple):
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _leaves(branch)
    else:
        yield tree


def _filled(tree: Any, texts: Iterator[str]) -> Any:
    if isinstance(tree, dict):
        return {name: _filled(branch, texts) for name, branch in tree.items()}
    if isinstance(tree, list | tuple):
        return [_filled(branch, texts) for branch in tree]
    if _is_kept(tree):
        return tree if isinstance(tree, str) else None
    return next(texts)
