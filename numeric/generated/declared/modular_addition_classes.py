"""Modular addition with squares as classification.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Gromov 2023 (arXiv 2301.02679). Digest of the declaration: 7263ac6e7e3ab0d7.

    output = U @ ((W @ a + V @ b)**2)

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
NAME = "modular_addition_classes"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "W": ("h", "p"),
    "V": ("h", "p"),
    "U": ("p", "h"),
}  # shapes of trained weights
RATES: dict[str, str] = {"W": "eta_W", "V": "eta_V", "U": "eta_U"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {
    "a": ("p",),
    "b": ("p",),
}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("p",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "softmax"  # which losses it is declared for
DATA = "points"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
LISTED: tuple[dict[str, Any], ...] = (
    {"a": [1, 0, 0], "b": [1, 0, 0]},
    {"a": [1, 0, 0], "b": [0, 1, 0]},
    {"a": [1, 0, 0], "b": [0, 0, 1]},
    {"a": [0, 1, 0], "b": [1, 0, 0]},
    {"a": [0, 1, 0], "b": [0, 1, 0]},
    {"a": [0, 1, 0], "b": [0, 0, 1]},
    {"a": [0, 0, 1], "b": [1, 0, 0]},
    {"a": [0, 0, 1], "b": [0, 1, 0]},
    {"a": [0, 0, 1], "b": [0, 0, 1]},
)  # the data it is declared for
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("(V 1)/eta_V - (W 1)/eta_W",), {}),
    "law_2": (("diagonal(2 Uᵀ U/eta_U - W Wᵀ/eta_W - V Vᵀ/eta_V)",), None),
    "law_3": (("1ᵀ U/eta_U",), {}),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = U @ ((W @ a + V @ b)**2)

        Shape (points, p).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    V = weights["V"]
    U = weights["U"]
    a = inputs["a"]
    b = inputs["b"]
    return ((a @ W.T + b @ V.T) ** 2) @ U.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d W/dt = -eta_W Σ (∂ output/∂ W)ᵀ signal
        d V/dt = -eta_V Σ (∂ output/∂ V)ᵀ signal
        d U/dt = -eta_U Σ (∂ output/∂ U)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, p).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    V = weights["V"]
    U = weights["U"]
    a = inputs["a"]
    b = inputs["b"]
    h_1 = a @ W.T + b @ V.T  # (points, h)
    g_1 = 2 * ((signal @ U) * h_1)  # (points, h)
    return {
        "W": -rates["eta_W"] * (g_1.T @ a),
        "V": -rates["eta_V"] * (g_1.T @ b),
        "U": -rates["eta_U"] * (signal.T @ (h_1**2)),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points, p).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        xp: the namespace that computes.
    """
    W = weights["W"]
    V = weights["V"]
    U = weights["U"]
    a = inputs["a"]
    b = inputs["b"]
    h_1 = a @ W.T + b @ V.T  # (points, h)
    g_1 = a @ directions["W"].T + b @ directions["V"].T  # (points, h)
    return (h_1**2) @ directions["U"].T + (2 * (g_1 * h_1)) @ U.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and the listed points, at all sizes: shape (h,).

        (V 1)/eta_V - (W 1)/eta_W

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    V = weights["V"]
    return (V.sum(1) / rates["eta_V"] - W.sum(1) / rates["eta_W"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h,).

        diagonal(2 Uᵀ U/eta_U - W Wᵀ/eta_W - V Vᵀ/eta_V)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    V = weights["V"]
    U = weights["U"]
    return (
        2 * ((U**2).sum(0)) / rates["eta_U"]
        - (W**2).sum(1) / rates["eta_W"]
        - (V**2).sum(1) / rates["eta_V"],
    )


def law_3(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for losses of differences of outputs and any data, at all sizes: shape (h,).

        1ᵀ U/eta_U

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    return (U.sum(0) / rates["eta_U"],)
