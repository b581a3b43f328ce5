"""Two-layer linear network, data on a line.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1. Digest of the declaration: b452e3a941f866bc.

    output = U @ (V @ x)

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
NAME = "two_layer_linear_on_a_line"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "U": ("m", "h"),
    "V": ("h", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"U": "eta_U", "V": "eta_V"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ("m",)  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "line"  # which data it is declared for
BENDS = 0  # functions in it that are not smooth
AFFINE = False  # whether the output is affine in the weights, at all sizes
# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a
# basis of those that do the flow is that of the network of as many, however large the size is
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {
    "h": (
        ("weight", "U", 1, True),
        ("weight", "V", 0, True),
    ),
    "n": (
        ("input", "x", 0, True),
        ("weight", "V", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = (
    ("linear", 1.0, {"m": 1}, ("eta_U", "eta_V"), "U", (("V", 0, "x", 1.0),)),
)
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("V Vᵀ/eta_V - Uᵀ U/eta_U",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = U @ (V @ x)

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return (x @ V.T) @ U.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d U/dt = -eta_U Σ (∂ output/∂ U)ᵀ signal
        d V/dt = -eta_V Σ (∂ output/∂ V)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, m).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return {
        "U": -rates["eta_U"] * (signal.T @ (x @ V.T)),
        "V": -rates["eta_V"] * ((signal @ U).T @ x),
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
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return (x @ V.T) @ directions["U"].T + (x @ directions["V"].T) @ U.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h, h).

        V Vᵀ/eta_V - Uᵀ U/eta_U

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    return (V @ V.T / rates["eta_V"] - U.T @ U / rates["eta_U"],)
