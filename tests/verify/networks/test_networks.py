"""The networks in torch: values by a double loop in plain Python, and how a name is looked up."""

from __future__ import annotations

import importlib
import math
import sys

import mpmath
import numpy as np
import pytest
import torch

from verify import networks
from verify.networks import activation, degree, power, two_layer
from verify.oracle.problem import batch
from verify.oracle.problems import problems

BY_DEFINITION = {
    "linear": lambda h: h,
    "quadratic": lambda h: h * h,
    "cubic": lambda h: h * h * h,
    "power7": lambda h: h * h * h * h * h * h * h,
    "tanh": math.tanh,
    "erf": math.erf,
    "softplus": lambda h: math.log1p(math.exp(h)),
    "relu": lambda h: h if h > 0 else 0.0,
    "leaky_relu": lambda h: h if h > 0 else h / 100,
    "gelu": lambda h: h * (1 + math.erf(h / math.sqrt(2))) / 2,
    "swish": lambda h: h / (1 + math.exp(-h)),
    "exponential": math.exp,
    "sine": math.sin,
    # No line anywhere in the code names these.
    "sigmoid": lambda h: 1 / (1 + math.exp(-h)),
    "elu": lambda h: h if h > 0 else math.expm1(h),
}


@pytest.mark.parametrize("name", BY_DEFINITION)
def test_forward_is_the_double_loop(name):
    cases = problems(10, seed=4, network=name)
    tensors = batch(cases)
    found = two_layer.forward(
        tensors.u, tensors.W, tensors.X, tensors.real, tensors.gamma, activation(name)
    )
    losses = two_layer.loss(
        tensors.u, tensors.W, tensors.X, tensors.targets, tensors.counted, tensors.real,
        tensors.gamma, activation(name),
    )  # fmt: skip
    for problem, outputs, loss in zip(cases, found, losses, strict=True):
        total = 0.0
        for row, target, output in zip(problem.X, problem.targets, outputs, strict=False):
            terms = [
                weight * BY_DEFINITION[name](sum(w * x for w, x in zip(weights, row, strict=True)))
                for weight, weights in zip(problem.u0, problem.W0, strict=True)
            ]
            size = abs(problem.gamma) * sum(map(abs, terms))
            assert abs(float(output) - problem.gamma * sum(terms)) <= 1e-13 * size
            total += (problem.gamma * sum(terms) - target) ** 2
        mean = total / problem.targets.size
        assert float(loss) == pytest.approx(mean, rel=1e-11, abs=1e-24), problem.name


@pytest.mark.parametrize(
    ("name", "places", "exact"),
    [
        ("softplus", (-700, -40, -3, 0, 19.5, 20.5, 25, 800), lambda h: mpmath.log1p(mpmath.exp(h))),
        ("gelu", (-9, -5, -0.1, 0.1, 5, 40), lambda h: h * mpmath.erfc(-h / mpmath.sqrt(2)) / 2),
        ("swish", (-700, -30, -0.1, 3, 40), lambda h: h / (1 + mpmath.exp(-h))),
    ],
)  # fmt: skip
def test_no_digits_are_lost_in_the_tails(name, places, exact):
    values = activation(name)(torch.tensor(places, dtype=torch.float64))
    with mpmath.mp.workdps(400):
        for place, value in zip(places, values.tolist(), strict=True):
            wanted = exact(mpmath.mpf(place))
            assert abs(value / wanted - 1) < 1e-13, place


@pytest.mark.parametrize(
    "name",
    ["nonsense", "stack", "softmax", "dropout", "zeros", "isnan", "two_layer", "relu_", "power0",
     "power-1", "power2.5", "_C", "Tensor", "nn", "os.path", "../linear", "", "tanh "],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
def test_an_unknown_name_says_what_was_searched(name):
    with pytest.raises(ValueError, match=r"torch, torch\.special, torch\.nn\.functional") as error:
        activation(name)
    assert repr(name) in str(error.value)
    assert f"verify/networks/{name}.py" in str(error.value)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A second folder of `verify.networks`, forgotten afterwards."""
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    activation.cache_clear()
    before = set(sys.modules)
    yield tmp_path
    for module in set(sys.modules) - before:
        if module.startswith(f"{networks.__name__}."):
            del sys.modules[module]
    activation.cache_clear()


@pytest.mark.parametrize("name", ["doubled", "tanh", "cubic", "swish"])
def test_a_file_takes_precedence(folder, name):
    (folder / f"{name}.py").write_text("def activation(h):\n    return 2 * h\n")
    assert activation(name)(torch.tensor([3.0])).tolist() == [6.0]


def test_powers_are_named_by_their_exponent():
    names = ("linear", "quadratic", "cubic", "power4", "power12")
    assert [power(name) for name in names] == [1, 2, 3, 4, 12]
    assert [power(name) for name in ("tanh", "power", "power0", "power07", "powers2")] == [None] * 5


def test_the_degree_is_found():
    names = ("cubic", "power7", "relu", "leaky_relu", "abs")
    assert [degree(name) for name in names] == [3, 7, 1, 1, 1]
    for name in ("tanh", "softplus", "gelu", "swish", "exponential", "sine", "erf", "elu", "relu6"):
        assert degree(name) is None


def test_relu_has_the_slope_of_its_definition_on_either_side():
    h = torch.tensor([-2.0, 3.0], dtype=torch.float64, requires_grad=True)
    for name, slopes in (("relu", [0.0, 1.0]), ("leaky_relu", [0.01, 1.0])):
        (found,) = torch.autograd.grad(activation(name)(h).sum(), h)
        np.testing.assert_array_equal(found, slopes)
