"""One neuron of the two-layer network with error function, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 98972b9d645fcccf.

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


def _root(number: Any, xp: Any) -> Any:
    """Square root of a plain number; a float where the namespace computes in floats."""
    return float(np.sqrt(number)) if hasattr(xp, "finfo") else xp.sqrt(number)


def _erf(z: Any, xp: Any) -> Any:
    """Error function; numpy has none and takes that of SciPy."""
    if hasattr(xp, "erf"):
        return xp.erf(z)
    from scipy.special import erf

    return erf(z)


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = erf(h)

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return _erf(h, xp)


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*u*erf(h)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * u * _erf(h, xp)


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*erf(h)

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * _erf(h, xp)


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = 2*eta_w*gamma*rho_2*u*exp(-h**2)/sqrt(pi)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return (
        2 * network.eta_w * network.gamma * network.rho_2 * u * xp.exp(-(h**2)) / _root(xp.pi, xp)
    )


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*erf(h)**2 + 4*eta_w*gamma**2*rho_2*u**2*exp(-2*h**2)/pi

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.eta_u * network.gamma**2 * _erf(h, xp) ** 2
        + 4 * network.eta_w * network.gamma**2 * network.rho_2 * u**2 * xp.exp(-2 * h**2) / xp.pi
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = 8*eta_w*gamma**2*rho_2*u*exp(-2*h**2)/pi

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return 8 * network.eta_w * network.gamma**2 * network.rho_2 * u * xp.exp(-2 * h**2) / xp.pi


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = 4*eta_u*gamma**2*exp(-h**2)*erf(h)/sqrt(pi) -
            16*eta_w*gamma**2*h*rho_2*u**2*exp(-2*h**2)/pi

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        4 * network.eta_u * network.gamma**2 * xp.exp(-(h**2)) * _erf(h, xp) / _root(xp.pi, xp)
        - 16
        * network.eta_w
        * network.gamma**2
        * h
        * network.rho_2
        * u**2
        * xp.exp(-2 * h**2)
        / xp.pi
    )


def orbit_slope(h: Any, network: Network, xp: Any = np) -> Any:
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved.

        orbit_slope = sqrt(pi)*eta_u*exp(h**2)*erf(h)/(2*eta_w*rho_2)

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23, any activation.
    """
    return (
        _root(xp.pi, xp)
        * network.eta_u
        * xp.exp(h**2)
        * _erf(h, xp)
        / (2 * network.eta_w * network.rho_2)
    )
