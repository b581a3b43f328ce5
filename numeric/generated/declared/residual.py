"""Two residual blocks 1 + B A.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: own. Digest of the declaration: 90ced7024118628c.

    output = (identity(n) + B2 @ A2) @ ((identity(n) + B1 @ A1) @ x)

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
NAME = "residual"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "A1": ("h", "n"),
    "B1": ("n", "h"),
    "A2": ("k", "n"),
    "B2": ("n", "k"),
}  # shapes of trained weights
RATES: dict[str, str] = {
    "A1": "eta_1",
    "B1": "eta_1",
    "A2": "eta_2",
    "B2": "eta_2",
}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("n",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "any"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "h": (
        ("weight", "A1", 0, True),
        ("weight", "B1", 1, True),
    ),
    "k": (
        ("weight", "A2", 0, True),
        ("weight", "B2", 1, True),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("B1ᵀ B1/eta_1 - A1 A1ᵀ/eta_1",), None),
    "law_2": (("B2ᵀ B2/eta_2 - A2 A2ᵀ/eta_2",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = (identity(n) + B2 @ A2) @ ((identity(n) + B1 @ A1) @ x)

        Shape (points, n).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    A1 = weights["A1"]
    B1 = weights["B1"]
    A2 = weights["A2"]
    B2 = weights["B2"]
    x = inputs["x"]
    n = A1.shape[1]
    h_1 = xp.eye(n, dtype=A1.dtype, device=A1.device)  # (n, n)
    return (x @ (h_1 + B1 @ A1).T) @ (h_1 + B2 @ A2).T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d A1/dt = -eta_1 Σ (∂ output/∂ A1)ᵀ signal
        d B1/dt = -eta_1 Σ (∂ output/∂ B1)ᵀ signal
        d A2/dt = -eta_2 Σ (∂ output/∂ A2)ᵀ signal
        d B2/dt = -eta_2 Σ (∂ output/∂ B2)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, n).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A1 = weights["A1"]
    B1 = weights["B1"]
    A2 = weights["A2"]
    B2 = weights["B2"]
    x = inputs["x"]
    n = A1.shape[1]
    h_1 = xp.eye(n, dtype=A1.dtype, device=A1.device)  # (n, n)
    g_1 = (signal @ (h_1 + B2 @ A2)).T @ x  # (n, n)
    g_2 = signal.T @ (x @ (h_1 + B1 @ A1).T)  # (n, n)
    return {
        "A1": -rates["eta_1"] * (B1.T @ g_1),
        "B1": -rates["eta_1"] * (g_1 @ A1.T),
        "A2": -rates["eta_2"] * (B2.T @ g_2),
        "B2": -rates["eta_2"] * (g_2 @ A2.T),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points, n).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        xp: the namespace that computes.
    """
    A1 = weights["A1"]
    B1 = weights["B1"]
    A2 = weights["A2"]
    B2 = weights["B2"]
    x = inputs["x"]
    n = A1.shape[1]
    g_1 = directions["B2"] @ A2 + B2 @ directions["A2"]  # (n, n)
    h_1 = xp.eye(n, dtype=A1.dtype, device=A1.device)  # (n, n)
    g_2 = directions["B1"] @ A1 + B1 @ directions["A1"]  # (n, n)
    return (x @ (h_1 + B1 @ A1).T) @ g_1.T + (x @ g_2.T) @ (h_1 + B2 @ A2).T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h, h).

        B1ᵀ B1/eta_1 - A1 A1ᵀ/eta_1

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A1 = weights["A1"]
    B1 = weights["B1"]
    return (B1.T @ B1 / rates["eta_1"] - A1 @ A1.T / rates["eta_1"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (k, k).

        B2ᵀ B2/eta_2 - A2 A2ᵀ/eta_2

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A2 = weights["A2"]
    B2 = weights["B2"]
    return (B2.T @ B2 / rates["eta_2"] - A2 @ A2.T / rates["eta_2"],)
