"""The start: units change nothing, laws and y − f(0) are those of the exact input."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric import catalogue
from numeric.methods.warp.start import start
from numeric.methods.warp.units import Rates, fitting

ONE = np.array([1.0])
sizes = st.floats(-80, 80).map(lambda k: 10.0**k)


@settings(max_examples=60, deadline=None)
@given(sizes, sizes, sizes, sizes, sizes, st.sampled_from(["relu", "quadratic", "cubic", "power5"]))
def test_units_are_powers_of_two_that_leave_the_equations(u, h, gamma, eta_u, eta_w, name):
    network, rates = catalogue.load(name), Rates(gamma, eta_u, eta_w, 2.5)
    units = fitting(network, rates, np.array([u]), np.array([h]))
    scaled_u, scaled_h = units.scaled(np.array([u]), np.array([h]))
    assert max(scaled_u[0], scaled_h[0]) <= 1
    np.testing.assert_array_equal(units.given(scaled_u, scaled_h), [[u], [h]])
    # In logarithms, what would overflow: the velocities and the output are the given ones.
    beta, given = network.ray_degree, units.parameters
    with mpmath.workdps(30):
        exact = [mpmath.mpf(z) for z in (u, h, gamma, eta_u, eta_w)]
        scaled = [
            mpmath.mpf(float(z)) for z in (scaled_u[0], scaled_h[0], given.gamma, given.eta_u)
        ]
        two = mpmath.mpf(2)
        assert exact[0] * exact[1] ** beta * exact[2] == (
            scaled[0] * scaled[1] ** beta * scaled[2] * two**units.f
        )
        moved = scaled[3] * scaled[2] * scaled[1] ** beta  # dû/dx̂
        if moved > mpmath.mpf(2) ** -1000:  # else η̂_u may underflow: u does not move
            assert moved * two ** (units.u - units.x) == exact[3] * exact[2] * exact[1] ** beta
        other = (
            mpmath.mpf(given.eta_w) * mpmath.mpf(given.rho_2) * scaled[0] * scaled[1] ** (beta - 1)
        )
        other *= scaled[2]
        assert other * two ** (units.h - units.x) == (
            exact[4] * mpmath.mpf(2.5) * exact[0] * exact[1] ** (beta - 1) * exact[2]
        )


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "quadratic", "cubic", "power9"])
@pytest.mark.parametrize("size", [1e-200, 1.0, 1e20])
def test_laws_are_those_of_the_exact_input(name, size):
    network = catalogue.load(name)
    beta = network.ray_degree
    for step in range(-3, 4):
        h = math.sqrt(beta) * size
        for _ in range(abs(step)):
            h = math.nextafter(h, math.inf if step > 0 else 0.0)
        begun = start(
            network, Rates(1.0, 1.0, 1.0, 1.0), np.array([size]), np.array([[h]]), ONE, 0.0
        )
        exact = Fraction(size) ** 2 - Fraction(h) ** 2 / beta
        scaled = exact / Fraction(2) ** (2 * begun.units.u)
        assert begun.law[0] == pytest.approx(float(scaled), rel=1e-15, abs=0)


@pytest.mark.parametrize("name", ["tanh", "erf", "softplus", "gelu", "cubic"])
def test_a_residual_that_cancels_has_its_digits(name):
    network, rates = catalogue.load(name), Rates(0.5, 1.0, 1.0, 1.0)
    u, h = 0.7, 1.3
    module, given = network.module, network.parameters(*rates)
    y = float(module.output(u, h, given))
    begun = start(network, rates, np.array([u]), np.array([[h]]), ONE, y)
    with mpmath.workdps(40):
        sigma = {
            "tanh": mpmath.tanh, "erf": mpmath.erf, "cubic": lambda z: z**3,
            "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
            "gelu": lambda z: z * mpmath.ncdf(z),
        }[name]  # fmt: skip
        exact = mpmath.mpf(y) - mpmath.mpf(0.5) * mpmath.mpf(u) * sigma(mpmath.mpf(h))
        assert abs(exact) < 1e-15
        assert begun.residual == pytest.approx(float(exact), rel=1e-12, abs=0)


@pytest.mark.parametrize("network", ["cubic", "relu", "tanh"])
def test_rows_of_weights_have_the_units_of_each_row(network):
    """Zeros and the whole range of float64 included."""
    draw = np.random.default_rng(3)
    loaded = catalogue.load(network)
    rates = Rates(gamma=3e-5, eta_u=0.7, eta_w=2e4, rho_2=11.0)
    u, h = (10 ** draw.uniform(-300, 300, (40, 3)) * draw.choice([0, 1, -1], (40, 3)) for _ in "uh")
    u[0], h[1], u[2], h[2] = 0.0, 0.0, 0.0, 0.0
    rows = fitting(loaded, rates, u, h)
    for k in range(40):
        one = fitting(loaded, rates, u[k], h[k])
        for name in ("u", "h", "x", "f"):
            assert np.broadcast_to(getattr(rows, name), (40, 1))[k, 0] == getattr(one, name)
        for many, alone in zip(rows.parameters, one.parameters, strict=True):
            assert np.broadcast_to(many, (40, 1))[k, 0] == alone
