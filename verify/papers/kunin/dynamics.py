"""Eq. 2, 3 and 4: β, its size and its direction."""

from __future__ import annotations

import sympy
from sympy import Expr, Matrix, Symbol, sqrt

from verify.claims.claim import Claim
from verify.claims.equation import Convention, Equation
from verify.papers.kunin.symbols import (
    LAW,
    NORM_W,
    W,
    X,
    a,
    along,
    delta,
    eta_a,
    eta_w,
    in_weights,
    mu,
    phi,
    s,
    w_1,
    y,
)

KAPPA = sqrt(delta**2 + 4 * eta_a * eta_w * mu**2)
kappa = Symbol("kappa", nonnegative=True)
b_1, b_2, g_1, g_2, v_1, v_2 = sympy.symbols("b_1 b_2 g_1 g_2 v_1 v_2", real=True)
SIZE = b_1**2 + b_2**2
BETA = a * W
PULL = X.T * (X * BETA - y)  # Xᵀ(Xβ − y)


def pulled(matrix: Matrix) -> Expr:
    """−v·M Xᵀ(Xβ − y), for any v: both components of β′ at once."""
    return -(Matrix([[v_1, v_2]]) * matrix * Matrix([g_1, g_2]))[0]


ALONG = Matrix([b_1, b_2]) * Matrix([[b_1, b_2]]) / SIZE
M = (kappa + delta) / 2 * Matrix.eye(2) + (kappa - delta) / 2 * ALONG
READ = Convention(
    "",
    (
        {kappa: sqrt(delta**2 + 4 * eta_a * eta_w * SIZE)},
        {b_1: BETA[0], b_2: BETA[1], delta: LAW, g_1: PULL[0], g_2: PULL[1]},
    ),
)


def _velocity() -> Expr:
    return v_1 * along(BETA[0]) + v_2 * along(BETA[1])


AT_ZERO: dict[Expr, Expr] = {a: sympy.Integer(0)}

CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="mu-velocity",
        loci=("Eq. 2",),
        says="μ′ where XᵀX = I, with μ = a‖w‖ of either sign",
        printed=r"\dot\mu=\sqrt{\delta^2+4\eta_a\eta_w\mu^2}(\varphi\|\beta_*\|-\mu)",
        test=Equation(
            r"\dot\mu", KAPPA * (phi * s - mu), lambda: along(a * NORM_W, white=True), (in_weights(),)
        ),
    ),
    Claim(
        id="phi-velocity",
        loci=("Eq. 2",),
        says="φ′ where XᵀX = I (w ≠ 0)",
        printed=r"\dot\varphi=\frac{2\eta_a\eta_w\mu\|\beta_*\|}{\sqrt{\delta^2+4\eta_a\eta_w\mu^2}-\delta}(1-\varphi^2)",
        test=Equation(
            r"\dot\varphi", 2 * eta_a * eta_w * mu * s * (1 - phi**2) / (KAPPA - delta),
            lambda: along(w_1 / NORM_W, white=True), (in_weights(),),
        ),
        note="Sharper: it is η_w a²‖β*‖(1 − φ²)/μ, finite where a passes 0; the printed quotient is 0/0 only at w = 0.",
    ),
    Claim(
        id="beta-velocity",
        loci=("Eq. 3", "Eq. 4"),
        says="β′ = −M Xᵀ(Xβ − y) for any X (β ≠ 0), here v·β′ for any v",
        printed=r"M=\tfrac{\kappa+\delta}2I+\tfrac{\kappa-\delta}2\tfrac{\beta\beta^\top}{\|\beta\|^2},\ \kappa=\sqrt{\delta^2+4\eta_a\eta_w\|\beta\|^2}",
        test=Equation(r"v\cdot\dot\beta", pulled(M), _velocity, (READ,)),
        note="At β = 0 the formula is 0/0, and M is no function of β where δ < 0 (beta-at-zero).",
    ),
    Claim(
        id="beta-at-zero",
        added=True,
        loci=("Eq. 4",),
        says="where a = 0 (δ < 0), M is |δ| times the projector on w, which β = 0 does not tell",
        test=Equation(
            r"v\cdot\dot\beta\big|_{a=0}", delta * (v_1 * w_1 + v_2 * W[1]) * (g_1 * w_1 + g_2 * W[1]) / (w_1**2 + W[1] ** 2),
            lambda: _velocity().subs(a, 0),
            (Convention("", ({delta: LAW, g_1: PULL[0], g_2: PULL[1]}, AT_ZERO)),),
        ),
        note="Sharper than β ≠ 0: the flow of (a, w) goes on through β = 0 (beta-velocity).",
        uses=("beta-velocity",),
    ),
)  # fmt: skip
