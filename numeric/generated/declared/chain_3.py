"""Scalar chain of depth 3.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120). Digest of the declaration: 815fe7b6a5c5e0eb.

    output = ((a * b) * c) * x

Valid at all sizes: they are read from the arrays. Weights, inputs, frozen weights and rates are mappings
by name; shapes are in the tables below. An input has an axis of data points in front, and so have the
output and its signal; weights and velocities have none. `xp` is the namespace that computes: numpy (the
default), torch, or any with the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

CAPABILITIES = ("velocity",)  # what can be done with this module
NAME = "chain_3"
WEIGHTS: dict[str, tuple[str, ...]] = {"a": (), "b": (), "c": ()}  # shapes of trained weights
RATES: dict[str, str] = {"a": "eta", "b": "eta", "c": "eta"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ()}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ()  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "any"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
# outputs move with one product of scalar weights alone, under a square a scalar chain, at all
# sizes: how often each weight stands in it
CHAIN: dict[str, int] = {"a": 1, "b": 1, "c": 1}
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("‖b‖²/eta - ‖a‖²/eta",), None),
    "law_2": (("‖c‖²/eta - ‖a‖²/eta",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = ((a * b) * c) * x

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    c = weights["c"]
    x = inputs["x"]
    return ((a * b) * c) * x


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d a/dt = -eta Σ (∂ output/∂ a)ᵀ signal
        d b/dt = -eta Σ (∂ output/∂ b)ᵀ signal
        d c/dt = -eta Σ (∂ output/∂ c)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    c = weights["c"]
    x = inputs["x"]
    g_1 = signal @ x  # ()
    g_2 = g_1 * c  # ()
    return {
        "a": -rates["eta"] * (g_2 * b),
        "b": -rates["eta"] * (g_2 * a),
        "c": -rates["eta"] * (g_1 * (a * b)),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    c = weights["c"]
    x = inputs["x"]
    g_1 = (directions["a"] * b + a * directions["b"]) * c  # ()
    return (g_1 + (a * b) * directions["c"]) * x


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖b‖²/eta - ‖a‖²/eta

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    return (b**2 / rates["eta"] - a**2 / rates["eta"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖c‖²/eta - ‖a‖²/eta

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    c = weights["c"]
    return (c**2 / rates["eta"] - a**2 / rates["eta"],)
