"""Which declared networks move with one product of scalar weights, and what is said of others."""

from __future__ import annotations

import re

import pytest

from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.one_product import one_product


def declared(output, **others):
    """Layers of letters, each with its own rate."""
    return Model(
        name="own", title="own", source="own", inputs={"x": ("n",)}, output=output,
        layers={name: Layer(rate=f"eta_{name}") for name in "abc"} | others, sizes=({"n": 2},),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("output", "powers"),
    [
        (lambda w, x, F: w.a * w.b * w.c * x.x, {"a": 1, "b": 1, "c": 1}),
        (lambda w, x, F: 2 * w.c * w.a**2 * x.x.sum(), {"a": 2, "c": 1}),
        (lambda w, x, F: (w.b * x.x) @ (w.b * w.b**2 * x.x), {"b": 4}),
        (lambda w, x, F: F.frozen("V", "n", "n") @ (w.a * w.b * w.c * x.x), dict.fromkeys("abc", 1)),
        (
            lambda w, x, F: w.a * w.b * w.c * x.x + F.frozen("v", "n") - w.a * x.x + w.a * x.x,
            {"a": 1, "b": 1, "c": 1},
        ),
    ],
)  # fmt: skip
def test_the_product_is_read_off_whatever_the_data_are(output, powers):
    found = one_product(declared(output))
    assert dict(found.powers) == powers
    assert found.depth == sum(powers.values())


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (lambda w, x, F: w.a * w.b * x.x, "its product is of degree 2: a chain has 3 factors or more"),
        (lambda w, x, F: w.a * w.b * w.c * x.x + w.a * x.x, "outputs move with 2 products of weights"),
        (lambda w, x, F: w.a * w.b * (w.c + 1) * x.x, "outputs move with 2 products of weights"),
        (lambda w, x, F: F.tanh(w.a) * w.b * w.c * x.x, "outputs are no polynomials in words"),
        (lambda w, x, F: F.relu(w.a * w.b * w.c * x.x), "outputs are no polynomials in words"),
        (lambda w, x, F: w.a * w.b * w.c * w.a**-1 * x.x, "outputs are no polynomials in words"),
        (lambda w, x, F: x.x + w.a - w.a, "outputs never move"),
        (lambda w, x, F: w.a * w.b * (w.w * x.x), "w is no scalar"),
    ],
)  # fmt: skip
def test_what_is_no_product_says_why(output, why):
    with pytest.raises(DoesNotApply, match=re.escape(why)):
        one_product(declared(output, w=Layer("n", rate="eta_w")))


def test_of_the_shelf_the_chains_of_depth_3_and_4_alone():
    """Named by what they are; each of the others has a reason of its own."""
    assert one_product(load("chain_3")).depth == 3
    assert one_product(load("chain_4")).depth == 4
    for name, why in (
        ("chain_2", "degree 2"), ("diagonal_depth_3", "u is no scalar"), ("relu", "no polynomials"),
        ("diagonal_classes", "the loss is softmax, no square"),
    ):  # fmt: skip
        with pytest.raises(DoesNotApply, match=why):
            one_product(load(name))
