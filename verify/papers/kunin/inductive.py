"""Section 3 on the inductive bias, and the right panel of Figure 4: what Theorem 3.1 says in its limits.

The potential is the corrected one of `bias`, with √(η_aη_w)‖β‖ for ‖β‖, so that rates are 1 here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import And, Basic, Eq, Equivalent, Expr, Integer, Rational, Symbol, sqrt

from symbolic.proof.equality import Proved
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Convention, Decided, Equation, equal
from verify.claims.implication import Implication
from verify.papers.kunin.bias import tilt, x, x_0
from verify.papers.kunin.symbols import X, a, along, delta, eta_a, eta_w, s, w_1, w_2, y

small = Symbol("e", positive=True)
slope_1, slope_2 = Symbol("Psi1", real=True), Symbol("Psi2", real=True)  # Ψ′ and Ψ″ at ‖β‖
# Interpolators P p + z n on one line, of length R; the unit vector of β₀ has the parts b_p, b_n and b_o.
P, R = Symbol("P", positive=True), Symbol("N_b", positive=True)
z, b_p, b_n, b_o = sympy.symbols("z b_p b_n b_o", real=True)
root, exponent = Symbol("kappa", positive=True), Symbol("E_x", real=True)


def _ratio(sign: int) -> Expr:
    """The limit of Ψ′(‖β‖)/Ψ′(‖β₀‖), Ψ′ = √(κ − δ), as δ = ±1/e grows; from the conjugate where δ > 0."""
    one, other = (tilt(size).subs(delta, sign / small) for size in (x, x_0))
    if sign < 0:
        return sympy.limit(one / other, small, 0)
    over, under = (2 * size / sqrt(sqrt(1 + 4 * size**2 * small**2) + 1) for size in (x, x_0))
    return (over / under).subs(small, 0)


def _cosine_slope() -> Expr:
    """Of the cosine of the angle to β₀ along the line, times R³."""
    length = sqrt(P**2 + z**2)
    cosine = (b_p * P + b_n * z) / length
    return sympy.expand(sympy.simplify(sympy.diff(cosine, z) * length**3))


def _bias_slope() -> Expr:
    """Of ‖β‖ − ⟨β₀/‖β₀‖, β⟩, what is minimised as δ → −∞, times R."""
    length = sqrt(P**2 + z**2)
    return sympy.expand(sympy.diff(length - b_p * P - b_n * z, z).subs(length, R) * R)


def _line() -> Sequence[Basic]:
    return [Eq(R**2, P**2 + z**2), Eq(b_p**2 + b_n**2 + b_o**2, 1), Eq(_bias_slope(), 0)]


def _convex_along() -> Expr:
    """Second derivative of Ψ(√(P² + z²)), by its own two."""
    length = sqrt(P**2 + z**2)
    found = slope_2 * sympy.diff(length, z) ** 2 + slope_1 * sympy.diff(length, z, 2)
    return sympy.numer(sympy.together(sympy.simplify(found).subs(length, R)))


def _local_exponent() -> Expr:
    """1 + ‖β‖Ψ″/Ψ′: what power of ‖β‖ the potential is there."""
    return 1 + x * sympy.diff(tilt(x), x) / tilt(x)


def _power_facts() -> Sequence[Basic]:
    return [Eq(root**2, delta**2 + 4 * x**2), Eq(2 * root * exponent, 3 * root + delta)]


def _predicted(values: tuple[Any, ...]) -> Finding:
    """One datum along the first of two inputs: w₂ is frozen, the rest is the white flow with δ + η_aw₂²."""
    data, wanted = values
    low = {X[0, 0]: 1, X[0, 1]: data, X[1, 0]: 0, X[1, 1]: 0, y[0]: s, y[1]: 0}
    effective = eta_w * a**2 - eta_a * w_1**2
    mu, cosine = a * sqrt(w_1**2), w_1 / sqrt(w_1**2)
    speed = sqrt(effective**2 + 4 * eta_a * eta_w * mu**2) * (cosine * s - mu)
    found = [
        equal(along(w_2).subs(low), Integer(0)),
        equal(along(effective).subs(low), Integer(0)),
        equal(along(a * w_1).subs(low), (speed * cosine)),
    ]
    if wanted == "limits only" and all(isinstance(one, Proved) for one in found):
        why = "for this X of rank one the path is that of Eq. 2 for every δ, with η_a‖w‖² less what lies off the row space"
        witness = {"x_11": "1", "x_12": "0", "x_21": "0", "x_22": "0"}
        return Finding(
            Verdict.FAILS, Evidence.PROVED, why, "", witness, "Eq. 2 holds there, with another δ"
        )
    return Finding(Verdict.UNDECIDED, Evidence.NONE, str(found))


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="bias-upstream",
        loci=("Sec. 3",),
        says="δ → ∞: the interpolator nearest to β₀ in least squares, Ψ′(‖β‖)/ψ → ‖β‖/‖β₀‖",
        test=Equation(r"\lim\Psi'/\psi", x / x_0, lambda: _ratio(1)),
        note="So the gradient is that of ½‖β − β₀‖².",
        uses=("theorem-upstream",),
    ),
    Claim(
        id="bias-downstream",
        added=True,
        loci=("Sec. 3",),
        says="δ → −∞: Ψ′/ψ → 1, so that ‖β‖ − ⟨β₀/‖β₀‖, β⟩ is least",
        test=Equation(r"\lim\Psi'/\psi", Integer(1), lambda: _ratio(-1)),
        note="What is kept is the part of the direction that is orthogonal to the rows of X (while a keeps its sign).",
        uses=("theorem-downstream",),
    ),
    Claim(
        id="bias-direction",
        loci=("Sec. 3",),
        says="δ → −∞: the direction of β₀ is kept as far as the data allow: read as the least angle to β₀, here along one line of interpolators",
        test=Implication(
            (), Eq(_cosine_slope(), 0), _line, (("an interpolator lies on the ray of β₀", And(Eq(b_o, 0), b_p > 0)),),
            at=(Eq(P, 4), Eq(z, 3), Eq(R, 5), Eq(b_n, Rational(3, 5)), Eq(b_p, 0), Eq(b_o, Rational(4, 5))),
            there=(Eq(P, 4), Eq(z, 3), Eq(R, 5), Eq(b_n, Rational(3, 5)), Eq(b_p, Rational(4, 5)), Eq(b_o, 0)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="the direction keeps its part orthogonal to the rows of X: ‖β‖ − ⟨β₀/‖β₀‖, β⟩ is least, and not the angle",
        uses=("bias-downstream",),
    ),
    Claim(
        id="bias-balanced",
        loci=("Sec. 3",),
        says="δ = 0 lies between both limits: Ψ is locally a power of ‖β‖ between 1 and 2, above 3/2 just where δ > 0",
        test=Implication(
            (), And(exponent > 1, exponent < 2, Equivalent(exponent > Rational(3, 2), delta > 0)), _power_facts,
            there=(Eq(x, 2), Eq(delta, 3), Eq(root, 5)),
        ),
        uses=("local-power",),
    ),
    Claim(
        id="local-power",
        added=True,
        loci=("Sec. 3",),
        says="that power, 1 + ‖β‖Ψ″/Ψ′, is (3κ + δ)/(2κ)",
        test=Equation(
            r"1+\|\beta\|\Psi''/\Psi'", (3 * root + delta) / (2 * root), _local_exponent,
            (Convention("", ({root: sqrt(delta**2 + 4 * x**2)},)),),
        ),
    ),
    Claim(
        id="low-rank-only",
        loci=("Fig. 4",),
        says="for low-rank X trajectories can be predicted only in the limits δ = ±∞",
        test=Decided("no path of low rank is known for a finite δ", (0, "limits only"), _predicted),
        expected=Verdict.FAILS,
        severity="substantive",
        correction="where XᵀX is a multiple of a projector they are those of Eq. 2 for every δ, with the part of w off the row space frozen",
        uses=("mu-velocity", "phi-velocity"),
    ),
    Claim(
        id="one-dimensional",
        loci=("Fig. 4",),
        says="where the interpolating manifold is one-dimensional its point can be solved for: the objective is strictly convex along it, so one equation has one root",
        test=Implication((slope_1 > 0, slope_2 > 0), _convex_along() > 0, lambda: [Eq(R**2, P**2 + z**2)]),
        note="Sharper: in any dimension it is one convex problem, with as many unknowns as X has rank.",
        uses=("theorem-upstream", "theorem-downstream"),
    ),
)  # fmt: skip
