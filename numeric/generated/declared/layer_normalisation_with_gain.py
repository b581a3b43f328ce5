"""Layer normalisation with a gain.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Ba, Kiros & Hinton 2016 (arXiv 1607.06450). Digest of the declaration: 8f3afb298f8d97cd.

    output = u @ (s * ((W @ x - ((1 / h) * sum(W @ x))) * sqrt((1 / h) * sum((W @ x - ((1 / h) *
        sum(W @ x))) * (W @ x - ((1 / h) * sum(W @ x)))))**-1))

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
NAME = "layer_normalisation_with_gain"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "W": ("h", "n"),
    "s": ("h",),
    "u": ("h",),
}  # shapes of trained weights
RATES: dict[str, str] = {"W": "eta_W", "s": "eta_u", "u": "eta_u"}  # the learning rate of each
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
        ("weight", "W", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("‖W‖²/eta_W",), None),
    "law_2": (("diagonal(u uᵀ/eta_u - s sᵀ/eta_u)",), None),
    "law_3": (("1ᵀ W/eta_W",), None),
    "laws_1": (
        ("((s_1 - u_1) / eta_u**0.5) * ((s_2 - u_2) / eta_u**0.5) * ((s_3 - u_3) / eta_u**0.5)",),
        {"n": 2, "h": 3},
    ),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = u @ (s * ((W @ x - ((1 / h) * sum(W @ x))) * sqrt((1 / h) * sum((W @ x - ((1 /
            h) * sum(W @ x))) * (W @ x - ((1 / h) * sum(W @ x)))))**-1))

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    s = weights["s"]
    u = weights["u"]
    x = inputs["x"]
    h = W.shape[0]
    h_1 = x @ W.T + (-(W.sum(0) @ x.T) / h)[:, None]  # (points, h)
    h_2 = h_1 * (1 / xp.sqrt((h_1 * h_1).sum(-1) / h))[:, None]  # (points, h)
    return u @ (s * h_2).T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d W/dt = -eta_W Σ (∂ output/∂ W)ᵀ signal
        d s/dt = -eta_u Σ (∂ output/∂ s)ᵀ signal
        d u/dt = -eta_u Σ (∂ output/∂ u)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    s = weights["s"]
    u = weights["u"]
    x = inputs["x"]
    h = W.shape[0]
    g_1 = signal[:, None] * u  # (points, h)
    g_2 = g_1 * s  # (points, h)
    h_1 = x @ W.T + (-(W.sum(0) @ x.T) / h)[:, None]  # (points, h)
    h_2 = xp.sqrt((h_1 * h_1).sum(-1) / h)  # (points,)
    h_3 = 1 / h_2  # (points,)
    g_3 = ((-((g_2 * h_1).sum(-1) * (1 / h_2**2))) * h_3) / 2  # (points,)
    g_4 = g_2 * h_3[:, None] + 2 * (g_3[:, None] * h_1) / h  # (points, h)
    h_4 = h_1 * h_3[:, None]  # (points, h)
    return {
        "W": -rates["eta_W"] * (-(g_4.sum(-1) @ x) / h + g_4.T @ x),
        "s": -rates["eta_u"] * (g_1 * h_4).sum(0),
        "u": -rates["eta_u"] * (signal @ (s * h_4)),
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
    W = weights["W"]
    s = weights["s"]
    u = weights["u"]
    x = inputs["x"]
    h = W.shape[0]
    h_1 = x @ W.T + (-(W.sum(0) @ x.T) / h)[:, None]  # (points, h)
    h_2 = xp.sqrt((h_1 * h_1).sum(-1) / h)  # (points,)
    h_3 = 1 / h_2  # (points,)
    h_4 = h_1 * h_3[:, None]  # (points, h)
    g_1 = x @ directions["W"].T + (-(directions["W"].sum(0) @ x.T) / h)[:, None]  # (points, h)
    g_2 = (g_1 * h_1).sum(-1) / h + (h_1 * g_1).sum(-1) / h  # (points,)
    g_3 = h_1 * (-(((g_2 * h_3) / 2) * (1 / h_2**2)))[:, None]  # (points, h)
    g_4 = directions["s"] * h_4 + s * (g_1 * h_3[:, None] + g_3)  # (points, h)
    return directions["u"] @ (s * h_4).T + u @ g_4.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖W‖²/eta_W

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    return ((W**2).sum() / rates["eta_W"],)


def law_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h,).

        diagonal(u uᵀ/eta_u - s sᵀ/eta_u)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    s = weights["s"]
    u = weights["u"]
    return (u**2 / rates["eta_u"] - s**2 / rates["eta_u"],)


def law_3(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (n,).

        1ᵀ W/eta_W

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    return (W.sum(0) / rates["eta_W"],)


def laws_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at n = 2, h = 3: shape ().

        ((s_1 - u_1) / eta_u**0.5) * ((s_2 - u_2) / eta_u**0.5) * ((s_3 - u_3) / eta_u**0.5)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    s = weights["s"]
    u = weights["u"]
    return (
        ((s[0] - u[0]) / rates["eta_u"] ** 0.5)
        * ((s[1] - u[1]) / rates["eta_u"] ** 0.5)
        * ((s[2] - u[2]) / rates["eta_u"] ** 0.5),
    )
