"""Functions of the ball and mpmath namespaces: values, certainty of comparisons, completeness."""

from __future__ import annotations

import inspect
import re

import mpmath
import numpy as np
import pytest
import torch
from flint import arb, ctx
from mpmath import mp, mpf

from numeric.generated import linear
from numeric.namespaces import Balls, Mpmath, UndecidedError

# Forty digits, from tables.
VALUES = {
    ("exp", "1"): "2.718281828459045235360287471352662497757",
    ("expm1", "1e-30"): "1.000000000000000000000000000000500000000e-30",
    ("sqrt", "2"): "1.414213562373095048801688724209698078570",
    ("asinh", "1"): "0.8813735870195430252326093249797923090282",
    ("abs", "-2.5"): "2.5",
}
BLURRED = arb(0, 1e-3)  # a ball around zero


@pytest.mark.parametrize(("name", "argument"), VALUES, ids=str)
def test_balls_enclose_the_table(name, argument):
    result = getattr(Balls(), name)(arb(argument))
    expected = arb(VALUES[name, argument])
    assert result.overlaps(expected)
    assert abs(result - expected) < arb("1e-14") * abs(expected)
    before, ctx.prec = ctx.prec, 160
    try:
        fine = getattr(Balls(), name)(arb(argument))
        assert abs(fine - arb(VALUES[name, argument])) < arb("1e-39") * abs(fine)
    finally:
        ctx.prec = before


@pytest.mark.parametrize(("name", "argument"), VALUES, ids=str)
def test_mpmath_gives_the_table(name, argument):
    with mp.workdps(45):
        result = getattr(Mpmath(mpmath.mp), name)(mpf(argument))
        expected = mpf(VALUES[name, argument])
        assert abs(result - expected) <= abs(expected) * mpf("1e-39")


def test_mpmath_uses_the_context_it_was_given():
    context = mpmath.MPContext()
    context.dps = 60
    result = Mpmath(context).sqrt(context.mpf(2))
    assert abs(result**2 - 2) < context.mpf("1e-58")


@pytest.mark.parametrize(("a", "b"), [(1, 2), (2, 1), (1, 1), (-1, 0), (0, 0), (-3, -3), (-3, -4)])
@pytest.mark.parametrize(
    "name", ["greater", "greater_equal", "less_equal", "not_equal", "minimum", "maximum"]
)
def test_comparisons_agree_with_numpy(name, a, b):
    expected = getattr(np, name)(a, b)
    assert getattr(Mpmath(mpmath.mp), name)(mpf(a), mpf(b)) == expected
    assert getattr(Balls(), name)(arb(a), arb(b)) == expected
    assert getattr(Balls(), name)(arb(a), b) == expected


@pytest.mark.parametrize("name", ["greater", "greater_equal", "less_equal", "not_equal"])
def test_what_balls_do_not_decide_is_not_guessed(name):
    with pytest.raises(UndecidedError):
        getattr(Balls(), name)(BLURRED, arb(0))
    with pytest.raises(UndecidedError):
        getattr(Balls(), name)(arb(1, 1e-3), arb(1, 1e-3))


def test_balls_that_are_apart_are_decided():
    xp, blurred = Balls(), arb(1, 0.25)
    assert xp.greater(blurred, 0.5) is True
    assert xp.less_equal(blurred, 0.5) is False
    assert xp.not_equal(blurred, 2) is True
    assert xp.greater_equal(blurred, 2) is False


def test_the_square_root_of_a_ball_that_reaches_below_zero_is_undecided():
    with pytest.raises(UndecidedError, match="square root"):
        Balls().sqrt(BLURRED)
    assert Balls().sqrt(arb(0)) == 0


def test_minimum_and_maximum_of_overlapping_balls_enclose_both_outcomes():
    a, b = arb(1, 0.25), arb(1.125, 0.25)
    smaller, larger = Balls().minimum(a, b), Balls().maximum(a, b)
    for x in (0.875, 1.0, 1.25):
        for y in (0.875, 1.125, 1.375):
            assert smaller.contains(arb(min(x, y)))
            assert larger.contains(arb(max(x, y)))
    assert not smaller.contains(arb(1.5))
    assert not larger.contains(arb(0.8))


@pytest.mark.parametrize("xp", [Balls(), Mpmath(mpmath.mp)], ids=["balls", "mpmath"])
def test_choice_and_conjunction(xp):
    assert xp.where(True, 3, 4) == 3
    assert xp.where(False, 3, 4) == 4
    table = {(a, b): xp.logical_and(a, b) for a in (True, False) for b in (True, False)}
    assert [pair for pair, both in table.items() if both] == [(True, True)]


def test_infinity_is_larger_than_everything():
    assert Balls().inf > arb("1e1000")
    assert not Balls().inf.is_finite()
    assert Mpmath(mpmath.mp).inf > mpf("1e1000")


def test_every_name_the_generated_code_uses_is_in_every_namespace():
    text = inspect.getsource(linear)
    used = set(re.findall(r"\bxp\.(\w+)", text)) - {"finfo"}  # asked for with hasattr
    assert {"sqrt", "exp", "where"} <= used
    for xp in (np, torch, Balls(), Mpmath(mpmath.mp)):
        assert [name for name in sorted(used) if not hasattr(xp, name)] == []
