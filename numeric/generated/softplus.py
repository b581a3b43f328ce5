"""One neuron of the two-layer network with softplus, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 31ac20e493b2a93c.

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

        activation = log1p(exp(h))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return xp.where(
        xp.greater(h, 0), h + xp.log1p(xp.exp(-xp.abs(h))), xp.log1p(xp.exp(-xp.abs(h)))
    )


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*u*log1p(exp(h))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return xp.where(
        xp.greater(h, 0),
        network.gamma * u * (h + xp.log1p(xp.exp(-xp.abs(h)))),
        network.gamma * u * xp.log1p(xp.exp(-xp.abs(h))),
    )


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*log1p(exp(h))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_u * network.gamma * (h + xp.log1p(xp.exp(-xp.abs(h)))),
        network.eta_u * network.gamma * xp.log1p(xp.exp(-xp.abs(h))),
    )


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = eta_w*gamma*rho_2*u*exp(h)/(exp(h) + 1)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_w * network.gamma * network.rho_2 * u / (1 + xp.exp(-xp.abs(h))),
        network.eta_w
        * network.gamma
        * network.rho_2
        * u
        * xp.exp(-xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))),
    )


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*log1p(exp(h))**2 + eta_w*gamma**2*rho_2*u**2*exp(2*h)/(exp(h) +
            1)**2

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
            network.eta_u * (h + xp.log1p(xp.exp(-xp.abs(h)))) ** 2
            + network.eta_w * network.rho_2 * u**2 / (1 + xp.exp(-xp.abs(h))) ** 2
        ),
        network.gamma**2
        * (
            network.eta_u * xp.log1p(xp.exp(-xp.abs(h))) ** 2
            + network.eta_w
            * network.rho_2
            * u**2
            * xp.exp(-2 * xp.abs(h))
            / (1 + xp.exp(-xp.abs(h))) ** 2
        ),
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 2*eta_w*gamma**2*rho_2*u*exp(2*h)/(exp(h) + 1)**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return xp.where(
        xp.greater(h, 0),
        2 * network.eta_w * network.gamma**2 * network.rho_2 * u / (1 + xp.exp(-xp.abs(h))) ** 2,
        2
        * network.eta_w
        * network.gamma**2
        * network.rho_2
        * u
        * xp.exp(-2 * xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))) ** 2,
    )


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 2*eta_u*gamma**2*exp(h)*log1p(exp(h))/(exp(h) + 1) +
            2*eta_w*gamma**2*rho_2*u**2*exp(2*h)/(exp(h) + 1)**2 -
            2*eta_w*gamma**2*rho_2*u**2*exp(3*h)/(exp(h) + 1)**3

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
            network.eta_u * (h + xp.log1p(xp.exp(-xp.abs(h))))
            + network.eta_w * network.rho_2 * u**2 / (1 + xp.exp(-xp.abs(h)))
            - network.eta_w * network.rho_2 * u**2 / (1 + xp.exp(-xp.abs(h))) ** 2
        )
        / (1 + xp.exp(-xp.abs(h))),
        2
        * network.gamma**2
        * (
            network.eta_u * xp.log1p(xp.exp(-xp.abs(h)))
            + network.eta_w * network.rho_2 * u**2 * xp.exp(-xp.abs(h)) / (1 + xp.exp(-xp.abs(h)))
            - network.eta_w
            * network.rho_2
            * u**2
            * xp.exp(-2 * xp.abs(h))
            / (1 + xp.exp(-xp.abs(h))) ** 2
        )
        * xp.exp(-xp.abs(h))
        / (1 + xp.exp(-xp.abs(h))),
    )


def orbit_slope(h: Any, network: Network, xp: Any = np) -> Any:
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved.

        orbit_slope = eta_u*(exp(h) + 1)*exp(-h)*log1p(exp(h))/(eta_w*rho_2)

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23, any activation.
    """
    return xp.where(
        xp.greater(h, 0),
        network.eta_u
        * (1 + xp.exp(-xp.abs(h)))
        * (h + xp.log1p(xp.exp(-xp.abs(h))))
        / (network.eta_w * network.rho_2),
        network.eta_u
        * (1 + xp.exp(-xp.abs(h)))
        * xp.exp(xp.abs(h))
        * xp.log1p(xp.exp(-xp.abs(h)))
        / (network.eta_w * network.rho_2),
    )
