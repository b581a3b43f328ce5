"""Curves on the host: their derivatives against those of torch's operations, and where they hand over."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.autograd import forward_ad

from numeric import GradientFlow, compiled
from numeric.errors import InputError
from numeric.methods.tensors import torch_curves

needs_machine_code = pytest.mark.skipif(
    not compiled.is_available(), reason="nothing is compiled here: torch's operations answer"
)
RATES = ("gamma", "eta_u", "eta_w")
TIMES = [0.0, 1e-7, 0.01, 0.3, 1.0, 3.0, 40.0]
VALUES = {
    "u0": [0.7, -0.4, 0.9], "W0": [[0.3, 0.2], [0.1, -0.5], [0.6, 0.4]], "x": [1.0, -2.0], "y": 1.3,
    "gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4,
}  # fmt: skip
STARTS = {
    "plain": {},
    "set": {"x": [[1.0, -2.0], [-0.5, 1.0], [-3.0, 6.0]], "y": [1.0, 0.5, -0.75]},
    "number": {"W0": [[0.3], [0.1], [-0.6]], "x": [-2.0]},
    "falls": {"y": -2.0},
    "turns": {"gamma": -0.8},
    "no target": {"y": 0.0},
    "small": {"u0": [7e-6, -4e-6, 1e-6]},
    "units": {"x": [1e9, -2e9], "y": 3e-8, "eta_u": 1e-12},
}
DEGENERATE = {
    "zeros": {"u0": [0.0, 0.0, 0.0]},
    "all zeros": {"u0": [0.0, 0.0, 0.0], "W0": [[0.0, 0.0]] * 3},
    "parallel": {"u0": [0.5, -0.25, 1.0], "W0": [[1.0, 0.25], [-0.5, -0.125], [2.0, 0.5]], "y": -1.0},
    "one neuron": {"u0": [0.5], "W0": [[0.5, 0.1]]},
    "no input": {"x": [0.0, 0.0]},
    "passes zero": {"u0": [0.7, -0.4, 0.9], "y": 3.0, "gamma": 2.0},
    "dies": {"u0": [0.6, -0.2], "W0": [[-0.6], [0.2]], "x": [1.0], "eta_u": 1.0, "eta_w": 1.0},
}  # fmt: skip


def made(values, **options):
    leaves = {
        name: torch.tensor(z, dtype=torch.float64, requires_grad=True) for name, z in values.items()
    }
    given = [leaves[z] for z in ("u0", "W0", "x", "y")]
    flow = GradientFlow(*given, **{z: leaves[z] for z in RATES}, **options, xp=torch)
    return flow, [*leaves.values()]


def gradients(flow, leaves, name, times):
    t = torch.tensor(times, dtype=torch.float64, requires_grad=True)
    values = getattr(flow, name)(t)
    weights = torch.cos(torch.arange(len(times), dtype=torch.float64))
    found = torch.autograd.grad(
        (values * weights).sum(), [*leaves, t], allow_unused=True, retain_graph=True
    )
    return values.detach(), [torch.zeros(()) if z is None else z for z in found]


def by_operations(values, **options):
    flow, leaves = made(values, **options)
    flow._curves = None
    return flow, leaves


def assert_same(flow, leaves, other, name, times):
    """Each component times the size of its number, relative to the largest, as `compare` has it."""
    values, one = gradients(flow, leaves, name, times)
    exact = gradients(*other, name, times)[1]
    sizes = [float(np.max(np.abs(z.detach().numpy()))) for z in leaves] + [max(times)]
    each = [float(z.abs().max()) * size for z, size in zip(exact, sizes, strict=True)]
    largest = max(*each, float(values.abs().max()) / 1000, 1e-300)
    for k, (found, expected) in enumerate(zip(one, exact, strict=True)):
        off = float((found - expected).abs().max()) * sizes[k]
        assert off <= 1e-10 * largest, (name, k)


@needs_machine_code
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("options", [{}, {"loss": "half_square", "reduction": "sum"}])
def test_derivatives_are_those_of_operations(start, options):
    values = VALUES | STARTS[start]
    flow, leaves = made(values, **options)
    assert flow._curves is not None
    scale = 1.0 if start != "units" else float(flow.t_c.detach())
    times = [scale * t for t in TIMES]
    other = by_operations(values, **options)
    for name in flow.observables:
        assert_same(flow, leaves, other, name, times)


@needs_machine_code
def test_host_answers_what_it_is_asked(monkeypatch):
    """What is vouched for never goes through torch's operations."""
    monkeypatch.setattr(torch_curves.Asked, "by_formulas", None)
    flow, leaves = made(VALUES)
    for name in flow.observables:
        gradients(flow, leaves, name, TIMES[1:])
    assert flow._made is None


@needs_machine_code
@pytest.mark.parametrize("seed", range(30))
def test_at_any_scale(seed):
    generator = np.random.default_rng(seed)

    def scale(spread):
        return float(10 ** generator.uniform(-spread, spread))

    d, d0 = int(generator.integers(1, 6)), int(generator.integers(1, 4))
    values = {
        "u0": scale(6) * generator.standard_normal(d),
        "W0": scale(6) * generator.standard_normal((d, d0)),
        "x": scale(6) * generator.standard_normal(d0), "y": scale(6) * generator.choice([-1.0, 1.0]),
        "gamma": scale(6), "eta_u": scale(6), "eta_w": scale(6),
    }  # fmt: skip
    flow, leaves = made(values)
    times = [float(flow.t_c.detach()) * scale(2) for _ in range(3)]
    other = by_operations(values)
    for name in ("loss", "output", "norm_u", "norm_W", "kernel", "alignment"):
        assert_same(flow, leaves, other, name, times)


@pytest.mark.parametrize("start", DEGENERATE)
def test_what_is_not_plain_is_handed_over(start):
    values = VALUES | DEGENERATE[start]
    flow, leaves = made(values)
    other = by_operations(values)
    for name in ("loss", "output", "norm_u", "norm_W"):
        times = [0.01, 0.3, 40.0]
        one, exact = gradients(flow, leaves, name, times), gradients(*other, name, times)
        assert one[0].numpy() == pytest.approx(exact[0].numpy(), rel=1e-11, abs=1e-300, nan_ok=True)
        for found, expected in zip(one[1], exact[1], strict=True):
            assert torch.allclose(found, expected, rtol=1e-9, atol=1e-13, equal_nan=True), name


def test_at_the_target_losses_are_stationary():
    values = VALUES | {"W0": [[0.5], [0.25], [1.0]], "x": [1.0], "u0": [1.0, -1.0, 0.5]}
    values |= {"gamma": 1.0, "y": 0.75}
    flow, leaves = made(values)
    for found in gradients(flow, leaves, "loss", TIMES)[1]:
        assert not found.any()
    by_y = gradients(flow, leaves, "residual", [0.0])[1][3]
    assert float(by_y) == pytest.approx(-1.0, rel=1e-15)


def test_second_derivatives_meet_those_of_operations():
    flow, leaves = made(VALUES)
    other, others = by_operations(VALUES)
    found = []
    for one, given in ((flow, leaves), (other, others)):
        total = one.loss(torch.tensor([0.1, 0.5], dtype=torch.float64)).sum()
        (first,) = torch.autograd.grad(total, given[0], create_graph=True)
        found.append(torch.autograd.grad((first**2).sum(), given, allow_unused=True))
    for one, exact in zip(*found, strict=True):
        assert torch.allclose(one, exact, rtol=1e-10, atol=1e-13)


@pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")  # torch's own
def test_forward_mode_is_that_of_operations():
    values = {name: torch.tensor(z, dtype=torch.float64) for name, z in VALUES.items()}
    t = torch.tensor([0.1, 0.5], dtype=torch.float64)
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(values["u0"], torch.ones(3, dtype=torch.float64))
        given = dual, *(values[z] for z in ("W0", "x", "y"))
        flow = GradientFlow(*given, **{z: values[z] for z in RATES}, xp=torch)
        slope = forward_ad.unpack_dual(flow.loss(t)).tangent
        still = GradientFlow(values["u0"], *given[1:], **{z: values[z] for z in RATES}, xp=torch)
        later = forward_ad.make_dual(t, torch.ones(2, dtype=torch.float64))
        by_t = forward_ad.unpack_dual(still.loss(later)).tangent
    flow, leaves = made(VALUES)
    jacobian = [torch.autograd.grad(z, leaves[0], retain_graph=True)[0].sum() for z in flow.loss(t)]
    assert slope.numpy() == pytest.approx([float(z) for z in jacobian], rel=1e-12)
    times = t.clone().requires_grad_()
    (expected,) = torch.autograd.grad(flow.loss(times).sum(), times)
    assert by_t.numpy() == pytest.approx(expected.numpy(), rel=1e-12)


def test_times_of_a_transform_are_served():
    """A flow that is made outside is asked inside."""
    flow = made(VALUES)[0]
    times = torch.tensor([0.1, 0.5, 2.0], dtype=torch.float64)
    found = torch.func.vmap(torch.func.grad(lambda t: flow.loss(t)))(times)
    leaf = times.clone().requires_grad_()
    (expected,) = torch.autograd.grad(flow.loss(leaf).sum(), leaf)
    assert torch.allclose(found, expected, rtol=1e-12, atol=0)


def test_weights_that_change_later_are_not_seen():
    values = {name: torch.tensor(z, dtype=torch.float64) for name, z in VALUES.items()}
    given = [values[z] for z in ("u0", "W0", "x", "y")]
    flow = GradientFlow(*given, **{z: values[z] for z in RATES}, xp=torch)
    before = flow.loss(0.3).clone()
    values["u0"] += 1.0
    assert torch.equal(flow.loss(0.3), before)


def test_time_to_loss_beyond_its_domain_is_that_of_numpy():
    flow = made(VALUES)[0]
    exact = GradientFlow(
        *(VALUES[z] for z in ("u0", "W0", "x", "y")), **{z: VALUES[z] for z in RATES}
    )
    start = float(exact.loss(0.0))
    goals = [2 * start, 1.0001 * start, start, 0.3 * start, 0.0, -1.0, math.nan]
    found = flow.time_to_loss(torch.tensor(goals, dtype=torch.float64)).detach().numpy()
    expected = exact.time_to_loss(goals)
    assert found == pytest.approx(expected, rel=1e-11, nan_ok=True)
    assert np.isnan(found[[0, 1, -1]]).all()
    assert (found[2], found[4], found[5]) == (0.0, math.inf, math.inf)
    of_set = VALUES | STARTS["set"]
    at_rest = VALUES | {"gamma": 0.0}
    for values in (of_set, at_rest):
        one = made(values)[0]
        exact = GradientFlow(
            *(values[z] for z in ("u0", "W0", "x", "y")), **{z: values[z] for z in RATES}
        )
        start, end = float(exact.loss(0.0)), float(exact.loss(math.inf))
        goals = [1.5 * start, start, (start + end) / 2, end, 0.5 * end]
        found = one.time_to_loss(torch.tensor(goals, dtype=torch.float64)).detach().numpy()
        assert found == pytest.approx(exact.time_to_loss(goals), rel=1e-11, nan_ok=True)


def counted(tensor):
    tensor.mul_(1.5)


def by_data(tensor):
    tensor.data.mul_(1.5)


def by_numpy(tensor):
    tensor.detach().numpy()[...] *= 1.5


@pytest.mark.parametrize("network", ["linear", "tanh"])
@pytest.mark.parametrize("write", [counted, by_data, by_numpy])
@pytest.mark.parametrize("place", range(7))
def test_derivatives_after_a_tensor_was_written_to_are_refused(network, write, place):
    """Values are of copies; derivatives would be of the new weights, or of some old and some new."""
    given = [torch.tensor(VALUES[z], dtype=torch.float64) for z in ("u0", "W0", "x", "y", *RATES)]
    given[place].requires_grad_()

    def flow():
        rates = dict(zip(RATES, given[4:], strict=True))
        return GradientFlow(*given[:4], **rates, network=network, xp=torch)

    old = flow()
    before = old.loss(0.3).detach()
    with torch.no_grad():
        write(given[place])
        assert old.loss(0.3) == before
    with pytest.raises(InputError, match="changed in place"):
        old.loss(0.3)
    assert flow().loss(0.3).detach() != before
    (found,) = torch.autograd.grad(flow().loss(0.3), given[place])
    assert torch.isfinite(found).all()


@pytest.mark.parametrize("served", [True, False])
@pytest.mark.parametrize("is_set", [False, True])
@pytest.mark.parametrize("ask", ["loss", "W", "kernel", "t_c"])
def test_every_answer_has_a_derivative_of_its_own(served, is_set, ask, monkeypatch):
    """Also where data are learned, at t = ∞ or in operations of torch: no graph is used up."""
    if not served:
        monkeypatch.setattr(torch_curves, "of", lambda problem: None)
    names = ("u0", "W0", "x", "y")
    given = [torch.tensor(VALUES[z], dtype=torch.float64, requires_grad=True) for z in names]
    if is_set:
        x = given[2]
        given[2] = torch.stack((x, 2 * x)).detach().requires_grad_()
        given[3] = torch.tensor([0.3, 0.8], dtype=torch.float64, requires_grad=True)
    flow = GradientFlow(*given, xp=torch)

    def answer(one, t):
        return one.t_c if ask == "t_c" else getattr(one, ask)(t).sum()

    for t in (0.3, 0.7, math.inf):
        found = torch.autograd.grad(answer(flow, t), given[:2], allow_unused=True)
        fresh = torch.autograd.grad(
            answer(GradientFlow(*given, xp=torch), t), given[:2], allow_unused=True
        )
        for one, other in zip(found, fresh, strict=True):
            assert (one is None) == (other is None)
            assert one is None or torch.equal(one, other)


def test_derivatives_are_of_the_flow_that_was_asked_whatever_is_written_before_them():
    """Between an answer and its derivative, where torch does not count."""
    W = torch.tensor(VALUES["W0"], dtype=torch.float64)
    x = torch.tensor(VALUES["x"], dtype=torch.float64, requires_grad=True)
    u = torch.tensor(VALUES["u0"], dtype=torch.float64)

    def loss():
        return GradientFlow(u, W, x, VALUES["y"], network="tanh", xp=torch).loss(0.4)

    (expected,) = torch.autograd.grad(loss(), x)
    asked = loss()
    W.data.mul_(2)
    (found,) = torch.autograd.grad(asked, x)
    assert torch.equal(found, expected)
