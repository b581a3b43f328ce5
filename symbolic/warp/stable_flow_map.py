"""Stage: the flow map of a neuron in forms that floats can compute, for every sign of μ.

S = sinh(√μ s)/√μ and T = (cosh(√μ s) − 1)/μ grow with √μ|s| where μ > 0, oscillate where μ < 0, and are
s and s²/2 where μ = 0. Evaluators need them three times:

* *scaled* by e^{−√μ|s|}, so that only decaying exponentials appear; whatever is homogeneous in S, T and D
  is then a function of the scaled ones;
* *entire*, without the scale, for complex s and for polynomials in s;
* *rational* in z = 2 tanh(√μ s/2)/√μ, a quotient, scaled to polynomials in both of its parts.

Where D has a negative power the neuron is infinite at the first root of D, z = 2/q: at
s = 2 artanh(√μ/q)/√μ, 2 arctan2(√−μ, q)/√−μ or 2/q, if q > 0. Where μ is not always 0, q (−D₁ − √Δ) =
D₁² − Δ = μ: for μ ≥ 0 there is one if D₁ < 0 alone, and then q > √μ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Expr, Symbol

from symbolic.notation.source import XU_ZIYIN, Source
from symbolic.notation.symbols import s
from symbolic.notation.table import TABLE
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.warp import flow_map
from symbolic.warp.flow_map import FlowMap, rational_in
from symbolic.warp.hyperbolic_parts import (
    ENTIRE,
    MU,
    POLES,
    SCALED,
    Scaled,
    SignOfMu,
    angle,
    entire_certificates,
    half,
    is_first,
    q,
    rate,
    scaled_certificates,
    sign,
    z_at,
)
from symbolic.warp.notation import D_i, S_mu, T_mu, discriminant, first, mu, second, z_bottom, z_top

top = TABLE["top"].symbol
# Not positive: a root of a quotient of them stays one root, of an array in every number library.
scale, scaled_D = Symbol("scale", real=True), Symbol("denominator", real=True)


@dataclass(frozen=True, kw_only=True)
class StableFlowMap(Record):
    """A neuron at warped time s, in forms without overflow and cancellation.

    Attributes:
        flow_map: in S, T and D.
        rate: √|μ| in μ.
        angle: √|μ| |s| in rate and s.
        scaled: S and T in rate, angle and the sign of s, for each sign of μ.
        entire: S in rate and s, for each sign of μ.
        entire_T: T in half = S(s/2).
        rational: S and T in z_top and z_bottom, of which z is the quotient.
        denominator: the scaled D in the scaled S and T.
        h, u: the neuron at s in the scaled S, T and D, and in their scale.
        gain_numerator: the gain times a power of D, in the same; a polynomial.
        gain: in its numerator, top, and the scaled D.
        gain_power: that power.
        q: in D₁ and Δ.
        pole: the first s > 0 with D = 0 in rate and q, for each sign of μ; none where D has a positive
            power, and the neuron passes through.
    """

    sources: ClassVar[Mapping[str, Source]] = {
        "neuron": XU_ZIYIN.at("Eq. 27"),
        "place": XU_ZIYIN.at("Eq. 29"),
        "entire_place": XU_ZIYIN.at("Eq. 29"),
        "rational_place": XU_ZIYIN.at("Eq. 29"),
        "pole": XU_ZIYIN.at("Eq. 29"),
        "u_at": XU_ZIYIN.at("Eq. 7"),
        "h_at": XU_ZIYIN.at("Eq. 7"),
        "gain_numerator": XU_ZIYIN.at("Eq. 32"),
        "gain": XU_ZIYIN.at("Eq. 32"),
    }

    flow_map: Need[FlowMap]
    rate: Expr
    angle: Expr
    scaled: dict[SignOfMu, Scaled]
    entire: dict[SignOfMu, Expr]
    entire_T: Expr
    rational: Scaled
    denominator: Expr
    h: Expr
    u: Expr
    gain_numerator: Expr
    gain: Expr
    gain_power: int
    q: Expr
    pole: dict[SignOfMu, Expr]

    @property
    def plain_numerator(self) -> Expr:
        """The gain times its power of D, in S, T and D."""
        return self.flow_map.gain * D_i**self.gain_power

    def certify(self) -> Iterator[Certificate]:
        """S and T by their differential equation, whatever the sign of μ; the rest by substitution."""
        yield Certificate("no sign of mu is left out", _are_all(self))
        yield from _rate_certificates(self)
        yield from scaled_certificates(self.scaled)
        yield from entire_certificates(self.entire, self.entire_T)
        yield from _rational_certificates(self.rational, _named_mu(self.flow_map))
        yield from _neuron_certificates(self)
        yield from _pole_certificates(self)

    def explain(self) -> Iterator[Step]:
        """S and T for s ≥ 0, sign by sign."""
        rows: list[tuple[str, Expr]] = []
        for name, place in self.scaled.items():
            root = sympy.sqrt(sympy.Abs(mu)) if name == SignOfMu.NEGATIVE else sympy.sqrt(mu)
            here = {angle: root * s, rate: root, sign: sympy.Integer(1)}
            where = rf"\big|_{{{name.replace('mu', chr(92) + 'mu')}}}"
            factor = r"e^{-\sqrt\mu s}" if name == SignOfMu.POSITIVE else ""
            rows += [
                (rf"{factor}{letter}_\mu{where}", value.xreplace(here))
                for letter, value in (("S", place.S), ("T", place.T))
            ]
        yield Step(
            "Flow map in decaying exponentials",
            tuple(rows),
            r"$S_\mu'=1+\mu T_\mu$ and $T_\mu'=S_\mu$ from $S_\mu=T_\mu=0$ determine both, whatever the "
            r"sign of $\mu$; $h_i(s)$ and $u_i(s)$ are functions of their multiples by one factor.",
        )


def signs_of(solution: FlowMap) -> tuple[SignOfMu, ...]:
    """The signs that μ can have."""
    return (SignOfMu.ZERO,) if solution.mu == 0 else tuple(SignOfMu)


def _named_mu(solution: FlowMap) -> Expr:
    """μ by its name, where it is not 0."""
    return mu if solution.mu != 0 else sympy.Integer(0)


def derive(solution: FlowMap) -> StableFlowMap:
    """Scale S and T, sign by sign, and write the neuron in them."""
    signs, power = signs_of(solution), _power_below(solution.gain)
    gain = in_scaled(solution.gain)
    numerator = sympy.factor(gain * scaled_D**power)
    whole = sympy.cancel(gain * scaled_D**power / numerator) * top / scaled_D**power
    return StableFlowMap(
        flow_map=solution,
        rate=sympy.sqrt(sympy.Abs(mu)),
        angle=rate * sympy.Abs(s),
        scaled={name: SCALED[name] for name in signs},
        entire={name: ENTIRE[name] for name in signs},
        entire_T=2 * half**2,
        rational=_rational(_named_mu(solution)),
        denominator=scale + first * S_mu + second * T_mu,
        h=in_scaled(solution.h),
        u=in_scaled(solution.u),
        gain_numerator=numerator,
        gain=whole,
        gain_power=power,
        q=flow_map.pole(first, discriminant),
        pole={} if solution.exponent > 0 else {name: POLES[name] for name in signs},
    )


def _rational(value: Expr) -> Scaled:
    common = z_bottom**2 - value * z_top**2 / 4
    parts = rational_in(z_top / z_bottom, value)
    S, T = (sympy.cancel(parts[part] * common) for part in (S_mu, T_mu))
    return Scaled(common, S, T)


def _power_below(gain: Expr) -> int:
    """The power of D below the gain."""
    bottom = sympy.fraction(gain)[1]
    return int(sympy.Poly(bottom, D_i).degree()) if bottom.has(D_i) else 0


def _are_all(record: StableFlowMap) -> Verdict:
    """Every sign has its forms, and its pole, if there are any."""
    signs = set(signs_of(record.flow_map))
    with_pole = set() if record.flow_map.exponent > 0 else signs
    if set(record.scaled) == set(record.entire) == signs and set(record.pole) == with_pole:
        return Proved("names")
    return Undecided(f"{list(record.scaled)}, {list(record.entire)}, {list(record.pole)}")


UNSCALED: Mapping[Expr, Expr] = {S_mu: S_mu / scale, T_mu: T_mu / scale, D_i: scaled_D / scale}


def in_scaled(expression: Expr) -> Expr:
    """An expression in S, T and D in terms of scaled ones."""
    bare = expression.subs(UNSCALED, simultaneous=True)
    if not bare.is_rational_function():
        return bare
    above, below = sympy.fraction(sympy.cancel(bare))
    return sympy.collect(sympy.expand(above), (S_mu, T_mu), sympy.factor) / below


def _rate_certificates(record: StableFlowMap) -> Iterator[Certificate]:
    for name, value in MU.items():
        root = record.rate.subs(mu, value)
        wanted = rate if value != 0 else sympy.Integer(0)
        yield Certificate(f"the rate, {name}", prove_equal(root, wanted))
    for side, words in ((1, "s >= 0"), (-1, "s < 0")):
        found = record.angle.subs(s, side * angle / rate)
        yield Certificate(f"the angle, {words}", prove_equal(found, angle))


def _rational_certificates(rational: Scaled, value: Expr) -> Iterator[Certificate]:
    exact = rational_in(z_top / z_bottom, value)
    for part, found in ((S_mu, rational.S), (T_mu, rational.T)):
        yield Certificate(
            f"{part} is rational in z", prove_equal(found, rational.scale * exact[part])
        )
    parts = (rational.scale, rational.S, rational.T)
    whole = all(part.is_polynomial(z_top, z_bottom) for part in parts)
    yield Certificate(
        "it has no denominators", Proved("inspection") if whole else Undecided(f"{parts}")
    )


def _neuron_certificates(record: StableFlowMap) -> Iterator[Certificate]:
    exact = record.flow_map
    coefficients = {first: exact.first, second: exact.second}
    yield Certificate(
        "D in the scaled parts",
        prove_equal(
            record.denominator.xreplace(coefficients),
            scale * exact.denominator.subs(UNSCALED, simultaneous=True),
        ),
    )
    whole = record.gain.xreplace({top: record.gain_numerator})
    for name, found, plain in (
        ("u(s)", record.u, exact.u), ("h(s)", record.h, exact.h), ("the gain", whole, exact.gain),
    ):  # fmt: skip
        yield Certificate(
            f"{name} in the scaled parts",
            prove_equal(found, plain.subs(UNSCALED, simultaneous=True)),
        )
    numerator = record.gain_numerator
    polynomial = numerator.is_polynomial(S_mu, T_mu, scaled_D)
    yield Certificate(
        "the gain's numerator is a polynomial",
        Proved("inspection") if polynomial else Undecided(f"{numerator}"),
    )
    start = {S_mu: sympy.Integer(0), T_mu: sympy.Integer(0)}
    yield Certificate("every term of it has a factor S or T", prove_zero(numerator.xreplace(start)))
    below = prove_equal(record.gain * scaled_D**record.gain_power, top)
    yield Certificate("the gain's denominator is a power of D", below)


def _pole_certificates(record: StableFlowMap) -> Iterator[Certificate]:
    """There z = 2/q, for the first time."""
    exact = record.flow_map
    places = {first: exact.first, discriminant: exact.discriminant}
    root = flow_map.pole(exact.first, exact.discriminant)
    yield Certificate("D has the root z = 2/q", prove_equal(record.q.xreplace(places), root))
    if len(record.pole) > 1:
        product = exact.first**2 - exact.discriminant
        yield Certificate("D_1^2 - Delta = mu", prove_equal(product, exact.mu))
    for name, place in record.pole.items():
        yield Certificate(f"{name}: z = 2/q at the pole", prove_equal(z_at(name, place), 2 / q))
        yield Certificate(f"{name}: no pole is before it", is_first(name, place))
