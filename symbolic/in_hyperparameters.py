"""What the derivation says, in the text's hyperparameters: α(t), α(∞), the rate, the output."""

from __future__ import annotations

from functools import cache

import sympy
from sympy import Expr, Symbol, exp

from symbolic import vocabulary as n
from symbolic.derivation import Derivation, derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.limits.exponents import Scaling
from symbolic.network.gradient_flow import Flow


@cache
def linear() -> Derivation:
    """The derivation of the linear network."""
    return derivation("linear")


@cache
def power() -> Derivation:
    """The derivation for any power β."""
    return derivation("power")


def rates() -> dict[Expr, Expr]:
    """A_P, A_Q and B in the hyperparameters."""
    return dict(linear()[RiccatiTime].coefficients)


def rate() -> Expr:
    """R in the hyperparameters."""
    return linear()[ClosedForm].rate.subs(rates(), simultaneous=True)


def alpha_of_time() -> Expr:
    """α(t), derived."""
    closed = linear()[ClosedForm]
    inner = {n.r_plus: n.R + 2 * n.B, n.r_minus: n.R - 2 * n.B, n.tau: (1 - n.E) / n.R}
    quotient = closed.numerator.xreplace(inner) / closed.denominator.xreplace(inner)
    return quotient.subs(n.E, exp(-2 * n.R * n.t)).subs(rates()).subs(n.R, rate())


def limit_of_alpha() -> Expr:
    """α(∞), derived."""
    (link,) = (z for z in linear()[Scaling].chain if z.name == "alpha")
    plain = {z: Symbol(z.name, real=True) for z in link.exact.free_symbols}
    named = {Symbol(str(name), real=True): value for name, value in rates().items()}
    found = link.exact.xreplace(plain).subs(named)
    return found.subs(Symbol("R", real=True), rate())


def output_of(alpha: Expr) -> Expr:
    """F at a value of α, derived."""
    return linear()[Reduction].output.subs(n.s, sympy.log(n.alpha) / 2).subs(n.alpha, alpha)


def velocity(quantity: Expr) -> Expr:
    """d/dt along the flow, any power: v(quantity) · ds/dt with ds/dt = −2(f − y)."""
    flow = power()[Flow]
    field = {n.u_i: flow.velocity_u, n.h_i: flow.velocity_h}
    return -2 * (n.f - n.y) * sympy.Add(*(sympy.diff(quantity, z) * v for z, v in field.items()))


def at_power(expression: Expr, value: int) -> Expr:
    """At an integer power, and a positive preactivation."""
    return expression.xreplace({n.h_i: Symbol("h_i", positive=True)}).subs(n.beta, value)


def alpha_velocity() -> Expr:
    """dα/dt in the hyperparameters."""
    integral = linear()[RiccatiTime]
    return integral.speed.subs(integral.coefficients, simultaneous=True)
