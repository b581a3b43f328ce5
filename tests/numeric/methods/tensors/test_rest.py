"""Gradients of flows that do not move: against differences of flows of numpy, which do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from numeric import GradientFlow
from numeric.errors import InputError

VALUES = {
    "u0": [0.7, -0.4, 0.9], "W0": [[0.3, 0.2], [0.4, -0.5], [0.6, 0.4]], "x": [1.0, -0.5], "y": 1.3,
    "gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4,
}  # fmt: skip
RATES = ("gamma", "eta_u", "eta_w")
NOTHING = {"u0": [0.0] * 3, "W0": [[0.0] * 2] * 3}
NO_FIRST = {"W0": [[0.0] * 2] * 3}
REACHED = float(0.8 * np.array(VALUES["u0"]) @ np.tanh(np.array(VALUES["W0"]) @ VALUES["x"]))
LINE = np.outer([1.0, 0.5, 2.0], [1.0, -0.5]).tolist()
CASES = {  # network, loss, what differs
    "no scale": ("tanh", "square", {"gamma": 0.0}),
    "no weights": ("tanh", "square", NOTHING),
    "no weights, of degree 3": ("cubic", "square", NO_FIRST),
    "no weights, of degree 2": ("quadratic", "square", NO_FIRST),
    "no weights, unbounded": ("tanh", "logistic", NOTHING | {"y": 1.0}),
    "no weights of a set": ("linear", "huber", NOTHING | {"x": LINE, "y": [0.9, 0.2, 1.5]}),
    "at the target": ("tanh", "square", {"y": REACHED}),
    "at the least loss": ("tanh", "log_cosh", {"y": REACHED}),
    "content": ("quadratic", "hinge", {"y": 1.0, "gamma": 8.0}),
    "dead": ("relu", "square", {"W0": [[-1.0, 0.2], [-0.4, 0.5], [-0.6, 0.4]]}),
}
WEIGHTS = np.array([1.0, -2.0, 0.5])


def answers(flow, t, weigh):
    """Of every kind, as numbers."""
    found = {"output": flow.output(t), "loss": flow.loss(t)}
    if flow.problem.loss_name != "logistic":
        found["residual"] = flow.residual(t)
    return found | {"u": (flow.u(t) * weigh).sum(), "W": (flow.W(t) * weigh[:, None]).sum()}


@pytest.mark.parametrize("t", [0.0, 0.7])
@pytest.mark.parametrize("case", CASES)
def test_gradients_are_differences(case, t):
    network, loss, changes = CASES[case]
    values = {key: np.array(z, dtype=float) for key, z in (VALUES | changes).items()}
    leaves = {key: torch.tensor(z, requires_grad=True) for key, z in values.items()}
    options = {"network": network, "loss": loss}
    flow = GradientFlow(
        *(leaves[z] for z in ("u0", "W0", "x", "y")), **{z: leaves[z] for z in RATES}, **options,
        method="warp", xp=torch,
    )  # fmt: skip
    generator = np.random.default_rng(5)
    change = {key: generator.choice([-1.0, 0.5, 2.0], z.shape) for key, z in values.items()}
    if values["x"].ndim == 2:  # along the line
        change["x"] = values["x"] * np.array([[1.0], [-0.5], [2.0]])
    if loss in ("logistic", "hinge"):  # a label is one
        change["y"] = 0 * values["y"]

    def moved(by):
        given = {key: z + by * change[key] for key, z in values.items()}
        rates = {key: float(given[key]) for key in RATES}
        flow = GradientFlow(*(given[z] for z in ("u0", "W0", "x", "y")), **rates, **options)
        return {name: float(z) for name, z in answers(flow, t, WEIGHTS).items()}

    step = 1e-3
    sides = [moved(k * step) for k in (1, -1, 2, -2)]
    for name, value in answers(flow, t, torch.tensor(WEIGHTS)).items():
        grads = torch.autograd.grad(value, [*leaves.values()], retain_graph=True, allow_unused=True)
        felt = sum(
            float((grad.numpy() * change[key]).sum())
            for key, grad in zip(leaves, grads, strict=True)
            if grad is not None
        )
        near, far = sides[0][name] - sides[1][name], sides[2][name] - sides[3][name]
        slope = (8 * near - far) / (12 * step)
        assert felt == pytest.approx(slope, rel=1e-6, abs=1e-7), name


def test_an_input_of_zero_has_no_direction():
    """The first layer moves along the input: by an input of 0 nothing is served."""
    x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    given = (torch.tensor(VALUES[z], dtype=torch.float64) for z in ("u0", "W0"))
    flow = GradientFlow(*given, x, 1.3, network="tanh", xp=torch)
    with pytest.raises(InputError, match="an input of 0"):
        flow.W(0.7).sum().backward()
