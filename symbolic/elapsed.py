"""Stage 6 where s(t) has no formula, the elapsed time t(s) = ∫ ds / (2 (y − f)).

If the output is a rational function of one coordinate z whose warped velocity z′ is rational too, the
integrand is rational in z and t is elementary. Written

    1/(z′ (y − f)) = 1/(y z′) + f/(y z′ (y − f)),

its first part integrates to the clock, s/y; the second is a proper fraction whose poles are the
roots r of f(r) = y. Where they are simple

    t = s/(2 y) − Σ_r log|z − r| / (2 K(r)) + const,

with the tangent kernel K = df/ds. At real roots that a neuron can reach K > 0; elsewhere K is no sum
of squares of real numbers, and for exceptional values two roots meet where K vanishes.

For β = 3 the coordinate is s itself, at any width. At width 1 it is the clock's coordinate, for every
integer β. For β = 2 it is exp(ω s), if all frequencies √μ are multiples of one ω by integers other
than zero.
`symbolic.transcendence` shows that two incommensurable frequencies leave no elementary t.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Poly, Rational, Symbol, diff

from symbolic import clock as clocks
from symbolic.clock import Clock
from symbolic.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.flow import Flow
from symbolic.notation import D_i, S_mu, T_mu, h_i, s, u_i, y
from symbolic.record import Certificate, Record, Step
from symbolic.warp import Warp

z = clocks.z
OMEGA = Symbol("omega", positive=True)
ANY_WIDTH, ONE_NEURON, COMMENSURABLE = "any width", "width 1", "commensurable frequencies"


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


@dataclass(frozen=True, kw_only=True)
class ElapsedTime(Record):
    """Where t is elementary.

    Attributes:
        closes: condition → fraction, where the fraction can be written for symbols (width 1), or
            None where it can be written for numbers only (its degree grows with the width).
    """

    closes: dict[str, Fraction | None]


class ElapsedTimeError(ValueError):
    """The output is rational in no coordinate."""


def derive(flow: Flow, clock: Clock, warp: Warp | None) -> ElapsedTime:
    """Find the coordinates in which the output is rational, and prove the fractions.

    Raises:
        ElapsedTimeError: when there are none.
    """
    closes: dict[str, Fraction | None] = {}
    certificates: list[Certificate] = []
    if clock.is_closed:
        for branch in ("E > 0", "E < 0"):
            fraction, proofs = _one_neuron(flow, clock, branch)
            closes[f"{ONE_NEURON}, {branch}"] = fraction
            certificates += proofs
    if warp is not None:
        where, proofs = _many_neurons(flow, warp)
        closes[where] = None
        certificates += proofs
    if not closes:
        raise ElapsedTimeError("the output is not a rational function of a coordinate")
    step = Step(
        "Elapsed time",
        (
            (r"\frac{dt}{ds}", r"\frac{1}{2(y-f)}"),
            ("t", r"\frac{s}{2y}-\sum_{r:\,f(r)=y}\frac{1}{2K(r)}\log\frac{z-r}{z(0)-r}"),
            *((rf"\text{{{_condition(name)}}}", _shown(value)) for name, value in closes.items()),
        ),
        r"Partial fractions in a coordinate $z$ in which $f$ and $\dot z$ are rational, $y\neq0$; "
        r"$K=df/ds$ is the tangent kernel, real or complex, at the root.",
    )
    return ElapsedTime(closes=closes, certificates=tuple(certificates), steps=(step,))


def _condition(name: str) -> str:
    """A condition as LaTeX text."""
    return name.replace("E > 0", "$E>0$").replace("E < 0", "$E<0$")


def _shown(fraction: Fraction | None) -> Expr | str:
    if fraction is None:
        return r"\text{$z=s$ or $z=e^{\omega s}$; the degree grows with the width}"
    return fraction.polynomial


def _one_neuron(flow: Flow, clock: Clock, branch: str) -> tuple[Fraction, list[Certificate]]:
    """The fraction at width 1 in the clock's coordinate."""
    coordinate, speed = clock.coordinate[branch], clock.speed[branch]
    sign = Integer(1) if branch == "E > 0" else Integer(-1)
    energy = sign * clocks.ENERGY**2
    place = z if coordinate == u_i else z * h_i
    (h_2,) = sympy.solve(clock.energy.subs(u_i, place) - energy, h_i**2)

    def in_z(expression: Expr) -> Expr:
        terms = Poly(sympy.cancel(expression.subs(u_i, place)), h_i).terms()
        if any(degree % 2 for (degree,), _ in terms):
            raise ElapsedTimeError(f"{expression} is not rational in {coordinate}")
        return sympy.cancel(sympy.Add(*(c * h_2 ** (degree // 2) for (degree,), c in terms)))

    f = in_z(flow.output_i)
    rest = sympy.cancel(f / (speed * (y - f)))
    top, bottom = sympy.fraction(rest)
    target = sympy.fraction(sympy.together(y - f))[0]
    return Fraction(f"{coordinate}", top, sympy.factor(bottom)), [
        Certificate(
            f"width 1, {branch}: 1/(z'(y - f)) = 1/(y z') + A/(y B)",
            prove_equal(1 / (speed * (y - f)), 1 / (y * speed) + top / (bottom * y)),
        ),
        Certificate(
            f"width 1, {branch}: df/ds is the tangent kernel",
            prove_equal(diff(f, z) * speed, in_z(flow.tangent_kernel_i)),
        ),
        Certificate(f"width 1, {branch}: the fraction is proper", _proper(top, bottom)),
        Certificate(
            f"width 1, {branch}: the roots of B are those of f = y", _divides(bottom, target)
        ),
        Certificate(
            f"width 1, {branch}: the roots are simple but for exceptional values",
            _squarefree(bottom),
        ),
        Certificate(
            f"width 1, {branch}: the residue at a root is -y/K",
            _residue(top, bottom, f, speed),
        ),
    ]


def _proper(top: Expr, bottom: Expr, variable: Symbol = z) -> Verdict:
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


def _many_neurons(flow: Flow, warp: Warp) -> tuple[str, list[Certificate]]:
    """In which function of s the output of every neuron is rational, and that it vanishes at ∞."""
    if warp.mu == 0:
        place, variable, velocity, name = _in_s, s, Integer(1), ANY_WIDTH
    else:
        place, variable, velocity, name = _in_exponential, z, OMEGA * z, COMMENSURABLE
    here, kernel = (place(part, warp) for part in (flow.output_i, flow.tangent_kernel_i))
    top, bottom = sympy.fraction(sympy.together(here))
    certificates = [
        Certificate(f"{name}: the output of a neuron is rational", _is_rational(here, variable)),
        Certificate(f"{name}: its fraction is proper", _proper(top, bottom, variable)),
        Certificate(
            f"{name}: df/ds is the tangent kernel",
            prove_equal(diff(here, variable) * velocity, kernel),
        ),
    ]
    if variable == z:  # z′ = ω z vanishes there: the fraction would have one more pole
        vanishes = prove_zero(here.subs(z, 0))
        certificates.append(Certificate(f"{name}: the output vanishes at z = 0 too", vanishes))
    return name, certificates


def _in_s(expression: Expr, warp: Warp) -> Expr:
    """An expression in u and h, both at s, for μ = 0, where S = s and T = s²/2."""
    return sympy.factor(_at(expression, warp).subs({S_mu: s, T_mu: s**2 / 2}))


def _in_exponential(expression: Expr, warp: Warp) -> Expr:
    """An expression in u and h, both at s, in z = exp(ω s) with ω² = μ."""
    places = {S_mu: (z - 1 / z) / (2 * OMEGA), T_mu: (z + 1 / z - 2) / (2 * OMEGA**2)}
    (square,) = sympy.solve(warp.mu - OMEGA**2, h_i**2)
    return sympy.factor(_at(expression, warp).subs(places).subs(h_i**2, square))


def _at(expression: Expr, warp: Warp) -> Expr:
    here = sympy.powsimp(sympy.expand(expression.xreplace({u_i: warp.u, h_i: warp.h})))
    return here.xreplace({D_i: warp.denominator})


def _is_rational(expression: Expr, variable: Symbol) -> Verdict:
    if expression.is_rational_function(variable):
        return Proved("inspection")
    return Undecided(f"{expression} is not rational in {variable}")
