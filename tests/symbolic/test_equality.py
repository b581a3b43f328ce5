"""Equality: true statements are proved, slightly wrong ones refuted, the rest is undecided."""

import random

import mpmath
import pytest
import sympy
from sympy import Rational, cosh, exp, sinh, sqrt, tanh
from sympy.codegen.cfunctions import expm1

from symbolic.equality import (
    NormalFormError,
    Proved,
    Refuted,
    Undecided,
    candidates,
    find_witness,
    is_proved,
    is_zero_by_normal_form,
    prove_equal,
    prove_zero,
)

x, y = sympy.symbols("x y", real=True)
a, b = sympy.symbols("a b", positive=True)
n = sympy.Symbol("n", integer=True, positive=True)
i = sympy.Symbol("i", integer=True, positive=True)
v = sympy.IndexedBase("v", real=True)

# left, right, and a right side that is wrong by a sign, a factor or an exponent
STATEMENTS = {
    "square": ((x + y) ** 2, x**2 + 2 * x * y + y**2, x**2 - 2 * x * y + y**2),
    "quotient": (1 / x + 1 / y, (x + y) / (x * y), (x - y) / (x * y)),
    "cancellation": ((x**2 - y**2) / (x - y), x + y, x - y),
    "radical": (1 / (sqrt(2) - 1), sqrt(2) + 1, sqrt(2) - 1),
    "symbolic radical": ((sqrt(a) + sqrt(b)) ** 2, a + b + 2 * sqrt(a * b), a + b + sqrt(a * b)),
    "radical below": (a / sqrt(a + b), a * sqrt(a + b) / (a + b), sqrt(a + b) / (a + b)),
    "odd power": (sqrt(a + b) ** 3, (a + b) * sqrt(a + b), (a + b) * sqrt(a - b)),
    "nested radical": (
        (1 + sqrt(1 + sqrt(a))) ** 2,
        2 + sqrt(a) + 2 * sqrt(1 + sqrt(a)),
        2 - sqrt(a) + 2 * sqrt(1 + sqrt(a)),
    ),
    "exponential": (exp(x + y), exp(x) * exp(y), exp(x) * exp(-y)),
    "rational exponents": (exp(x / 2 + y / 3) ** 6, exp(3 * x) * exp(y) ** 2, exp(3 * x) * exp(y)),
    "negative exponents": (1 / (1 + exp(-x)), exp(x) / (1 + exp(x)), exp(-x) / (1 + exp(x))),
    "hyperbolic": (cosh(x) ** 2 - sinh(x) ** 2, sympy.Integer(1), sympy.Integer(-1)),
    "doubling": (sinh(2 * x), 2 * sinh(x) * cosh(x), sinh(x) * cosh(x)),
    "tangent": (tanh(x), (exp(2 * x) - 1) / (exp(2 * x) + 1), (exp(x) - 1) / (exp(x) + 1)),
    "expm1": (expm1(x), exp(x) - 1, exp(x) + 1),
    "symbolic power": (x**2 * a**n, a**n * x * x, a**n * x),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_true_statement_is_proved(name):
    left, right, _ = STATEMENTS[name]
    assert isinstance(prove_equal(left, right), Proved)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_wrong_statement_is_refuted_at_a_point_where_its_sides_differ(name):
    left, _, wrong = STATEMENTS[name]
    verdict = prove_equal(left, wrong)
    assert isinstance(verdict, Refuted)
    symbols = sorted((left - wrong).free_symbols, key=str)
    function = sympy.lambdify(symbols, (left - wrong).rewrite(exp), "mpmath")
    values = [mpmath.mpf(1) * Rational(verdict.witness[str(symbol)]) for symbol in symbols]
    value = float(mpmath.re(function(*values)))
    assert abs(value) > 1e-10
    assert float(verdict.ball.strip("[]").split(" +/-")[0]) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    "difference",
    [
        sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2),  # true, but the two radicals are dependent
        sympy.gamma(x + 1) - x * sympy.gamma(x),  # true, but the head has no rule
        sympy.cbrt(a**2 + 2 * a + 1) - sympy.cbrt((a + 1) ** 2),  # true, but a cube root
        sympy.Float("0.5") * x - x / 3,  # false, but a float is never exact
    ],
)
def test_what_is_beyond_the_normal_form_is_neither_proved_nor_refuted(difference):
    assert isinstance(prove_zero(difference), Undecided)


def test_sums_and_indexed_symbols_are_atoms():
    total = sympy.Sum(v[i] ** 2, (i, 1, n))
    assert isinstance(
        prove_equal((total + v[1]) ** 2, total**2 + 2 * total * v[1] + v[1] ** 2), Proved
    )
    assert isinstance(prove_equal(total + v[1], total - v[1]), Undecided)


def test_relations_between_atoms_are_used():
    c, s = sympy.symbols("c s", real=True)
    relation = {c: 1 + x * s**2}
    assert isinstance(prove_zero(c**2 - x * s**2 - 1, squares=relation), Proved)
    assert isinstance(prove_zero(c**4 - (1 + x * s**2) ** 2, squares=relation), Proved)
    assert isinstance(prove_equal(1 / (c - 1), (c + 1) / (x * s**2), squares=relation), Proved)


def test_a_relation_may_be_a_quotient():
    c, s = sympy.symbols("c s", real=True)
    relation = {c: x / s}
    assert isinstance(prove_zero(s**2 * c**4 - x**2, squares=relation), Proved)
    assert isinstance(prove_equal(1 / (c + 1), (c - 1) * s / (x - s), squares=relation), Proved)
    assert isinstance(prove_zero(s * c**4 - x**2, squares=relation), Undecided)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_wrong_relation_proves_nothing(sign):
    c, s = sympy.symbols("c s", real=True)
    verdict = prove_zero(c**2 - x * s**2 - sign, squares={c: -sign + x * s**2})
    assert isinstance(verdict, Undecided)


def test_nothing_is_proved_of_an_expression_that_is_defined_nowhere():
    c, s = sympy.symbols("c s", real=True)
    divisors = 1 / ((c - s) * (c + s))
    relation = {c: s**2}
    assert not is_proved(prove_zero(1 / (c**2 - s**2), squares=relation))
    assert not is_proved(prove_zero(x * divisors - y * divisors, squares=relation))


@pytest.mark.parametrize("head", [sympy.gamma(x), sympy.cbrt(a), sympy.Float("0.5"), sympy.log(a)])
def test_the_normal_form_refuses_what_it_does_not_decide(head):
    with pytest.raises(NormalFormError):
        is_zero_by_normal_form(head + x)


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


def test_only_proved_counts_as_proved():
    assert is_proved(Proved())
    assert not is_proved(Refuted({"x": "1"}, "1.0"))
    assert not is_proved(Undecided("nothing"))
