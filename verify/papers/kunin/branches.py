"""Footnote 4: which branch of minima the flow reaches, XᵀX = I.

p = η_a w·β* + ½a(δ + √(δ² + 4η_aη_w‖β*‖²)) has p′ = (a function of the weights)·p, so that its sign stays.
The flow ends at a stationary point, as the loss is a polynomial and its weights stay bounded (δ and L bound
them); at minima p has the sign of a, and saddles repel along p.
"""

from __future__ import annotations

import sympy
from sympy import Basic, Eq, Equivalent, Expr, Ne, Or, Rational, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.claims.implication import Implication
from verify.papers.kunin.geometry import SQUARE
from verify.papers.kunin.symbols import LAW, a, along, delta, eta_a, eta_w, s, w_1, w_2
from verify.papers.kunin.vote import branch

c = Symbol("c", real=True)  # w·β*
D, E = Symbol("D", nonnegative=True), Symbol("E", nonnegative=True)
p, q = Symbol("p", real=True), Symbol("q", real=True)  # the derived quantity and the printed one
ROOT = sqrt(LAW**2 + 4 * eta_a * eta_w * s**2)
KEPT = eta_a * s * w_1 + a * (LAW + ROOT) / 2
UNIT_RATES = ("both rates are 1", sympy.And(Eq(eta_a, 1), Eq(eta_w, 1)))
OTHER_SIDE = (
    Eq(delta, -3), Eq(s, 2), Eq(eta_a, Rational(7, 16)), Eq(eta_w, 1), Eq(a, 1), Eq(c, Rational(-15, 14)),
    Eq(SQUARE, Rational(64, 7)), Eq(D, 5), Eq(E, 4),
)  # fmt: skip
SOMEWHERE = (
    Eq(delta, -3), Eq(s, 2), Eq(eta_a, 1), Eq(eta_w, 1), Eq(a, 1), Eq(c, 1), Eq(SQUARE, 4), Eq(E, 5)
)  # fmt: skip
# From β₀ off β* by more than a right angle, and across it.
FROM_BEHIND = (
    Eq(delta, -3), Eq(s, 2), Eq(eta_a, 1), Eq(eta_w, 1), Eq(a, 1), Eq(c, -3), Eq(SQUARE, 4), Eq(E, 5)
)  # fmt: skip
FROM_ACROSS = (*(z for z in FROM_BEHIND if z.lhs != c), Eq(c, 0))


def _known() -> list[Basic]:
    """δ, both roots, both quantities, and |w·β*| ≤ ‖w‖‖β*‖."""
    return [
        Eq(delta, eta_w * a**2 - eta_a * SQUARE),
        Eq(D**2, delta**2 + 4 * s**2),
        Eq(E**2, delta**2 + 4 * eta_a * eta_w * s**2),
        Eq(p, eta_a * c + a * (delta + E) / 2),
        Eq(q, c + a * (delta + D) / 2),
        c**2 <= SQUARE * s**2,
    ]


def known() -> list[Basic]:
    """The same without the printed quantity."""
    return [z for z in _known() if not z.has(q)]


def known_of_p() -> list[Basic]:
    """What p and the root in it are."""
    return [z for z in known() if not z.has(SQUARE)]


def _factor() -> Expr:
    return along(KEPT, white=True)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="kept-sign",
        added=True,
        loci=("footnote 4",),
        says="p = η_a w·β* + ½a(δ + √(δ² + 4η_aη_w‖β*‖²)) keeps its sign: p′ is a multiple of p",
        test=Equation(
            r"\dot p", (sqrt(delta**2 + 4 * eta_a * eta_w * s**2) - eta_w * a**2 - eta_a * (w_1**2 + w_2**2)) / 2 * p, _factor,
            (Convention("", ({p: KEPT, delta: LAW},)),), swaps=((eta_a, eta_w),),
        ),
    ),
    Claim(
        id="sign-at-minima",
        added=True,
        loci=("footnote 4",),
        says="at a minimum p has the sign of a",
        test=Implication((Eq(c * a, s**2),), a * p > 0, known),
    ),
    Claim(
        id="saddles-repel",
        added=True,
        loci=("footnote 4",),
        says="at a saddle p grows away from 0, so that p ≠ 0 ends at a minimum",
        test=Implication((Eq(a, 0),), E - eta_w * a**2 - eta_a * SQUARE > 0, lambda: [z for z in _known() if not z.has(p, q)]),
        uses=("kept-sign",),
    ),
    Claim(
        id="branch-downstream",
        loci=("footnote 4",),
        says="for δ < 0 and p ≠ 0, the branch is the sign of w₀·β* + ½a₀(δ + √(δ² + 4‖β*‖²))",
        printed=r"\mathrm{sgn}\big(w_0\cdot\beta_*+\tfrac{a_0}2(\delta+\sqrt{\delta^2+4\|\beta_*\|^2})\big)",
        test=Implication(
            (delta < 0, Ne(p, 0)), Equivalent(q > 0, p > 0), _known, (UNIT_RATES,), at=OTHER_SIDE, there=(*SOMEWHERE, Eq(D, 5)), vote=branch,
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=r"\text{sgn}\big(\eta_aw_0\cdot\beta_*+\tfrac{a_0}{2}(\delta+\sqrt{\delta^2+4\eta_a\eta_w\|\beta_*\|^2})\big)",
        note="δ has the rates, and the formula has them not: equal rates other than 1 are not enough.",
        uses=("kept-sign", "sign-at-minima", "saddles-repel"),
    ),
    Claim(
        id="branch-upstream",
        loci=("footnote 4",),
        says="for δ ≥ 0 (and a₀ ≠ 0) the branch is the sign of a₀",
        printed=r"\mathrm{sgn}(a_0)",
        test=Implication(
            (delta >= 0, Ne(a, 0)), a * p > 0, known,
            (("δ > 0, or w₀ is not opposite to a₀β*", Or(delta > 0, c * a >= 0, eta_a * c**2 < eta_w * a**2 * s**2)),),
            at=(Eq(a, 1), Eq(c, -1), Eq(s, 1), Eq(SQUARE, 1), Eq(eta_a, 1), Eq(eta_w, 1), Eq(delta, 0)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="from δ = 0 with w₀ opposite to a₀β* the flow goes to the saddle at the origin",
        note="There p = 0. With δ ≥ 0 and a₀ = 0 also w₀ = 0, and nothing moves.",
        uses=("kept-sign",),
    ),
    Claim(
        id="some-branch",
        loci=("footnote 4",),
        says="for δ < 0 one of both branches is reached: p ≠ 0",
        test=Implication(
            (delta < 0,), Ne(p, 0), known,
            (("p(0) ≠ 0", Or(p > 0, p < 0)),), at=(Eq(a, 0), Eq(c, 0), Eq(SQUARE, 3), Eq(eta_a, 1), Eq(eta_w, 1), Eq(s, 2), Eq(E, 5)),
            there=SOMEWHERE,
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="where p(0) = 0 the flow goes to a saddle, a = 0 and w ⊥ β*",
        note="a₀ = 0 and w₀ ⊥ Xᵀy is one of them, where nothing moves; others begin at a₀ ≠ 0.",
        uses=("kept-sign",),
    ),
)  # fmt: skip
