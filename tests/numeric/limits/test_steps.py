"""What descent does, against descent that torch runs: on both sides of every border."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from numeric import GradientFlow
from numeric.limits import steps
from numeric.limits.extent import Extent
from verify.oracle import descent
from verify.oracle.problem import Problem, batch


def problem(generator, kernel, least, width=5):
    """A network of any shape and scale with this kernel, and minima that have `least` or more."""
    d, d0 = int(generator.integers(1, width + 1)), int(generator.integers(1, 4))
    u, W, x = (generator.normal(size=shape) for shape in (d, (d, d0), d0))
    gamma, eta_u, eta_w = 10 ** generator.uniform(-1, 1, 3)
    unit = GradientFlow(u, W, x, 0.0, gamma=gamma, eta_u=eta_u, eta_w=eta_w)
    scale = kernel / float(unit.kernel(0.0))
    eta_u, eta_w = eta_u * scale, eta_w * scale
    lam = math.sqrt(eta_u * eta_w) * gamma * np.linalg.norm(x)
    y = least / (2 * lam) * generator.choice([-1, 1])
    return Problem("", u, W, x[None], np.array([y]), gamma, eta_u, eta_w)


def flow_of(p, u=None, W=None):
    return GradientFlow(
        p.u0 if u is None else u, p.W0 if W is None else W, p.X[0], float(p.targets[0]),
        gamma=p.gamma, eta_u=p.eta_u, eta_w=p.eta_w,
    )  # fmt: skip


def by_torch(problems, number):
    """Residual after so many steps, as a share of |y| + |f(0)|."""
    one = torch.ones(len(problems), dtype=torch.float64)
    u, W = descent.descend(batch(problems), one, number)[number]
    shares = []
    for k, p in enumerate(problems):
        end_u, end_W = u[k].numpy()[: p.u0.size], W[k].numpy()[: p.u0.size, : p.W0.shape[1]]
        with np.errstate(all="ignore"):
            residual = p.gamma * end_u @ (end_W @ p.X[0]) - p.targets[0]
        start = abs(float(flow_of(p).output(0.0)))
        shares.append(abs(residual) / (abs(p.targets[0]) + start))
    return np.array(shares)


@pytest.mark.parametrize("seed", range(20))
def test_steps_are_those_of_descent(seed):
    generator = np.random.default_rng(seed)
    p = problem(generator, generator.uniform(0.2, 2.5), generator.uniform(0, 1.2))
    one = torch.ones(1, dtype=torch.float64)
    kept = descent.descend(batch([p]), one, 6, list(range(7)))
    for number in range(7):
        u, W = (z[0].numpy() for z in kept[number])
        found = steps.descend(flow_of(p), number)
        if found.steps < number:  # it was clear before
            break
        assert found.kernel == pytest.approx(float(flow_of(p, u, W).kernel(0.0)), rel=1e-9)


@pytest.mark.parametrize("least", [0.0, 1e-6, 0.01, 0.1, 0.5, 0.9, 0.99])
def test_outcomes_are_those_of_descent(least):
    generator = np.random.default_rng(int(1000 * least))
    problems = [problem(generator, generator.uniform(0.05, 4), least) for _ in range(150)]
    shares = by_torch(problems, 1000)
    seen = set()
    for p, share in zip(problems, shares, strict=True):
        found = steps.descend(flow_of(p))
        seen.add(found.outcome)
        assert found.least_kernel == pytest.approx(least, rel=1e-12)
        if found.outcome == steps.CONVERGED:
            # Within a border's breadth, and for slow ones, a thousand steps leave a part.
            assert share < 0.05, (share, found)
        elif found.outcome == steps.DIVERGED:
            assert not share < 1e3, (share, found)
        else:
            assert found.outcome == steps.UNSETTLED
    assert {steps.CONVERGED, steps.DIVERGED} <= seen


@pytest.mark.parametrize("curvature", [1.8, 1.98, 2.02, 2.2, 3, 3.8, 3.98, 4.02, 4.2, 6, 100])
def test_the_borders_of_a_small_target(curvature):
    """ηλ = 2K at the start: stable below 2, the catapult to 4, divergence beyond: proved for y = 0."""
    generator = np.random.default_rng(3)
    problems = [problem(generator, curvature / 2, 0.0, width=40) for _ in range(25)]
    shares = by_torch(problems, 800)
    for p, share in zip(problems, shares, strict=True):
        flow = flow_of(p)
        found, extent = steps.descend(flow), Extent.of(flow)
        word = steps.stability(extent, found)
        if curvature < 2:
            assert word == "stable"
            assert found.largest_kernel < 1
        elif curvature < 4:
            assert word == "catapult"
            assert found.kernel < 1  # it falls until steps are stable
            assert found.largest_kernel == pytest.approx(curvature / 2, rel=1e-9)
        else:
            assert word == "divergent"
        assert (share < 0.05) == (curvature < 4)


@pytest.mark.slow
def test_no_start_converges_where_every_minimum_is_too_steep():
    generator = np.random.default_rng(5)
    problems = [problem(generator, generator.uniform(0.1, 3), 1.05) for _ in range(60)]
    assert {steps.descend(flow_of(p), 3000).outcome for p in problems} == {
        steps.DIVERGED, steps.UNSETTLED,
    }  # fmt: skip
    assert not (by_torch(problems, 1000) < 1e-3).any()


@pytest.mark.parametrize(
    ("u", "W", "y", "gamma", "word"),
    [
        ([0.0], [[0.0]], 1.0, 1.0, "frozen"), ([0.5], [[0.5]], 1.0, 0.0, "frozen"),
        ([0.05], [[0.05]], -1.0, 0.3, "stable"),  # the saddle
        ([1e-9], [[2e-9]], 1.0, 0.3, "stable"),  # a plateau
        ([1e-200], [[2e-200]], 1.0, 0.3, "stable"), ([0.3], [[0.3]], 0.0, 1.0, "stable"),
        ([1e200], [[1e200]], 0.0, 1.0, "divergent"), ([0.1], [[0.9]], 0.0, 1e-150, "stable"),
        ([0.5], [[0.5]], 0.25, 1.0, "frozen"),  # at the target
        ([1.0], [[2.0]], 1e300, 1e300, "divergent"),
        ([1.0, 1e300], [[1.0], [0.0]], 0.0, 1e10, "divergent"),
    ],
)  # fmt: skip
def test_extreme_and_degenerate_starts(u, W, y, gamma, word):
    flow = GradientFlow(u, W, [1.0], y, gamma=gamma)
    assert steps.stability(Extent.of(flow), steps.descend(flow)) == word
