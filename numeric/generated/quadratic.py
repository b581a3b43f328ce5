"""One neuron of the two-layer network with quadratic activation, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1 and 3, power 2. SymPy 1.14.0. Digest of the source expressions: 57c98cd7f33e21d9.

Every function is elementwise: arguments broadcast, shapes are the caller's choice. `xp` is the
namespace that computes: numpy (the default), torch, or any object with the same function names.
torch differentiates through all of it.
Accuracy is the relative error of a float64 evaluation against ball arithmetic on the same inputs,
over random cases whose scales are log-uniform over six decades.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

CAPABILITIES = ("neuron", "flow map")  # what can be done with this module
DEGREE = 2  # of σ(c h) = c^DEGREE σ(h); 0 where there is none
RAY_DEGREE = 2  # the same for c > 0
BENDS = ()  # preactivations at which σ is not smooth
GAIN_POWER = 3  # gain = gain_numerator / D^GAIN_POWER


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


class Neuron(NamedTuple):
    """A neuron's start and the coefficients of its linear equation in warped time."""

    u_0: Any  # initial second-layer weight of a neuron
    h_0: Any  # initial preactivation of a neuron
    mu: Any  # coefficient of the linear equation of h^m, conserved
    first: Any  # coefficient of S in (h(s)/h(0))^m
    second: Any  # coefficient of T in (h(s)/h(0))^m
    discriminant: Any  # D₁² − 2 D₂ + μ, which decides where D vanishes


class Place(NamedTuple):
    """A neuron at a warped time: S, T and D, all times `scale`."""

    scale: Any  # exp(−√μ |s|), and 1 where μ ≤ 0
    S_mu: Any  # sinh(√μ s)/√μ, entire in μ
    T_mu: Any  # (cosh(√μ s) − 1)/μ, entire in μ
    denominator: Any  # projective denominator, α = N / D


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = h**2

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return h**2


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*h**2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * h**2 * u


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*h**2

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * h**2


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = 2*eta_w*gamma*h*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return 2 * network.eta_w * network.gamma * h * network.rho_2 * u


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*h**4 + 4*eta_w*gamma**2*h**2*rho_2*u**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.eta_u * network.gamma**2 * (h**2) ** 2
        + 4 * network.eta_w * network.gamma**2 * h**2 * network.rho_2 * u**2
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 8*eta_w*gamma**2*h**2*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return 8 * network.eta_w * network.gamma**2 * h**2 * network.rho_2 * u


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 4*eta_u*gamma**2*h**3 + 8*eta_w*gamma**2*h*rho_2*u**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        4 * network.eta_u * network.gamma**2 * (h * h**2)
        + 8 * network.eta_w * network.gamma**2 * h * network.rho_2 * u**2
    )


def conserved(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """The neuron's conserved quantity, in units of u².

        conserved = -eta_u*h**2/(2*eta_w*rho_2) + u**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23.
    """
    return -network.eta_u * h**2 / (2 * network.eta_w * network.rho_2) + u**2


def neuron(u_0: Any, h_0: Any, network: Network, xp: Any = np) -> Neuron:
    """The coefficients of a neuron's linear equation, from its start.

        mu = -2*eta_w*gamma**2*rho_2*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2)
        first = -2*eta_w*gamma*rho_2*u_0
        second = -2*eta_w*gamma**2*rho_2*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2)
        discriminant = 2*eta_u*eta_w*gamma**2*h_0**2*rho_2

    Args:
        u_0: initial second-layer weight of a neuron.
        h_0: initial preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 27.
    """
    mu = (
        -2
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * (network.eta_u * h_0**2 - 2 * network.eta_w * network.rho_2 * u_0**2)
    )
    first = -2 * network.eta_w * network.gamma * network.rho_2 * u_0
    second = (
        -2
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * (network.eta_u * h_0**2 - 2 * network.eta_w * network.rho_2 * u_0**2)
    )
    discriminant = 2 * network.eta_u * network.eta_w * network.gamma**2 * h_0**2 * network.rho_2
    return Neuron(u_0, h_0, mu, first, second, discriminant)


def place(s: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D at warped time s, scaled by exp(−√μ|s|) where μ > 0.

        S_mu = sinh(sqrt(mu)*s)/sqrt(mu)
        T_mu = (cosh(sqrt(mu)*s) - 1)/mu
        denominator = S_mu*first + T_mu*second + 1

    Args:
        s: warped time.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    rate = xp.sqrt(xp.abs(neuron.mu))
    safe_rate = xp.where(xp.greater(rate, 0), rate, 1)
    angle = rate * xp.abs(s)
    decayed = xp.where(xp.greater(neuron.mu, 0), angle, 0)
    scale = xp.exp(-decayed)
    half = xp.sin(angle / 2)
    S_mu = xp.where(
        xp.greater(neuron.mu, 0),
        -xp.where(xp.greater_equal(s, 0), 1, -1) * xp.expm1(-2 * decayed) / (2 * safe_rate),
        xp.where(
            xp.less(neuron.mu, 0),
            xp.where(xp.greater_equal(s, 0), 1, -1) * xp.sin(angle) / safe_rate,
            s,
        ),
    )
    T_mu = xp.where(
        xp.greater(neuron.mu, 0),
        xp.expm1(-decayed) ** 2 / (2 * safe_rate**2),
        xp.where(xp.less(neuron.mu, 0), 2 * half**2 / safe_rate**2, s**2 / 2),
    )
    denominator = S_mu * neuron.first + T_mu * neuron.second + scale
    return Place(scale, S_mu, T_mu, denominator)


def entire_place(s: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D, unscaled, as entire functions of s.

        S_mu = sinh(sqrt(mu)*s)/sqrt(mu)
        T_mu = (cosh(sqrt(mu)*s) - 1)/mu
        denominator = S_mu*first + T_mu*second + 1

    Args:
        s: warped time.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    rate = xp.sqrt(xp.abs(neuron.mu))
    safe_rate = xp.where(xp.greater(rate, 0), rate, 1)
    S_mu = xp.where(
        xp.greater(neuron.mu, 0),
        xp.sinh(rate * s) / safe_rate,
        xp.where(xp.less(neuron.mu, 0), xp.sin(rate * s) / safe_rate, s),
    )
    half = xp.where(
        xp.greater(neuron.mu, 0),
        xp.sinh(rate * s / 2) / safe_rate,
        xp.where(xp.less(neuron.mu, 0), xp.sin(rate * s / 2) / safe_rate, s / 2),
    )
    T_mu = 2 * half**2
    scale = 1
    denominator = S_mu * neuron.first + T_mu * neuron.second + 1
    return Place(scale, S_mu, T_mu, denominator)


def rational_place(z_top: Any, z_bottom: Any, neuron: Neuron, xp: Any = np) -> Place:
    """A neuron's S, T and D from z = z_top/z_bottom = 2 tanh(√μ s/2)/√μ, scaled to be polynomials.

        scale = -mu*z_top**2/4 + z_bottom**2
        S_mu = z_bottom*z_top
        T_mu = z_top**2/2

    Args:
        z_top: numerator of z = 2 tanh(√μ s/2)/√μ.
        z_bottom: denominator of z = 2 tanh(√μ s/2)/√μ.
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    scale = -neuron.mu * z_top**2 / 4 + z_bottom**2
    S_mu = z_bottom * z_top
    T_mu = z_top**2 / 2
    denominator = S_mu * neuron.first + T_mu * neuron.second + scale
    return Place(scale, S_mu, T_mu, denominator)


def u_at(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Second-layer weight at a warped time.

        u = (S_mu*gamma*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2) -
            2*T_mu*eta_w*gamma**2*rho_2*u_0*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2) + u_0)/D_i

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return (
        place.S_mu
        * network.gamma
        * (network.eta_u * neuron.h_0**2 - 2 * network.eta_w * network.rho_2 * neuron.u_0**2)
        - 2
        * place.T_mu
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * neuron.u_0
        * (network.eta_u * neuron.h_0**2 - 2 * network.eta_w * network.rho_2 * neuron.u_0**2)
        + place.scale * neuron.u_0
    ) / place.denominator


def h_at(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Preactivation at a warped time.

        h = h_0/D_i

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 7.
    """
    return neuron.h_0 * place.scale / place.denominator


def gain_numerator(network: Network, neuron: Neuron, place: Place, xp: Any = np) -> Any:
    """Growth of a neuron's output since s = 0; every term has a factor S or T. Times a power of D.

        top = gamma**2*h_0**2*(S_mu - 2*T_mu*eta_w*gamma*rho_2*u_0)*(eta_u*h_0**2 -
            2*eta_w*rho_2*u_0**2) - gamma*h_0**2*u_0*(-2*S_mu*eta_w*gamma*rho_2*u_0 -
            2*T_mu*eta_w*gamma**2*rho_2*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2))*(D_i**2 + D_i +
            1)

    Args:
        network: hyperparameters.
        neuron: as made by `neuron`.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.gamma**2
        * neuron.h_0**2
        * (
            2 * place.S_mu * place.denominator**2 * network.eta_w * network.rho_2 * neuron.u_0**2
            + 2
            * place.S_mu
            * place.denominator
            * network.eta_w
            * network.rho_2
            * place.scale
            * neuron.u_0**2
            + place.S_mu * network.eta_u * neuron.h_0**2 * place.scale**2
            + 2
            * place.T_mu
            * place.denominator**2
            * network.eta_u
            * network.eta_w
            * network.gamma
            * neuron.h_0**2
            * network.rho_2
            * neuron.u_0
            - 4
            * place.T_mu
            * place.denominator**2
            * network.eta_w**2
            * network.gamma
            * network.rho_2**2
            * (neuron.u_0 * neuron.u_0**2)
            + 2
            * place.T_mu
            * place.denominator
            * network.eta_u
            * network.eta_w
            * network.gamma
            * neuron.h_0**2
            * network.rho_2
            * place.scale
            * neuron.u_0
            - 4
            * place.T_mu
            * place.denominator
            * network.eta_w**2
            * network.gamma
            * network.rho_2**2
            * place.scale
            * (neuron.u_0 * neuron.u_0**2)
        )
    )


def gain(top: Any, place: Place, xp: Any = np) -> Any:
    """Growth of a neuron's output since s = 0; every term has a factor S or T.

        gain = (gamma**2*h_0**2*(S_mu - 2*T_mu*eta_w*gamma*rho_2*u_0)*(eta_u*h_0**2 -
            2*eta_w*rho_2*u_0**2) - gamma*h_0**2*u_0*(-2*S_mu*eta_w*gamma*rho_2*u_0 -
            2*T_mu*eta_w*gamma**2*rho_2*(eta_u*h_0**2 - 2*eta_w*rho_2*u_0**2))*(D_i**2 + D_i +
            1))/D_i**3

    Args:
        top: numerator of the gain of a neuron's output.
        place: as made by `place`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return top / (place.denominator * place.denominator**2)


def pole(neuron: Neuron, xp: Any = np) -> Any:
    """The first warped time s > 0 at which the neuron is infinite; infinity if it never is.

        q = sqrt(discriminant) - first

    Args:
        neuron: as made by `neuron`.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 29.
    """
    root = xp.sqrt(neuron.discriminant)
    q = -neuron.first + root
    safe_q = xp.where(xp.greater(q, 0), q, 1)
    rate = xp.sqrt(xp.abs(neuron.mu))
    safe_rate = xp.where(xp.greater(rate, 0), rate, 1)
    ratio = xp.where(xp.less(neuron.first, 0), rate / safe_q, 0)
    return xp.where(
        xp.less(neuron.mu, 0),
        2 * xp.atan2(rate, q) / safe_rate,
        xp.where(
            xp.greater_equal(neuron.first, 0),
            xp.inf,
            xp.where(xp.greater(neuron.mu, 0), 2 * xp.atanh(ratio) / safe_rate, 2 / safe_q),
        ),
    )
