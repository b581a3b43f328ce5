"""Stage: the elapsed time t(s) = ∫ ds / (−∂ℓ/∂f), where it is elementary.

For the square it is ∫ ds / (2 (y − f)). If the output is a rational function of one coordinate z whose
warped velocity z′ is rational too, the integrand is rational in z and t is elementary. Written

    1/(z′ (y − f)) = 1/(y z′) + f/(y z′ (y − f)),

its first part integrates to the clock, s/y; the second is a proper fraction whose poles are the
roots r of f(r) = y. Where they are simple

    t = s/(2 y) − Σ_r log|z − r| / (2 K(r)) + const,

with the tangent kernel K = df/ds. At real roots that a neuron can reach K > 0; elsewhere K is no sum
of squares of real numbers, and for exceptional values two roots meet where K vanishes.

For β = 3 the coordinate is s itself, at any width. At width 1 there is one for every integer β
(`width_one`, `every_integer`). For β = 2 it is exp(ω s), if all frequencies √μ are multiples of one ω by
integers other than zero, and s if all are zero.
`transcendence` shows that two incommensurable frequencies leave no elementary t.

A loss whose slope is a rational function of f, branch by branch, leaves a rational integral wherever the
output is rational in a coordinate, proper fraction or not: so it is for the linear network, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import sympy
from sympy import Expr, Integer, Symbol, diff

from symbolic.network.convexity import ConvexLoss, branches
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import beta, f, h_i, s, u_i
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.linear import root_of_linear
from symbolic.proof.remembered import remembered
from symbolic.warp import clock as clocks
from symbolic.warp import every_integer, width_one
from symbolic.warp.clock import Clock
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.notation import D_i, S_mu, T_mu, half
from symbolic.warp.orbits import (
    AS_TEXT,
    OF_ONE,
    ORBIT_OF,
    ZERO_ON,
    Condition,
    OpenOrbit,
    Orbit,
)
from symbolic.warp.width_one import Fraction, is_proper

z = clocks.z
OMEGA = Symbol("omega", positive=True)
ANY_WIDTH = Condition.ANY_WIDTH


@dataclass(frozen=True, kw_only=True)
class ElapsedTime(Record):
    """Where t is elementary.

    Attributes:
        closes: condition → fraction, where the fraction can be written for symbols (width 1), or
            None where it can be written for numbers only (its degree grows with the width). For
            losses that are squares.
        rational: further conditions under which dt/dz is a rational function of a coordinate z, as
            the output is and the slope of the loss.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    clock: Need[Clock]
    warp: Need[FlowMap | None]
    closes: dict[Condition, Fraction | None]
    rational: tuple[Condition, ...]

    def certify(self) -> Iterator[Certificate]:
        """Condition by condition; that a loss's slope is rational; that none is left out."""
        found = _closed(self.loss, self.flow, self.clock, self.warp)
        same = list(found) == list(self.closes) and _rational(self.loss, self.warp) == self.rational
        whole = Proved("names") if same else Undecided(f"{list(self.closes)}, {self.rational}")
        yield Certificate("no condition is left out", whole)
        for name, fraction in self.closes.items():
            yield from self._closed(name, fraction)
        for name in self.rational:
            yield from self._rational(name)

    def _closed(self, name: Condition, fraction: Fraction | None) -> Iterator[Certificate]:
        if self.loss.factor is None:
            yield Certificate(f"{name}: the loss is a square", Undecided("no factor"))
        orbit = ORBIT_OF.get(name)
        if fraction is not None and isinstance(orbit, Orbit):
            yield from width_one.prove_at_number(self.flow, self.clock, orbit, fraction)
        elif fraction is not None and isinstance(orbit, OpenOrbit):
            yield from every_integer.prove_at_every_integer(self.flow, self.clock, orbit, fraction)
        else:
            yield from _many_neurons(self.flow, self.warp, name)
            whole = Proved("none") if fraction is None else Undecided(f"{fraction}")
            yield Certificate(f"{name}: no fraction holds at all widths", whole)

    def _rational(self, name: Condition) -> Iterator[Certificate]:
        place = rational_places(self.warp)[name]
        here, kernel = (place.inside(z) for z in (self.flow.output_i, self.flow.tangent_kernel_i))
        slope = prove_equal(
            diff(here, place.variable) * place.velocity, kernel, squares=place.squares
        )
        rational = is_rational(here, place.variable)
        yield Certificate(f"{name}: the output of a neuron is rational", rational)
        yield Certificate(f"{name}: df/ds is the tangent kernel", slope)
        for number, (value, _) in enumerate(branches(self.loss.slope), 1):
            fraction = is_rational(value, f)
            yield Certificate(f"{name}: branch {number} of the slope is rational in f", fraction)

    def explain(self) -> Iterator[Step]:
        """The formula, and where it holds."""
        if self.closes:
            yield Step(
                "Elapsed time",
                (
                    (r"\frac{dt}{ds}", _speed(self.loss)),
                    ("t", _sum_of_logarithms(self.loss)),
                    *(_row(AS_TEXT[name], value) for name, value in self.closes.items()),
                ),
                r"Partial fractions in a coordinate $z$ in which $f$ and $\dot z$ are rational, "
                r"$y\neq0$; $K=df/ds$ is the tangent kernel, real or complex, at the root. At width 1 "
                r"the roots are those of a polynomial.",
            )
        if self.rational:
            yield Step(
                "Elapsed time by a rational integral",
                ((r"\frac{dt}{dz}", r"\frac{-1}{\dot z\,\partial\ell/\partial f}"),),
                r"The output is rational in $z=e^{\omega_f s}$, or in $s$, and so is the slope of the "
                r"loss: partial fractions give $t$, at any width.",
            )


def derive(loss: ConvexLoss, flow: Flow, clock: Clock, warp: FlowMap | None) -> ElapsedTime:
    """Find the coordinates in which the output is rational, and prove the fractions.

    Raises:
        DoesNotApply: when there are none, or the slope of the loss is not rational in the output.
    """
    closes, rational = _closed(loss, flow, clock, warp), _rational(loss, warp)
    if not closes and not rational:
        if loss.factor is None and not _has_rational_slope(loss):
            raise DoesNotApply("the slope of the loss is no rational function of the output")
        raise DoesNotApply("the output is a proper fraction in no coordinate")
    return ElapsedTime(
        loss=loss, flow=flow, clock=clock, warp=warp, closes=closes, rational=rational
    )


def _closed(
    loss: ConvexLoss, flow: Flow, clock: Clock, warp: FlowMap | None
) -> dict[Condition, Fraction | None]:
    """Where t is the clock and a sum of logarithms: for squares alone."""
    closes: dict[Condition, Fraction | None] = {}
    if loss.factor is None:
        return closes
    if clock.is_closed:
        for branch in clocks.SIGNS:
            with suppress(DoesNotApply):
                closes[OF_ONE[branch]] = width_one.at_number(flow, clock, branch)
    elif flow.output_i.has(beta):
        for orbit, fraction in every_integer.at_every_integer(flow, clock).items():
            closes[OF_ONE[orbit]] = fraction
    return closes | dict.fromkeys(_places(warp))


def _has_rational_slope(loss: ConvexLoss) -> bool:
    return all(value.is_rational_function(f) for value, _ in branches(loss.slope))


def _rational(loss: ConvexLoss, warp: FlowMap | None) -> tuple[Condition, ...]:
    """Where dt/dz is rational, and nothing more is known of it."""
    if not _has_rational_slope(loss):
        return ()
    known = () if loss.factor is None else tuple(_places(warp))
    return tuple(name for name in rational_places(warp) if name not in known)


def _speed(loss: ConvexLoss) -> str:
    return r"\frac{1}{2(y-f)}" if loss.factor == 1 else r"\frac{-1}{\partial\ell/\partial f}"


def _sum_of_logarithms(loss: ConvexLoss) -> str:
    twice = 2 * (loss.factor or 1)
    unit = "" if twice == 1 else typeset(twice)
    first = r"\frac{s}{" + unit + r"y}"
    return first + r"-\sum_{r:\,f(r)=y}\frac{1}{" + unit + r"K(r)}\ln\frac{z-r}{z(0)-r}"


def _row(condition: str, fraction: Fraction | None) -> tuple[str, Expr | str]:
    """The equation of the roots, or the coordinate."""
    where = rf"\big|_{{\text{{{condition}}}}}"
    if fraction is None:
        return f"z{where}", r"\text{$s$, or $e^{\omega_f s}$; the degree grows with the width}"
    return f"0{where}", fraction.polynomial


@dataclass(frozen=True)
class Place:
    """A function of s in which the output of every neuron is rational.

    Attributes:
        inside: an expression in u and h, both at s, in that function.
        variable, velocity: the function, and its derivative by s.
        squares: what the squares of symbols in it are.
    """

    inside: Callable[[Expr], Expr]
    variable: Symbol
    velocity: Expr
    squares: Mapping[Symbol, Expr] = field(default_factory=dict)


@remembered
def _places(warp: FlowMap | None) -> dict[Condition, Place]:
    """Functions of s in which the output is a proper fraction, by the condition."""
    if warp is None or (warp.mu != 0 and not warp.mu.has(u_i, h_i)):
        return {}  # one frequency: the output grows with exp(ω s)
    if warp.mu == 0:
        return {ANY_WIDTH: Place(lambda expression: _in_s(expression, warp), s, Integer(1))}
    places = {
        Condition.COMMENSURABLE: Place(lambda part: _in_exponential(part, warp), z, OMEGA * z)
    }
    for root in sympy.solve(warp.mu, u_i):
        on_line = partial(_on_line, warp=warp, root=root)
        places[ZERO_ON[Orbit.on_line(root)]] = Place(on_line, s, Integer(1))
    return places


@remembered
def rational_places(warp: FlowMap | None) -> dict[Condition, Place]:
    """Functions of s in which the output is rational, proper fraction or not."""
    if warp is None or warp.mu == 0 or warp.mu.has(u_i, h_i):
        return _places(warp)
    whole = Place(lambda part: _exponential(part, warp), z, OMEGA * z, {OMEGA: warp.mu})
    return {ANY_WIDTH: whole}


@remembered
def _many_neurons(flow: Flow, warp: FlowMap | None, name: Condition) -> list[Certificate]:
    """The output of every neuron is rational there, and vanishes at ∞."""
    place = _places(warp)[name]
    here, kernel = (place.inside(part) for part in (flow.output_i, flow.tangent_kernel_i))
    top, bottom = sympy.fraction(sympy.together(here))
    certificates = [
        Certificate(
            f"{name}: the output of a neuron is rational", is_rational(here, place.variable)
        ),
        Certificate(f"{name}: its fraction is proper", is_proper(top, bottom, place.variable)),
        Certificate(
            f"{name}: df/ds is the tangent kernel",
            prove_equal(diff(here, place.variable) * place.velocity, kernel),
        ),
    ]
    if place.variable == z:  # z′ = ω z vanishes there: the fraction would have one more pole
        vanishes = prove_zero(here.subs(z, 0))
        certificates.append(Certificate(f"{name}: the output vanishes at z = 0 too", vanishes))
        certificates += _multiples()
    return certificates


def multiple(square: Expr, k: Expr, place: Expr) -> Expr:
    """2 tanh(kωs/2)/(kω) from z = 2 tanh(ωs/2)/ω: rational for an integer k, and in ω² = `square`.

    With (1 + ωz/2)^k = A + ωB, A and B polynomials in z and ω², it is 2B/(kA).
    """
    omega = sympy.sqrt(square)
    up, down = ((1 + sign * omega * place / 2) ** k for sign in (1, -1))
    return 2 * (up - down) / (k * omega * (up + down))


def _multiples() -> list[Certificate]:
    """Every z_k obeys its own equation z_k′ = 1 − k²ω² z_k²/4 and starts at 0: k is left open."""
    square = OMEGA**2
    found = multiple(square, half, z)
    velocity = 1 - square * z**2 / 4
    along = prove_equal(diff(found, z) * velocity, 1 - half**2 * square * found**2 / 4)
    return [
        Certificate("2 tanh(k w s/2)/(k w) is rational in 2 tanh(w s/2)/w", along),
        Certificate("and 0 where that is", prove_zero(found.subs(z, 0))),
    ]


@remembered
def _in_s(expression: Expr, warp: FlowMap) -> Expr:
    """An expression in u and h, both at s, for μ = 0, where S = s and T = s²/2."""
    return sympy.factor(_at(expression, warp).subs({S_mu: s, T_mu: s**2 / 2}))


def _on_line(expression: Expr, warp: FlowMap, root: Expr) -> Expr:
    """The same on a line u = root."""
    return _factored(_in_s(expression, warp).subs(u_i, root))


@remembered
def _factored(expression: Expr) -> Expr:
    return sympy.factor(expression)


@remembered
def _in_exponential(expression: Expr, warp: FlowMap) -> Expr:
    """An expression in u and h, both at s, in z = exp(ω s), h eliminated by ω² = μ."""
    square = root_of_linear(warp.mu - OMEGA**2, h_i**2)
    return sympy.factor(_exponential(expression, warp).subs(h_i**2, square))


@remembered
def _exponential(expression: Expr, warp: FlowMap) -> Expr:
    """An expression in u and h, both at s, in z = exp(ω s)."""
    places = {S_mu: (z - 1 / z) / (2 * OMEGA), T_mu: (z + 1 / z - 2) / (2 * OMEGA**2)}
    return _at(expression, warp).subs(places)


def _at(expression: Expr, warp: FlowMap) -> Expr:
    here = sympy.powsimp(sympy.expand(expression.xreplace({u_i: warp.u, h_i: warp.h})))
    return here.xreplace({D_i: warp.denominator})


def is_rational(expression: Expr, variable: Symbol) -> Verdict:
    """Whether an expression is a rational function of a variable."""
    if expression.is_rational_function(variable):
        return Proved("inspection")
    return Undecided(f"{expression} is not rational in {variable}")
