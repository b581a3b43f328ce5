"""Proposition 2: P = 0, Eq. 41-45."""

from __future__ import annotations

import sympy
from sympy import And, Basic, Eq, Equivalent, Expr, Implies, Integer, Symbol, exp, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.in_hyperparameters import alpha_of_time, alpha_velocity, linear, output_of, velocity
from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Convention, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin.reduction import p_velocity
from verify.papers.xu_ziyin.symbols import (
    LARGE_D,
    MEAN,
    NORM,
    P_OF,
    RATES,
    RHO,
    ROOT,
    beta,
    convention,
)

# w = q²/q(0)² for P = 0, its velocity, its value at f = y, and a positive multiple of f − y.
A_Q, B_ = Symbol("A_Q", positive=True), Symbol("B", real=True)
SQUARE, END = Symbol("w", positive=True), Symbol("w_end", real=True)
VELOCITY, MISFIT = Symbol("dw_dt", real=True), Symbol("misfit", real=True)
# α' and q² as printed in Eq. 42-44, read for both signs of γy.
PRIME = Symbol("alpha_prime", real=True)
B, A = ROOT * n.gamma * n.rho * n.y, LARGE_D * n.rho**2 * n.Q
XI = exp(-4 * B * n.t) / (1 + PRIME)
Q_SQUARED = PRIME * XI / (1 - XI)
UP = {n.y: Symbol("y", positive=True), n.gamma: Symbol("gamma", positive=True)}
DOWN = {**UP, n.y: -Symbol("y", positive=True)}
READ_PRIME = {PRIME: B / A}
q = n.q_i
a, b = sympy.symbols("a b", real=True)  # tell both velocities of one equation apart


def _both_rho(signs: dict[Expr, Expr]) -> tuple[Convention, Convention]:
    """The printed mean, then ‖x‖."""
    return convention("", (READ_PRIME, MEAN), signs), convention(NORM.name, (READ_PRIME,), signs)


def _fall() -> list[Basic]:
    """By the derivation: dw/dt = −(dα/dt)/α² and F − y at P = 0, w = 1/α."""
    integral, w = linear()[RiccatiTime], SQUARE
    at = {n.A_P: 0, n.A_Q: A_Q, n.B: B_}
    speed = -integral.speed.subs(at, simultaneous=True) * w**2
    residual = output_of(1 / w).subs(n.P, 0) - n.y
    values = {z: integral.coefficients[z] for z in (n.A_Q, n.B)}
    factor = sympy.simplify(-residual / (values[n.A_Q] * w + values[n.B]))
    assert sympy.simplify(factor * n.gamma).is_positive
    return [
        Eq(VELOCITY, sympy.expand(speed.subs(n.alpha, 1 / w))),
        Eq(MISFIT, -(A_Q * w + B_)),
        Eq(A_Q * END, -B_),
    ]


def _u_at_p_zero() -> Expr:
    (solution,) = sympy.solve(P_OF.subs(beta, 1), n.u_i)
    return solution.subs(n.h_i, Symbol("h_i", positive=True))


def _q_squared() -> Expr:
    """1/α(t) at P = 0."""
    return 1 / alpha_of_time().subs(n.P, 0)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        id="p-stays-zero",
        loci=("Prop. 2", "Eq. 41"),
        says="if P = 0 then p_i(t) = 0",
        test=Equation(r"\dot p_i", Integer(0), lambda: p_velocity(1).subs(n.u_i, _u_at_p_zero())),
    ),
    Claim(
        id="q-solution-positive",
        loci=("Prop. 2", "Eq. 42", "Eq. 43", "Eq. 44"),
        says="q_i(t)²/q_i(0)² for P = 0, γy > 0",
        printed=r"q_i=q_i(0)\sqrt{\tfrac{\alpha'\xi'}{1-\xi'}},\ \xi'=\tfrac1{1+\alpha'}e^{-4\sqrt{\eta_u\eta_w}\gamma\rho yt}",
        test=Equation("q_i^2/q_i(0)^2", Q_SQUARED, _q_squared, _both_rho(UP)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        note="0/0 at y = 0, where q_i(0)²/q_i(t)² = 1 + 4(γ²d)ρ²Qt, and at α' = −1, f₀ = y, where nothing moves. "
        "Simpler, without cases: 1/α(t), with α(t) as a quotient N/D of sums of 1 and e^{−4t/t_c}.",
        uses=("rho",),
    ),
    Claim(
        id="q-solution-negative",
        loci=("Prop. 2", "Eq. 42", "Eq. 43", "Eq. 44"),
        says="q_i(t)²/q_i(0)² for P = 0, γy < 0",
        printed=r"q_i=q_i(0)\sqrt{\tfrac{\alpha'\xi'}{1-\xi'}},\ \xi'=\tfrac1{1+\alpha'}e^{-4\sqrt{\eta_u\eta_w}\gamma\rho yt}",
        test=Equation("q_i^2/q_i(0)^2", Q_SQUARED, _q_squared, _both_rho(DOWN)),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        note="0/0 at y = 0, where q_i(0)²/q_i(t)² = 1 + 4(γ²d)ρ²Qt, and at α' = −1, f₀ = y, where nothing moves.",
        uses=("rho",),
    ),
    Claim(
        id="q-velocity",
        loci=("Eq. 45",),
        says="dq_i/dt for P = 0",
        printed=r"\dot q_i=-2q_i\big(\tfrac{(\gamma^2d)\rho^2Q}{q_i(0)^2}q_i^2+\gamma\rho y\sqrt{\eta_u\eta_w}\big)",
        test=Equation(
            r"\dot q_i", -2 * q / sqrt(n.alpha) * (A / n.alpha + B),
            lambda: -q * alpha_velocity().subs(n.P, 0) / (2 * n.alpha ** sympy.Rational(3, 2)),
            RHO, swaps=RATES,
        ),
        expected=Verdict.HOLDS_IF,
        severity="convention",
        correction=r"\rho=\|x\|",
        uses=("rho",),
    ),
    Claim(
        id="saddle-for-positive-target",
        loci=("Prop. 2",),
        says="for y > 0 the flow goes to the saddle p = q = 0 (γ > 0): q² falls at every q² > 0",
        test=Implication((B_ > 0,), VELOCITY < 0, _fall),
        note="w = q²/q(0)² obeys w′ = −4w(A_Q w + B): it falls at least as fast as e^{−4Bt}.",
    ),
    Claim(
        id="zero-loss-otherwise",
        loci=("Prop. 2",),
        says="for y ≤ 0 the loss goes to zero: q² tends, from both sides, to the value at which f = y",
        test=Implication(
            (B_ <= 0,),
            And(
                END >= 0, Equivalent(VELOCITY > 0, SQUARE < END), Equivalent(VELOCITY < 0, END < SQUARE),
                Implies(Eq(SQUARE, END), Eq(MISFIT, 0)),
            ),
            _fall,
        ),
        note="For y = 0 like 1/t. For y > 0 the value is negative, and q² passes to 0.",
    ),
    Claim(
        id="origin",
        loci=("Prop. 2",),
        says="if P = Q = 0 nothing moves",
        test=Equation(
            r"a\,\dot u_i+b\,\dot h_i", Integer(0),
            lambda: (a * velocity(n.u_i) + b * velocity(n.h_i)).subs({beta: 1, n.h_i: 0, n.u_i: 0}),
        ),
    ),
)  # fmt: skip
