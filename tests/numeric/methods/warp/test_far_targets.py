"""Targets many scales of a loss away: its slope is constant nearly all the way, and bends at the end.

The neurons do not know that scale, and a panel of theirs may hold all of it. Each flow is compared with
an integration of the raw equations, written down here.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import expit, ndtr

from numeric import GradientFlow
from numeric.methods.warp import charts, machine

U, W = np.array([0.5, -0.7, 0.9]), np.array([0.25, 0.9, -0.6])
RATES = {"gamma": 0.8, "eta_u": 0.6, "eta_w": 1.1}
ACTIVATIONS = {
    "linear": (lambda h: h, lambda h: np.ones_like(h)),
    "quadratic": (lambda h: h**2, lambda h: 2 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h**2),
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0) * 1.0),
    "exponential": (np.exp, np.exp),
}
SLOPES = {"log_cosh": lambda f, y: np.tanh(f - y), "square": lambda f, y: 2 * (f - y)}


def raw(network, slope, xs, ys, times):
    """Weights at times, u before w, for inputs x of one dimension."""
    sigma, bent = ACTIVATIONS[network]

    def velocity(t, z):
        u, w = np.split(z, 2)
        H = np.outer(xs, w)
        pulls = -RATES["gamma"] * slope(RATES["gamma"] * sigma(H) @ u, ys) / len(xs)
        return np.concatenate(
            [RATES["eta_u"] * pulls @ sigma(H), RATES["eta_w"] * (pulls * xs) @ (bent(H) * u)]
        )

    start = np.concatenate([U, W])
    return solve_ivp(velocity, (0, times[-1]), start, "DOP853", times, rtol=2e-13, atol=1e-14).y


def furthest(network, loss, slope, xs, ys):
    """How far off the weights are, of their size, from soon after the start to soon before the end."""
    flow = GradientFlow(U, W[:, None], xs[:, None], ys, network=network, loss=loss, **RATES)
    after = flow.time_to_loss(float(flow.loss(0.0)) * np.array([0.9, 0.3, 0.1, 0.01]))
    times = after[np.isfinite(after) & (after > 0)]
    assert times.size
    expected = raw(network, slope, xs, ys, times)
    found = np.concatenate([flow.u(times).T, flow.W(times)[..., 0].T])
    return np.max(np.abs(found - expected).max(axis=0) / np.abs(expected).max(axis=0))


@pytest.mark.parametrize("y", [3.0, 12.0, 40.0, -90.0, 300.0])
@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("network", ACTIVATIONS)
def test_one_target_far_away(network, loss, y):
    assert furthest(network, loss, SLOPES[loss], np.ones(1), np.array([y])) < 2e-11


@pytest.mark.parametrize("scale", [3.0, 12.0, 40.0])
@pytest.mark.parametrize("network", ["linear", "quadratic", "cubic", "relu"])
def test_large_inputs_under_a_loss_of_their_margins(network, scale):
    """Cross-entropy of outputs that are many units apart: its minimum is between saturated terms."""
    xs, ys = scale * np.array([1.0, 0.5, 0.8]), np.array([0.9, 0.4, 0.7])
    slope = lambda f, y: expit(f) - y  # noqa: E731
    assert furthest(network, "binary_cross_entropy", slope, xs, ys) < 2e-11


TIGHT = 3e-14  # of DOP853, whose errors are felt by what is still small
PULSES = {
    "gelu": (
        lambda h: h * ndtr(h),
        lambda h: ndtr(h) + h * math.exp(-h * h / 2) / math.sqrt(2 * math.pi),
    ),
    "softplus": (lambda h: np.logaddexp(0, h), expit),
    "swish": (lambda h: h * expit(h), lambda h: expit(h) * (1 + h * expit(-h))),
}


@pytest.mark.parametrize("size", [1.0, 1e2, 1e3, 1e5])
@pytest.mark.parametrize("network", PULSES)
@pytest.mark.parametrize("is_compiled", [True, False])
def test_a_quick_preactivation_beside_a_large_weight_is_followed(
    network, size, is_compiled, monkeypatch
):
    """All of the bend of σ is passed in a part of the way in which u does not change at all."""
    if not is_compiled:
        monkeypatch.setattr(machine.Machine, "of", classmethod(lambda *_: None))
    sigma, slope = PULSES[network]
    flow = GradientFlow([size], [[0.2]], [1.0], 1e3 * size, network=network)
    t = flow.t_c * np.array([1e-4, 1e-3, 0.1, 1.0])
    s = flow.warped_time(t)
    u, h = solve_ivp(
        lambda _, z: [sigma(z[1]), z[0] * slope(z[1])], (0, s[-1]), [size, 0.2],
        method="DOP853", rtol=TIGHT, atol=0, t_eval=s,
    ).y  # fmt: skip
    np.testing.assert_allclose(flow.W(t)[:, 0, 0], h, rtol=1e-11)
    np.testing.assert_allclose(flow.u(t)[:, 0], u, rtol=1e-11)
    np.testing.assert_allclose(
        flow.output(t), [a * sigma(b) for a, b in zip(u, h, strict=True)], rtol=1e-11
    )


@pytest.mark.parametrize("size", [1e2, 1e3, 1e5])
@pytest.mark.parametrize("network", PULSES)
def test_a_course_that_settles_before_the_first_point_is_seen(network, size, monkeypatch):
    """By the defect of the equation at the start of a panel, whatever width was tried."""
    monkeypatch.setattr(charts, "STRUCTURE", math.inf)
    test_a_quick_preactivation_beside_a_large_weight_is_followed(network, size, False, monkeypatch)


def test_a_preactivation_that_rests_costs_no_panels(monkeypatch):
    """It is where σ′ = 0, with the velocity of its rounding, while |u| grows to 1e9."""
    monkeypatch.setattr(machine.Machine, "of", classmethod(lambda *_: None))
    flow = GradientFlow([-2773.5], [[-0.3434]], [1.0], 2.588e8, network="gelu")
    w = float(flow.W(np.inf)[0, 0])
    assert abs(PULSES["gelu"][1](w)) < 1e-9
    assert float(flow.output(np.inf)) == pytest.approx(2.588e8, rel=1e-12)
