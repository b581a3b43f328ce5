"""Taylor coefficients of one neuron by Picard's iteration on power series of balls, with no recurrence.

du/dz = pace η_u γ σ(h), dh/dz = pace η_w γ ρ² u σ′(h), σ and σ′ written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flint
from flint import arb, arb_series

BITS = 1000
POWER = 5
Function = Callable[[arb_series], arb_series]


def _rising(h: arb_series) -> arb_series:
    return (1 + (-h).exp()).inv()


def _half_normal(h: arb_series) -> arb_series:
    return (-h * arb(2).rsqrt()).erfc() / 2


SIGMA: dict[str, tuple[Function, Function]] = {
    "quadratic": (lambda h: h * h, lambda h: 2 * h),
    "cubic": (lambda h: h * h * h, lambda h: 3 * h * h),
    "power": (lambda h: h * h * h * h * h, lambda h: POWER * h * h * h * h),
    "tanh": (
        lambda h: (h.exp() - (-h).exp()) * (h.exp() + (-h).exp()).inv(),
        lambda h: 4 * (h.exp() + (-h).exp()).inv() * (h.exp() + (-h).exp()).inv(),
    ),
    "erf": (lambda h: h.erf(), lambda h: (-h * h).exp() * (2 * arb.pi().rsqrt())),
    "sine": (lambda h: h.sin(), lambda h: h.cos()),
    "exponential": (lambda h: h.exp(), lambda h: h.exp()),
    "softplus": (lambda h: (1 + h.exp()).log(), _rising),
    "swish": (
        lambda h: h * _rising(h),
        lambda h: _rising(h) + h * (-h).exp() * _rising(h) * _rising(h),
    ),
    "gelu": (
        lambda h: h * _half_normal(h),
        lambda h: _half_normal(h) + h * (-h * h / 2).exp() * (2 * arb.pi()).rsqrt(),
    ),
}
BENT = {"relu": arb(0), "leaky_relu": arb(1) / 100}  # slopes before the bend


def activation(name: str, side: float) -> tuple[Function, Function]:
    """σ and σ′ of a network; of one with a bend, the piece on a side."""
    if name not in BENT:
        return SIGMA[name]
    slope = arb(1) if side > 0 else BENT[name]
    return (lambda h: slope * h), (lambda h: 0 * h + slope)


@dataclass(frozen=True)
class Coefficients:
    """Those of u, of h and of γ u σ(h), balls."""

    u: list[arb]
    h: list[arb]
    f: list[arb]


def picard(
    sigma: tuple[Function, Function],
    u: float,
    h: float,
    given: Sequence[float],
    pace: float,
    order: int,
) -> Coefficients:
    """Coefficients up to an order; each iteration finds one more.

    Args:
        sigma: σ and σ′.
        u: at z = 0.
        h: at z = 0.
        given: γ, η_u, η_w, ρ².
        pace: warped time per z.
        order: of the last.
    """
    gamma, eta_u, eta_w, rho_2 = map(arb, given[:4])
    bits, cap = flint.ctx.prec, flint.ctx.cap
    of_u, of_h, of_f = [arb(u)], [arb(h)], [arb(0)]
    try:
        flint.ctx.prec = BITS
        for k in range(1, order + 2):
            flint.ctx.cap = k + 1  # an integral has one coefficient more
            at_u, at_h = arb_series(of_u, prec=k), arb_series(of_h, prec=k)
            by_u = (sigma[0](at_h) * (pace * eta_u * gamma)).integral()
            by_h = (at_u * sigma[1](at_h) * (pace * eta_w * gamma * rho_2)).integral()
            f = at_u * sigma[0](at_h) * gamma
            of_u = [arb(u), *(by_u[j] for j in range(1, k + 1))]
            of_h = [arb(h), *(by_h[j] for j in range(1, k + 1))]
            of_f = [f[j] for j in range(k)]
        return Coefficients(of_u[: order + 1], of_h[: order + 1], of_f)
    finally:
        flint.ctx.prec, flint.ctx.cap = bits, cap
