"""Linear attention with merged key and query.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Zhang, Frei & Bartlett 2023 (arXiv 2306.09927). Digest of the declaration: ed46ee4bf30732b6.

    output = (q @ (A @ a)) * (V @ a) + (q @ (A @ b)) * (V @ b)

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
NAME = "merged_attention"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "A": ("d", "d"),
    "V": ("d", "d"),
}  # shapes of trained weights
RATES: dict[str, str] = {"A": "eta_A", "V": "eta_V"}  # the learning rate of each
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
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("‖V‖²/eta_V - ‖A‖²/eta_A",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = (q @ (A @ a)) * (V @ a) + (q @ (A @ b)) * (V @ b)

        Shape (points, d).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    V = weights["V"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    return (q * (a @ A.T)).sum(-1)[:, None] * (a @ V.T) + (q * (b @ A.T)).sum(-1)[:, None] * (
        b @ V.T
    )


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d A/dt = -eta_A Σ (∂ output/∂ A)ᵀ signal
        d V/dt = -eta_V Σ (∂ output/∂ V)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, d).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    V = weights["V"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    g_1 = ((signal * (b @ V.T)).sum(-1)[:, None] * q).T @ b  # (d, d)
    g_2 = ((signal * (a @ V.T)).sum(-1)[:, None] * q).T @ a  # (d, d)
    g_3 = (signal * (q * (b @ A.T)).sum(-1)[:, None]).T @ b  # (d, d)
    g_4 = (signal * (q * (a @ A.T)).sum(-1)[:, None]).T @ a  # (d, d)
    return {
        "A": -rates["eta_A"] * (g_1 + g_2),
        "V": -rates["eta_V"] * (g_3 + g_4),
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
    A = weights["A"]
    V = weights["V"]
    a = inputs["a"]
    b = inputs["b"]
    q = inputs["q"]
    g_1 = (q * (a @ directions["A"].T)).sum(-1)[:, None] * (a @ V.T)  # (points, d)
    g_2 = (q * (a @ A.T)).sum(-1)[:, None] * (a @ directions["V"].T)  # (points, d)
    g_3 = (q * (b @ directions["A"].T)).sum(-1)[:, None] * (b @ V.T)  # (points, d)
    g_4 = (q * (b @ A.T)).sum(-1)[:, None] * (b @ directions["V"].T)  # (points, d)
    return g_1 + g_2 + g_3 + g_4


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖V‖²/eta_V - ‖A‖²/eta_A

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    V = weights["V"]
    return ((V**2).sum() / rates["eta_V"] - (A**2).sum() / rates["eta_A"],)
