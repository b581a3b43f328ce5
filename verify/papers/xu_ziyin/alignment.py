"""Section 3.2: learning by alignment and disalignment, Eq. 14-16."""

from __future__ import annotations

import sympy
from sympy import Eq, Expr, Integer, Symbol, sqrt

from symbolic import notation as n
from verify.checks import Decided, Equation, Implication
from verify.claim import Claim, Evidence, Finding, Verdict
from verify.papers.xu_ziyin.derived import (
    limit_of_alpha,
    linear,
)
from verify.papers.xu_ziyin.symbols import (
    MEAN,
    RATES,
    ROOT,
    convention,
)

ONE = Integer(1)


def scalars() -> dict[str, Expr]:
    """Overlap, norms and ζ in P, Q, Σpq and α, derived."""
    return linear().observables.in_alpha


def _alignment() -> list[Claim]:
    a, P, Q, total = n.alpha, n.P, n.Q, 2 * n.pq  # (2/d) Σ p q
    root = sqrt((a * P + Q / a) ** 2 - total**2)
    zeta = (a * P - Q / a) / root
    slope = (P + Q / a**2) * (4 * P * Q - total**2) / root**3
    plus = limit_of_alpha
    b = ROOT * n.y / (2 * n.gamma * n.d * n.rho * P)
    K, A = Symbol("K_bound", positive=True), Symbol("alpha_plus", positive=True)
    ratio = Symbol("b", real=True)
    f_0, y = n.f_0, n.y
    return [
        Claim(
            id="alignment",
            loci=("Eq. 14",),
            says="the alignment ζ in α, P, Q and Σ p_i q_i",
            printed=r"\zeta=\frac{\alpha P-Q/\alpha}{\sqrt{(\alpha P+Q/\alpha)^2-(\frac2d\sum p_iq_i)^2}}",
            test=Equation(r"\zeta", zeta, lambda: scalars()["alignment"]),
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
                lambda: _four_p_q().subs({n.eta_u: ONE, n.eta_w: ONE, n.rho: ONE}),
                corrected=n.h_i**2 - n.u_i**2,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"4p_iq_i=w_i^2-u_i^2",
            note="In general η_uω_i² − η_wu_i². Only its square enters Eq. 14; in the norms of Sec. 3.3 "
            "the sign matters, and is right there.",
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
            id="alignment-bound",
            loci=("Sec. 3.2",),
            says="if √(η_uη_w)γρy ≥ 2Kρ²γ²dP then α₊ ≥ K + 1, which bounds ζ(∞) from below",
            printed=r"\zeta(\infty)\ge\frac{(K+1)^2-1}{(K+1)^2+1}",
            test=Implication(
                (ratio >= K, A**2 - 2 * ratio * A - 1 >= 0, ratio < A), A >= K + 1,
            ),
            note="α₊ = b + √(b² + Q/P) at P = Q, with b ≥ K. Sharper: α₊ ≥ K + √(K² + 1), and with it "
            "ζ(∞) ≥ K/√(K² + 1).",
        ),
        Claim(
            id="alignment-bound-sharp",
            added=True,
            loci=("Sec. 3.2",),
            says="the bound at its best: with α₊ ≥ K + √(K²+1), (α₊² − 1)/(α₊² + 1) ≥ K/√(K²+1)",
            test=Equation(
                r"\frac{\alpha^2-1}{\alpha^2+1}\Big|_{\alpha=K+\sqrt{K^2+1}}",
                K / sqrt(K**2 + 1),
                lambda: (((K + sqrt(K**2 + 1)) ** 2 - 1) / ((K + sqrt(K**2 + 1)) ** 2 + 1)),
            ),
            note="Not in the paper: what its argument gives.",
        ),
        Claim(
            id="parallel",
            loci=("Sec. 3.2",),
            says="parallel layers, p_i = C q_i, stay parallel: ζ² = 1",
            printed=r"p_i=Cq_i\Rightarrow\zeta(t)^2=1",
            test=Equation(
                r"\zeta^2", ONE,
                lambda: (scalars()["alignment"] ** 2).subs({P: K**2 * Q, n.pq: K * Q}).subs(
                    Q, Symbol("Q", positive=True)),
            ),
        ),
        Claim(
            id="alignment-slope",
            loci=("Eq. 15",),
            says="dζ/dα",
            printed=r"\frac{d\zeta}{d\alpha}=\frac{(P+\frac Q{\alpha^2})(4PQ-(\frac2d\sum p_iq_i)^2)}{[\ldots]^{3/2}}",
            test=Equation(r"\frac{d\zeta}{d\alpha}", slope, lambda: sympy.diff(scalars()["alignment"], a)),
        ),
        Claim(
            id="alignment-monotone",
            loci=("Sec. 3.2",),
            says="dζ/dα ≥ 0: by Cauchy, (Σ p_i q_i)² ≤ Σ p_i² Σ q_i² (two neurons)",
            printed=r"4PQ-(\tfrac2d\sum p_iq_i)^2\ge0",
            test=_cauchy(),
        ),
        Claim(
            id="condition-alpha",
            loci=("Eq. 16",),
            says="α₊ > 1 written out: the left side of Eq. 16 is α₊",
            printed=r"\frac{\sqrt{\eta_u\eta_w}y}{2\gamma d\rho P}+\sqrt{\big(\frac{\sqrt{\eta_u\eta_w}y}"
            r"{2\gamma d\rho P}\big)^2+\frac QP}>1",
            test=Equation(
                r"\alpha_+", b + sqrt(b**2 + Q / P), plus,
                (
                    convention("", (MEAN, {n.d0: ONE})),
                ),
                swaps=RATES,
            ),
            note="x is one-dimensional in Sec. 3.2. Simplifies: α₊ > 1 if and only if γ(y − f₀) > 0, with f₀ the initial output. Neither "
            "learning rate enters.",
            uses=("rho", "alpha-roots"),
        ),
        Claim(
            id="condition-simplifies",
            added=True,
            loci=("Eq. 16",),
            says="α₊ > 1 if and only if y > f₀ (γ > 0)",
            test=_condition_simplifies(),
            note="Not in the paper: with A = γ²dρ²P and C = γ²dρ²Q, Aα₊² − Bα₊ − C = 0 and y − f₀ = "
            "(B − A + C)/λ.",
            uses=("condition-alpha",),
        ),
        Claim(
            id="condition-wrong-start",
            loci=("Sec. 3.2",),
            says="for y > 0 the condition holds whenever Q ≥ P",
            test=Implication(
                (y > 0, f_0 <= 0), y > f_0,
            ),
            note="Q ≥ P is f₀ ≤ 0 (γ > 0).",
            uses=("condition-simplifies",),
        ),
        Claim(
            id="condition-overlap",
            loci=("Sec. 3.2",),
            says="Q ≥ P is equivalent to u(0)·w(0) < 0",
            printed=r"Q\ge P\iff u^T(0)w(0)<0",
            test=_overlap_sign(),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"Q\ge P\iff u^T(0)w(0)\le0",
            note="They differ where the layers are orthogonal: Q = P.",
        ),
        Claim(
            id="equal-rates",
            loci=("Sec. 3.2",),
            says="for equal rates the final alignment does not depend on the rate",
            test=Equation(
                r"\frac{d\alpha_+}{d\eta}", Integer(0), lambda: _rate_dependence(equal=True),
            ),
        ),
        Claim(
            id="condition-rates",
            loci=("Sec. 3.2",),
            says="for η_u ≫ η_w condition (16) depends monotonically and essentially linearly on η_w",
            printed=r"\text{depends monotonically and (essentially) linearly on }\eta_w",
            test=Decided(
                "the sign of alpha_+ - 1 depends on eta_w",
                (True,),
                _depends_on_rates,
                (("the sign does not depend on the rates", (False,)),),
            ),
            expected=Verdict.FAILS,
            severity="substantive",
            correction=r"\alpha_+>1\iff\gamma(y-f_0)>0",
            note="P, Q and the square root depend on the rates, whether α₊ > 1 does not.",
            uses=("condition-simplifies",),
        ),
    ]  # fmt: skip


def _four_p_q() -> Expr:
    chart = linear().coordinates
    return 4 * chart.p * chart.q


def _cauchy() -> Implication:
    p_1, p_2, q_1, q_2 = sympy.symbols("p_1 p_2 q_1 q_2", real=True)
    return Implication(
        (), 4 * (p_1**2 + p_2**2) * (q_1**2 + q_2**2) >= 4 * (p_1 * q_1 + p_2 * q_2) ** 2
    )


def _condition_simplifies() -> Implication:
    """A α² − B α − C = 0, α > 0, A > 0, C ≥ 0: α > 1 iff B > A − C."""
    A, C = Symbol("A", positive=True), Symbol("C", nonnegative=True)
    B, alpha = Symbol("B", real=True), Symbol("alpha_plus", positive=True)
    root = Eq(A * alpha**2 - B * alpha - C, 0)
    return Implication(
        (root,), sympy.And(sympy.Or(alpha <= 1, B > A - C), sympy.Or(alpha > 1, B <= A - C))
    )


def _overlap_sign() -> Implication:
    """P − Q is the mean of √(η_uη_w) u ω: compare signs."""
    difference = linear().scaling.chain[2].exact
    scale = difference / n.m_uo
    assert scale == sqrt(n.eta_u) * sqrt(n.eta_w)
    r, gap = Symbol("root", positive=True), Symbol("P_minus_Q", real=True)
    uw = Symbol("uw", real=True)
    return Implication(
        (Eq(gap, r * uw),), sympy.And(sympy.Or(gap > 0, uw < 0), sympy.Or(gap <= 0, uw >= 0))
    )


def _rate_dependence(equal: bool) -> Expr:
    """dα₊/dη at fixed weights: P and Q are proportional to a common rate."""
    eta, p, q = sympy.symbols("eta P_1 Q_1", positive=True)
    at = limit_of_alpha().subs(
        {n.P: eta * p, n.Q: eta * q, n.eta_u: eta, n.eta_w: eta}, simultaneous=True
    )
    return sympy.diff(at, eta) if equal else at


def _depends_on_rates(values: tuple[bool, ...]) -> Finding:
    """γ(y − f₀) has no rate in it: proved in `condition-simplifies`, f₀ by its definition."""
    start = linear().scaling.chain[3]
    free = (n.y - start.exact).free_symbols & {n.eta_u, n.eta_w}
    truth = bool(free)
    if values[0] == truth:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "decided by the free symbols of y − f₀")
    witness = {"eta_w": "1/100 and 1/10", "eta_u": "1", "y": "2", "u(0)": "1", "w(0)": "1"}
    return Finding(
        Verdict.FAILS, Evidence.PROVED,
        "α₊ − 1 has the sign of γ(y − f₀), in which no rate occurs", "", witness, "0",
    )  # fmt: skip


def claims() -> list[Claim]:
    """In printed order."""
    return [*_alignment()]
