"""Collocation: against solutions in closed form, growing, decaying, stiff, and with a pole."""

from __future__ import annotations

import numpy as np
import pytest

from numeric.methods.warp import collocation

NOTHING = np.zeros(1)


def found(field, start, width):
    """States at the end of a panel, and whether the polynomials are sharp."""
    start = np.array(start, dtype=float)[:, None]
    states = collocation.solve(lambda z, which: field(z), start, width, NOTHING)
    return states[-1, :, 0], collocation.roughness(states, NOTHING) <= 1, states


def pair(a, b):
    return np.stack([a, b], axis=-2)


def saddle(z):
    return pair(z[..., 1, :], z[..., 0, :])


def test_the_points_integrate_polynomials_of_twice_their_degree():
    # Gauss–Radau: the last row of A are its weights, exact up to degree 2s − 2.
    c, weights = collocation.RADAU, collocation._A[-1]
    for k in range(2 * collocation.POINTS - 1):
        assert weights @ c**k == pytest.approx(1 / (k + 1), rel=1e-13)
    assert abs(weights @ c ** (2 * collocation.POINTS - 1) * 2 * collocation.POINTS - 1) > 0


@pytest.mark.parametrize("size", [1e-300, 1e-15, 1.0, 1e100])
@pytest.mark.parametrize("width", [0.01, 1.0, 3.0])
def test_growth_from_any_size(size, width):
    (u, h), sharp, _ = found(saddle, [size, 2 * size], width)
    assert sharp
    assert u / size == pytest.approx(np.cosh(width) + 2 * np.sinh(width), rel=5e-15)
    assert h / size == pytest.approx(2 * np.cosh(width) + np.sinh(width), rel=5e-15)


def test_places_within_the_panel():
    _, _, states = found(saddle, [1.0, -1.0], 2.0)
    places = np.linspace(0, 1, 7)
    slopes = collocation.slopes(states)
    values = collocation.evaluate(slopes, states[0], places)[:, 0, 0]
    # Digits are those of the start, from which it falls.
    np.testing.assert_allclose(values, np.exp(-2.0 * places), rtol=0, atol=2e-15)


def test_what_starts_at_zero_keeps_its_digits_early_on():
    _, _, states = found(saddle, [0.0, 1.0], 2.0)
    places = 10.0 ** np.array([-300.0, -100, -20, -10, -5, -3, -2, -1, 0])
    values = collocation.evaluate(collocation.slopes(states), states[0], places)[:, 0, 0]
    np.testing.assert_allclose(values, np.sinh(2.0 * places), rtol=2e-14)


@pytest.mark.parametrize("rate", [1e2, 1e4, 1e8])
def test_a_stiff_coordinate_follows_the_slow_one(rate):
    # h′ = −rate (h − u), u′ = 1: h = u − 1/rate once the start is forgotten; it starts there.
    def field(z):
        u, h = z[..., 0, :], z[..., 1, :]
        return pair(np.ones_like(u), -rate * (h - u))

    (u, h), sharp, _ = found(field, [1.0, 1 - 1 / rate], 1.0)
    assert sharp
    assert (u, h) == (pytest.approx(2.0, rel=1e-14), pytest.approx(2 - 1 / rate, rel=1e-13))


def test_a_transient_that_is_not_resolved_is_not_sharp():
    def field(z):
        u, h = z[..., 0, :], z[..., 1, :]
        return pair(np.ones_like(u), -1e6 * (h - u))

    assert not found(field, [0.0, 1.0], 1.0)[1]


def test_towards_a_pole_and_over_it():
    # z′ = z²: z = 1/(1 − x).
    def field(z):
        return pair(z[..., 0, :] ** 2, np.zeros_like(z[..., 1, :]))

    (z, _), sharp, _ = found(field, [1.0, 0.0], 0.5)
    assert sharp
    assert z == pytest.approx(2.0, rel=1e-14)
    start = np.array([[1.0], [0.0]])
    over = collocation.solve(lambda z, which: field(z), start, 1.5, NOTHING)
    assert over is None or collocation.roughness(over, NOTHING) > 1


def test_neurons_do_not_know_of_one_another(monkeypatch):
    start = np.random.default_rng(0).standard_normal((2, 7))
    rates = np.arange(1.0, 8.0)

    def field(z, which):
        return saddle(z) * rates[which]

    whole = collocation.solve(field, start, 0.3, np.zeros(7))
    monkeypatch.setattr(collocation, "CHUNK", 3)
    parts = collocation.solve(field, start, 0.3, np.zeros(7))
    # Digits of a coordinate are counted from its largest value on the panel.
    assert np.all(np.abs(parts - whole) <= 4e-15 * np.abs(whole).max(axis=0))
    assert whole[-1, 0, 6] == pytest.approx(
        start[0, 6] * np.cosh(2.1) + start[1, 6] * np.sinh(2.1), rel=1e-13
    )


def test_a_step_of_newton_squares_what_is_left():
    # z′ = z² from 1: z = 1/(1 − x), at the points of a panel of width 0.4.
    points = 0.4 * collocation.RADAU[:, None]
    exact = 1 / (1 - points)
    for off in (1e-2, 1e-3, 1e-4):
        z = exact * (1 + off * points**2)
        swept = 1 + 0.4 * collocation._A @ z**2
        step = swept + collocation.newton(z**2, swept - z)
        assert np.abs(swept / exact - 1).max() > 0.01 * off
        assert np.abs(step / exact - 1).max() < off**2


@pytest.mark.parametrize("width", [0.05, 1.5])
def test_of_many_neurons_fewer_points_are_tried_first(width, monkeypatch):
    start, evaluated = np.random.default_rng(1).standard_normal((2, 300)), []

    def field(z, which):
        evaluated.append(len(z))
        return saddle(z)

    few = collocation.solve(field, start, width, np.zeros(300))
    assert set(evaluated) == {collocation.FEW, collocation.POINTS}
    monkeypatch.setattr(collocation, "MANY", 10**9)
    every = collocation.solve(field, start, width, np.zeros(300))
    assert np.all(np.abs(few - every) <= 4e-15 * np.abs(every).max(axis=0))
    assert evaluated.count(collocation.POINTS) > 4


def test_each_neuron_at_a_place_of_its_own():
    start = np.array([[1.0, -0.5, 2.0], [0.3, 1.0, -1.0]])
    states = collocation.solve(lambda z, which: saddle(z), start, 1.2, np.zeros(3))
    places = np.array([0.1, 0.55, 1.0])
    found = collocation.evaluate_each(collocation.slopes(states), start, places)
    grown, mixed = np.cosh(1.2 * places), np.sinh(1.2 * places)
    expected = [start[0] * grown + start[1] * mixed, start[1] * grown + start[0] * mixed]
    np.testing.assert_allclose(found, expected, rtol=0, atol=4e-15)
