"""The gradient flow of u and w as an equation dθ/dt, in the functions of any library."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.measurements.bench.problems import Drawn
from verify.networks import power

Function = Callable[[Any], Any]
Activation = Callable[[Any, "Library"], Any]


@dataclass(frozen=True)
class Library:
    """Functions of single numbers by their names, and what joins two vectors.

    Attributes:
        exp, log, tanh, sin, cos, erf: as everywhere.
        step: 1 for positive numbers, else 0.
        join: of a pair of vectors.
        dot: product of two vectors.
    """

    exp: Function
    log: Function
    tanh: Function
    sin: Function
    cos: Function
    erf: Function
    step: Function
    join: Callable[[Any, Any], Any]
    dot: Callable[[Any, Any], Any]


def _logistic(h: Any, xp: Library) -> Any:
    return 1 / (1 + xp.exp(-h))


def _below(h: Any, xp: Library) -> Any:
    """The normal distribution."""
    return (1 + xp.erf(h / math.sqrt(2))) / 2


# σ and σ′ of the networks that are no power.
ACTIVATIONS: dict[str, tuple[Activation, Activation]] = {
    "tanh": (lambda h, xp: xp.tanh(h), lambda h, xp: 1 - xp.tanh(h) ** 2),
    "sine": (lambda h, xp: xp.sin(h), lambda h, xp: xp.cos(h)),
    "exponential": (lambda h, xp: xp.exp(h), lambda h, xp: xp.exp(h)),
    "softplus": (lambda h, xp: xp.log(1 + xp.exp(h)), _logistic),
    "erf": (lambda h, xp: xp.erf(h), lambda h, xp: 2 / math.sqrt(math.pi) * xp.exp(-(h**2))),
    "gelu": (
        lambda h, xp: h * _below(h, xp),
        lambda h, xp: _below(h, xp) + h * xp.exp(-(h**2) / 2) / math.sqrt(2 * math.pi),
    ),
    "swish": (
        lambda h, xp: h * _logistic(h, xp),
        lambda h, xp: _logistic(h, xp) * (1 + h * _logistic(-h, xp)),
    ),
    "relu": (lambda h, xp: h * xp.step(h), lambda h, xp: xp.step(h)),
    "leaky_relu": (
        lambda h, xp: h * (0.01 + 0.99 * xp.step(h)),
        lambda h, xp: 0.01 + 0.99 * xp.step(h),
    ),
}
KINKED = ("relu", "leaky_relu")  # σ′ jumps


def activation(network: str) -> tuple[Activation, Activation] | None:
    """σ and σ′ by the network's name; None for a network that is not written here."""
    beta = power(network)
    if beta is not None:
        return lambda h, xp: h**beta, lambda h, xp: beta * h ** (beta - 1)
    return ACTIVATIONS.get(network)


def _known(network: str) -> tuple[Activation, Activation]:
    found = activation(network)
    if found is None:
        raise ValueError(f"no equations for {network!r} here")
    return found


def velocity(drawn: Drawn, xp: Library) -> Function:
    """dθ/dt as a function of θ = (u, w), flat."""
    sigma, slope = _known(drawn.network)
    d, x, y = drawn.u0.size, drawn.x, drawn.y
    gamma, eta_u, eta_w = drawn.rates

    def field(theta: Any) -> Any:
        u, h = theta[:d], theta[d:] * x
        by_u = sigma(h, xp)
        force = -2 * gamma * (gamma * xp.dot(u, by_u) - y)
        return xp.join(force * eta_u * by_u, force * eta_w * x * u * slope(h, xp))

    return field


def output(drawn: Drawn, xp: Library) -> Function:
    """The output of θ, or of rows of θ."""
    sigma, d = _known(drawn.network)[0], drawn.u0.size
    return lambda theta: (
        drawn.gamma * (theta[..., :d] * sigma(theta[..., d:] * drawn.x, xp)).sum(-1)
    )


def start(drawn: Drawn) -> NDArray[np.float64]:
    """θ at t = 0."""
    return np.concatenate([drawn.u0, drawn.w0])


def numpy() -> Library:
    """In float64, or in extended precision but for erf."""
    from scipy.special import erf

    return Library(
        np.exp, np.log, np.tanh, np.sin, np.cos, erf,
        lambda h: (h > 0) * 1.0, lambda a, b: np.concatenate([a, b]), lambda a, b: a @ b,
    )  # fmt: skip


def extended() -> Library:
    """In extended precision, erf too."""
    return replace(numpy(), erf=_erf)


def _erf(h: Any) -> Any:
    """2/√π e^{−h²} Σ 2ᵏ h^{2k+1}/(2k + 1)!!, whose terms are all of one sign: to the last digit."""
    near = np.clip(h, -7, 7)  # beyond it is ±1 in 64 bits
    term = total = near
    for k in range(1, 400):
        term = term * (2 * near**2 / (2 * k + 1))
        total = total + term
        if np.abs(term).max(initial=0) < 1e-21:
            break
    root = np.sqrt(np.longdouble("3.14159265358979323846264338327950288"))
    return 2 / root * np.exp(-(near**2)) * total
