"""Section 3.2: the alignment ζ of both layers, Eq. 14."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Basic, Eq, Expr, Integer, Ne, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.chart import Chart
from symbolic.explicit.observables import Observables
from symbolic.in_hyperparameters import limit_of_alpha, linear
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import convention

ONE = Integer(1)
ETA = Symbol("eta", positive=True)
a, P, Q = n.alpha, n.P, n.Q
TOTAL = 2 * n.pq  # (2/d) Σ p q
# The quadratic A_P α² − Bα − A_Q whose roots are α_±.
A_P, A_Q = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
B, alpha = Symbol("B", real=True), Symbol("alpha", positive=True)
C = Symbol("C", positive=True)  # p_i/q_i of parallel layers
# Eq. 14 as printed.
UNDER_ROOT = (a * P + Q / a) ** 2 - TOTAL**2
ZETA = (a * P - Q / a) / sqrt(UNDER_ROOT)


def scalars() -> dict[str, Expr]:
    """Overlap, norms and ζ in P, Q, Σpq and α, derived."""
    return linear()[Observables].in_alpha


def _parallel_angle() -> Implication:
    """ζ² = 1 before and after, with the signs of f₀ and y (γ > 0)."""
    before, after, f_0, y = sympy.symbols("zeta_0 zeta_end f_0 y", real=True)
    facts = (
        Eq(before * sympy.Max(f_0, -f_0), f_0), Eq(after * sympy.Max(y, -y), y), Ne(f_0, 0), Ne(y, 0),
    )  # fmt: skip
    return Implication(
        (), Eq(before, after), lambda: facts, (("f₀y > 0", f_0 * y > 0),), vote=vote.anti_parallel
    )


def _four_p_q() -> Expr:
    chart = linear()[Chart]
    return 4 * chart.p * chart.q


def _unchanged() -> Implication:
    """dζ/dα has the sign of (P + Q/α²)(4PQ − total²); α moves by α₊ − 1."""
    P, Q = (Symbol(name, nonnegative=True) for name in ("P", "Q"))
    total, slope = Symbol("total", real=True), Symbol("slope", real=True)
    moves = Symbol("alpha_+", nonnegative=True) - 1

    def facts() -> Sequence[Basic]:
        # The derivation's slope is this times something that has no zero, the root's third power.
        found = sympy.diff(scalars()["alignment"], a) / ((n.P + n.Q / a**2) * (n.P * n.Q - n.pq**2))
        assert sympy.numer(sympy.factor(found)).is_positive
        return [Eq(slope, (P * alpha**2 + Q) * (4 * P * Q - total**2) * moves), P + Q > 0]

    return Implication(
        (Eq(slope, 0),), Eq(total**2, 4 * P * Q), facts, (("f₀ ≠ y, that is α₊ ≠ 1", Ne(moves, 0)),)
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="alignment",
        loci=("Eq. 14",),
        says="the alignment ζ in α, P, Q and Σ p_i q_i",
        printed=r"\zeta=\frac{\alpha P-Q/\alpha}{\sqrt{(\alpha P+Q/\alpha)^2-(\frac2d\sum p_iq_i)^2}}",
        test=Equation(r"\zeta", ZETA, lambda: scalars()["alignment"]),
        note="Simpler: with c = u·ω = f/(γρ) and the conserved G = ‖u‖²‖ω‖² − c², ζ = c/√(c² + G).",
    ),
    Claim(
        id="four-p-q",
        loci=("Sec. 3.2",),
        says="4p_iq_i = u_i² − w_i² (x = 1, equal rates)",
        printed=r"4p_iq_i=u_i^2-w_i^2=\text{const}",
        test=Equation(
            "4p_iq_i",
            n.u_i**2 - n.h_i**2,
            lambda: _four_p_q().subs({n.eta_u: ETA, n.eta_w: ETA, n.rho: ONE}),
            corrected=ETA * (n.h_i**2 - n.u_i**2),
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"4p_iq_i=\eta(w_i^2-u_i^2)",
        note="In general η_uω_i² − η_wu_i². Only its square enters Eq. 14; in the norms of Sec. 3.3 "
        "the sign matters, and is right there.",
    ),
    Claim(
        id="angle-values",
        loci=("Sec. 3.2",),
        says="from parallel layers α(t) = 0 or 1 throughout training: here that α(∞) = 1",
        printed=r"\alpha(t)=0/1",
        test=Equation(
            r"\alpha(\infty)\big|_{p_i=Cq_i}", ONE, lambda: limit_of_alpha().subs(P, C**2 * Q),
            (convention(""),),
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\zeta(t)=\pm1\ \text{(parallel)},\quad\alpha(t)\to1\ \text{(kernel phase)}",
        note="ζ is meant for α there: α(0) = 1 always, and parallel layers learn by its change alone. Of the "
        "kernel phase α → 1 is right.",
        uses=("parallel",),
    ),
    Claim(
        id="angle-unchanged",
        loci=("Sec. 3.2",),
        says="at finite width the angle remains unchanged only for parallel layers",
        test=_unchanged(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="for parallel layers, and where nothing is to be learned: f₀ = y, α₊ = 1",
        note="The kernel phase is the limit α₊ → 1. Sec. 3.2 says of α₊ = 1 that ζ does not change.",
    ),
    Claim(
        id="alignment-gaussian",
        loci=("Sec. 3.2",),
        says="with P = Q and Σ p_i q_i = 0, ζ = (α² − 1)/(α² + 1)",
        printed=r"\zeta\approx\frac{\alpha^2-1}{\alpha^2+1}",
        test=Equation(
            r"\zeta",
            (a**2 - 1) / (a**2 + 1),
            lambda: scalars()["alignment"].subs({Q: P, n.pq: 0}).subs(P, Symbol("P", positive=True)),
        ),
    ),
    Claim(
        id="parallel-angle",
        loci=("Sec. 3.2",),
        says="the angle remains unchanged for parallel layers (f₀, y ≠ 0)",
        test=_parallel_angle(),
        expected=Verdict.HOLDS_IF,
        severity="substantive",
        correction="anti-parallel layers with γy > 0 become parallel, through weights of one layer that vanish",
        note="ζ has the sign of f. So u(0) = (1, 1/2), w(0) = (−2, −1) with y = 3 and x, γ and both rates 1: ζ "
        "goes from −1 to 1.",
        uses=("parallel",),
    ),
    Claim(
        id="parallel",
        loci=("Sec. 3.2",),
        says="parallel layers, p_i = C q_i, stay parallel: ζ² = 1",
        printed=r"p_i=Cq_i\Rightarrow\zeta(t)^2=1",
        test=Equation(
            r"\zeta^2", ONE,
            lambda: (scalars()["alignment"] ** 2).subs({P: C**2 * Q, n.pq: C * Q}).subs(
                Q, Symbol("Q", positive=True)),
        ),
    ),
)  # fmt: skip
