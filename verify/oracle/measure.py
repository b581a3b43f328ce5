"""Observables measured from raw weights, by their definitions. Nothing here is derived.

Plain numpy in float64, activation and loss by torch. `effective` says where the output is measured, and
what it is compared with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from verify import losses
from verify.networks import activation, degree, power
from verify.oracle.effective import direction, effective_point, minimum, place
from verify.oracle.problem import Floats, Problem

__all__ = ["alignment_slope", "direction", "effective_point", "minimum", "observe", "place"]

KERNEL_INPUTS = np.random.default_rng(7).standard_normal((2, 16))
POPULATION = (1.7, 0.9, 2.3)  # E[a²ᵝ], E[aᵝ ỹ], E[ỹ²] of some population


def observe(problem: Problem, u: Floats, W: Floats) -> dict[str, Floats]:
    """Every observable of one network at given weights."""
    x = place(problem)
    hidden = W @ direction(problem)
    output = problem.gamma * u @ _sigma(problem, W @ x)
    inputs = KERNEL_INPUTS[:, : W.shape[1]]
    at_inputs, kernel = _tangent_kernels(problem, u, W, inputs, np.stack([x, x]))
    least = minimum(problem, float(output))
    outputs = problem.gamma * _sigma(problem, problem.X @ W.T) @ u
    with np.errstate(invalid="ignore", divide="ignore"):
        alignment = u @ hidden / (np.linalg.norm(u) * np.linalg.norm(hidden))
    values: dict[str, Any] = {
        "u": u,
        "W": W,
        "output": output,
        "loss": _loss(problem, outputs),
        "alignment": alignment,
        "norm_u": np.linalg.norm(u),
        "norm_omega": np.linalg.norm(hidden),
        "norm_W": np.linalg.norm(W),
        "tangent_kernel": at_inputs,
        "predicted": problem.gamma * _sigma(problem, inputs @ W.T) @ u,
        "overlap": u @ hidden,
        "kernel": kernel,
        "kernel_change": _kernel_change(problem, kernel, x),
        "distance_u": np.linalg.norm(u - problem.u0),
        "distance_W": np.linalg.norm(W - problem.W0),
    }
    if np.isfinite(least):
        values["residual"] = output - least
    if not losses.is_square(problem.loss):
        values["steepness"] = _steepness(problem, outputs)
    if degree(problem.network):
        m_aa, m_ay, m_yy = POPULATION
        slope = problem.gamma * u @ _sigma(problem, hidden)
        values["population_loss"] = m_aa * slope**2 - 2 * m_ay * slope + m_yy
    if power(problem.network) == 1:
        values["alpha"] = _alpha(problem, u, hidden)
    return {name: np.asarray(value, dtype=float) for name, value in values.items()}


def _loss(problem: Problem, outputs: Floats) -> Floats:
    terms = losses.loss(problem.loss)(torch.tensor(outputs), torch.tensor(problem.targets))
    return np.asarray((terms.mean() if problem.reduction == "mean" else terms.sum()).numpy())


def _steepness(problem: Problem, outputs: Floats) -> Floats:
    """By how much roundings of the outputs change the loss: the largest |ℓ′|."""
    places = torch.tensor(outputs), torch.tensor(problem.targets)
    slopes = losses.derivatives(problem.loss, *places)[0].abs()
    return np.asarray((slopes.max() if problem.reduction == "mean" else slopes.sum()).numpy())


def _sigma(problem: Problem, h: Floats) -> Floats:
    return activation(problem.network)(torch.tensor(h)).numpy()


def _sigma_and_slope(problem: Problem, h: Floats) -> tuple[Floats, Floats]:
    """σ, and σ′ by autograd."""
    place = torch.tensor(h, requires_grad=True)
    value = activation(problem.network)(place)
    (slope,) = torch.autograd.grad(value.sum(), place)
    return value.detach().numpy(), slope.numpy()


def _kernel_change(problem: Problem, kernel: Floats, x: Floats) -> Floats:
    """K/K₀ − 1 at x; 0 for a network without a kernel."""
    (start,) = _tangent_kernels(problem, problem.u0, problem.W0, np.stack([x, x]))
    return kernel / start - 1 if start > 0 else np.zeros(())


def _tangent_kernels(problem: Problem, u: Floats, W: Floats, *pairs: Floats) -> list[Floats]:
    """K(x₁, x₂) = γ² (η_u Σᵢ σ(hᵢ₁) σ(hᵢ₂) + η_w x₁·x₂ Σᵢ uᵢ² σ′(hᵢ₁) σ′(hᵢ₂)) of pairs of inputs."""
    by_u, slopes = _sigma_and_slope(problem, np.stack(pairs) @ W.T)
    return [
        problem.gamma**2
        * (
            problem.eta_u * (first @ second)
            + problem.eta_w * (one @ two) * ((u * by_first) @ (u * by_second))
        )
        for (one, two), (first, second), (by_first, by_second) in zip(
            pairs, by_u, slopes, strict=True
        )
    ]


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
    """dζ/dα along the flow: central differences of both in the direction of descent.

    NaN for a network that has no α.
    """
    if power(problem.network) != 1:
        return np.nan
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
