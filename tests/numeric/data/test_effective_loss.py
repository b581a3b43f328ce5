"""The loss over the data as one of the output, against sums in mpmath."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from numeric import catalogue
from numeric.data.effective_loss import EffectiveLoss

TARGETS = {
    "any number": np.array([0.3, -1.2, 2.0]),
    "-1 or 1": np.array([1.0, -1.0, 1.0]),
    "from 0 to 1": np.array([0.25, 0.9, 1.0]),
}
SCALES = np.array([0.5, 1.25, 2.0])


def over_a_set(name, targets=None):
    module = catalogue.load_loss(name)
    targets = TARGETS[module.TARGETS] if targets is None else np.asarray(targets, dtype=float)
    return EffectiveLoss(module, SCALES, targets, np.full(3, 1 / 3))


@pytest.fixture
def exactly(losses_by_hand):
    """ℒ or a derivative of it, by mpmath and by hand."""

    def value(loss, g, order=0):
        by_hand = losses_by_hand[loss.module.__name__.rpartition(".")[2]]
        terms = list(zip(loss.scales, loss.targets, loss.weights, strict=True))

        def total(at):
            return mpmath.fsum(
                mpmath.mpf(w) * by_hand(mpmath.mpf(c) * at, mpmath.mpf(y)) for c, y, w in terms
            )

        return mpmath.diff(total, mpmath.mpf(g), order) if order else total(mpmath.mpf(g))

    return value


@pytest.mark.parametrize("name", catalogue.losses())
def test_value_slope_and_curvature_of_a_set(name, exactly):
    loss = over_a_set(name)
    with mpmath.workdps(40):
        for g in (-1.7, 0.15, 0.9):
            for order, found in ((0, loss.value), (1, loss.slope), (2, loss.curvature)):
                expected = float(exactly(loss, g, order))
                assert float(found(g)) == pytest.approx(expected, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("name", catalogue.losses())
@pytest.mark.parametrize("start", [-3.0, 4.0])
def test_the_minimum_ahead_is_the_least_and_the_pull_keeps_its_digits(name, start, exactly):
    loss = over_a_set(name)
    ahead = loss.ahead(start)
    assert ahead.sign == (1 if start < ahead.minimum else -1)
    with mpmath.workdps(60):
        least = mpmath.mpf(ahead.minimum)
        for distance in (1e-9, 1e-3, 0.2, 1.1):
            found = float(ahead.pull(distance))
            at = least - ahead.sign * mpmath.mpf(distance)
            # What the minimum's own rounding does to the slope is not the pull's.
            expected = -ahead.sign * (
                exactly(loss, at, 1) - exactly_at_minimum(exactly, loss, ahead)
            )
            assert found == pytest.approx(float(expected), rel=2e-6 if distance < 1e-6 else 1e-9)
            assert float(ahead.value(distance)) == pytest.approx(
                float(exactly(loss, at)), rel=1e-12
            )


@pytest.mark.parametrize("target", [0.07, 0.5, 0.61, 0.9999])
@pytest.mark.parametrize("start", [-30.0, 30.0])
def test_the_pull_of_a_soft_label_keeps_its_digits(target, start, exactly):
    """Its slope is a difference of two terms that are equal at the minimum."""
    ones = np.ones(1)
    loss = EffectiveLoss(catalogue.load_loss("binary_cross_entropy"), ones, ones * target, ones)
    ahead = loss.ahead(start)
    distances = 10.0 ** np.arange(-16, 2)
    with mpmath.workdps(60):
        least = mpmath.mpf(ahead.minimum)
        for distance, found in zip(distances, ahead.pull(distances), strict=True):
            at = least - ahead.sign * mpmath.mpf(distance)
            # What the minimum's own rounding does to the slope is not the pull's.
            expected = abs(exactly(loss, at, 1) - exactly(loss, least, 1))
            assert float(found / expected) == pytest.approx(1, rel=2e-14), distance


@pytest.mark.parametrize("name", ["huber", "log_cosh", "half_square"])
def test_at_the_minimum_nothing_pulls_and_next_to_it_what_is_left(name):
    one = np.ones(1)
    ahead = EffectiveLoss(catalogue.load_loss(name), one, one, one).ahead(-3.0)
    for distance in (0.0, 1e-320, 1e-300, 1e-200):
        assert float(ahead.pull(distance)) == pytest.approx(distance, rel=1e-15, abs=0)


@pytest.mark.parametrize("name", ["logistic", "binary_cross_entropy", "log_cosh"])
def test_the_pull_feels_every_input_however_different_their_scales_are(name, exactly):
    """The slope of an input a thousand times as large changes within a thousandth of the way."""
    module = catalogue.load_loss(name)
    targets = {"from 0 to 1": [0.9, 0.25, 1.0]}.get(module.TARGETS, [1.0, -1.0, 1.0])
    for scale in (0.003, 30.0, 1e3, 1e5):
        scales = np.array([1.0, 1.0, scale])
        loss = EffectiveLoss(module, scales, np.array(targets), np.array([0.6, 0.3, 0.1]))
        ahead = loss.ahead(-5.0)
        distances = np.array([*10.0 ** np.arange(-9.0, 1.0), *np.linspace(0.1, 4.9, 41)])
        with mpmath.workdps(60):
            least = mpmath.mpf(ahead.minimum)
            for distance, found in zip(distances, ahead.pull(distances), strict=True):
                at = least - ahead.sign * mpmath.mpf(distance)
                expected = abs(exactly(loss, at, 1) - exactly(loss, least, 1))
                rounding = scale * np.spacing(abs(float(at)) + abs(ahead.minimum))
                assert float(found / expected) == pytest.approx(1, rel=1e-13 + 4 * rounding)


def exactly_at_minimum(exactly, loss, ahead):
    """The slope at the minimum that float64 has: a rounding, unless the slope jumps there."""
    slope = exactly(loss, ahead.minimum - ahead.sign * mpmath.mpf(10) ** -40, 1)
    return slope if abs(slope) < 1e-12 else 0


@pytest.mark.parametrize(
    ("name", "targets", "end"),
    [
        ("logistic", [1, 1, 1], math.inf), ("logistic", [-1, -1, -1], -math.inf),
        ("exponential", [1, 1, 1], math.inf), ("binary_cross_entropy", [1, 1, 1], math.inf),
        ("binary_cross_entropy", [0, 0, 0], -math.inf),
    ],
)  # fmt: skip
def test_targets_that_agree_have_their_minimum_at_infinity(name, targets, end):
    assert over_a_set(name, targets).ahead(0.1).minimum == end


def test_nothing_is_ahead_where_the_slope_is_zero():
    loss = EffectiveLoss(catalogue.load_loss("hinge"), np.ones(1), np.ones(1), np.ones(1))
    assert loss.ahead(1.5) is None
    assert loss.ahead(0.5).minimum == 1


def test_bends_are_where_a_term_goes_over_to_another_branch():
    loss = EffectiveLoss(
        catalogue.load_loss("huber"), np.array([1.0, 2.0]), np.array([0.0, 4.0]), np.full(2, 0.5)
    )
    ahead = loss.ahead(-5.0)
    outputs = [ahead.minimum - distance for distance in ahead.bends]
    known = {-1.0, 1.0, 1.5, 2.5}
    assert set(np.round(outputs, 12)) == {z for z in known if z < ahead.minimum}
