"""Neurons that start next to a zero of σ′: whether rounding decides which way they leave it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from numeric.errors import InputError
from numeric.methods.warp import machine

# Zeros of σ′ to rounding, with σ″ > 0 but of the sine.
RESTS = {"gelu": -0.7517915246935645, "swish": -1.2784645427610738, "sine": math.pi / 2}
RATES = {"gamma": 1.0, "eta_u": 1.0, "eta_w": 1.0}
U, Y = 8.0, -60.0


@pytest.fixture(params=["machine", "panels"])
def way(request, monkeypatch):
    """What solves a flow."""
    if request.param == "panels":
        monkeypatch.setattr(machine.Machine, "of", classmethod(lambda *_: None))


def one(network, u, h, y, **more):
    return GradientFlow([u], [[h]], [1.0], y, network=network, **RATES, **more)


def truly(h, times):
    """F of one sine neuron at U, by its distance δ from π/2, which keeps its digits: σ = cos δ."""
    with mp.workdps(40):
        begun = float(mpf(h) - mp.pi / 2)

    def velocity(_, state):
        u, delta = state
        slope = 2 * (Y - u * math.cos(delta))
        return [slope * math.cos(delta), -slope * u * math.sin(delta)]

    found = solve_ivp(
        velocity, (0, times[-1]), [U, begun], "DOP853", times, rtol=1e-13, atol=[1e-13, 1e-30]
    )
    return found.y[0] * np.cos(found.y[1])


@pytest.mark.parametrize("network", RESTS)
def test_what_rounding_decides_is_refused(network, way):
    sign = -1 if network == "sine" else 1
    for h in (RESTS[network], np.nextafter(RESTS[network], 0), RESTS[network] * (1 + 1e-12)):
        with pytest.raises(InputError, match="a zero of σ′ but for its rounding"):
            one(network, 10.0, h, sign * 200.0)


@pytest.mark.parametrize("network", RESTS)
def test_what_is_attracted_or_leaves_in_time_stays(network, way):
    sign = -1 if network == "sine" else 1
    held = one(network, -10.0, RESTS[network], sign * 200.0)
    assert held.W(1.0)[0, 0] == pytest.approx(RESTS[network], rel=1e-12)
    begun = -float(held.output(0.0))
    short = one(network, 10.0, RESTS[network], begun + 0.01 * sign)
    assert short.W(1.0)[0, 0] == pytest.approx(RESTS[network], rel=1e-7)


def test_a_rest_that_float64_holds_is_one(way):
    assert one("power4", 2.0, 0.0, 5.0).W(np.inf)[0, 0] == 0
    assert one("power4", 2.0, 0.1, 5.0).W(np.inf)[0, 0] > 1


@given(st.floats(-9.5, -3), st.sampled_from([-1.0, 1.0]))
@example(-9.5, 1.0)
def test_beside_a_rest_digits_are_those_of_the_distance(power, side):
    h, times = math.pi / 2 + side * 10**power, np.array([1e-3, 3e-3, 1e-2, 2e-2])
    flow, right = one("sine", U, h, Y), truly(h, times)
    error = np.abs(flow.output(times) - right)
    assert np.all(error <= 60 * (1e-12 + 4e-16 / 10**power)), error
