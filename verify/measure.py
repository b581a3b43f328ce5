"""Observables measured from raw weights, by their definitions. Nothing here is derived.

Plain numpy in float64; the data direction is taken from the data, its sign so that the first
nonzero component is positive.
"""

from __future__ import annotations

import numpy as np

from verify.problems import Floats, Problem

KERNEL_INPUTS = np.random.default_rng(7).standard_normal((2, 16))
POPULATION = (1.7, 0.9, 2.3)  # E[a²], E[a ỹ], E[ỹ²] of some population


def direction(problem: Problem) -> Floats:
    """Unit vector along the data; zero for data at the origin."""
    rows = [row for row in problem.X if row.any()]
    if not rows:
        return np.zeros(problem.X.shape[1])
    e = rows[0] / np.linalg.norm(rows[0])
    return e * np.sign(e[np.flatnonzero(e)[0]])


def effective_point(problem: Problem) -> tuple[Floats, float]:
    """X and y of Proposition 1, by their definition."""
    e = direction(problem)
    a = problem.X @ e
    strength = np.sqrt(np.mean(a * a))
    target = np.mean(a * problem.targets) / strength if strength > 0 else 0.0
    return strength * e, float(target)


def observe(problem: Problem, u: Floats, W: Floats) -> dict[str, Floats]:
    """Every observable of one network at given weights."""
    x, y = effective_point(problem)
    e = direction(problem)
    hidden = W @ e
    output = problem.gamma * u @ (W @ x)
    one, two = KERNEL_INPUTS[:, : x.size]
    kernel = problem.gamma**2 * (
        problem.eta_u * (W @ one) @ (W @ two) + problem.eta_w * (u @ u) * (one @ two)
    )
    slope = problem.gamma * u @ hidden
    m_aa, m_ay, m_yy = POPULATION
    with np.errstate(invalid="ignore", divide="ignore"):
        alignment = u @ hidden / (np.linalg.norm(u) * np.linalg.norm(hidden))
    values = {
        "u": u,
        "W": W,
        "output": output,
        "residual": output - y,
        "loss": np.mean((problem.gamma * (problem.X @ W.T) @ u - problem.targets) ** 2),
        "overlap": u @ hidden,
        "alignment": alignment,
        "alpha": _alpha(problem, u, hidden),
        "norm_u": np.linalg.norm(u),
        "norm_omega": np.linalg.norm(hidden),
        "norm_W": np.linalg.norm(W),
        "tangent_kernel": kernel,
        "population_loss": m_aa * slope**2 - 2 * m_ay * slope + m_yy,
    }
    return {name: np.asarray(value, dtype=float) for name, value in values.items()}


def _alpha(problem: Problem, u: Floats, hidden: Floats) -> float:
    """Growth of p², or decay of q², of the neuron where it is largest; NaN when all are zero."""

    def coordinates(u: Floats, hidden: Floats) -> Floats:
        first, second = np.sqrt(problem.eta_u) * hidden, np.sqrt(problem.eta_w) * u
        return np.stack([first + second, first - second])

    start, now = coordinates(problem.u0, problem.W0 @ direction(problem)), coordinates(u, hidden)
    kind, neuron = np.unravel_index(np.argmax(np.abs(start)), start.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        growth = (now[kind, neuron] / start[kind, neuron]) ** 2
        return float(growth if kind == 0 else 1 / growth)


def alignment_slope(problem: Problem, u: Floats, W: Floats, by_u: Floats, by_W: Floats) -> float:
    """dζ/dα along the flow: central differences of both in the direction of descent."""
    speed_u, speed_W = problem.eta_u * by_u, problem.eta_w * by_W
    with np.errstate(invalid="ignore", divide="ignore"):
        size = max(np.abs(speed_u).max() / np.abs(u).max(), np.abs(speed_W).max() / np.abs(W).max())
        delta = 1e-5 / size
        ahead, behind = (
            observe(problem, u - side * delta * speed_u, W - side * delta * speed_W)
            for side in (1, -1)
        )
        change = ahead["alignment"] - behind["alignment"]
        return float(change / (ahead["alpha"] - behind["alpha"]))
