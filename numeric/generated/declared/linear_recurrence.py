"""Diagonal linear recurrence over three steps.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Orvieto et al. 2023 (arXiv 2303.06349). Digest of the declaration: d77a67060c80cdbc.

    output = C @ (B @ z + a * (B @ y) + a**2 * (B @ x))

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
NAME = "linear_recurrence"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "a": ("h",),
    "B": ("h", "n"),
    "C": ("m", "h"),
}  # shapes of trained weights
RATES: dict[str, str] = {"a": "eta_a", "B": "eta_B", "C": "eta_C"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {
    "x": ("n",),
    "y": ("n",),
    "z": ("n",),
}  # shapes of inputs, without the axis of points
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
    "n": (
        ("input", "x", 0, True),
        ("input", "y", 0, True),
        ("input", "z", 0, True),
        ("weight", "B", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("diagonal(Cᵀ C/eta_C - B Bᵀ/eta_B)",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = C @ (B @ z + a * (B @ y) + a**2 * (B @ x))

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    return (z @ B.T + a * (y @ B.T) + a**2 * (x @ B.T)) @ C.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d a/dt = -eta_a Σ (∂ output/∂ a)ᵀ signal
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
    a = weights["a"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    g_1 = signal @ C  # (points, h)
    h_1 = x @ B.T  # (points, h)
    h_2 = y @ B.T  # (points, h)
    h_3 = a**2  # (h,)
    return {
        "a": -rates["eta_a"] * (2 * ((g_1 * h_1).sum(0) * a) + (g_1 * h_2).sum(0)),
        "B": -rates["eta_B"] * ((g_1 * h_3).T @ x + (g_1 * a).T @ y + g_1.T @ z),
        "C": -rates["eta_C"] * (signal.T @ (z @ B.T + a * h_2 + h_3 * h_1)),
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
    a = weights["a"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    h_1 = y @ B.T  # (points, h)
    h_2 = a**2  # (h,)
    h_3 = x @ B.T  # (points, h)
    g_1 = (z @ B.T + a * h_1 + h_2 * h_3) @ directions["C"].T  # (points, m)
    g_2 = directions["a"] * h_1 + a * (y @ directions["B"].T)  # (points, h)
    g_3 = (2 * (directions["a"] * a)) * h_3 + h_2 * (x @ directions["B"].T)  # (points, h)
    return g_1 + (z @ directions["B"].T + g_2 + g_3) @ C.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h,).

        diagonal(Cᵀ C/eta_C - B Bᵀ/eta_B)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    B = weights["B"]
    C = weights["C"]
    return ((C**2).sum(0) / rates["eta_C"] - (B**2).sum(1) / rates["eta_B"],)
