"""Elapsed time as a finite sum of logarithms, for a network whose output is rational in warped time.

With y − f(s) = N(s)/D(s), polynomials over the rationals,

    2M t = ∫ P ds + Σ_r (Q(r)/N′(r)) log(1 − s/r),   D = P N + Q,

over the roots r of N, which are simple unless a discriminant vanishes (`symbolic.elapsed`). For y ≠ 0
P is the constant 1/y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import acb, arb, fmpq, fmpq_poly, fmpz_poly

from numeric.namespaces import Polynomials, UndecidedError

VARIABLE = fmpq_poly([0, 1])


@dataclass(frozen=True)
class LogarithmicTime:
    """2M t(s) = primitive(s) + Σ residue · log(1 − s/root).

    Attributes:
        primitive: ∫P, a polynomial without constant term.
        terms: (root, residue), complex balls.
    """

    primitive: fmpq_poly
    terms: tuple[tuple[acb, acb], ...]

    def at(self, s: arb, skip: int | None = None) -> arb:
        """2M t(s); without the term of index `skip`, which the caller knows better."""
        total = _at(self.primitive, acb(s))
        for index, (root, residue) in enumerate(self.terms):
            if index != skip:
                total += residue * (1 - s / root).log()
        return total.real

    def index_of(self, place: arb) -> int:
        """Which root is the equilibrium: the only one that the ball meets.

        Raises:
            UndecidedError: when it meets none, or several.
        """
        met = [k for k, (root, _) in enumerate(self.terms) if (root - place).contains(0)]
        if len(met) != 1:
            raise UndecidedError(f"{len(met)} roots at the equilibrium at this precision")
        return met[0]


def fraction(neurons: Any, residual: fmpq) -> tuple[fmpq_poly, fmpq_poly]:
    """N and D of y − f(s) = residual − Σ gain, in lowest terms.

    Args:
        neurons: `numeric.exact_warp.ExactNeurons` of a network that is rational in s.
        residual: y − f(0).
    """
    module, xp = neurons.network.module, Polynomials()
    numerator, denominator = fmpq_poly([residual]), fmpq_poly([1])
    for one in neurons.neurons:
        place = module.entire_place(VARIABLE, one, xp)
        top = module.gain_numerator(neurons.parameters, one, place, xp)
        bottom = place.denominator ** int(module.GAIN_POWER)
        numerator = numerator * bottom - top * denominator
        denominator = denominator * bottom
    common = numerator.gcd(denominator)
    return numerator // common, denominator // common


def integrate(numerator: fmpq_poly, denominator: fmpq_poly) -> LogarithmicTime | None:
    """∫ D/N ds from 0, or None where N has a multiple root."""
    if numerator.degree() < 1 or numerator.gcd(numerator.derivative()).degree() > 0:
        return None
    quotient, rest = divmod(denominator, numerator)
    whole: fmpz_poly = numerator.numer()
    slope = numerator.derivative()
    terms = []
    for root, _ in whole.complex_roots():
        terms.append((root, _at(rest, root) / _at(slope, root)))
    return LogarithmicTime(quotient.integral(), tuple(terms))


def _at(polynomial: fmpq_poly, place: acb) -> acb:
    value = acb(0)
    for coefficient in reversed(polynomial.coeffs()):
        value = value * place + acb(arb(coefficient))
    return value
