"""Units in which a linear network's numbers are of ordinary size, whatever its weights and rates are.

With u = 2ᵃ û, ω = 2ᵇ ω̂, γρ = 2ⁿ γ̂ρ̂ and t = 2⁻ᶜ t̂ the flow has the same form: f = 2^(n+a+b) f̂ with
η̂_u = η_u 2^(2n+2b−c) and η̂_w = η_w 2^(2n+2a−c). All factors are powers of two: nothing is rounded. a and
b are chosen so that û and ω̂ are at most about 1 and the two rates are alike.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numeric.double_double import DoubleDouble

LARGEST_TARGET = (
    480  # exponent of |ŷ|, whose square float64 shall hold: larger units for tiny weights
)
LEAST, MOST = -960, 960  # exponents of weights: their factors shall be normal numbers


class Units(NamedTuple):
    """Exponents of two: what is computed times 2^exponent is what is meant.

    Attributes:
        u, omega: of the weights of both layers.
        rho: of ρ, the norm of the effective point.
        f: of outputs, targets and residuals.
        time: of rates, and with the other sign of times.
    """

    u: int
    omega: int
    rho: int
    f: int
    time: int


class Hyperparameters(NamedTuple):
    """γ, η_u, η_w, ρ and y in these units."""

    gamma: DoubleDouble
    eta_u: DoubleDouble
    eta_w: DoubleDouble
    rho: DoubleDouble
    y: DoubleDouble


def fitting(given: Hyperparameters, u: float, omega: float) -> tuple[Units, Hyperparameters]:
    """Units for a network, and its hyperparameters in them.

    Args:
        given: hyperparameters as they are.
        u: the largest second-layer weight, in size.
        omega: the largest first-layer weight along the data, in size.
    """
    gamma, eta_u, eta_w, rho, y = (_exponent(z.hi) for z in given)
    n = gamma + rho
    ratio = (eta_u - eta_w) // 2  # in units of u, ω counts √(η_u/η_w) times
    sizes = [_exponent(z) + shift for z, shift in ((u, 0), (omega, ratio)) if z > 0]
    a = max(sizes, default=0)
    if given.y.hi != 0 and given.gamma.hi != 0 and given.rho.hi != 0:
        a = max(a, (y - n + ratio - LARGEST_TARGET + 1) // 2)
    a = min(max(a, LEAST, LEAST + ratio), MOST, MOST + ratio)
    b = a - ratio
    # Where the target is large, half of its size goes into the unit of time.
    c = eta_w + 2 * n + 2 * a + max(0, y - (n + a + b)) // 2
    scaled = Hyperparameters(
        times_two_to(given.gamma, -gamma),
        times_two_to(given.eta_u, 2 * n + 2 * b - c),
        times_two_to(given.eta_w, 2 * n + 2 * a - c),
        times_two_to(given.rho, -rho),
        times_two_to(given.y, -(n + a + b)),
    )
    return Units(a, b, rho, n + a + b, c), scaled


def times_two_to(value: DoubleDouble, exponent: int) -> DoubleDouble:
    """Value · 2^exponent; infinite or zero beyond float64."""
    return DoubleDouble(scale(float(value.hi), exponent), scale(float(value.lo), exponent))


def scale(value: float, exponent: int) -> float:
    """Value · 2^exponent; infinite or zero beyond float64."""
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


def _exponent(value: Any) -> int:
    return math.frexp(float(value))[1]
