"""The single neuron by the published formula, in float64 as it is printed.

ν = w·β*/a = −δ/2 + (D/2) tanh(Dt/2 + artanh((δ + 2ν₀)/D)), D = √(δ² + 4s²), s = ‖β*‖; at δ = 0
and a > 0 φ = tanh τ, μ = s (cosh 2τ + 1)/(2τ + sinh 2τ + C), τ = st + artanh φ₀. Where the argument of
artanh is beyond ±1 its value is complex, and tanh of it real again.
"""

from __future__ import annotations

import numpy as np

from numeric.data.arrays import Floats


def nu(a: float, w: Floats, target: Floats, t: Floats) -> Floats:
    """ν at times."""
    delta, s = a * a - w @ w, np.sqrt(target @ target)
    D = np.sqrt(delta**2 + 4 * s**2)
    begun = np.arctanh(complex((delta + 2 * (w @ target) / a) / D))
    return (-delta / 2 + D / 2 * np.tanh(D * t / 2 + begun)).real


def phi_and_mu(a: float, w: Floats, target: Floats, t: Floats) -> tuple[Floats, Floats]:
    """φ and μ = a‖w‖ at times, of δ = 0 and a > 0."""
    s, size = np.sqrt(target @ target), np.sqrt(w @ w)
    begun = np.arctanh(w @ target / (s * size))
    constant = s * (np.cosh(2 * begun) + 1) / (a * size) - 2 * begun - np.sinh(2 * begun)
    tau = s * t + begun
    mu = s * (np.cosh(2 * tau) + 1) / (2 * tau + np.sinh(2 * tau) + constant)
    return np.tanh(tau), mu
