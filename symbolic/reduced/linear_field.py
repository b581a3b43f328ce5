"""One quadratic form of the weights, alone: two exponentials in the warp, a Riccati equation in time.

Where outputs have one form c = φᵀ H φ/2 alone, all weights share one clock, dφ/ds = H φ. If H³ = κ² H,

    φ(s) = (1 + H sinh(κs)/κ + H² (cosh(κs) − 1)/κ²) φ(0),     c = P a − Q/a,     a = exp(2κs),
    P, Q = (±c(0) + g/κ)/2,     g = |∇c|²/2 at the start,

and under half a square, ds/dt = σ (y − ρ c), the clock is a Riccati equation,

    da/dt = 2κσ (ρ Q + y a − ρ P a²),     a(0) = 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Matrix, Symbol

from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import prove_equal
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.scalar import general, rate_of, scalar, slow_scalar
from symbolic.reduced.solution import Solution, all_proved


@dataclass(frozen=True)
class Letters:
    """Symbols of the solution's own constants.

    Attributes:
        P, Q: moments of the start.
        R: rate.
        a: the clock exp(2κs).
    """

    P: Symbol
    Q: Symbol
    R: Symbol
    a: Symbol


def rate_squared(H: Matrix) -> Expr | None:
    """κ² with H³ = κ² H; None where there is none, or H = 0."""
    cube = H**3
    place = next(((i, j) for i in range(H.rows) for j in range(H.cols) if H[i, j] != 0), None)
    if place is None:
        return None
    found = cube[place] / H[place]
    return found if found > 0 and cube == found * H else None


def solved(
    H: Matrix,
    weights: Sequence[Expr],
    factors: tuple[Expr, Expr, Expr, Expr],
    output: Symbol,
    letters: Letters,
) -> Solution:
    """The weights, and the output, in time.

    Args:
        H: of the form c, in absorbed weights.
        weights: these, in terms of the weights.
        factors: (ρ, σ, y, constant): the output is ρ c + constant, ds/dt = σ (y − output).
        output: its symbol, f.
        letters: symbols of the constants, in the order in which they are defined.

    Raises:
        CertificateError: where a proof fails.
    """
    rho, sigma, y, constant = factors
    P, Q, R, a = letters.P, letters.Q, letters.R, letters.a
    square = rate_squared(H)
    assert square is not None
    kappa, target = sympy.sqrt(square), y - constant
    plain = _plain(weights)
    start: dict[Expr, Symbol] = {w: Symbol(f"{w}^0", real=True) for w in plain}
    first = Matrix([w.xreplace(start) for w in weights])
    c, g = (first.T * H * first)[0] / 2, (first.T * H**2 * first)[0] / 2
    coefficients = (
        2 * kappa * sigma * rho * Q,
        2 * kappa * sigma * target,
        -2 * kappa * sigma * rho * P,
    )
    clock, end = scalar(coefficients, sympy.Integer(1), R)
    constants = {
        P: sympy.expand((c + g / kappa) / 2),
        Q: sympy.expand((-c + g / kappa) / 2),
        R: rate_of(coefficients),
        a: clock,
    }
    root = sympy.sqrt(a)
    rows = _flow(H, kappa, root) * first
    values: dict[Expr, Expr] = {output: rho * (P * a - Q / a) + constant}
    values |= {
        w: sympy.expand(w / absorbed * row)
        for w, absorbed, row in zip(plain, weights, rows, strict=True)
    }
    limits = {w: value.xreplace({a: end}) for w, value in values.items()}
    if constants[Q] == 0:
        limits[output] = rho * P * end + constant  # the target, or what no weight can undercut
    else:
        limits[output] = y
    return Solution(
        values,
        constants,
        limits,
        start,
        "P > 0; limits where R > 0, and where Q > 0 or Q = 0 for all starts",
        all_proved((*general().certificates, *_proofs(H, kappa, factors, letters))),
        {a: slow_scalar(coefficients, sympy.Integer(1))},
    )


def _plain(weights: Sequence[Expr]) -> list[Symbol]:
    """The weight in an absorbed one: what is no rate."""
    found = []
    for one in weights:
        (symbol,) = (part for part in one.free_symbols if not part.is_positive)
        found.append(symbol)
    return found


def _flow(H: Matrix, kappa: Expr, root: Expr) -> Matrix:
    """exp(H s) at exp(κs) = root."""
    sine, cosine = (root - 1 / root) / 2, (root + 1 / root) / 2
    return sympy.eye(H.rows) + H * sine / kappa + H**2 * (cosine - 1) / kappa**2


def _proofs(
    H: Matrix, kappa: Expr, factors: tuple[Expr, Expr, Expr, Expr], letters: Letters
) -> Iterator[Certificate]:
    """Functions of H are proved at its eigenvalues, which H³ = κ² H leaves only 0 and ±κ to be."""
    yield Certificate("H is symmetric and H^3 = kappa^2 H", _is_cubic(H, kappa))
    root = Symbol("root", positive=True)
    for h in (sympy.Integer(0), kappa, -kappa):
        one = _flow(Matrix([[h]]), kappa, root)[0]
        yield Certificate(
            f"d phi/ds = H phi at the eigenvalue {h}",
            prove_equal(sympy.diff(one, root) * kappa * root, h * one),
        )
        yield Certificate(
            f"phi starts at the start, at the eigenvalue {h}",
            prove_equal(one.subs(root, 1), sympy.Integer(1)),
        )
        c, g = h / 2, h**2 / 2
        moments = (c + g / kappa) / 2 * root**2 - (-c + g / kappa) / 2 / root**2
        yield Certificate(
            f"c = P a - Q/a at the eigenvalue {h}", prove_equal(h * one**2 / 2, moments)
        )
    rho, sigma, y, constant = factors
    P, Q, a = letters.P, letters.Q, letters.a
    speed = 2 * kappa * a * sigma * (y - (rho * (P * a - Q / a) + constant))
    claimed = 2 * kappa * sigma * (rho * Q + (y - constant) * a - rho * P * a**2)
    yield Certificate("da/dt is the Riccati equation", prove_equal(speed, claimed))
    end = Symbol("end", positive=True)
    rest = rho * Q + (y - constant) * end - rho * P * end**2
    yield Certificate(
        "the output tends to y where a tends to a positive root",
        prove_equal(y - (rho * (P * end - Q / end) + constant), rest / end),
    )


def _is_cubic(H: Matrix, kappa: Expr) -> Verdict:
    rest = sympy.expand(H**3 - kappa**2 * H)
    if H == H.T and rest.is_zero_matrix:
        return Proved("matrices of numbers")
    return Undecided(str(rest))
