"""Functions of the ball and mpmath namespaces: values, certainty of comparisons, completeness."""

from __future__ import annotations

import inspect
import re

import mpmath
import numpy as np
import pytest
import torch
from flint import acb, arb, arb_series, ctx
from mpmath import mp, mpf

from numeric import catalogue
from numeric.generated import linear
from numeric.namespaces import Balls, Complex, Lazy, Mpmath, Series, UndecidedError

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


# --- functions of networks that are not linear ----------------------------------------------------

ELEMENTARY = (
    "sinh", "cosh", "tanh", "sin", "cos", "tan", "atanh", "atan", "log", "log1p", "erf", "expm1",
    "asinh", "exp", "sqrt",
)  # fmt: skip
OF_NEURONS = (
    "entire_place",
    "u_at",
    "h_at",
    "gain_numerator",
    "gain",
    "kernel",
    "output",
    "neuron",
)


@pytest.mark.parametrize("argument", ["0.3", "1e-20", "0.9"])
@pytest.mark.parametrize("name", ELEMENTARY)
def test_balls_enclose_what_mpmath_finds(name, argument):
    before, ctx.prec = ctx.prec, 200
    try:
        with mp.workdps(80):
            expected = arb(str(getattr(mpmath, name)(mpf(argument))))
            found = getattr(Balls(), name)(arb(argument))
            assert abs(found - expected) < arb("1e-55") * abs(expected)
            assert getattr(Mpmath(mpmath.mp), name)(mpf(argument)) == getattr(mpmath, name)(
                mpf(argument)
            )
            turned = getattr(Balls(), name)(-arb(argument)) if name not in ("log", "sqrt") else None
            if turned is not None:
                expected = arb(str(getattr(mpmath, name)(-mpf(argument))))
                assert abs(turned - expected) < arb("1e-55") * abs(expected)
    finally:
        ctx.prec = before


@pytest.mark.parametrize(("y", "x"), [(1, 2), (1, -2), (-1, -2), (-1, 2), (1, 0), (0, 1)])
def test_angles_of_every_quadrant(y, x):
    found = Balls().atan2(arb(y), arb(x))
    assert float(found.mid()) == pytest.approx(np.arctan2(y, x), rel=1e-14)
    assert float(Mpmath(mpmath.mp).atan2(mpf(y), mpf(x))) == pytest.approx(np.arctan2(y, x))


def test_pi_follows_the_precision():
    before, ctx.prec = ctx.prec, 300
    try:
        with mp.workdps(80):
            assert abs(Balls().pi - arb(str(+mpmath.pi))) < arb("1e-75")
    finally:
        ctx.prec = before


@pytest.mark.parametrize("name", ["sinh", "sin", "sqrt"])
@pytest.mark.parametrize("z", [0.3 + 0.4j, -1.5 + 2j, 2 - 0.5j, 1.25 + 0j])
def test_complex_balls_enclose_what_mpmath_finds(name, z):
    expected = complex(getattr(mpmath, name)(mpmath.mpc(z)))
    found = getattr(Complex(), name)(acb(z.real, z.imag))
    assert abs(complex(float(found.real.mid()), float(found.imag.mid())) - expected) < 1e-14
    if z.imag == 0:
        real = getattr(Complex(), name)(arb(z.real))
        assert float(real.mid()) == pytest.approx(expected.real, rel=1e-15)


def test_conditions_of_complex_functions_are_on_real_balls():
    xp = Complex()
    assert xp.greater(arb(2), 1) is True
    assert xp.less(arb(2), 1) is False
    assert xp.greater_equal(arb(2), 2) is True
    assert xp.where(xp.not_equal(arb(1), 1), 3, 4) == 4
    assert xp.abs(arb(-2)) == 2
    with pytest.raises(UndecidedError):
        xp.greater(BLURRED, 0)


@pytest.mark.parametrize("name", ["sinh", "sin", "sqrt"])
def test_series_have_the_coefficients_of_taylor(name):
    start = mpf("0.7")
    expected = mpmath.taylor(getattr(mpmath, name), start, 5)
    before, ctx.cap = ctx.cap, 6
    try:
        found = getattr(Series(), name)(arb_series([arb("0.7"), 1])).coeffs()
    finally:
        ctx.cap = before
    assert len(found) == 6
    for a, b in zip(found, expected, strict=True):
        assert float(a.mid()) == pytest.approx(float(b), rel=1e-12)


def test_the_square_root_of_a_ball_among_series():
    assert abs(Series().sqrt(arb(2)) ** 2 - 2) < arb("1e-14")
    assert abs(Series().abs(arb(-3)) - 3) == 0


@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_every_name_of_a_neuron_is_in_the_namespaces_of_balls(name):
    module = catalogue.load(name).module
    text = "".join(inspect.getsource(getattr(module, function)) for function in OF_NEURONS)
    used = set(re.findall(r"\bxp\.(\w+)", text))
    assert "sqrt" in used
    for xp in (Balls(), Complex(), Series()):
        assert [word for word in sorted(used) if not hasattr(xp, word)] == []


def test_comparisons_of_strict_kind():
    assert Balls().less(arb(1), 2) is True
    assert Balls().less(arb(2), 2) is False
    assert Mpmath(mpmath.mp).less(mpf(1), 2) is True
    assert Mpmath(mpmath.mp).less_equal(mpf(2), 2) is True
    for xp in (Balls(), Mpmath(mpmath.mp)):
        assert [xp.logical_or(a, b) for a in (True, False) for b in (True, False)] == [
            True, True, True, False,
        ]  # fmt: skip
    with pytest.raises(UndecidedError):
        Balls().less(BLURRED, 0)


@pytest.mark.parametrize("s", ["-0.3", "0", "0.4"])
@pytest.mark.parametrize("mu", ["-1.2", "0", "0.7"])
def test_a_sine_that_is_not_chosen_is_not_needed(s, mu):
    module = catalogue.load("quadratic").module
    one = module.Neuron(*map(arb, ("0.3", "-0.7", mu, "0.2", "0.5", "1")))
    lazy, plain = (module.entire_place(arb(s), one, z) for z in (Lazy(Balls()), Balls()))
    assert repr(lazy) == repr(plain)


def test_a_sine_is_a_number_wherever_it_is_used():
    lazy, plain = Lazy(Balls()), Balls()
    for name in ("sinh", "sin"):
        later, now = getattr(lazy, name)(arb("0.3")), getattr(plain, name)(arb("0.3"))
        used = [2 * later, later * 2, -later, later**2, 1 / later, lazy.where(True, later / 3, 0)]
        used += [1 + later, later + 1, 1 - later, later - 1]
        known = [
            2 * now,
            now * 2,
            -now,
            now**2,
            1 / now,
            now / 3,
            1 + now,
            now + 1,
            1 - now,
            now - 1,
        ]
        assert repr(used) == repr(known)
