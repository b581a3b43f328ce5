"""Witnesses: exact values within the assumptions of their symbols, and within what is given."""

import random

import pytest
import sympy
from sympy import Rational

from symbolic.proof.equality import Refuted, Undecided, prove_zero
from symbolic.proof.witness import candidates, find_witness

x = sympy.Symbol("x", real=True)


def test_a_witness_is_looked_for_only_among_numbers():
    assert find_witness(sympy.Symbol("A", commutative=False) + x) is None


@pytest.mark.parametrize(
    "sign", ["positive", "nonnegative", "negative", "nonpositive", "nonzero", "integer", "real"]
)
def test_candidates_satisfy_the_assumption(sign):
    symbol = sympy.Symbol("q", **{"real": True, sign: True})
    values = list(candidates(symbol, random.Random(1)))
    assert len(values) >= 2
    assert all(getattr(value, f"is_{sign}") for value in values)


def test_candidates_reach_zero_and_both_signs_where_they_may():
    values = list(candidates(x, random.Random(1)))
    assert 0 in values
    assert min(values) < 0 < max(values)


@pytest.mark.parametrize("wrap", [list, tuple, iter])
def test_a_witness_satisfies_every_condition_given(wrap):
    assert isinstance(prove_zero(abs(x) - x), Refuted)
    assert isinstance(prove_zero(abs(x) - x, given=wrap([x >= 0])), Undecided)
    witness = find_witness(abs(x) + x, given=wrap([x > 1])).witness["x"]
    assert Rational(witness) > 1
