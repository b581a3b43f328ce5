"""Permutations that leave a network as it is, against forward passes by torch."""

import pytest
import torch

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.laws.permutations import permutations
from symbolic.models.shelf import load

FOUND = {
    ("chain_3", 0): {"a with b", "a with c", "b with c"},
    ("convolution", 1): {"c: 1 with 2"},
    ("deep_relu", 0): {"h: 1 with 2", "k: 1 with 2", "n: 1 with 2"},
    ("layer_normalisation_with_gain", 0): {
        "h: 1 with 2", "h: 2 with 3", "n: 1 with 2", "s with u",
    },
    ("lora", 0): {"r: 1 with 2"},
    ("modular_addition", 0): {"h: 1 with 2"},
    ("residual", 0): {"n: 1 with 2"},
    ("softmax_attention", 0): {"k: 1 with 2", "d: 1 with 2"},
    ("tanh_any_data", 0): {"h: 1 with 2", "n: 1 with 2"},
    ("two_heads", 0): {"d: 1 with 2", "Q1 with Q2, K1 with K2, V1 with V2"},
    ("two_layer_linear_on_a_line", 1): {"h: 1 with 2", "h: 2 with 3", "h: 3 with 4"},
}  # fmt: skip

FORWARD = {
    "deep_relu": lambda w, x: w["U"] @ torch.relu(w["V"] @ torch.relu(w["W"] @ x["x"])),
    "layer_normalisation_with_gain": lambda w, x: (
        w["u"]
        @ (w["s"] * torch.nn.functional.layer_norm(w["W"] @ x["x"], (w["W"].shape[0],), eps=0.0))
    ),
    "softmax_attention": lambda w, x: (
        torch.softmax(x["X"] @ (w["K"].T @ (w["Q"] @ x["q"])), -1) @ (x["X"] @ w["V"].T)
    ),
    "tanh_any_data": lambda w, x: w["U"] @ torch.tanh(w["W"] @ x["x"]),
    "two_heads": lambda w, x: sum(
        ((w[f"Q{k}"] @ x["q"]) @ (w[f"K{k}"] @ x[token])) * (w[f"V{k}"] @ x[token])
        for k in (1, 2)
        for token in ("a", "b")
    ),
}


@pytest.mark.parametrize(("name", "k"), FOUND)
def test_those_of_the_shelf(name, k):
    model = load(name)
    found = permutations(Instance(model, model.sizes[k]))
    assert {one.words for one in found} == FOUND[name, k]


@pytest.mark.parametrize("name", FORWARD)
def test_outputs_are_the_same_at_any_weights(name):
    """Of those that exchange weights alone."""
    model = load(name)
    instance = Instance(model, model.sizes[0])
    draw = torch.Generator().manual_seed(0)
    shapes = {n: [s.at(model.sizes[0]) for s in layer.shape] for n, layer in model.layers.items()}
    inputs = {
        n: torch.randn([s.at(model.sizes[0]) for s in shape], generator=draw, dtype=torch.float64)
        for n, shape in model.graph.inputs.items()
    }
    flat = torch.randn(instance.weights, generator=draw, dtype=torch.float64)

    def output(weights):
        parts = weights.split([int(torch.tensor(shape).prod()) for shape in shapes.values()])
        named = {
            n: part.reshape(shape) for (n, shape), part in zip(shapes.items(), parts, strict=True)
        }
        return FORWARD[name](named, inputs)

    inner = [one for one in permutations(instance) if not one.relabels]
    assert inner
    for one in inner:
        assert sorted(one.images) == list(range(instance.weights))
        moved = flat[list(one.images)]
        assert not torch.equal(moved, flat)
        assert torch.allclose(output(moved), output(flat), rtol=1e-13, atol=1e-14)


def altered(output, rates=("eta", "eta")):
    return Model(
        name="two_activations",
        title="two neurons",
        source="own",
        layers={"a": Layer("n", rate=rates[0]), "b": Layer("n", rate=rates[1])},
        inputs={"x": ("n",)},
        output=output,
        sizes=({"n": 2},),
    )


def words(model):
    return {one.words for one in permutations(Instance(model, model.sizes[0]))}


def test_neurons_of_other_activations_are_not_exchanged():
    same = altered(lambda w, x, F: F.tanh(w.a @ x.x) + F.tanh(w.b @ x.x))
    other = altered(lambda w, x, F: F.tanh(w.a @ x.x) + F.exp(w.b @ x.x))
    assert "a with b" in words(same)
    assert "a with b" not in words(other)


def test_weights_of_other_rates_are_not_exchanged():
    assert "a with b" not in words(altered(lambda w, x, F: (w.a * w.b * x.x).sum(), ("eta", "mu")))


def test_weights_that_weigh_differently_are_not_exchanged():
    assert "a with b" not in words(altered(lambda w, x, F: (w.a * w.a * w.b * x.x).sum()))
    assert "a with b" in words(altered(lambda w, x, F: (w.a * w.b * x.x).sum()))
