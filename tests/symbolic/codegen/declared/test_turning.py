"""Which sizes arrays may be turned along: read off the graph, and never where entries are told apart."""

from __future__ import annotations

import pytest

from symbolic.architecture.model import Layer, Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.tensor import number
from symbolic.codegen.declared import compiled
from symbolic.models import shelf


def turns(model):
    return {
        symbol: {(name, axis): spans for _, name, axis, spans in slots}
        for symbol, slots in compiled(model).TURNS.items()
    }


def own(output, **given):
    return Model(
        name="own", title="own", source="own", inputs={"x": ("n",)}, output=output,
        layers={"U": Layer("m", "h", rate="eta_U"), "V": Layer("h", "n", rate="eta_V"),
                "b": Layer("h", rate="eta_b")}, sizes=(), **given,
    )  # fmt: skip


def test_hidden_units_of_linear_layers_span_what_they_move_in():
    found = turns(shelf.load("two_layer_linear"))
    assert found["h"] == {("U", 1): True, ("V", 0): True}
    assert found["n"] == {("x", 0): True, ("V", 1): False}
    assert "m" not in found  # of the output


def test_what_is_frozen_spans_only_where_it_meets_what_moves():
    assert turns(shelf.load("lora"))["n"][("W", 1)] is False
    assert turns(shelf.load("dora"))["n"][("W", 1)] is True  # in norms of W + B A


def test_a_bias_is_one_vector_more():
    found = turns(own(lambda w, x, F: w.U @ (w.V @ x.x + w.b)))
    assert found["h"] == {("U", 1): True, ("V", 0): True, ("b", 0): True}


@pytest.mark.parametrize(
    "output",
    [
        lambda w, x, F: w.U @ F.relu(w.V @ x.x + w.b),
        lambda w, x, F: w.U @ (w.b * (w.V @ x.x)),
        lambda w, x, F: w.U @ (w.V @ x.x + w.b) + w.b.sum(),
        lambda w, x, F: w.U @ (w.V @ x.x + w.b + 1),
        lambda w, x, F: w.U @ F.layer_norm(w.V @ x.x + w.b),
        lambda w, x, F: w.V @ x.x + w.b,
    ],
    ids=["function", "product", "sum", "constant", "mean", "output"],
)
def test_where_entries_are_told_apart_nothing_is_turned(output):
    assert "h" not in turns(own(output))


def test_functions_of_inner_products_are_no_hindrance():
    found = turns(own(lambda w, x, F: F.tanh(w.U @ (w.V @ x.x + w.b))))
    assert set(found) == {"h", "n"}
    assert set(turns(shelf.load("softmax_attention"))) == {"k"}


def frozen_in_its_own_norm(w, x, F):
    """W meets no weight, only itself: ‖W‖² is to be read off what it spans."""
    W = F.frozen("W", "m", "h")
    return (w.U @ (w.V @ x.x)) * (W * W).sum()


def test_what_is_frozen_and_meets_itself_spans():
    found = turns(own(frozen_in_its_own_norm))
    assert found["h"] == {("W", 1): True, ("U", 1): True, ("V", 0): True}


@pytest.mark.parametrize(
    ("factor", "turned"),
    [
        (lambda one: one * number(1, ((Size.of("h"), -1),)), {"n"}),
        (lambda one: one.repeat(Size.of("h")).sum(), {"n"}),
        (lambda one: one * number(1, ((Size.of("m"), -1),)), {"h", "n"}),
        (lambda one: 3 * one, {"h", "n"}),
    ],
    ids=["mean", "repeated", "of another size", "number"],
)
def test_a_network_that_counts_a_size_is_not_turned_along_it(factor, turned):
    """‖b‖²/h in a basis of k vectors would be ‖b‖²/k."""
    model = own(lambda w, x, F: (w.U @ (w.V @ x.x + w.b)) * factor((w.b * w.b).sum()))
    assert set(turns(model)) == turned
