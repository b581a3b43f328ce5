"""Units in which the numbers of a network are of ordinary size, whatever its weights and rates are.

With u = 2ᵃ û, h = 2ᵇ ĥ, γ = 2ⁿ γ̂ and rates divided by 2ᶜ, a network homogeneous of degree β obeys the
same equations in the warped time x̂ = x · 2^(n + c + a + (β−2) b), for η̂_u = η_u 2^(2(b−a) − c), and its
output is f = 2^(n + a + β b) f̂. All factors are powers of two: nothing is rounded. Where σ is not
homogeneous weights keep their size, a = b = 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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

    Exponents are numbers, or columns of them for rows of weights (`fitting`).
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

    Of rows of weights each has units of its own: exponents and hyperparameters are columns then. Weights
    of neurons that do not move are left out by the caller.
    """
    if not network.ray_degree:
        return plain(network, rates)
    # In units of u, h is √(η_u/η_w ρ²) h: the larger of the two, so that η̂_u is not large.
    ratio = (_exponent(rates.eta_u) - _exponent(rates.eta_w) - _exponent(rates.rho_2)) // 2
    if u.ndim == 1:
        largest_u, largest_h = (float(np.abs(z).max(initial=0.0)) for z in (u, h))
        of_u, of_h = _exponent(largest_u), _exponent(largest_h)
        return _of(network, rates, *_chosen(largest_u, largest_h, of_u, of_h, ratio, _one))
    large_u, large_h = (np.abs(z).max(axis=1, keepdims=True, initial=0.0) for z in (u, h))
    exponents = np.frexp(large_u)[1], np.frexp(large_h)[1]
    return _of(network, rates, *_chosen(large_u, large_h, *exponents, ratio, np.where))


def _chosen(
    large_u: Any, large_h: Any, of_u: Any, of_h: Any, ratio: int, choose: Callable[..., Any]
) -> tuple[Any, Any]:
    """Exponents of the units of u and h, by the largest weights and their exponents."""
    with_u = choose((large_u > 0) & (of_u > of_h + ratio), of_u, of_h + ratio)
    of_none = large_h == 0
    return choose(of_none, of_u, with_u), choose(of_none, of_u - ratio, of_h)


def _one(is_first: bool, first: int, second: int) -> int:
    """What `numpy.where` chooses, of numbers."""
    return first if is_first else second


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
