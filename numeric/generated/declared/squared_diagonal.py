"""Weights squared, one by one.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Woodworth et al. 2020 (arXiv 2002.09277). Digest of the declaration: fdbfcfc280c07c75.

    output = sum((u * u) * x)

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
NAME = "squared_diagonal"
WEIGHTS: dict[str, tuple[str, ...]] = {"u": ("n",)}  # shapes of trained weights
RATES: dict[str, str] = {"u": "eta_u"}  # the learning rate of each
INPUTS: dict[str, tuple[str, ...]] = {"x": ("n",)}  # shapes of inputs, without the axis of points
FROZEN: dict[str, tuple[str, ...]] = {}  # shapes of untrained weights
OUTPUT: tuple[str, ...] = ()  # shape of the output of a point
POINTWISE = True  # whether the output has an axis of points
LOSS = "any"  # which losses it is declared for
DATA = "white"  # which data it is declared for
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
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {
    "solution_1": ("logistic", {"n": 2}, "weights", "", ((0, (1, 0)), (0, (0, 1)))),
    "solution_2": (
        "logistic",
        {"n": 3},
        "weights",
        "",
        ((0, (1, 0, 0)), (0, (0, 1, 0)), (0, (0, 0, 1))),
    ),
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

        output = sum((u * u) * x)

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    u = weights["u"]
    x = inputs["x"]
    return (u * u) @ x.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d u/dt = -eta_u Σ (∂ output/∂ u)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    u = weights["u"]
    x = inputs["x"]
    return {
        "u": -rates["eta_u"] * (2 * ((signal @ x) * u)),
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
    u = weights["u"]
    x = inputs["x"]
    return (directions["u"] * u + u * directions["u"]) @ x.T


def solution_1(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """All weights in time at n = 2: logistic.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    u = weights["u"]
    P_1 = u[0] ** 2
    root_1 = xp.sqrt(
        _clock(0, 4 * rates["eta_u"] * targets[0], 4 * P_1 * rates["eta_u"], times[0], xp)
    )
    P_2 = u[1] ** 2
    root_2 = xp.sqrt(
        _clock(0, 4 * rates["eta_u"] * targets[1], 4 * P_2 * rates["eta_u"], times[1], xp)
    )
    return {
        "u": xp.stack([_times(u[0], root_1, xp), _times(u[1], root_2, xp)], -1),
    }


def solution_2(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """All weights in time at n = 3: logistic.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    u = weights["u"]
    P_1 = u[0] ** 2
    root_1 = xp.sqrt(
        _clock(0, 4 * rates["eta_u"] * targets[0], 4 * P_1 * rates["eta_u"], times[0], xp)
    )
    P_2 = u[1] ** 2
    root_2 = xp.sqrt(
        _clock(0, 4 * rates["eta_u"] * targets[1], 4 * P_2 * rates["eta_u"], times[1], xp)
    )
    P_3 = u[2] ** 2
    root_3 = xp.sqrt(
        _clock(0, 4 * rates["eta_u"] * targets[2], 4 * P_3 * rates["eta_u"], times[2], xp)
    )
    return {
        "u": xp.stack(
            [_times(u[0], root_1, xp), _times(u[1], root_2, xp), _times(u[2], root_3, xp)], -1
        ),
    }
