"""Section 3.1: the model, Theorem 1 for any power, Eq. 1-7."""

from __future__ import annotations

from functools import partial

from sympy import Expr, Integer, Symbol, sqrt

from symbolic.explicit.chart import Chart
from symbolic.explicit.weights import Weights
from symbolic.in_hyperparameters import (
    at_power,
    linear,
    velocity,
)
from symbolic.notation import symbols as n
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Definition, Equation
from verify.papers.xu_ziyin import vote
from verify.papers.xu_ziyin.symbols import (
    P_OF,
    PLAIN,
    Q_OF,
    RATES,
    RHO,
    STATED,
    beta,
    convention,
)

CLAIMS: list[Claim] = [
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
]


def _coordinates() -> list[Claim]:
    chart = linear()[Chart]
    return [
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
        *(
            Claim(
                id=f"coordinate-{name}",
                loci=("Eq. 4", "Table 2"),
                says=f"the coordinate {name}_i, in which the flow of each neuron is diagonal (β = 1)",
                printed=rf"{name}_i=\tfrac1{{2\rho}}(\sqrt{{\eta_u}}\sum_jw_{{ij}}x_j"
                rf"{'+' if name == 'p' else '-'}\sqrt{{\beta\eta_w}}\rho u_i)",
                test=Equation(
                    f"{name}_i", printed.subs(beta, 1), partial(_itself, form), RHO, swaps=RATES
                ),
                expected=Verdict.HOLDS_IF,
                severity="convention",
                correction=r"\rho=\|x\|",
                uses=("rho",),
            )
            for name, printed, form in (("p", P_OF, chart.p), ("q", Q_OF, chart.q))
        ),
    ]


def _itself(expression: Expr) -> Expr:
    return expression


def _delta_velocity(value: int) -> Expr:
    """dΔ/dt = F′(p) dp/dt with F′ = 1/(p (p + q)^{β−1})."""
    return at_power(velocity(P_OF) / (P_OF * (P_OF + Q_OF) ** (beta - 1)), value)


def _reduction() -> list[Claim]:
    inside = n.f - n.y
    printed = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w * n.rho**beta) * inside
    mended = -2 * n.gamma * sqrt(beta * n.eta_u ** (2 - beta) * n.eta_w) * n.rho**beta * inside
    return [
        *(
            Claim(
                id=f"{name}-beta-{value}",
                loci=(locus,),
                says=f"the equation of Δ_i, at β = {value}",
                printed=latex,
                test=Equation(
                    r"\dot\Delta_i", at_power(form, value), partial(_delta_velocity, value),
                    RHO if locus == "Eq. 32" else (STATED, PLAIN),
                    corrected=at_power(mended, value) if locus == "Eq. 5" else None, swaps=RATES,
                    simulate=vote.clock_velocity if (locus, value) == ("Eq. 5", 1) else None,
                ),
                expected=expected,
                severity=severity,
                correction=r"-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots)"
                if locus == "Eq. 5" else r"\rho=\|x\|",
                note="Eq. 32 has ρ^β outside the root; there is a ρ^{β/2} too few here." if locus == "Eq. 5" else "",
                uses=("rho",),
            )
            for name, locus, form, latex, expected, severity in (
                ("delta", "Eq. 5", printed,
                 r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w\rho^\beta}\,(\ldots-y)",
                 Verdict.FAILS, "typo"),
                ("delta-proof", "Eq. 32", mended,
                 r"\dot\Delta_i=-2\gamma\sqrt{\beta\eta_u^{2-\beta}\eta_w}\,\rho^\beta(\ldots-y)",
                 Verdict.HOLDS_IF, "convention"),
            )
            for value in (1, 2, 3)
        ),
    ]  # fmt: skip


def _weights() -> list[Claim]:
    weights = linear()[Weights]
    g = sqrt(n.alpha)
    at = {n.p_i: n.p_i * g, n.q_i: n.q_i / g}
    w_change_printed = (n.p_i + n.q_i) * n.x_j / (sqrt(n.eta_u) * n.rho)
    return [
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
                (w_change_printed).xreplace(at),
                lambda: weights.w_change.subs(
                    n.h_i,
                    n.rho
                    * (
                        weights.omega.subs(Symbol("g", positive=True), g)
                        - (n.p_i + n.q_i) / sqrt(n.eta_u)
                    ),
                ),
                RHO,
                corrected=w_change_printed.xreplace(at) - w_change_printed,
                swaps=RATES,
                simulate=vote.w_change,
            ),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"w_{ij}(0)+\big(p_i(t)+q_i(t)-p_i(0)-q_i(0)\big)\frac{x_j}{\sqrt{\eta_u}\rho}",
            note="As printed the weight jumps at t = 0; Eq. 49 uses the right form.",
            uses=("rho",),
        ),
    ]


def claims() -> list[Claim]:
    """In printed order."""
    return [*CLAIMS, *_coordinates(), *_reduction(), *_weights()]
