"""Elapsed time by Gauss and Legendre against that by Taylor series, which share no bound."""

from __future__ import annotations

import pytest
from flint import acb, arb, ctx

from numeric.cases import case as cases
from numeric.methods.warp import ball_quadrature
from numeric.methods.warp.analytic import Analytic
from numeric.methods.warp.ball_elapsed import Panels, QuadratureFirst, Series, elapsed_time
from numeric.methods.warp.ball_motion import Equilibrium
from numeric.methods.warp.ball_neurons import complex_xp
from numeric.methods.warp.ball_quadrature import Quadrature
from numeric.namespaces import UndecidedError

BITS = 256
COORDINATES = ("1e-20", "0.3", "3", "0.29999", "0.3000000000001", "40", "400")


@pytest.fixture(autouse=True)
def _precision():
    before, ctx.prec = ctx.prec, BITS
    yield
    ctx.prec = before


def motion(beta, loss, y="0.6", u=("0.5", "-0.7"), h=("0.25", "0.9")):
    return cases.parse(
        {
            "beta": beta, "gamma": "0.8", "eta_u": "0.6", "eta_w": "1.1", "x": ["1"], "y": y,
            "u0": list(u), "W0": [[z] for z in h], "loss": loss,
        }
    ).exact()._motion()  # fmt: skip


@pytest.mark.parametrize(
    ("beta", "loss"),
    [(2, "square"), (3, "half_square"), (1, "log_cosh"), (2, "log_cosh")],
)
def test_it_is_what_the_series_say(beta, loss):
    given = motion(beta, loss)
    assert isinstance(given, Equilibrium)
    assert Quadrature.serves(given)
    one, other = Quadrature(given), Series(given, given.near)
    for coordinate in (arb(arb(z).mid()) for z in COORDINATES):  # there and back
        by_quadrature, by_series = one(coordinate), other(coordinate)
        assert by_quadrature.overlaps(by_series)
        assert by_quadrature.rel_accuracy_bits() > BITS - 40
        assert by_series.rel_accuracy_bits() > BITS - 72  # at 1e-20 a panel's middle cancels
        assert (1 / given.rate_of_coordinate(coordinate, arb(1))).overlaps(
            other.slowness(coordinate)
        )
        assert given.slowness(coordinate).overlaps(other.slowness(coordinate))


def test_the_bound_holds_what_it_bounds():
    given = motion(2, "log_cosh")
    for middle in map(arb, ("0.2", "2", "2.2", "6", "30")):
        around = given.slowness_around(acb(arb(middle, "0.01"), arb(0, "0.01")))
        assert around.is_finite()
        aside = acb(middle, "0.008")  # where the formula of the neurons is no less exact
        e, x = given.x * (-aside).exp(), -given.x * (-aside).expm1()
        known = e / given.way.pull(given.neurons.gained(x, given.sign, complex_xp))
        assert given.slowness_around(aside).contains(known)
        for off in ("-0.01", "-0.003", "0.007", "0.01"):
            assert given.slowness(middle + arb(off)) in around.real


def test_many_times_are_answered_by_panels_and_other_ends_never_by_it():
    given = motion(2, "square")
    assert isinstance(elapsed_time(given, 3), QuadratureFirst)
    assert isinstance(elapsed_time(given, 100), Series)
    assert isinstance(elapsed_time(motion(2, "logistic", y="1"), 3), Panels)
    assert not Quadrature.serves(motion(2, "huber", y="7"))
    assert not Quadrature.serves(motion(2, "binary_cross_entropy"))


def test_what_is_raised_on_the_way_is_raised_and_what_is_undecided_is_looked_at_closer(monkeypatch):
    given = motion(2, "square")
    known, asked = Quadrature(given)(arb(3)), []

    def stops(place):
        raise KeyboardInterrupt

    def undecided(place):
        asked.append(place)
        if len(asked) == 1:
            raise UndecidedError
        return Equilibrium.slowness_around(given, place)

    monkeypatch.setattr(given, "slowness_around", undecided)
    assert Quadrature(given)(arb(3)).overlaps(known)
    monkeypatch.setattr(given, "slowness_around", stops)
    with pytest.raises(KeyboardInterrupt):
        Quadrature(given)(arb(3))


def test_what_a_quadrature_does_not_tell_series_do(monkeypatch):
    given = motion(2, "square")
    monkeypatch.setattr(ball_quadrature, "MOST", 0)
    cut_off, known = Quadrature(given)(arb(3)), Series(given, given.near)(arb(3))
    assert cut_off.rel_accuracy_bits() < BITS // 2
    either = QuadratureFirst(given)
    assert either(arb(3)).overlaps(known)
    assert either(arb(3)).rel_accuracy_bits() > BITS - 40


@pytest.mark.parametrize("name", ["sqrt", "log", "log1p", "atan"])
def test_no_function_is_taken_for_analytic_on_its_cut(name):
    cut = {"sqrt": acb(-2), "log": acb(-2), "log1p": acb(-3), "atan": acb(0, 2)}[name]
    wide = cut + acb(arb(0, "0.5"), arb(0, "0.5"))
    assert not getattr(Analytic(), name)(wide).is_finite()
    assert getattr(Analytic(), name)(acb(2, 1)).is_finite()
