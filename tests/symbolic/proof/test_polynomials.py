"""Statements with quotients, roots and absolute values, decided as polynomials."""

import pytest
from sympy import Abs, And, Eq, Gt, Le, Lt, Not, Rational, Symbol, cbrt, exp, sqrt

from symbolic.proof.equality import Proved, Refuted
from symbolic.proof.polynomials import Polynomials
from symbolic.proof.real_arithmetic import prove_implication

x, y = Symbol("x", positive=True), Symbol("y", real=True)


def decide(conclusion, *hypotheses):
    rewritten = Polynomials()
    claim = rewritten.statement(conclusion)
    given = [rewritten.statement(z) for z in hypotheses]
    return prove_implication([*rewritten.conditions, *given], claim)


@pytest.mark.parametrize(
    ("conclusion", "hypotheses"),
    [
        (Le(2 * sqrt(x), 1 + x), ()),
        (Eq(sqrt(x) ** 3 / x, sqrt(x)), ()),
        (Gt(1 / x, Rational(1, 2)), (Lt(x, 2),)),
        (Le(y, Abs(y)), ()),
        (Eq(1 / sqrt(x**2), 1 / x), ()),
        (Lt(x ** Rational(-3, 2), 1), (Gt(x, 1),)),
        (Gt(cbrt(x), 1), (Gt(x, 1),)),
        (And(Le(y / sqrt(1 + y**2), 1), Gt(y / sqrt(1 + y**2), -1)), ()),
        (Not(Gt(sqrt(y), 1)), (Lt(y, 1),)),
    ],
)
def test_true_statements_are_proved(conclusion, hypotheses):
    assert isinstance(decide(conclusion, *hypotheses), Proved)


@pytest.mark.parametrize(
    "conclusion", [Le(sqrt(x), x), Eq(sqrt(y**2), y), Gt(1 / y, y), Lt(Abs(y), 2), Gt(cbrt(x), x)]
)
def test_false_statements_are_refuted_at_a_point(conclusion):
    verdict = decide(conclusion)
    assert isinstance(verdict, Refuted)
    point = {z: Rational(verdict.witness[z.name]) for z in conclusion.free_symbols}
    assert not conclusion.subs(point)


def test_one_symbol_for_one_root():
    rewritten = Polynomials()
    assert (
        rewritten(sqrt(x) + 1 / sqrt(x)).free_symbols
        == rewritten(sqrt(x) ** 3 / sqrt(x) ** 4 + 1 / x ** Rational(1, 2) + sqrt(x)).free_symbols
    )
    assert len(rewritten.conditions) == 2


def test_what_is_not_algebraic():
    with pytest.raises(ValueError, match="not algebraic"):
        Polynomials()(exp(x))
