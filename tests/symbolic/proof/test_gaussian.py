"""Polynomials over ℚ(i) are those that SymPy expands."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I, Rational, Symbol, diff, expand

from symbolic.proof.gaussian import Gaussian

x, y = Symbol("x"), Symbol("y", positive=True)
RING = Gaussian(x, y)
NUMBERS = st.sampled_from([I, 2 - I, Rational(-3, 5), 1 + I / 2, sympy.Integer(2)])
FACTORS = st.builds(lambda a, b, c: a * x + b * y**2 + c, NUMBERS, NUMBERS, NUMBERS)
PRODUCTS = st.builds(lambda p, q, n: p**n * q, FACTORS, FACTORS, st.integers(1, 2))
EXPRESSIONS = st.builds(lambda p, q: p + I * q, PRODUCTS, PRODUCTS)


def expression(polynomial):
    return sympy.Add(*(c * x**n for n, c in RING.coefficients(polynomial, x).items()))


@given(EXPRESSIONS)
@settings(max_examples=30)
def test_a_polynomial_is_its_expansion(whole):
    assert expand(expression(RING(whole)) - whole) == 0


@given(EXPRESSIONS)
@settings(max_examples=15)
def test_what_is_zero_has_no_term(whole):
    assert RING(whole - expand(whole)) == 0
    assert RING((whole + I) ** 2 - whole**2 - 2 * I * whole + 1) == 0


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=15)
def test_derivatives_and_products(one, two):
    slope = RING.derivative(RING(one), y)
    assert expand(expression(RING.product(slope, RING(two))) - diff(one, y) * two) == 0


@given(FACTORS, FACTORS, FACTORS)
@settings(max_examples=15)
def test_a_resultant_is_sympys(one, two, three):
    found = expression(RING.resultant(RING(one * two), RING(three), x))
    assert expand(found - sympy.resultant(expand(one * two), expand(three), x)) == 0


@pytest.mark.parametrize(
    "other", [1 / x, sympy.sqrt(y), sympy.exp(x), x + Symbol("z"), x ** Symbol("n")]
)
def test_what_is_no_polynomial_is_refused(other):
    with pytest.raises(ValueError, match="no polynomial"):
        RING(other)
