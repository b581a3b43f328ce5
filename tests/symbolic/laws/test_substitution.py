"""Discrete symmetries: what proves them refutes all others, and torch's forward passes agree."""

from __future__ import annotations

import itertools
import zlib
from dataclasses import replace

import pytest
import torch

from symbolic.architecture.instance import Instance, entry_names
from symbolic.architecture.model import Layer, Model
from symbolic.declared.symmetries import Why
from symbolic.laws.absorbed import weight
from symbolic.laws.explained import explained
from symbolic.laws.permutations import permutations
from symbolic.laws.signs import sign_flips
from symbolic.laws.substitution import Substitution
from symbolic.models.shelf import load, names
from symbolic.proof.certificate import CertificateError
from verify.networks import shelf


def instance_of(name):
    model = load(name)
    return Instance(model, model.sizes[0])


def split(instance, flat):
    shapes = {
        name: [s.at(instance.sizes) for s in layer.shape]
        for name, layer in instance.model.layers.items()
    }
    parts = flat.split([int(torch.tensor(shape).prod()) for shape in shapes.values()])
    return {n: part.reshape(shape) for (n, shape), part in zip(shapes.items(), parts, strict=True)}


class Network:
    """A network of the shelf by hand, at weights and data that are drawn."""

    def __init__(self, name):
        self.instance, self.forward = instance_of(name), shelf.load(name)
        draw = torch.Generator().manual_seed(zlib.crc32(name.encode()))

        def drawn(shapes):
            return {
                key: torch.randn(
                    [s.at(self.instance.sizes) for s in shape], generator=draw, dtype=torch.float64
                )
                for key, shape in shapes.items()
            }

        graph = self.instance.model.graph
        self.inputs, self.frozen = [drawn(graph.inputs) for _ in range(4)], drawn(graph.frozen)
        self.flats = torch.randn(4, self.instance.weights, generator=draw, dtype=torch.float64)

    def stays(self, places, signs=1.0, data=None, outputs=None):
        """Whether outputs go where they are said to, at all weights and inputs."""
        there = list(outputs) if outputs is not None else slice(None)
        for flat, x in itertools.product(self.flats, self.inputs):
            before, after = (
                self.forward(split(self.instance, weights), at, self.frozen).reshape(-1)
                for weights, at in ((flat, x), (flat[list(places)] * signs, renamed(x, data or {})))
            )
            if (after - before[there]).abs().max() > 1e-12 * (1 + before.abs().max()):
                return False
        return True


def renamed(inputs, data):
    """Inputs with some entries in the places of others, by name."""
    values = {
        n: value
        for name, x in inputs.items()
        for n, value in zip(entry_names(name, x.shape), x.reshape(-1), strict=True)
    }
    return {
        name: torch.stack([values[data.get(n, n)] for n in entry_names(name, x.shape)]).reshape(
            x.shape
        )
        for name, x in inputs.items()
    }


@pytest.mark.parametrize("name", names())
def test_signs_that_are_found_leave_outputs_of_torch_alone_and_no_others(name):
    """Of all single weights, pairs of them, and found changes with one more or one fewer weight."""
    network = Network(name)
    instance, D = network.instance, network.instance.weights
    proves, same = Substitution(instance), range(D)
    masks = [sum(1 << instance.names.index(w.name) for w in one) for one in sign_flips(instance)]
    tried = {
        *masks,
        *(1 << i for i in range(D)),
        *(1 << i | 1 << j for i in range(D) for j in range(i)),
    }
    tried |= {mask ^ 1 << i for mask in masks for i in range(D)}
    span = {0}
    for mask in masks[:8]:
        span |= {mask ^ other for other in span}
    for mask in sorted(tried):
        signs = [-1 if mask >> i & 1 else 1 for i in range(D)]
        holds = proves.leaves_alone(same, signs)
        assert holds == (mask in span)
        assert network.stays(same, torch.tensor(signs)) == holds


@pytest.mark.parametrize("name", names())
def test_permutations_are_proved_where_torch_says_so_and_nowhere_else(name):
    """As they are found; without what they do to data and outputs; with one more exchange of two."""
    network = Network(name)
    proves, identity = Substitution(network.instance), range(network.instance.weights)
    refuted = 0
    for one in permutations(network.instance):
        data = dict(one.data)
        tried = [
            (one.images, data, one.outputs),
            (one.images, {}, None),
            (identity, data, one.outputs),
        ]
        k = next(k for k, image in enumerate(one.images) if image != k)
        for other in identity:
            images = list(one.images)
            images[k], images[other] = images[other], images[k]
            tried.append((images, data, one.outputs))
        held = [proves.leaves_alone(images, (), *rest) for images, *rest in tried]
        assert held == [network.stays(images, 1.0, *rest) for images, *rest in tried]
        assert held[0]
        refuted += held.count(False)
    assert (
        refuted or not permutations(network.instance) or name in ("chain_2", "chain_3", "chain_4")
    )


@pytest.mark.parametrize("name", ["tanh_any_data", "two_heads", "relu", "modular_addition"])
def test_a_record_with_what_is_no_symmetry_is_refused(name):
    instance = instance_of(name)
    found = explained(instance)
    assert Why(instance=instance, symmetries=found)
    first, *others = found.permutations
    images = list(first.images)
    images[0], images[-1] = images[-1], images[0]
    wrong = replace(first, images=tuple(images))
    with pytest.raises(CertificateError, match="outputs go to outputs"):
        Why(instance=instance, symmetries=replace(found, permutations=(wrong, *others)))
    signs = (*found.signs, (weight(instance.names[0]),))
    with pytest.raises(CertificateError, match="outputs stay as they are"):
        Why(instance=instance, symmetries=replace(found, signs=signs))


def test_odd_and_even_functions_and_ratios():
    """Tanh of one layer, a cosine of another, over a third; a sum under exp keeps its signs."""
    model = Model(
        name="tried", title="", source="own",
        layers={name: Layer(rate=f"eta_{name}") for name in "abcde"}, inputs={"x": ()},
        output=lambda w, x, F: F.tanh(w.a * x.x) * F.cos(w.b * x.x) * F.exp(w.d * x.x) / w.c + w.e**2,
    )  # fmt: skip
    found = {frozenset(w.name for w in one) for one in sign_flips(Instance(model, {}))}
    assert found == {frozenset("b"), frozenset("ac"), frozenset("e")}


def test_outputs_that_go_around_go_one_way():
    model = load("two_layer_linear")
    found = Substitution(Instance(model, {"n": 1, "h": 1, "m": 3}))
    places = [1, 2, 0, 3]
    assert found.leaves_alone(places, outputs=[1, 2, 0])
    assert not found.leaves_alone(places, outputs=[2, 0, 1])


def test_an_inverse_changes_its_sign_with_its_argument():
    model = Model(
        name="quotient", title="a quotient", source="own",
        layers={name: Layer(rate="eta") for name in "abc"}, inputs={"x": ()},
        output=lambda w, x, F: w.a * (w.b - w.c) ** -1 * x.x,
    )  # fmt: skip
    found = Substitution(Instance(model, {}))
    assert found.leaves_alone([0, 1, 2], signs=[-1, -1, -1])
    assert found.leaves_alone([0, 2, 1], signs=[-1, 1, 1])
    assert not found.leaves_alone([0, 2, 1], signs=[1, 1, 1])
