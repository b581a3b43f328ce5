"""As many directions are reached in floats as laws leave over: no law is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symbolic.architecture.instance import Instance
from symbolic.models.shelf import load, names
from verify.properties.declared.reach import Reached, reached

# What the count says, of all networks with 12 weights at most and without gates.
RANKS = {
    "bilinear": 3, "dora": 5, "experts": 6, "linear_recurrence": 6,
    "chain_2": 1, "chain_3": 1, "chain_4": 1, "convolution": 4, "cp_tensor": 8, "cubic_any_data": 4,
    "diagonal": 2, "diagonal_classes": 2, "diagonal_depth_3": 2,
    "layer_normalisation": 5, "layer_normalisation_with_gain": 5, "linear_attention": 5, "lora": 9,
    "merged_attention": 7, "merged_softmax_attention": 8, "quadratic_any_data": 4,
    "quadratic_on_a_line": 1,
    "residual": 6, "residual_full": 5, "single_neuron": 2, "softmax_attention": 9,
    "squared_diagonal": 2, "swiglu": 8, "symmetric_factorisation": 4, "tanh_any_data": 6,
    "three_layer_linear": 4, "two_layer_linear": 2, "two_layer_linear_on_a_line": 1,
    "weight_normalisation": 2,
}  # fmt: skip
LEAST = {"softmax_attention": 8}  # one direction of 9 is not decided
FAST = ("chain_3", "two_layer_linear")


def of(model):
    return reached(Instance(model, model.sizes[0]))


def test_all_small_networks_are_here():
    small = {name for name in names() if load(name).number_of_weights(load(name).sizes[0]) <= 12}
    gated = {"deep_relu", "relu", "relu_with_bias"}
    assert sorted(small - gated) == sorted(RANKS)
    for name in gated:
        with pytest.raises(ValueError, match=f"{name}: steps across a gate"):
            of(load(name))


@pytest.mark.parametrize("name", FAST)
def test_as_many_are_reached_as_are_counted(name):
    found = of(load(name))
    assert found.least == found.most == RANKS[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in RANKS if name not in FAST])
def test_as_many_are_reached_of_the_others(name):
    found = of(load(name))
    assert found.most == RANKS[name]
    assert found.least == LEAST.get(name, RANKS[name])


@pytest.mark.slow
def test_more_is_reached_for_any_loss_and_any_data():
    assert of(replace(load("diagonal_classes"), loss="any")).least == 3
    assert of(replace(load("two_layer_linear_on_a_line"), data="any")).least == 2


def test_what_neither_stays_nor_falls_is_not_decided():
    found = Reached((1.0, 1e-2, 1e-3, 1e-4, 1e-9), (1.0, 0.99, 0.8, 0.3, 1.0))
    assert (found.least, found.most) == (2, 3)
