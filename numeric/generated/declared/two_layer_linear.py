"""Two-layer linear network.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: Saxe, McClelland & Ganguli 2014 (arXiv 1312.6120). Digest of the declaration: b452e3a941f866bc.

    output = U @ (V @ x)

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
NAME = "two_layer_linear"
WEIGHTS: dict[str, tuple[str, ...]] = {
    "U": ("m", "h"),
    "V": ("h", "n"),
}  # shapes of trained weights
RATES: dict[str, str] = {"U": "eta_U", "V": "eta_V"}  # the learning rate of each
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
    "h": (
        ("weight", "U", 1, True),
        ("weight", "V", 0, True),
    ),
    "n": (
        ("input", "x", 0, True),
        ("weight", "V", 1, False),
    ),
}
# as a two-layer network, scale Σ_i u_i σ(Σ_j w_ij ξ_j), ξ_j entries of inputs or 1: network
# of σ, scale, sizes that are not any, rates of u and w, layer of u; and of w the layers, the
# axis that counts neurons, the input (None for 1), and the factor of ξ
NEURONS: tuple[tuple[Any, ...], ...] = (
    ("linear", 1.0, {"m": 1}, ("eta_U", "eta_V"), "U", (("V", 0, "x", 1.0),)),
)
# formulas of laws, and their sizes (None for all), by the function that computes them
LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {
    "law_1": (("V Vᵀ/eta_V - Uᵀ U/eta_U",), None),
}
# closed forms under a square, where monomials of the data do not correlate: by their functions
# the class, sizes, what is given, the law that is to be a multiple of 1 at the start, and of
# each coefficient the entry of the output and the exponents of the inputs' entries
SOLUTIONS: dict[str, tuple[str, dict[str, int], str, str, tuple[Any, ...]]] = {
    "solution_1": (
        "matrix Riccati",
        {"n": 2, "h": 1, "m": 1},
        "outputs",
        "leaf_1",
        ((0, (1, 0)), (0, (0, 1))),
    ),
    "solution_2": (
        "matrix Riccati on a leaf of a law",
        {"n": 2, "h": 2, "m": 1},
        "outputs",
        "leaf_2",
        ((0, (1, 0)), (0, (0, 1))),
    ),
    "solution_3": (
        "matrix Riccati on a leaf of a law",
        {"n": 2, "h": 4, "m": 1},
        "outputs",
        "leaf_3",
        ((0, (1, 0)), (0, (0, 1))),
    ),
    "solution_4": (
        "matrix Riccati on a leaf of a law",
        {"n": 2, "h": 2, "m": 2},
        "outputs",
        "leaf_4",
        ((0, (1, 0)), (0, (0, 1)), (1, (1, 0)), (1, (0, 1))),
    ),
    "solution_5": (
        "matrix Riccati on a leaf of a law",
        {"n": 4, "h": 4, "m": 4},
        "outputs",
        "leaf_5",
        (
            (0, (1, 0, 0, 0)),
            (0, (0, 1, 0, 0)),
            (0, (0, 0, 1, 0)),
            (0, (0, 0, 0, 1)),
            (1, (1, 0, 0, 0)),
            (1, (0, 1, 0, 0)),
            (1, (0, 0, 1, 0)),
            (1, (0, 0, 0, 1)),
            (2, (1, 0, 0, 0)),
            (2, (0, 1, 0, 0)),
            (2, (0, 0, 1, 0)),
            (2, (0, 0, 0, 1)),
            (3, (1, 0, 0, 0)),
            (3, (0, 1, 0, 0)),
            (3, (0, 0, 1, 0)),
            (3, (0, 0, 0, 1)),
        ),
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

        output = U @ (V @ x)

        Shape (points, m).

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return (x @ V.T) @ U.T


def velocity(
    weights: Mapping[str, Any],
    inputs: Mapping[str, Any],
    signal: Any,
    rates: Mapping[str, Any],
    xp: Any = np,
) -> dict[str, Any]:
    """Velocities of all weights: minus their rates times the slopes of Σ signal · output.

        d U/dt = -eta_U Σ (∂ output/∂ U)ᵀ signal
        d V/dt = -eta_V Σ (∂ output/∂ V)ᵀ signal

        summed over data points and entries of the output.

    Args:
        weights: arrays by name.
        inputs: arrays by name.
        signal: ∂L/∂ output, shape (points, m).
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return {
        "U": -rates["eta_U"] * (signal.T @ (x @ V.T)),
        "V": -rates["eta_V"] * ((signal @ U).T @ x),
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
    U = weights["U"]
    V = weights["V"]
    x = inputs["x"]
    return (x @ V.T) @ directions["U"].T + (x @ directions["V"].T) @ U.T


def law_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> tuple[Any, ...]:
    """Conserved for any loss and any data, at all sizes: shape (h, h).

        V Vᵀ/eta_V - Uᵀ U/eta_U

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    return (V @ V.T / rates["eta_V"] - U.T @ U / rates["eta_U"],)


def solution_1(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 2, h = 1, m = 1: matrix Riccati.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    law = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((3, 3))
    force[0, 0] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[0, 1] = force[1, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[0]
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[1]
    force[1, 1] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[2, 2] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    gram = _gram(start, force, rates["eta_U"] * rates["eta_V"], times[0])
    return [
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 1]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 2]),
    ]


def leaf_1(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 2, h = 1, m = 1; `solution_1` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    return start.T @ np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]]) @ start


def solution_2(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 2, h = 2, m = 1: matrix Riccati on a leaf of a law.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"]), U[0, 1] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"]), V[1, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"]), V[1, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    law = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((3, 3))
    force[0, 0] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[0, 1] = force[1, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[0]
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[1]
    force[1, 1] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[2, 2] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    gram = _gram(start, force, rates["eta_U"] * rates["eta_V"], times[0])
    return [
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 1]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 2]),
    ]


def leaf_2(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 2, h = 2, m = 1; `solution_2` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"]), U[0, 1] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"]), V[1, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"]), V[1, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    return start.T @ np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]]) @ start


def solution_3(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 2, h = 4, m = 1: matrix Riccati on a leaf of a law.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [
                U[0, 0] / xp.sqrt(rates["eta_U"]),
                U[0, 1] / xp.sqrt(rates["eta_U"]),
                U[0, 2] / xp.sqrt(rates["eta_U"]),
                U[0, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                V[0, 0] / xp.sqrt(rates["eta_V"]),
                V[1, 0] / xp.sqrt(rates["eta_V"]),
                V[2, 0] / xp.sqrt(rates["eta_V"]),
                V[3, 0] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 1] / xp.sqrt(rates["eta_V"]),
                V[1, 1] / xp.sqrt(rates["eta_V"]),
                V[2, 1] / xp.sqrt(rates["eta_V"]),
                V[3, 1] / xp.sqrt(rates["eta_V"]),
            ],
        ]
    )
    law = np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((3, 3))
    force[0, 0] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[0, 1] = force[1, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[0]
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[1]
    force[1, 1] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[2, 2] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    gram = _gram(start, force, rates["eta_U"] * rates["eta_V"], times[0])
    return [
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 1]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 2]),
    ]


def leaf_3(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 2, h = 4, m = 1; `solution_3` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [
                U[0, 0] / xp.sqrt(rates["eta_U"]),
                U[0, 1] / xp.sqrt(rates["eta_U"]),
                U[0, 2] / xp.sqrt(rates["eta_U"]),
                U[0, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                V[0, 0] / xp.sqrt(rates["eta_V"]),
                V[1, 0] / xp.sqrt(rates["eta_V"]),
                V[2, 0] / xp.sqrt(rates["eta_V"]),
                V[3, 0] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 1] / xp.sqrt(rates["eta_V"]),
                V[1, 1] / xp.sqrt(rates["eta_V"]),
                V[2, 1] / xp.sqrt(rates["eta_V"]),
                V[3, 1] / xp.sqrt(rates["eta_V"]),
            ],
        ]
    )
    return start.T @ np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]]) @ start


def solution_4(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 2, h = 2, m = 2: matrix Riccati on a leaf of a law.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"]), U[0, 1] / xp.sqrt(rates["eta_U"])],
            [U[1, 0] / xp.sqrt(rates["eta_U"]), U[1, 1] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"]), V[1, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"]), V[1, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    law = np.array([[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((4, 4))
    force[0, 0] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[0, 2] = force[2, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[0]
    force[0, 3] = force[3, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[1]
    force[1, 1] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[1, 2] = force[2, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[2]
    force[1, 3] = force[3, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[3]
    force[2, 2] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[3, 3] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    gram = _gram(start, force, rates["eta_U"] * rates["eta_V"], times[0])
    return [
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 2]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 3]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 2]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 3]),
    ]


def leaf_4(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 2, h = 2, m = 2; `solution_4` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [U[0, 0] / xp.sqrt(rates["eta_U"]), U[0, 1] / xp.sqrt(rates["eta_U"])],
            [U[1, 0] / xp.sqrt(rates["eta_U"]), U[1, 1] / xp.sqrt(rates["eta_U"])],
            [V[0, 0] / xp.sqrt(rates["eta_V"]), V[1, 0] / xp.sqrt(rates["eta_V"])],
            [V[0, 1] / xp.sqrt(rates["eta_V"]), V[1, 1] / xp.sqrt(rates["eta_V"])],
        ]
    )
    return start.T @ np.array([[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]) @ start


def solution_5(
    weights: Mapping[str, Any], rates: Mapping[str, Any], targets: Any, times: Any, xp: Any = np
) -> Any:
    """The coefficients of the outputs in time at n = 4, h = 4, m = 4: matrix Riccati on a leaf of a law.

        Under a loss of Σ_k (c_k - targets_k)²/2, each coefficient c_k in its own time.

    Args:
        weights: initial ones, arrays by name.
        rates: numbers by name.
        targets: of each coefficient of what is trained.
        times: of each coefficient, t >= 0, inf, too; equal ones where coefficients are given.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [
                U[0, 0] / xp.sqrt(rates["eta_U"]),
                U[0, 1] / xp.sqrt(rates["eta_U"]),
                U[0, 2] / xp.sqrt(rates["eta_U"]),
                U[0, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[1, 0] / xp.sqrt(rates["eta_U"]),
                U[1, 1] / xp.sqrt(rates["eta_U"]),
                U[1, 2] / xp.sqrt(rates["eta_U"]),
                U[1, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[2, 0] / xp.sqrt(rates["eta_U"]),
                U[2, 1] / xp.sqrt(rates["eta_U"]),
                U[2, 2] / xp.sqrt(rates["eta_U"]),
                U[2, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[3, 0] / xp.sqrt(rates["eta_U"]),
                U[3, 1] / xp.sqrt(rates["eta_U"]),
                U[3, 2] / xp.sqrt(rates["eta_U"]),
                U[3, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                V[0, 0] / xp.sqrt(rates["eta_V"]),
                V[1, 0] / xp.sqrt(rates["eta_V"]),
                V[2, 0] / xp.sqrt(rates["eta_V"]),
                V[3, 0] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 1] / xp.sqrt(rates["eta_V"]),
                V[1, 1] / xp.sqrt(rates["eta_V"]),
                V[2, 1] / xp.sqrt(rates["eta_V"]),
                V[3, 1] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 2] / xp.sqrt(rates["eta_V"]),
                V[1, 2] / xp.sqrt(rates["eta_V"]),
                V[2, 2] / xp.sqrt(rates["eta_V"]),
                V[3, 2] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 3] / xp.sqrt(rates["eta_V"]),
                V[1, 3] / xp.sqrt(rates["eta_V"]),
                V[2, 3] / xp.sqrt(rates["eta_V"]),
                V[3, 3] / xp.sqrt(rates["eta_V"]),
            ],
        ]
    )
    law = np.array(
        [
            [-1, 0, 0, 0, 0, 0, 0, 0],
            [0, -1, 0, 0, 0, 0, 0, 0],
            [0, 0, -1, 0, 0, 0, 0, 0],
            [0, 0, 0, -1, 0, 0, 0, 0],
            [0, 0, 0, 0, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, 1, 0, 0],
            [0, 0, 0, 0, 0, 0, 1, 0],
            [0, 0, 0, 0, 0, 0, 0, 1],
        ]
    )
    leaf = np.mean(np.diagonal(start.T @ law @ start))
    force = np.zeros((8, 8))
    force[0, 0] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[0, 4] = force[4, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[0]
    force[0, 5] = force[5, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[1]
    force[0, 6] = force[6, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[2]
    force[0, 7] = force[7, 0] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[3]
    force[1, 1] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[1, 4] = force[4, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[4]
    force[1, 5] = force[5, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[5]
    force[1, 6] = force[6, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[6]
    force[1, 7] = force[7, 1] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[7]
    force[2, 2] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[2, 4] = force[4, 2] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[8]
    force[2, 5] = force[5, 2] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[9]
    force[2, 6] = force[6, 2] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[10]
    force[2, 7] = force[7, 2] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[11]
    force[3, 3] = -rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[3, 4] = force[4, 3] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[12]
    force[3, 5] = force[5, 3] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[13]
    force[3, 6] = force[6, 3] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[14]
    force[3, 7] = force[7, 3] = xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * targets[15]
    force[4, 4] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[5, 5] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[6, 6] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    force[7, 7] = rates["eta_U"] * rates["eta_V"] * leaf / 2
    gram = _gram(start, force, rates["eta_U"] * rates["eta_V"], times[0])
    return [
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 4]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 5]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 6]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[0, 7]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 4]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 5]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 6]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[1, 7]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[2, 4]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[2, 5]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[2, 6]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[2, 7]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[3, 4]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[3, 5]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[3, 6]),
        xp.sqrt(rates["eta_U"]) * xp.sqrt(rates["eta_V"]) * (gram[3, 7]),
    ]


def leaf_5(weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np) -> Any:
    """Conserved at n = 4, h = 4, m = 4; `solution_5` is of weights of which this is a multiple of 1.

        QᵀJQ, Q the weights over the roots of their rates, shape (columns, columns).

    Args:
        weights: arrays by name.
        rates: numbers by name.
        xp: the namespace that computes.
    """
    U = weights["U"]
    V = weights["V"]
    start = np.array(
        [
            [
                U[0, 0] / xp.sqrt(rates["eta_U"]),
                U[0, 1] / xp.sqrt(rates["eta_U"]),
                U[0, 2] / xp.sqrt(rates["eta_U"]),
                U[0, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[1, 0] / xp.sqrt(rates["eta_U"]),
                U[1, 1] / xp.sqrt(rates["eta_U"]),
                U[1, 2] / xp.sqrt(rates["eta_U"]),
                U[1, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[2, 0] / xp.sqrt(rates["eta_U"]),
                U[2, 1] / xp.sqrt(rates["eta_U"]),
                U[2, 2] / xp.sqrt(rates["eta_U"]),
                U[2, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                U[3, 0] / xp.sqrt(rates["eta_U"]),
                U[3, 1] / xp.sqrt(rates["eta_U"]),
                U[3, 2] / xp.sqrt(rates["eta_U"]),
                U[3, 3] / xp.sqrt(rates["eta_U"]),
            ],
            [
                V[0, 0] / xp.sqrt(rates["eta_V"]),
                V[1, 0] / xp.sqrt(rates["eta_V"]),
                V[2, 0] / xp.sqrt(rates["eta_V"]),
                V[3, 0] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 1] / xp.sqrt(rates["eta_V"]),
                V[1, 1] / xp.sqrt(rates["eta_V"]),
                V[2, 1] / xp.sqrt(rates["eta_V"]),
                V[3, 1] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 2] / xp.sqrt(rates["eta_V"]),
                V[1, 2] / xp.sqrt(rates["eta_V"]),
                V[2, 2] / xp.sqrt(rates["eta_V"]),
                V[3, 2] / xp.sqrt(rates["eta_V"]),
            ],
            [
                V[0, 3] / xp.sqrt(rates["eta_V"]),
                V[1, 3] / xp.sqrt(rates["eta_V"]),
                V[2, 3] / xp.sqrt(rates["eta_V"]),
                V[3, 3] / xp.sqrt(rates["eta_V"]),
            ],
        ]
    )
    return (
        start.T
        @ np.array(
            [
                [-1, 0, 0, 0, 0, 0, 0, 0],
                [0, -1, 0, 0, 0, 0, 0, 0],
                [0, 0, -1, 0, 0, 0, 0, 0],
                [0, 0, 0, -1, 0, 0, 0, 0],
                [0, 0, 0, 0, 1, 0, 0, 0],
                [0, 0, 0, 0, 0, 1, 0, 0],
                [0, 0, 0, 0, 0, 0, 1, 0],
                [0, 0, 0, 0, 0, 0, 0, 1],
            ]
        )
        @ start
    )
