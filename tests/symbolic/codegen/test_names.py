"""Guards say what they guard: with no branch taken for zero they are the root of the sum, proved."""

import ast
from pathlib import Path

import pytest
import sympy
from sympy import Piecewise, Symbol, sqrt

import symbolic.codegen
from symbolic.codegen.names import guarded, hypotenuse_of, root, root_of_sum, safe, size, size_of
from symbolic.proof.equality import is_proved, prove_equal

x, y, name = sympy.symbols("x y name", real=True)
ONE, TWO = sympy.symbols("one two", positive=True)


def unfolded(assignments, given):
    """The last value, with all before it and what is given put in."""
    known = dict(given)
    for symbol, value in assignments:
        known[symbol] = value.xreplace(known)
    return known[assignments[-1][0]]


@pytest.mark.parametrize("square", [ONE, sympy.Integer(0)])
@pytest.mark.parametrize("length", [TWO, sympy.Integer(0)])
def test_the_root_of_a_sum_is_that(square, length):
    found = unfolded(root_of_sum(name, x, y), {x: square, y: length})
    assert is_proved(prove_equal(found, sqrt(square + length**2)))
    assert not is_proved(prove_equal(found + 1, sqrt(square + length**2)))


@pytest.mark.parametrize(("long", "short"), [(ONE + TWO, ONE), (ONE, sympy.Integer(0)), (ONE, ONE)])
def test_the_hypotenuse_is_the_root_of_both_squares(long, short):
    for pair in ((long, short), (short, long)):
        found = unfolded(hypotenuse_of(name, x, y), dict(zip((x, y), pair, strict=True)))
        assert is_proved(prove_equal(found**2, long**2 + short**2))
        assert found.is_positive


def test_a_guarded_division_is_one_where_it_can_be_divided():
    symbol, kept = safe(x, x > 0)
    whole = guarded(y / x, x, x > 0, sympy.Integer(7))
    assert whole.xreplace({symbol: kept}).subs(x, ONE) == y / ONE
    assert whole.xreplace({symbol: kept}).subs(x, 0) == 7
    assert root(x).xreplace({symbol: kept}).subs(x, ONE) == sqrt(ONE)
    assert root(x).xreplace({symbol: kept}).subs(x, 0) == 0


def test_sizes_are_of_terms():
    assert size(x - 2 * y) == abs(x) + 2 * abs(y)
    (_, value) = size_of(x)
    assert isinstance(value, Piecewise)
    assert [value.subs(x, z) for z in (3, -3, 0)] == [3, 3, 0]
    assert size_of(x)[0] == Symbol("size_x", real=True)


# What derives; a formula that was found by it would be seen by no certificate.
DERIVES = {
    "solve", "diff", "integrate", "cancel", "expand", "simplify", "together", "collect", "series",
    "powsimp", "apart", "roots", "expand_log", "expand_func", "nsimplify",
}  # fmt: skip


def test_codegen_derives_nothing():
    """No formula is written in this package: it renames, orders, guards and prints."""
    found = []
    for path in Path(symbolic.codegen.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            # The module of exponents reads the coefficients of linear forms.
            if word in DERIVES and path.name != "scaling_module.py":
                found.append(f"{path.name}: {word}")
    assert found == []
