"""How far one network moves: against its weights, and what reaches a given change."""

import numpy as np
import pytest

from numeric import GradientFlow
from numeric.limits.extent import Extent, largest_change, reach


def network(seed=0, d=5, d0=3, y=0.8, **hyper):
    r = np.random.default_rng(seed)
    given = {"gamma": 0.7, "eta_u": 0.3, "eta_w": 0.5} | hyper
    return GradientFlow(r.normal(size=d), r.normal(size=(d, d0)), r.normal(size=d0), y, **given)


def kernel(flow, t):
    """By its definition, from raw weights."""
    c, e = flow.constants, np.asarray(flow.point.direction, dtype=float)
    u, W, x = flow.u(t), flow.W(t), float(c.rho) * e
    return float(c.gamma) ** 2 * (
        float(c.eta_u) * np.sum((W @ x) ** 2) + float(c.eta_w) * float(x @ x) * np.sum(u**2)
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("y", [0.8, -3.0, 0.0])
def test_against_the_weights(seed, y):
    flow = network(seed, y=y)
    found = Extent.of(flow)
    first, last = kernel(flow, 0.0), kernel(flow, np.inf)
    assert found.kernel_change == pytest.approx(last / first - 1, rel=1e-11, abs=1e-13)
    for moved, now, then in (
        (found.movement_u, flow.u(np.inf), flow.u0), (found.movement_W, flow.W(np.inf), flow.W0),
    ):  # fmt: skip
        assert moved == pytest.approx(np.linalg.norm(now - then) / np.linalg.norm(then), rel=1e-11)
    times = np.append(np.geomspace(1e-3, 50, 4000) * flow.t_c, np.inf)
    path = np.abs(flow.kernel(times) / first - 1)
    assert path.max() <= found.largest_change * (1 + 1e-12)
    assert path.max() == pytest.approx(found.largest_change, rel=1e-4)
    assert found.largest_kernel == pytest.approx(max(first, *flow.kernel(times)), rel=1e-12)
    assert found.output_0 == pytest.approx(float(flow.output(0.0)), rel=1e-14)


@pytest.mark.parametrize("seed", range(4))
def test_between_opposite_outputs_the_kernel_dips_and_comes_back(seed):
    f_0 = float(network(seed).output(0.0))
    found = Extent.of(network(seed, y=-f_0))
    assert abs(found.kernel_change) < 1e-14
    flow = network(seed, y=-f_0)
    path = flow.kernel_change(np.geomspace(1e-3, 20, 20_000) * flow.t_c)
    assert found.largest_change == pytest.approx(-path.min(), rel=1e-6)
    assert found.largest_change > 1e-3


def test_a_step_beyond_the_largest_kernel_diverges():
    flow = network(3, y=2.0)
    K, c = Extent.of(flow).largest_kernel, flow.constants
    e = np.asarray(flow.point.direction, dtype=float)
    x, y, gamma = float(c.rho) * e, float(c.y), float(c.gamma)

    def descend(step):
        u, W = flow.u(np.inf) * (1 + 1e-6), flow.W(np.inf)  # close to the minimum
        losses = []
        for _ in range(200):
            r = gamma * u @ (W @ x) - y
            u, W = (
                u - step * float(c.eta_u) * 2 * r * gamma * (W @ x),
                W - step * float(c.eta_w) * 2 * r * gamma * np.outer(u, x),
            )
            losses.append(r * r)
        return losses

    end = float(flow.kernel(np.inf))
    assert descend(0.9 / end)[-1] < 1e-20
    assert max(descend(1.1 / end)[1:]) > 10 * descend(1.1 / end)[0]
    assert end <= K


def test_rescaled_constants_are_those_of_a_rescaled_network():
    flow = network(2)
    other = network(2, gamma=0.7 * 3)
    found = flow.start.as_given.rescaled(3.0).constants()
    for one, two in zip(found, other.constants, strict=True):
        assert one == pytest.approx(two, rel=1e-15)


@pytest.mark.parametrize("change", [0.05, 1.0, 30.0])
def test_reach(change):
    flow = network(1, d=2000)
    factor = reach(flow, change)
    other = network(1, d=2000, gamma=0.7 * factor)
    assert Extent.of(other).largest_change == pytest.approx(change, rel=1e-9)


def test_what_no_output_scale_reaches():
    flow = network(1)  # five neurons: P and Q differ
    c = flow.constants
    ratio = float((c.P - c.Q) / (c.P + c.Q))
    floor = 1 - np.sqrt(1 - ratio**2)
    assert largest_change(flow, 1e9) == pytest.approx(floor, rel=1e-6)
    assert reach(flow, 0.5 * floor) is None
    u, w = np.array([0.3, 0.3, -0.3, -0.3]), np.array([[1.0], [0.5], [1.0], [0.5]])
    zero = GradientFlow(u, w, [1.0], 0.8)
    assert reach(zero, 1e-9) is not None
