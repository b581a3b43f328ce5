"""Elapsed time as a finite sum of logarithms, where the output is rational in one coordinate.

That is z = 2 tanh(ω s/2)/ω of `tangent`, s itself where ω = 0. With y − f = N/D, polynomials in
z over the rationals, and z′ = 1 − ω² z²/4,

    2M t = ∫ D/(N z′) dz = ∫ P ds + Σ_r (Q(r)/B′(r)) log(1 − z/r)

over the roots r of B, which are those of f = y and simple unless a discriminant vanishes
(`symbolic.warp.elapsed`). For y ≠ 0 P is the constant 1/y, and Q/B = f/(y z′ (y − f)) in lowest terms: f
vanishes where z′ does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import acb, arb, fmpq, fmpq_poly, fmpz_poly

from numeric.methods.warp.tangent import Tangent, common
from numeric.namespaces import UndecidedError

LARGEST = 160  # degree of N beyond which a sum of logarithms is no faster than a quadrature


@dataclass(frozen=True)
class LogarithmicTime:
    """2M t(s) = primitive(s) + Σ residue · log(1 − z/root).

    Attributes:
        tangent: the coordinate z.
        primitive: ∫P, a polynomial without constant term.
        terms: (root, residue), complex balls.
    """

    tangent: Tangent
    primitive: fmpq_poly
    terms: tuple[tuple[acb, acb], ...]

    def at(self, s: arb, skip: int | None = None) -> arb:
        """2M t(s); without the term of index `skip`, which the caller knows better."""
        total, z = _at(self.primitive, acb(s)), self.tangent.at(s)
        for index, (root, residue) in enumerate(self.terms):
            if index != skip:
                total += residue * (-z / root).log1p()
        return total.real

    def index_of(self, s: arb) -> int:
        """Which root is the equilibrium: the only one that the ball meets.

        Raises:
            UndecidedError: when it meets none, or several.
        """
        place = self.tangent.at(s)
        met = [k for k, (root, _) in enumerate(self.terms) if (root - place).contains(0)]
        if len(met) != 1:
            raise UndecidedError(f"{len(met)} roots at the equilibrium at this precision")
        return met[0]


def elapsed(neurons: Any, residual: fmpq, target: fmpq) -> LogarithmicTime | None:
    """2M t(s), or None where it is no sum of logarithms, or one of too many.

    Args:
        neurons: `numeric.exact_warp.ExactNeurons`.
        residual: y − f(0).
        target: y.
    """
    tangent = common([one.mu for one in neurons.neurons])
    if tangent is None:
        return None
    degrees = 2 * neurons.network.module.GAIN_POWER * sum(tangent.multiples)
    if degrees > LARGEST:
        return None
    return integrate(*fraction(neurons, residual, tangent), tangent, target)


def fraction(neurons: Any, residual: fmpq, tangent: Tangent) -> tuple[fmpq_poly, fmpq_poly]:
    """N and D of y − f = residual − Σ gain, in lowest terms."""
    module = neurons.network.module
    numerator, denominator = fmpq_poly([residual]), fmpq_poly([1])
    for one, k in zip(neurons.neurons, tangent.multiples, strict=True):
        place = module.rational_place(*tangent.multiple(k), one)
        top = module.gain_numerator(neurons.parameters, one, place)
        bottom = place.denominator ** int(module.GAIN_POWER)
        numerator = numerator * bottom - top * denominator
        denominator = denominator * bottom
    return _lowest(numerator, denominator)


def integrate(
    numerator: fmpq_poly, denominator: fmpq_poly, tangent: Tangent, target: fmpq
) -> LogarithmicTime | None:
    """∫ D/(N z′) dz from 0, or None where B has a multiple root, or where ω ≠ 0 and y = 0."""
    if tangent.square == 0:
        quotient, rest = divmod(denominator, numerator)
        bottom = numerator
    elif target == 0:
        return None
    else:
        quotient = fmpq_poly([1 / target])
        top, bottom = _lowest(denominator - numerator / target, numerator * tangent.velocity)
        whole, rest = divmod(top, bottom)
        if whole != 0:
            return None
    if bottom.degree() < 1 or bottom.gcd(bottom.derivative()).degree() > 0:
        return None
    integers: fmpz_poly = bottom.numer()
    slope = bottom.derivative()
    terms = []
    for root, _ in integers.complex_roots():
        terms.append((root, _at(rest, root) / _at(slope, root)))
    return LogarithmicTime(tangent, quotient.integral(), tuple(terms))


def _lowest(top: fmpq_poly, bottom: fmpq_poly) -> tuple[fmpq_poly, fmpq_poly]:
    shared = top.gcd(bottom)
    return top // shared, bottom // shared


def _at(polynomial: fmpq_poly, place: acb) -> acb:
    value = acb(0)
    for coefficient in reversed(polynomial.coeffs()):
        value = value * place + acb(arb(coefficient))
    return value
