"""Two forms of one function: proved where they are, not where they are not."""

import mpmath
import pytest
import sympy
from mpmath import mpf
from sympy import Abs, Eq, Heaviside, Piecewise, cosh, erf, exp, log, sign, sin, sinh, sqrt, tanh
from sympy.codegen.cfunctions import expm1, log1p

from symbolic.proof.equality import is_proved
from symbolic.proof.same_function import elementary, prove_same
from symbolic.proof.stable_forms import mean_decay, one_plus_erf, stable, with_log1p

h, c = sympy.symbols("h c", real=True)
small = exp(-Abs(h))
SOFTPLUS = Piecewise((h + log1p(small), h > 0), (log1p(small), True))
SAME = {
    "softplus": (log(1 + exp(h)), SOFTPLUS),
    "its square": (c * log(1 + exp(h)) ** 2, c * SOFTPLUS**2),
    "logistic": (exp(h) / (1 + exp(h)), Piecewise((1 / (1 + small), h > 0), (small / (1 + small), True))),
    "log cosh far": (log(cosh(h)), Abs(h) + log1p(expm1(-2 * Abs(h)) / 2)),
    "log cosh near": (log(cosh(h)), log1p(2 * sinh(h / 2) ** 2)),
    "error function": (1 + erf(h / sqrt(2)), one_plus_erf(h / sqrt(2))),
    "slope of tanh": (1 - tanh(h) ** 2, 1 / cosh(h) ** 2),
    "mean decay": ((1 - exp(-h)) / h, mean_decay(h)),
    "the same": (sympy.gamma(h) + c, c + sympy.gamma(h)),
    "a ramp, either way at 0": (Piecewise((h, h > 0), (0, True)), Piecewise((h, h >= 0), (0, True))),
    "a value put in at 0": (Piecewise((1, Eq(h, 0)), (h / tanh(h), True)), h / tanh(h)),
    "a size": (sign(h) * h, Abs(h)),
}  # fmt: skip
OTHER = {
    "another side": (log(1 + exp(h)), Piecewise((log1p(small), h > 0), (h + log1p(small), True))),
    "right for h > 0 only": (log(1 + exp(h)), h + log1p(small)),
    "another constant": (log(1 + exp(h)), log(2 + 2 * exp(h))),
    "another sign": (1 + erf(h), one_plus_erf(-h)),
    "another width": (log(cosh(h)), Abs(h) + log1p(expm1(-Abs(h)) / 2)),
    "another function": (sin(h), sinh(h)),
    "a logarithm that jumps": (log(h**2), 2 * log(h)),
    "a step, another at 0": (Piecewise((1, h >= 0), (0, True)), Piecewise((1, h > 0), (0, True))),
    "a third piece at 0": (Piecewise((1, h > 0), (0, h < 0), (5, True)), Heaviside(h, 0)),
    "a sign's square": (sign(h) ** 2, sympy.Integer(1)),
    "another value put in at 0": (Piecewise((2, Eq(h, 0)), (h / tanh(h), True)), h / tanh(h)),
    "another value at 0 than a line's": (Piecewise((1, Eq(h, 0)), (h, True)), h),
    "another value elsewhere": (Piecewise((1, Eq(h, 1)), (h + 1, True)), h + 1),
    "at 0 for one c only": (Piecewise((c, Eq(h, 0)), (h, True)), h),
}


@pytest.mark.parametrize("name", SAME)
def test_one_function_in_two_forms_is_proved(name):
    assert is_proved(prove_same(*SAME[name], h))
    assert is_proved(prove_same(*reversed(SAME[name]), h))


@pytest.mark.parametrize("name", OTHER)
def test_another_function_is_not(name):
    assert not is_proved(prove_same(*OTHER[name], h))


@pytest.mark.parametrize("name", SAME)
def test_the_pairs_agree_in_numbers(name, number, close):
    left, right = (elementary(form) for form in SAME[name])
    for place in ("7/4", "-5/3"):
        values = {h: mpf(mpmath.mpf(place.split("/")[0]) / int(place.split("/")[1])), c: mpf(3) / 7}
        assert close(number(left, values), number(right, values))


@pytest.mark.parametrize(
    "form", [log(1 + exp(h)), exp(h) / (1 + exp(h)), log(cosh(h)), 1 - tanh(h) ** 2]
)
def test_what_is_found_is_another_form_and_proved(form):
    found = stable(with_log1p(form), h)
    assert found != form
    assert is_proved(prove_same(found, form, h))
