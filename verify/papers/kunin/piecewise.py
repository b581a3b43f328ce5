"""Eq. 9 and 10, Figures 1 and 5, App. D.1: two-layer networks with a piecewise linear activation.

f(x) = Σ_k a_k σ(w_k·x); at an input x_i neuron k has the slope c_{ki}, so that σ(w_k·x_i) = c_{ki} w_k·x_i away from kinks.
"""

from __future__ import annotations

from functools import cache

import sympy
from sympy import Eq, Expr, Matrix, Symbol, sqrt

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.claims.implication import Implication
from verify.papers.kunin.dynamics import b_1, b_2, v_1, v_2
from verify.papers.kunin.geometry import SQUARE
from verify.papers.kunin.symbols import LAW, NORM_W, W, X, a, delta, eta_a, eta_w, w_1, w_2, y
from verify.papers.kunin.vote import caption

SLOPES = sympy.symbols("sl_1 sl_2", real=True)
others = sympy.symbols("o_1 o_2", real=True)  # what the other neurons put out
xi_1, xi_2 = sympy.symbols("xi_1 xi_2", real=True)
kappa, size = Symbol("kappa", nonnegative=True), Symbol("mu", real=True)
OUTPUTS = [c * a * X.row(i).dot(W.T) + others[i] for i, c in enumerate(SLOPES)]
XI = sum((c * X.row(i).T * (OUTPUTS[i] - y[i]) for i, c in enumerate(SLOPES)), sympy.zeros(2, 1))
ROOT = sqrt(LAW**2 + 4 * eta_a * eta_w * a**2 * (w_1**2 + w_2**2))


@cache
def _velocities() -> dict[Symbol, Expr]:
    cost = sum((f - target) ** 2 for f, target in zip(OUTPUTS, y, strict=True)) / 2
    return {z: -rate * sympy.diff(cost, z) for z, rate in ((a, eta_a), (w_1, eta_w), (w_2, eta_w))}


def velocity(quantity: Expr) -> Expr:
    """Under the raw flow, between kinks."""
    return sum(sympy.diff(quantity, z) * speed for z, speed in _velocities().items())


BETA = Matrix([b_1, b_2])
LENGTH = b_1**2 + b_2**2
M = (kappa + delta) / 2 * Matrix.eye(2) + (kappa - delta) / 2 * BETA * BETA.T / LENGTH
PULL = Matrix([xi_1, xi_2])
ANY = Matrix([[v_1, v_2]])
INSERTED: dict[Expr, Expr] = {xi_1: XI[0], xi_2: XI[1]}
WEIGHTS: dict[Expr, Expr] = {b_1: a * w_1, b_2: a * w_2, delta: LAW, kappa: ROOT, **INSERTED}
NEGATIVE: dict[Expr, Expr] = {a: Symbol("a", negative=True)}
POSITIVE: dict[Expr, Expr] = {a: Symbol("a", positive=True)}
AS_SIGNED = Convention("", ({size: a * NORM_W}, WEIGHTS))
AS_POSITIVE = Convention("a_k > 0, where μ_k is ‖β_k‖ too", ({size: a * NORM_W}, WEIGHTS), POSITIVE)
AS_NORM = Convention("", ({size: -a * NORM_W}, WEIGHTS), NEGATIVE)
UNIT = BETA / sqrt(LENGTH)
ACROSS = (Matrix.eye(2) - BETA * BETA.T / LENGTH) * PULL
tau, alpha = Symbol("tau", positive=True), Symbol("alpha", positive=True)
CAPTION = tau**2 * (alpha**2 - alpha**-2)
RATES_ONE = Convention("both rates are 1", (), {eta_a: sympy.Integer(1), eta_w: sympy.Integer(1)})


def _drawn() -> Expr:
    """δ at a = ±ατ, ‖w‖ = τ/α."""
    return eta_w * (alpha * tau) ** 2 - eta_a * (tau / alpha) ** 2


def _kernel(i: int, j: int) -> Expr:
    rates = ((a, eta_a), (w_1, eta_w), (w_2, eta_w))
    return sum(rate * sympy.diff(OUTPUTS[i], z) * sympy.diff(OUTPUTS[j], z) for z, rate in rates)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="piecewise-beta",
        loci=("Eq. 9",),
        says="β_k′ = −M_k ξ_k between kinks, here v·β′ for any v",
        printed=r"\dot\beta_k=-M_k\xi_k,\ \xi_k=\sum_ic_{ki}x_i(f(x_i)-y_i)",
        test=Equation(
            r"v\cdot\dot\beta_k", -(ANY * M * PULL)[0], lambda: velocity(a * (v_1 * w_1 + v_2 * w_2)),
            (Convention("", (WEIGHTS,)),),
        ),
    ),
    Claim(
        id="piecewise-size",
        loci=("Eq. 9",),
        says="μ_k′ = −κ_k⟨b_k, ξ_k⟩, with the μ = a‖w‖ of Eq. 2",
        printed=r"\dot\mu_k=-\kappa_k\langle\hat\beta_k,\xi_k\rangle",
        test=Equation(
            r"\dot\mu_k", -kappa * UNIT.dot(PULL), lambda: velocity(a * NORM_W),
            (AS_SIGNED, AS_POSITIVE),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\mu_k=\|\beta_k\|",
        note="For a_k < 0 the unit vector of β_k is opposite to that of w_k.",
    ),
    Claim(
        id="piecewise-norm",
        added=True,
        loci=("Eq. 9",),
        says="with μ_k = ‖β_k‖ that holds for a_k < 0 too",
        test=Equation(r"\tfrac d{dt}\|\beta_k\|", -kappa * UNIT.dot(PULL), lambda: -velocity(a * NORM_W), (AS_NORM,)),
    ),
    Claim(
        id="piecewise-direction",
        loci=("Eq. 9",),
        says="b_k′ = −(κ_k + δ_k)/(2μ_k) (I − b_kb_kᵀ) ξ_k, with the μ = a‖w‖ of Eq. 2, here one component",
        printed=r"\dot{\hat\beta}_k=-\tfrac{\kappa_k+\delta_k}{2\mu_k}(I-\hat\beta_k\hat\beta_k^\top)\xi_k",
        test=Equation(
            r"(\dot{\hat\beta}_k)_1", -(kappa + delta) / (2 * size) * ACROSS[0],
            lambda: velocity(w_1 / NORM_W) * a / sympy.Abs(a), (AS_SIGNED, AS_POSITIVE),
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\mu_k=\|\beta_k\|",
        uses=("piecewise-size",),
    ),
    Claim(
        id="piecewise-turn",
        added=True,
        loci=("Eq. 9",),
        says="with μ_k = ‖β_k‖ that holds for a_k < 0 too, where the unit vector is −w_k/‖w_k‖",
        test=Equation(
            r"(\dot{\hat\beta}_k)_1", -(kappa + delta) / (2 * size) * ACROSS[0],
            lambda: -velocity(w_1 / NORM_W), (AS_NORM,),
        ),
    ),
    Claim(
        id="piecewise-kernel",
        loci=("Eq. 10",),
        says="K_ij = Σ_k c_ki x_iᵀ M_k x_j c_kj, here the share of a neuron",
        printed=r"K_{ij}=\sum_kc_{ki}x_i^\top M_kx_jc_{kj}",
        test=Equation(
            "K_{12}", SLOPES[0] * (X.row(0) * M * X.row(1).T)[0] * SLOPES[1], lambda: _kernel(0, 1),
            (Convention("", (WEIGHTS,)),),
        ),
    ),
    Claim(
        id="caption-delta",
        loci=("Fig. 1",),
        says="w on the sphere of radius τ/α and a = ±ατ: δ = τ²(α² − α⁻²) for every neuron",
        printed=r"\delta=\tau^2(\alpha^2-\alpha^{-2})",
        test=Equation(r"\delta", CAPTION, _drawn, (Convention(""), RATES_ONE), corrected=tau**2 * (eta_w * alpha**2 - eta_a * alpha**-2)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\delta=\tau^2(\eta_w\alpha^2-\eta_a\alpha^{-2})",
    ),
    Claim(
        id="appendix-delta",
        loci=("App. D.1",),
        says="δ² = τ²(α² − α⁻²), at both rates 1",
        printed=r"\delta^2=\tau^2(\alpha^2-\alpha^{-2})",
        test=Equation(
            r"\delta^2", CAPTION, lambda: _drawn() ** 2, (RATES_ONE,), corrected=CAPTION**2, vote=caption
        ),
        expected=Verdict.FAILS,
        severity="typo",
        correction=r"\delta=\tau^2(\alpha^2-\alpha^{-2})",
        note="For α < 1 the right side is negative.",
        uses=("caption-delta",),
    ),
    Claim(
        id="downstream-stays-large",
        loci=("Fig. 5",),
        says="to turn w by a right angle from a downstream start needs a large movement: ‖w‖ ≥ √(|δ|/η_a) all the way, and the movement is at least √2 of that",
        test=Implication((delta < 0,), eta_a * SQUARE >= -delta, lambda: [Eq(delta, eta_w * a**2 - eta_a * SQUARE)]),
        note="'Large' is read as: bounded below by the start, whatever is learned.",
    ),
    Claim(
        id="upstream-may-be-small",
        loci=("Fig. 5",),
        says="from an upstream start little movement is needed: no bound on ‖w‖ follows of δ ≥ 0 but that w, if it is small beside a, stays it",
        test=Implication((delta >= 0,), eta_a * SQUARE <= eta_w * a**2, lambda: [Eq(delta, eta_w * a**2 - eta_a * SQUARE)]),
        note="A turn of w moves parameters by at most π‖w‖, and w = 0 is on the level set.",
    ),
)  # fmt: skip
