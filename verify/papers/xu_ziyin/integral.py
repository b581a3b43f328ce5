"""Appendix B.2 at β = 1: one equation for all neurons, and its integral, Eq. 34-40."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol, exp, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.reduction import Reduction
from symbolic.in_hyperparameters import alpha_of_time, alpha_velocity, linear
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.symbols import (
    ALPHA_PLUS,
    LARGE_D,
    ONLY_NORM,
    RATES,
    READ_TIME,
    RHO,
    ROOT,
    alpha_minus,
    alpha_plus,
    convention,
    t_c,
)

SQUARES = Symbol("squares", real=True)  # Σ_j (p_j² − q_j²)
p, g = n.p_i, sqrt(n.alpha)
P_T = p * g
P_I = Symbol("p_i", positive=True)
P_K, Q_K = Symbol("p_k", real=True), Symbol("q_k", real=True)  # of another neuron
A, z = LARGE_D * n.rho**2, Symbol("zeta", positive=True)  # z = p_i²
# The quadratic A_P α² − Bα − A_Q.
A_P, A_Q = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
B = Symbol("B", real=True)


def _linear_velocity() -> Expr:
    """In the chart p moves at λ, and the output is λ/(η_uη_w) Σ (p² − q²)."""
    reduction = linear()[Reduction]
    output = reduction.output.subs(n.s, 0).subs({n.P: SQUARES / n.d, n.Q: 0})
    return reduction.rate * p * -2 * (output - n.y)


def _denominator(square: Expr) -> Expr:
    """The quadratic polynomial of Eq. 38 at p_i² = square."""
    middle = n.gamma * n.rho * n.y * ROOT
    return A * n.P / P_I**2 * square**2 - middle * square - A * n.Q * P_I**2


def _solved() -> Expr:
    ratio = (1 - alpha_plus) / (1 - alpha_minus) * exp(-4 * n.t / t_c)
    return (alpha_plus - ratio * alpha_minus) / (1 - ratio)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="linear-p-velocity",
        loci=("Eq. 34",),
        says="dp_i/dt at β = 1, the output as a sum of p_j² − q_j²",
        printed=r"\dot p_i=-2\gamma\sqrt{\eta_u\eta_w}\,p_i\rho\big(\sum_j(p_j^2-q_j^2)\tfrac{\gamma\rho}{\sqrt{\eta_u\eta_w}}-y\big)",
        test=Equation(
            r"\dot p_i",
            -2 * n.gamma * ROOT * p * n.rho * (SQUARES * n.gamma * n.rho / ROOT - n.y),
            _linear_velocity, RHO, swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="common-growth",
        loci=("Eq. 35",),
        says="p_j(t) = p_j(0) p_i(t)/p_i(0)",
        test=Equation("p_k(t)", P_K * P_T / p, lambda: P_K * g),
    ),
    Claim(
        id="common-decay",
        loci=("App. B.2",),
        says="q_j(t) = q_j(0) p_i(0)/p_j(t)",
        printed=r"q_j(t)=q_j(0)\frac{p_i(0)}{p_j(t)}",
        test=Equation(
            "q_k(t)", Q_K * p / (P_K * g), lambda: Q_K / g, corrected=Q_K * p / P_T
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"q_j(0)\frac{p_i(0)}{p_i(t)}",
        note="Eq. 36 uses the right form.",
    ),
    Claim(
        id="scalar-equation",
        loci=("Eq. 36", "Eq. 37"),
        says="the equation of p_i alone",
        printed=r"\dot p_i=-2p_i\big(\tfrac{(\gamma^2d)\rho^2P}{p_i(0)^2}p_i^2-\tfrac{(\gamma^2d)\rho^2Qp_i(0)^2}{p_i^2}-\gamma\rho y\sqrt{\eta_u\eta_w}\big)",
        test=Equation(
            r"\dot p_i",
            -2 * P_T * (A * n.P * n.alpha - A * n.Q / n.alpha - n.gamma * n.rho * n.y * ROOT),
            lambda: p * alpha_velocity() / (2 * g),
            RHO, swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="time-integrand",
        loci=("Eq. 38",),
        says="the integrand of t, in ζ = p_i²",
        printed=r"t=-\int\frac{d\zeta}{4(\frac{(\gamma^2d)\rho^2P}{p_i(0)^2}\zeta^2-\gamma\rho y\sqrt{\eta_u\eta_w}\zeta-(\gamma^2d)\rho^2Qp_i(0)^2)}",
        test=Equation(
            r"\frac{dt}{d\zeta}",
            -1 / (4 * _denominator(z)),
            lambda: 1 / (P_I**2 * alpha_velocity().subs(n.alpha, z / P_I**2)),
            RHO, swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="denominator-roots",
        loci=("Eq. 38", "Eq. 39"),
        says="the denominator of Eq. 38 has the roots α_± (here α₊, of Eq. 11 with ρ = ‖x‖)",
        printed=r"\text{the denominator as a quadratic polynomial has two different roots }\alpha_\pm",
        test=Equation(
            r"\text{denominator}", _denominator(ALPHA_PLUS), lambda: Integer(0),
            (convention("", (READ_TIME,)),), corrected=_denominator(P_I**2 * ALPHA_PLUS),
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"p_i(0)^2\alpha_\pm",
        note="Its variable is p_i², that of α is p_i²/p_i(0)². Eq. 39 is right.",
    ),
    Claim(
        id="two-roots",
        loci=("Eq. 39", "App. B.2"),
        says="the quadratic polynomial has two different roots",
        test=Implication(
            (), B**2 + 4 * A_P * A_Q > 0, conditions=(("y ≠ 0 or Q ≠ 0", sympy.Or(sympy.Ne(B, 0), A_Q > 0)),)
        ),
        expected=Verdict.HOLDS_IF,
        severity="degenerate",
        correction="for y = 0 and PQ = 0 the root is double, and t is algebraic, not a logarithm",
        note="With P ≠ 0; B = √(η_uη_w)γρy.",
    ),
    Claim(
        id="time-logarithm",
        loci=("Eq. 39",),
        says="the integral is −(t_c/4) log((α − α₊)/(α − α₋)): its derivative",
        test=Equation(
            r"\frac{dt}{d\alpha}",
            -t_c / 4 * (1 / (n.alpha - alpha_plus) - 1 / (n.alpha - alpha_minus)),
            lambda: 1 / alpha_velocity(), ONLY_NORM,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho", "alpha-minus"),
    ),
    Claim(
        id="solution-implicit",
        loci=("Eq. 40",),
        says="(α − α₊)/(α − α₋) = (1 − α₊)/(1 − α₋) e^{−4t/t_c}, solved for α",
        test=Equation(r"\alpha(t)", _solved(), alpha_of_time, ONLY_NORM),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        note='"which gives (8)": with Eq. 11 it gives α₊ − ξα₋ over 1 − ξ, and 1 − α₋ in ξ.',
        uses=("rho", "alpha-of-t"),
    ),
)  # fmt: skip
