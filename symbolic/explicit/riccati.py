"""Riccati equations in projective coordinates: one formula, no special cases.

z′ = c₀ + c₁ z + c₂ z² is linear for the pair (N, D) with z = N/D:

    (N, D)′ = M (N, D),   M = [[c₁/2, c₀], [−c₂, −c₁/2]],   M² = R² · 1,   R² = c₁²/4 − c₀c₂,

so (N, D)(t) = (C + S M)(N, D)(0) with C = cosh(R t) and S = sinh(R t)/R. Both are entire functions
of R², so the double root R = 0 is not special (there C = 1, S = t), and neither is a vanishing c₀,
c₁ or c₂. Proofs use only C′ = R² S, S′ = C and C² − R² S² = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Matrix, diff

from symbolic.explicit.notation import C, R, S, denominator, numerator
from symbolic.notation.symbols import t
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero

REALISED = {C: sympy.cosh(R * t), S: sympy.sinh(R * t) / R}


@dataclass(frozen=True, kw_only=True)
class Riccati(Record):
    """The solution of z′ = c₀ + c₁ z + c₂ z², z(0) = z₀.

    Attributes:
        coefficients: (c₀, c₁, c₂).
        start: z₀.
        rate_squared: R².
        numerator, denominator: N and D in terms of C and S.
        wronskian: N′D − N D′, which does not depend on t.
    """

    coefficients: Need[tuple[Expr, Expr, Expr]]
    start: Need[Expr]
    rate_squared: Expr
    numerator: Expr
    denominator: Expr
    wronskian: Expr

    @property
    def matrix(self) -> Matrix:
        """Of the linear equation for N and D."""
        return _matrix(self.coefficients)

    def certify(self) -> Iterator[Certificate]:
        """Differentiate by the rules of C and S, and prove these rules."""
        yield Certificate(
            "M squared is R^2 times the identity", _is_scalar(self.matrix, self.rate_squared)
        )
        yield from _solution_certificates(self)
        yield Certificate("C' = R^2 S", prove_equal(diff(REALISED[C], t), R**2 * REALISED[S]))
        yield Certificate("S' = C", prove_equal(diff(REALISED[S], t), REALISED[C]))
        yield Certificate(
            "C^2 - R^2 S^2 = 1", prove_zero(REALISED[C] ** 2 - R**2 * REALISED[S] ** 2 - 1)
        )
        yield Certificate("S = t, C = 1 at R = 0", _double_root())

    def explain(self) -> Iterator[Step]:
        """The linear equation and its solution."""
        yield Step(
            "Projective coordinates",
            (
                (r"\frac{d}{dt}\binom ND", rf"{typeset(self.matrix)}\binom ND"),
                (R**2, self.rate_squared),
                (numerator, self.numerator),
                (denominator, self.denominator),
                (r"\dot N D-N\dot D", self.wronskian),
            ),
            r"With $\alpha=N/D$ the Riccati equation is linear; $\mathcal M$, its "
            r"matrix, is traceless, so $\mathcal M^2=R^2$ and "
            r"$e^{\mathcal Mt}=C+S\mathcal M$ with $C=\cosh(Rt)$, $S=\sinh(Rt)/R$ (and $C=1$, $S=t$ "
            r"at $R=0$).",
        )


def time_derivative(expression: Expr, rate_squared: Expr) -> Expr:
    """d/dt by the rules C′ = R² S and S′ = C."""
    return diff(expression, C) * rate_squared * S + diff(expression, S) * C


def hyperbolic_square(rate_squared: Expr) -> dict[Expr, Expr]:
    """The relation C² = 1 + R² S²."""
    return {C: 1 + rate_squared * S**2}


def solve(coefficients: tuple[Expr, Expr, Expr], start: Expr) -> Riccati:
    """Solve in projective coordinates."""
    matrix = _matrix(coefficients)
    flow = C * sympy.eye(2) + S * matrix
    top, bottom = (sympy.expand(entry) for entry in flow * Matrix([start, 1]))
    c_0, c_1, c_2 = coefficients
    return Riccati(
        coefficients=coefficients,
        start=start,
        rate_squared=sympy.expand(-matrix.det()),
        numerator=top,
        denominator=bottom,
        wronskian=sympy.expand(c_0 + c_1 * start + c_2 * start**2),
    )


def _matrix(coefficients: tuple[Expr, Expr, Expr]) -> Matrix:
    c_0, c_1, c_2 = coefficients
    return Matrix([[c_1 / 2, c_0], [-c_2, -c_1 / 2]])


def _solution_certificates(record: Riccati) -> Iterator[Certificate]:
    c_0, c_1, c_2 = record.coefficients
    top, bottom, rate_squared = record.numerator, record.denominator, record.rate_squared
    square = hyperbolic_square(rate_squared)
    d_top, d_bottom = (time_derivative(z, rate_squared) for z in (top, bottom))
    z = top / bottom
    yield Certificate(
        "N' = first row of M", prove_equal(d_top, c_1 / 2 * top + c_0 * bottom, squares=square)
    )
    yield Certificate(
        "D' = second row of M", prove_equal(d_bottom, -c_2 * top - c_1 / 2 * bottom, squares=square)
    )
    yield Certificate(
        "z' = c0 + c1 z + c2 z^2",
        prove_equal(time_derivative(z, rate_squared), c_0 + c_1 * z + c_2 * z**2, squares=square),
    )
    initial = {C: sympy.Integer(1), S: sympy.Integer(0)}
    yield Certificate("z(0) is the start", prove_equal(z.subs(initial), record.start))
    yield Certificate(
        "N'D - ND' is constant",
        prove_equal(d_top * bottom - top * d_bottom, record.wronskian, squares=square),
    )


def _is_scalar(matrix: Matrix, rate_squared: Expr) -> Verdict:
    remainder = (matrix * matrix - rate_squared * sympy.eye(2)).applyfunc(sympy.expand)
    return Proved("expansion") if remainder.is_zero_matrix else Undecided(str(remainder))


def _double_root() -> Verdict:
    limits = [sympy.limit(REALISED[z], R, 0) for z in (C, S)]
    return Proved("limit") if limits == [1, t] else Undecided(f"limits {limits}")
