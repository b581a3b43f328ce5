"""Sections 3.1-3.4 and 4: sentences about what happens in the kernel and the feature learning phase."""

from __future__ import annotations

import sympy
from sympy import And, Eq, Equivalent

from verify.claims.claim import Claim, Verdict
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQ_19,
    EQUAL_RATES,
    FEATURE,
    FIRST,
    IF_CLOSE,
    KERNEL,
    SECOND,
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

# ζ(0) ~ f₀/(γ‖u‖‖ω‖); and a kernel phase in which the second layer turns to the first.
ALIGNED_0 = symbol("output_0") - c_g - c_d - (c_u + c_w) / 2
KNOWN = (Eq(c_d, 1), EQUAL_RATES, Eq(c_u, 0), Eq(c_w, -1), Eq(e_u, H), Eq(c_g, -3 * H / 2))
WHERE_ORTHOGONAL = "in the kernel phase ζ(∞) vanishes where aligned layers would give an output γ‖u‖‖W‖ ≫ y, and only there"
APART = c_u + e_w - c_w - e_u
IF_BOTH_STAY = (
    "|c_u + c_{η_w} − c_w − c_{η_u}| < −2e, |1 − α₊| ~ κ^e",
    sympy.Max(APART, -APART) < -2 * symbol("alpha_minus_1"),
)
IF_ORTHOGONAL = ("c_γ + c_d + (c_u + c_w)/2 > 0", c_g + c_d + (c_u + c_w) / 2 > 0)


CLAIMS: tuple[Claim, ...] = (
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
        test=limit((Eq(c_d, 1), EQ_18), Equivalent(KERNEL, symbol("alignment") < 0),
            ("in the kernel phase " + IF_ORTHOGONAL[0], sympy.Or(FEATURE, IF_ORTHOGONAL[1])), at=KNOWN),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=WHERE_ORTHOGONAL,
        note="One layer much larger than the other is enough for the kernel phase; the smaller one may "
        "then turn all the way to the larger.",
        uses=("theorem-2-independent",),
    ),
    Claim(
        id="kernel-orthogonal",
        loci=("Sec. 3.2", "Sec. 3.4"),
        says="in the kernel phase the alignment is o(1) all the time: alignment and disalignment are absent",
        test=limit((Eq(c_d, 1), EQ_18, KERNEL), And(symbol("alignment") < 0, ALIGNED_0 < 0), IF_ORTHOGONAL, at=KNOWN),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction=WHERE_ORTHOGONAL,
        note="ζ is monotone in t, so that its end and its start bound it.",
        uses=("alignment-vanishes",),
    ),
    Claim(
        id="kernel-rescaling",
        loci=("Sec. 3.3", "Sec. 3.4"),
        says="in the kernel phase the norms do not change, rescaling is absent: neither layer moves by its own size",
        test=limit((EQ_18, KERNEL), And(symbol("movement_u") < 0, symbol("movement_w") < 0), IF_BOTH_STAY, at=KNOWN),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="exactly there: not for a layer that is smaller than the other, √η_w‖u‖ against √η_u‖W‖, by 1/|1 − α₊| or more",
        note="The smaller of two unbalanced layers may move by its own size; the kernel, which the larger "
        "one makes, does not change.",
        uses=("alignment-vanishes",),
    ),
    Claim(
        id="kernel-exact",
        added=True,
        loci=("Sec. 3.2", "Sec. 3.3"),
        says="both conditions are exact in the kernel phase",
        test=limit(
            (EQ_18, KERNEL),
            And(
                Equivalent(symbol("alignment") < 0, IF_ORTHOGONAL[1]),
                Equivalent(And(symbol("movement_u") < 0, symbol("movement_w") < 0), IF_BOTH_STAY[1]),
            ),
        ),
        uses=("kernel-orthogonal", "kernel-rescaling"),
    ),
    Claim(
        id="kernel-norm",
        loci=("Sec. 3.4",),
        says="in the kernel phase the model norm diverges",
        test=limit(
            (EQ_18, KERNEL), sympy.Or(symbol("norm_u") > 0, symbol("norm_w") > 0),
            at=(Eq(c_d, 1), Eq(c_u, -1), Eq(c_w, -1), Eq(c_g, 1), Eq(e_u, -2), Eq(e_w, -2)),
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction="it depends on the initialization: Xavier⁻ of Table 1, the values given here, keeps norms of order 1",
    ),
    Claim(
        id="terms-same-order",
        loci=("Sec. 3.2",),
        says="in the feature learning phase the two terms of Eq. 10 are of the same order",
        test=limit((Eq(c_d, 1), EQ_18, FEATURE), Eq(FIRST, SECOND), at=(EQUAL_RATES, Eq(c_u, 0), Eq(c_w, 0), Eq(c_g, -2))),
        expected=Verdict.FAILS,
        severity="substantive",
        correction="at d → ∞ the first is at least as large as the second",
        note="Cor. 2 has ≥; that is enough for the argument there (bound-premise).",
    ),
    Claim(
        id="terms-ordered",
        added=True,
        loci=("Sec. 3.2",),
        says="in the feature learning phase at d → ∞ the first term of Eq. 18 is at least as large as the second",
        test=limit((c_d > 0, EQ_18, FEATURE), FIRST >= SECOND),
    ),
    Claim(
        id="angle-order-one",
        loci=("Sec. 3.2",),
        says="in general (in the feature learning phase, d → ∞) the angle evolves by an amount of order 1: ζ(∞) = Θ(1)",
        test=limit((c_d > 0, EQ_18, FEATURE), Eq(symbol("alignment"), 0)),
    ),
    Claim(
        id="bound-premise",
        loci=("Sec. 3.2",),
        says="in the feature learning phase √(η_uη_w)γρy ≥ 2Kρ²γ²dP with a constant K > 0 (d → ∞)",
        printed=r"\sqrt{\eta_u\eta_w}\gamma\rho y\ge2K\rho^2\gamma^2dP",
        test=limit((c_d > 0, EQ_18, FEATURE), c_g + (e_u + e_w) / 2 >= 2 * c_g + c_d + symbol("P")),
    ),
    Claim(
        id="alpha-order-one",
        loci=("footnote 3",),
        says="in the feature learning phase α₊ is of order 1",
        printed=r"\alpha_\pm=O(1)",
        test=limit(
            (EQ_18, FEATURE), Eq(symbol("alpha"), 0), ("the first term of Eq. 18 is not the larger one", FIRST <= SECOND),
            at=(Eq(c_d, 1), EQUAL_RATES, Eq(c_u, 0), Eq(c_w, 0), Eq(c_g, -2)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="below the border of Cor. 2 α₊ diverges",
        note="ζ changes by an order of 1 in either case (angle-order-one).",
        uses=("terms-same-order",),
    ),
    Claim(
        id="balance-needed",
        loci=("Sec. 4",),
        says="to achieve feature learning one should make sure that c_u = c_w",
        test=limit(
            (EQUAL_RATES, EQ_18, FEATURE), Eq(c_u, c_w), ("Eq. 19 holds, the second term of Eq. 18 being larger", EQ_19),
            at=(Eq(c_d, 0), Eq(c_u, -1), Eq(c_w, 0), Eq(c_g, -1), Eq(e_u, 1)),
        ),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="c_η = −c_γ ≥ c_d + max{c_u, c_w} learns features for any c_u and c_w",
        note="That is Cor. 2; so are the values given here, of finite width as in case 3.",
        uses=("corollary-2",),
    ),
)  # fmt: skip
