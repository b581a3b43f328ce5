"""Softmax attention with merged key and query.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: own. Digest of the declaration: c319c261337fb70d.

    output = softmax(X @ (A.T @ q)) @ (X @ V.T)

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
NAME = "merged_softmax_attention"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "A": ("d", "d"),
    "V": ("d", "d"),
}  # shapes of trained weights
RATES: dict[str, str] = {"A": "eta_A", "V": "eta_V"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {
    "X": ("t", "d"),
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
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = softmax(X @ (A.T @ q)) @ (X @ V.T)

        Shape (points, d).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    A = weights["A"]
    V = weights["V"]
    X = inputs["X"]
    q = inputs["q"]
    h_1 = (X @ (q @ A)[..., None])[..., 0]  # (points, t)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, t)
    return ((h_2 * (1 / h_2.sum(-1))[:, None])[..., None, :] @ (X @ V.T))[..., 0, :]


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
    X = inputs["X"]
    q = inputs["q"]
    g_1 = (signal[..., None, :] @ (X @ V.T).mT)[..., 0, :]  # (points, t)
    h_1 = (X @ (q @ A)[..., None])[..., 0]  # (points, t)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, t)
    h_3 = h_2.sum(-1)  # (points,)
    h_4 = 1 / h_3  # (points,)
    g_2 = g_1 * h_4[:, None] + (-((g_1 * h_2).sum(-1) * (1 / h_3**2)))[:, None]  # (points, t)
    g_3 = signal[:, None, :] * (h_2 * h_4[:, None])[:, :, None]  # (points, t, d)
    return {
        "A": -rates["eta_A"] * (q.T @ ((g_2 * h_2)[..., None, :] @ X)[..., 0, :]),
        "V": -rates["eta_V"] * xp.einsum("ijk,ijl->kl", g_3, X),
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
    X = inputs["X"]
    q = inputs["q"]
    g_1 = (X @ (q @ directions["A"])[..., None])[..., 0]  # (points, t)
    h_1 = (X @ (q @ A)[..., None])[..., 0]  # (points, t)
    h_2 = xp.exp(h_1 + (-xp.amax(h_1, -1))[:, None])  # (points, t)
    h_3 = h_2.sum(-1)  # (points,)
    h_4 = 1 / h_3  # (points,)
    g_2 = h_2 * (-((g_1 * h_2).sum(-1) * (1 / h_3**2)))[:, None]  # (points, t)
    g_3 = (((g_1 * h_2) * h_4[:, None] + g_2)[..., None, :] @ (X @ V.T))[..., 0, :]  # (points, d)
    g_4 = ((h_2 * h_4[:, None])[..., None, :] @ (X @ directions["V"].T))[..., 0, :]  # (points, d)
    return g_3 + g_4
