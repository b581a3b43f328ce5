"""Section 3.2: how far the alignment grows, and that it is monotone. Eq. 15."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Basic, Eq, Equivalent, Ne, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.in_hyperparameters import linear
from verify.claims.claim import Claim
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.alignment import (
    A_P,
    A_Q,
    TOTAL,
    UNDER_ROOT,
    B,
    P,
    Q,
    a,
    alpha,
    scalars,
)

K, b = Symbol("K_bound", positive=True), Symbol("b", real=True)
END = Symbol("alpha_+", positive=True)
# Eq. 15 as printed.
SLOPE = (P + Q / a**2) * (4 * P * Q - TOTAL**2) / sqrt(UNDER_ROOT) ** 3


def _cauchy() -> Implication:
    p_1, p_2, q_1, q_2 = sympy.symbols("p_1 p_2 q_1 q_2", real=True)
    product = (p_1**2 + p_2**2) * (q_1**2 + q_2**2)
    return Implication((Ne(p_1 * q_2, p_2 * q_1),), 4 * product > 4 * (p_1 * q_1 + p_2 * q_2) ** 2)


def _alpha_monotone() -> Implication:
    """With both roots of dα/dt = 0, of which the derivation gives the polynomial."""
    plus, minus = Symbol("alpha_+", nonnegative=True), Symbol("alpha_-", real=True)
    velocity = Symbol("dalpha_dt", real=True)

    def facts() -> Sequence[Basic]:
        speed = linear()[RiccatiTime].speed.subs(
            {n.A_P: A_P, n.A_Q: A_Q, n.B: B, a: alpha}, simultaneous=True
        )
        roots = (Eq(A_P * (plus + minus), B), Eq(A_P * plus * minus, -A_Q), minus <= 0)
        return [Eq(velocity, sympy.expand(speed)), *roots]

    return Implication((), Equivalent(velocity > 0, alpha < plus), facts)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="alignment-bound",
        loci=("Sec. 3.2",),
        says="if √(η_uη_w)γρy ≥ 2Kρ²γ²dP (and P = Q) then α₊ ≥ K + 1, which bounds ζ(∞) from below",
        printed=r"\zeta(\infty)\ge\frac{(K+1)^2-1}{(K+1)^2+1}",
        test=Implication((b >= K,), END >= K + 1, lambda: [Eq(END**2 - 2 * b * END - 1, 0)]),
        note="α₊ = b + √(b² + Q/P) at P = Q, with b ≥ K.",
    ),
    Claim(
        id="alignment-bound-sharp",
        added=True,
        loci=("Sec. 3.2",),
        says="the bound at its best: with α₊ ≥ K + √(K²+1), (α₊² − 1)/(α₊² + 1) ≥ K/√(K²+1)",
        test=Equation(
            r"\frac{\alpha^2-1}{\alpha^2+1}\Big|_{\alpha=K+\sqrt{K^2+1}}",
            K / sqrt(K**2 + 1),
            lambda: ((K + sqrt(K**2 + 1)) ** 2 - 1) / ((K + sqrt(K**2 + 1)) ** 2 + 1),
        ),
        note="Sharper than the printed bound, by the same argument: ζ(∞) ≥ K/√(K² + 1).",
    ),
    Claim(
        id="gaussian-aligns",
        loci=("Sec. 3.2",),
        says="with P = Q, α₊ > 1 if y > 0: ζ increases (Figure 1)",
        note="The text has P ≈ Q: then it is y > f₀ that counts, and f₀ is of order 1 where γ = 1/√d.",
        test=Implication((Eq(A_P, A_Q), B > 0), END > 1, lambda: [Eq(A_P * END**2 - B * END - A_Q, 0)]),
    ),
    Claim(
        id="alignment-slope",
        loci=("Eq. 15",),
        says="dζ/dα",
        printed=r"\frac{d\zeta}{d\alpha}=\frac{(P+\frac Q{\alpha^2})(4PQ-(\frac2d\sum p_iq_i)^2)}{[\ldots]^{3/2}}",
        test=Equation(r"\frac{d\zeta}{d\alpha}", SLOPE, lambda: sympy.diff(scalars()["alignment"], a)),
    ),
    Claim(
        id="alignment-monotone",
        loci=("Sec. 3.2",),
        says="4PQ − ((2/d) Σ p_i q_i)² > 0 for layers that are not parallel, by Cauchy (two neurons)",
        printed=r"4PQ-(\tfrac2d\sum p_iq_i)^2>0",
        test=_cauchy(),
        note="Of a Gram determinant, so that two neurons are enough.",
    ),
    Claim(
        id="alpha-monotone",
        loci=("Sec. 3.2", "App. B.3", "App. D"),
        says="α(t) evolves monotonically from 1 to α₊: dα/dt > 0 if and only if α < α₊",
        test=_alpha_monotone(),
    ),
)  # fmt: skip
