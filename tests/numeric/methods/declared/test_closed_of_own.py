"""Closed forms of networks that are not on the shelf: against equations that are written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled

RATES = {"eta_a": 0.4, "eta_b": 1.1}
TARGETS = np.array([0.3, -1.2, 0.8, 0.5, -0.4])


def inputs():
    return np.linalg.qr(np.random.default_rng(1).normal(size=(5, 2)))[0] * np.sqrt(5)


def model(output, names):
    return Model(
        name="own", title="own", source="own", inputs={"x": ("n",)}, output=output, data="white",
        layers={name: Layer("n", rate=f"eta_{name}") for name in names}, loss="half_square",
        sizes=({"n": 2},),
    )  # fmt: skip


def at(slopes, start, end):
    """θ at the end, from dc/dθ by weights: c is the vector of coefficients."""

    def velocity(_, theta):
        c, by_weight = slopes(theta)
        left = inputs().T @ (inputs() @ c - TARGETS) / 5
        return -np.concatenate([rate * left * slope for rate, slope in by_weight])

    return solve_ivp(velocity, (0, end), start, method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]


def test_frozen_weights_that_multiply_are_those_that_are_given():
    """A closed form for the numbers that were drawn is none."""
    g, start = np.array([2.3, -0.7]), np.array([0.5, -0.3, 0.2, 0.8])
    module = compiled(model(lambda w, x, F: (F.frozen("g", "n") * w.a * w.b) @ x.x, "ab"))
    flow = GradientFlow(
        weights={"a": start[:2], "b": start[2:]}, x=inputs(), y=TARGETS, network=module,
        rates=RATES, frozen={"g": g}, loss="half_square",
    )  # fmt: skip
    assert (module.SOLUTIONS, flow.method) == ({}, "march")
    end = at(
        lambda z: (g * z[:2] * z[2:], [(0.4, g * z[2:]), (1.1, g * z[:2])]), start, 0.5
    )  # fmt: skip
    assert np.abs(np.concatenate([flow.weight("a", 0.5), flow.weight("b", 0.5)]) - end).max() < 1e-9


def test_frozen_weights_that_add_leave_a_closed_form():
    module = compiled(model(lambda w, x, F: (F.frozen("g", "n") + w.a * w.b) @ x.x, "ab"))
    assert list(module.SOLUTIONS) == ["solution_1"]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("names", ["a", "ab"])
def test_squares_of_either_sign_beside_a_layer_that_is_not_seen(sign, names):
    module = compiled(model(lambda w, x, F: (sign * w.a * w.a) @ x.x, names))
    start, other = np.array([0.5, -0.3]), np.array([0.1, 0.2])
    flow = GradientFlow(
        weights=dict(zip(names, (start, other), strict=False)), x=inputs(), y=TARGETS,
        network=module, rates={f"eta_{name}": RATES[f"eta_{name}"] for name in names},
        loss="half_square",
    )  # fmt: skip
    assert flow.method == "explicit"
    end = at(lambda z: (sign * z**2, [(0.4, 2 * sign * z)]), start, 0.7)
    assert np.abs(flow.weight("a", 0.7) - end).max() < 1e-10
    if "b" in names:
        assert np.array_equal(flow.weight("b", 0.7), other)
