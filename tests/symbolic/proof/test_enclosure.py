"""Enclosures contain the value, are small, and leave no doubt or raise."""

import mpmath
import pytest
import sympy
from flint import arb, ctx
from sympy import Rational
from sympy.codegen.cfunctions import expm1

from symbolic.proof.enclosure import EnclosureError, ball, enclose, holds

x = sympy.Symbol("x", real=True)
y = sympy.Symbol("y", positive=True)
VALUES = {
    x: Rational(-2, 7),
    y: Rational(5, 3),
    sympy.Symbol("k", integer=True, positive=True): Rational(3),
}

HEADS = {
    "polynomial": (
        x**3 - 2 * x * y + Rational(1, 3),
        lambda u, v: u**3 - 2 * u * v + mpmath.mpf(1) / 3,
    ),
    "quotient": ((x + 1) / (y - x), lambda u, v: (u + 1) / (v - u)),
    "root": (1 / sympy.sqrt(y), lambda u, v: v**-0.5),
    "three halves": (y ** Rational(3, 2), lambda u, v: v * mpmath.sqrt(v)),
    "cube root": (y ** Rational(1, 3), lambda u, v: mpmath.cbrt(v)),
    "exp": (sympy.exp(x * y), lambda u, v: mpmath.exp(u * v)),
    "log": (sympy.log(y), lambda u, v: mpmath.log(v)),
    "cosh": (sympy.cosh(x), lambda u, v: mpmath.cosh(u)),
    "sinh": (sympy.sinh(x), lambda u, v: mpmath.sinh(u)),
    "tanh": (sympy.tanh(x), lambda u, v: mpmath.tanh(u)),
    "asinh": (sympy.asinh(x), lambda u, v: mpmath.asinh(u)),
    "abs": (sympy.Abs(x), lambda u, v: -u),
    "expm1": (expm1(x), lambda u, v: mpmath.exp(u) - 1),
    "sin": (sympy.sin(x * y), lambda u, v: mpmath.im(mpmath.expj(u * v))),
    "cos": (sympy.cos(x * y), lambda u, v: mpmath.re(mpmath.expj(u * v))),
    "tan": (sympy.tan(y), lambda u, v: mpmath.sin(v) / mpmath.cos(v)),
    "cot": (sympy.cot(x), lambda u, v: mpmath.cos(u) / mpmath.sin(u)),
    "coth": (sympy.coth(x), lambda u, v: (mpmath.exp(2 * u) + 1) / (mpmath.exp(2 * u) - 1)),
    "atan": (sympy.atan(x - y), lambda u, v: mpmath.arg(mpmath.mpc(1, u - v))),
    "acos": (sympy.acos(x), lambda u, v: mpmath.arg(mpmath.mpc(u, mpmath.sqrt(1 - u**2)))),
    "atanh": (sympy.atanh(x), lambda u, v: mpmath.log((1 + u) / (1 - u)) / 2),
    "acosh": (sympy.acosh(y), lambda u, v: mpmath.log(v + mpmath.sqrt(v**2 - 1))),
    "erf": (
        sympy.erf(x),
        lambda u, v: (
            mpmath.quad(lambda w: mpmath.exp(-(w**2)), [0, u]) * 2 / mpmath.sqrt(mpmath.pi)
        ),
    ),
    "power": (y**x, lambda u, v: mpmath.exp(u * mpmath.log(v))),
    "power of a negative": (x ** sympy.Symbol("k", integer=True, positive=True), lambda u, v: u**3),
    "either": (sympy.Piecewise((y, (x > 0) | (y > 1)), (x, True)), lambda u, v: v),
    "pi": (sympy.pi * x, lambda u, v: mpmath.pi * u),
    "piecewise": (sympy.Piecewise((y, x > 0), (x, True)), lambda u, v: u),
}


@pytest.mark.parametrize("name", HEADS)
def test_every_head_is_enclosed_to_a_hundred_bits(name):
    expression, function = HEADS[name]
    with mpmath.mp.workdps(60):
        expected = function(mpmath.mpf(-2) / 7, mpmath.mpf(5) / 3)
        ctx_before = ctx.prec
        found = enclose(expression, VALUES, bits=100)
        assert found.rel_accuracy_bits() >= 100
        middle = mpmath.mpf(found.mid().str(50, radius=False))
        assert abs(middle - expected) <= abs(expected) * mpmath.mpf(2) ** -99
        assert ctx.prec == ctx_before


def test_cancellation_costs_precision_not_correctness():
    tiny = Rational(1, 10**30)
    found = enclose(sympy.exp(x) - 1 - x, {x: tiny}, bits=64)
    assert found.rel_accuracy_bits() >= 64
    assert abs(float(found * arb(10) ** 60) - 0.5) < 1e-15


def test_powers_of_a_ball_around_zero():
    x, y = sympy.symbols("x y")
    zero = sympy.sqrt(x) ** 2 / 3 + y / 3 - 1
    for power in (2, 3, 5):
        ball = enclose((zero**power) + 1, {x: sympy.Integer(2), y: sympy.Integer(1)})
        assert ball.contains(1)
        assert ball.rad() < 1e-15


def test_the_ball_of_a_zero_is_small_and_contains_zero():
    found = enclose(sympy.sqrt(3 + 2 * sympy.sqrt(2)) - 1 - sympy.sqrt(2), {}, limit=1024)
    assert found.contains(0)
    assert found.rad() < arb(2) ** -1000


@pytest.mark.parametrize(
    "expression",
    [
        x + sympy.Symbol("unknown"),
        sympy.gamma(y),
        sympy.Float("0.5") * y,
        sympy.sqrt(x),
        1 / (x + Rational(2, 7)),
        sympy.log(x),
        sympy.acos(y),
        sympy.atanh(y),
        sympy.acosh(x),
        sympy.coth(x + Rational(2, 7)),
        x**y,
        sympy.I * y,
        sympy.oo * y,
        sympy.Integral(sympy.exp(x**2), x),
        sympy.polylog(2, x),
        sympy.erf(sympy.Float("0.5")),
    ],
)
def test_what_cannot_be_enclosed_raises(expression):
    with pytest.raises(EnclosureError):
        enclose(expression, VALUES)


def test_a_piecewise_without_a_branch_raises():
    with pytest.raises(EnclosureError, match="no branch"):
        ball(sympy.Piecewise((y, x > 0)), VALUES)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (x < 0, True), (x > 0, False), (x <= -Rational(3, 8), True), (x >= -Rational(3, 8), True),
        (x < -Rational(3, 8), False), (sympy.Ne(x, y), True), (sympy.Eq(x, y), False),
        (sympy.Eq(x, -Rational(3, 8)), True), (sympy.And(x < 0, y < 1), False),
        (sympy.Or(x > 0, y > 1), True), (sympy.true, True), (sympy.false, False),
    ],
)  # fmt: skip
def test_conditions_are_decided(condition, expected):
    assert holds(condition, {x: -Rational(3, 8), y: Rational(5, 3)}) is expected


def test_a_condition_between_equal_irrational_sides_is_not_guessed():
    left, right = sympy.sqrt(2) * sympy.sqrt(5), sympy.sqrt(10)
    same = sympy.StrictGreaterThan(
        sympy.Add(left, sympy.sqrt(3 + 2 * sympy.sqrt(2)), evaluate=False),
        sympy.Add(right, 1, sympy.sqrt(2), evaluate=False),
        evaluate=False,
    )
    with pytest.raises(EnclosureError, match="undecided"):
        holds(same, {})


def test_precision_grows_until_a_condition_is_decided():
    near = sympy.Piecewise(
        (sympy.Integer(1), sympy.exp(x) > 1 + x + x**2 / 3), (sympy.Integer(2), True)
    )
    assert enclose(near, {x: Rational(1, 10**30)}) == 1
