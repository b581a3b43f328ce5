"""Null spaces over ℚ: against elimination by SymPy, and where a prime is no help."""

from __future__ import annotations

import sympy
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic.laws.rank import independent
from symbolic.proof.null_space import PRIME, null_space, peeled, rank_modulo

NUMBERS = st.sampled_from((0, 0, 0, 1, -1, 2, fmpq(1, 3), PRIME, 2 * PRIME, fmpq(1, PRIME)))


def as_matrix(rows, columns):
    entries = [[row.get(j, fmpq(0)) for j in range(columns)] for row in rows]
    return sympy.Matrix([[sympy.Rational(int(c.p), int(c.q)) for c in row] for row in entries])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(1, 4), st.data())
def test_it_is_that_of_sympy(columns, data):
    """With numbers that vanish modulo the prime, and such that have no value there."""
    entries = data.draw(
        st.lists(st.lists(NUMBERS, min_size=columns, max_size=columns), min_size=1, max_size=9)
    )
    rows = [{j: fmpq(c) for j, c in enumerate(row) if c != 0} for row in entries]
    found = null_space(rows, columns)
    matrix = as_matrix(rows, columns)
    assert len(found) == columns - matrix.rank()
    for vector in found:
        assert all(sum((row[j] * vector[j] for j in row), fmpq(0)) == 0 for row in rows)


def test_rows_that_a_prime_loses_are_found():
    """Three rows of which the second and third are multiples of the prime."""
    rows = [{0: fmpq(1), 1: fmpq(1)}, {1: fmpq(PRIME)}, {1: fmpq(PRIME), 0: fmpq(1)}]
    assert null_space(rows, 2) == []


def test_a_law_with_a_prime_below_it_is_counted():
    assert independent([{(0, 0): fmpq(1, PRIME), (1, 1): fmpq(1)}, {(1, 1): fmpq(1)}], (), 2) == 2
    half = {(0, 0): fmpq(1, 2), (1, 1): fmpq(1)}
    assert independent([half, {factors: 2 * c for factors, c in half.items()}], (), 2) == 1


def test_a_rank_modulo_a_prime_sees_fractions():
    half, third = fmpq(1, 2), fmpq(1, 3)
    one, other = {0: half, 1: fmpq(1)}, {1: third, 2: fmpq(1)}
    both = {0: half, 1: 1 + third, 2: fmpq(1)}
    assert rank_modulo([one, other, both], 3) == 2
    assert rank_modulo([one, {j: 3 * c for j, c in one.items()}], 3) == 1
    assert rank_modulo([], 3) == 0


def test_only_what_single_entries_make_zero_is_peeled():
    """One coordinate goes, which leaves a row of one and one of two: only the former takes another."""
    rows = [
        {0: fmpq(2)}, {0: fmpq(1), 1: fmpq(3)}, {1: fmpq(1), 2: fmpq(1), 3: fmpq(-1)},
    ]  # fmt: skip
    assert peeled(rows, 4) == ([{0: fmpq(1), 1: fmpq(-1)}], [2, 3])
    assert null_space(rows, 4) == [[fmpq(0), fmpq(0), fmpq(1), fmpq(1)]]
    assert rank_modulo(rows, 4) == 3
    assert null_space([{0: fmpq(0), 1: fmpq(1)}], 2) == [[fmpq(1), fmpq(0)]]
