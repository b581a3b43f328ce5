"""The linear network as tensors: values against numpy, derivatives against differences of balls."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from numeric import GradientFlow
from numeric.errors import InputError

VALUES = {
    "u0": [0.7, -0.4, 0.9], "W0": [[0.3, 0.2], [0.1, -0.5], [0.6, 0.4]], "x": [1.0, -2.0], "y": 1.3,
    "gamma": 0.8, "eta_u": 1.5, "eta_w": 0.4, "t": 0.3,
}  # fmt: skip
SET = {"x": [[1.0, -2.0], [-0.5, 1.0], [-3.0, 6.0]], "y": [1.0, 0.5, -0.75]}
TIMES = np.array([0.0, 1e-6, 0.2, 3.0, 40.0])
RATES = ("gamma", "eta_u", "eta_w")


def as_numpy(case):
    v = case.values
    rates = {name: v[name] for name in RATES}
    return GradientFlow(v["u0"], v["W0"], v["x"], v["y"], **rates, **case.options)


@pytest.mark.parametrize("loss", ["square", "half_square"])
@pytest.mark.parametrize("given", [{}, SET])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_values_are_those_of_numpy(Case, flow_of, loss, given, reduction):
    case = Case(loss=loss, reduction=reduction, values=VALUES | given)
    flow, expected = flow_of(case)[0], as_numpy(case)
    t = torch.tensor(TIMES)
    with torch.no_grad():
        for name in (*expected.observables, "u", "W"):
            found = getattr(flow, name)
            exact = getattr(expected, name)
            assert found(t).numpy() == pytest.approx(exact(TIMES), rel=1e-12, abs=1e-15), name
            at_end = torch.as_tensor(found(math.inf)).numpy()
            assert at_end == pytest.approx(exact(math.inf), rel=1e-12, abs=1e-15), name
        inputs = np.array([[1.0, 0.5], [0.0, -1.0]])
        assert flow.predict(inputs, t).numpy() == pytest.approx(
            expected.predict(inputs, TIMES), rel=1e-12, abs=1e-14
        )
        assert flow.predict(inputs[0], 0.2).numpy() == pytest.approx(
            expected.predict(inputs[0], 0.2), rel=1e-12
        )
        kernels = flow.tangent_kernel(t, *inputs).numpy()
        assert kernels == pytest.approx(expected.tangent_kernel(TIMES, *inputs), rel=1e-12)
        goal = float(expected.loss(0.01))
        assert float(flow.time_to_loss(goal)) == pytest.approx(0.01, rel=1e-11)
        assert float(flow.t_c) == pytest.approx(expected.t_c, rel=1e-14)
        assert float(flow.target) == pytest.approx(expected.target, rel=1e-14)


@pytest.mark.parametrize("t", [1e-6, 0.3, 3.0, 40.0])
def test_gradients_are_differences_of_balls(Case, compare, t):
    error, where = compare(Case(values=VALUES | {"t": t}))
    assert error < 1e-12, where


@pytest.mark.parametrize("changes", [
    {"u0": [0.7], "W0": [[0.3, 0.2]]},  # width 1
    {"y": 0.0},
    {"u0": [0.7, -0.4], "W0": [[0.3], [0.2]], "x": [2.0]},  # one input
    {"u0": [7e-6, -4e-6, 1e-6], "t": 3.0},  # a small start
    {"gamma": -0.8},
])  # fmt: skip
def test_gradients_of_other_starts(Case, compare, changes):
    error, where = compare(Case(loss="half_square", values=VALUES | changes))
    assert error < 1e-12, where


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_gradients_at_any_scale(Case, compare, seed):
    generator = np.random.default_rng(seed)

    def scale(spread):
        return float(10 ** generator.uniform(-spread, spread))

    d = int(generator.integers(1, 5))
    u0, W0, x = (generator.standard_normal(z) for z in (d, (d, 2), 2))
    values = {
        "u0": (scale(3) * u0).tolist(), "W0": (scale(3) * W0).tolist(), "x": (scale(2) * x).tolist(),
        "y": scale(3) * float(generator.choice([-1, 1])), "gamma": scale(3), "eta_u": scale(1),
        "eta_w": scale(1),
    }  # fmt: skip
    values["t"] = as_numpy(Case(values=values)).t_c * scale(2)
    error, where = compare(Case(values=values))
    assert error < 1e-9, where


def test_derivatives_by_a_set_are_those_along_its_line(Case, flow_of):
    """A change of the coordinates, or of the direction of all inputs, keeps them on a line."""
    case = Case(values=VALUES | SET)
    flow, leaves, t = flow_of(case)
    grad, by_y = torch.autograd.grad(flow.loss(t), [leaves["x"], leaves["y"]])
    X, y = np.array(SET["x"]), np.array(SET["y"])
    a, m = X[:, 0], X[0]

    def loss(X, y):
        rates = {name: VALUES[name] for name in RATES}
        return float(GradientFlow(VALUES["u0"], VALUES["W0"], X, y, **rates).loss(VALUES["t"]))

    step = 1e-6
    for n in range(3):
        moved = np.zeros_like(X)
        moved[n] = step * m
        slope = (loss(X + moved, y) - loss(X - moved, y)) / (2 * step)
        assert float((grad.numpy()[n] * m).sum()) == pytest.approx(slope, abs=1e-8)
        one = step * np.eye(3)[n]
        assert float(by_y[n]) == pytest.approx(
            (loss(X, y + one) - loss(X, y - one)) / (2 * step), abs=1e-8
        )
    for j in range(2):
        moved = step * np.outer(a, np.eye(2)[j])
        slope = (loss(X + moved, y) - loss(X - moved, y)) / (2 * step)
        assert float((grad.numpy()[:, j] * a).sum()) == pytest.approx(slope, abs=1e-8)


def test_second_derivatives_are_torchs_own(Case, flow_of):
    _, leaves, _ = flow_of(Case(values=VALUES))

    def observed(*numbers):
        given = dict(zip(leaves, numbers, strict=True))
        flow = GradientFlow(
            given["u0"],
            given["W0"],
            given["x"],
            given["y"],
            **{k: given[k] for k in RATES},
            xp=torch,
        )
        return flow.loss(given["t"]), flow.alignment(given["t"]), flow.W(given["t"])

    assert torch.autograd.gradcheck(observed, tuple(leaves.values()))
    assert torch.autograd.gradgradcheck(observed, tuple(leaves.values()))


def test_the_type_and_the_device_are_those_of_the_weights(Case, flow_of):
    flow, leaves, _ = flow_of(Case(values=VALUES), dtype=torch.float32)
    loss = flow.loss(torch.tensor([0.1, 0.3], dtype=torch.float64))
    assert (loss.dtype, loss.shape) == (torch.float32, (2,))
    expected = as_numpy(Case(values=VALUES)).loss([0.1, 0.3])
    assert loss.detach().numpy() == pytest.approx(expected, rel=1e-5)
    loss.sum().backward()
    assert leaves["u0"].grad.dtype == torch.float32
    lists = GradientFlow(VALUES["u0"], VALUES["W0"], VALUES["x"], VALUES["y"], xp=torch)
    assert lists.loss(0.1).dtype == torch.float64


def test_a_flow_says_what_it_is(Case, flow_of):
    flow = flow_of(Case(values=VALUES))[0]
    assert flow.method == "explicit"
    assert repr(flow) == (
        "<gradient flow of tensors: linear, square loss, width 3, 2 inputs, by explicit>"
    )
    assert GradientFlow(*(VALUES[z] for z in ("u0", "W0", "x", "y")), xp=np).method == "explicit"


@pytest.mark.parametrize(("changes", "message"), [
    ({"eta_u": -1.0}, "eta_u: found no positive number"),
    ({"gamma": math.nan}, "gamma: found a value that is not finite"),
    ({"u0": [[1.0, 2.0], [1.0, 2.0]]}, "u0: found shape"),
    ({"W0": [[1.0, 2.0]]}, "W0: found shape"),
    ({"x": [1.0, 2.0, 3.0]}, "x: found shape"),
    ({"y": [1.0, 2.0]}, "X, y: found shapes"),
    ({"gamma": [1.0, 2.0]}, "gamma: found shape"),
    ({"x": [[1.0, 0.0], [0.0, 1.0]], "y": [1.0, 2.0]}, "rows off one line"),
    ({"u0": "weights"}, "numbers in arrays"),
    ({"loss": "logistic"}, "y: found another target"),
    ({"reduction": "median"}, "reduction"),
    ({"method": "march"}, "method"),
    ({"xp": math}, "xp: found math"),
    ({"network": "tahn"}, "tanh"),
])  # fmt: skip
def test_what_is_refused(changes, message):
    given = {
        "u0": VALUES["u0"],
        "W0": VALUES["W0"],
        "x": VALUES["x"],
        "y": VALUES["y"],
        "xp": torch,
    }
    with pytest.raises(InputError, match=message):
        GradientFlow(**given | changes)


@pytest.mark.parametrize("t", [-1.0, [0.1, math.inf], math.nan])
def test_times_that_are_refused(Case, flow_of, t):
    with pytest.raises(InputError, match="t: found"):
        flow_of(Case(values=VALUES))[0].loss(t)
    with pytest.raises(InputError, match="components"):
        flow_of(Case(values=VALUES))[0].predict([1.0, 2.0, 3.0], 0.1)
