"""Appendix B.2: all neurons run on one clock, at any power. Theorem 1 and Eq. 27-33."""

from __future__ import annotations

from functools import partial

import sympy
from sympy import Expr, Integer, Symbol, exp, log, sqrt

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import at_power, power, velocity
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Definition, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.symbols import MEAN, P_OF, Q_OF, RATES, RESIDUAL, RHO, beta, convention

POWERS = (1, 2, 3)
# Eq. 27, for any power; the sum over neurons in its bracket, as it stands and collected.
INSIDE = ((P_OF + Q_OF) * n.rho / sqrt(n.eta_u)) ** (beta - 1)
P_VELOCITY = -2 * n.gamma * sqrt(beta * n.eta_u * n.eta_w) * P_OF * n.rho * INSIDE * RESIDUAL
p, q = n.p_i, n.q_i
BRACKET = n.gamma * (p - q) / sqrt(beta * n.eta_w) * ((p + q) * n.rho / sqrt(n.eta_u)) ** beta
COLLECTED = n.gamma * n.rho**beta * (p - q) * (p + q) ** beta / sqrt(beta * n.eta_u**beta * n.eta_w)
g = sqrt(n.alpha)
P_I, P_K = Symbol("p_i", positive=True), Symbol("p_k", real=True)  # the latter of another neuron


def p_velocity(value: int) -> Expr:
    """dp_i/dt at an integer power."""
    return at_power(velocity(P_OF), value)


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


def _p_velocity(value: int) -> Claim:
    return Claim(
        id=f"p-velocity-beta-{value}",
        loci=("Eq. 27", "Eq. 31"),
        says=f"dp_i/dt at β = {value}",
        printed=r"\dot p_i=-2\gamma\sqrt{\beta\eta_u\eta_w}\,p_i\rho\big(\tfrac{(p_i+q_i)\rho}{\sqrt{\eta_u}}\big)^{\beta-1}(f-y)",
        test=Equation(
            r"\dot p_i", at_power(P_VELOCITY, value), partial(p_velocity, value), RHO, swaps=RATES
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        note="Eq. 31 is this with q_i = c_i/p_i.",
        uses=("rho",),
    )


def _is_the_output(form: Expr, value: int) -> Equation:
    return Equation(
        r"\gamma u_j\big(\sum_kw_{jk}x_k\big)^\beta",
        at_power(form, value),
        partial(_neuron, value),
        (_in_weights(value),),
        swaps=RATES,
    )


def _bracket(value: int) -> Claim:
    return Claim(
        id=f"bracket-beta-{value}",
        loci=("Eq. 27", "Eq. 31"),
        says=f"the sum over neurons in the bracket is the output, at β = {value} (one neuron's part)",
        printed=r"\gamma\tfrac{p_j-q_j}{\sqrt{\beta\eta_w}}\big(\tfrac{(p_j+q_j)\rho}{\sqrt{\eta_u}}\big)^\beta",
        test=_is_the_output(BRACKET, value),
        note="With either ρ: it cancels.",
    )


def _collected(value: int) -> Claim:
    return Claim(
        id=f"bracket-collected-beta-{value}",
        loci=("Eq. 5", "Eq. 32"),
        says=f"the sum over neurons in the bracket is the output, at β = {value} (one neuron's part)",
        printed=r"\gamma\rho^\beta(\beta\eta_u^\beta\eta_w)^{-1/2}(p_j-q_j)(p_j+q_j)^\beta",
        test=_is_the_output(COLLECTED, value),
        note="With either ρ: it cancels.",
    )


def _common_clock(value: int) -> Claim:
    return Claim(
        id=f"common-clock-beta-{value}",
        loci=("Eq. 28", "Eq. 29", "Eq. 33"),
        says=f"ṗ_i/(p_i(p_i + c_i/p_i)^(β−1)) does not depend on the neuron, at β = {value}",
        test=Equation(
            r"(a\,\partial_{u_i}+b\,\partial_{h_i})\frac{\dot p_i}{p_i(p_i+q_i)^{\beta-1}}",
            Integer(0),
            partial(_clock_slope, value),
        ),
    )


CLAIMS: tuple[Claim, ...] = (
    *map(_p_velocity, POWERS),
    *map(_bracket, POWERS),
    *map(_collected, POWERS),
    *map(_common_clock, POWERS),
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
            "p_k(t)", exp(log(p * g) - log(p) + log(P_K)), lambda: P_K * g,
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
            r"\Delta_i(0)", log(P_I * g), lambda: log(P_I), corrected=log(P_I),
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\Delta_i(0)=F_i(p_i(0))",
    ),
)  # fmt: skip
