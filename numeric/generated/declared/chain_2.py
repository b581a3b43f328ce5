"""Scalar chain of depth 2.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120). Digest of the declaration: 676a212928b84f5e.

    output = (a * b) * x

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
NAME = "chain_2"
WEIGHTS: dict[str, tuple[str, ...]] = {"a": (), "b": ()}  # shapes of trained weights
RATES: dict[str, str] = {"a": "eta", "b": "eta"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ()}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ()  # shape of the output of a point
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
NEURONS: tuple[tuple[Any, ...], ...] = (
    ("linear", 1.0, {}, ("eta", "eta"), "a", (("b", None, "x", 1.0),)),
)
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("‖b‖²/eta - ‖a‖²/eta",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {
    "solution_1": ("Riccati", {}, "weights", "", ((0, (1,)),)),
}


def _times(a: Any, b: Any, xp: Any) -> Any:
    """The product, and 0 where a is 0, however large b is."""
    return xp.where(a == 0, xp.zeros_like(a), a * b)


def _clock(gain: Any, pull: Any, brake: Any, t: Any, xp: Any) -> Any:
    """a(t) of da/dt = gain + pull a - brake a**2 from a = 1, gain and brake >= 0; t = inf, too."""
    product = xp.sqrt(gain) * xp.sqrt(brake)
    rate = xp.hypot(pull / 2, product)
    large = rate + xp.abs(pull) / 2
    small = product * (product / xp.where(large > 0, large, xp.ones_like(large)))
    plus, minus = xp.where(pull >= 0, large, small), xp.where(pull >= 0, small, large)
    passed = xp.where(rate > 0, 2 * rate * t, xp.zeros_like(rate))
    E, gone = xp.exp(-passed), -xp.expm1(-passed)
    above = xp.where(rate > 0, E * minus + gain * gone + plus, 1 + _times(gain, t, xp))
    below = xp.where(rate > 0, E * plus + brake * gone + minus, 1 + _times(brake, t, xp))
    return above / below


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = (a * b) * x

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    x = inputs["x"]
    return (a * b) * x


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d a/dt = -eta Σ (∂ output/∂ a)ᵀ signal
        d b/dt = -eta Σ (∂ output/∂ b)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    x = inputs["x"]
    g_1 = signal @ x  # ()
    return {
        "a": -rates["eta"] * (g_1 * b),
        "b": -rates["eta"] * (g_1 * a),
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
    a = weights["a"]
    b = weights["b"]
    x = inputs["x"]
    return (directions["a"] * b + a * directions["b"]) * x


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖b‖²/eta - ‖a‖²/eta

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    return (b**2 / rates["eta"] - a**2 / rates["eta"],)


def solution_1(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """All weights in time: Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    a = weights["a"]
    b = weights["b"]
    P_1 = (a + b) ** 2 / 4
    Q_1 = (a - b) ** 2 / 4
    root_1 = xp.sqrt(
        _clock(
            2 * Q_1 * rates["eta"],
            2 * rates["eta"] * targets[0],
            2 * P_1 * rates["eta"],
            times[0],
            xp,
        )
    )
    return {
        "a": _times((a + b) / 2, root_1, xp) + _times((a - b) / 2, 1 / root_1, xp),
        "b": _times((a + b) / 2, root_1, xp) + _times(-(a - b) / 2, 1 / root_1, xp),
    }
