"""Elapsed time of the scalar equation against kernels whose integrals are closed."""

from __future__ import annotations

import itertools
import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from numeric.elapsed import Elapsed, Endless, Panel, fit_panels

RATE = 0.7


def sampler(function):
    """A sampler of a function of x, as panels ask for it."""
    return lambda x, ahead: function(x + np.asarray(ahead))


def made(kernel, distance, escape=math.inf, rate=RATE):
    panels, equilibrium = fit_panels(sampler(kernel), distance, escape)
    return Elapsed(panels, equilibrium, rate)


def exponential(distance):
    """K = exp(2x): a = exp(2x*) = 1 + 2 distance, and R = a / (2 + 2 exp(rate a t)/(a − 1))."""
    return made(lambda x: np.exp(2 * x), distance)


def exact_exponential(distance, t):
    """Place and residual at time t."""
    a = 1 + 2 * mpf(distance)
    grown = mpmath.exp(mpf(RATE) * a * mpf(t)) / (a - 1)
    return mpmath.log(a * grown / (1 + grown)) / 2, a / (2 * (1 + grown))


# --- panels ----------------------------------------------------------------------------------------

KERNELS = {
    "exp(2x)": (lambda x: np.exp(2 * x), math.inf, lambda D: math.log1p(2 * D) / 2),
    "1/(1+x)^2": (lambda x: (1 + x) ** -2, math.inf, lambda D: D / (1 - D)),
    "a pole at 1": (lambda x: (1 - x) ** -2, 1.0, lambda D: D / (1 + D)),
    "constant": (lambda x: 3.0 + 0 * x, math.inf, lambda D: D / 3),
    "1/(1+x^2)": (lambda x: 1 / (1 + x**2), math.inf, math.tan),
}


@pytest.mark.parametrize("distance", [1e-9, 0.3, 0.9])
@pytest.mark.parametrize("name", KERNELS)
def test_the_integral_of_the_kernel_reaches_the_distance_at_the_equilibrium(name, distance):
    kernel, escape, crossing = KERNELS[name]
    panels, equilibrium = fit_panels(sampler(kernel), distance, escape)
    assert equilibrium == pytest.approx(crossing(distance), rel=1e-14, abs=0)
    assert panels[0].left == 0
    assert panels[-1].left <= equilibrium <= panels[-1].right
    for before, after in itertools.pairwise(panels):
        assert before.right == after.left
    x = equilibrium * np.linspace(0, 1, 40)
    np.testing.assert_allclose(made(kernel, distance, escape).kernel(x), kernel(x), rtol=2e-14)


@pytest.mark.parametrize("distance", [1e3, 1e6])
def test_an_equilibrium_close_to_a_pole(distance):
    # Distances from a place keep the digits that x has lost there.
    panels, equilibrium = fit_panels(lambda x, ahead: ((1 - x) - ahead) ** -2, distance, 1.0)
    # 1 − x has no more digits than x leaves it: f(x) = x/(1 − x) is that ill conditioned.
    assert 1 - equilibrium == pytest.approx(1 / (1 + distance), rel=1e-15 * distance)
    assert max(panel.right for panel in panels) < 1


@pytest.mark.parametrize("total", [0.5, 1.0])
def test_a_kernel_that_fades_too_early_has_no_equilibrium(total):
    panels, equilibrium = fit_panels(sampler(lambda x: total * np.exp(-x)), 1.01, math.inf)
    assert equilibrium is None
    gained = sum(float(panel.integral(panel.left, panel.right)) for panel in panels)
    assert gained == pytest.approx(total, rel=1e-13)


def test_a_kernel_that_is_zero_at_the_start():
    assert fit_panels(sampler(lambda x: 0 * x), 1.0, math.inf) == ([], None)


@pytest.mark.parametrize("kink", [1 / 3, 0.1, 0.7071])
def test_a_kink_is_found(kink):
    # K = 1 left of the kink and 3 right of it; and K with a corner.
    _, jumped = fit_panels(sampler(lambda x: np.where(x < kink, 1.0, 3.0)), kink + 1.5, math.inf)
    assert jumped == pytest.approx(kink + 0.5, abs=1e-12)
    corner = made(lambda x: 1 + np.abs(x - kink), 2.0)

    def gained(x):
        return x + (kink**2 + (x - kink) * abs(x - kink)) / 2

    assert gained(corner.equilibrium) == pytest.approx(2.0, rel=1e-12)
    x = corner.equilibrium * np.linspace(0, 0.999, 30)
    expected = [2.0 - gained(z) for z in x]
    np.testing.assert_allclose(corner.residual(x), expected, rtol=1e-9)


def test_a_panel_is_its_polynomial():
    panel = Panel(2.0, 5.0, np.polynomial.chebyshev.poly2cheb([1.0, 0.0, 3.0]))
    # z = 2 (x − 2)/3 − 1, value 1 + 3 z².
    assert float(panel(3.5)) == pytest.approx(1.0, rel=1e-15)
    assert float(panel(5.0)) == pytest.approx(4.0, rel=1e-15)
    assert float(panel.integral(2.0, 5.0)) == pytest.approx(6.0, rel=1e-15)
    assert float(panel.integral(3.5, 5.0)) == pytest.approx(3.0, rel=1e-15)


# --- time and place --------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", [1e-6, 0.3, 4.0, 100.0])
def test_places_and_residuals_against_the_closed_form(distance):
    motion = exponential(distance)
    a = 1 + 2 * distance
    for scaled in (1e-6, 0.01, 0.5, 2.0, 10.0, 60.0):
        t = scaled / (RATE * a)
        with mp.workdps(60):
            x, size = map(float, exact_exponential(distance, t))
        found_x, found = motion.place(t)
        assert found_x == pytest.approx(x, rel=2e-14, abs=0)
        assert found == pytest.approx(size, rel=3e-13, abs=0)
        with mp.workdps(60):
            whole = mpmath.log(1 + 2 * mpf(distance)) / 2
            remaining = float(mpmath.log(1 - exact_exponential(distance, t)[0] / whole))
        assert motion.log_distance(t) == pytest.approx(remaining, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("size", [1e-20, 1e-100, 1e-300])
def test_the_residual_keeps_its_digits_however_small_it_is(size):
    motion = exponential(0.3)
    t = math.log(0.3 / size) / (RATE * 1.6)
    with mp.workdps(40):
        expected = exact_exponential(mpf(0.3), t)[1]
        x, found = motion.place(t)
        assert abs(found / expected - 1) < mpf("5e-13")  # e^{rate a t}: t has 53 bits
    assert 0.1 < found / size < 10
    assert x == pytest.approx(motion.equilibrium, rel=1e-15)


def test_the_residual_is_summed_backward():
    motion = exponential(0.3)
    for e in (1e-1, 1e-5, 1e-9):
        x = motion.equilibrium - e
        with mp.workdps(40):
            actual = mpf(motion.equilibrium) - mpf(x)
            a = mpmath.exp(2 * mpf(motion.equilibrium))
            expected = a * (1 - mpmath.exp(-2 * actual)) / 2
            average = expected / actual
        assert float(motion.residual(np.array([x]))[0]) == pytest.approx(float(expected), rel=1e-14)
        if e <= 1e-5:  # within the last stretch
            assert float(motion.slope_average(float(actual))) == pytest.approx(
                float(average), rel=1e-14
            )


def test_residual_and_gain_add_up_to_the_distance():
    motion = exponential(4.0)
    x = motion.equilibrium * np.linspace(0, 1, 50)
    np.testing.assert_allclose(motion.gained(x) + motion.residual(x), 4.0, rtol=1e-14)
    np.testing.assert_allclose(motion.gained(x), np.expm1(2 * x) / 2, rtol=1e-13)


@pytest.mark.parametrize("name", KERNELS)
def test_time_and_place_are_inverse(name):
    kernel, escape, _ = KERNELS[name]
    motion = made(kernel, 0.8, escape)
    for fraction in (1e-8, 0.01, 0.3, 0.77, 0.999, 1 - 1e-6):
        x = motion.equilibrium * fraction
        t = float(motion.time(np.array(x)))
        assert motion.place(t)[0] == pytest.approx(x, rel=1e-13, abs=0)
    for t in (1e-6, 0.1, 0.4, 3.0):
        x, size = motion.place(t)
        if size < 1e-9:  # x has no digits left that tell the time
            continue
        # dt = dx/(rate R): a rounding of x costs this much of t.
        slack = 4e-16 * motion.equilibrium / (RATE * size)
        assert float(motion.time(np.array(x))) == pytest.approx(t, rel=1e-13, abs=slack)


def test_the_ends_of_time():
    motion = exponential(0.3)
    assert motion.place(0.0) == (0.0, pytest.approx(0.3, rel=1e-15))
    assert motion.place(math.inf) == (motion.equilibrium, 0.0)
    assert float(motion.time(np.array(motion.equilibrium))) == math.inf
    assert float(motion.time(np.array(0.0))) == 0.0
    assert motion.kernel_at_equilibrium == pytest.approx(1.6, rel=1e-14)
    x, size = motion.place(1e6)  # exp(−1e6) is zero in float64
    assert (x, size) == (motion.equilibrium, 0.0)


# --- without an equilibrium ------------------------------------------------------------------------

TIMES = [1e-9, 0.3, 7.0, 1e5, 1e20, 1e100, 1e300]


@pytest.mark.parametrize("t", TIMES)
def test_exponential_decay_of_the_residual(t):
    endless = Endless(sampler(lambda x: np.exp(-x)), RATE, 0.1)
    assert endless.place(t) == pytest.approx(math.log1p(RATE * t), rel=1e-13, abs=0)


@pytest.mark.parametrize("power", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("t", TIMES)
def test_algebraic_decay_of_the_residual(t, power):
    endless = Endless(sampler(lambda x: (1 + x) ** -power), RATE, 0.1)
    expected = math.expm1(math.log1p((power + 1) * RATE * t) / (power + 1))
    assert endless.place(t) == pytest.approx(expected, rel=2e-13, abs=0)


@pytest.mark.parametrize("t", TIMES)
def test_a_residual_with_a_limit(t):
    # R = 1 + e^{−x}: rate t = log((1 + e^x)/2).
    endless = Endless(sampler(lambda x: 1 + np.exp(-x)), RATE, 0.1)
    scaled = RATE * t
    expected = scaled + math.log(2 - math.exp(-scaled)) if scaled > 1e-3 else 2 * scaled
    assert endless.place(t) == pytest.approx(expected, rel=2e-9 if scaled < 1e-3 else 1e-13)


def test_times_may_come_in_any_order_and_infinity_too():
    endless = Endless(sampler(lambda x: np.exp(-x)), RATE, 0.1)
    late = endless.place(1e10)
    early = endless.place(1.0)
    assert (late, early) == (
        pytest.approx(math.log1p(RATE * 1e10), rel=1e-13), pytest.approx(math.log1p(RATE), rel=1e-13),
    )  # fmt: skip
    assert endless.place(math.inf) == math.inf
    assert endless.place(0.0) == 0.0
