"""One variable with a polynomial velocity of degree 1 or 2: exponential, logistic, Riccati.

dz/dt = c₀ + c₁ z + c₂ z² is solved in projective coordinates (`symbolic.explicit.riccati`) and written in
decaying exponentials: with E = exp(−2Rt), R = √(c₁²/4 − c₀c₂),

    z = (z₀ (R (1 + E) + (c₁/2)(1 − E)) + c₀ (1 − E)) / (R (1 + E) − (c₁/2 + c₂ z₀)(1 − E)),

which tends to a root of the velocity where R > 0. A linear equation is the case c₂ = 0 with R = |c₁|/2.
"""

from __future__ import annotations

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
        certificates: what was proved.
    """

    riccati: Riccati
    value: Expr
    limit: Expr
    rate: Expr
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
    found = Scalar(riccati, value, limit, rate, ())
    return Scalar(riccati, value, limit, rate, all_proved((*riccati.certificates, *_proofs(found))))


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


def rate_of(coefficients: tuple[Expr, Expr, Expr]) -> Expr:
    """R = √(c₁²/4 − c₀c₂)."""
    first, second, third = coefficients
    return sympy.sqrt(sympy.factor(second**2 / 4 - first * third))
