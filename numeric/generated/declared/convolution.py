"""Linear convolution and readout.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Gunasekar et al. 2018 (arXiv 1806.00468). Digest of the declaration: 8b13c3536d6fa2b6.

    output = sum(u * conv1d(w, x))

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
NAME = "convolution"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "w": ("c", "k"),
    "u": ("c", "n+1-k"),
}  # shapes of trained weights
RATES: dict[str, str] = {"w": "eta_w", "u": "eta_u"}  # the learning rate of each
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
    "c": (
        ("weight", "u", 0, True),
        ("weight", "w", 0, True),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = ()
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("u uᵀ/eta_u - w wᵀ/eta_w",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def _windows(x: Any, width: int, xp: Any) -> Any:
    """x_(i+j), with axes i and j < width for the last one."""
    places = x.shape[-1] - width + 1
    return xp.stack([x[..., j : j + places] for j in range(width)], -1)


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = sum(u * conv1d(w, x))

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    w = weights["w"]
    u = weights["u"]
    x = inputs["x"]
    k = w.shape[1]
    return xp.einsum("ij,kij->k", u, w @ _windows(x, k, xp).mT)


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d w/dt = -eta_w Σ (∂ output/∂ w)ᵀ signal
        d u/dt = -eta_u Σ (∂ output/∂ u)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    w = weights["w"]
    u = weights["u"]
    x = inputs["x"]
    k = w.shape[1]
    h_1 = _windows(x, k, xp)  # (points, n+1-k, k)
    return {
        "w": -rates["eta_w"] * xp.einsum("ijk,ikl->jl", signal[:, None, None] * u, h_1),
        "u": -rates["eta_u"] * xp.einsum("i,ijk->jk", signal, w @ h_1.mT),
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
    w = weights["w"]
    u = weights["u"]
    x = inputs["x"]
    k = w.shape[1]
    h_1 = _windows(x, k, xp)  # (points, n+1-k, k)
    g_1 = xp.einsum("ij,kij->k", directions["u"], w @ h_1.mT)  # (points,)
    g_2 = xp.einsum("ij,kij->k", u, directions["w"] @ h_1.mT)  # (points,)
    return g_1 + g_2


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (c, c).

        u uᵀ/eta_u - w wᵀ/eta_w

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    w = weights["w"]
    u = weights["u"]
    return (u @ u.T / rates["eta_u"] - w @ w.T / rates["eta_w"],)
