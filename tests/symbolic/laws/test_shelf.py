"""Every declared network of the shelf: its laws, their count, and that nothing is missing.

The numbers are those of the literature where it has them (the first column), else of the count, whose two
sides are found by different algorithms: laws by exact elimination, the rank by brackets modulo a prime.
"""

from __future__ import annotations

import pytest
from flint import fmpq

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws.all_sizes import matrix_laws
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.darboux import product_laws
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.ring import Ring
from symbolic.laws.what_is_left import ranks
from symbolic.models.shelf import load, names

# weights, independent polynomial laws, products and ratios beside them, rank, what is left
COUNTS = {
    "bilinear": [(5, 2, 0, 3, 3), (16, 4, 0, 12, 12)],
    "experts": [(8, 2, 0, 6, 6), (12, 2, 0, 10, 10)],
    "dora": [(6, 1, 0, 5, 5), (12, 3, 0, 9, 9)],
    "linear_recurrence": [(8, 2, 0, 6, 6), (15, 3, 0, 12, 12)],
    "chain_2": [(2, 1, 0, 1, 1)],
    "chain_3": [(3, 2, 0, 1, 1)],
    "chain_4": [(4, 3, 0, 1, 1)],
    "convolution": [(5, 1, 0, 4, 4), (10, 3, 0, 7, 7)],
    "cp_tensor": [(12, 4, 0, 8, 8)],
    "cubic_any_data": [(6, 2, 0, 4, 4)],
    "deep_relu": [(10, 4, 0, 6, 6)],
    "diagonal": [(4, 2, 0, 2, 2), (6, 3, 0, 3, 3)],
    "diagonal_classes": [(6, 3, 1, 2, 2), (8, 4, 1, 3, 3)],
    "diagonal_depth_3": [(6, 4, 0, 2, 2)],
    "four_layer_linear": [(14, 9, 0, 5, 5)],
    "layer_normalisation": [(9, 4, 0, 5, 4)],
    "layer_normalisation_with_gain": [(12, 6, 1, 5, 5)],
    "linear_attention": [(8, 3, 0, 5, 5), (24, 7, 0, 17, 17)],
    "lora": [(12, 3, 0, 9, 9)],
    "lora_trained": [(21, 3, 0, 18, 18)],
    "merged_attention": [(8, 1, 0, 7, 7)],
    "merged_softmax_attention": [(8, 0, 0, 8, 8)],
    "modular_addition": [(18, 4, 0, 14, 14)],
    "modular_addition_classes": [(18, 6, 0, 12, 12)],
    "quadratic_on_a_line": [(6, 4, 0, 1, 1)],
    "quadratic_any_data": [(6, 2, 0, 4, 4)],
    "relu": [(6, 2, 0, 4, 4), (20, 4, 0, 16, 16)],
    "relu_classifier": [(15, 5, 0, 10, 10), (26, 9, 0, 17, 17)],
    "relu_with_bias": [(8, 2, 0, 6, 6)],
    "residual": [(8, 2, 0, 6, 6)],
    "residual_full": [(8, 3, 0, 5, 5)],
    "single_neuron": [(3, 1, 0, 2, 2), (4, 1, 0, 3, 3)],
    "softmax_attention": [(12, 3, 0, 9, 9)],
    "squared_diagonal": [(2, 0, 0, 2, 2), (3, 0, 0, 3, 3)],
    "swiglu": [(10, 2, 0, 8, 8)],
    "symmetric_factorisation": [(4, 0, 0, 4, 3), (6, 0, 2, 4, 3), (3, 0, 0, 3, 3)],
    "tanh_any_data": [(6, 0, 0, 6, 6)],
    "three_layer_linear": [(10, 6, 0, 4, 4), (14, 6, 0, 8, 8)],
    "two_heads": [(16, 4, 0, 12, 12)],
    "two_layer_linear": [
        (3, 1, 0, 2, 2),
        (6, 3, 0, 3, 3),
        (12, 9, 0, 3, 3),
        (8, 3, 0, 5, 5),
        (32, 10, 0, 22, 22),
    ],
    "two_layer_linear_on_a_line": [(3, 2, 0, 1, 1), (16, 15, 0, 1, 1)],
    "weight_normalisation": [(3, 1, 0, 2, 2), (4, 1, 0, 3, 3)],
}

# One field moves parts by themselves: differences of their clocks are laws (`test_one_field`).
SEPARABLE = {"quadratic_on_a_line": 1}
INSTANCES = [(name, k) for name in names() for k in range(len(load(name).sizes))]


def expanded(name, k):
    model = load(name)
    instance = Instance(model, model.sizes[k])
    return model, instance, fields(instance)


def test_every_network_is_counted():
    assert {name: len(load(name).sizes) for name in names()} == {
        n: len(c) for n, c in COUNTS.items()
    }


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_laws_and_rank_add_up_to_the_weights(name, k):
    model, instance, found = expanded(name, k)
    laws, D = polynomial_laws(found, instance.weights), instance.weights
    alone = independent(laws, (), D)
    rank = lie_rank(model, model.sizes[k], D - alone, depth=3, seeds=1).value
    products = product_laws(Ring(instance.names, found), laws) if alone + rank < D else []
    more = independent(laws, products, D) - alone
    assert (D, alone, more, rank) == COUNTS[name][k][:-1]
    assert alone + more + rank + SEPARABLE.get(name, 0) == D


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_what_is_left_for_any_loss(name, k):
    model = load(name)
    if model.number_of_weights(model.sizes[k]) > 20:
        pytest.skip("the larger instance of the same network")
    assert ranks(model, model.sizes[k], depth=3)[2] == COUNTS[name][k][-1]


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_every_law_is_annihilated_and_every_altered_law_is_not(name, k):
    """By derivatives of polynomials, with which laws were not found."""
    _, instance, found = expanded(name, k)
    ring = Ring(instance.names, found)
    for law in polynomial_laws(found, instance.weights):
        assert all(ring.along(ring.law(law), field) == 0 for field in ring.fields)
        for factors in law:
            altered = law | {factors: law[factors] * fmpq(2)}
            if len(law) > 1:
                assert any(ring.along(ring.law(altered), field) != 0 for field in ring.fields)


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_matrix_laws_are_among_those_of_the_instance(name, k):
    """At rates that are drawn, entry by entry of the matrices: what words say at all sizes."""
    model, instance, found = expanded(name, k)
    ring = Ring(instance.names, found)
    places, start = {}, 0
    for layer, shape in (
        (n, tuple(s.at(model.sizes[k]) for s in layer.shape)) for n, layer in model.layers.items()
    ):
        size = 1
        for n in shape:
            size *= n
        places[layer] = (shape, start)
        start += size
    for law in matrix_laws(model):
        for p in entries(law, places, ring):
            assert all(ring.along(p, field) == 0 for field in ring.fields)


def entries(law, places, ring):
    total = {}
    for part in law.parts:
        shape, start = places[part.layer]
        rows, columns = (*shape, 1, 1)[:2] if shape else (1, 1)
        entry = lambda i, j: ring.generators[start + i * columns + j]  # noqa: B023, E731
        c = fmpq(part.factor.numerator, part.factor.denominator)
        if part.kind == "norm":
            square = sum(
                (entry(i, j) ** 2 for i in range(rows) for j in range(columns)),
                ring.context.constant(0),
            )
            total[0, 0] = total.get((0, 0), 0) + square * c
            continue
        if part.kind in ("total", "entries"):  # of all entries; a number is its own
            whole = sum(
                (entry(i, j) for i in range(rows) for j in range(columns)),
                ring.context.constant(0),
            )
            total[0, 0] = total.get((0, 0), 0) + whole * c
            continue
        if part.kind == "sum":
            for a in range(rows):
                for b in range(rows):
                    total[a, b] = total.get((a, b), 0) + (entry(a, b) + entry(b, a)) * c
            continue
        size, inner = (rows, columns) if part.kind == "outer" else (columns, rows)
        for a in range(size):
            for b in range(size):
                pairs = (
                    (entry(a, k), entry(b, k))
                    if part.kind == "outer"
                    else (entry(k, a), entry(k, b))
                    for k in range(inner)
                )
                for x, y in pairs:
                    total[a, b] = total.get((a, b), 0) + x * y * c
    return total.values()
