"""Weight-decomposed low-rank adapter.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Liu et al. 2024 (arXiv 2402.09353). Digest of the declaration: 758218f3fe5f7537.

    output = ((W + B @ A) * (g * sqrt(sum((W + B @ A) * (W + B @ A)))**-1)) @ x

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
NAME = "dora"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "g": ("m",),
    "B": ("m", "r"),
    "A": ("r", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"g": "eta_g", "B": "eta_B", "A": "eta_A"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {"W": ("m", "n")}  # shapes of untrained weights
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
        ("frozen", "W", 1, True),
        ("input", "x", 0, True),
        ("weight", "A", 1, True),
    ),
    "r": (
        ("weight", "A", 0, True),
        ("weight", "B", 1, True),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("A Aᵀ/eta_A - Bᵀ B/eta_B",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(
    weights: Mapping[str, Any], inputs: Mapping[str, Any], frozen: Mapping[str, Any], xp: Any = np
) -> Any:
    """Output at data points.

        output = ((W + B @ A) * (g * sqrt(sum((W + B @ A) * (W + B @ A)))**-1)) @ x

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        frozen: untrained weights by name.
        xp: the namespace that computes.
    """
    g = weights["g"]
    B = weights["B"]
    A = weights["A"]
    x = inputs["x"]
    W = frozen["W"]
    h_1 = W + B @ A  # (m, n)
    h_2 = h_1 * (g * (1 / xp.sqrt((h_1 * h_1).sum(-1))))[:, None]  # (m, n)
    return x @ h_2.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    frozen: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d g/dt = -eta_g Σ (∂ output/∂ g)ᵀ signal
        d B/dt = -eta_B Σ (∂ output/∂ B)ᵀ signal
        d A/dt = -eta_A Σ (∂ output/∂ A)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, m).
        rates: numbers by name.
        frozen: untrained weights by name.
        xp: the namespace that computes.
    """
    g = weights["g"]
    B = weights["B"]
    A = weights["A"]
    x = inputs["x"]
    W = frozen["W"]
    g_1 = signal.T @ x  # (m, n)
    h_1 = W + B @ A  # (m, n)
    g_2 = (g_1 * h_1).sum(-1)  # (m,)
    h_2 = xp.sqrt((h_1 * h_1).sum(-1))  # (m,)
    h_3 = 1 / h_2  # (m,)
    g_3 = 2 * ((((-((g_2 * g) * (1 / h_2**2))) * h_3) / 2)[:, None] * h_1)  # (m, n)
    g_4 = g_1 * (g * h_3)[:, None] + g_3  # (m, n)
    return {
        "g": -rates["eta_g"] * (g_2 * h_3),
        "B": -rates["eta_B"] * (g_4 @ A.T),
        "A": -rates["eta_A"] * (B.T @ g_4),
    }


def change(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    directions: Mapping[str, Any],
    frozen: Mapping[str, Any],
    xp: Any = np,
) -> Any:
    """The output: how much it changes, to first order, as the weights move.

        Σ over weights of (∂/∂ weight) direction, shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        directions: of the weights, arrays by their names.
        frozen: untrained weights by name.
        xp: the namespace that computes.
    """
    g = weights["g"]
    B = weights["B"]
    A = weights["A"]
    x = inputs["x"]
    W = frozen["W"]
    g_1 = directions["B"] @ A + B @ directions["A"]  # (m, n)
    h_1 = W + B @ A  # (m, n)
    h_2 = xp.sqrt((h_1 * h_1).sum(-1))  # (m,)
    h_3 = 1 / h_2  # (m,)
    g_2 = (((g_1 * h_1).sum(-1) + (h_1 * g_1).sum(-1)) * h_3) / 2  # (m,)
    g_3 = directions["g"] * h_3 + g * (-(g_2 * (1 / h_2**2)))  # (m,)
    g_4 = g_1 * (g * h_3)[:, None] + h_1 * g_3[:, None]  # (m, n)
    return x @ g_4.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (r, r).

        A Aᵀ/eta_A - Bᵀ B/eta_B

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    B = weights["B"]
    A = weights["A"]
    return (A @ A.T / rates["eta_A"] - B.T @ B / rates["eta_B"],)
