"""One neuron of the two-layer network with any power, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 9bdae9bab820f1bf.

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
DEGREE = None  # of σ(c h) = c^DEGREE σ(h); 0 where there is none
RAY_DEGREE = None  # the same for c > 0
BENDS = ()  # preactivations at which σ is not smooth


def _power(base: Any, exponent: Any) -> Any:
    """base^exponent: of arrays by squares, which takes a hundredth of the time that `pow` takes."""
    is_whole = isinstance(base, np.ndarray) and isinstance(exponent, int)
    if not is_whole or not 3 <= exponent <= 32:
        return base**exponent
    half = _power(base, exponent // 2)
    return half * half * base if exponent % 2 else half * half


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point
    beta: Any  # power of the activation h^β


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = h**beta

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return _power(h, network.beta)


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*h**beta*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * _power(h, network.beta) * u


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*h**beta

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * _power(h, network.beta)


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = beta*eta_w*gamma*h**(beta - 1)*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return (
        network.beta
        * network.eta_w
        * network.gamma
        * _power(h, network.beta - 1)
        * network.rho_2
        * u
    )


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = beta**2*eta_w*gamma**2*h**(2*beta - 2)*rho_2*u**2 + eta_u*gamma**2*h**(2*beta)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return network.beta**2 * network.eta_w * network.gamma**2 * _power(
        h, 2 * network.beta - 2
    ) * network.rho_2 * u**2 + network.eta_u * network.gamma**2 * _power(h, 2 * network.beta)


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 2*beta**2*eta_w*gamma**2*h**(2*beta - 2)*rho_2*u

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        2
        * network.beta**2
        * network.eta_w
        * network.gamma**2
        * _power(h, 2 * network.beta - 2)
        * network.rho_2
        * u
    )


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 2*beta**3*eta_w*gamma**2*h**(2*beta - 3)*rho_2*u**2 -
            2*beta**2*eta_w*gamma**2*h**(2*beta - 3)*rho_2*u**2 +
            2*beta*eta_u*gamma**2*h**(2*beta - 1)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        2
        * (network.beta * network.beta**2)
        * network.eta_w
        * network.gamma**2
        * _power(h, 2 * network.beta - 3)
        * network.rho_2
        * u**2
        - 2
        * network.beta**2
        * network.eta_w
        * network.gamma**2
        * _power(h, 2 * network.beta - 3)
        * network.rho_2
        * u**2
        + 2 * network.beta * network.eta_u * network.gamma**2 * _power(h, 2 * network.beta - 1)
    )


def conserved(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """The neuron's conserved quantity, in units of u².

        conserved = u**2 - eta_u*h**2/(beta*eta_w*rho_2)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23.
    """
    return u**2 - network.eta_u * h**2 / (network.beta * network.eta_w * network.rho_2)
