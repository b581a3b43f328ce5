"""Two-layer network with hyperbolic tangent, any data.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: own. Digest of the declaration: 5868a936191fc86a.

    output = U @ tanh(W @ x)

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
NAME = "tanh_any_data"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "W": ("h", "n"),
    "U": ("m", "h"),
}  # shapes of trained weights
RATES: dict[str, str] = {"W": "eta_W", "U": "eta_U"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
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
        ("input", "x", 0, True),
        ("weight", "W", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = (
    ("tanh", 1.0, {"m": 1}, ("eta_U", "eta_W"), "U", (("W", 0, "x", 1.0),)),
)
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {}


def _tanh_slope(h: Any, xp: Any) -> Any:
    """The slope of tanh: 1 - tanh(h)**2."""
    return 1 / xp.cosh(h) ** 2


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = U @ tanh(W @ x)

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    U = weights["U"]
    x = inputs["x"]
    return xp.tanh(x @ W.T) @ U.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d W/dt = -eta_W Σ (∂ output/∂ W)ᵀ signal
        d U/dt = -eta_U Σ (∂ output/∂ U)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, m).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    W = weights["W"]
    U = weights["U"]
    x = inputs["x"]
    h_1 = x @ W.T  # (points, h)
    return {
        "W": -rates["eta_W"] * (((signal @ U) * _tanh_slope(h_1, xp)).T @ x),
        "U": -rates["eta_U"] * (signal.T @ xp.tanh(h_1)),
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
    W = weights["W"]
    U = weights["U"]
    x = inputs["x"]
    h_1 = x @ W.T  # (points, h)
    g_1 = (x @ directions["W"].T) * _tanh_slope(h_1, xp)  # (points, h)
    return xp.tanh(h_1) @ directions["U"].T + g_1 @ U.T
