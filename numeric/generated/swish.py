"""One neuron of the two-layer network with swish, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 7a00564b5bfc45c7.

Every function is elementwise: arguments broadcast, shapes are the caller's choice. `xp` is the
namespace that computes: numpy (the default), torch, or any object with the same function names.
torch differentiates through all of it.
Accuracy is the relative error of a float64 evaluation against ball arithmetic on the same inputs,
over random cases whose scales are log-uniform over six decades.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

CAPABILITIES = ("neuron",)  # what can be done with this module
DEGREE = 0  # of σ(c h) = c^DEGREE σ(h); 0 where there is none
RAY_DEGREE = 0  # the same for c > 0
BENDS = ()  # preactivations at which σ is not smooth


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = h/(1 + exp(-h))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return xp.where(
        xp.greater(h, 0),
        h / (1 + xp.exp(-xp.abs(h))),
        h * xp.exp(-xp.abs(h)) / (1 + xp.exp(-xp.abs(h))),
    )


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*h*u/(1 + exp(-h))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return xp.where(
        xp.greater(h, 0),
        network.gamma * h * u / (1 + xp.exp(-xp.abs(h))),
        network.gamma * h * u * xp.exp(-xp.abs(h)) / (1 + xp.exp(-xp.abs(h))),
    )


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*h/(1 + exp(-h))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_u * network.gamma * h / (1 + xp.exp(-xp.abs(h))),
        network.eta_u * network.gamma * h * xp.exp(-xp.abs(h)) / (1 + xp.exp(-xp.abs(h))),
    )


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = eta_w*gamma*rho_2*u*(h*exp(-h)/(1 + exp(-h))**2 + 1/(1 + exp(-h)))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_w
        * network.gamma
        * network.rho_2
        * u
        * (h * xp.exp(-xp.abs(h)) + 1 + xp.exp(-xp.abs(h)))
        / (1 + xp.exp(-xp.abs(h))) ** 2,
        network.eta_w
        * network.gamma
        * network.rho_2
        * u
        * (h + 1 + xp.exp(-xp.abs(h)))
        * xp.exp(-xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))) ** 2,
    )


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*h**2/(1 + exp(-h))**2 + eta_w*rho_2*(gamma*h*u*exp(-h)/(1 +
            exp(-h))**2 + gamma*u/(1 + exp(-h)))**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return xp.where(
        xp.greater(h, 0),
        network.gamma**2
        * (
            network.eta_u * h**2
            + network.eta_w
            * network.rho_2
            * u**2
            * (h * xp.exp(-xp.abs(h)) + 1 + xp.exp(-xp.abs(h))) ** 2
            / (1 + xp.exp(-xp.abs(h))) ** 2
        )
        / (1 + xp.exp(-xp.abs(h))) ** 2,
        network.gamma**2
        * (
            network.eta_u * h**2
            + network.eta_w
            * network.rho_2
            * u**2
            * (h + 1 + xp.exp(-xp.abs(h))) ** 2
            / (1 + xp.exp(-xp.abs(h))) ** 2
        )
        * xp.exp(-2 * xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))) ** 2,
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = eta_w*rho_2*(2*gamma*h*exp(-h)/(1 + exp(-h))**2 + 2*gamma/(1 +
            exp(-h)))*(gamma*h*u*exp(-h)/(1 + exp(-h))**2 + gamma*u/(1 + exp(-h)))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return xp.where(
        xp.greater(h, 0),
        2
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * u
        * (h * xp.exp(-xp.abs(h)) + 1 + xp.exp(-xp.abs(h))) ** 2
        / (1 + xp.exp(-xp.abs(h))) ** 4,
        2
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * u
        * (h + 1 + xp.exp(-xp.abs(h))) ** 2
        * xp.exp(-2 * xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))) ** 4,
    )


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 2*eta_u*gamma**2*h**2*exp(-h)/(1 + exp(-h))**3 + 2*eta_u*gamma**2*h/(1 +
            exp(-h))**2 + eta_w*rho_2*(gamma*h*u*exp(-h)/(1 + exp(-h))**2 + gamma*u/(1 +
            exp(-h)))*(-2*gamma*h*u*exp(-h)/(1 + exp(-h))**2 + 4*gamma*h*u*exp(-2*h)/(1 +
            exp(-h))**3 + 4*gamma*u*exp(-h)/(1 + exp(-h))**2)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return xp.where(
        xp.greater(h, 0),
        2
        * network.gamma**2
        * (
            network.eta_u * h**2 * xp.exp(-xp.abs(h)) / (1 + xp.exp(-xp.abs(h)))
            + network.eta_u * h
            + network.eta_w
            * network.rho_2
            * u**2
            * (h * xp.exp(-xp.abs(h)) + 1 + xp.exp(-xp.abs(h)))
            * (-h + h * xp.exp(-xp.abs(h)) + 2 + 2 * xp.exp(-xp.abs(h)))
            * xp.exp(-xp.abs(h))
            / (1 + xp.exp(-xp.abs(h))) ** 3
        )
        / (1 + xp.exp(-xp.abs(h))) ** 2,
        2
        * network.gamma**2
        * (
            network.eta_u * h**2 / (1 + xp.exp(-xp.abs(h)))
            + network.eta_u * h
            - network.eta_w
            * network.rho_2
            * u**2
            * (h + 1 + xp.exp(-xp.abs(h)))
            * (-h + h * xp.exp(-xp.abs(h)) - 2 - 2 * xp.exp(-xp.abs(h)))
            / (1 + xp.exp(-xp.abs(h))) ** 3
        )
        * xp.exp(-2 * xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))) ** 2,
    )


def orbit_slope(h: Any, network: Network, xp: Any = np) -> Any:
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved.

        orbit_slope = eta_u*h*(exp(h) + 1)/(eta_w*rho_2*(h + exp(h) + 1))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23, any activation.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_u
        * h
        * (1 + xp.exp(-xp.abs(h)))
        / (network.eta_w * network.rho_2 * (h * xp.exp(-xp.abs(h)) + 1 + xp.exp(-xp.abs(h)))),
        network.eta_u
        * h
        * (1 + xp.exp(-xp.abs(h)))
        / (network.eta_w * network.rho_2 * (h + 1 + xp.exp(-xp.abs(h)))),
    )
