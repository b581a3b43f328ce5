"""Declared networks that are neurons of one activation: exact flows against the raw equations."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from numeric.errors import InputError
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled

TIME = 0.7
AGREED = 2e-9  # of the largest weight; DOP853 keeps about 1e-11 a step

LINE = {"x": ("n",)}


def own(name, layers, output, inputs=LINE, sizes=({"n": 2, "h": 2},)):
    return Model(
        name=name, title=name, source="own", layers=layers, inputs=inputs, output=output, sizes=sizes
    )  # fmt: skip


U, W = Layer("h", rate="eta_u"), Layer("h", "n", rate="eta_w")
MODELS = {
    "bias": own(
        "bias", {"W": W, "u": U, "b": Layer("h", rate="eta_w")},
        lambda w, x, F: -2 * (w.u @ F.tanh(3 * (w.W @ x.x) + w.b)),
    ),
    "transposed": own(
        "transposed", {"W": Layer("n", "h", rate="eta_w"), "u": Layer("h", "m", rate="eta_u")},
        lambda w, x, F: F.swish(x.x @ w.W) @ w.u, sizes=({"n": 2, "h": 2, "m": 3},),
    ),
    "power": own("power", {"u": U, "W": W}, lambda w, x, F: -(w.u @ (w.W @ x.x) ** 4)),
    "cubic": own("cubic", {"u": U, "W": W}, lambda w, x, F: 2 * (w.u @ (w.W @ x.x) ** 3)),
    "linear": own("linear", {"u": U, "W": W}, lambda w, x, F: w.u @ (w.W @ x.x)),
    "relu": own("relu", {"u": U, "W": W}, lambda w, x, F: w.u @ F.relu(-(w.W @ x.x))),
    "scalar": own(
        "scalar", {"w": Layer(rate="eta_w"), "u": Layer(rate="eta_u")},
        lambda w, x, F: w.u * F.softplus(w.w * x.x), {"x": ()}, ({},),
    ),
}  # fmt: skip
BY_HAND = {
    "bias": lambda w, x: -2 * torch.tanh(3 * x @ w["W"].T + w["b"]) @ w["u"],
    "transposed": lambda w, x: (torch.nn.functional.silu(x @ w["W"]) @ w["u"])[:, 0],
    "power": lambda w, x: -((x @ w["W"].T) ** 4) @ w["u"],
    "cubic": lambda w, x: 2 * (x @ w["W"].T) ** 3 @ w["u"],
    "linear": lambda w, x: x @ w["W"].T @ w["u"],
    "relu": lambda w, x: torch.relu(-x @ w["W"].T) @ w["u"],
    "scalar": lambda w, x: torch.nn.functional.softplus(w["w"] * x) * w["u"],
}
LOSSES = {
    "square": lambda f, y: (f - y) ** 2,
    "logistic": lambda f, y: torch.nn.functional.softplus(-f * y),
    "quartic": lambda f, y: (f - y) ** 4,
    "huber": lambda f, y: torch.nn.functional.huber_loss(f, y, reduction="none"),
}
ON_A_LINE = ("power", "cubic", "linear")  # else one point: no σ(c h) = c^β σ(h)
RATES = {"eta_u": 0.7, "eta_w": 0.2}


@cache
def module_of(name):
    return compiled(MODELS[name])


class Problem:
    """Weights of all signs, at sizes that are none of the declaration's."""

    def __init__(self, name, width, loss, seed):
        draw = np.random.default_rng(seed).normal
        sizes = {"h": width, "n": 3, "m": 1}
        self.name, self.loss, self.model = name, loss, MODELS[name]
        self.weights = {
            z: 0.6 * draw(size=[s.at(sizes) for s in layer.shape])
            for z, layer in self.model.layers.items()
        }
        along = draw(size=[] if name == "scalar" else 3)
        along = along / np.linalg.norm(along)
        a = np.array([1.0, -0.6, 0.4]) if name in ON_A_LINE else np.ones(1)
        self.x = np.multiply.outer(a, along)
        self.y = np.sign(draw(size=len(a))) if loss == "logistic" else draw(size=len(a))

    def flow(self, **more):
        return GradientFlow(
            weights=self.weights, x=self.x, y=self.y, network=module_of(self.name), rates=RATES,
            loss=self.loss, **more,
        )  # fmt: skip

    def velocity(self, _, theta):
        """By autograd of what is written by hand."""
        tensors, place = {}, 0
        for z, array in self.weights.items():
            part = theta[place : place + array.size].reshape(array.shape)
            tensors[z], place = torch.tensor(part, requires_grad=True), place + array.size
        outputs = BY_HAND[self.name](tensors, torch.tensor(self.x))
        LOSSES[self.loss](outputs, torch.tensor(self.y)).mean().backward()
        return np.concatenate(
            [
                -RATES[self.model.layers[z].rate] * one.grad.numpy().ravel()
                for z, one in tensors.items()
            ]
        )

    def integrated(self, t):
        start = np.concatenate([array.ravel() for array in self.weights.values()])
        return solve_ivp(  # its own first step leaves float64 where weights change fast
            self.velocity, (0, t), start, method="DOP853", rtol=1e-12, atol=1e-13, first_step=1e-8
        ).y[:, -1]


@pytest.mark.parametrize(
    ("number", "name", "loss"),
    [(k, *pair) for k, pair in enumerate(itertools.product(MODELS, LOSSES))],
)
def test_the_exact_flow_is_that_of_the_raw_equations(number, name, loss):
    """At widths from 1, weights of all signs, unequal rates: against scipy on gradients by torch."""
    problem = Problem(name, 1 if name == "scalar" else 1 + number % 4, loss, number)
    flow = problem.flow()
    explicit = name == "linear" and loss == "square"
    assert flow.method == ("explicit" if explicit else "warp")
    there = problem.integrated(TIME)
    found = np.concatenate([array.ravel() for array in flow.weights(TIME).values()])
    assert np.abs(found - there).max() <= AGREED * np.abs(there).max()
    tensors, place = {}, 0
    for z, array in problem.weights.items():
        tensors[z] = torch.tensor(there[place : place + array.size].reshape(array.shape))
        place += array.size
    output = BY_HAND[name](tensors, torch.tensor(problem.x))
    scale = 1 + float(output.abs().max())
    np.testing.assert_allclose(flow.output(TIME).ravel(), output, rtol=0, atol=1e-7 * scale)
    left = flow.output(TIME) - problem.y.reshape(flow.output(TIME).shape)
    np.testing.assert_allclose(flow.residual(TIME), left, rtol=0, atol=1e-9 * scale)
    loss_there = float(LOSSES[loss](output, torch.tensor(problem.y)).mean())
    assert float(flow.loss(TIME)) == pytest.approx(loss_there, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_it_is_there_at_any_time_and_starts_at_the_start(name):
    problem = Problem(name, 3 if name != "scalar" else 1, "square", 40)
    flow = problem.flow()
    late = flow.weights([0.0, 1e300, math.inf])
    for z, array in problem.weights.items():
        assert np.array_equal(late[z][0], array)
        np.testing.assert_allclose(late[z][1], late[z][2], rtol=1e-12)
    assert flow.loss(1e300) == pytest.approx(float(flow.loss(math.inf)), rel=1e-9, abs=1e-25)
    assert flow.limit_kind in ("target", "saddle", "at rest")


def test_a_residual_keeps_its_digits_where_it_is_small():
    """Of one point: it falls like an exponential, far below a rounding of the target."""
    flow = Problem("bias", 3, "square", 2).flow()
    assert flow.limit_kind == "target"
    late = flow.residual([20 * flow.t_c, 40 * flow.t_c, 60 * flow.t_c])
    assert 0 < abs(late[2, 0]) < 1e-25
    ratios = late[1:, 0] / late[:-1, 0]
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-6)
    assert flow.loss(60 * flow.t_c) == pytest.approx(late[2, 0] ** 2, rel=1e-9, abs=0)


def test_the_method_can_be_chosen():
    problem = Problem("linear", 3, "square", 5)
    flows = {name: problem.flow(method=name) for name in ("explicit", "warp", "march")}
    assert {name: flow.method for name, flow in flows.items()} == {name: name for name in flows}
    for name, flow in flows.items():
        ahead = flow.weights(TIME)
        for z, array in flows["explicit"].weights(TIME).items():
            np.testing.assert_allclose(ahead[z], array, rtol=0, atol=1e-9, err_msg=name)
    assert "neurons of one activation" in flows["warp"].why
    assert "integrated" in flows["march"].why
    with pytest.raises(InputError, match="cubic has no inverse in closed form"):
        Problem("cubic", 2, "square", 0).flow(method="explicit")


def test_data_off_a_line_are_integrated():
    problem = Problem("cubic", 2, "square", 0)
    problem.x = np.random.default_rng(0).normal(size=(3, 3))
    flow = problem.flow()
    assert flow.method == "march"
    assert "rows off one line" in flow.why
    with pytest.raises(InputError, match="rows off one line"):
        problem.flow(method="warp")


def test_other_sizes_than_those_it_is_proved_for_are_integrated():
    """Two outputs are no two-layer network of one."""
    draw = np.random.default_rng(0).normal
    weights = {"W": draw(size=(3, 4)), "u": draw(size=(4, 2))}
    flow = GradientFlow(
        weights=weights, x=draw(size=3), y=draw(size=2), network=module_of("transposed")
    )
    assert flow.method == "march"
    assert "its sizes are not m = 1" in flow.why


def test_laws_are_watched():
    """Weights that a wrong table gives do not keep them."""
    module = compiled(MODELS["cubic"])
    ((name, scale, sizes, (outer, inner), *rest),) = module.NEURONS
    module.NEURONS = ((name, scale, sizes, (inner, outer), *rest),)
    problem = Problem("cubic", 3, "square", 1)
    flow = GradientFlow(
        weights=problem.weights, x=problem.x, y=problem.y, network=module, rates=RATES
    )
    assert flow.method == "warp"
    with pytest.raises(ArithmeticError, match="is conserved and has drifted"):
        flow.weights(TIME)
