"""Two heads of linear attention on two tokens.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: own. Digest of the declaration: f6532c9726511f51.

    output = ((Q1 @ q) @ (K1 @ a)) * (V1 @ a) + ((Q2 @ q) @ (K2 @ a)) * (V2 @ a) + ((Q1 @ q) @
        (K1 @ b)) * (V1 @ b) + ((Q2 @ q) @ (K2 @ b)) * (V2 @ b)

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
NAME = "two_heads"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "Q1": ("k", "d"),
    "K1": ("k", "d"),
    "V1": ("d", "d"),
    "Q2": ("k", "d"),
    "K2": ("k", "d"),
    "V2": ("d", "d"),
}  # shapes of trained weights
RATES: dict[str, str] = {
    "Q1": "eta_Q",
    "K1": "eta_K",
    "V1": "eta_V",
    "Q2": "eta_Q",
    "K2": "eta_K",
    "V2": "eta_V",
}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {
    "a": ("d",),
    "b": ("d",),
    "q": ("d",),
}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("d",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "any"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "k": (
        ("weight", "K1", 0, True),
        ("weight", "K2", 0, True),
        ("weight", "Q1", 0, True),
        ("weight", "Q2", 0, True),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("K1 K1ᵀ/eta_K - Q1 Q1ᵀ/eta_Q",), None),
    "law_2": (("K2 K2ᵀ/eta_K - Q2 Q2ᵀ/eta_Q",), None),
    "law_3": (("‖V1‖²/eta_V - ‖Q1‖²/eta_Q",), None),
    "law_4": (("‖V2‖²/eta_V - ‖Q2‖²/eta_Q",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = ((Q1 @ q) @ (K1 @ a)) * (V1 @ a) + ((Q2 @ q) @ (K2 @ a)) * (V2 @ a) + ((Q1 @ q)
            @ (K1 @ b)) * (V1 @ b) + ((Q2 @ q) @ (K2 @ b)) * (V2 @ b)

        Shape (points, d).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    Q1 = weights["Q1"]
    K1 = weights["K1"]
    V1 = weights["V1"]
    Q2 = weights["Q2"]
    K2 = weights["K2"]
    V2 = weights["V2"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    h_1 = q @ Q1.T  # (points, k)
    h_2 = (h_1 * (a @ K1.T)).sum(-1)[:, None] * (a @ V1.T)  # (points, d)
    h_3 = q @ Q2.T  # (points, k)
    h_4 = (h_3 * (a @ K2.T)).sum(-1)[:, None] * (a @ V2.T)  # (points, d)
    h_5 = (h_1 * (b @ K1.T)).sum(-1)[:, None] * (b @ V1.T)  # (points, d)
    h_6 = (h_3 * (b @ K2.T)).sum(-1)[:, None] * (b @ V2.T)  # (points, d)
    return h_2 + h_4 + h_5 + h_6


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d Q1/dt = -eta_Q Σ (∂ output/∂ Q1)ᵀ signal
        d K1/dt = -eta_K Σ (∂ output/∂ K1)ᵀ signal
        d V1/dt = -eta_V Σ (∂ output/∂ V1)ᵀ signal
        d Q2/dt = -eta_Q Σ (∂ output/∂ Q2)ᵀ signal
        d K2/dt = -eta_K Σ (∂ output/∂ K2)ᵀ signal
        d V2/dt = -eta_V Σ (∂ output/∂ V2)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, d).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q1 = weights["Q1"]
    K1 = weights["K1"]
    V1 = weights["V1"]
    Q2 = weights["Q2"]
    K2 = weights["K2"]
    V2 = weights["V2"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    g_1 = (signal * (b @ V1.T)).sum(-1)  # (points,)
    h_1 = b @ K1.T  # (points, k)
    g_2 = (signal * (a @ V1.T)).sum(-1)  # (points,)
    h_2 = a @ K1.T  # (points, k)
    h_3 = q @ Q1.T  # (points, k)
    g_3 = (signal * (h_3 * h_1).sum(-1)[:, None]).T @ b  # (d, d)
    g_4 = (signal * (h_3 * h_2).sum(-1)[:, None]).T @ a  # (d, d)
    g_5 = (signal * (b @ V2.T)).sum(-1)  # (points,)
    h_4 = b @ K2.T  # (points, k)
    g_6 = (signal * (a @ V2.T)).sum(-1)  # (points,)
    h_5 = a @ K2.T  # (points, k)
    h_6 = q @ Q2.T  # (points, k)
    g_7 = (signal * (h_6 * h_4).sum(-1)[:, None]).T @ b  # (d, d)
    g_8 = (signal * (h_6 * h_5).sum(-1)[:, None]).T @ a  # (d, d)
    return {
        "Q1": -rates["eta_Q"] * ((g_1[:, None] * h_1 + g_2[:, None] * h_2).T @ q),
        "K1": -rates["eta_K"] * ((g_1[:, None] * h_3).T @ b + (g_2[:, None] * h_3).T @ a),
        "V1": -rates["eta_V"] * (g_3 + g_4),
        "Q2": -rates["eta_Q"] * ((g_5[:, None] * h_4 + g_6[:, None] * h_5).T @ q),
        "K2": -rates["eta_K"] * ((g_5[:, None] * h_6).T @ b + (g_6[:, None] * h_6).T @ a),
        "V2": -rates["eta_V"] * (g_7 + g_8),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points, d).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        xp: the namespace that computes.
    """
    Q1 = weights["Q1"]
    K1 = weights["K1"]
    V1 = weights["V1"]
    Q2 = weights["Q2"]
    K2 = weights["K2"]
    V2 = weights["V2"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    g_1 = q @ directions["Q1"].T  # (points, k)
    h_1 = a @ K1.T  # (points, k)
    h_2 = q @ Q1.T  # (points, k)
    g_2 = (g_1 * h_1).sum(-1) + (h_2 * (a @ directions["K1"].T)).sum(-1)  # (points,)
    g_3 = (h_2 * h_1).sum(-1)[:, None] * (a @ directions["V1"].T)  # (points, d)
    g_4 = q @ directions["Q2"].T  # (points, k)
    h_3 = a @ K2.T  # (points, k)
    h_4 = q @ Q2.T  # (points, k)
    g_5 = (g_4 * h_3).sum(-1) + (h_4 * (a @ directions["K2"].T)).sum(-1)  # (points,)
    g_6 = (h_4 * h_3).sum(-1)[:, None] * (a @ directions["V2"].T)  # (points, d)
    g_7 = g_2[:, None] * (a @ V1.T) + g_3 + g_5[:, None] * (a @ V2.T) + g_6  # (points, d)
    h_5 = b @ K1.T  # (points, k)
    g_8 = (g_1 * h_5).sum(-1) + (h_2 * (b @ directions["K1"].T)).sum(-1)  # (points,)
    g_9 = (h_2 * h_5).sum(-1)[:, None] * (b @ directions["V1"].T)  # (points, d)
    h_6 = b @ K2.T  # (points, k)
    g_10 = (g_4 * h_6).sum(-1) + (h_4 * (b @ directions["K2"].T)).sum(-1)  # (points,)
    g_11 = (h_4 * h_6).sum(-1)[:, None] * (b @ directions["V2"].T)  # (points, d)
    g_12 = g_8[:, None] * (b @ V1.T) + g_9 + g_10[:, None] * (b @ V2.T) + g_11  # (points, d)
    return g_7 + g_12


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (k, k).

        K1 K1ᵀ/eta_K - Q1 Q1ᵀ/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q1 = weights["Q1"]
    K1 = weights["K1"]
    return (K1 @ K1.T / rates["eta_K"] - Q1 @ Q1.T / rates["eta_Q"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (k, k).

        K2 K2ᵀ/eta_K - Q2 Q2ᵀ/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q2 = weights["Q2"]
    K2 = weights["K2"]
    return (K2 @ K2.T / rates["eta_K"] - Q2 @ Q2.T / rates["eta_Q"],)


def law_3(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖V1‖²/eta_V - ‖Q1‖²/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q1 = weights["Q1"]
    V1 = weights["V1"]
    return ((V1**2).sum() / rates["eta_V"] - (Q1**2).sum() / rates["eta_Q"],)


def law_4(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖V2‖²/eta_V - ‖Q2‖²/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q2 = weights["Q2"]
    V2 = weights["V2"]
    return ((V2**2).sum() / rates["eta_V"] - (Q2**2).sum() / rates["eta_Q"],)
