"""Sections 3.1-3.4 and 4: sentences about what happens in the kernel and the feature learning phase."""

from __future__ import annotations

import sympy
from sympy import And, Eq, Equivalent

from verify.claim import Claim, Verdict
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQUAL_RATES,
    FEATURE,
    FIRST,
    IF_BALANCED,
    IF_BORDER,
    IF_CLOSE,
    KERNEL,
    SECOND,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)


def _sentences() -> list[Claim]:
    return [
        Claim(
            id="dominant-term",
            loci=("Sec. 3.1",),
            says="where the second term of t_c⁻² dominates, the model is in the kernel regime",
            test=limit((EQ_18, SECOND > FIRST), KERNEL, IF_CLOSE),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where P/Q → 1, as Theorem 2 adds",
            note="At finite width with balanced layers P and Q differ, and f₀ − y is learned by features.",
            uses=("theorem-2-independent",),
        ),
        Claim(
            id="kernel-P-Q",
            loci=("footnote 2",),
            says="in the kernel regime P = Q (in the limit)",
            printed=r"Q=P",
            test=limit((EQ_18, KERNEL), CLOSE),
        ),
        Claim(
            id="alignment-vanishes",
            loci=("Sec. 3.2",),
            says="ζ vanishes as d → ∞ if and only if the model is in the kernel phase",
            test=limit((Eq(c_d, 1), EQ_18), Equivalent(KERNEL, symbol("alignment") < 0), IF_BALANCED),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="for balanced layers, c_u + c_{η_w} = c_w + c_{η_u}",
            note="One layer much larger than the other is enough for the kernel phase; the smaller one may "
            "then turn all the way to the larger.",
            uses=("theorem-2-independent",),
        ),
        Claim(
            id="kernel-orthogonal",
            loci=("Sec. 3.2", "Sec. 3.4"),
            says="in the kernel phase the alignment is o(1) all the time: alignment and disalignment are absent",
            test=limit((EQ_18, KERNEL), symbol("alignment") < 0, IF_BALANCED),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="for balanced layers, c_u + c_{η_w} = c_w + c_{η_u}",
            note="ζ is monotone in t, so that its end and its start bound it.",
            uses=("alignment-vanishes",),
        ),
        Claim(
            id="kernel-rescaling",
            loci=("Sec. 3.3", "Sec. 3.4"),
            says="in the kernel phase the norms do not change: rescaling is absent",
            test=limit((EQ_18, KERNEL), And(symbol("movement_u") < 0, symbol("movement_w") < 0), IF_BALANCED),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="for balanced layers, c_u + c_{η_w} = c_w + c_{η_u}",
            note="The smaller of two unbalanced layers may move by its own size; the kernel, which the larger "
            "one makes, does not change.",
            uses=("alignment-vanishes",),
        ),
        Claim(
            id="kernel-norm",
            loci=("Sec. 3.4",),
            says="in the kernel phase the model norm diverges",
            test=limit((EQ_18, KERNEL), sympy.Or(symbol("norm_u") > 0, symbol("norm_w") > 0)),
            expected=Verdict.FAILS,
            severity="substantive",
            correction="it depends on the initialization: Xavier⁻ of Table 1 keeps norms of order 1",
        ),
        Claim(
            id="terms-same-order",
            loci=("Sec. 3.2",),
            says="in the feature learning phase the two terms of Eq. 10 are of the same order",
            test=limit((EQ_18, FEATURE), Eq(FIRST, SECOND), IF_BORDER),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="at d → ∞ the first is at least as large as the second",
            note="Which is enough for the argument there (the next claim).",
        ),
        Claim(
            id="bound-premise",
            loci=("Sec. 3.2",),
            says="so that √(η_uη_w)γρy ≥ 2Kρ²γ²dP with a constant K > 0 may be assumed (d → ∞)",
            printed=r"\sqrt{\eta_u\eta_w}\gamma\rho y\ge2K\rho^2\gamma^2dP",
            test=limit((c_d > 0, EQ_18, FEATURE), c_g + (e_u + e_w) / 2 >= 2 * c_g + c_d + symbol("P")),
        ),
        Claim(
            id="alpha-order-one",
            loci=("footnote 3",),
            says="in the feature learning phase α₊ is of order 1",
            printed=r"\alpha_\pm=O(1)",
            test=limit((EQ_18, FEATURE), Eq(symbol("alpha"), 0), IF_BORDER),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where both terms of Eq. 18 are equal; below the border of Cor. 2 α₊ diverges",
            note="ζ changes by an order of 1 in either case.",
            uses=("terms-same-order",),
        ),
        Claim(
            id="balance-needed",
            loci=("Sec. 4",),
            says="to achieve feature learning one should make sure that c_u = c_w",
            test=limit((EQUAL_RATES, EQ_18, FEATURE), Eq(c_u, c_w)),
            expected=Verdict.FAILS,
            severity="substantive",
            correction=r"c_\gamma\le-c_d-\max\{c_u,c_w\},\ c_\eta=-c_\gamma\ \text{for any } c_u, c_w",
            note="Table 1's Kaiming⁺ has c_u = −1, c_w = 0; Cor. 2 is for any c_u and c_w.",
            uses=("corollary-2",),
        ),
    ]  # fmt: skip


def claims() -> list[Claim]:
    """In printed order."""
    return _sentences()
