"""The root of what is linear, by putting it back; what is not linear is refused."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Symbol, symbols

from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.linear import root_of_linear

a, b, h = symbols("a b h", positive=True)
PARTS = [a, b, a * b - 1, 1 / a, sympy.sqrt(b), sympy.Rational(2, 3), -b / (a + 1)]


@given(
    st.sampled_from(PARTS), st.sampled_from([*PARTS, sympy.Integer(0)]), st.sampled_from([h, h**2])
)
def test_it_vanishes_at_its_root(slope, rest, unknown):
    root = root_of_linear(slope * unknown + rest, unknown)
    assert sympy.simplify(slope * root + rest) == 0
    assert not root.has(h)


@pytest.mark.parametrize(
    "other", [a + b, h**3 + a * h**2, h**2 + h, h**2 + sympy.exp(h), a * h**2 + sympy.log(h**2 + 1)]
)
def test_what_is_not_linear_in_a_square_is_refused(other):
    with pytest.raises(DoesNotApply, match="not linear"):
        root_of_linear(other, h**2)


def test_a_symbol_of_other_assumptions_is_another_unknown():
    with pytest.raises(DoesNotApply):
        root_of_linear(a * Symbol("h") + b, h)
