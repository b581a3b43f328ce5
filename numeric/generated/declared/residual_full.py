"""Two residual layers (1 + W₂)(1 + W₁).

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Hardt & Ma 2017 (arXiv 1611.04231). Digest of the declaration: eb7b10a042aaf24b.

    output = (identity(n) + W2) @ ((identity(n) + W1) @ x)

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
NAME = "residual_full"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "W1": ("n", "n"),
    "W2": ("n", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"W1": "eta_1", "W2": "eta_2"}  # the learning rate of each
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
TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("W2ᵀ W2/eta_2 + (W2 + W2ᵀ)/eta_2 - W1 W1ᵀ/eta_1 - (W1 + W1ᵀ)/eta_1",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = (identity(n) + W2) @ ((identity(n) + W1) @ x)

        Shape (points, n).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    W1 = weights["W1"]
    W2 = weights["W2"]
    x = inputs["x"]
    n = W1.shape[0]
    h_1 = xp.eye(n, dtype=W1.dtype, device=W1.device)  # (n, n)
    return (x @ (h_1 + W1).T) @ (h_1 + W2).T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d W1/dt = -eta_1 Σ (∂ output/∂ W1)ᵀ signal
        d W2/dt = -eta_2 Σ (∂ output/∂ W2)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, n).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W1 = weights["W1"]
    W2 = weights["W2"]
    x = inputs["x"]
    n = W1.shape[0]
    h_1 = xp.eye(n, dtype=W1.dtype, device=W1.device)  # (n, n)
    return {
        "W1": -rates["eta_1"] * ((signal @ (h_1 + W2)).T @ x),
        "W2": -rates["eta_2"] * (signal.T @ (x @ (h_1 + W1).T)),
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
    W1 = weights["W1"]
    W2 = weights["W2"]
    x = inputs["x"]
    n = W1.shape[0]
    h_1 = xp.eye(n, dtype=W1.dtype, device=W1.device)  # (n, n)
    return (x @ (h_1 + W1).T) @ directions["W2"].T + (x @ directions["W1"].T) @ (h_1 + W2).T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (n, n).

        W2ᵀ W2/eta_2 + (W2 + W2ᵀ)/eta_2 - W1 W1ᵀ/eta_1 - (W1 + W1ᵀ)/eta_1

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W1 = weights["W1"]
    W2 = weights["W2"]
    return (
        W2.T @ W2 / rates["eta_2"]
        + (W2 + W2.T) / rates["eta_2"]
        - W1 @ W1.T / rates["eta_1"]
        - (W1 + W1.T) / rates["eta_1"],
    )
