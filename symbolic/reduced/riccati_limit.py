"""Where a matrix Riccati flow with F symmetric and B = b 1, b > 0, tends to, for F with any eigenvalues.

With Z(0) = Q Qᵀ and K = ∫₀ᵗ exp(2 F τ) dτ the flow is

    Z(t) = W G⁻¹ Wᵀ,     W = exp(F t) Q,     G = 1 + b Qᵀ K Q.

Let P project on the eigenspaces of positive eigenvalues, A = P Q, C = (1 − P) Q, and S = 1 + b Cᵀ K C,
which grows as t at most. Then, K and F on the image of P,

    P Z P = exp(F t) A (S + b Aᵀ K A)⁻¹ Aᵀ exp(F t)
          = (exp(−F t) (A S⁻¹ Aᵀ)⁻¹ exp(−F t) + b exp(−2 F t) K)⁻¹,

and where P Z(0) P = A Aᵀ has full rank there, (A S⁻¹ Aᵀ)⁻¹ ≤ ‖S‖ (A Aᵀ)⁻¹: what is left is 2 F/b. Off
it, (1 − P) Z (1 − P) ≤ exp(F t) C S⁻¹ Cᵀ exp(F t) decays: C S⁻¹ Cᵀ is at most C Cᵀ, and 1/(b t) where F
is 0. As Z is not negative, so does what is between:

    Z → 2 F P/b.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Expr

from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import prove_zero
from symbolic.proof.verdict import Proved, Undecided, Verdict

b, f, t = sympy.symbols("b f t", positive=True)


def certified() -> Iterator[Certificate]:
    """Identities of matrices that do not commute, and functions of F at its eigenvalues ±f and 0."""
    yield Certificate("W G^-1 W^T solves it", _solves())
    yield Certificate("exp(2 F t) is the velocity of K, and K starts at 0", _integrates())
    yield Certificate("A (S + b A^T K A)^-1 A^T is ((A S^-1 A^T)^-1 + b K)^-1", _pushed())
    yield Certificate("Z tends to 2 F P/b where P Z(0) P has full rank", _tends(_claims()))
    yield Certificate("2 F P/b is at rest, P a projector on eigenspaces of F", _rests())


def _solves() -> Verdict:
    """W′ = F W and G′ = b Wᵀ W, T being Wᵀ."""
    F, W, T, G = sympy.symbols("F W T G", commutative=False)
    Z = W / G * T
    slope = F * W / G * T - W / G * (b * T * W) / G * T + W / G * T * F
    return is_zero(slope - (F * Z + Z * F - b * Z * Z))


def integral(eigenvalue: Expr) -> Expr:
    """K at an eigenvalue of F."""
    return t if eigenvalue == 0 else (sympy.exp(2 * eigenvalue * t) - 1) / (2 * eigenvalue)


def _integrates() -> Verdict:
    for eigenvalue in (f, -f, sympy.Integer(0)):
        K = integral(eigenvalue)
        for rest in (sympy.diff(K, t) - sympy.exp(2 * eigenvalue * t), K.subs(t, 0)):
            if not isinstance(verdict := prove_zero(rest), Proved):
                return verdict
    return Proved("at each eigenvalue")


def _pushed() -> Verdict:
    """(S + b Aᵀ K A) S⁻¹ Aᵀ M⁻¹ = Aᵀ (M⁻¹ + b K), M = A S⁻¹ Aᵀ, T being Aᵀ: both inverses follow."""
    S, A, T, K, M = sympy.symbols("S A T K M", commutative=False)
    left = sympy.expand((S + b * T * K * A) / S * T / M)
    left = left.subs(A / S * T, M)
    return is_zero(left - T * (1 / M + b * K))


def _claims() -> dict[Expr, Expr]:
    """What is to tend to what, at eigenvalues: of P, of 0, and negative ones."""
    zero, most = sympy.Integer(0), 1 + b * t  # ‖S‖, but for a factor
    return {
        sympy.exp(-2 * f * t) * most: zero,
        b * sympy.exp(-2 * f * t) * integral(f): b / (2 * f),
        1 / (b * integral(zero)): zero,  # bounds C S⁻¹ Cᵀ where F is 0
        sympy.exp(-2 * f * t): zero,  # what C S⁻¹ Cᵀ ≤ C Cᵀ is multiplied by where F is negative
        integral(-f): 1 / (2 * f),  # so that S grows with t at eigenvalues 0 alone
    }


def _tends(claims: dict[Expr, Expr]) -> Verdict:
    for expression, end in claims.items():
        found = sympy.limit(expression, t, sympy.oo)
        if sympy.expand(found - end) != 0:
            return Undecided(f"{expression} tends to {found}")
    return Proved("limits at each eigenvalue")


def _rests() -> Verdict:
    kept = [2 * f * z - b * z**2 for z in (sympy.Integer(0), 2 * f / b)]
    return Undecided(str(kept)) if any(map(sympy.expand, kept)) else Proved("at each eigenvalue")


def is_zero(expression: Expr) -> Verdict:
    """Of symbols that do not commute."""
    rest = sympy.expand(expression)
    return Proved("expansion, nothing commuted") if rest == 0 else Undecided(str(rest))
