"""Names, structures and guards that the emitted functions share.

A derivation may assume ρ > 0 or R > 0; numbers may not, so all symbols are made merely real first.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, Piecewise, Symbol

from symbolic.codegen.program import Structure

SOURCE = "Xu & Ziyin 2025 (arXiv 2401.07085)"
ONE, ZERO = sympy.Integer(1), sympy.Integer(0)


def real(expression: Expr) -> Expr:
    """The expression with symbols of the same names that are assumed real, and no more."""
    return expression.xreplace({z: Symbol(z.name, real=True) for z in expression.free_symbols})


def named(names: str) -> tuple[Symbol, ...]:
    """Real symbols, from names separated by spaces."""
    return tuple(Symbol(name, real=True) for name in names.split())


INPUTS = named("gamma eta_u eta_w rho y d P Q f_0 residual_0")
gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0 = INPUTS
DERIVED = named("lam A_P A_Q B R m_plus m_minus")
lam, A_P, A_Q, B, R, m_plus, m_minus = DERIVED
STATES = named("alpha decay growth residual_ratio f")
alpha, decay, growth, residual_ratio, f = STATES
t, E, tau, numerator, denominator = named("t E tau numerator denominator")
residual, overlap, overlap_0, gram, balance, perp_2 = named(
    "residual overlap overlap_0 gram balance perp_2"
)
norm_u_2, norm_omega_2, floor, loss, M_aa, M_ay = named(
    "norm_u_2 norm_omega_2 floor loss M_aa M_ay"
)
u_0, omega_0, p, q, u, omega, w_0, w, e = named("u_0 omega_0 p q u omega w_0 w e")

CONSTANTS = Structure(
    "Constants",
    "c",
    (*INPUTS, *DERIVED),
    "What a trajectory needs besides the time: hyperparameters, P, Q and derived rates.",
)
STATE = Structure(
    "State",
    "state",
    STATES,
    "Where the network is on its trajectory: one number each per time.",
)


RISING = lam * residual_0 <= 0
"""α grows and s ≥ 0: the same at all times, and known at t = 0, where s = 0 tells nothing."""


def safe(divisor: Symbol, condition: sympy.Basic) -> tuple[Symbol, Expr]:
    """A divisor that is 1 where the condition fails, so that no branch divides by zero."""
    return Symbol(f"safe_{divisor}", real=True), Piecewise((divisor, condition), (ONE, True))


def guarded(value: Expr, divisor: Symbol, condition: sympy.Basic, otherwise: Expr) -> Expr:
    """`value`, with its safe divisor, where the condition holds."""
    (symbol, _) = safe(divisor, condition)
    return Piecewise((value.xreplace({divisor: symbol}), condition), (otherwise, True))


def size(expression: Expr) -> Expr:
    """The sum of the absolute values of the terms: what rounding errors are relative to."""
    return sympy.Add(*(sympy.Abs(term) for term in sympy.Add.make_args(expression)))


def equations(**equations: Expr) -> Mapping[str, Expr]:
    """Equations for a docstring: name → right-hand side."""
    return equations
