"""Targets many scales of a loss away: its slope is constant nearly all the way, and bends at the end.

The neurons do not know that scale, and a panel of theirs may hold all of it. Each flow is compared with
an integration of the raw equations, written down here.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import expit

from numeric import GradientFlow

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
