"""The text's symbols, and how they may be read.

ρ of the text is a mean over the input dimension, √(Σ x²/d₀); in the derivation's symbols, where ρ = ‖x‖,
that is ρ/√d₀. α_± and t_c and ξ are read by their own equations (9)-(11).
"""

from __future__ import annotations

from sympy import Expr, Integer, Symbol, exp, sqrt

from symbolic import notation as n
from verify.checks import Convention

alpha_plus = Symbol("alpha_+", real=True)
alpha_minus = Symbol("alpha_-", real=True)
xi = Symbol("xi", real=True)
t_c = Symbol("t_c", positive=True)
ROOT = sqrt(n.eta_u) * sqrt(n.eta_w)
LARGE_D = n.gamma**2 * n.d  # the text's (γ²d)

# Eq. 9-11 as printed.
TIME_SCALE = 1 / sqrt(
    n.eta_u * n.eta_w * n.gamma**2 * n.rho**2 * n.y**2 + 4 * n.rho**4 * LARGE_D**2 * n.P * n.Q
)
ALPHA_PLUS, ALPHA_MINUS = (
    (ROOT * n.gamma * n.rho * n.y + sign / t_c) / (2 * LARGE_D * n.rho**2 * n.P)
    for sign in (Integer(1), Integer(-1))
)
XI = (1 - alpha_plus) / (1 + alpha_minus) * exp(-4 * n.t / t_c)
READ_XI = {xi: XI}
READ_ALPHA = {alpha_plus: ALPHA_PLUS, alpha_minus: ALPHA_MINUS}
READ_TIME = {t_c: TIME_SCALE}

MEAN = {n.rho: n.rho / sqrt(n.d0)}
SCALE = {n.gamma: Symbol("gamma", positive=True)}  # a normalization factor


def convention(
    name: str, reading: tuple[dict[Expr, Expr], ...] = (), condition: dict[Expr, Expr] | None = None
) -> Convention:
    """A reading of the text, in which γ is positive."""
    return Convention(name, reading, {**SCALE, **(condition or {})})


AS_STATED = convention("", (READ_XI, READ_ALPHA, READ_TIME, MEAN))
NORM = convention("ρ = ‖x‖ instead of its printed mean over d₀", (READ_XI, READ_ALPHA, READ_TIME))
FLIPPED = convention(
    "ρ = ‖x‖, and α₋ with the opposite sign, (t_c⁻¹ − √(η_uη_w)γρy)/(2(γ²d)ρ²P) ≥ 0",
    (READ_XI, {alpha_minus: -alpha_minus}, READ_ALPHA, READ_TIME),
)
ONLY_NORM = (AS_STATED, NORM)
ALL = (AS_STATED, NORM, FLIPPED)
RATES = ((n.eta_u, n.eta_w),)
beta = n.beta

# Coordinates of a neuron for any power, Eq. 4, with the preactivation h_i = Σ_j w_ij x_j.
P_OF = (sqrt(n.eta_u) * n.h_i + sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
Q_OF = (sqrt(n.eta_u) * n.h_i - sqrt(beta * n.eta_w) * n.rho * n.u_i) / (2 * n.rho)
RESIDUAL = n.f - n.y
STATED = convention("", (MEAN,))
PLAIN = convention(NORM.name)
RHO = (STATED, PLAIN)
