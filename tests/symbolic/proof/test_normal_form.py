"""The normal form: what it decides, and what it refuses."""

import pytest
import sympy
from sympy import Piecewise, log, sign, sin

from symbolic.proof.generators import NormalFormError
from symbolic.proof.normal_form import is_zero_by_normal_form

x, y = sympy.symbols("x y", real=True)
a, b = sympy.symbols("a b", positive=True)


@pytest.mark.parametrize(
    "head",
    [
        sympy.cbrt(a),
        a ** (b / 2),
        sympy.Float("0.5"),
        sin(sympy.Float("0.5") * a),
        sympy.Integral(sympy.Float("0.5") * a, (a, 0, 1)),
        Piecewise((x, x > 0), (y, True)),
        x * sympy.oo,
        x + sympy.zoo,
        sympy.AccumBounds(0, 1) * x,
        sympy.Symbol("A", commutative=False) * x,
        sympy.MatrixSymbol("M", 2, 2)[0, 1] * sympy.Symbol("A", commutative=False),
    ],
)
def test_the_normal_form_refuses_what_it_does_not_decide(head):
    with pytest.raises(NormalFormError):
        is_zero_by_normal_form(head + x)


@pytest.mark.parametrize(
    "head", [sympy.gamma(x), log(a), sign(x), sympy.Function("unknown")(x, y), sympy.LambertW(a)]
)
def test_a_function_without_rules_is_a_generator(head):
    assert is_zero_by_normal_form((head + x) * (head - x) - head**2 + x**2)
    assert not is_zero_by_normal_form((head + x) ** 2 - head**2 - x**2)
    assert not is_zero_by_normal_form(head - x)
