"""The high-precision integrator is right by itself: against an equation with a known solution."""

from __future__ import annotations

import mpmath
import pytest
from mpmath import mp, mpf

from verify.taylor import integrate


@pytest.mark.parametrize("digits", [20, 45])
def test_symmetric_single_neuron_is_a_logistic_function(digits):
    # u = w, all rates 1, x = γ = y = 1: u' = −2 (u² − 1) u, so that u² is logistic.
    u0, time = mpf("0.3"), mpf("0.8")
    ((u, W),) = integrate(
        [u0], [[u0]], [[1]], [1], gamma=1, eta_u=1, eta_w=1, times=[time], digits=digits
    )
    with mp.workdps(digits + 10):
        start = mpmath.mpmathify(u0)
        exact = mpmath.sqrt(1 / (1 + (1 / start**2 - 1) * mpmath.exp(-4 * time)))
        assert abs(u[0] / exact - 1) < mpf(10) ** -digits
        assert abs(W[0][0] / exact - 1) < mpf(10) ** -digits


def test_data_across_the_weights_change_nothing():
    ((u, W),) = integrate(
        [0], [[0, 2]], [[1, 0]], [3], gamma=1, eta_u=1, eta_w=1, times=[5], digits=20
    )
    assert (u, W) == ([0], [[0, 2]])


def test_two_steps_are_one():
    arguments = ([1, -2], [[1, 0.5], [0.25, -1]], [[1, 2], [0.5, 1]], [1, -1])
    rates = {"gamma": 0.5, "eta_u": 0.2, "eta_w": 0.4, "digits": 30}
    once = integrate(*arguments, times=[1], **rates)[-1]
    twice = integrate(*arguments, times=[0.375, 1], **rates)[-1]
    flat = [[*u, *(z for row in W for z in row)] for u, W in (once, twice)]
    for one, two in zip(*flat, strict=True):
        assert abs(one - two) < mpf(10) ** -30 * abs(one)
