"""One variable with a polynomial velocity of degree 1 or 2: exponential, logistic, Riccati.

dz/dt = c₀ + c₁ z + c₂ z² is solved in projective coordinates (`symbolic.explicit.riccati`) and written in
decaying exponentials: with E = exp(−2Rt), R = √(c₁²/4 − c₀c₂),

    z = (z₀ (R (1 + E) + (c₁/2)(1 − E)) + c₀ (1 − E)) / (R (1 + E) − (c₁/2 + c₂ z₀)(1 − E)),

which tends to a root of the velocity where R > 0. A linear equation is the case c₂ = 0 with R = |c₁|/2.
Where R = 0 it is 0/0, and what it tends to there is the solution,

    z = (z₀ + (c₀ + c₁ z₀/2) t)/(1 − (c₁/2 + c₂ z₀) t).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Expr, Symbol

from symbolic.explicit.notation import C, E, R, S
from symbolic.explicit.riccati import Riccati, solve
from symbolic.notation.symbols import t
from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import prove_equal, prove_zero
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.solution import all_proved

c_0, c_1, c_2 = sympy.symbols("c_0 c_1 c_2", real=True)
z_0 = Symbol("z_0", real=True)


@dataclass(frozen=True)
class Scalar:
    """The solution of dz/dt = c₀ + c₁ z + c₂ z² for any coefficients with R > 0.

    Attributes:
        riccati: in projective coordinates.
        value: z in E, R, the coefficients and z₀.
        limit: of z as t → ∞, E → 0.
        rate: R.
        slow: z where R = 0, in t, the coefficients and z₀.
        certificates: what was proved.
    """

    riccati: Riccati
    value: Expr
    limit: Expr
    rate: Expr
    slow: Expr
    certificates: tuple[Certificate, ...]


@cache
def general() -> Scalar:
    """Solve and prove, for letters; once."""
    riccati = solve((c_0, c_1, c_2), z_0)
    decaying = {C: (1 + E) / 2, S: (1 - E) / (2 * R)}  # times exp(−Rt)
    top, bottom = (
        sympy.expand(2 * R * part.xreplace(decaying))
        for part in (riccati.numerator, riccati.denominator)
    )
    value = sympy.collect(top, E) / sympy.collect(bottom, E)
    limit = value.subs(E, 0)
    rate = sympy.sqrt(c_1**2 / 4 - c_0 * c_2)
    top, bottom = (
        part.xreplace({C: sympy.Integer(1), S: t})
        for part in (riccati.numerator, riccati.denominator)
    )
    found = Scalar(riccati, value, limit, rate, top / bottom, ())
    return dataclasses.replace(
        found, certificates=all_proved((*riccati.certificates, *_proofs(found)))
    )


def _proofs(found: Scalar) -> Iterator[Certificate]:
    square = {R: c_1**2 / 4 - c_0 * c_2}
    value, limit = found.value, found.limit
    slope = sympy.diff(value, E) * (-2 * R * E)
    yield Certificate(
        "dz/dt = c_0 + c_1 z + c_2 z^2",
        prove_zero(slope - (c_0 + c_1 * value + c_2 * value**2), squares=square),
    )
    yield Certificate("z(0) is the start", prove_equal(value.subs(E, 1), z_0))
    yield Certificate(
        "the limit is a root of the velocity",
        prove_zero(c_0 + c_1 * limit + c_2 * limit**2, squares=square),
    )
    yield Certificate("exp(-2 R t) tends to 0", _decays())
    yield from _slow_proofs(found)


def _slow_proofs(found: Scalar) -> Iterator[Certificate]:
    """At R = 0: c₁² = 4 c₀ c₂."""
    double, slow = {c_1: 4 * c_0 * c_2}, found.slow
    yield Certificate(
        "dz/dt = c_0 + c_1 z + c_2 z^2 at R = 0",
        prove_zero(sympy.diff(slow, t) - (c_0 + c_1 * slow + c_2 * slow**2), squares=double),
    )
    yield Certificate("z(0) is the start at R = 0", prove_equal(slow.subs(t, 0), z_0))
    near = sympy.limit(found.value.xreplace({E: sympy.exp(-2 * R * t)}), R, 0)
    yield Certificate("what it tends to as R tends to 0", prove_equal(near, slow))


def _decays() -> Verdict:
    found = sympy.limit(sympy.exp(-2 * R * t), t, sympy.oo)
    return Proved("limit") if found == 0 else Undecided(f"limit {found}")


def scalar(coefficients: tuple[Expr, Expr, Expr], start: Expr, rate: Expr) -> tuple[Expr, Expr]:
    """Value and limit at coefficients of one's own.

    Args:
        coefficients: (c₀, c₁, c₂).
        start: z₀.
        rate: a symbol or expression for R.
    """
    at = dict(zip((c_0, c_1, c_2, z_0, R), (*coefficients, start, rate), strict=True))
    value = general().value.xreplace({E: sympy.exp(-2 * R * t)})
    return value.xreplace(at), general().limit.xreplace(at)


def slow_scalar(coefficients: tuple[Expr, Expr, Expr], start: Expr) -> Expr:
    """The value where R = 0, at coefficients of one's own.

    Args:
        coefficients: (c₀, c₁, c₂), with c₁² = 4 c₀ c₂.
        start: z₀.
    """
    at = dict(zip((c_0, c_1, c_2, z_0), (*coefficients, start), strict=True))
    return general().slow.xreplace(at)


def rate_of(coefficients: tuple[Expr, Expr, Expr]) -> Expr:
    """R = √(c₁²/4 − c₀c₂)."""
    first, second, third = coefficients
    return sympy.sqrt(sympy.factor(second**2 / 4 - first * third))
