"""Units in which the numbers of a network are of ordinary size, whatever its weights and rates are.

With u = 2ᵃ û, h = 2ᵇ ĥ, γ = 2ⁿ γ̂ and rates divided by 2ᶜ, a network homogeneous of degree β obeys the
same equations in the warped time x̂ = x · 2^(n + c + a + (β−2) b), for η̂_u = η_u 2^(2(b−a) − c), and its
output is f = 2^(n + a + β b) f̂. All factors are powers of two: nothing is rounded. Where σ is not
homogeneous weights keep their size, a = b = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network

Floats = NDArray[np.float64]


class Rates(NamedTuple):
    """Hyperparameters and ‖m‖², as given."""

    gamma: float
    eta_u: float
    eta_w: float
    rho_2: float


@dataclass(frozen=True)
class Units:
    """Exponents of two.

    Attributes:
        parameters: the module's hyperparameters, scaled.
        u, h: of the weights.
        x: of the warped time.
        f: of the output.

    Exponents are numbers, or columns of them for rows of weights (`fitting_rows`).
    """

    parameters: Any
    u: Any
    h: Any
    x: Any
    f: Any

    def scaled(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Weights in these units."""
        return np.ldexp(u, -self.u), np.ldexp(h, -self.h)

    def given(self, u: Floats, h: Floats) -> tuple[Floats, Floats]:
        """Weights as they are."""
        return np.ldexp(u, self.u), np.ldexp(h, self.h)


def plain(network: Network, rates: Rates) -> Units:
    """Weights as they are; γ and the rates of ordinary size."""
    return _of(network, rates, 0, 0)


def fitting(network: Network, rates: Rates, u: Floats, h: Floats) -> Units:
    """Units for weights of this size: û and ĥ are at most 1; plain ones without homogeneity.

    Weights of neurons that do not move are left out by the caller.
    """
    if not network.ray_degree:
        return plain(network, rates)
    largest_u, largest_h = (float(np.abs(z).max(initial=0.0)) for z in (u, h))
    # In units of u, h is √(η_u/η_w ρ²) h: the larger of the two, so that η̂_u is not large.
    ratio = (_exponent(rates.eta_u) - _exponent(rates.eta_w) - _exponent(rates.rho_2)) // 2
    if largest_h == 0:
        by_u = _exponent(largest_u)
        return _of(network, rates, by_u, by_u - ratio)
    by_h = _exponent(largest_h)
    by_u = by_h + ratio
    if largest_u > 0:
        by_u = max(by_u, _exponent(largest_u))
    return _of(network, rates, by_u, by_h)


def fitting_rows(network: Network, rates: Rates, u: Floats, h: Floats) -> Units:
    """`fitting` for each row of weights by itself; exponents and hyperparameters are columns."""
    if not network.ray_degree:
        return plain(network, rates)
    ratio = (_exponent(rates.eta_u) - _exponent(rates.eta_w) - _exponent(rates.rho_2)) // 2
    large_u, large_h = (np.abs(z).max(axis=1, keepdims=True, initial=0.0) for z in (u, h))
    of_u, of_h = (np.frexp(z)[1] for z in (large_u, large_h))
    by_h = np.where(large_h == 0, of_u - ratio, of_h)
    by_u = np.where(large_u > 0, np.maximum(of_h + ratio, of_u), of_h + ratio)
    return _of(network, rates, np.where(large_h == 0, of_u, by_u), by_h)


def _of(network: Network, rates: Rates, a: Any, b: Any) -> Units:
    n, c = _exponent(rates.gamma), _exponent(rates.eta_w) + _exponent(rates.rho_2)
    if not network.ray_degree:
        c = max(c, _exponent(rates.eta_u))
    beta = network.ray_degree
    parameters = network.parameters(
        math.ldexp(rates.gamma, -n),
        np.ldexp(rates.eta_u, 2 * (b - a) - c),
        math.ldexp(rates.eta_w, _exponent(rates.rho_2) - c),
        math.ldexp(rates.rho_2, -_exponent(rates.rho_2)),
    )
    return Units(parameters, a, b, -(n + c + a + (beta - 2) * b), n + a + beta * b)


def scale(value: float, exponent: int) -> float:
    """Value · 2^exponent; infinite or zero beyond float64."""
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


def _exponent(value: float) -> int:
    return math.frexp(value)[1]
