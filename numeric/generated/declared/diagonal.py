"""Diagonal linear network of depth 2.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Woodworth et al. 2020 (arXiv 2002.09277). Digest of the declaration: d4935888f8268e6e.

    output = sum((u * v) * x)

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
NAME = "diagonal"
WEIGHTS: dict[str, tuple[str, ...]] = {"u": ("n",), "v": ("n",)}  # shapes of trained weights
RATES: dict[str, str] = {"u": "eta_u", "v": "eta_v"}  # the learning rate of each
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
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("diagonal(v vᵀ/eta_v - u uᵀ/eta_u)",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {
    "solution_1": ("Riccati", {"n": 2}, "weights", "", ((0, (1, 0)), (0, (0, 1)))),
    "solution_2": (
        "Riccati",
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

        output = sum((u * v) * x)

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    u = weights["u"]
    v = weights["v"]
    x = inputs["x"]
    return (u * v) @ x.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d u/dt = -eta_u Σ (∂ output/∂ u)ᵀ signal
        d v/dt = -eta_v Σ (∂ output/∂ v)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    u = weights["u"]
    v = weights["v"]
    x = inputs["x"]
    g_1 = signal @ x  # (n,)
    return {
        "u": -rates["eta_u"] * (g_1 * v),
        "v": -rates["eta_v"] * (g_1 * u),
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
    v = weights["v"]
    x = inputs["x"]
    return (directions["u"] * v + u * directions["v"]) @ x.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (n,).

        diagonal(v vᵀ/eta_v - u uᵀ/eta_u)

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    u = weights["u"]
    v = weights["v"]
    return (v**2 / rates["eta_v"] - u**2 / rates["eta_u"],)


def solution_1(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """All weights in time at n = 2: Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    u = weights["u"]
    v = weights["v"]
    P_1 = (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    Q_1 = (xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    root_1 = xp.sqrt(
        _clock(
            2 * Q_1 * rates["eta_u"] * rates["eta_v"],
            2 * xp.sqrt(rates["eta_u"]) * xp.sqrt(rates["eta_v"]) * targets[0],
            2 * P_1 * rates["eta_u"] * rates["eta_v"],
            times[0],
            xp,
        )
    )
    P_2 = (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    Q_2 = (xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    root_2 = xp.sqrt(
        _clock(
            2 * Q_2 * rates["eta_u"] * rates["eta_v"],
            2 * xp.sqrt(rates["eta_u"]) * xp.sqrt(rates["eta_v"]) * targets[1],
            2 * P_2 * rates["eta_u"] * rates["eta_v"],
            times[1],
            xp,
        )
    )
    return {
        "u": xp.stack(
            [
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    root_1,
                    xp,
                )
                + _times(
                    -(xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    1 / root_1,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    root_2,
                    xp,
                )
                + _times(
                    -(xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    1 / root_2,
                    xp,
                ),
            ],
            -1,
        ),
        "v": xp.stack(
            [
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    root_1,
                    xp,
                )
                + _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    1 / root_1,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    root_2,
                    xp,
                )
                + _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    1 / root_2,
                    xp,
                ),
            ],
            -1,
        ),
    }


def solution_2(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """All weights in time at n = 3: Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    u = weights["u"]
    v = weights["v"]
    P_1 = (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    Q_1 = (xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    root_1 = xp.sqrt(
        _clock(
            2 * Q_1 * rates["eta_u"] * rates["eta_v"],
            2 * xp.sqrt(rates["eta_u"]) * xp.sqrt(rates["eta_v"]) * targets[0],
            2 * P_1 * rates["eta_u"] * rates["eta_v"],
            times[0],
            xp,
        )
    )
    P_2 = (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    Q_2 = (xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    root_2 = xp.sqrt(
        _clock(
            2 * Q_2 * rates["eta_u"] * rates["eta_v"],
            2 * xp.sqrt(rates["eta_u"]) * xp.sqrt(rates["eta_v"]) * targets[1],
            2 * P_2 * rates["eta_u"] * rates["eta_v"],
            times[1],
            xp,
        )
    )
    P_3 = (xp.sqrt(rates["eta_u"]) * v[2] + xp.sqrt(rates["eta_v"]) * u[2]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    Q_3 = (xp.sqrt(rates["eta_u"]) * v[2] - xp.sqrt(rates["eta_v"]) * u[2]) ** 2 / (
        4 * rates["eta_u"] * rates["eta_v"]
    )
    root_3 = xp.sqrt(
        _clock(
            2 * Q_3 * rates["eta_u"] * rates["eta_v"],
            2 * xp.sqrt(rates["eta_u"]) * xp.sqrt(rates["eta_v"]) * targets[2],
            2 * P_3 * rates["eta_u"] * rates["eta_v"],
            times[2],
            xp,
        )
    )
    return {
        "u": xp.stack(
            [
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    root_1,
                    xp,
                )
                + _times(
                    -(xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    1 / root_1,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    root_2,
                    xp,
                )
                + _times(
                    -(xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    1 / root_2,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[2] + xp.sqrt(rates["eta_v"]) * u[2])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    root_3,
                    xp,
                )
                + _times(
                    -(xp.sqrt(rates["eta_u"]) * v[2] - xp.sqrt(rates["eta_v"]) * u[2])
                    / (2 * xp.sqrt(rates["eta_v"])),
                    1 / root_3,
                    xp,
                ),
            ],
            -1,
        ),
        "v": xp.stack(
            [
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] + xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    root_1,
                    xp,
                )
                + _times(
                    (xp.sqrt(rates["eta_u"]) * v[0] - xp.sqrt(rates["eta_v"]) * u[0])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    1 / root_1,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] + xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    root_2,
                    xp,
                )
                + _times(
                    (xp.sqrt(rates["eta_u"]) * v[1] - xp.sqrt(rates["eta_v"]) * u[1])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    1 / root_2,
                    xp,
                ),
                _times(
                    (xp.sqrt(rates["eta_u"]) * v[2] + xp.sqrt(rates["eta_v"]) * u[2])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    root_3,
                    xp,
                )
                + _times(
                    (xp.sqrt(rates["eta_u"]) * v[2] - xp.sqrt(rates["eta_v"]) * u[2])
                    / (2 * xp.sqrt(rates["eta_u"])),
                    1 / root_3,
                    xp,
                ),
            ],
            -1,
        ),
    }
