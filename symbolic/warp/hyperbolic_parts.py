"""S and T for each sign of μ: scaled and entire, and where they meet a pole; proved by their equation.

S′ = 1 + μ T and T′ = S from S = T = 0 determine both. With r = √|μ| they are sinh(r s)/r and
2 (sinh(r s/2)/r)² for μ > 0, the same in sines for μ < 0, and s and s²/2 for μ = 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sympy
from sympy import Expr, Symbol, diff, sin
from sympy.codegen.cfunctions import expm1

from symbolic.notation.symbols import s
from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero

rate, q = Symbol("rate", positive=True), Symbol("q", real=True)  # √|μ|, and z = 2/q at the pole
angle = Symbol("angle", nonnegative=True)  # √|μ| |s|
sign = Symbol("sign", real=True)  # of s
half = Symbol("half", real=True)  # S at s/2


class SignOfMu(StrEnum):
    """On which branch of S and T a neuron is."""

    POSITIVE = "mu > 0"
    NEGATIVE = "mu < 0"
    ZERO = "mu = 0"


MU: Mapping[SignOfMu, Expr] = {
    SignOfMu.POSITIVE: rate**2, SignOfMu.NEGATIVE: -(rate**2), SignOfMu.ZERO: sympy.Integer(0),
}  # fmt: skip


@dataclass(frozen=True)
class Scaled:
    """A common factor, and S and T times it.

    Attributes:
        scale: the factor.
        S, T: scaled.
    """

    scale: Expr
    S: Expr
    T: Expr


SCALED: Mapping[SignOfMu, Scaled] = {
    SignOfMu.POSITIVE: Scaled(
        sympy.exp(-angle), -sign * expm1(-2 * angle) / (2 * rate), (expm1(-angle) / rate) ** 2 / 2
    ),
    SignOfMu.NEGATIVE: Scaled(
        sympy.Integer(1), sign * sin(angle) / rate, 2 * (sin(angle / 2) / rate) ** 2
    ),
    SignOfMu.ZERO: Scaled(sympy.Integer(1), s, s**2 / 2),
}
ENTIRE: Mapping[SignOfMu, Expr] = {
    SignOfMu.POSITIVE: sympy.sinh(rate * s) / rate,
    SignOfMu.NEGATIVE: sin(rate * s) / rate,
    SignOfMu.ZERO: s,
}
POLES: Mapping[SignOfMu, Expr] = {
    SignOfMu.POSITIVE: 2 * sympy.atanh(rate / q) / rate,
    SignOfMu.NEGATIVE: 2 * sympy.atan2(rate, q) / rate,
    SignOfMu.ZERO: 2 / q,
}


def _is_flow(name: str, S: Expr, T: Expr, value: Expr) -> Iterator[Certificate]:
    """S′ = 1 + μ T and T′ = S, and both 0 at s = 0: no other functions are that."""
    yield Certificate(f"{name}: S' = 1 + mu T", _equal(diff(S, s), 1 + value * T))
    yield Certificate(f"{name}: T' = S", _equal(diff(T, s), S))
    for letter, part in (("S", S), ("T", T)):
        yield Certificate(f"{name}: {letter} = 0 at s = 0", prove_zero(part.subs(s, 0)))


def _equal(left: Expr, right: Expr) -> Verdict:
    """With sines of an angle and of its half in those of the half."""
    place = Symbol("x", real=True)
    halved = (sympy.expand_trig(part.subs(s, 2 * place / rate)) for part in (left, right))
    return prove_equal(*halved)


def scaled_certificates(scaled: Mapping[SignOfMu, Scaled]) -> Iterator[Certificate]:
    """Each without its factor, on each side of s = 0."""
    for name, place in scaled.items():
        for side, words in ((1, "s >= 0"), (-1, "s < 0")):
            here = {angle: side * rate * s, sign: sympy.Integer(side)}
            S, T = (part.xreplace(here) / place.scale.xreplace(here) for part in (place.S, place.T))
            yield from _is_flow(f"scaled, {name}, {words}", S, T, MU[name])


def entire_certificates(entire: Mapping[SignOfMu, Expr], of_half: Expr) -> Iterator[Certificate]:
    """Each S, with T by S at s/2."""
    for name, S in entire.items():
        T = of_half.xreplace({half: S.subs(s, s / 2)})
        yield from _is_flow(f"entire, {name}", S, T, MU[name])


def z_at(name: SignOfMu, place: Expr) -> Expr:
    """2 tanh(√μ s/2)/√μ at s."""
    if name == SignOfMu.ZERO:
        return place
    head = sympy.tanh if name == SignOfMu.POSITIVE else sympy.tan
    return 2 * head(rate * place / 2) / rate


def is_first(name: SignOfMu, place: Expr) -> Verdict:
    """As z takes no value twice; for μ < 0 until √−μ s = 2π, twice what an arctan2 is below."""
    if name != SignOfMu.NEGATIVE:
        return Proved("z takes no value twice")
    turns = sympy.cancel(place * rate / 2)
    return (
        Proved("range of the arctangent")
        if turns == sympy.atan2(rate, q)
        else Undecided(f"{turns}")
    )
