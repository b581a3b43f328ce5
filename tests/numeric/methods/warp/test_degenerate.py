"""Starts on the edge between two kinds of orbit: E = 0 exactly, h = 0 or u = 0.

Which neurons grow is decided by signs there, and a wrong sign sends the flow past its target. Each is
compared with an integration of the raw equations of the weights, written down here.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric import GradientFlow

TIMES = np.array([0.1, 1.5, 40.0])
ACTIVATIONS = {
    "linear": (lambda h: h, lambda h: np.ones_like(h)),
    "quadratic": (lambda h: h**2, lambda h: 2 * h),
    "cubic": (lambda h: h**3, lambda h: 3 * h**2),
    "power4": (lambda h: h**4, lambda h: 4 * h**3),
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0).astype(float)),
    "leaky_relu": (lambda h: np.where(h > 0, h, h / 100), lambda h: np.where(h > 0, 1.0, 0.01)),
}
SLOPES = {
    "square": lambda f, y: 2 * (f - y),
    "logistic": lambda f, y: -y / (1 + np.exp(y * f)),
    "log_cosh": lambda f, y: np.tanh(f - y),
    "huber": lambda f, y: np.clip(f - y, -1, 1),
    "quartic": lambda f, y: 4 * (f - y) ** 3,
}
DEGREE = {"quadratic": 2, "cubic": 3, "power4": 4}
STARTS = [
    (1, 1),
    (1, -1),
    (-1, 1),
    (-1, -1),
    (1, 0),
    (0, 1),
    (0, -1),
]  # of (u, h), in units of 0.75


def raw(network, loss, u, h, y):
    """Outputs Σᵢ uᵢ σ(hᵢ) at `TIMES`, for the input 1 and η_u = β, η_w = 1."""
    sigma, bent = ACTIVATIONS[network]
    rate = DEGREE.get(network, 1)

    def velocity(t, z):
        u, h = np.split(z, 2)
        pull = -SLOPES[loss](u @ sigma(h), y)
        return np.concatenate([rate * pull * sigma(h), pull * u * bent(h)])

    found = solve_ivp(velocity, (0, TIMES[-1]), [*u, *h], method="DOP853", t_eval=TIMES, rtol=1e-12,
                      atol=1e-13)  # fmt: skip
    u, h = np.split(found.y, 2)
    return np.sum(u * sigma(h), axis=0)


@pytest.mark.parametrize("loss", SLOPES)
@pytest.mark.parametrize("network", ACTIVATIONS)
@pytest.mark.slow
def test_neurons_between_two_kinds_of_orbit_follow_the_raw_equations(network, loss):
    chosen = [(one,) for one in STARTS] + list(itertools.combinations(STARTS, 2))
    for neurons, y in itertools.product(chosen, (1.0, -1.0)):
        u, h = 0.75 * np.array(neurons, dtype=float).T
        flow = GradientFlow(u, h[:, None], [1.0], y, network=network, loss=loss,
                            eta_u=DEGREE.get(network, 1))  # fmt: skip
        expected = raw(network, loss, u, h, y)
        off = np.abs(flow.output(TIMES) - expected) / np.maximum(np.abs(expected), 1)
        assert off.max() < 1e-9, (neurons, y)
