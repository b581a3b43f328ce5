"""A residue that varies is never found in the derivative of an elementary function."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol, diff, erf, exp, log, sqrt

from symbolic.laws.residues import has_varying_residue
from symbolic.laws.separation import antiderivative

h, a = Symbol("h", real=True), Symbol("a", positive=True)
PLACES = [h, a * h + 1, h**2 - 2, Rational(1, 3) * h**2 + h]
TOPS = [exp(h), exp(-(h**2) / 2), exp(2 * h), log(h**2 + 1), erf(h), erf(h / sqrt(2))]
CONSTANTS = [sympy.Integer(1), sympy.Integer(-2), Rational(3, 4), a]
PARTS = st.sampled_from(PLACES + CONSTANTS)


@settings(max_examples=25)
@given(PARTS, PARTS, st.sampled_from(TOPS), st.sampled_from(CONSTANTS), PARTS)
def test_the_derivative_of_an_elementary_function_has_constant_residues(one, two, top, c, three):
    # a logarithm has the residue c at the root of a denominator that is linear in the top
    whole = c * log(one * top + two) + three * top + one**2 * h
    assert not has_varying_residue(diff(whole, h), h)


@settings(max_examples=25)
@given(PARTS, PARTS, st.sampled_from(TOPS), st.sampled_from(PLACES))
def test_a_logarithm_times_what_varies_has_no_constant_residue(one, two, top, factor):
    bottom = one * top + two
    residue = factor * diff(bottom, h)
    assert has_varying_residue(residue / bottom, h)


@pytest.mark.parametrize(
    ("integrand", "varies"),
    [
        (h * (exp(h) + 1) / (h + exp(h) + 1), True),  # of swish
        (h / (h + exp(h) + 1), False),  # h - log(h + e^h + 1)
        (1 / (h + exp(h)), True),
        ((1 + exp(h)) / (h + exp(h)), False),  # log(h + e^h)
        (1 / (1 + exp(h)), False),
        (exp(h) / (1 + exp(h)), False),
        (1 / (h * log(h)), False),  # log(log h)
        (1 / log(h), True),
        (exp(-(h**2)) / erf(h), False),  # log(erf h)
        (1 / erf(h), True),
        ((exp(h) + 1) * exp(-h) * log(exp(h) + 1), False),  # of softplus: a dilogarithm
        (exp(h**2) * erf(h), False),
        (sympy.sinh(2 * h), False),
    ],
)
def test_known_integrands(integrand, varies):
    assert has_varying_residue(integrand, h) == varies


def test_no_search_is_made_where_a_residue_varies(monkeypatch):
    monkeypatch.setattr(sympy, "integrate", None)
    assert antiderivative(h * (exp(h) + 1) / (h + exp(h) + 1), h) is None
