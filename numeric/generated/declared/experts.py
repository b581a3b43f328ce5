"""Linear experts behind a softmax gate.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Shazeer et al. 2017 (arXiv 1701.06538). Digest of the declaration: 1b7df637a0ec1b22.

    output = sum(softmax(G @ x) * (E @ x))

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
NAME = "experts"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "G": ("k", "n"),
    "E": ("k", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"G": "eta_G", "E": "eta_E"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
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
        ("weight", "E", 1, False),
        ("weight", "G", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("1ᵀ G/eta_G",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = sum(softmax(G @ x) * (E @ x))

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    G = weights["G"]
    E = weights["E"]
    x = inputs["x"]
    h_1 = x @ G.T  # (points, k)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, k)
    return ((h_2 * (1 / h_2.sum(-1))[:, None]) * (x @ E.T)).sum(-1)


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d G/dt = -eta_G Σ (∂ output/∂ G)ᵀ signal
        d E/dt = -eta_E Σ (∂ output/∂ E)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    G = weights["G"]
    E = weights["E"]
    x = inputs["x"]
    g_1 = signal[:, None] * (x @ E.T)  # (points, k)
    h_1 = x @ G.T  # (points, k)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, k)
    h_3 = h_2.sum(-1)  # (points,)
    h_4 = 1 / h_3  # (points,)
    g_2 = g_1 * h_4[:, None] + (-((g_1 * h_2).sum(-1) * (1 / h_3**2)))[:, None]  # (points, k)
    return {
        "G": -rates["eta_G"] * ((g_2 * h_2).T @ x),
        "E": -rates["eta_E"] * ((signal[:, None] * (h_2 * h_4[:, None])).T @ x),
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
    G = weights["G"]
    E = weights["E"]
    x = inputs["x"]
    g_1 = x @ directions["G"].T  # (points, k)
    h_1 = x @ G.T  # (points, k)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, k)
    h_3 = h_2.sum(-1)  # (points,)
    h_4 = 1 / h_3  # (points,)
    g_2 = h_2 * (-((g_1 * h_2).sum(-1) * (1 / h_3**2)))[:, None]  # (points, k)
    g_3 = (((g_1 * h_2) * h_4[:, None] + g_2) * (x @ E.T)).sum(-1)  # (points,)
    g_4 = ((h_2 * h_4[:, None]) * (x @ directions["E"].T)).sum(-1)  # (points,)
    return g_3 + g_4


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (n,).

        1ᵀ G/eta_G

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    G = weights["G"]
    return (G.sum(0) / rates["eta_G"],)
