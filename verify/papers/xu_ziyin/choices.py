"""Sections 4, 4.2 and appendix C.5: exponents to choose, Corollaries 1-3."""

from __future__ import annotations

from sympy import And, Eq, Equivalent, Max, Min

from symbolic.limits.initial_moments import Start
from verify.claims.claim import Claim, Verdict
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQUAL_RATES,
    FEATURE,
    KERNEL,
    STABLE,
    H,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)

TOP = Max(c_u, c_w)
FIXED_WIDTH = (
    Eq(c_d, 0), Eq(e_u, 0), Eq(e_w, 0), Eq(c_u, Max(0, c_w)), Eq(c_g, Min(-c_w / 2, 0)),
)  # fmt: skip
LARGE = (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, EQUAL_RATES)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="corollary-1",
        loci=("Cor. 1",),
        says="c_η = min{−c_γ, −2c_γ − c_d − max{c_u, c_w}} is stable",
        printed=r"c_{\eta_u}=c_{\eta_w}=\min\{-c_\gamma,-2c_\gamma-c_d-\max\{c_u,c_w\}\}",
        test=limit((EQUAL_RATES, Eq(e_u, Min(-c_g, -2 * c_g - c_d - TOP))), STABLE),
    ),
    Claim(
        id="corollary-2",
        loci=("Cor. 2",),
        says="c_γ = −c_η with c_η ≥ c_d + max{c_u, c_w} is stable and learns features",
        printed=r"c_\gamma=-c_\eta,\quad c_\eta\ge c_d+\max\{c_u,c_w\}",
        test=limit((EQUAL_RATES, Eq(c_g, -e_u), e_u >= c_d + TOP), And(STABLE, FEATURE)),
    ),
    Claim(
        id="corollary-3",
        loci=("Cor. 3",),
        says="c_γ = −(c_d + max{c_u, c_w} + c_η)/2 with c_η < c_d + max{c_u, c_w} and P/Q → 1: kernel",
        printed=r"c_\gamma=-\tfrac12(c_d+\max\{c_u,c_w\}+c_\eta),\quad c_\eta<c_d+\max\{c_u,c_w\}",
        test=limit(
            (EQUAL_RATES, Eq(c_g, -H * (c_d + TOP + e_u)), e_u < c_d + TOP, CLOSE), And(STABLE, KERNEL)
        ),
    ),
    Claim(
        id="fixed-width-18",
        loci=("Sec. 4.2",),
        says="c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} satisfies (18) at fixed width and rate",
        printed=r"c_u=\max\{0,c_w\},\quad c_\gamma=\min\{-c_w/2,0\}",
        test=limit(FIXED_WIDTH, EQ_18),
    ),
    Claim(
        id="fixed-width-kernel",
        loci=("Sec. 4.2",),
        says="with c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} the network is in the kernel phase if and only if c_w > 0",
        test=limit(FIXED_WIDTH, Equivalent(KERNEL, c_w > 0), other_start=Start.ZERO_OUTPUT),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="where P/Q → 1, as Theorem 2 asks: from a start with zero output",
        note="From independent layers it is never in the kernel phase: for c_w > 0 the choice has "
        "c_u = c_w, which the paper's third case excludes.",
        uses=("theorem-2-independent",),
    ),
    Claim(
        id="large-initialization",
        loci=("Sec. 4.2",),
        says="c_u = c_w = c > 0 with c_η = c, c_γ = −c learns features (Cor. 2)",
        test=limit((*LARGE, Eq(e_u, c_u), Eq(c_g, -c_u)), And(STABLE, FEATURE)),
    ),
    Claim(
        id="large-initialization-scale",
        loci=("Sec. 4.2",),
        says="there γ cancels the scale of the initialization: the initial output is of order 1",
        test=limit((*LARGE, Eq(e_u, c_u), Eq(c_g, -c_u)), Eq(symbol("output_0"), 0)),
    ),
    Claim(
        id="large-initialization-kernel",
        loci=("Sec. 4.2",),
        says="c_u = c_w = c > 0 with γ = 1 and c_η = −c is a kernel phase (Cor. 3)",
        test=limit(
            (*LARGE, Eq(e_u, -c_u), Eq(c_g, 0)), And(STABLE, KERNEL), other_start=Start.ZERO_OUTPUT
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="where P/Q → 1, as Cor. 3 assumes: from a start with zero output",
        uses=("corollary-3",),
    ),
    Claim(
        id="appendix-c5",
        loci=("App. C.5",),
        says="the experiment's γ = κ^{−min{0, −c/2}} is Sec. 4.2's c_γ = min{−c/2, 0}",
        printed=r"\gamma=\kappa^{-\min\{0,-c/2\}}",
        test=Implication((), Eq(-Min(0, -c_w / 2), Min(-c_w / 2, 0))),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\gamma=\kappa^{\min\{0,-c/2\}}",
        note="u and W have also changed roles: App. C.5 has σ_u² = κ^c and σ_w² = κ^{max{c, 0}}.",
    ),
)  # fmt: skip
