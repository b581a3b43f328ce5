"""Whole numbers modulo a prime: inverses, roots, and numbers that are drawn by a key."""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from typing import Any

from numpy import int64
from numpy.typing import NDArray

P = 67108859  # the largest prime below 2²⁶: sums of 2¹¹ products fit 63 bits
Whole = NDArray[int64]


class NoRootError(ArithmeticError):
    """A number has no square root, or no inverse, modulo the prime: another point is drawn.

    Args:
        found: how many roots there were before.
    """

    def __init__(self, found: int = 0) -> None:
        super().__init__(f"no root or inverse after {found} roots")
        self.found = found


def inverse(value: int) -> int:
    """1/a modulo the prime.

    Raises:
        NoRootError: of 0.
    """
    if value % P == 0:
        raise NoRootError
    return pow(int(value), P - 2, P)


def whole(value: Any) -> int:
    """A number of a declaration modulo the prime."""
    exact = Fraction(value)
    return exact.numerator % P * inverse(exact.denominator) % P


def root(value: int) -> int:
    """A square root modulo the prime, of a square."""
    return pow(int(value), (P + 1) // 4, P)


def is_square(value: int) -> bool:
    """Whether a number has a root modulo the prime."""
    return root(value) ** 2 % P == value


assert P % 4 == 3  # roots are powers


def drawn(*key: Any) -> int:
    """A number that belongs to a key."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest(), "big") % (P - 1) + 1
