"""Gradients of several inputs under a hinge, whose slope jumps on the way: against differences."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from numeric import GradientFlow

VALUES = {
    "u0": [0.7, -0.4, 0.9], "W0": [[0.3, 0.2], [0.4, -0.5], [0.6, 0.4]], "gamma": 0.8, "eta_u": 1.5,
    "eta_w": 0.4,
}  # fmt: skip
RATES = ("gamma", "eta_u", "eta_w")
RAY = np.outer([1.0, 0.5, 2.0], [1.0, -0.5])
CASES = {  # network, inputs, labels
    "all agree": ("quadratic", RAY, [1.0, 1.0, 1.0]),
    "one does not": ("quadratic", RAY, [1.0, -1.0, 1.0]),
    "rises": ("cubic", RAY, [1.0, 1.0, 1.0]),
    "ends at a bend": ("linear", -RAY, [1.0, -1.0, 1.0]),
    "falls": ("linear", RAY, [-1.0, -1.0, -1.0]),
    "bends itself": ("leaky_relu", RAY, [1.0, 1.0, -1.0]),
}


@pytest.mark.parametrize("t", [0.05, 0.6, 1.1, 3.0, 100.0])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("case", CASES)
def test_gradients_are_differences(case, reduction, t):
    network, X, y = CASES[case]
    options = {"network": network, "loss": "hinge", "reduction": reduction}
    values = {key: np.array(z, dtype=float) for key, z in (VALUES | {"x": X, "t": t}).items()}
    generator = np.random.default_rng(3)
    change = {key: generator.choice([-1.0, 0.5, 2.0], z.shape) for key, z in values.items()}
    change["x"] = X * np.array([[1.0], [-0.5], [0.7]])  # along the line

    def answers(flow, t):
        return [flow.loss(t), flow.output(t), flow.residual(t), flow.u(t)[0], flow.W(t)[1, 0]]

    def moved(by):
        given = {key: z + by * change[key] for key, z in values.items()}
        rates = {key: float(given[key]) for key in RATES}
        flow = GradientFlow(given["u0"], given["W0"], given["x"], y, **rates, **options)
        return np.array([float(z) for z in answers(flow, float(given["t"]))])

    step = 1e-5
    near, far = (moved(k * step) - moved(-k * step) for k in (1, 2))
    slopes = (8 * near - far) / (12 * step)
    leaves = {key: torch.tensor(z, requires_grad=True) for key, z in values.items()}
    rates = {key: leaves[key] for key in RATES}
    flow = GradientFlow(leaves["u0"], leaves["W0"], leaves["x"], y, **rates, **options, xp=torch)
    for value, slope in zip(answers(flow, leaves["t"]), slopes, strict=True):
        grads = torch.autograd.grad(value, [*leaves.values()], retain_graph=True, allow_unused=True)
        felt = sum(
            float((grad.numpy() * change[key]).sum())
            for key, grad in zip(leaves, grads, strict=True)
            if grad is not None
        )
        assert felt == pytest.approx(slope, rel=1e-8, abs=1e-8)
