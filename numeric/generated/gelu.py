"""One neuron of the two-layer network with Gaussian error linear unit, in warped time.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1, with another activation. SymPy 1.14.0. Digest of the source expressions: 5dea502be255832d.

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


def _erfc(z: Any, xp: Any) -> Any:
    """1 − erf; numpy has none and takes that of SciPy."""
    if hasattr(xp, "erfc"):
        return xp.erfc(z)
    from scipy.special import erfc

    return erfc(z)


class Network(NamedTuple):
    """Hyperparameters and the squared norm of the data point."""

    gamma: Any  # output scale
    eta_u: Any  # learning rate of the second layer
    eta_w: Any  # learning rate of the first layer
    rho_2: Any  # squared norm of the data point


def activation(h: Any, network: Network, xp: Any = np) -> Any:
    """Activation σ.

        activation = h*(erf(sqrt(2)*h/2) + 1)/2

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return h * _erfc(-(_root(2, xp) * h / 2), xp) / 2


def output(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution γ u σ(h) to the output.

        output = gamma*h*u*(erf(sqrt(2)*h/2) + 1)/2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1.
    """
    return network.gamma * h * u * _erfc(-(_root(2, xp) * h / 2), xp) / 2


def velocity_u(h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity du/ds in warped time.

        velocity_u = eta_u*gamma*h*(erf(sqrt(2)*h/2) + 1)/2

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return network.eta_u * network.gamma * h * _erfc(-(_root(2, xp) * h / 2), xp) / 2


def velocity_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Velocity dh/ds in warped time.

        velocity_h = eta_w*gamma*rho_2*u*(sqrt(2)*h*exp(-h**2/2)/sqrt(pi) + erf(sqrt(2)*h/2) +
            1)/2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22.
    """
    return (
        network.eta_w
        * network.gamma
        * network.rho_2
        * u
        * (
            _root(2, xp) * h * xp.exp(-(h**2) / 2) / _root(xp.pi, xp)
            + _erfc(-(_root(2, xp) * h / 2), xp)
        )
        / 2
    )


def kernel(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """A neuron's contribution to df/ds, the tangent kernel at x.

        kernel = eta_u*gamma**2*h**2*(erf(sqrt(2)*h/2) + 1)**2/4 +
            eta_w*rho_2*(sqrt(2)*gamma*h*u*exp(-h**2/2)/(2*sqrt(pi)) + gamma*u*(erf(sqrt(2)*h/2)
            + 1)/2)**2

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.eta_u * network.gamma**2 * h**2 * _erfc(-(_root(2, xp) * h / 2), xp) ** 2 / 4
        + network.eta_w
        * network.rho_2
        * (
            _root(2, xp) * network.gamma * h * u * xp.exp(-(h**2) / 2) / (2 * _root(xp.pi, xp))
            + network.gamma * u * _erfc(-(_root(2, xp) * h / 2), xp) / 2
        )
        ** 2
    )


def kernel_by_u(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its u.

        kernel_by_u = eta_w*rho_2*(sqrt(2)*gamma*h*exp(-h**2/2)/sqrt(pi) +
            gamma*(erf(sqrt(2)*h/2) + 1))*(sqrt(2)*gamma*h*u*exp(-h**2/2)/(2*sqrt(pi)) +
            gamma*u*(erf(sqrt(2)*h/2) + 1)/2)

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        network.eta_w
        * network.rho_2
        * (
            _root(2, xp) * network.gamma * h * xp.exp(-(h**2) / 2) / _root(xp.pi, xp)
            + network.gamma * _erfc(-(_root(2, xp) * h / 2), xp)
        )
        * (
            _root(2, xp) * network.gamma * h * u * xp.exp(-(h**2) / 2) / (2 * _root(xp.pi, xp))
            + network.gamma * u * _erfc(-(_root(2, xp) * h / 2), xp) / 2
        )
    )


def kernel_by_h(u: Any, h: Any, network: Network, xp: Any = np) -> Any:
    """Slope of a neuron's contribution to the tangent kernel, by its h.

        kernel_by_h = sqrt(2)*eta_u*gamma**2*h**2*(erf(sqrt(2)*h/2) +
            1)*exp(-h**2/2)/(2*sqrt(pi)) + eta_u*gamma**2*h*(erf(sqrt(2)*h/2) + 1)**2/2 +
            eta_w*rho_2*(sqrt(2)*gamma*h*u*exp(-h**2/2)/(2*sqrt(pi)) + gamma*u*(erf(sqrt(2)*h/2)
            + 1)/2)*(-sqrt(2)*gamma*h**2*u*exp(-h**2/2)/sqrt(pi) +
            2*sqrt(2)*gamma*u*exp(-h**2/2)/sqrt(pi))

    Args:
        u: second-layer weights.
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 32.
    """
    return (
        _root(2, xp)
        * network.eta_u
        * network.gamma**2
        * h**2
        * _erfc(-(_root(2, xp) * h / 2), xp)
        * xp.exp(-(h**2) / 2)
        / (2 * _root(xp.pi, xp))
        + network.eta_u * network.gamma**2 * h * _erfc(-(_root(2, xp) * h / 2), xp) ** 2 / 2
        + network.eta_w
        * network.rho_2
        * (
            _root(2, xp) * network.gamma * h * u * xp.exp(-(h**2) / 2) / (2 * _root(xp.pi, xp))
            + network.gamma * u * _erfc(-(_root(2, xp) * h / 2), xp) / 2
        )
        * (
            -_root(2, xp) * network.gamma * h**2 * u * xp.exp(-(h**2) / 2) / _root(xp.pi, xp)
            + 2 * _root(2, xp) * network.gamma * u * xp.exp(-(h**2) / 2) / _root(xp.pi, xp)
        )
    )


def orbit_slope(h: Any, network: Network, xp: Any = np) -> Any:
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved.

        orbit_slope = sqrt(pi)*eta_u*h*(erf(sqrt(2)*h/2) +
            1)*exp(h**2/2)/(eta_w*rho_2*(sqrt(2)*h + sqrt(pi)*exp(h**2/2)*erf(sqrt(2)*h/2) +
            sqrt(pi)*exp(h**2/2)))

    Args:
        h: preactivation of a neuron.
        network: hyperparameters.
        xp: the namespace that computes.

    Source: Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 23, any activation.
    """
    return (
        _root(xp.pi, xp)
        * network.eta_u
        * h
        * _erfc(-(_root(2, xp) * h / 2), xp)
        * xp.exp(h**2 / 2)
        / (
            network.eta_w
            * network.rho_2
            * (
                _root(2, xp) * h
                + _root(xp.pi, xp) * xp.exp(h**2 / 2) * _erf(_root(2, xp) * h / 2, xp)
                + _root(xp.pi, xp) * xp.exp(h**2 / 2)
            )
        )
    )
