"""Section 3.1: the two terms of t_c, and what depends on the learning rates."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import limit_of_alpha, rate
from symbolic.proof.enclosure import enclose
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Decided, Equation
from verify.papers.xu_ziyin.data_line import M_1, M_2, M_2B, M_B, strength, target
from verify.papers.xu_ziyin.symbols import ALPHA_PLUS, P_OF, Q_OF, READ_TIME, convention

ONE = Integer(1)
eta = Symbol("eta", positive=True)  # a common rate
d_p, d_q = Symbol("dP_deta", real=True), Symbol("dQ_deta", real=True)  # by it
# u_i(∞)² by Eq. 12, with α₊ of Eq. 11.
END = sqrt(ALPHA_PLUS.subs(READ_TIME))
U_END_2 = sympy.expand((n.p_i * END - n.q_i / END) ** 2 / n.eta_w)


def _second_term_slope() -> Expr:
    """By a common rate η, with dP/dη and dQ/dη."""
    moved = _second_term().subs({n.P: n.P + eta * d_p, n.Q: n.Q + eta * d_q})
    return sympy.diff(moved, eta).subs(eta, 0)


def _second_term() -> Expr:
    """Of the derived 4/(2/R)² = t_c⁻², what does not vanish at y = 0."""
    return (rate() ** 2 / 4).subs(n.y, 0)


def _u_end() -> Expr:
    """u_i(∞)."""
    end = limit_of_alpha()
    return (n.p_i * sqrt(end) - n.q_i / sqrt(end)) / sqrt(n.eta_w)


def _u_end_at_other_rates() -> Expr:
    """u_i(∞)² with both rates k times as large, at the same weights."""
    k = Symbol("k", positive=True)
    scaled = {
        **{z: k * z for z in (n.eta_u, n.eta_w, n.P, n.Q)},
        **{z: sqrt(k) * z for z in (n.p_i, n.q_i)},
    }
    return sympy.expand(_u_end().subs(scaled, simultaneous=True) ** 2)


def _dependence(values: tuple[bool, ...]) -> Finding:
    """u(∞) of one neuron at one other rate each."""
    start, by_u, by_w = (
        enclose(_u_end().subs(_one_neuron(*z)), {}) for z in ((1, 1), (4, 1), (1, 4))
    )
    truth = (not start.overlaps(by_u), not start.overlaps(by_w))
    if values == truth:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "so does the derived limit, at exact values")
    why = f"u(∞) is {start.str(6)}, at η_u = 4 {by_u.str(6)}, at η_w = 4 {by_w.str(6)}"
    witness = {
        "u(0)": "1",
        "w(0)": "1",
        "x": "1",
        "y": "3",
        "gamma": "1",
        "eta_u": "1",
        "eta_w": "1",
    }
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, why)


def _one_neuron(eta_u: int, eta_w: int) -> dict[Expr, Expr]:
    """Values for d = 1, u = w = x = γ = 1, y = 3."""
    at = {n.u_i: 1, n.h_i: 1, n.rho: 1, n.beta: 1, n.eta_u: eta_u, n.eta_w: eta_w}
    p, q = P_OF.subs(at), Q_OF.subs(at)
    return {
        n.eta_u: Integer(eta_u), n.eta_w: Integer(eta_w), n.P: p**2, n.Q: q**2, n.p_i: p, n.q_i: q,
        n.y: Integer(3), n.gamma: ONE, n.rho: ONE, n.d: ONE,
    }  # fmt: skip


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="first-term",
        loci=("Sec. 3.1",),
        says="ρy in the first term of t_c⁻² is the correlation of inputs and targets, E[aỹ]",
        test=Equation(
            r"\rho y", M_1,
            lambda: (strength() * target()).subs({n.beta: 1, M_2B: M_2, M_B: M_1}),
        ),
    ),
    Claim(
        id="second-term-data",
        loci=("Sec. 3.1",),
        says="the second term depends only on the input data and the initialization: not on a common rate η",
        printed=r"4\rho^4(\gamma^2d)^2PQ\ \text{depends only on the input data and on the model initialization}",
        test=Equation(
            r"\frac{\partial}{\partial\eta}4\rho^4(\gamma^2d)^2PQ", Integer(0), _second_term_slope,
            (convention("", condition={d_p: n.P / eta, d_q: n.Q / eta}),
             convention("P and Q are read as initialization scales (footnote 2), though both rates are in them",
                        condition={d_p: Integer(0), d_q: Integer(0)})),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction="at given weights it depends on both rates, through P and Q, as the first does",
        note="A common factor of the rates leaves the ratio of both terms as it is: large rates alone do not lead out "
        "of the kernel regime, contrary to what the end of the paragraph suggests.",
    ),
    Claim(
        id="rates-magnitude",
        loci=("Sec. 3.1",),
        says="the converged solution depends directly on the magnitudes of the learning rates",
        test=Decided(
            "u_i(∞) depends on both rates", (True, True), _dependence,
            (("not on η_u", (False, True)), ("not on η_w", (True, False)), ("on neither", (False, False))),
        ),
        note="On each of them; but not on a common factor of both. Sharper: the weights depend on their ratio alone "
        "(rates-ratio), and the final alignment on neither (alignment-end).",
    ),
    Claim(
        id="rates-ratio",
        added=True,
        loci=("Sec. 3.1",),
        says="the converged weights depend on the ratio of the rates alone: a common factor k leaves u_i(∞)² as it is",
        test=Equation(
            r"u_i(\infty)^2\big|_{k\eta_u,k\eta_w}", U_END_2, _u_end_at_other_rates,
            swaps=((n.eta_u, n.eta_w),),
        ),
        uses=("rates-magnitude",),
    ),
)  # fmt: skip
