"""Appendix B.2: the reduction to one equation, and its integral, Eq. 27-40."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Expr, Integer, Symbol, exp, log, sqrt

from symbolic.explicit.reduction import Reduction
from symbolic.in_hyperparameters import (
    alpha_of_time,
    alpha_velocity,
    at_power,
    linear,
    power,
    velocity,
)
from symbolic.notation import symbols as n
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Definition, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.symbols import (
    ALPHA_PLUS,
    LARGE_D,
    MEAN,
    ONLY_NORM,
    P_OF,
    Q_OF,
    RATES,
    READ_TIME,
    RESIDUAL,
    RHO,
    ROOT,
    alpha_minus,
    alpha_plus,
    beta,
    convention,
    t_c,
)

POWERS = (1, 2, 3)


def p_velocity(value: int) -> Expr:
    """dp_i/dt at an integer power."""
    return at_power(velocity(P_OF), value)


def _reduction() -> list[Claim]:
    inside = ((P_OF + Q_OF) * n.rho / sqrt(n.eta_u)) ** (beta - 1)
    printed = -2 * n.gamma * sqrt(beta * n.eta_u * n.eta_w) * P_OF * n.rho * inside * RESIDUAL
    squares = Symbol("squares", real=True)  # Σ_j (p_j² − q_j²)
    g, start = sqrt(n.alpha), Symbol("p_k", real=True)
    q_k = Symbol("q_k", real=True)
    p_t = n.p_i * g
    A = LARGE_D * n.rho**2
    z = Symbol("zeta", positive=True)
    p_0 = Symbol("p_i", positive=True)
    first, second = Symbol("A_P", positive=True), Symbol("A_Q", nonnegative=True)
    B = Symbol("B", real=True)
    p, q = n.p_i, n.q_i
    return [
        *(
            Claim(
                id=f"p-velocity-beta-{value}",
                loci=("Eq. 27", "Eq. 31"),
                says=f"dp_i/dt at β = {value}",
                printed=r"\dot p_i=-2\gamma\sqrt{\beta\eta_u\eta_w}\,p_i\rho\big(\tfrac{(p_i+q_i)\rho}{\sqrt{\eta_u}}\big)^{\beta-1}(f-y)",
                test=Equation(
                    r"\dot p_i", at_power(printed, value), partial(p_velocity, value), RHO, swaps=RATES
                ),
                expected=Verdict.HOLDS_IF,
                severity="convention",
                correction=r"\rho=\|x\|",
                note="Eq. 31 is this with q_i = c_i/p_i.",
                uses=("rho",),
            )
            for value in POWERS
        ),
        *(
            Claim(
                id=f"{name}-beta-{value}",
                loci=loci,
                says=f"the sum over neurons in the bracket is the output, at β = {value} (one neuron's part)",
                printed=latex,
                test=Equation(
                    r"\gamma u_j\big(\sum_kw_{jk}x_k\big)^\beta", at_power(form, value),
                    partial(_neuron, value), (_in_weights(value),), swaps=RATES,
                ),
                note="With either ρ: it cancels.",
            )
            for name, loci, latex, form in (
                ("bracket", ("Eq. 27", "Eq. 31"),
                 r"\gamma\tfrac{p_j-q_j}{\sqrt{\beta\eta_w}}\big(\tfrac{(p_j+q_j)\rho}{\sqrt{\eta_u}}\big)^\beta",
                 n.gamma * (p - q) / sqrt(beta * n.eta_w) * ((p + q) * n.rho / sqrt(n.eta_u)) ** beta),
                ("bracket-collected", ("Eq. 5", "Eq. 32"),
                 r"\gamma\rho^\beta(\beta\eta_u^\beta\eta_w)^{-1/2}(p_j-q_j)(p_j+q_j)^\beta",
                 n.gamma * n.rho**beta * (p - q) * (p + q) ** beta / sqrt(beta * n.eta_u**beta * n.eta_w)),
            )
            for value in POWERS
        ),
        *(
            Claim(
                id=f"common-clock-beta-{value}",
                loci=("Eq. 28", "Eq. 29", "Eq. 33"),
                says=f"ṗ_i/(p_i(p_i + c_i/p_i)^(β−1)) does not depend on the neuron, at β = {value}",
                test=Equation(
                    r"(a\,\partial_{u_i}+b\,\partial_{h_i})\frac{\dot p_i}{p_i(p_i+q_i)^{\beta-1}}", Integer(0),
                    partial(_clock_slope, value),
                ),
            )
            for value in POWERS
        ),
        Claim(
            id="clock-function",
            loci=("Eq. 6", "Eq. 30"),
            says="F_i, the antiderivative whose differences are conserved",
            test=Definition("F_i"),
            expected=Verdict.NOT_TESTABLE,
        ),
        Claim(
            id="clock-inverse",
            loci=("Theorem 1", "Eq. 33", "Eq. 35"),
            says="p_j(t) = F_j⁻¹(Δ_i(t) − Δ_i(0) + Δ_j(0)) for all neurons, here at β = 1, F = log",
            printed=r"F_i(x)=\log x,\quad F_i^{-1}(x)=e^x",
            test=Equation(
                "p_k(t)", exp(log(p_t) - log(n.p_i) + log(start)), lambda: start * g,
            ),
            note="Of negative coordinates the logarithm is complex, or one takes log |p| on each side of 0.",
        ),
        Claim(
            id="decay-from-growth",
            loci=("Theorem 1", "Eq. 28", "Eq. 33"),
            says="q_i(t) = c_i/p_i(t): p_i(t) ≠ 0, so that this determines q_i(t)",
            printed=r"q_i(t)=\frac{c_i}{p_i(t)},\quad c_i:=p_i(0)q_i(0)",
            test=_division(),
            expected=Verdict.HOLDS_IF,
            severity="degenerate",
            correction=r"q_i(t)=q_i(0)/\sqrt{\alpha(t)}",
            note="For p_i(0) = 0 the printed quotient is 0/0; Eq. 8 has no such case.",
        ),
        Claim(
            id="clock-start",
            loci=("Theorem 1",),
            says="the initial conditions are Δ_i(0) = F_i(p_i(t)), here at β = 1, F = log",
            printed=r"\Delta_i(0)=F_i(p_i(t))",
            test=Equation(
                r"\Delta_i(0)", log(p_0 * g), lambda: log(p_0), corrected=log(p_0),
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\Delta_i(0)=F_i(p_i(0))",
        ),
        Claim(
            id="linear-p-velocity",
            loci=("Eq. 34",),
            says="dp_i/dt at β = 1, the output as a sum of p_j² − q_j²",
            printed=r"\dot p_i=-2\gamma\sqrt{\eta_u\eta_w}\,p_i\rho\big(\sum_j(p_j^2-q_j^2)\tfrac{\gamma\rho}{\sqrt{\eta_u\eta_w}}-y\big)",
            test=Equation(
                r"\dot p_i",
                -2 * n.gamma * ROOT * n.p_i * n.rho * (squares * n.gamma * n.rho / ROOT - n.y),
                # In the chart p moves at λ, and the output is λ/(η_uη_w) Σ (p² − q²).
                lambda: linear()[Reduction].rate * n.p_i * -2
                * (linear()[Reduction].output.subs(n.s, 0).subs({n.P: squares / n.d, n.Q: 0}) - n.y),
                RHO, swaps=RATES,
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
            test=Equation("p_k(t)", start * p_t / n.p_i, lambda: start * g),
        ),
        Claim(
            id="common-decay",
            loci=("App. B.2",),
            says="q_j(t) = q_j(0) p_i(0)/p_j(t)",
            printed=r"q_j(t)=q_j(0)\frac{p_i(0)}{p_j(t)}",
            test=Equation(
                "q_k(t)", q_k * n.p_i / (start * g), lambda: q_k / g, corrected=q_k * n.p_i / p_t
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
                -2 * p_t * (A * n.P * n.alpha - A * n.Q / n.alpha - n.gamma * n.rho * n.y * ROOT),
                lambda: n.p_i * alpha_velocity() / (2 * g),
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
                -1 / (4 * _denominator(z, p_0)),
                lambda: 1 / (p_0**2 * alpha_velocity().subs(n.alpha, z / p_0**2)),
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
                r"\text{denominator}", _denominator(ALPHA_PLUS, p_0), lambda: Integer(0),
                (convention("", (READ_TIME,)),), corrected=_denominator(p_0**2 * ALPHA_PLUS, p_0),
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
                (), B**2 + 4 * first * second > 0, conditions=(("y ≠ 0 or Q ≠ 0", sympy.Or(sympy.Ne(B, 0), second > 0)),)
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
    ]  # fmt: skip


def _division() -> Implication:
    """p_i(t) = g p_i(0), g > 0, by Eq. 8."""
    start, now, g = Symbol("p_i", real=True), Symbol("p_t", real=True), Symbol("g", positive=True)
    conditions = (("p_i(0) ≠ 0", sympy.Ne(start, 0)),)
    return Implication((), sympy.Ne(now, 0), lambda: [sympy.Eq(now, g * start)], conditions)


def _in_weights(value: int) -> Convention:
    """p_i and q_i by Eq. 4."""
    read = {n.p_i: at_power(P_OF, value), n.q_i: at_power(Q_OF, value)}
    return convention("", (read, MEAN))


def _neuron(value: int) -> Expr:
    """One neuron's part of the output, by the model."""
    return n.gamma * at_power(power().model.neuron(n.u_i, n.h_i), value)


def _clock_slope(value: int) -> Expr:
    """Both derivatives, told apart by symbols in front of them."""
    quotient = sympy.simplify(
        at_power(velocity(P_OF) / (P_OF * (P_OF + Q_OF) ** (beta - 1)), value)
    )
    a, b = sympy.symbols("a b", real=True)
    h = Symbol("h_i", positive=True)
    return a * sympy.diff(quotient, n.u_i) + b * sympy.diff(quotient, h)


def _denominator(square: Expr, p_0: Expr) -> Expr:
    """The quadratic polynomial of Eq. 38 at p_i² = square."""
    A, B = LARGE_D * n.rho**2, n.gamma * n.rho * n.y * ROOT
    return A * n.P / p_0**2 * square**2 - B * square - A * n.Q * p_0**2


def _solved() -> Expr:
    ratio = (1 - alpha_plus) / (1 - alpha_minus) * exp(-4 * n.t / t_c)
    return (alpha_plus - ratio * alpha_minus) / (1 - ratio)


def claims() -> list[Claim]:
    """In printed order."""
    return [*_reduction()]
