"""Section 3.1: the model, Theorem 1 for any power, Eq. 1-7."""

from __future__ import annotations

from functools import partial

from sympy import Expr, Integer, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.chart import Chart
from symbolic.explicit.weights import Weights
from symbolic.in_hyperparameters import at_power, linear, velocity
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Definition, Equation
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import P_OF, Q_OF, RATES, RESIDUAL, RHO, beta, convention

POWERS = (1, 2, 3)
# Eq. 5 and Eq. 32 as printed, for any power.
DELTA = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w * n.rho**beta) * RESIDUAL
DELTA_PROOF = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w) * n.rho**beta * RESIDUAL
# Eq. 7: p_i and q_i at time t, and what is printed as the change of w_ij.
g = sqrt(n.alpha)
LATER = {n.p_i: n.p_i * g, n.q_i: n.q_i / g}
W_CHANGE = (n.p_i + n.q_i) * n.x_j / (sqrt(n.eta_u) * n.rho)


def _delta_velocity(value: int) -> Expr:
    """dΔ/dt = F′(p) dp/dt with F′ = 1/(p (p + q)^{β−1})."""
    return at_power(velocity(P_OF) / (P_OF * (P_OF + Q_OF) ** (beta - 1)), value)


def _w_change() -> Expr:
    """w_ij(t) − w_ij(0), with the preactivation that p_i and q_i say."""
    weights = linear()[Weights]
    omega = weights.omega.subs(Symbol("g", positive=True), g)
    return weights.w_change.subs(n.h_i, n.rho * (omega - (n.p_i + n.q_i) / sqrt(n.eta_u)))


def _delta(value: int) -> Claim:
    return Claim(
        id=f"delta-beta-{value}",
        loci=("Eq. 5",),
        says=f"the equation of Δ_i, at β = {value}",
        printed=r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w\rho^\beta}\,(\ldots-y)",
        test=Equation(
            r"\dot\Delta_i",
            at_power(DELTA, value),
            partial(_delta_velocity, value),
            RHO,
            corrected=at_power(DELTA_PROOF, value),
            swaps=RATES,
            simulate=vote.clock_velocity if value == 1 else None,
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots)",
        note="Eq. 32 has ρ^β outside the root; there is a ρ^{β/2} too few here.",
        uses=("rho",),
    )


def _delta_proof(value: int) -> Claim:
    return Claim(
        id=f"delta-proof-beta-{value}",
        loci=("Eq. 32",),
        says=f"the equation of Δ_i, at β = {value}",
        printed=r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots-y)",
        test=Equation(
            r"\dot\Delta_i",
            at_power(DELTA_PROOF, value),
            partial(_delta_velocity, value),
            RHO,
            swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="model",
        loci=("Eq. 1",),
        says="the network and its loss, the mean squared error over the data",
        printed=r"\tilde L=\mathbb E\big[(\gamma\sum_iu_i(\sum_jw_{ij}\tilde x_j)^\beta-y(\tilde x))^2\big]",
        test=Definition("the model"),
        expected=Verdict.NOT_TESTABLE,
    ),
    Claim(
        id="gradient-flow",
        loci=("Eq. 2",),
        says="gradient flow with a learning rate per layer",
        printed=r"\dot u_i=-\eta_u\partial_{u_i}\tilde L,\quad\dot w_{ij}=-\eta_w\partial_{w_{ij}}\tilde L",
        test=Definition("gradient flow"),
        expected=Verdict.NOT_TESTABLE,
    ),
    Claim(
        id="rho",
        loci=("Theorem 1", "Eq. 4", "Table 2"),
        says="ρ is the root mean square of the input's components",
        printed=r"\rho:=\sqrt{\tfrac1{d_0}\sum_{i=0}^{d_0}x_i^2}",
        test=Equation(
            r"\rho",
            n.rho / sqrt(n.d0),
            lambda: n.rho,
            (convention(""), convention("d₀ = 1", condition={n.d0: Integer(1)})),
            swaps=(),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|=\sqrt{\sum_{j=1}^{d_0}x_j^2}",
        note="Every later formula with ρ holds with ρ = ‖x‖, and not with the mean, for d₀ > 1; the "
        "sum begins at 0 where components are counted from 1.",
    ),
    Claim(
        id="coordinate-p",
        loci=("Eq. 4", "Table 2"),
        says="the coordinate p_i, in which the flow of each neuron is diagonal (β = 1)",
        printed=r"p_i=\tfrac1{2\rho}(\sqrt{\eta_u}\sum_jw_{ij}x_j+\sqrt{\beta\eta_w}\rho u_i)",
        test=Equation("p_i", P_OF.subs(beta, 1), lambda: linear()[Chart].p, RHO, swaps=RATES),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="coordinate-q",
        loci=("Eq. 4", "Table 2"),
        says="the coordinate q_i, in which the flow of each neuron is diagonal (β = 1)",
        printed=r"q_i=\tfrac1{2\rho}(\sqrt{\eta_u}\sum_jw_{ij}x_j-\sqrt{\beta\eta_w}\rho u_i)",
        test=Equation("q_i", Q_OF.subs(beta, 1), lambda: linear()[Chart].q, RHO, swaps=RATES),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    *map(_delta, POWERS),
    *map(_delta_proof, POWERS),
    Claim(
        id="u-of-p-q",
        loci=("Eq. 7",),
        says="the second layer from p and q",
        printed=r"u_i=\tfrac1{\sqrt{\beta\eta_w}}(p_i-q_i)",
        test=Equation(
            "u_i",
            (P_OF - Q_OF) / sqrt(beta * n.eta_w),
            lambda: n.u_i,
            RHO,
            swaps=RATES,
        ),
    ),
    Claim(
        id="w-of-p-q",
        loci=("Eq. 7",),
        says="the first layer from p and q: its change since t = 0",
        printed=r"w_{ij}(t)=w_{ij}(0)+(p_i(t)+q_i(t))\frac{x_j}{\sqrt{\eta_u}\rho}",
        test=Equation(
            "w_{ij}(t)-w_{ij}(0)",
            W_CHANGE.xreplace(LATER),
            _w_change,
            RHO,
            corrected=W_CHANGE.xreplace(LATER) - W_CHANGE,
            swaps=RATES,
            simulate=vote.w_change,
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"w_{ij}(0)+\big(p_i(t)+q_i(t)-p_i(0)-q_i(0)\big)\frac{x_j}{\sqrt{\eta_u}\rho}",
        note="As printed the weight jumps at t = 0; Eq. 49 uses the right form.",
        uses=("rho",),
    ),
)  # fmt: skip
