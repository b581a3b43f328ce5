"""Symmetries against forward passes by torch: at a finite parameter, at rates that differ."""

from functools import cache

import numpy as np
import pytest
import sympy
import torch
from flint import fmpq
from scipy.linalg import expm

from symbolic.architecture.instance import Instance
from symbolic.laws import explained as module
from symbolic.laws import signs
from symbolic.laws.explained import explained
from symbolic.laws.symmetries import symmetries
from symbolic.models.shelf import load
from symbolic.proof.verdict import is_proved

FORWARD = {
    "lora_trained": lambda w, x: (w["W"] + w["B"] @ w["A"]) @ x["x"],
    "quadratic_any_data": lambda w, x: w["U"] @ (w["W"] @ x["x"]) ** 2,
    "residual_full": lambda w, x: (
        (torch.eye(2, dtype=torch.float64) + w["W2"])
        @ ((torch.eye(2, dtype=torch.float64) + w["W1"]) @ x["x"])
    ),
    "softmax_attention": lambda w, x: (
        torch.softmax(x["X"] @ (w["K"].T @ (w["Q"] @ x["q"])), -1) @ (x["X"] @ w["V"].T)
    ),
    "symmetric_factorisation": lambda w, x: w["U"] @ (w["U"].T @ x["x"]),
    "two_layer_linear": lambda w, x: w["U"] @ (w["V"] @ x["x"]),
    "weight_normalisation": lambda w, x: w["g"] * (w["v"] @ x["x"]) / w["v"].norm(),
}
COUNTS = {  # laws, reductions, neither
    "lora_trained": (3, 1, 12),
    "quadratic_any_data": (2, 0, 0),
    "residual_full": (3, 0, 1),
    "softmax_attention": (3, 1, 0),
    "symmetric_factorisation": (0, 1, 0),
    "two_layer_linear": (1, 0, 0),
    "weight_normalisation": (1, 0, 0),
}
RATES = (0.7, 1.3, 0.4, 2.1)


class Network:
    """A network of the shelf at weights, inputs and rates."""

    def __init__(self, name, k=0):
        self.model = load(name)
        self.sizes = self.model.sizes[k]
        self.instance = Instance(self.model, self.sizes)
        self.found = explained(self.instance)
        self.forward = FORWARD[name]
        draw = torch.Generator().manual_seed(1)
        self.x = {
            n: torch.randn([s.at(self.sizes) for s in shape], generator=draw, dtype=torch.float64)
            for n, shape in self.model.graph.inputs.items()
        }
        self.flat = torch.randn(self.instance.weights, generator=draw, dtype=torch.float64)
        names = dict.fromkeys(self.instance.rates)
        self.rates = dict(zip(names, RATES, strict=False))
        self.M = np.array([self.rates[name] for name in self.instance.rates])
        self.known = {sympy.Symbol(n, positive=True): v for n, v in self.rates.items()}

    def output(self, flat):
        weights, k = {}, 0
        for name, layer in self.model.layers.items():
            shape = [s.at(self.sizes) for s in layer.shape]
            size = int(np.prod(shape))
            weights[name] = flat[k : k + size].reshape(shape)
            k += size
        return self.forward(weights, self.x)

    def numbers(self, matrix):
        return np.array(matrix.xreplace(self.known).evalf().tolist(), float)


@cache
def network(name):
    return Network(name)


@pytest.mark.parametrize("name", FORWARD)
def test_every_symmetry_leaves_outputs_alone(name):
    one = network(name)
    assert tuple(len(one.found.of_kind(kind)) for kind in module.KINDS) == COUNTS[name]
    before = one.output(one.flat)
    for symmetry in one.found.continuous:
        A, b = one.numbers(symmetry.A), one.numbers(symmetry.b)
        n = len(A)
        flow = expm(0.4 * np.block([[A, b], [np.zeros((1, n + 1))]]))
        moved = torch.tensor(flow[:n] @ np.append(one.flat.numpy(), 1.0))
        assert not torch.allclose(moved, one.flat, atol=1e-3)
        assert torch.allclose(one.output(moved), before, rtol=1e-12, atol=1e-12)
        assert all(is_proved(certificate.verdict) for certificate in symmetry.certificates)


@pytest.mark.parametrize("name", FORWARD)
def test_every_symmetry_gives_what_it_is_said_to(name):
    """Along the flow of any loss: its velocity is −M ∇L, with a gradient by torch."""
    one = network(name)
    flat = one.flat.clone().requires_grad_(True)
    (one.output(flat) ** 3 + one.output(flat)).sum().backward()
    velocity, theta = -one.M * flat.grad.numpy(), one.flat.numpy()
    for symmetry in one.found.continuous:
        A, b = one.numbers(symmetry.A), one.numbers(symmetry.b)[:, 0]
        assert velocity @ ((A @ theta + b) / one.M) == pytest.approx(0, abs=1e-11)
        if symmetry.kind == "law":
            S = one.numbers(symmetry.S)
            assert np.allclose(S, S.T)
            assert np.allclose(one.M[:, None] * S, A)
            values = dict(zip(map(weight, one.instance.names), theta, strict=True))
            gradient = [
                float(sympy.diff(symmetry.law, w).xreplace({**values, **one.known})) for w in values
            ]
            assert np.allclose(gradient, S @ theta + b / one.M)
        else:
            assert symmetry.S is None
            assert symmetry.law is None
        if symmetry.kind == "reduction":
            over = A / one.M[:, None]
            assert np.allclose(over, -over.T)
            assert not b.any()


def weight(name):
    return sympy.Symbol(name, real=True)


def test_in_words():
    words = {
        one.words
        for name in ("residual_full", "two_layer_linear")
        for one in network(name).found.continuous
    }
    assert "scales U by exp(ε), V by exp(−ε)" in words
    assert (
        "moves rows 2 and 1 of W1, columns 1 and 2 of W2 and shifts W1_21 by ε, W2_21 by −ε"
        in words
    )
    of_factors = {one.words for one in network("symmetric_factorisation").found.continuous}
    assert of_factors == {"turns columns 1 and 2 of U"}
    assert "scales row 1 of W by exp(ε), column 1 of U by exp(−2 ε)" in {
        one.words for one in network("quadratic_any_data").found.continuous
    }


def test_signs():
    """One for each hidden unit, or pair; none where weights stand beside the identity."""
    flips = {name: network(name).found.signs for name in FORWARD}
    assert flips["residual_full"] == ()
    names = [sorted(map(str, one)) for one in flips["two_layer_linear"]]
    assert names == [["U_11", "V_11", "V_12"]]
    for name in (
        "lora_trained", "symmetric_factorisation", "quadratic_any_data", "softmax_attention",
    ):  # fmt: skip
        one = network(name)
        assert len(flips[name]) == 2
        for flip in flips[name]:
            sign = [-1.0 if weight(n) in flip else 1.0 for n in one.instance.names]
            moved = one.flat * torch.tensor(sign, dtype=torch.float64)
            assert torch.allclose(one.output(moved), one.output(one.flat), rtol=1e-13)


@pytest.mark.parametrize("name", ["residual_full", "two_layer_linear", "softmax_attention"])
def test_an_altered_symmetry_is_not_proved(name):
    model = load(name)
    instance = Instance(model, model.sizes[0])
    given = module._given(instance)
    found = symmetries(given.fields, instance.weights)
    for kind, several in (("law", found.laws), ("reduction", found.isometries)):
        for one in several:
            for place in one:
                altered = one | {place: one[place] * fmpq(2)}
                proofs = module._explained(given, kind, altered).certificates
                assert not all(is_proved(certificate.verdict) for certificate in proofs)


def test_a_law_and_a_rotation_are_not_taken_for_each_other():
    model = load("two_layer_linear")
    instance = Instance(model, model.sizes[1])
    given = module._given(instance)
    found = symmetries(given.fields, instance.weights)
    for kind, several in (("reduction", found.laws), ("law", found.isometries)):
        for one in several:
            proofs = module._explained(given, kind, one).certificates
            assert not all(is_proved(certificate.verdict) for certificate in proofs)


def test_changes_of_signs_are_of_few_weights():
    assert signs._few([0, 0b1111, 0b0011, 0b0111]) == [0b1000, 0b0100, 0b0011]
