"""Riccati equations against solutions known by heart."""

import dataclasses

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic.explicit.notation import C, R, S
from symbolic.explicit.riccati import hyperbolic_square, solve, time_derivative
from symbolic.notation.symbols import t
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import Proved, prove_equal

TIME = mpf("0.375")
KNOWN = {
    "tanh": ((1, 0, -1), 0, mpmath.tanh),
    "tan": ((1, 0, 1), 0, mpmath.tan),
    "coth": ((1, 0, -1), 2, lambda v: mpmath.tanh(v + mpmath.atanh(mpf(1) / 2)) ** -1),
    "double root": ((0, 0, 1), 1, lambda v: 1 / (1 - v)),
    "shifted double root": ((1, 2, 1), 0, lambda v: v / (1 - v)),
    "linear": ((0, 2, 0), 3, lambda v: 3 * mpmath.exp(2 * v)),
    "relaxation": ((4, -2, 0), 0, lambda v: 2 - 2 * mpmath.exp(-2 * v)),
    "constant speed": ((5, 0, 0), 1, lambda v: 1 + 5 * v),
    "logistic": ((0, 1, -1), sympy.Rational(1, 4), lambda v: 1 / (1 + 3 * mpmath.exp(-v))),
    "at rest": ((0, 1, -1), 1, lambda v: mpf(1)),
}


def at_time(riccati):
    """C and S at TIME for the rate of the solution, real or imaginary."""
    square = mpf(int(riccati.rate_squared * 4)) / 4
    rate = mpmath.sqrt(abs(square))
    if square == 0:
        return mpf(1), TIME
    if square < 0:
        return mpmath.cos(rate * TIME), mpmath.sin(rate * TIME) / rate
    return mpmath.cosh(rate * TIME), mpmath.sinh(rate * TIME) / rate


@pytest.mark.parametrize("name", KNOWN)
def test_the_solution_is_the_known_one(name, number, close):
    coefficients, start, known = KNOWN[name]
    with mp.workdps(30):
        riccati = solve(tuple(map(sympy.Integer, coefficients)), sympy.sympify(start))
        c, s = at_time(riccati)
        values = {C: c, S: s}
        top, bottom = number(riccati.numerator, values), number(riccati.denominator, values)
        assert close(top / bottom, known(TIME))


def symbolic_solution():
    c_0, c_1, c_2, start = sympy.symbols("c_0 c_1 c_2 z_0", real=True)
    return solve((c_0, c_1, c_2), start), (c_0, c_1, c_2), start


def test_the_rate_is_a_quarter_of_the_discriminant():
    riccati, (c_0, c_1, c_2), _ = symbolic_solution()
    assert sympy.expand(4 * riccati.rate_squared - (c_1**2 - 4 * c_0 * c_2)) == 0


def test_the_wronskian_is_the_initial_speed_and_a_wrong_one_is_not_proved():
    riccati, (c_0, c_1, c_2), start = symbolic_solution()
    top, bottom, square = riccati.numerator, riccati.denominator, riccati.rate_squared
    found = time_derivative(top, square) * bottom - top * time_derivative(bottom, square)
    relation = hyperbolic_square(square)

    def verdict(claimed):
        return prove_equal(found, claimed, squares=relation)

    assert isinstance(verdict(c_0 + c_1 * start + c_2 * start**2), Proved)
    for wrong in (
        -riccati.wronskian,
        2 * riccati.wronskian,
        c_0 + c_1 * start - c_2 * start**2,
        riccati.wronskian + 1,
        riccati.wronskian * C,
    ):
        assert not isinstance(verdict(wrong), Proved)
        with pytest.raises(CertificateError, match="N'D"):
            dataclasses.replace(riccati, wronskian=wrong)


def test_wrong_rules_for_the_hyperbolic_functions_prove_nothing():
    riccati, _, _ = symbolic_solution()
    top, bottom, square = riccati.numerator, riccati.denominator, riccati.rate_squared
    relation = hyperbolic_square(square)

    def speed(rate_squared, **options):
        change = time_derivative(top / bottom, rate_squared)
        return prove_equal(change, riccati.wronskian / bottom**2, **options)

    assert isinstance(speed(square, squares=relation), Proved)
    assert not isinstance(speed(-square, squares=relation), Proved)
    assert not isinstance(speed(2 * square, squares=relation), Proved)
    assert not isinstance(speed(square, squares={C: square * S**2 - 1}), Proved)
    assert not isinstance(speed(square, squares={C: 1 - square * S**2}), Proved)


def test_the_rules_are_those_of_cosh_and_sinh():
    values = {C: sympy.cosh(R * t), S: sympy.sinh(R * t) / R}
    for expression in (C, S, C * S**2, C / (1 + S)):
        by_rule = time_derivative(expression, R**2).xreplace(values)
        assert isinstance(prove_equal(by_rule, sympy.diff(expression.xreplace(values), t)), Proved)
