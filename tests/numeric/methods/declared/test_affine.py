"""Networks that are affine in their weights: the matrix exponential against the raw equations."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from numeric import GradientFlow, catalogue
from numeric.methods.declared import affine
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled

TIME = 1.3
W = Layer("m", "n", rate="eta_W")


def own(layers, output, inputs=None, sizes=({"n": 2, "m": 2},)):
    return Model(
        name="own", title="own", source="own", layers=layers, output=output, sizes=sizes,
        inputs={"x": ("n",)} if inputs is None else inputs,
    )  # fmt: skip


MODELS = {
    "regression": own(
        {"W": W, "b": Layer("m", rate="eta_b")}, lambda w, x, F: w.W @ x.x + w.b
    ),
    "random features": own(
        {"w": Layer("m", rate="eta_W")},
        lambda w, x, F: w.w @ F.tanh(F.frozen("A", "m", "n") @ x.x) + x.x @ x.x,
    ),
    "used twice": own(
        {"W": Layer("n", "n", rate="eta_W")}, lambda w, x, F: w.W @ x.x - 3 * (w.W.T @ x.x),
        sizes=({"n": 2},),
    ),
    "convolution": own(
        {"w": Layer("k", rate="eta_W")}, lambda w, x, F: F.conv1d(w.w, x.x),
        {"x": ("n",)}, ({"n": 4, "k": 2},),
    ),
    "features that are products": own(
        {"w": Layer("n", rate="eta_W"), "b": Layer(rate="eta_b")},
        lambda w, x, F: w.w @ (x.x * F.relu(x.x)) + 2 * w.b, sizes=({"n": 2},),
    ),
}  # fmt: skip
BY_HAND = {
    "regression": lambda w, x, A: x @ w["W"].T + w["b"],
    "random features": lambda w, x, A: torch.tanh(x @ A.T) @ w["w"] + (x * x).sum(1),
    "used twice": lambda w, x, A: x @ w["W"].T - 3 * x @ w["W"],
    "convolution": lambda w, x, A: x.unfold(1, len(w["w"]), 1) @ w["w"],
    "features that are products": lambda w, x, A: (x * torch.relu(x)) @ w["w"] + 2 * w["b"],
}
RATES = {"eta_W": 0.4, "eta_b": 0.15}
SIZES = {"n": 5, "m": 3, "k": 3}


@cache
def module_of(name):
    return compiled(MODELS[name])


class Problem:
    """At sizes that are none of the declaration's.

    Args:
        name: of the network.
        points: few, and more equations than weights are open; many, and they are in conflict.
    """

    def __init__(self, name, points, seed, **more):
        draw = np.random.default_rng(seed).normal
        self.name, self.model, self.more = name, MODELS[name], more
        self.weights = {
            z: draw(size=[s.at(SIZES) for s in layer.shape])
            for z, layer in self.model.layers.items()
        }
        self.x, self.A = draw(size=(points, 5)), draw(size=(3, 5))
        self.y = draw(size=self.outputs(self.weights).shape)

    def outputs(self, weights):
        tensors = {z: torch.as_tensor(array) for z, array in weights.items()}
        return BY_HAND[self.name](tensors, torch.tensor(self.x), torch.tensor(self.A))

    def flow(self, **more):
        rates = {layer.rate: RATES[layer.rate] for layer in self.model.layers.values()}
        frozen = {"A": self.A} if self.name == "random features" else None
        return GradientFlow(
            weights=self.weights, x=self.x, y=self.y, network=module_of(self.name), rates=rates,
            frozen=frozen, **self.more, **more,
        )  # fmt: skip

    def split(self, theta):
        found, place = {}, 0
        for z, array in self.weights.items():
            found[z] = torch.tensor(theta[place : place + array.size].reshape(array.shape))
            place += array.size
        return found

    def velocity(self, _, theta):
        tensors = {z: one.requires_grad_() for z, one in self.split(theta).items()}
        half = 0.5 if self.more.get("loss") == "half_square" else 1.0
        by_point = half * ((self.outputs(tensors) - torch.tensor(self.y)) ** 2).sum()
        points = 1 if self.more.get("reduction") == "sum" else len(self.x)
        (by_point / points).backward()
        rates = (RATES[layer.rate] for layer in self.model.layers.values())
        return np.concatenate(
            [-r * one.grad.numpy().ravel() for r, one in zip(rates, tensors.values(), strict=True)]
        )


@pytest.mark.parametrize("points", [1, 2, 9])
@pytest.mark.parametrize("name", MODELS)
def test_it_is_the_flow_of_the_raw_equations(name, points):
    """Against scipy on gradients by torch, where J has fewer rows than columns, and more."""
    more = {1: {}, 2: {"loss": "half_square"}, 9: {"reduction": "sum"}}[points]
    problem = Problem(name, points, points, **more)
    flow = problem.flow()
    assert (flow.method, flow.why) == ("explicit", "linear: a closed form")
    start = np.concatenate([array.ravel() for array in problem.weights.values()])
    way = solve_ivp(
        problem.velocity, (0, TIME), start, method="DOP853", rtol=1e-12, atol=1e-13
    )  # fmt: skip
    found = np.concatenate([array.ravel() for array in flow.weights(TIME).values()])
    assert np.abs(found - way.y[:, -1]).max() <= 1e-10
    outputs = problem.outputs(problem.split(way.y[:, -1])).numpy()
    np.testing.assert_allclose(flow.output(TIME), outputs, rtol=0, atol=1e-9)
    np.testing.assert_allclose(flow.residual(TIME), outputs - problem.y, rtol=0, atol=1e-9)
    scale = (0.5 if points == 2 else 1.0) * (1 if points == 9 else 1 / points)
    assert flow.loss(TIME) == pytest.approx(scale * np.sum((outputs - problem.y) ** 2), rel=1e-8)


def test_it_ends_at_the_least_squares_that_are_next_to_the_start():
    """With rates, the start's distance is in their measure."""
    problem = Problem("regression", 2, 5)
    flow = problem.flow()
    late = flow.weights([1e300, math.inf])
    assert np.array_equal(late["W"][0], late["W"][1])
    assert flow.limit_kind == "target"
    left = problem.y - problem.outputs(problem.weights).numpy()
    rows = np.hstack([problem.x * math.sqrt(RATES["eta_W"]), np.full((2, 1), math.sqrt(0.15))])
    step = np.linalg.lstsq(rows, left, rcond=None)[0]
    moved = late["W"][1] - problem.weights["W"]
    np.testing.assert_allclose(moved, math.sqrt(RATES["eta_W"]) * step[:5].T, atol=1e-12)
    assert Problem("regression", 30, 5).flow().limit_kind == "stationary"


def test_residuals_keep_their_digits():
    """One point and one output: an exponential, to the end of float64."""
    problem = Problem("random features", 1, 3)
    flow = problem.flow()
    features = np.tanh(problem.A @ problem.x[0])
    rate = 2 * RATES["eta_W"] * float(features @ features)
    start = float(flow.residual(0.0)[0])
    for t in (1.0, 100.0 / rate, 600.0 / rate):
        assert flow.residual(t)[0] == pytest.approx(start * math.exp(-rate * t), rel=1e-12, abs=0)


def test_residuals_of_several_points_keep_them_too():
    """What is left last falls by the least singular value, where all can be fitted."""
    problem = Problem("random features", 2, 4)
    flow = problem.flow()
    features = np.tanh(problem.x @ problem.A.T) * math.sqrt(RATES["eta_W"])
    rate = float(np.linalg.svd(features)[1][-1]) ** 2  # the mean of squares has half of twice that
    late = flow.residual([100 / rate, 200 / rate])
    np.testing.assert_allclose(late[1], late[0] * math.exp(-100), rtol=1e-10)
    assert flow.loss(100 / rate) == pytest.approx(np.mean(late[0] ** 2), rel=1e-12, abs=0)


def test_points_that_are_the_same_but_for_rounding_are_in_conflict():
    """Their difference is none that weights are to learn, however late."""
    problem = Problem("regression", 4, 6)
    problem.x = np.multiply.outer(np.array([1.0, 0.1, 0.3, 0.7]), problem.x[0]) / 0.7
    problem.model, problem.y = MODELS["regression"], np.random.default_rng(0).normal(size=(4, 3))
    singular = np.linalg.svd(np.hstack([problem.x, np.ones((4, 1))]))[1]
    assert 0 < singular[2] < 1e-15
    late = problem.flow().weights(math.inf)
    assert max(np.abs(array).max() for array in late.values()) < 10


def test_other_losses_and_networks_that_are_too_large_are_integrated(monkeypatch):
    problem = Problem("regression", 3, 0)
    assert problem.flow(loss="quartic").method == "march"
    assert "the loss is no square" in affine.Affine(problem.flow(loss="quartic").problem).lacks
    exact = problem.flow(method="march")
    assert exact.method == "march"
    monkeypatch.setattr(affine, "MOST", 18 * 9 - 1)
    assert "are too many for a Jacobian" in affine.Affine(exact.problem).lacks
    monkeypatch.setattr(affine, "MOST", 18 * 9)
    assert affine.Affine(exact.problem).lacks == ""


def test_which_networks_are_affine_is_read_off_the_graph():
    for name in MODELS:
        assert module_of(name).AFFINE
    for name in ("lora", "relu", "softmax_attention", "squared_diagonal", "experts"):
        assert not catalogue.load_declared(name).AFFINE
