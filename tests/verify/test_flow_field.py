"""The derived vector field is the gradient that torch's autograd finds in the hand-written network."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from symbolic import vocabulary as n
from symbolic.derivation import derivation
from symbolic.network.gradient_flow import Flow
from verify.oracle import descent
from verify.oracle.measure import effective_point
from verify.oracle.problem import batch
from verify.oracle.problems import problems


@pytest.mark.parametrize("problem", problems(6, seed=2), ids=lambda p: p.name)
def test_field_is_minus_rates_times_autograd(problem):
    flow = derivation("linear")[Flow]
    by_u, by_W = (g[0].numpy() for g in descent.gradient(batch([problem]), *start(problem)))
    x, y = effective_point(problem)
    hidden = problem.W0 @ x
    output = problem.gamma * problem.u0 @ hidden
    size = np.abs(by_u).max() + np.abs(by_W).max() + 1e-12
    for neuron, (u, h) in enumerate(zip(problem.u0, hidden, strict=True)):
        values = {
            n.gamma: problem.gamma, n.eta_u: problem.eta_u, n.eta_w: problem.eta_w,
            n.f: output, n.y: y, n.u_i: u, n.h_i: h,
        }  # fmt: skip
        derived = float((flow.speed * flow.velocity_u).subs(values))
        assert abs(derived + problem.eta_u * by_u[neuron]) <= 1e-13 * size * problem.eta_u
        for j, component in enumerate(x):
            field = (flow.speed * flow.velocity_w).subs({**values, n.x_j: component})
            assert isinstance(field, sympy.Expr)
            expected = -problem.eta_w * by_W[neuron, j]
            assert abs(float(field) - expected) <= 1e-13 * size * problem.eta_w


def start(problem):
    tensors = batch([problem])
    return tensors.u, tensors.W
