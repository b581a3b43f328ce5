"""Rational vectors of length one and reflections, with which starts are exactly on a leaf."""

from __future__ import annotations

import math
from fractions import Fraction

from verify.oracle.named.problem import Matrix, Vector

F = Fraction
TUPLES: tuple[Vector, ...] = (
    [F(1)],
    [F(3, 5), F(4, 5)],
    [F(2, 7), F(-3, 7), F(6, 7)],
    [F(1, 5), F(2, 5), F(-2, 5), F(4, 5)],
)  # by dimension
ROOTS = (F(1), F(1, 2), F(3, 2), F(2))  # of rates and moments
PRECISE = 10**30  # of roots that are no fraction


def root(value: Fraction) -> Fraction:
    """To 30 decimals, exact where it is a fraction of small numbers."""
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return F(top, bottom)
    return F(math.isqrt(value.numerator * PRECISE**2 // value.denominator), PRECISE)


def rotated(direction: Vector) -> Vector:
    """Another unit vector: the coordinates turned round by one, every second sign changed."""
    turned = [*direction[1:], direction[0]]
    return [z if k % 2 else -z for k, z in enumerate(turned)]


def reflection(unit: Vector) -> Matrix:
    """1 − 2 u uᵀ."""
    size = range(len(unit))
    return [[F(int(i == j)) - 2 * unit[i] * unit[j] for j in size] for i in size]
