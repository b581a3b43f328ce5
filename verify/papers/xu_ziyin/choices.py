"""Sections 4, 4.2 and appendix C.5: exponents to choose, Corollaries 1-3, Table 1."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Basic, Eq, Max, Min

from symbolic.start import Start
from verify.checks import Decided, Implication
from verify.claim import Claim, Evidence, Finding, Verdict
from verify.papers import table_one
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQUAL_RATES,
    FEATURE,
    KERNEL,
    RATIO,
    STABLE,
    H,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    facts,
)


def _corollaries() -> list[Claim]:
    top = Max(c_u, c_w)
    return [
        Claim(
            id="corollary-1",
            loci=("Cor. 1",),
            says="c_η = min{−c_γ, −2c_γ − c_d − max{c_u, c_w}} is stable",
            printed=r"c_{\eta_u}=c_{\eta_w}=\min\{-c_\gamma,-2c_\gamma-c_d-\max\{c_u,c_w\}\}",
            test=Implication((EQUAL_RATES, Eq(e_u, Min(-c_g, -2 * c_g - c_d - top))), STABLE, facts()),
        ),
        Claim(
            id="corollary-2",
            loci=("Cor. 2",),
            says="c_γ = −c_η with c_η ≥ c_d + max{c_u, c_w} is stable and learns features",
            printed=r"c_\gamma=-c_\eta,\quad c_\eta\ge c_d+\max\{c_u,c_w\}",
            test=Implication(
                (EQUAL_RATES, Eq(c_g, -e_u), e_u >= c_d + top), sympy.And(STABLE, FEATURE), facts()
            ),
        ),
        Claim(
            id="corollary-3",
            loci=("Cor. 3",),
            says="c_γ = −(c_d + max{c_u, c_w} + c_η)/2 with c_η < c_d + max{c_u, c_w} and P/Q → 1: kernel",
            printed=r"c_\gamma=-\tfrac12(c_d+\max\{c_u,c_w\}+c_\eta),\quad c_\eta<c_d+\max\{c_u,c_w\}",
            test=Implication(
                (EQUAL_RATES, Eq(c_g, -H * (c_d + top + e_u)), e_u < c_d + top, RATIO < 0),
                sympy.And(STABLE, KERNEL), facts(),
            ),
        ),
        Claim(
            id="fixed-width-18",
            loci=("Sec. 4.2",),
            says="c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} satisfies (18) at fixed width and rate",
            test=Implication(_fixed_width(), EQ_18),
        ),
        Claim(
            id="fixed-width-kernel",
            loci=("Sec. 4.2",),
            says="with it the network is in the kernel phase if and only if c_w > 0",
            test=Implication(
                _fixed_width(),
                sympy.And(sympy.Or(sympy.Not(KERNEL), c_w > 0), sympy.Or(KERNEL, c_w <= 0)),
                facts(),
                ((CLOSE, RATIO < 0),),
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where P/Q → 1, as Theorem 2 asks: from a start with zero output",
            note="From independent layers it is never in the kernel phase: for c_w > 0 the choice has "
            "c_u = c_w, which the paper's third case excludes.",
            uses=("theorem-2-independent",),
        ),
        Claim(
            id="fixed-width-zero-output",
            added=True,
            loci=("Sec. 4.2",),
            says="the same from a start with zero output",
            test=Implication(
                _fixed_width(),
                sympy.And(sympy.Or(sympy.Not(KERNEL), c_w > 0), sympy.Or(KERNEL, c_w <= 0)),
                facts(Start.ZERO_OUTPUT),
            ),
        ),
        Claim(
            id="large-initialization",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with c_η = c, c_γ = −c learns features (Cor. 2)",
            test=Implication(
                (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, Eq(e_u, c_u), EQUAL_RATES, Eq(c_g, -c_u)),
                sympy.And(STABLE, FEATURE), facts(),
            ),
        ),
        Claim(
            id="large-initialization-kernel",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with γ = 1 and c_η = −c is a kernel phase (Cor. 3)",
            test=Implication(
                (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, Eq(e_u, -c_u), EQUAL_RATES, Eq(c_g, 0)),
                KERNEL, facts(Start.ZERO_OUTPUT),
            ),
            note="Cor. 3 assumes P/Q → 1: at fixed width and c_u = c_w that is a start with zero output.",
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
            note="u and W have also changed roles: there σ_u² = κ^c and σ_w² = κ^{max{c, 0}}.",
        ),
    ]  # fmt: skip


def _fixed_width() -> tuple[Basic, ...]:
    return (
        Eq(c_d, 0), Eq(e_u, 0), Eq(e_w, 0), Eq(c_u, Max(0, c_w)), Eq(c_g, Min(-c_w / 2, 0)),
    )  # fmt: skip


def _table() -> list[Claim]:
    claims = []
    for entry in table_one.entries():
        column, _, row = entry.locus.partition(", ")
        claims.append(
            Claim(
                id=f"table-1-{entry.locus.lower().replace(', ', '-').replace(' ', '-')}",
                loci=(f"Table 1: {column}, {row}",),
                says=f"{row}: {entry.printed}",
                test=Decided(
                    entry.locus, (entry.printed,), partial(_entry, entry.derived),
                    tuple((f"printed {z}", (z,)) for z in ("frozen", "unstable", "kernel", "learning", "7")
                          if z != entry.printed),
                ),
                note="" if entry.unique else "Not unique: it is one of the valid choices.",
            )
        )  # fmt: skip
    return claims


def _entry(derived: str, values: tuple[str, ...]) -> Finding:
    if values[0] == derived:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "comes out of the derivation")
    return Finding(
        Verdict.FAILS, Evidence.PROVED, f"derived: {derived}", "", {"printed": values[0]}, derived
    )


def claims() -> list[Claim]:
    """In printed order."""
    return [*_corollaries(), *_table()]
