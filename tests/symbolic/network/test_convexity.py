"""Every loss is convex, with the slope, minimum and multiple of the square that are claimed."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
import sympy

from symbolic import losses, models
from symbolic.network import convexity
from symbolic.network.losses import Loss, Targets
from symbolic.notation.symbols import f, y
from symbolic.proof.certificate import CertificateError, DoesNotApply

POINTS = {
    Targets.REAL: [("1/3", "-2"), ("5/2", "1/2"), ("-7/2", "2/5"), ("3/4", "1/2")],
    Targets.SIGNS: [("1/3", "1"), ("1/3", "-1"), ("-5/2", "1"), ("5/2", "1")],
    Targets.PROBABILITIES: [("1/3", "0"), ("-4/3", "1"), ("2", "1/4"), ("-3", "1/4")],
}


@pytest.fixture(params=losses.names())
def record(request):
    return convexity.derive(replace(models.load("linear"), loss=losses.load(request.param)))


def points(loss):
    return [tuple(map(sympy.Rational, point)) for point in POINTS[loss.targets]]


def number(value):
    return mpmath.mpf(sympy.N(value, 40))


def test_every_loss_is_written_by_hand(losses_by_hand):
    assert set(losses_by_hand) == set(losses.names())


def test_value_slope_and_curvature_are_those_of_the_definition(record, losses_by_hand):
    loss = record.model.loss
    by_hand = losses_by_hand[loss.name]
    with mpmath.workdps(40):
        for output, target in points(loss):
            at, y_ = number(output), number(target)
            value = number(loss(output, target))
            assert mpmath.almosteq(value, by_hand(at, y_), 1e-30)
            here = {f: output, y: target}
            for order, found in ((1, record.slope), (2, record.curvature)):
                expected = mpmath.diff(lambda z: by_hand(z, y_), at, order)  # noqa: B023
                assert abs(number(found.subs(here)) - expected) < 1e-12


def test_the_minimum_is_where_the_loss_is_least(record):
    loss = record.model.loss
    for _, target in points(loss):
        for place in record.minimum:
            at = place.subs(y, target)
            if at.is_finite:
                near = [
                    loss(at + step, target)
                    for step in (sympy.Rational(-1, 9), sympy.Rational(1, 9))
                ]
                assert all(number(value) >= number(loss(at, target)) for value in near)
    without = {"logistic", "exponential"}
    assert bool(record.minimum) == (loss.name not in without)


def test_only_squares_are_multiples_of_the_square(record):
    factors = {"square": 1, "half_square": sympy.Rational(1, 2)}
    assert record.factor == factors.get(record.model.loss.name)


@pytest.mark.parametrize(
    "value",
    [
        lambda f, y: -((f - y) ** 2), lambda f, y: sympy.sin(f - y),
        lambda f, y: sympy.log(1 + (f - y) ** 2),
    ],
    ids=["concave", "sine", "curved both ways"],
)  # fmt: skip
def test_a_loss_that_is_not_found_to_be_convex_is_refused(value):
    model = replace(models.load("linear"), loss=Loss(name="own", title="own", value=value))
    with pytest.raises(DoesNotApply, match="not found to be convex"):
        convexity.derive(model)


def test_branches_whose_slope_falls_are_refused():
    """Convex on each branch, and not as a whole."""
    bent = Loss(
        name="bent",
        title="bent",
        value=lambda f, y: sympy.Piecewise((y - f, f < y), (3 * (y - f), True)),
    )
    with pytest.raises(CertificateError, match="the slope falls by -2"):
        convexity.derive(replace(models.load("linear"), loss=bent))


def test_an_unknown_loss_is_answered_with_the_nearest():
    with pytest.raises(losses.UnknownLossError, match="'logistic', perhaps"):
        losses.load("logistics")
