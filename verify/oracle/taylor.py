"""The raw gradient-flow equations, integrated by Taylor series in mpmath to any precision.

du_i/dt = −η_u ∂L/∂u_i, dw_ij/dt = −η_w ∂L/∂w_ij with the mean squared error of the two-layer
network f(x) = γ Σᵢ uᵢ (Σⱼ wᵢⱼ xⱼ)^β over any data (Xu & Ziyin 2025, Eq. 20 and 2). It knows no
conservation law, no chart and no closed form: coefficients of the series follow from products of
series.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import mpmath
from mpmath import mp, mpf

Vector = list[Any]
Weights = tuple[Vector, list[Vector]]

MARGIN = 12  # digits beyond those asked for


def integrate(
    u0: Sequence[Any],
    W0: Sequence[Sequence[Any]],
    X: Sequence[Sequence[Any]],
    targets: Sequence[Any],
    *,
    gamma: Any,
    eta_u: Any,
    eta_w: Any,
    times: Sequence[Any],
    digits: int,
    beta: int = 1,
) -> list[Weights]:
    """Weights at increasing times, to about `digits` digits relative to their size.

    Raises:
        ValueError: for a power β below 1.
    """
    if beta < 1:
        raise ValueError(f"the power must be at least 1, not {beta}")
    with mp.workdps(digits + MARGIN):
        exact = [mpmath.mpmathify(z) for z in (gamma, eta_u, eta_w)]
        u = [mpmath.mpmathify(z) for z in u0]
        W = [[mpmath.mpmathify(z) for z in row] for row in W0]
        data = [[mpmath.mpmathify(z) for z in row] for row in X]
        goals = [mpmath.mpmathify(z) for z in targets]
        order, now, results = int(1.2 * mp.dps) + 8, mpf(0), []
        for time in (+mpmath.mpmathify(z) for z in times):  # rounded, or the loop might not end
            while now < time:
                series = _series(u, W, data, goals, exact, order, beta)
                step = min(_step(series, order), time - now)
                u, W = _evaluate(series, step)
                now += step
            results.append((list(u), [list(row) for row in W]))
        return results


def _series(
    u: Vector,
    W: list[Vector],
    X: list[Vector],
    y: Vector,
    constants: Vector,
    order: int,
    beta: int,
) -> tuple[list[Vector], list[list[Vector]]]:
    """Taylor coefficients of the weights at the present point."""
    gamma, eta_u, eta_w = constants
    U, V = [[z] for z in u], [[[z] for z in row] for row in W]
    points, neurons = range(len(X)), range(len(u))
    # h, h², …, h^β of each neuron at each data point, and u h^(β−1).
    H: list[list[list[Vector]]] = [[[[] for _ in range(beta)] for _ in X] for _ in u]
    slopes: list[list[Vector]] = [[[] for _ in X] for _ in u]
    errors: list[Vector] = [[] for _ in X]
    for k in range(order):
        for n in points:
            for i in neurons:
                h = H[i][n]
                h[0].append(mp.fdot((entry[k], x_j) for entry, x_j in zip(V[i], X[n], strict=True)))
                for lower, power in itertools.pairwise(h):
                    power.append(_product(lower, h[0], k))
                slopes[i][n].append(_product(U[i], h[-2], k) if beta > 1 else U[i][k])
            output = gamma * mpmath.fsum(_product(U[i], H[i][n][-1], k) for i in neurons)
            errors[n].append(output - (y[n] if k == 0 else 0))
        factor = -2 * gamma / (len(X) * (k + 1))
        for i in neurons:
            forces = [beta * _product(errors[n], slopes[i][n], k) for n in points]
            by_u = mpmath.fsum(_product(errors[n], H[i][n][-1], k) for n in points)
            for j, entry in enumerate(V[i]):
                pull = mp.fdot((force, X[n][j]) for n, force in enumerate(forces))
                entry.append(factor * eta_w * pull)
            U[i].append(factor * eta_u * by_u)
    return U, V


def _product(a: Vector, b: Vector, k: int) -> Any:
    """Coefficient k of a product of series."""
    return mp.fdot(a[: k + 1], b[k::-1])


def _step(series: tuple[list[Vector], list[list[Vector]]], order: int) -> Any:
    """A step at which the last terms are below the working precision."""
    U, V = series
    everything = [*U, *(entry for row in V for entry in row)]
    size = max([abs(z[0]) for z in everything] + [mp.eps])
    steps = []
    for k in (order - 1, order):
        largest = max(abs(z[k]) for z in everything)
        if largest > 0:
            steps.append((mp.eps * size / largest) ** (mpf(1) / k))
    return min(steps) if steps else mpf(10) ** 9


def _evaluate(series: tuple[list[Vector], list[list[Vector]]], step: Any) -> Weights:
    U, V = series
    return (
        [mp.polyval(z[::-1], step) for z in U],
        [[mp.polyval(z[::-1], step) for z in row] for row in V],
    )
