"""One linear neuron with its output weight.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Kunin et al. 2024 (arXiv 2406.06158). Digest of the declaration: 6f7da0b715e20fd3.

    output = a * (w @ x)

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
NAME = "single_neuron"
WEIGHTS: dict[str, tuple[str, ...]] = {"a": (), "w": ("n",)}  # shapes of trained weights
RATES: dict[str, str] = {"a": "eta_a", "w": "eta_w"}  # the learning rate of each
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
        ("weight", "w", 0, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = (
    ("linear", 1.0, {}, ("eta_a", "eta_w"), "a", (("w", None, "x", 1.0),)),
)
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("‖w‖²/eta_w - ‖a‖²/eta_a",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {
    "solution_1": ("matrix Riccati", {"n": 2}, "outputs", "leaf_1", ((0, (1, 0)), (0, (0, 1)))),
    "solution_2": (
        "matrix Riccati",
        {"n": 3},
        "outputs",
        "leaf_2",
        ((0, (1, 0, 0)), (0, (0, 1, 0)), (0, (0, 0, 1))),
    ),
}


def _gram(Q: Any, F: Any, b: Any, t: Any) -> Any:
    """Z(t) of dZ/dt = F Z + Z F - b Z Z from Z = Q Q^T, F symmetric and b > 0; t = inf, too.

    What Q has along an eigenvector of F is known up to roundings of Q: a start that has nothing of one
    where Z grows is told from one that has so little by nothing. Rows that depend on others up to
    roundings are taken to depend on them.
    """
    f, vectors = np.linalg.eigh(F)
    f, vectors = f[::-1], vectors[:, ::-1]
    f = np.where(f == 0, -1e-200, f) if np.isinf(t) else f
    rows = vectors.T @ Q
    L = np.linalg.qr(rows.T)[1].T
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-14 * np.linalg.norm(Q)
    L = np.tril(np.where(np.abs(L) <= 1e-14 * lengths, 0.0, L))
    L = L[:, np.any(L != 0, axis=0)]
    first = np.argmax(L != 0, axis=0)
    grown = np.maximum(f, 0.0)
    with np.errstate(all="ignore"):
        part = np.where(grown[:, None] == grown[first], 0.0, (grown[:, None] - grown[first]) * t)
        left = np.where(L == 0, 0.0, L * np.exp(part))
        size = np.abs(f)
        gathered = np.where(size * t > 0, -b * np.expm1(-2 * size * t) / (2 * size), b * t)
        K = left.T @ (gathered[:, None] * left)
        K = K + np.diag(np.exp(np.where(grown[first] > 0, -2 * grown[first] * t, 0.0)))
        now = np.exp(np.where(f < 0, f * t, 0.0))[:, None] * left
    units = np.sqrt(np.diagonal(K))
    root = np.linalg.cholesky(K / units / units[:, None])
    Y = np.linalg.solve(root, (now / units).T)
    return vectors @ (Y.T @ Y) @ vectors.T


def output(weights: Mapping[str, Any], inputs: Mapping[str, Any], xp: Any = np) -> Any:
    """Output at data points.

        output = a * (w @ x)

        Shape (points,).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    x = inputs["x"]
    return a * (w @ x.T)


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d a/dt = -eta_a Σ (∂ output/∂ a)ᵀ signal
        d w/dt = -eta_w Σ (∂ output/∂ w)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points,).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    x = inputs["x"]
    return {
        "a": -rates["eta_a"] * (signal @ (w @ x.T)),
        "w": -rates["eta_w"] * ((signal * a) @ x),
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
    w = weights["w"]
    x = inputs["x"]
    return directions["a"] * (w @ x.T) + a * (directions["w"] @ x.T)


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape ().

        ‖w‖²/eta_w - ‖a‖²/eta_a

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    return ((w**2).sum() / rates["eta_w"] - a**2 / rates["eta_a"],)


def solution_1(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 2: matrix Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    start = np.array(
        [
            [a / xp.sqrt(rates["eta_a"])],
            [w[0] / xp.sqrt(rates["eta_w"])],
            [w[1] / xp.sqrt(rates["eta_w"])],
        ]
    )
    law = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((3, 3))
    force[0, 0] = -rates["eta_a"] * rates["eta_w"] * leaf / 2
    force[0, 1] = force[1, 0] = xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * targets[0]
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * targets[1]
    force[1, 1] = rates["eta_a"] * rates["eta_w"] * leaf / 2
    force[2, 2] = rates["eta_a"] * rates["eta_w"] * leaf / 2
    gram = _gram(start, force, rates["eta_a"] * rates["eta_w"], times[0])
    return [
        xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * (gram[0, 1]),
        xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * (gram[0, 2]),
    ]


def leaf_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 2; `solution_1` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    start = np.array(
        [
            [a / xp.sqrt(rates["eta_a"])],
            [w[0] / xp.sqrt(rates["eta_w"])],
            [w[1] / xp.sqrt(rates["eta_w"])],
        ]
    )
    return start.T @ np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]]) @ start


def solution_2(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 3: matrix Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    start = np.array(
        [
            [a / xp.sqrt(rates["eta_a"])],
            [w[0] / xp.sqrt(rates["eta_w"])],
            [w[1] / xp.sqrt(rates["eta_w"])],
            [w[2] / xp.sqrt(rates["eta_w"])],
        ]
    )
    law = np.array([[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((4, 4))
    force[0, 0] = -rates["eta_a"] * rates["eta_w"] * leaf / 2
    force[0, 1] = force[1, 0] = xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * targets[0]
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * targets[1]
    force[0, 3] = force[3, 0] = xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * targets[2]
    force[1, 1] = rates["eta_a"] * rates["eta_w"] * leaf / 2
    force[2, 2] = rates["eta_a"] * rates["eta_w"] * leaf / 2
    force[3, 3] = rates["eta_a"] * rates["eta_w"] * leaf / 2
    gram = _gram(start, force, rates["eta_a"] * rates["eta_w"], times[0])
    return [
        xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * (gram[0, 1]),
        xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * (gram[0, 2]),
        xp.sqrt(rates["eta_a"]) * xp.sqrt(rates["eta_w"]) * (gram[0, 3]),
    ]


def leaf_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 3; `solution_2` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    a = weights["a"]
    w = weights["w"]
    start = np.array(
        [
            [a / xp.sqrt(rates["eta_a"])],
            [w[0] / xp.sqrt(rates["eta_w"])],
            [w[1] / xp.sqrt(rates["eta_w"])],
            [w[2] / xp.sqrt(rates["eta_w"])],
        ]
    )
    return start.T @ np.array([[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]) @ start
