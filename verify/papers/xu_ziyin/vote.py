"""Torch's vote: one network, trained; its raw weights say whether the text or the correction is right.

Everything here is measured of weights before and after extrapolated descent, by its definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from verify.claims.claim import Siding
from verify.oracle import descent
from verify.oracle.problem import Problem, batch

Floats = NDArray[np.float64]
Vote = tuple[float, float, Mapping[str, float]]  # measured, its error, values of the symbols

TIME = 0.35
PROBLEM = Problem(
    "audit",
    u0=np.array([0.9, -0.4, 0.7]),
    W0=np.array([[0.5, 0.2], [-0.3, 0.8], [0.6, -0.1]]),
    X=np.array([[1.2, 0.5]]),
    targets=np.array([1.9]),
    gamma=0.8,
    eta_u=0.6,
    eta_w=0.9,
)


@dataclass(frozen=True)
class State:
    """Raw weights at one time.

    Attributes:
        u, W: weights.
        du, dW: their velocities under gradient flow, by autograd.
    """

    u: Floats
    W: Floats
    du: Floats
    dW: Floats

    @property
    def h(self) -> Floats:
        """Preactivations."""
        return self.W @ PROBLEM.X[0]

    def pq(self) -> tuple[Floats, Floats]:
        """Coordinates by Eq. 4, with ρ = ‖x‖."""
        return coordinates(self.u, self.W)

    @property
    def output(self) -> float:
        """F."""
        return float(PROBLEM.gamma * self.u @ self.h)


def coordinates(u: Floats, W: Floats) -> tuple[Floats, Floats]:
    """(√η_u Wx/ρ ± √η_w u)/2, ρ = ‖x‖."""
    x = PROBLEM.X[0]
    along, across = np.sqrt(PROBLEM.eta_u) * (W @ x) / np.linalg.norm(x), np.sqrt(PROBLEM.eta_w) * u
    return (along + across) / 2, (along - across) / 2


def _state(u: Floats, W: Floats) -> State:
    by_u, by_W = descent.gradient(batch([PROBLEM]), torch.tensor(u)[None], torch.tensor(W)[None])
    return State(u, W, -PROBLEM.eta_u * by_u[0].numpy(), -PROBLEM.eta_w * by_W[0].numpy())


@cache
def states() -> tuple[State, State, float]:
    """At t = 0 and at `TIME`, and the error of the latter's weights."""
    found = descent.flow(batch([PROBLEM]), torch.tensor([TIME], dtype=torch.float64), 64)
    error = max(float(found.error_u.max()), float(found.error_W.max())) + 1e-12
    return _state(PROBLEM.u0, PROBLEM.W0), _state(found.u[0].numpy(), found.W[0].numpy()), error


@cache
def values() -> dict[str, float]:
    """Values of the symbols: hyperparameters, and p_i, q_i of neuron 1 at t = 0."""
    start, now, _ = states()
    (p, q), (p_t, _) = start.pq(), now.pq()
    x = PROBLEM.X[0]
    return {
        "eta_u": PROBLEM.eta_u, "eta_w": PROBLEM.eta_w, "gamma": PROBLEM.gamma,
        "rho": float(np.linalg.norm(x)), "y": float(PROBLEM.targets[0]), "d": 3.0, "d0": 2.0,
        "P": float(np.mean(p * p)), "Q": float(np.mean(q * q)), "pq": float(np.mean(p * q)),
        "p_i": float(p[0]), "q_i": float(q[0]), "x_j": float(x[0]), "t": TIME,
        "alpha": float((p_t[0] / p[0]) ** 2), "u_i": float(now.u[0]), "h_i": float(now.h[0]),
        "norm_u_2": float(now.u @ now.u), "f": now.output, "beta": 1.0,
        "norm_omega_2": float(now.h @ now.h / (x @ x)), "K": _kernel(now),
    }  # fmt: skip


def _kernel(state: State) -> float:
    """K(x, x) = Σ_θ η_θ (∂f/∂θ)², by autograd."""
    u, W = torch.tensor(state.u)[None], torch.tensor(state.W)[None]
    return float(descent.tangent_kernel_rate(batch([PROBLEM]), u, W)[0])


def w_change() -> Vote:
    """Change of the first weight of neuron 1."""
    start, now, error = states()
    return float(now.W[0, 0] - start.W[0, 0]), error, values()


def alpha() -> Vote:
    """Growth of p²."""
    _, _, error = states()
    return values()["alpha"], 10 * error, values()


def time_scale() -> Vote:
    """2 over the tangent kernel where descent ends."""
    found = descent.descend(batch([PROBLEM]), torch.tensor([0.002], dtype=torch.float64), 20_000)
    u, W = found[20_000]
    kernel = descent.tangent_kernel_rate(batch([PROBLEM]), u, W)
    # The end of descent depends on its step in first order.
    return 2 / float(kernel[0]), 1e-3, values()


def output() -> Vote:
    """F at `TIME`."""
    _, now, error = states()
    return now.output, 10 * error, values()


def output_velocity() -> Vote:
    """df/dt at `TIME`, from the velocities of the weights."""
    _, now, error = states()
    x, gamma = PROBLEM.X[0], PROBLEM.gamma
    return float(gamma * (now.du @ now.h + now.u @ (now.dW @ x))), 10 * error, values()


def orthogonal_output() -> Vote:
    """df(m)/dt at `TIME` for m ⊥ x, all neurons; h_i g_m is their mean product, so that one symbol holds it."""
    _, now, error = states()
    x = PROBLEM.X[0]
    across = np.array([-x[1], x[0]])
    g = now.W @ across
    speed = float(PROBLEM.gamma * (now.du @ g + now.u @ (now.dW @ across)))
    return speed, 10 * error, {**values(), "h_i": 1.0, "g_m": float(now.h @ g)}


def tangent_kernel() -> Vote:
    """K(x, x) by its definition: −(df/dt)/(2(f − y))."""
    speed, error, known = output_velocity()
    return -speed / (2 * (known["f"] - known["y"])), 10 * error, known


def clock_velocity() -> Vote:
    """Velocity of log p_i of neuron 1 at `TIME`, from the velocities of its weights: dΔ_i/dt at β = 1."""
    _, now, error = states()
    (p, _), (dp, _) = now.pq(), coordinates(now.du, now.dW)
    return float(dp[0] / p[0]), 100 * error, values()


def _trained(
    u: list[float], w: list[float], y: float, eta_w: float = 1.0, step: float = 0.01
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weights where descent ends, x = γ = η_u = 1, by autograd."""
    weights = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in (u, w)]
    optimizer = torch.optim.SGD(
        [{"params": weights[:1], "lr": step}, {"params": weights[1:], "lr": step * eta_w}]
    )
    for _ in range(4000):
        optimizer.zero_grad()
        ((weights[0] @ weights[1] - y) ** 2).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return weights[0].detach(), weights[1].detach()


def saddle() -> Siding:
    """f(∞) from Q = 0 with y = −2 < 0."""
    u, w = _trained([1.0, -0.5], [1.0, -0.5], -2.0)
    return Siding(r"f(\infty)", float(u @ w), -2.0, 0.0, 1e-6)


def anti_parallel() -> Siding:
    """ζ(∞) from ζ = −1 with y = 3."""
    u, w = _trained([1.0, 0.5], [-2.0, -1.0], 3.0)
    cosine = torch.nn.functional.cosine_similarity(u, w, dim=0)
    return Siding(r"\zeta(\infty)", float(cosine), -1.0, 1.0, 1e-6)


def small_rate() -> Siding:
    """Growth of p² at two small rates of the first layer: its exponent."""
    u_0, w_0, rates = [0.3, -0.2], [1.0, 0.5], (1e-6, 4e-6)
    grown = []
    for eta in rates:
        u, w = _trained(u_0, w_0, 2.0, eta)
        before, after = w_0[0] + eta**0.5 * u_0[0], float(w[0] + eta**0.5 * u[0])
        grown.append((after / before) ** 2 - 1)
    exponent = float(np.log(grown[1] / grown[0]) / np.log(rates[1] / rates[0]))
    # The rates are small, not 0: of the order of their root.
    return Siding(r"d\ln(\alpha_+-1)/d\ln\eta_w", exponent, 1.0, 0.5, 1e-3)
