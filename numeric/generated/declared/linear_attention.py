"""One head of linear attention on two tokens.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: own. Digest of the declaration: 998cc745ec806caa.

    output = ((Q @ q) @ (K @ a)) * (O @ (V @ a)) + ((Q @ q) @ (K @ b)) * (O @ (V @ b))

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
NAME = "linear_attention"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "Q": ("k", "d"),
    "K": ("k", "d"),
    "V": ("v", "d"),
    "O": ("d", "v"),
}  # shapes of trained weights
RATES: dict[str, str] = {
    "Q": "eta_Q",
    "K": "eta_K",
    "V": "eta_V",
    "O": "eta_O",
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
        ("weight", "K", 0, True),
        ("weight", "Q", 0, True),
    ),
    "v": (
        ("weight", "O", 1, True),
        ("weight", "V", 0, True),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("K Kᵀ/eta_K - Q Qᵀ/eta_Q",), None),
    "law_2": (("Oᵀ O/eta_O - V Vᵀ/eta_V",), None),
    "law_3": (("‖V‖²/eta_V - ‖Q‖²/eta_Q",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = ((Q @ q) @ (K @ a)) * (O @ (V @ a)) + ((Q @ q) @ (K @ b)) * (O @ (V @ b))

        Shape (points, d).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    Q = weights["Q"]
    K = weights["K"]
    V = weights["V"]
    O = weights["O"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    h_1 = q @ Q.T  # (points, k)
    h_2 = (h_1 * (a @ K.T)).sum(-1)[:, None] * ((a @ V.T) @ O.T)  # (points, d)
    h_3 = (h_1 * (b @ K.T)).sum(-1)[:, None] * ((b @ V.T) @ O.T)  # (points, d)
    return h_2 + h_3


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d Q/dt = -eta_Q Σ (∂ output/∂ Q)ᵀ signal
        d K/dt = -eta_K Σ (∂ output/∂ K)ᵀ signal
        d V/dt = -eta_V Σ (∂ output/∂ V)ᵀ signal
        d O/dt = -eta_O Σ (∂ output/∂ O)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, d).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q = weights["Q"]
    K = weights["K"]
    V = weights["V"]
    O = weights["O"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    h_1 = b @ V.T  # (points, v)
    g_1 = (signal * (h_1 @ O.T)).sum(-1)  # (points,)
    h_2 = b @ K.T  # (points, k)
    h_3 = a @ V.T  # (points, v)
    g_2 = (signal * (h_3 @ O.T)).sum(-1)  # (points,)
    h_4 = a @ K.T  # (points, k)
    h_5 = q @ Q.T  # (points, k)
    g_3 = signal * (h_5 * h_2).sum(-1)[:, None]  # (points, d)
    g_4 = signal * (h_5 * h_4).sum(-1)[:, None]  # (points, d)
    return {
        "Q": -rates["eta_Q"] * ((g_1[:, None] * h_2 + g_2[:, None] * h_4).T @ q),
        "K": -rates["eta_K"] * ((g_1[:, None] * h_5).T @ b + (g_2[:, None] * h_5).T @ a),
        "V": -rates["eta_V"] * ((g_3 @ O).T @ b + (g_4 @ O).T @ a),
        "O": -rates["eta_O"] * (g_3.T @ h_1 + g_4.T @ h_3),
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
    Q = weights["Q"]
    K = weights["K"]
    V = weights["V"]
    O = weights["O"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    g_1 = q @ directions["Q"].T  # (points, k)
    h_1 = a @ K.T  # (points, k)
    h_2 = q @ Q.T  # (points, k)
    g_2 = (g_1 * h_1).sum(-1) + (h_2 * (a @ directions["K"].T)).sum(-1)  # (points,)
    h_3 = a @ V.T  # (points, v)
    g_3 = h_3 @ directions["O"].T + (a @ directions["V"].T) @ O.T  # (points, d)
    g_4 = g_2[:, None] * (h_3 @ O.T) + (h_2 * h_1).sum(-1)[:, None] * g_3  # (points, d)
    h_4 = b @ K.T  # (points, k)
    g_5 = (g_1 * h_4).sum(-1) + (h_2 * (b @ directions["K"].T)).sum(-1)  # (points,)
    h_5 = b @ V.T  # (points, v)
    g_6 = h_5 @ directions["O"].T + (b @ directions["V"].T) @ O.T  # (points, d)
    g_7 = g_5[:, None] * (h_5 @ O.T) + (h_2 * h_4).sum(-1)[:, None] * g_6  # (points, d)
    return g_4 + g_7


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (k, k).

        K Kᵀ/eta_K - Q Qᵀ/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q = weights["Q"]
    K = weights["K"]
    return (K @ K.T / rates["eta_K"] - Q @ Q.T / rates["eta_Q"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (v, v).

        Oᵀ O/eta_O - V Vᵀ/eta_V

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    V = weights["V"]
    O = weights["O"]
    return (O.T @ O / rates["eta_O"] - V @ V.T / rates["eta_V"],)


def law_3(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖V‖²/eta_V - ‖Q‖²/eta_Q

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    Q = weights["Q"]
    V = weights["V"]
    return ((V**2).sum() / rates["eta_V"] - (Q**2).sum() / rates["eta_Q"],)
