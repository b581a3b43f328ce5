"""U Uᵀ.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Gunasekar et al. 2017 (arXiv 1705.09280). Digest of the declaration: 320d9ae526b88638.

    output = U @ (U.T @ x)

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
NAME = "symmetric_factorisation"
WEIGHTS: dict[str, tuple[str, ...]] = {"U": ("n", "r")}  # shapes of trained weights
RATES: dict[str, str] = {"U": "eta_U"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("n",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "white"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "r": (("weight", "U", 1, True),),
}
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "laws_2": (
        (
            "((U_13 * U_21 - U_11 * U_23) / eta_U) / ((U_12 * U_21 - U_11 * U_22) / eta_U)",
            "((U_13 * U_22 - U_12 * U_23) / eta_U) / ((U_12 * U_21 - U_11 * U_22) / eta_U)",
        ),
        {"n": 2, "r": 3},
    ),
}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = U @ (U.T @ x)

        Shape (points, n).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    x = inputs["x"]
    return (x @ U) @ U.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d U/dt = -eta_U Σ (∂ output/∂ U)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, n).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    x = inputs["x"]
    return {
        "U": -rates["eta_U"] * (signal.T @ (x @ U) + x.T @ (signal @ U)),
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
    U = weights["U"]
    x = inputs["x"]
    return (x @ U) @ directions["U"].T + (x @ directions["U"]) @ U.T


def laws_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at n = 2, r = 3: 2 numbers.

        ((U_13 * U_21 - U_11 * U_23) / eta_U) / ((U_12 * U_21 - U_11 * U_22) / eta_U)
        ((U_13 * U_22 - U_12 * U_23) / eta_U) / ((U_12 * U_21 - U_11 * U_22) / eta_U)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    return (
        ((U[0, 2] * U[1, 0] - U[0, 0] * U[1, 2]) / rates["eta_U"])
        / ((U[0, 1] * U[1, 0] - U[0, 0] * U[1, 1]) / rates["eta_U"]),
        ((U[0, 2] * U[1, 1] - U[0, 1] * U[1, 2]) / rates["eta_U"])
        / ((U[0, 1] * U[1, 0] - U[0, 0] * U[1, 1]) / rates["eta_U"]),
    )
