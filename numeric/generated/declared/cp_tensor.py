"""Sum of rank-one tensors of order 3.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Razin, Maman & Cohen 2021 (arXiv 2102.09972). Digest of the declaration: 1b8d5d9b8dca26dc.

    output = sum(((A @ x) * (B @ y)) * (C @ z))

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
NAME = "cp_tensor"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "A": ("r", "n"),
    "B": ("r", "n"),
    "C": ("r", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"A": "eta_A", "B": "eta_B", "C": "eta_C"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {
    "x": ("n",),
    "y": ("n",),
    "z": ("n",),
}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ()  # shape of the output of a point
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
        ("weight", "A", 1, False),
        ("weight", "B", 1, False),
        ("weight", "C", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("diagonal(B Bᵀ/eta_B - A Aᵀ/eta_A)",), None),
    "law_2": (("diagonal(C Cᵀ/eta_C - A Aᵀ/eta_A)",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = sum(((A @ x) * (B @ y)) * (C @ z))

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    return (((x @ A.T) * (y @ B.T)) * (z @ C.T)).sum(-1)


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
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    g_1 = signal[:, None] * (z @ C.T)  # (points, r)
    h_1 = y @ B.T  # (points, r)
    h_2 = x @ A.T  # (points, r)
    return {
        "A": -rates["eta_A"] * ((g_1 * h_1).T @ x),
        "B": -rates["eta_B"] * ((g_1 * h_2).T @ y),
        "C": -rates["eta_C"] * ((signal[:, None] * (h_2 * h_1)).T @ z),
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
    A = weights["A"]
    B = weights["B"]
    C = weights["C"]
    x = inputs["x"]
    y = inputs["y"]
    z = inputs["z"]
    h_1 = y @ B.T  # (points, r)
    h_2 = x @ A.T  # (points, r)
    g_1 = (x @ directions["A"].T) * h_1 + h_2 * (y @ directions["B"].T)  # (points, r)
    g_2 = ((h_2 * h_1) * (z @ directions["C"].T)).sum(-1)  # (points,)
    return (g_1 * (z @ C.T)).sum(-1) + g_2


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (r,).

        diagonal(B Bᵀ/eta_B - A Aᵀ/eta_A)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    B = weights["B"]
    return ((B**2).sum(1) / rates["eta_B"] - (A**2).sum(1) / rates["eta_A"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (r,).

        diagonal(C Cᵀ/eta_C - A Aᵀ/eta_A)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    C = weights["C"]
    return ((C**2).sum(1) / rates["eta_C"] - (A**2).sum(1) / rates["eta_A"],)
