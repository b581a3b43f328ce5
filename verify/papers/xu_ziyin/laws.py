"""Appendix B.2: gradient flow and what it conserves, Eq. 22-26."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol

from symbolic import vocabulary as n
from symbolic.in_hyperparameters import power, velocity
from symbolic.network.gradient_flow import Flow
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.papers.xu_ziyin.symbols import P_OF, PLAIN, Q_OF, RATES, RESIDUAL, beta, convention

LENGTH = Symbol("norm_x", positive=True)  # √Σ x_j², as it is printed in Eq. 26


V_U, ROW = Symbol("v_u", real=True), Symbol("row", real=True)  # du/ds and (dw_ij/ds)/x_j
VW_J, VW_L = Symbol("vw_j", real=True), Symbol("vw_l", real=True)  # dw_ij/ds and dw_ij′/ds
# Two inputs written out, of one neuron.
w_1, w_2, x_1, x_2 = sympy.symbols("w_1 w_2 x_1 x_2", real=True)
H, SQUARES = w_1 * x_1 + w_2 * x_2, x_1**2 + x_2**2


def _speeds() -> dict[Expr, Expr]:
    """The velocities in the laws, derived."""
    flow = power()[Flow]
    return {
        V_U: flow.velocity_u, ROW: flow.velocity_w / n.x_j,
        VW_J: flow.velocity_w, VW_L: flow.velocity_w.subs(n.x_j, n.x_l),
    }  # fmt: skip


READ = convention("", (_speeds,))


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="raw-flow-u",
        loci=("Eq. 22",),
        says="gradient flow of u",
        printed=r"\dot u_i=-2\eta_u\gamma(\sum_jw_{ij}x_j)^\beta(f-y)",
        test=Equation(
            r"\dot u_i", -2 * n.eta_u * n.gamma * n.h_i**beta * RESIDUAL, lambda: velocity(n.u_i), swaps=RATES
        ),
    ),
    Claim(
        id="raw-flow-w",
        loci=("Eq. 22",),
        says="gradient flow of W",
        printed=r"\dot w_{ij}=-2\beta\eta_w\gamma u_i(\sum_jw_{ij}x_j)^{\beta-1}x_j(f-y)",
        test=Equation(
            r"\dot w_{ij}",
            -2 * beta * n.eta_w * n.gamma * n.u_i * n.h_i ** (beta - 1) * n.x_j * RESIDUAL,
            lambda: -2 * RESIDUAL * power()[Flow].velocity_w, swaps=RATES,
        ),
    ),
    Claim(
        id="law-layers",
        loci=("Eq. 23",),
        says="η_u Σ_j w_ij² − βη_w u_i² is conserved",
        printed=r"\frac{d}{dt}\big(\eta_u\sum_jw_{ij}^2-\beta\eta_wu_i^2\big)=0",
        test=Equation(
            r"\frac{d}{ds}(\ldots)",
            2 * n.eta_u * n.h_i * ROW - 2 * beta * n.eta_w * n.u_i * V_U,
            lambda: Integer(0), (READ,), swaps=RATES,
        ),
    ),
    Claim(
        id="law-inputs",
        loci=("Eq. 24",),
        says="w_ij/x_j − w_ij′/x_j′ is conserved",
        printed=r"\frac{d}{dt}\big(\frac{w_{ij}}{x_j}-\frac{w_{ij'}}{x_{j'}}\big)=0",
        test=Equation(
            r"\frac{d}{ds}(\ldots)",
            VW_J / n.x_j - VW_L / n.x_l,
            lambda: Integer(0),
            (READ,),
        ),
        note="For x_j x_j′ ≠ 0; where one is zero its weight is conserved by itself. Always: x_j′ w_ij − "
        "x_j w_ij′.",
    ),
    Claim(
        id="law-projection",
        loci=("Eq. 25",),
        says="Σ_j w_ij² − (Σ_j w_ij x_j)²/Σ x_j² is conserved; the inner sum printed up to N",
        printed=r"\frac{d}{dt}\big(\sum_{j=1}^{d_0}w_{ij}^2-\tfrac1{\sum x_j^2}(\sum_{j=1}^Nw_{ij}x_j)^2\big)=0",
        test=Equation(
            r"\frac{d}{ds}(\ldots)\big|_{N=1,d_0=2}",
            2 * ROW * H - 2 * ROW * w_1 * x_1**3 / SQUARES,
            lambda: Integer(0),
            corrected=2 * ROW * H - 2 * ROW * H * SQUARES / SQUARES,
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\big(\sum_{j=1}^{d_0}w_{ij}x_j\big)^2",
        note="N is the number of data points; Eq. 26 repeats it.",
    ),
    Claim(
        id="law-p-q",
        loci=("Eq. 26",),
        says="p_i q_i is a quarter of η_u(Σ w_ij x_j)²/Σ x_j² − βη_w u_i²",
        printed=r"p_iq_i=\tfrac14\big(\eta_u(\textstyle\sum_jw_{ij}x_j)^2/\sum_jx_j^2-\beta\eta_wu_i^2\big)",
        test=Equation(
            "p_iq_i", (n.eta_u * n.h_i**2 / LENGTH**2 - beta * n.eta_w * n.u_i**2) / 4, lambda: P_OF * Q_OF,
            (convention("", condition={LENGTH: n.rho, n.rho: n.rho / sympy.sqrt(n.d0)}),
             convention(PLAIN.name, condition={LENGTH: n.rho})), swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="law-p-q-conserved",
        loci=("Eq. 26",),
        says="and it is conserved",
        test=Equation(r"\frac{d}{dt}(p_iq_i)", Integer(0), lambda: velocity(P_OF * Q_OF)),
        uses=("law-p-q",),
    ),
)  # fmt: skip
