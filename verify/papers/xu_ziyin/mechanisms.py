"""Sections 3.1 (tangent kernel), 3.2 and 3.3: Eq. 13-16, alignment, rescaling, and their sentences."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Eq, Expr, Integer, Symbol, sqrt

from symbolic import notation as n
from verify.checks import Decided, Equation, Implication
from verify.claim import Claim, Evidence, Finding, Verdict
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import (
    MEAN,
    RATES,
    READ_TIME,
    ROOT,
    alpha_plus,
    convention,
    limit_of_alpha,
    linear,
)

S = sum_pq = n.d * n.pq  # Σ p_i q_i
ONE = Integer(1)
EQUAL = convention("η_u = η_w = 1", condition={n.eta_u: ONE, n.eta_w: ONE})
EQUAL_RATES = convention("η_u = η_w", condition={n.eta_u: n.eta_w})
UNIT = {n.rho: ONE}


def scalars() -> dict[str, Expr]:
    """Overlap, norms and ζ in P, Q, Σpq and α, derived."""
    return linear().observables.in_alpha


def kernel_at_data() -> Expr:
    """K(x, x) in the squared norms."""
    return sympy.expand(
        linear()
        .scalar.kernel_i.subs(n.h_i**2, n.rho**2 * n.norm_omega_2)
        .subs(n.u_i**2, n.norm_u_2)
    )


def _kernel() -> list[Claim]:
    printed = n.gamma**2 * n.rho**2 * (n.eta_w * n.norm_omega_2 + n.eta_u * n.norm_u_2)
    mended = n.gamma**2 * n.rho**2 * (n.eta_u * n.norm_omega_2 + n.eta_w * n.norm_u_2)
    K = Symbol("K_text", positive=True)
    return [
        Claim(
            id="kernel-dynamics",
            loci=("Sec. 3.1",),
            says="the tangent kernel is what enters df/dt = 2K(f − y)",
            printed=r"\frac{df(x)}{dt}=2K(x,x')(f(x')-y)",
            test=Equation(
                r"\dot f",
                2 * K * (n.f - n.y),
                lambda: K * linear().flow.speed,
                (convention(""),),
                corrected=-2 * K * (n.f - n.y),
                simulate=vote.output_velocity,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\frac{df(x)}{dt}=-2K(x,x')(f(x')-y)",
            note="With a positive kernel the printed sign would drive f away from y.",
        ),
        Claim(
            id="kernel",
            loci=("Eq. 13", "footnote 6"),
            says="the tangent kernel: η_w with WᵀW, η_u with ‖u‖² (here on the data)",
            printed=r"K(x,x')=\gamma^2x^T(\eta_wW^TW+\eta_u\|u\|^2I)x'",
            test=Equation(
                "K(x,x)", printed, kernel_at_data, (convention(""), EQUAL_RATES), corrected=mended,
                simulate=vote.tangent_kernel,
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction=r"K(x,x')=\gamma^2x^T(\eta_uW^TW+\eta_w\|u\|^2I)x'",
            note="The rates are exchanged: η_u multiplies the gradients of u, which are the hidden units.",
        ),
        Claim(
            id="kernel-standard",
            loci=("Sec. 3.1",),
            says="for η_u = η_w the definition is the standard tangent kernel, up to that rate",
            test=Equation(
                "K/\\eta",
                (printed / n.eta_w).subs(n.eta_u, n.eta_w),
                lambda: n.gamma**2 * n.rho**2 * (n.norm_omega_2 + n.norm_u_2),
                swaps=(),
            ),
        ),
        Claim(
            id="orthogonal-directions",
            loci=("Sec. 3.1",),
            says="for m ⊥ x the preactivation Σ_j w_ij m_j does not change",
            printed=r"\sum_jw_{ij}(t)m_j=\sum_jw_{ij}(0)m_j",
            test=Equation(
                r"\frac{d}{dt}\sum_jw_{ij}m_j",
                Integer(0),
                # dw_ij/dt = A_i x_j, so that Σ_j w_ij m_j moves by A_i (x·m); two inputs written out.
                lambda: _orthogonal_velocity(),
            ),
        ),
    ]  # fmt: skip


def _orthogonal_velocity() -> Expr:
    """A_i (x₁m₁ + x₂m₂) with m = (x₂, −x₁)."""
    x_1, x_2 = sympy.symbols("x_1 x_2", real=True)
    row = linear().flow.velocity_w
    return sympy.expand(row.subs(n.x_j, x_1) * x_2 - row.subs(n.x_j, x_2) * x_1)


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


def _scalar(name: str) -> Expr:
    return scalars()[name]


def _rescaling() -> list[Claim]:
    a, P, Q, total = n.alpha, n.P, n.Q, sum_pq
    u_2 = n.d * (a * P + Q / a) - 2 * total
    w_2 = n.d * (a * P + Q / a) + 2 * total
    positive = (P > 0, Q > 0)
    claims = [
        Claim(
            id=f"norm-{name}",
            loci=("Sec. 3.3",),
            says=f"the squared norm of {name} in α (x = 1)",
            printed=rf"\|{name}\|^2=d(\alpha P+Q/\alpha){sign}2\sum p_iq_i",
            test=Equation(
                rf"\|{name}\|^2", value, partial(_scalar, key), (convention(""), EQUAL),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=rf"\|{name}\|^2=\tfrac1{{\eta_{'w' if name == 'u' else 'u'}}}(\ldots)",
            note="Printed with α₊ for α: it is the value at t = ∞.",
        )
        for name, value, sign, key in (
            ("u", u_2, "-", "norm_u_2"), ("w", w_2, "+", "norm_omega_2"),
        )
    ]  # fmt: skip
    A, S2 = Symbol("alpha", positive=True), Symbol("P_plus", positive=True)
    Pp, Qp = Symbol("P", positive=True), Symbol("Q", positive=True)
    grows, shrinks = Pp * A**2 > Qp, Pp * A**2 < Qp
    del S2, positive
    between_up, between_down = Symbol("end", positive=True), Symbol("end", positive=True)
    claims += [
        Claim(
            id="norm-slope",
            loci=("Sec. 3.3",),
            says="d‖u‖²/dα = d(P − Q/α²)",
            printed=r"\frac{d\|u\|^2}{d\alpha}=d\big(P-\tfrac Q{\alpha^2}\big)",
            test=Equation(
                r"\frac{d\|u\|^2}{d\alpha}", n.d * (P - Q / a**2),
                lambda: sympy.diff(scalars()["norm_u_2"], a),
                (convention(""), EQUAL),
            ),
            expected=Verdict.HOLDS_IF,
            severity="convention",
            correction=r"\tfrac d{\eta_w}\big(P-\tfrac Q{\alpha^2}\big)",
        ),
        Claim(
            id="norm-sign",
            loci=("Sec. 3.3",),
            says="the slope of the norms in α has the sign of ζ",
            test=Implication((Pp * A**2 - Qp > 0,), grows),
            note="ζ has the sign of αP − Q/α (Eq. 14).",
        ),
        Claim(
            id="rescaling-1",
            loci=("Sec. 3.3: case 1",),
            says="P > Q and α₊ > 1: α grows from 1, and the norms with it",
            test=Implication((Pp > Qp, A >= 1), grows),
        ),
        Claim(
            id="rescaling-1-mirror",
            loci=("Sec. 3.3: case 1",),
            says="P < Q and α₊ < 1: α falls from 1, and the norms grow",
            test=Implication((Pp < Qp, A <= 1), shrinks),
        ),
        Claim(
            id="rescaling-1-equal",
            loci=("Sec. 3.3: case 1",),
            says="P = Q: the norms grow whichever way α goes",
            test=Implication(
                (Eq(Pp, Qp),), sympy.And(sympy.Or(A <= 1, grows), sympy.Or(A >= 1, shrinks))
            ),
        ),
        Claim(
            id="rescaling-2",
            loci=("Sec. 3.3: case 2",),
            says="P > Q and 1 > α₊ ≥ √(Q/P): the norms fall all the way",
            test=Implication(
                (Pp > Qp, between_down < 1, Pp * between_down**2 >= Qp, A < 1, between_down < A), grows
            ),
            note="There α falls, so that a positive slope in α is a fall in time.",
        ),
        Claim(
            id="rescaling-3",
            loci=("Sec. 3.3: case 3",),
            says="P > Q and α₊ < √(Q/P): the norms first fall, then grow",
            test=Implication(
                (Pp > Qp, Pp * between_up**2 < Qp), sympy.And(Pp > Qp, between_up < 1),
            ),
            note="At α = 1 the slope in α is P − Q > 0, at α₊ it is negative: one change of sign.",
        ),
    ]  # fmt: skip
    return claims


def claims() -> list[Claim]:
    """In printed order."""
    return [*_kernel(), *_alignment(), *_rescaling()]


__all__ = ["READ_TIME", "alpha_plus", "claims"]
