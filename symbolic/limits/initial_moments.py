"""Sums over random initial weights: their order in the width, fluctuations kept.

Neuron i starts at u_i = σ_u ξ_i and ω_i = σ_w (r ξ_i + √(1 − r²) ζ_i), with independent standard normal
ξ_i, ζ_i. A mean over d neurons is its expectation plus d^{-1/2} times a random number of order one, by
the central limit theorem; expectation and variance are computed here. Where the expectation is zero,
the fluctuation is what remains: that is the case of independent layers, r = 0. Source: Xu & Ziyin 2025,
section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import sympy
from sympy import Expr, Symbol, sqrt

from symbolic.limits import notation as n
from symbolic.notation.symbols import d
from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import Verdict, prove_equal
from symbolic.proof.max_plus import Order, Sign, order

Orders = dict[Symbol, Order | None]


class Start(Enum):
    """How the layers start."""

    INDEPENDENT = "independent"
    CORRELATED = "correlated"
    ZERO_OUTPUT = "zero-output"


@dataclass(frozen=True)
class Moments:
    """A mean over neurons: expectation + d^{-1/2} √variance · (a standard normal number).

    Attributes:
        expectation: of one term.
        variance: of one term.
    """

    expectation: Expr
    variance: Expr


XI, ZETA, NORMAL = sympy.symbols("xi zeta normal", real=True)
PRODUCTS = {n.m_uu: (2, 0), n.m_oo: (0, 2), n.m_uo: (1, 1)}  # powers of u and ω


def gaussian_mean(polynomial: Expr) -> Expr:
    """Expectation of a polynomial in ξ and ζ: E ξ^n = (n − 1)!! for even n, else 0."""
    terms = sympy.Poly(sympy.expand(polynomial), XI, ZETA).terms()
    total = sympy.Integer(0)
    for powers, coefficient in terms:
        if not any(power % 2 for power in powers):
            total += coefficient * sympy.Mul(*(sympy.factorial2(power - 1) for power in powers))
    return total


def moments(product: tuple[int, int]) -> Moments:
    """Of the mean of u^a ω^b."""
    across = Symbol("across", positive=True)  # √(1 − r²)
    u, omega = n.sigma_u * XI, n.sigma_w * (n.correlation * XI + across * ZETA)
    term = u ** product[0] * omega ** product[1]
    first, second = (
        gaussian_mean(z).subs(across, sqrt(1 - n.correlation**2)) for z in (term, term**2)
    )
    return Moments(sympy.factor(first), sympy.factor(second - first**2))


def mean(its: Moments) -> Expr:
    """The mean over d neurons, with a standard normal number for its fluctuation."""
    return its.expectation + sqrt(its.variance) / sqrt(d) * NORMAL


def orders(start: Start) -> Orders:
    """Orders of the means over initial weights.

    Means of squares are positive and of the order of their expectation, also at fixed width, where
    they are random. sin²(u, ω) is random, or 1, with a density on (0, 1] for every width from 2.
    """
    variances = {n.sigma_u: Order(n.c_u / 2), n.sigma_w: Order(n.c_w / 2), d: Order(n.c_d)}
    r = None if start is not Start.CORRELATED else Order(sympy.Integer(0), Sign.RANDOM)
    given = {**variances, n.correlation: r, NORMAL: Order(sympy.Integer(0), Sign.RANDOM)}
    found: Orders = {n.sine_2: Order(sympy.Integer(0))}
    for symbol, product in PRODUCTS.items():
        value = order(mean(moments(product)), given)
        square = not any(power % 2 for power in product)
        found[symbol] = Order(value.exponent) if square and value else value
    if start is Start.ZERO_OUTPUT:
        found[n.m_uo] = None
    return found


def certificates() -> tuple[Certificate, ...]:
    """Expectations and variances, by their known values."""
    uu, oo, uo = (moments(product) for product in PRODUCTS.values())
    return (
        Certificate("variance of u^2", prove_equal(uu.variance, 2 * uu.expectation**2)),
        Certificate("variance of omega^2", prove_equal(oo.variance, 2 * oo.expectation**2)),
        Certificate(
            "variance of u omega",
            prove_equal(uo.variance, uu.expectation * oo.expectation + uo.expectation**2),
        ),
        *(
            Certificate(f"second moment of {symbol}, two neurons", _two_neurons(moments(product)))
            for symbol, product in PRODUCTS.items()
        ),
    )


def _two_neurons(its: Moments) -> Verdict:
    """E of the square of (z₁ + z₂)/2, z₁ and z₂ independent, and of `mean` at d = 2."""
    square = its.variance + its.expectation**2
    written_out = (2 * square + 2 * its.expectation**2) / 4
    in_normal = sympy.expand(mean(its).subs(d, 2) ** 2)
    expected = in_normal.coeff(NORMAL, 0) + in_normal.coeff(NORMAL, 2)  # E n = 0, E n² = 1
    return prove_equal(expected, written_out)
