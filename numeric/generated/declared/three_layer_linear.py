"""Three-layer linear network.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Arora, Cohen & Hazan 2018 (arXiv 1802.06509). Digest of the declaration: e60581e04b7c8626.

    output = A @ (B @ (C @ x))

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
NAME = "three_layer_linear"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "A": ("m", "k"),
    "B": ("k", "h"),
    "C": ("h", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"A": "eta_A", "B": "eta_B", "C": "eta_C"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("m",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "any"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "h": (
        ("weight", "B", 1, True),
        ("weight", "C", 0, True),
    ),
    "k": (
        ("weight", "A", 1, True),
        ("weight", "B", 0, True),
    ),
    "n": (
        ("input", "x", 0, True),
        ("weight", "C", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("B Bᵀ/eta_B - Aᵀ A/eta_A",), None),
    "law_2": (("C Cᵀ/eta_C - Bᵀ B/eta_B",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = A @ (B @ (C @ x))

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    return ((x @ C.T) @ B.T) @ A.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d A/dt = -eta_A Σ (∂ output/∂ A)ᵀ signal
        d B/dt = -eta_B Σ (∂ output/∂ B)ᵀ signal
        d C/dt = -eta_C Σ (∂ output/∂ C)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, m).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    h_1 = x @ C.T  # (points, h)
    g_1 = signal @ A  # (points, k)
    return {
        "A": -rates["eta_A"] * (signal.T @ (h_1 @ B.T)),
        "B": -rates["eta_B"] * (g_1.T @ h_1),
        "C": -rates["eta_C"] * ((g_1 @ B).T @ x),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    h_1 = x @ C.T  # (points, h)
    g_1 = h_1 @ directions["B"].T + (x @ directions["C"].T) @ B.T  # (points, k)
    return (h_1 @ B.T) @ directions["A"].T + g_1 @ A.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (k, k).

        B Bᵀ/eta_B - Aᵀ A/eta_A

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    return (B @ B.T / rates["eta_B"] - A.T @ A / rates["eta_A"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h, h).

        C Cᵀ/eta_C - Bᵀ B/eta_B

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    B = weights["B"]
    C = weights["C"]
    return (C @ C.T / rates["eta_C"] - B.T @ B / rates["eta_B"],)
