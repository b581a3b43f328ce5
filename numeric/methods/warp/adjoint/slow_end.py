"""The last stretch before an equilibrium that is reached slower than exponentially (quartic losses).

With ℓ = |f* − f|, r = |ds/dt| a function of ℓ, and ψ = δℓ/K, the change of ℓ at fixed x over K, what
changes of a residual at fixed t is, after an integration by parts in which ℒ″ is gone,

    δ|s| = r B + ψ,   δ(f − f*) = ± K r B,   B = I₁ − ψ₁/r₁ + ∫_e^{e₁} ψ′(e′)/r(e′) de′ + δt,

e the distance to the equilibrium in the panel's coordinate, I₁ = ∫ δr/r² dx up to where the stretch
begins. Nothing of it cancels, however small the residual is beside that of the start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp.adjoint.polynomials import DERIVATIVES, values
from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS

Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """What times on the last stretch feel of ψ at its nodes.

    Attributes:
        speed: r.
        kernel: K.
        bracket: of ψ in r B, shape (times, NODES).
        place: of ψ in ψ there, (times, NODES).
    """

    speed: Floats
    kernel: Floats
    bracket: Floats
    place: Floats


def rows(speed: Callable[[Floats], Floats], kernel: Floats, width: float, ratio: Floats) -> Rows:
    """The rows at times of the last stretch.

    Args:
        speed: r at distances to the equilibrium.
        kernel: K at the nodes, which are distances too.
        width: e₁.
        ratio: log(e₁/e) at each time.
    """
    e = np.exp(-ratio)
    here, place = speed(width * e), values(e)
    halvings = np.floor(ratio / np.log(2)).astype(int)
    steps = np.arange(halvings.max(initial=0))
    whole = _over(speed, width, 2.0 ** -(steps + 1.0), 2.0**-steps)  # of each halving
    before = np.concatenate([np.zeros((1, kernel.size)), np.cumsum(whole, axis=0)])
    rest = _over(speed, width, e, 2.0**-halvings)
    begin = values(np.ones(1)) / speed(np.array([width]))[:, None]
    bracket = (before[halvings] + rest) @ DERIVATIVES - begin
    with np.errstate(invalid="ignore", over="ignore"):
        bracket = np.where(here[:, None] > 0, here[:, None] * bracket, 0.0)
    return Rows(here, place @ kernel, bracket, place)


def _over(speed: Callable[[Floats], Floats], width: float, low: Floats, high: Floats) -> Floats:
    """∫ of an interpolated value over r, from each low to each high end, in the unit of the stretch."""
    half = (high - low)[:, None] / 2
    e = low[:, None] + half * (1 + GAUSS)
    with np.errstate(divide="ignore"):
        weights = half * GAUSS_WEIGHTS / speed(width * e.ravel()).reshape(e.shape)
    return np.einsum("pg,pgn->pn", weights, values(e.ravel()).reshape(*e.shape, -1))
