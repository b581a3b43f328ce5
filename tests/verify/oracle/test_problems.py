"""Problems reach every branch, and what is measured on them follows the definitions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from verify.networks import activation, power, two_layer
from verify.oracle import descent, measure
from verify.oracle.branches import branches
from verify.oracle.degenerate import degenerate_problems
from verify.oracle.pace import learning_rates
from verify.oracle.problem import Problem, batch
from verify.oracle.problems import problems

POWERS = ("quadratic", "cubic", "power4", "power7")
ACTIVATIONS = (
    "tanh", "erf", "softplus", "relu", "leaky_relu", "gelu", "swish", "exponential", "sine",
)  # fmt: skip
LABELS = {
    "c > 0", "c < 0, growing", "c < 0, dying", "c = 0, growing", "c = 0, dying", "h < 0", "h = 0",
    "reachable target", "unreachable target",
}  # fmt: skip


def single(network="quadratic", *, u=0.5, w=0.5, y=1.0, gamma=1.0, eta_u=1.0):
    """Width 1 and x = 1, with c of the sign of η_u w² − 2 u²/2 at β = 2."""
    return Problem(
        "", np.array([u]), np.array([[w]]), np.ones((1, 1)), np.array([y]), gamma, eta_u, 0.5, network
    )  # fmt: skip


@pytest.mark.parametrize("network", POWERS)
def test_every_branch_is_reached(network):
    found = Counter(label for p in problems(60, 0, network=network) for label in branches(p))
    print(network, dict(found))
    assert set(found) >= LABELS
    assert all(found[label] >= 5 for label in LABELS)
    # Random problems reach all that has a volume.
    drawn = problems(60, 0, network=network)[-60:]
    generic = {label for problem in drawn for label in branches(problem)}
    assert generic >= {z for z in LABELS if "= 0" not in z}


@pytest.mark.parametrize("network", ["linear", "power1", *POWERS, *ACTIVATIONS])
def test_problems_have_names_and_fit_one_batch(network):
    named = degenerate_problems(network)
    assert len({problem.name for problem in named}) == len(named)
    for problem in named:
        assert problem.W0.shape == (problem.u0.size, problem.X.shape[1])
        assert problem.targets.size == len(problem.X)
    tensors = batch(problems(5, 0, network=network))
    assert tensors.network == network
    assert all(torch.isfinite(z).all() for z in descent.gradient(tensors, tensors.u, tensors.W))


# relu and leaky_relu bend: a neuron that crosses h = 0 breaks the power series of the error.
@pytest.mark.parametrize(
    "network", ["linear", *POWERS, *(z for z in ACTIVATIONS if not z.endswith("relu"))]
)
def test_descent_is_sharp_and_most_problems_learn(network):
    cases = problems(60, seed=0, network=network)
    times = torch.tensor(0.8 / learning_rates(cases))
    found, tensors = descent.flow(batch(cases), times, 64), batch(cases)
    start, end = (
        two_layer.loss(
            u, W, tensors.X, tensors.targets, tensors.counted, tensors.real, tensors.gamma,
            activation(network),
        )
        for u, W in ((tensors.u, tensors.W), (found.u, found.W))
    )  # fmt: skip
    size = found.u.abs().amax(1) + found.W.abs().amax((1, 2)) + 1e-300
    error = found.error_u.amax(1) + found.error_W.amax((1, 2))
    assert (error <= 1e-7 * size).all()
    assert ((start - end) > 1e-2 * start).sum() >= 0.8 * len(cases)


def test_a_name_that_speaks_of_c_tells_the_truth():
    for network in POWERS:
        for problem in degenerate_problems(network):
            label = problem.name.removeprefix("width 1, ").partition(":")[0]
            if label in LABELS:
                assert label in branches(problem), (network, problem.name)
            if "unreachable" in label:
                assert "unreachable target" in branches(problem), (network, problem.name)
            if label.startswith("c = 0") and label != "c = 0, rounded":
                kinds = [z for z in branches(problem) if z.startswith("c")]
                assert all(z.startswith("c = 0") for z in kinds), (network, problem.name)


# Worked out by hand: dh/dt and du/dt have the sign of (y − f) γ times u h and h².
@pytest.mark.parametrize(
    ("problem", "labels"),
    [
        (single(w=0.6), ["c > 0", "reachable target"]),
        (single(w=0.6, y=-1.0), ["c > 0", "reachable target"]),
        (single(w=0.4), ["c < 0, growing", "reachable target"]),
        (single(w=-0.4), ["c < 0, growing", "h < 0", "reachable target"]),
        (single(w=-0.4, u=-0.5), ["c < 0, dying", "h < 0", "unreachable target"]),
        (single("cubic", w=-0.4), ["c < 0, dying", "h < 0", "unreachable target"]),
        (single("cubic", w=-0.4, u=-0.5), ["c < 0, growing", "h < 0", "reachable target"]),
        (single(w=0.4, gamma=-1.0), ["c < 0, dying", "unreachable target"]),
        (single(w=0.4, y=0.01), ["c < 0, dying", "reachable target"]),
        (single(w=0.4, y=0.0), ["c < 0, dying", "reachable target"]),
        (single(), ["c = 0, growing", "reachable target"]),
        (single(w=-0.5, y=-1.0), ["c = 0, dying", "h < 0", "unreachable target"]),
        (single(y=0.125), ["c = 0, at rest", "reachable target"]),
        (single(gamma=0.0), ["c = 0, at rest", "unreachable target"]),
        (single(u=0.0), ["c > 0", "reachable target"]),
        # The direction is the positive one, whatever the sign of the input.
        (
            replace(single("cubic", w=-0.4), X=-np.ones((1, 1))),
            ["c < 0, growing", "h < 0", "reachable target"],
        ),
        (single(w=0.0), ["h = 0", "unreachable target"]),
        (single(w=0.0, y=0.0), ["h = 0", "reachable target"]),
        # One unit in the last place decides.
        (single(w=np.nextafter(0.5, 1)), ["c > 0", "reachable target"]),
        (single(w=np.nextafter(0.5, 0)), ["c < 0, growing", "reachable target"]),
        (single(eta_u=np.nextafter(1.0, 0)), ["c < 0, growing", "reachable target"]),
    ],
)
def test_branches_by_hand(problem, labels):
    assert branches(problem) == labels


@pytest.mark.parametrize("network", ["quadratic", "cubic", "power7"])
def test_a_neuron_does_what_its_branch_says(network):
    """Each neuron by itself, followed along its own path at unit speed."""
    beta = power(network)
    told = Counter()
    for problem in problems(40, 3, network=network):
        start = measure.observe(problem, problem.u0, problem.W0)
        way = -np.sign(float(start["residual"]) * problem.gamma)
        labels = branches(problem)
        for u, v, label in zip(
            problem.u0, problem.W0 @ measure.direction(problem), labels, strict=False
        ):
            if way and label != "h = 0":
                grows = _grows(u, v, way, beta, problem.eta_u, problem.eta_w)
                assert grows == (label == "c > 0" or "growing" in label), (problem.name, label)
                told[label] += 1
    assert min(told[z] for z in LABELS if z.startswith("c ")) >= 5


def _grows(u, v, way, beta, eta_u, eta_w):

    def speed(z):
        field = way * np.array([eta_u * z[1] ** beta, beta * eta_w * z[0] * z[1] ** (beta - 1)])
        return field / np.abs(field).max()

    z = np.array([u, v])
    for _ in range(20_000):
        step = 0.01 * abs(z[1])
        z = z + step * speed(z + step / 2 * speed(z))
        if abs(z[1]) > 10 * (abs(u) + abs(v)):
            return True
        if abs(z[1]) < 0.02 * abs(v):
            return False
    raise AssertionError("neither grows nor dies")


@pytest.mark.parametrize("network", ["linear", "tanh"])
def test_other_networks_have_no_branches(network):
    with pytest.raises(ValueError, match=network):
        branches(single(network))


@pytest.mark.parametrize("network", ["linear", *POWERS, *ACTIVATIONS])
def test_the_loss_is_that_of_the_effective_point_and_a_constant(network):
    generator = np.random.default_rng(1)
    for problem in problems(8, seed=5, network=network):
        floors, sizes = [], []
        for _ in range(3):
            u, W = (z + 0.3 * generator.standard_normal(z.shape) for z in (problem.u0, problem.W0))
            values = measure.observe(problem, u, W)
            floors.append(float(values["loss"] - values["residual"] ** 2))
            sizes.append(float(values["output"]) ** 2 + np.mean(problem.targets**2) + 1e-300)
        assert max(floors) - min(floors) <= 1e-12 * max(sizes), problem.name


def test_data_that_are_not_worth_a_point_are_refused():
    X, targets = np.array([[1.0], [-0.5]]), np.array([1.0, 2.0])
    sets = {name: replace(single(name), X=X, targets=targets) for name in ("tanh", "relu", "cubic")}
    measure.effective_point(sets["cubic"])
    with pytest.raises(ValueError, match="one input"):
        measure.effective_point(sets["tanh"])
    with pytest.raises(ValueError, match="one ray"):
        measure.effective_point(sets["relu"])
    measure.effective_point(replace(sets["relu"], X=-np.abs(X)))


def test_effective_points_by_hand():
    X, targets = np.array([[0.0, -1.0], [0.0, 2.0]]), np.array([3.0, 5.0])
    base = replace(single("cubic", w=1.0), W0=np.ones((1, 2)), X=X, targets=targets)
    x, y = measure.effective_point(base)  # a = (−1, 2), M = (1 + 64)/2
    np.testing.assert_allclose(x, [0, 32.5 ** (1 / 6)], rtol=1e-15)
    assert y == pytest.approx((-3 + 40) / 2 / np.sqrt(32.5), rel=1e-15)
    x, y = measure.effective_point(replace(base, network="relu", X=-np.abs(X)))
    np.testing.assert_allclose(x, [0, -np.sqrt(2.5)], rtol=1e-15)
    assert y == pytest.approx(13 / 2 / np.sqrt(2.5), rel=1e-15)
    x, y = measure.effective_point(replace(base, network="tanh", X=-np.ones((2, 2))))
    assert (x.tolist(), y) == ([-1, -1], 4)


def test_observables_by_hand():
    problem = Problem(
        "", np.array([2.0, -1.0]), np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([[0.0, -2.0]]),
        np.array([4.0]), 0.5, 0.1, 0.2, "exponential",
    )  # fmt: skip
    values = measure.observe(problem, problem.u0, problem.W0)
    output = 0.5 * (2 - np.exp(-2))  # h = (0, −2)
    assert float(values["output"]) == pytest.approx(output, rel=1e-15)
    assert float(values["residual"]) == pytest.approx(output - 4, rel=1e-15)
    assert float(values["loss"]) == pytest.approx((output - 4) ** 2, rel=1e-15)
    assert float(values["alignment"]) == pytest.approx(1 / np.sqrt(5), rel=1e-15)
    assert float(values["norm_omega"]) == 1
    assert not {"alpha", "population_loss"} & set(values)
    assert np.isnan(measure.alignment_slope(problem, problem.u0, problem.W0, *problem.W0))


@pytest.mark.parametrize("network", ["linear", "cubic", "tanh", "softplus"])
def test_the_tangent_kernel_is_the_product_of_gradients(network):
    for problem in problems(4, seed=9, network=network):
        tensors = batch([problem])
        u, W = tensors.u.requires_grad_(), tensors.W.requires_grad_()
        inputs = torch.tensor(measure.KERNEL_INPUTS[:, : problem.W0.shape[1]])[None]
        outputs = two_layer.forward(u, W, inputs, tensors.real, tensors.gamma, activation(network))[
            0
        ]
        one, two = (torch.autograd.grad(f, (u, W), retain_graph=True) for f in outputs)
        kernel = problem.eta_u * (one[0] * two[0]).sum() + problem.eta_w * (one[1] * two[1]).sum()
        found = float(measure.observe(problem, problem.u0, problem.W0)["tangent_kernel"])
        assert found == pytest.approx(float(kernel), rel=1e-12, abs=1e-300), problem.name
