"""Section 3.2: whether ζ grows, Eq. 16."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Basic, Eq, Equivalent, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import limit_of_alpha, linear
from symbolic.limits.exponents import Scaling
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.alignment import A_P, A_Q, ONE, B, P, Q, alpha
from verify.papers.xu_ziyin.symbols import MEAN, RATES, ROOT, convention

HALF = ROOT * n.y / (2 * n.gamma * n.d * n.rho * P)  # of the sum of both roots


def _condition_simplifies() -> Implication:
    """A α² − B α − C = 0, α > 0, A > 0, C ≥ 0: α > 1 iff B > A − C."""
    root = Eq(A_P * alpha**2 - B * alpha - A_Q, 0)
    return Implication((), Equivalent(alpha > 1, B > A_P - A_Q), lambda: [root])


def _overlap_sign() -> Implication:
    """P − Q is the mean of √(η_uη_w) u ω: compare signs."""
    k, uw = Symbol("k", positive=True), Symbol("uw", real=True)
    P, Q = Symbol("P", positive=True), Symbol("Q", nonnegative=True)

    def facts() -> Sequence[Basic]:
        scale = linear()[Scaling].chain[2].exact / n.m_uo
        assert scale == sqrt(n.eta_u) * sqrt(n.eta_w)
        return [Eq(P - Q, k * uw)]

    return Implication(
        (), Equivalent(Q >= P, uw < 0), facts,
        (("u(0)·w(0) ≠ 0", sympy.Ne(uw, 0)),), at=(Eq(P, 1), Eq(k, 1)),
    )  # fmt: skip


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="condition-alpha",
        loci=("Eq. 16",),
        says="α₊ > 1 written out: the left side of Eq. 16 is α₊",
        printed=r"\frac{\sqrt{\eta_u\eta_w}y}{2\gamma d\rho P}+\sqrt{\big(\frac{\sqrt{\eta_u\eta_w}y}"
        r"{2\gamma d\rho P}\big)^2+\frac QP}>1",
        test=Equation(
            r"\alpha_+", HALF + sqrt(HALF**2 + Q / P), limit_of_alpha,
            (convention("", (MEAN, {n.d0: ONE})),), swaps=RATES,
        ),
        note="x is one-dimensional in Sec. 3.2. Simplifies: α₊ > 1 if and only if γ(y − f₀) > 0, with f₀ "
        "the initial output. Neither learning rate enters.",
        uses=("rho", "alpha-minus"),
    ),
    Claim(
        id="condition-simplifies",
        added=True,
        loci=("Eq. 16",),
        says="α₊ > 1 if and only if y > f₀ (γ > 0)",
        test=_condition_simplifies(),
        note="Not in the paper: with A = γ²dρ²P, C = γ²dρ²Q and B = √(η_uη_w)γρy, Aα₊² − Bα₊ − C = 0, and "
        "B − A + C = √(η_uη_w)γρ(y − f₀).",
        uses=("condition-alpha",),
    ),
    Claim(
        id="condition-wrong-start",
        loci=("Sec. 3.2",),
        says="for y > 0 the condition holds whenever Q ≥ P",
        test=Implication(
            (A_Q >= A_P, B > 0), alpha > 1, lambda: [Eq(A_P * alpha**2 - B * alpha - A_Q, 0)]
        ),
        note="Q ≥ P is f₀ ≤ 0 (γ > 0), and so y > f₀.",
        uses=("condition-simplifies",),
    ),
    Claim(
        id="condition-overlap",
        loci=("Sec. 3.2",),
        says="Q ≥ P is equivalent to u(0)·w(0) < 0",
        printed=r"Q\ge P\iff u^T(0)w(0)<0",
        test=_overlap_sign(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction=r"Q\ge P\iff u^T(0)w(0)\le0",
        note="They differ where the layers are orthogonal: Q = P.",
    ),
)  # fmt: skip
