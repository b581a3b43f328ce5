"""Sums of symbolic length keep their value at every explicit length."""

import pytest
import sympy
from sympy import KroneckerDelta, Sum

from symbolic.proof.sums import expand_sums, instantiate, replace_sums

d, d0 = sympy.symbols("d d0", integer=True, positive=True)
i, j, k, l = sympy.symbols("i j k l", integer=True, positive=True)
c = sympy.Symbol("c")
A, B, M = sympy.IndexedBase("A"), sympy.IndexedBase("B"), sympy.IndexedBase("M")
NUMBERS = {
    **{A[n]: n**2 + 1 for n in range(1, 5)},
    **{B[n]: 3 - 2 * n for n in range(1, 5)},
    **{M[n, m]: 5 * n - m**2 for n in range(1, 5) for m in range(1, 5)},
    c: sympy.Rational(2, 3),
    k: 2,
    l: 3,
}
a, b = [2, 5, 10], [1, -1, -3]  # A and B of length 3
m = [[4, 1, -4, -11], [9, 6, 1, -6], [14, 11, 6, -1]]  # M of size 3 by 4

CASES = {
    "terms": (Sum(A[i] + B[i], (i, 1, d)), sum(a) + sum(b)),
    "square": (Sum((A[i] + c * B[i]) ** 2, (i, 1, d)),
               sum((p + sympy.Rational(2, 3) * q) ** 2 for p, q in zip(a, b, strict=True))),
    "constant": (Sum(c, (i, 1, d)), 2),
    "shifted range": (Sum(c, (i, 2, d)), sympy.Rational(4, 3)),
    "delta": (Sum(KroneckerDelta(i, k) * A[i], (i, 1, d)), 5),
    "delta alone": (Sum(KroneckerDelta(i, k), (i, 1, d)), 1),
    "squared delta": (Sum(KroneckerDelta(i, k) ** 2 * A[i], (i, 1, d)), 5),
    "two deltas": (Sum(KroneckerDelta(i, k) * KroneckerDelta(i, l) * A[i], (i, 1, d)), 0),
    "nested": (Sum(A[i] * Sum(M[i, j], (j, 1, d0)), (i, 1, d)),
               sum(p * sum(row) for p, row in zip(a, m, strict=True))),
    "nested deltas": (
        Sum(Sum(KroneckerDelta(i, k) * KroneckerDelta(j, l) * M[i, j], (j, 1, d0)), (i, 1, d)), 1),
    "delta beside a sum over the same index": (
        Sum(KroneckerDelta(i, k) * Sum(A[i], (i, 1, d)) * B[i], (i, 1, d)), -17),
    "product of sums": (Sum(A[i], (i, 1, d)) * Sum(B[i], (i, 1, d)), -51),
    "two limits": (Sum(A[i] * M[i, j], (j, 1, d0), (i, 1, d)),
                   sum(p * sum(row) for p, row in zip(a, m, strict=True))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_expansion_keeps_the_value(name):
    expression, expected = CASES[name]
    sizes = {d: 3, d0: 4}
    assert instantiate(expand_sums(expression).subs({k: 2, l: 3}), sizes).subs(NUMBERS) == expected


def test_sums_are_linear_with_index_free_factors_outside():
    expanded = expand_sums(Sum(c * A[i] + 2 * B[i], (i, 1, d)))
    assert expanded == c * Sum(A[i], (i, 1, d)) + 2 * Sum(B[i], (i, 1, d))


def test_a_sum_is_named_whatever_its_bound_index_is():
    names = {Sum(A[i] ** 2, (i, 1, d)): c}
    assert replace_sums(Sum(3 * A[j] ** 2 + 1, (j, 1, d)), names) == 3 * c + d


def test_a_sum_over_another_range_or_summand_keeps_no_name():
    names = {Sum(A[i] ** 2, (i, 1, d)): c}
    for other in (Sum(A[i] ** 2, (i, 1, d0)), Sum(A[i] ** 3, (i, 1, d)), Sum(A[i] ** 2, (i, 2, d))):
        assert replace_sums(other, names) == other


def test_instantiation_writes_every_term():
    assert instantiate(Sum(A[i] * B[i], (i, 1, d)), {d: 2}) == A[1] * B[1] + A[2] * B[2]
