"""The elapsed time of one neuron with a power as activation: a rational integral.

Along the orbit E = u² − κ h² of a neuron with σ(h) = h^β, β an integer, everything is rational in one
coordinate z: in u for even β, in u/h for odd β, on the lines E = 0 in h. With h² = H(z) or z²

    f = F(z) H^a,   z′ = V(z) H^b,   1/(z′ (y − f)) = 1/(y z′) + A/(y B),   A/B = f/(z′ (y − f)),

and A/B is a proper fraction whose poles are the roots r of f(r) = y, of residue −y/K(r). Here it is found
for a given β; `every_integer` leaves the integer open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Poly, Rational, Symbol, diff

from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import h_i, u_i, y
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.linear import root_of_linear
from symbolic.proof.remembered import remembered
from symbolic.warp import clock as clocks
from symbolic.warp.clock import Clock
from symbolic.warp.orbits import Orbit

z = clocks.z


@dataclass(frozen=True)
class Fraction:
    """y z′ (1/(y z′ (y − f)) − 1/(y² z′)) as a fraction: what is left after the clock.

    Attributes:
        coordinate: z in terms of the neuron or of s, in words.
        numerator, polynomial: A and B, polynomials in z; the roots of B are those of f = y.
    """

    coordinate: str
    numerator: Expr
    polynomial: Expr


@dataclass(frozen=True)
class _Place:
    """A neuron on a branch of its clock: everything in the coordinate z.

    Attributes:
        coordinate: z in u and h.
        output, kernel: f and K in z.
        speed: z′ in z.
    """

    coordinate: Expr
    output: Expr
    kernel: Expr
    speed: Expr


@remembered
def place(flow: Flow, clock: Clock, branch: Orbit) -> _Place:
    """The output of a neuron with a power that is a number, in the clock's coordinate.

    Raises:
        DoesNotApply: when the output is not rational in it.
    """
    coordinate, speed = clock.coordinate[branch], clock.speed[branch]
    u_in_z = z if coordinate == u_i else z * h_i
    h_2 = root_of_linear(clock.energy.subs(u_i, u_in_z) - clocks.SIGNS[branch], h_i**2)

    def in_z(expression: Expr) -> Expr:
        terms = Poly(sympy.cancel(expression.subs(u_i, u_in_z)), h_i).terms()
        if any(degree % 2 for (degree,), _ in terms):
            raise DoesNotApply(f"{expression} is not rational in {coordinate}")
        return sympy.cancel(sympy.Add(*(c * h_2 ** (degree // 2) for (degree,), c in terms)))

    return _Place(coordinate, in_z(flow.output_i), in_z(flow.tangent_kernel_i), speed)


@remembered
def at_number(flow: Flow, clock: Clock, branch: Orbit) -> Fraction:
    """The fraction for a power that is a number, in the clock's coordinate.

    Raises:
        DoesNotApply: when the output is not rational in it, or the fraction has further poles.
    """
    at = place(flow, clock, branch)
    rest = sympy.cancel(at.output / (at.speed * (y - at.output)))
    top, bottom = sympy.fraction(rest)
    if sympy.cancel(bottom / _target(at.output)).has(z):
        raise DoesNotApply(f"the fraction in {at.coordinate} has poles where f is not y")
    return Fraction(f"{at.coordinate}", top, sympy.factor(bottom))


def _target(output: Expr) -> Expr:
    """The numerator of y − f."""
    return sympy.fraction(sympy.together(y - output))[0]


@remembered
def prove_at_number(
    flow: Flow, clock: Clock, branch: Orbit, fraction: Fraction
) -> tuple[Certificate, ...]:
    """What is claimed of a fraction: that it completes the clock, and what its poles are."""
    return tuple(_number_certificates(flow, clock, branch, fraction))


def _number_certificates(
    flow: Flow, clock: Clock, branch: Orbit, fraction: Fraction
) -> Iterator[Certificate]:
    at, where = place(flow, clock, branch), f"width 1, {branch}"
    f, speed, top, bottom = at.output, at.speed, fraction.numerator, fraction.polynomial
    parts = 1 / (y * speed) + top / (bottom * y)
    whole = prove_equal(1 / (speed * (y - f)), parts)
    slope = prove_equal(diff(f, z) * speed, at.kernel)
    yield Certificate(f"{where}: 1/(z'(y - f)) = 1/(y z') + A/(y B)", whole)
    yield Certificate(f"{where}: df/ds is the tangent kernel", slope)
    yield Certificate(f"{where}: the fraction is proper", is_proper(top, bottom))
    divides = _divides(bottom, _target(f))
    yield Certificate(f"{where}: the roots of B are those of f = y", divides)
    simple = _squarefree(bottom)
    yield Certificate(f"{where}: the roots are simple but for exceptional values", simple)
    residue = _residue(top, bottom, f, speed)
    yield Certificate(f"{where}: the residue at a root is -y/K", residue)
    yield Certificate(f"{where}: its coordinate", is_named(fraction, at.coordinate))


def is_named(fraction: Fraction, coordinate: Expr) -> Verdict:
    """Whether a fraction says what its coordinate is."""
    if fraction.coordinate == str(coordinate):
        return Proved("name")
    return Undecided(f"{fraction.coordinate} for {coordinate}")


def is_proper(top: Expr, bottom: Expr, variable: Symbol = z) -> Verdict:
    """Whether a fraction of polynomials has the larger degree below."""
    degrees = Poly(top, variable).degree(), Poly(bottom, variable).degree()
    return Proved("degrees") if degrees[0] < degrees[1] else Undecided(f"degrees {degrees}")


def _divides(bottom: Expr, target: Expr) -> Verdict:
    """B and the numerator of y − f have the same roots."""
    quotient = sympy.cancel(bottom / target)
    return Undecided(f"quotient {quotient}") if quotient.has(z) else Proved("division")


def _squarefree(bottom: Expr) -> Verdict:
    """At some exact values the discriminant is not zero, so it is not the zero polynomial."""
    symbols = sorted(bottom.free_symbols - {z}, key=str)
    at = {symbol: Rational(2 + k, 3 + 2 * k) for k, symbol in enumerate(symbols)}
    value = sympy.discriminant(bottom.subs(at), z)
    return Proved("discriminant") if value != 0 else Undecided("the discriminant vanishes")


def _residue(top: Expr, bottom: Expr, f: Expr, speed: Expr) -> Verdict:
    """A/B′ + y/(z′ f_z) vanishes where f = y: its numerator is divisible by y − f."""
    residue = top / diff(bottom, z) + y / (speed * diff(f, z))
    numerator = sympy.fraction(sympy.together(residue))[0]
    root = sympy.fraction(sympy.together(y - f))[0]
    remainder = sympy.rem(Poly(numerator, z, domain="EX"), Poly(root, z, domain="EX"))
    return prove_zero(sympy.simplify(remainder.as_expr()))
