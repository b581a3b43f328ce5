"""Section 3.2: what the learning rates have to do with the alignment."""

from __future__ import annotations

import sympy
from sympy import And, Eq, Expr, Integer, Rational, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import limit_of_alpha
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Decided, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.alignment import ONE, P, Q, a, scalars


def _both_decrease() -> Implication:
    """Squares of norms and of c = f/(γρ) > 0 before and after; ‖u‖²‖w‖² − c² and ‖w‖² − ‖u‖² are conserved."""
    u_1, u_2, w_1, w_2, c_1, c_2 = sympy.symbols(
        "u_start u_end w_start w_end c_start c_end", positive=True
    )
    G = Symbol("G", positive=True)
    conserved = (Eq(c_1, u_1 * w_1 - G), Eq(c_2, u_2 * w_2 - G), Eq(w_2, u_2 + w_1 - u_1))
    less_aligned = c_2 * u_1 * w_1 < c_1 * u_2 * w_2
    decrease = And(u_2 < u_1, w_2 < w_1, less_aligned)
    return Implication(
        (c_2 <= c_1,), decrease, lambda: conserved, (("f₀ ≠ y", sympy.Ne(c_1, c_2)),)
    )


def _equal_rate_dependence() -> Expr:
    """dα₊/dη at fixed weights: P and Q are proportional to a common rate."""
    eta, p, q = sympy.symbols("eta P_1 Q_1", positive=True)
    at = limit_of_alpha().subs(
        {P: eta * p, Q: eta * q, n.eta_u: eta, n.eta_w: eta}, simultaneous=True
    )
    return sympy.diff(at, eta)


def _left_side(root: Symbol) -> Expr:
    """α₊ at x = 1 in means over the initial weights, with √η_w in place of η_w."""
    u, cross, w = n.eta_u, sqrt(n.eta_u) * root, root**2
    values = {
        P: (u * n.m_oo + 2 * cross * n.m_uo + w * n.m_uu) / 4,
        Q: (u * n.m_oo - 2 * cross * n.m_uo + w * n.m_uu) / 4,
    }
    return limit_of_alpha().subs(n.rho, 1).subs(n.eta_w, root**2).subs(values)


def _small_rate_coefficient() -> Expr:
    """The derivative of α₊ by √η_w at 0."""
    root = Symbol("root", positive=True)
    return sympy.simplify(sympy.diff(_left_side(root), root).subs(root, 0))


def _small_rate_exponent() -> Expr:
    """Half the order in √η_w of α₊ − 1, whose value at 0 is 0."""
    root = Symbol("root", positive=True)
    assert sympy.simplify(_left_side(root).subs(root, 0)) == 1
    order = 1 if _small_rate_coefficient() != 0 else 2
    return Rational(order, 2)


def _alignment_at_rates(values: tuple[str, ...]) -> Finding:
    """ζ(∞)², ζ > 0, of the derivation at two rates of w."""
    slow, same = (_final_alignment(z) for z in (Rational(1, 100), ONE))
    order = "larger" if same > slow else "smaller" if same < slow else "the same"
    why = f"ζ(∞)² is {slow} at η_w = 1/100 and {same} at η_w = 1"
    if values[0] == order:
        return Finding(Verdict.HOLDS, Evidence.PROVED, why)
    witness = {"u(0)": "(1, 0)", "w(0)": "(1, 1)", "x": "1", "y": "2", "gamma": "1", "eta_u": "1",
               "eta_w": "1/100 and 1"}  # fmt: skip
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, why)


def _final_alignment(eta_w: Expr) -> Expr:
    """For u = (1, 0), w = (1, 1), x = γ = η_u = 1, y = 2."""
    pairs = [((w + sqrt(eta_w) * u) / 2, (w - sqrt(eta_w) * u) / 2) for u, w in ((1, 1), (0, 1))]
    at = {
        P: sum(p**2 for p, _ in pairs) / 2, Q: sum(q**2 for _, q in pairs) / 2,
        n.pq: sum(p * q for p, q in pairs) / 2, n.d: 2, n.gamma: 1, n.rho: 1, n.y: 2,
        n.eta_u: 1, n.eta_w: eta_w,
    }  # fmt: skip
    end = limit_of_alpha().subs(at)
    return sympy.radsimp(sympy.simplify(scalars()["alignment"].subs(a, end).subs(at) ** 2))


CLAIMS: tuple[Claim, ...] = (
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
        says="for η_u ≫ η_w the left side of (16), less 1, depends essentially linearly on η_w: its exponent is 1",
        printed=r"\text{depends monotonically and (essentially) linearly on }\eta_w",
        test=Equation(
            r"\frac{d\ln(\alpha_+-1)}{d\ln\eta_w}\Big|_{\eta_w\to0}", ONE, _small_rate_exponent,
            corrected=ONE / 2, vote=vote.small_rate,
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction=r"\alpha_+-1\propto\sqrt{\eta_w/\eta_u}",
        note="Whether the condition holds does not depend on the rates at all: α₊ > 1 if and only if γ(y − f₀) > 0 "
        "(condition-simplifies). That the left side depends on them is right.",
        uses=("condition-simplifies",),
    ),
    Claim(
        id="condition-small-rate",
        added=True,
        loci=("Sec. 3.2",),
        says="for η_u ≫ η_w (16)'s left side less 1 is 2√(η_w/η_u)(y − f₀)/(γ‖w‖²) (x = 1)",
        test=Equation(
            r"\lim_{\eta_w\to0}(\alpha_+-1)/\sqrt{\eta_w}",
            2 * (n.y - n.gamma * n.d * n.m_uo) / (sqrt(n.eta_u) * n.gamma * n.d * n.m_oo),
            _small_rate_coefficient,
        ),
        uses=("condition-rates",),
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
        note="Not in the paper. 4(PQ − (Σp_iq_i/d)²)/(η_uη_w) is (‖u‖²‖ω‖² − (u·ω)²)/d², which is conserved. "
        "ζ(∞) has the sign of γy.",
    ),
    Claim(
        id="alignment-rates",
        loci=("Sec. 3.2",),
        says="the dependence of the change in ζ on the rates becomes significant once they differ: η_w close to η_u "
        "makes the layers more aligned",
        printed=r"\text{making $\eta_w$ close to $\eta_u$ has the effect of making the two layers more aligned}",
        test=Decided(
            "ζ(∞) is larger at η_w = 1 than at η_w = 1/100, with η_u = 1", ("larger",), _alignment_at_rates,
            (("smaller", ("smaller",)),),
        ),
        expected=Verdict.FAILS,
        severity="substantive",
        correction=r"\frac{\partial\zeta(\infty)}{\partial\eta_w}=0",
        note="At given initial weights the final angle is fixed by y, γρ and the conserved ‖u‖²‖ω‖² − (u·ω)²; "
        "the rates decide by how much both layers grow, and how fast.",
        uses=("alignment-end",),
    ),
    Claim(
        id="both-mechanisms",
        loci=("Sec. 3.2",),
        says="when (16) does not hold, f₀ ≥ y > 0, both the alignment and the norms decrease",
        test=_both_decrease(),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="at f₀ = y, α₊ = 1, nothing changes",
        note="For layers that are not parallel; parallel ones only shrink.",
    ),
)  # fmt: skip
