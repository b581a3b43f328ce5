"""Section 3.2: whether ζ grows, Eq. 16, and what the learning rates have to do with it."""

from __future__ import annotations

import sympy
from sympy import And, Eq, Equivalent, Expr, Integer, Symbol, sqrt

from symbolic import notation as n
from verify.checks import Decided, Equation, Implication
from verify.claim import Claim, Evidence, Finding, Verdict
from verify.papers.xu_ziyin.alignment import A_P, A_Q, ONE, B, P, Q, a, alpha, scalars
from verify.papers.xu_ziyin.derived import limit_of_alignment, limit_of_alpha, linear
from verify.papers.xu_ziyin.symbols import MEAN, RATES, ROOT, convention


def _condition() -> list[Claim]:
    b = ROOT * n.y / (2 * n.gamma * n.d * n.rho * P)
    f_0, y = n.f_0, n.y
    return [
        Claim(
            id="condition-alpha",
            loci=("Eq. 16",),
            says="α₊ > 1 written out: the left side of Eq. 16 is α₊",
            printed=r"\frac{\sqrt{\eta_u\eta_w}y}{2\gamma d\rho P}+\sqrt{\big(\frac{\sqrt{\eta_u\eta_w}y}"
            r"{2\gamma d\rho P}\big)^2+\frac QP}>1",
            test=Equation(
                r"\alpha_+", b + sqrt(b**2 + Q / P), limit_of_alpha,
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
            note="Not in the paper: with A = γ²dρ²P and C = γ²dρ²Q, Aα₊² − Bα₊ − C = 0 and y − f₀ = "
            "(B − A + C)/λ.",
            uses=("condition-alpha",),
        ),
        Claim(
            id="condition-wrong-start",
            loci=("Sec. 3.2",),
            says="for y > 0 the condition holds whenever Q ≥ P",
            test=Implication((y > 0, f_0 <= 0), y > f_0),
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
            severity="degenerate",
            correction=r"Q\ge P\iff u^T(0)w(0)\le0",
            note="They differ where the layers are orthogonal: Q = P.",
        ),
    ]  # fmt: skip


def _condition_simplifies() -> Implication:
    """A α² − B α − C = 0, α > 0, A > 0, C ≥ 0: α > 1 iff B > A − C."""
    root = Eq(A_P * alpha**2 - B * alpha - A_Q, 0)
    return Implication((), Equivalent(alpha > 1, B > A_P - A_Q), lambda: [root])


def _overlap_sign() -> Implication:
    """P − Q is the mean of √(η_uη_w) u ω: compare signs."""
    difference = linear().scaling.chain[2].exact
    scale = difference / n.m_uo
    assert scale == sqrt(n.eta_u) * sqrt(n.eta_w)
    k, uw = Symbol("k", positive=True), Symbol("uw", real=True)
    P, Q = (Symbol(name, nonnegative=True) for name in ("P", "Q"))
    return Implication((), Equivalent(Q >= P, uw < 0), lambda: [Eq(P - Q, k * uw)])


def _learning_rates() -> list[Claim]:
    c = Symbol("c", positive=True)
    return [
        Claim(
            id="equal-rates",
            loci=("Sec. 3.2",),
            says="for equal rates the final alignment does not depend on the rate",
            test=Equation(r"\frac{d\alpha_+}{d\eta}", Integer(0), _equal_rate_dependence),
            note="Sharper: it never depends on the rates (alignment-end).",
        ),
        Claim(
            id="condition-rates",
            loci=("Sec. 3.2",),
            says="for η_u ≫ η_w condition (16) depends monotonically and essentially linearly on η_w",
            printed=r"\text{depends monotonically and (essentially) linearly on }\eta_w",
            test=Decided(
                "the sign of α₊ − 1 depends on η_w",
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
        Claim(
            id="alignment-end",
            added=True,
            loci=("Sec. 3.2",),
            says="ζ(∞)² = y²/(y² + γ²ρ²(‖u‖²‖ω‖² − (u·ω)²)), of the initial weights: no rate enters",
            test=Equation(
                r"\zeta(\infty)^2",
                n.y**2 / (n.y**2 + 4 * (n.gamma * n.rho * n.d) ** 2 * (P * Q - n.pq**2) / (n.eta_u * n.eta_w)),
                lambda: (scalars()["alignment"] ** 2).subs(a, limit_of_alpha()),
                swaps=((P, n.y),),
            ),
            note="Not in the paper. 4(PQ − (Σp_iq_i/d)²)/(η_uη_w) is (‖u‖²‖ω‖² − (u·ω)²)/d², which is conserved; "
            "its sign is that of γy.",
        ),
        Claim(
            id="alignment-rates",
            loci=("Sec. 3.2",),
            says="η_w close to η_u makes the layers more aligned: ∂ζ(∞)/∂η_w = c > 0 for η_w < η_u",
            test=Equation(
                r"\frac{\partial\zeta(\infty)}{\partial\eta_w}", c,
                lambda: sympy.diff(limit_of_alignment(), n.eta_w), corrected=Integer(0),
            ),
            expected=Verdict.FAILS,
            severity="substantive",
            correction=r"\frac{\partial\zeta(\infty)}{\partial\eta_w}=0",
            note="At given initial weights the final angle is fixed by y, γρ and the conserved ‖u‖²‖ω‖² − (u·ω)².",
            uses=("alignment-end",),
        ),
        Claim(
            id="both-mechanisms",
            loci=("Sec. 3.2",),
            says="when (16) does not hold, f₀ > y > 0, both the alignment and the norms decrease",
            test=_both_decrease(),
            note="For layers that are not parallel; parallel ones only shrink.",
        ),
    ]  # fmt: skip


def _both_decrease() -> Implication:
    """Squares of norms and of c = f/(γρ) > 0 before and after; ‖u‖²‖w‖² − c² and ‖w‖² − ‖u‖² are conserved."""
    u_1, u_2, w_1, w_2, c_1, c_2 = sympy.symbols("u_1 u_2 w_1 w_2 c_1 c_2", positive=True)
    G = Symbol("G", positive=True)
    conserved = (Eq(c_1, u_1 * w_1 - G), Eq(c_2, u_2 * w_2 - G), Eq(w_2, u_2 + w_1 - u_1))
    less_aligned = c_2 * u_1 * w_1 < c_1 * u_2 * w_2
    return Implication((c_2 < c_1,), And(u_2 < u_1, w_2 < w_1, less_aligned), lambda: conserved)


def _equal_rate_dependence() -> Expr:
    """dα₊/dη at fixed weights: P and Q are proportional to a common rate."""
    eta, p, q = sympy.symbols("eta P_1 Q_1", positive=True)
    at = limit_of_alpha().subs(
        {P: eta * p, Q: eta * q, n.eta_u: eta, n.eta_w: eta}, simultaneous=True
    )
    return sympy.diff(at, eta)


def _depends_on_rates(values: tuple[bool, ...]) -> Finding:
    """γ(y − f₀) has no rate in it: proved in `condition-simplifies`, f₀ by its definition."""
    start = linear().scaling.chain[3]
    truth = bool((n.y - start.exact).free_symbols & {n.eta_u, n.eta_w})
    if values[0] == truth:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "decided by the free symbols of y − f₀")
    witness = {"eta_w": "1/100 and 1/10", "eta_u": "1", "y": "2", "u(0)": "1", "w(0)": "1"}
    why = "α₊ − 1 has the sign of γ(y − f₀), in which no rate occurs"
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, f"{why}: the same at both")


def claims() -> list[Claim]:
    """In printed order."""
    return [*_condition(), *_learning_rates()]
