"""The text's symbols, how they may be read, and what the derivation says in them.

ρ of the text is a mean over the input dimension, √(Σ x²/d₀); in the derivation's symbols, where ρ = ‖x‖,
that is ρ/√d₀. α_± and t_c and ξ are read by their own equations (9)-(11).
"""

from __future__ import annotations

from functools import cache

import sympy
from sympy import Expr, Integer, Symbol, exp, sqrt

from symbolic import notation as n
from symbolic.derivation import Derivation, Explicit, derivation
from verify.checks import Convention

alpha_plus = Symbol("alpha_plus", real=True)
alpha_minus = Symbol("alpha_minus", real=True)
xi = Symbol("xi", real=True)
t_c = Symbol("t_c_text", positive=True)
W = Symbol("p_p", real=True)

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


@cache
def linear() -> Explicit:
    """The derivation of the linear network."""
    found = derivation("linear")
    assert isinstance(found, Explicit)
    return found


@cache
def power() -> Derivation:
    """The derivation for any power β."""
    return derivation("power")


def rates() -> dict[Expr, Expr]:
    """A_P, A_Q and B in the hyperparameters."""
    return dict(linear().integral.coefficients)


def rate() -> Expr:
    """R in the hyperparameters."""
    return linear().closed_form.rate.subs(rates(), simultaneous=True)


def alpha_of_time() -> Expr:
    """α(t), derived."""
    closed = linear().closed_form
    inner = {n.m_plus: 1 + 2 * n.B / n.R, n.m_minus: 1 - 2 * n.B / n.R, n.tau: (1 - n.E) / n.R}
    quotient = closed.numerator.xreplace(inner) / closed.denominator.xreplace(inner)
    return quotient.subs(n.E, exp(-2 * n.R * n.t)).subs(rates()).subs(n.R, rate())


def limit_of_alpha() -> Expr:
    """α(∞), derived."""
    (link,) = (z for z in linear().scaling.chain if z.name == "alpha")
    plain = {z: Symbol(z.name, real=True) for z in link.exact.free_symbols}
    named = {Symbol(str(name), real=True): value for name, value in rates().items()}
    found = link.exact.xreplace(plain).subs(named)
    return found.subs(Symbol("R", real=True), rate())


def output_of(alpha: Expr) -> Expr:
    """F at a value of α, derived."""
    return linear().reduction.output.subs(n.s, sympy.log(n.alpha) / 2).subs(n.alpha, alpha)
