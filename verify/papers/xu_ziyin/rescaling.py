"""Section 3.3: the norms of both layers, and what the alignment has to do with them."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import And, Eq, Expr, Integer, Symbol

from symbolic import vocabulary as n
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.alignment import scalars
from verify.papers.xu_ziyin.symbols import convention

ONE = Integer(1)
a = n.alpha
SUM = n.d * n.pq  # Σ p_i q_i
EVEN = n.d * (a * n.P + n.Q / a)  # half the sum of both squared norms, at equal rates
SLOPE = n.d * (n.P - n.Q / a**2)
UNIT = {
    "u": convention("η_w = 1", condition={n.eta_w: ONE}),
    "w": convention("η_u = 1", condition={n.eta_u: ONE}),
}
# Squared alignments, and γρ‖u(0)‖‖w(0)‖ squared.
BEFORE_2, AFTER_2 = sympy.symbols("zeta_0_2 zeta_end_2", nonnegative=True)
SIZE = Symbol("size", positive=True)


def _scalar(name: str) -> Expr:
    return scalars()[name]


def _slope(name: str) -> Expr:
    return sympy.diff(scalars()[name], n.alpha)


def _disaligns(
    hypotheses: tuple[sympy.Basic, ...],
    conclusion: sympy.Basic,
    conditions: tuple[tuple[str, sympy.Basic], ...] = (),
) -> Implication:
    """ζ² (f² + G) = f² before and after, with G > 0 conserved, by the derivation's ζ; the size is f₀² + G."""
    G = Symbol("G", positive=True)

    def facts() -> list[sympy.Basic]:
        zeta, c = scalars()["alignment"], scalars()["overlap"]
        conserved = scalars()["norm_u_2"] * scalars()["norm_omega_2"] - c**2
        assert sympy.simplify(zeta**2 * (c**2 + conserved) - c**2) == 0
        assert sympy.simplify(sympy.diff(conserved, n.alpha)) == 0
        y, f_0 = n.y, n.f_0
        return [Eq(BEFORE_2 * SIZE, f_0**2), Eq(SIZE, f_0**2 + G), Eq(AFTER_2 * (y**2 + G), y**2)]

    at = (Eq(n.f_0, 0), Eq(n.y, 1)) if hypotheses else ()
    return Implication(hypotheses, conclusion, facts, conditions, at=at)


def _sign() -> Implication:
    """ζ times its root is αP − Q/α, Eq. 14; the slope times α² is αP − Q/α too."""
    zeta, root = Symbol("zeta", real=True), Symbol("root", positive=True)
    slope, alpha = Symbol("slope", real=True), Symbol("alpha_1", positive=True)
    P, Q = (Symbol(name, positive=True) for name in ("P", "Q"))
    facts = (Eq(zeta * root * alpha, P * alpha**2 - Q), Eq(slope * alpha**2, P * alpha**2 - Q))
    same = And(sympy.Equivalent(zeta > 0, slope > 0), sympy.Equivalent(zeta < 0, slope < 0))
    return Implication((), same, lambda: facts)


def _follow() -> Implication:
    """Squares of norms and of c = u·w; ‖u‖²‖w‖² − c² = G and ‖w‖² − ‖u‖² are conserved."""
    u_1, u_2, w_1, w_2, G = sympy.symbols("u_1 u_2 w_1 w_2 G", positive=True)
    c_1, c_2 = sympy.symbols("c_1 c_2", nonnegative=True)
    conserved = (Eq(c_1, u_1 * w_1 - G), Eq(c_2, u_2 * w_2 - G), Eq(w_2, u_2 + w_1 - u_1))
    grows = c_1 * u_2 * w_2 < c_2 * u_1 * w_1
    same = And(sympy.Equivalent(grows, u_1 < u_2), sympy.Equivalent(grows, w_1 < w_2))
    return Implication((), same, lambda: conserved)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="norm-u",
        loci=("Sec. 3.3",),
        says="the squared norm of u in α (x = 1)",
        printed=r"\|u\|^2=d(\alpha P+Q/\alpha)-2\sum p_iq_i",
        test=Equation(
            r"\|u\|^2", EVEN - 2 * SUM, partial(_scalar, "norm_u_2"), (convention(""), UNIT["u"])
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\|u\|^2=\tfrac1{\eta_w}(\ldots)",
        note="Printed with α₊ for α: it is the value at t = ∞.",
    ),
    Claim(
        id="norm-w",
        loci=("Sec. 3.3",),
        says="the squared norm of w in α (x = 1)",
        printed=r"\|w\|^2=d(\alpha P+Q/\alpha)+2\sum p_iq_i",
        test=Equation(
            r"\|w\|^2", EVEN + 2 * SUM, partial(_scalar, "norm_omega_2"), (convention(""), UNIT["w"])
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\|w\|^2=\tfrac1{\eta_u}(\ldots)",
        note="Printed with α₊ for α: it is the value at t = ∞.",
    ),
    Claim(
        id="norm-slope-u",
        loci=("Sec. 3.3",),
        says="d‖u‖²/dα = d(P − Q/α²)",
        printed=r"\frac{d\|u\|^2}{d\alpha}=\frac{d\|w\|^2}{d\alpha}=d\big(P-\tfrac Q{\alpha^2}\big)",
        test=Equation(
            r"\frac{d\|u\|^2}{d\alpha}", SLOPE, partial(_slope, "norm_u_2"), (convention(""), UNIT["u"])
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\tfrac d{\eta_w}\big(P-\tfrac Q{\alpha^2}\big)",
    ),
    Claim(
        id="norm-slope-w",
        loci=("Sec. 3.3",),
        says="d‖w‖²/dα = d(P − Q/α²)",
        printed=r"\frac{d\|u\|^2}{d\alpha}=\frac{d\|w\|^2}{d\alpha}=d\big(P-\tfrac Q{\alpha^2}\big)",
        test=Equation(
            r"\frac{d\|w\|^2}{d\alpha}", SLOPE, partial(_slope, "norm_omega_2"), (convention(""), UNIT["w"])
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\tfrac d{\eta_u}\big(P-\tfrac Q{\alpha^2}\big)",
    ),
    Claim(
        id="initialization-size",
        loci=("Sec. 3.4",),
        says="an overly large initialization learns by disalignment: |ζ| falls where γρ‖u(0)‖‖w(0)‖ > 1000|y|",
        test=_disaligns((10**6 * n.y**2 < SIZE,), AFTER_2 < BEFORE_2, (("|f₀| > |y|", n.f_0**2 > n.y**2),)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction="|ζ| falls if and only if |f₀| > |y|",
        note="It is the initial output that decides. Layers that are orthogonal at the start align, however large.",
        uses=("disalignment",),
    ),
    Claim(
        id="disalignment",
        added=True,
        loci=("Sec. 3.4",),
        says="|ζ| falls if and only if |f₀| > |y|, for layers that are not parallel",
        test=_disaligns((), sympy.Equivalent(AFTER_2 < BEFORE_2, n.f_0**2 > n.y**2)),
        note="Sharper: ζ² = c²/(c² + G) with c = u·ω = f/(γρ) and the conserved G = ‖u‖²‖ω‖² − c².",
    ),
    Claim(
        id="norm-sign",
        loci=("Sec. 3.3",),
        says="the slope of the norms in α is positive where ζ > 0, negative where ζ < 0",
        test=_sign(),
    ),
    Claim(
        id="norms-follow-alignment",
        loci=("Sec. 3.3",),
        says="‖u‖ and ‖w‖ become larger when |ζ| gets larger, and smaller when it gets smaller",
        test=_follow(),
        note="Of |ζ|, c² and both norms, for layers that are not parallel, one grows if and only if each does.",
    ),
)  # fmt: skip
