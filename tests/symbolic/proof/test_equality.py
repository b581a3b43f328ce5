"""Equality: true statements are proved, slightly wrong ones refuted, the rest is undecided."""

import mpmath
import pytest
import sympy
from sympy import Piecewise, Rational, cos, cosh, erf, exp, log, sign, sin, sinh, sqrt, tanh
from sympy.codegen.cfunctions import expm1

from symbolic.proof.equality import (
    Proved,
    Refuted,
    Undecided,
    is_proved,
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
    "symbolic exponents add": (a ** (n + 2) / a, a * a**n, a**2 * a**n),
    "symbolic exponents double": (a ** (2 * n) - 1, (a**n - 1) * (a**n + 1), (a**n - 1) ** 2),
    "negative symbolic exponent": (1 / a**b, a ** (1 - b) / a, a ** (b - 1) * a),
    "symbolic power of a sum": ((a + b) ** (2 * n), ((a + b) ** n) ** 2, (a + b) ** n),
    "real base": (x ** (2 * n + 1), x * (x**n) ** 2, x**n * x),
    "two symbolic exponents": (a ** (b + n), a**b * a**n, a**b + a**n),
    "derivative of a power": (sympy.diff(a**b, a) * a, b * a**b, (b - 1) * a**b),
    "trigonometric": (sin(x) ** 2 + cos(x) ** 2, sympy.Integer(1), sympy.Integer(-1)),
    "fourth power of cosine": (
        cos(x) ** 4,
        (1 - sin(x) ** 2) ** 2,
        1 - sin(x) ** 4,
    ),
    "sum of tangent and cotangent": (
        sympy.tan(x) + sympy.cot(x),
        1 / (sin(x) * cos(x)),
        1 / sin(x) / cos(x) ** 2,
    ),
    "derivative of the tangent": (sympy.diff(sympy.tan(x)), 1 / cos(x) ** 2, 1 / sin(x) ** 2),
    "cosine below": (1 / (1 - cos(y)), (1 + cos(y)) / sin(y) ** 2, (1 - cos(y)) / sin(y) ** 2),
    "square of an absolute value": (abs(x) ** 2, x**2, -(x**2)),
    "absolute value below": (x / abs(x), abs(x) / x, 2 * abs(x) / x),
    "hyperbolic cotangent": (sympy.coth(x), (exp(2 * x) + 1) / (exp(2 * x) - 1), exp(2 * x)),
    "opaque function": ((log(a) + 1) ** 2, log(a) ** 2 + 2 * log(a) + 1, log(a) ** 2 + 1),
    "derivative of an opaque function": (
        sympy.diff(log(1 + exp(x)), x),
        1 / (1 + exp(-x)),
        1 / (1 + exp(x)),
    ),
    "error function": (
        sympy.diff(erf(x) ** 2, x) * sqrt(sympy.pi),
        4 * exp(-(x**2)) * erf(x),
        4 * exp(-(x**2)) * erf(x) ** 2,
    ),
    "angle": (sympy.diff(sympy.atan(x / a), x), a / (a**2 + x**2), a / (a**2 - x**2)),
    "condition": (
        Piecewise((x, x > 0), (-x, True)) * Piecewise((1, x > 0), (-1, True)),
        x,
        abs(x),
    ),
    "opposite conditions": (
        Piecewise((y, x > 0), (0, True)) + Piecewise((y, x <= 0), (0, True)),
        y,
        2 * y,
    ),
    "condition in an argument": (
        exp(Piecewise((x, x > 0), (2 * x, True))),
        Piecewise((exp(x), x > 0), (exp(x) ** 2, True)),
        Piecewise((exp(x), x > 0), (exp(x), True)),
    ),
    "two conditions": (
        Piecewise((1, x > 0), (2, True)) * Piecewise((a, y > 0), (b, True)),
        Piecewise((a, (x > 0) & (y > 0)), (b, x > 0), (2 * a, y > 0), (2 * b, True)),
        Piecewise((a, (x > 0) & (y > 0)), (b, x > 0), (2 * b, y > 0), (2 * a, True)),
    ),
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
        sympy.gamma(x + 1) - x * sympy.gamma(x),  # true, but the head has no relation
        sin(2 * x) - 2 * sin(x) * cos(x),  # true, but the arguments differ
        log(a**2 + 2 * a + 1) - 2 * log(a + 1),  # true, but the arguments differ
        sympy.polylog(2, x) + sympy.polylog(2, -x) - sympy.polylog(2, x**2) / 2,
        sign(x) * abs(x) - x,  # true, but sign has no relation
        sympy.Integral(exp(x**2), x) - sympy.Integral(exp(y**2), y),
        a ** (b / 2) * a ** (b / 2 + 1) - a ** (b + 1) + a ** (b / 2) - a ** (b / 2 + 1) / a,
        Piecewise((x, x > 0), (-x, True)) - abs(x),  # true, but not in each case by itself
        sqrt(x * y) - sqrt(x) * sqrt(y),  # false, but only where it is complex
        log(x * y) - log(x) - log(y),  # the same
        sympy.cbrt(a**2 + 2 * a + 1) - sympy.cbrt((a + 1) ** 2),  # true, but a cube root
        sympy.Float("0.5") * x - x / 3,  # false, but a float is never exact
        (y + 1) * sin(sympy.Float("0.5") * x) - (y + 2) * sin(sympy.Float("0.5") * x),
        (y - 1) * (y + 1) * a ** (sympy.Float("0.5") * n) - (y**2 - 1) * a ** (n / 2),
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


# What must never be proved: every line is false somewhere, or not defined

h = sympy.Symbol("h", real=True)
c = sympy.Symbol("c")
size = Piecewise((h, h > 0), (-h, True))
which = Piecewise((x, sympy.Eq(i, 1)), (y, True))
FALSE = {
    # In each case by itself the bound condition would make one of the factors vanish.
    "condition on an integration variable": (
        (sympy.Integral(size, (h, -1, 1)) - sympy.Integral(h, (h, -1, 1)))
        * (sympy.Integral(size, (h, -1, 1)) - sympy.Integral(-h, (h, -1, 1)))
    ),
    "condition on a summation index": (
        (sympy.Sum(which, (i, 1, n)) - n * x) * (sympy.Sum(which, (i, 1, n)) - n * y)
    ).subs(n * x, sympy.Sum(x, (i, 1, n))),
    "condition on a bound index, once more": (
        (sympy.Sum(which, (i, 1, n)) - sympy.Sum(x, (i, 1, n)))
        * (sympy.Sum(which, (i, 1, n)) - sympy.Sum(y, (i, 1, n)))
    ),
    "condition on a parameter of a product": (
        sympy.Product(which, (i, 1, n)) - Piecewise((x**n, sympy.Eq(i, 1)), (y**n, True))
    ),
    "indefinite integral of branches": sympy.Integral(size, h)
    - Piecewise((sympy.Integral(h, h), h > 0), (sympy.Integral(-h, h), True)),
    "boundary": Piecewise((1, x > 0), (0, True)) - Piecewise((1, x >= 0), (0, True)),
    "boundary of the rest": Piecewise((1, x > 0), (0, True)) + Piecewise((1, x < 0), (0, True)) - 1,
    "complex absolute value": abs(c) ** 2 - c**2,
    "absolute value": abs(x) - x,
    "root of a square": sqrt(c**2) - c,
    "root of a product": sqrt(x * y) - sqrt(x) * sqrt(y),
    "root of a power": sqrt(x ** (2 * b)) - x**b,
    "power of a square": (x**2) ** b - x ** (2 * b),
    "power of a product of negatives": ((-x) * (-y)) ** b - (-x) ** b * (-y) ** b,
    "power of a negative": (-x) ** b * (-1) ** b - x**b,
    "even power of minus one": (-1) ** (2 * b) - 1,
    "logarithm of a product": log(x * y) - log(x) - log(y),
    "logarithm of a square": log(x**2) - 2 * log(x),
    "arcus": sympy.acos(cos(x)) - x,
    "arcus tangent": sympy.atan(x) + sympy.atan(1 / x) - sympy.pi / 2,
    "near the exponential": exp(x) ** 2 - exp(x**2),
    "near cosine": cos(x) ** 2 - 1 + sin(y) ** 2,
    "cosine of the double": cos(2 * x) - 1 + sin(x) ** 2,
    "matrices": sympy.Symbol("A", commutative=False) * sympy.Symbol("B", commutative=False)
    - sympy.Symbol("B", commutative=False) * sympy.Symbol("A", commutative=False),
    "matrix symbols": sympy.MatrixSymbol("M", 2, 2) * sympy.MatrixSymbol("N", 2, 2)
    - sympy.MatrixSymbol("N", 2, 2) * sympy.MatrixSymbol("M", 2, 2),
    "infinity": sympy.oo * x + sympy.oo * y - sympy.oo * (x + y),
    "complex infinity": sympy.zoo * (x + y) - sympy.zoo * x - sympy.zoo * y,
    "nan": sympy.nan * x,
    "interval": sympy.AccumBounds(0, 1) * (x + y)
    - sympy.AccumBounds(0, 1) * x
    - sympy.AccumBounds(0, 1) * y,
    "order": sympy.O(x) * (x + 1) - x * sympy.O(x),
    "divisor that is zero": (x - y) / (sin(2 * x) - 2 * sin(x) * cos(x))
    - x / (sin(2 * x) - 2 * sin(x) * cos(x))
    + y / (sin(2 * x) - 2 * sin(x) * cos(x)),
    "constant that is zero, divided by": (x * y + y) / (sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2))
    - y * (x + 1) / (sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2)),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_or_not_defined_is_never_proved(name):
    assert not is_proved(prove_zero(FALSE[name]))


REFUTED = {
    "boundary", "boundary of the rest", "absolute value", "root of a power", "power of a square",
    "even power of minus one", "near the exponential", "near cosine",
    "cosine of the double", "arcus", "arcus tangent", "root of a square",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUTED))
def test_what_is_false_at_a_real_point_is_refuted_there(name):
    verdict = prove_zero(FALSE[name])
    assert isinstance(verdict, Refuted)
    values = {str(symbol): symbol for symbol in FALSE[name].free_symbols}
    at = {values[key]: Rational(text) for key, text in verdict.witness.items()}
    assert abs(sympy.N(FALSE[name].subs(at), 30)) > 1e-10


def test_only_proved_counts_as_proved():
    assert is_proved(Proved())
    assert not is_proved(Refuted({"x": "1"}, "1.0"))
    assert not is_proved(Undecided("nothing"))
