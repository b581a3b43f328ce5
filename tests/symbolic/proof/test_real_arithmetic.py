"""Statements about polynomials and maxima: proved, or refuted with a point that is checked here."""

import pytest
import sympy
from sympy import And, Eq, Equivalent, Implies, Max, Min, Or, Rational, symbols

from symbolic.proof import real_arithmetic
from symbolic.proof.equality import Proved, Refuted, Undecided
from symbolic.proof.real_arithmetic import SolverError, find, prove_implication

a, b, c = symbols("a b c", real=True)
n = symbols("n", nonnegative=True)

TRUE = [
    ([], Max(a, b) >= a),
    ([], Eq(Max(a, b) + c, Max(a + c, b + c))),
    ([], Eq(Max(a, b) + Min(a, b), a + b)),
    ([], Max(a, b) >= (a + b) / 2),
    ([Eq(Max(a, b), 0), a < b], Eq(b, 0)),
    ([a >= 1000, b >= 2 * a], b >= 2000),
    ([a < b, b < a], Eq(a, 12)),
    ([], n >= 0),
    ([], Or(a > b, a <= b)),
    ([], Implies(a > 1, a**2 > 1)),
    ([a > 0], Equivalent(a > 1, a**2 > 1)),
    ([n >= 1], Equivalent(a < b, n * a < n * b)),
    ([a > 1], And(a > 0, Max(a, 1) > 1)),
    ([Eq(3 * a, 1)], Eq(a, Rational(1, 3))),
    ([], a**2 + b**2 >= 2 * a * b),
    ([a > 0, b > 0, a * b > 1], a + b > 2),
    ([Eq(a**2, 2), a > 0], a**3 > 2),
]
FALSE = [
    ([], Max(a, b) > a),
    ([Eq(Max(a, b), 0)], Eq(b, 0)),
    ([], Eq(Max(a, Max(b, c) - 1), Max(a, b, c))),
    ([a >= 1000], a < 5000),
    ([], Eq(Max(a, b), (a + b) / 2)),
    ([n < 1], Eq(n, 0)),
    ([], Implies(a**2 > 1, a > 1)),
    ([], Equivalent(a > 1, a**2 > 1)),
    ([], Equivalent(a < b, n * a < n * b)),
    ([Eq(3 * a, 1)], a > Rational(1, 3)),
    ([], And(a >= b, a >= c)),
    ([], a**2 > a),
    ([a * b > 0], a > 0),
    ([a > 0, b > 0], (a + b) ** 2 > 5 * a * b),
]


@pytest.mark.parametrize(("hypotheses", "conclusion"), TRUE)
def test_true_statements_are_proved(hypotheses, conclusion):
    assert isinstance(prove_implication(hypotheses, conclusion), Proved)


@pytest.mark.parametrize(("hypotheses", "conclusion"), FALSE)
def test_false_statements_are_refuted_with_a_point(hypotheses, conclusion):
    verdict = prove_implication(hypotheses, conclusion)
    assert isinstance(verdict, Refuted)
    point = {z: Rational(verdict.witness.get(z.name, "0")) for z in (a, b, c, n)}
    assert all(z.subs(point) == sympy.true for z in hypotheses)
    assert conclusion.subs(point) == sympy.false


def test_points():
    assert find([a < 0, a > 0]) is None
    assert find([Eq(a, Rational(-5, 3))]) == {a: Rational(-5, 3)}
    assert find([n < 0]) is None
    assert find([sympy.false]) is None
    assert find([Eq(Max(a, 0), -1)]) is None


@pytest.mark.parametrize("expression", [1 / a, sympy.sqrt(a), a**b, sympy.exp(a)])
def test_what_is_no_polynomial_is_refused(expression):
    with pytest.raises(ValueError, match="no polynomial"):
        find([expression > 1])


def test_a_rational_solution_is_looked_for_where_the_first_is_not():
    sphere = [Eq(a**2 + b**2 + c**2, 6), a > b, b > c]
    _, irrational = real_arithmetic._solve(sphere, real_arithmetic.EFFORT)
    assert irrational  # what the solver finds by itself
    assert find(sphere) == {a: 2, b: 1, c: -1}
    with pytest.raises(SolverError, match="does not satisfy"):
        find([Eq(a**2 + b**2, 3), a > 0])  # has no rational point


def test_an_answer_that_takes_too_long_is_none(monkeypatch):
    monkeypatch.setattr(real_arithmetic, "EFFORT", 1)
    hypotheses = [Eq(a**2, 2 + b), b**3 > 7 + c, c > a]
    assert isinstance(prove_implication(hypotheses, a**3 + c > b), Undecided)
