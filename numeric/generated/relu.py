"""One neuron of the two-layer network with rectified linear unit, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 7ead2342e338c3d5.

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
RAY_DEGREE = 1  # the same for c > 0
BENDS = (0,)  # preactivations at which σ is not smooth


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = Piecewise((h, h > 0), (0, True))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return xp.where(xp.greater(h, 0), h, 0)


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*u*Piecewise((h, h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * u * xp.where(xp.greater(h, 0), h, 0)


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*Piecewise((h, h > 0), (0, True))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * xp.where(xp.greater(h, 0), h, 0)


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = eta_w*gamma*rho_2*u*Piecewise((1, h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_w * network.gamma * network.rho_2 * u * xp.where(xp.greater(h, 0), 1, 0)


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*Piecewise((h**2, h > 0), (0, True)) +
            eta_w*gamma**2*rho_2*u**2*Piecewise((1, h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return network.eta_u * network.gamma**2 * xp.where(
        xp.greater(h, 0), h**2, 0
    ) + network.eta_w * network.gamma**2 * network.rho_2 * u**2 * xp.where(xp.greater(h, 0), 1, 0)


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 2*eta_w*gamma**2*rho_2*u*Piecewise((1, h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        2 * network.eta_w * network.gamma**2 * network.rho_2 * u * xp.where(xp.greater(h, 0), 1, 0)
    )


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = eta_u*gamma**2*Piecewise((2*h, h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return network.eta_u * network.gamma**2 * xp.where(xp.greater(h, 0), 2 * h, 0)


def conserved(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """The neuron's conserved quantity, in units of u².

        conserved = u**2 - 2*Piecewise((eta_u*h**2/(2*eta_w*rho_2), h > 0), (0, True))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23.
    """
    return u**2 - 2 * xp.where(
        xp.greater(h, 0), network.eta_u * h**2 / (2 * network.eta_w * network.rho_2), 0
    )
