"""Expressions on an orbit with exponents that are linear in an open integer: terms and degrees."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, diff

from symbolic.notation.symbols import h_i, u_i
from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.warp import clock as clocks
from symbolic.warp.notation import E_i

z = clocks.z


@dataclass(frozen=True)
class Along:
    """A coordinate on one kind of orbit.

    Attributes:
        place: u in z and h.
        square: h^step along the orbit, in z.
        step: 2, or 1 where h itself is the coordinate.
        velocity: z′ in u and h.
        coordinate: z in u and h.
    """

    coordinate: Expr
    place: Expr
    square: Expr
    step: int
    velocity: Expr


def terms(expression: Expr, orbit: Along) -> list[tuple[Expr, Expr]]:
    """An expression on the orbit as a sum of c(z) h^(step k): pairs (c, k).

    Raises:
        DoesNotApply: for a power of h that is not a power of h^step.
    """
    here = sympy.expand(sympy.powsimp(sympy.expand(expression.subs(u_i, orbit.place))))
    found: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(here):
        coefficient, power = sympy.powsimp(term).as_independent(h_i, as_Add=False)
        exponent = sympy.expand(power.as_base_exp()[1]) / orbit.step
        if not sympy.expand(exponent).is_integer:
            raise DoesNotApply(f"{expression} is not rational in {orbit.coordinate}")
        exponent = sympy.expand(exponent)
        found[exponent] = found.get(exponent, Integer(0)) + coefficient
    return [(sympy.factor(c), k) for k, c in found.items()]


def as_power(expression: Expr, orbit: Along) -> tuple[Expr, Expr]:
    """The c and k of an expression that is c(z) h^(step k) on the orbit."""
    ((coefficient, exponent),) = terms(expression, orbit)
    return coefficient, exponent


def is_power(expression: Expr, orbit: Along, coefficient: Expr, exponent: Expr) -> Verdict:
    """Whether an expression is c(z) h^(step k) on the orbit."""
    here = expression.subs(u_i, orbit.place)
    return prove_equal(here, coefficient * h_i ** (orbit.step * exponent))


def is_on(orbit: Along, along: Expr) -> Verdict:
    """The law has its value where h^step = H(z), whatever the sign of h."""
    if orbit.step == 1:
        return prove_zero(along)
    return prove_equal(along.subs(h_i**2, orbit.square), E_i)


def has_none(ratio: Expr) -> Verdict:
    """Whether a quotient does not depend on z."""
    return Undecided(f"{ratio} depends on z") if ratio.has(z) else Proved("cancellation")


def are_natural(*exponents: Expr) -> Verdict:
    """Whether exponents are natural numbers, whatever the integer."""
    if all(sympy.expand(one).is_integer and sympy.expand(one).is_nonnegative for one in exponents):
        return Proved("signs of their terms")
    return Undecided(f"exponents {exponents}")


def are_rational(*parts: Expr) -> Verdict:
    """Of factors: z′ is one of them times a natural power of the other."""
    if all(part.is_rational_function(z) for part in parts):
        return Proved("inspection")
    return Undecided(f"{parts} are not rational in z")


def share_none(below: Expr, rest: Expr) -> Verdict:
    """Where the denominator of H vanishes B does not: their resultant is a nonzero monomial."""
    if not below.has(z):
        return Proved("no roots")
    resultant = sympy.factor(sympy.resultant(below, rest, z))
    monomial = len(sympy.Add.make_args(resultant)) == 1 and resultant != 0
    return Proved("resultant") if monomial else Undecided(f"resultant {resultant}")


def _degree(polynomial: Expr) -> Expr:
    """Degree in z of a polynomial with symbolic exponents, no two terms of which tie."""
    if polynomial.is_polynomial(z):
        return Integer(sympy.degree(polynomial, z))
    if polynomial.is_Mul:
        return sympy.expand(sympy.Add(*(_degree(part) for part in polynomial.args)))
    if polynomial.is_Pow:
        return sympy.expand(polynomial.exp * _degree(polynomial.base))
    largest, *others = (_degree(part) for part in polynomial.args)
    for degree in others:
        if (degree - largest).is_positive:
            largest = degree
        elif not (largest - degree).is_positive:
            raise DoesNotApply(f"the degree of {polynomial} is not plain")
    return largest


def is_proper(top: Expr, bottom: Expr) -> Verdict:
    """Whether a fraction has the larger degree below, whatever the integer."""
    try:
        degrees = _degree(top), _degree(bottom)
    except DoesNotApply as reason:
        return Undecided(str(reason))
    gap = sympy.expand(degrees[1] - degrees[0])
    return Proved("degrees") if gap.is_positive else Undecided(f"degrees {degrees}")


def is_rational_slope(f: Expr) -> Verdict:
    """f_z/f is a rational function, not zero: f_z has finitely many roots, at which y ≠ f."""
    slope = sympy.cancel(sympy.powsimp(sympy.expand(diff(f, z) / f)))
    if slope.is_rational_function(z) and slope != 0:
        return Proved("logarithmic derivative")
    return Undecided(f"slope {slope}")
