"""Names, structures and guards that the emitted functions share.

A derivation may assume ρ > 0 or R > 0; numbers may not, so all symbols are made merely real first.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import And, Expr, Piecewise, Symbol, sqrt

from symbolic.codegen.program import Structure

ONE, ZERO = sympy.Integer(1), sympy.Integer(0)


def real(expression: Expr) -> Expr:
    """The expression with symbols of the same names that are assumed real, and no more."""
    return expression.xreplace({z: Symbol(z.name, real=True) for z in expression.free_symbols})


def named(names: str) -> tuple[Symbol, ...]:
    """Real symbols, from names separated by spaces."""
    return tuple(Symbol(name, real=True) for name in names.split())


INPUTS = named("gamma eta_u eta_w rho y d P Q f_0 residual_0")
gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0 = INPUTS
DERIVED = named("lam A_P A_Q B R r_plus r_minus")
lam, A_P, A_Q, B, R, r_plus, r_minus = DERIVED
STATES = named("alpha decay growth residual_ratio f decayed")
alpha, decay, growth, residual_ratio, f, decayed = STATES
t, E, tau, numerator, denominator = named("t E tau numerator denominator")
residual, overlap, overlap_0, gram, balance, perp_2 = named(
    "residual overlap overlap_0 gram balance perp_2"
)
norm_u_2, norm_omega_2, floor, loss, M_aa, M_ay = named(
    "norm_u_2 norm_omega_2 floor loss M_aa M_ay"
)
u_0, omega_0, p, q, u, omega, w_0, w, e = named("u_0 omega_0 p q u omega w_0 w e")
(change,) = named("change")

CONSTANTS = Structure(
    name="Constants",
    argument="c",
    fields=(*INPUTS, *DERIVED),
    meaning="What a trajectory needs besides the time: hyperparameters, P, Q and derived rates.",
)
STATE = Structure(
    name="State",
    argument="state",
    fields=STATES,
    meaning="Where the network is on its trajectory: one number each per time.",
)


RISING = lam * residual_0 <= 0
"""α grows and s ≥ 0: the same at all times, and known at t = 0, where s = 0 tells nothing."""


def safe(divisor: Symbol, condition: sympy.Basic) -> tuple[Symbol, Expr]:
    """A divisor that is 1 where the condition fails, so that no branch divides by zero."""
    return Symbol(f"safe_{divisor}", real=True), Piecewise((divisor, condition), (ONE, True))


UP, DOWN = named("decay_up decay_down")
SHRUNK = (
    (UP, Piecewise((decay, And(RISING, decay > 0)), (ONE, True))),
    (DOWN, Piecewise((decay, And(sympy.Not(RISING), decay > 0)), (ONE, True))),
)
"""The decay, and 1 where it is 0 or of the other branch, whose large terms spoil derivatives."""


def by_branch(up: Expr, down: Expr) -> Piecewise:
    """An expression for s ≥ 0 and one for s < 0, of which each divides by the decay of its branch."""

    def divided(expression: Expr, divisor: Symbol) -> Expr:
        return real(expression).replace(
            lambda z: z.is_Pow and z.base == decay and z.exp.is_negative,
            lambda z: divisor**z.exp,
        )

    return Piecewise((divided(up, UP), RISING), (divided(down, DOWN), True))


def guarded(value: Expr, divisor: Symbol, condition: sympy.Basic, otherwise: Expr) -> Expr:
    """`value`, with its safe divisor, where the condition holds."""
    (symbol, _) = safe(divisor, condition)
    return Piecewise((value.xreplace({divisor: symbol}), condition), (otherwise, True))


def root(square: Symbol) -> Piecewise:
    """The square root of what is not negative, 0 at 0, where a bare one has no derivative."""
    (symbol, _) = safe(square, square > 0)
    return Piecewise((sqrt(symbol), square > 0), (ZERO, True))


def root_of_sum(name: Symbol, square: Symbol, length: Symbol) -> tuple[tuple[Symbol, Expr], ...]:
    """√(square + length²), both ≥ 0, where square may be 0 exactly and length² may underflow.

    Assignments, the last of which is the root.
    """
    alone = Symbol(f"{length}_alone", real=True)  # is 1 where the square is not 0
    per_length, lonely, reach = (
        Symbol(f"{square}_{word}", real=True) for word in ("per_length", "where_zero", "reach")
    )
    safe_square, lone = safe(square, square > 0), safe(alone, alone > 0)
    whole = sqrt(safe_square[0] + length**2)
    return (
        safe_square,
        (alone, Piecewise((ONE, square > 0), (length, True))),
        lone,
        # Where length² underflows the square has no part, nor its derivative, which would be infinite.
        (reach, Piecewise((lone[0], lone[0] ** 2 > 0), (ONE, True))),
        (per_length, square / reach),
        (lonely, lone[0] * sqrt(1 + per_length / reach)),
        (name, Piecewise((whole, square > 0), (lonely, alone > 0), (ZERO, True))),
    )


def hypotenuse_of(name: Symbol, one: Symbol, two: Symbol) -> tuple[tuple[Symbol, Expr], ...]:
    """√(one² + two²) of two lengths ≥ 0; no square underflows, and no comparison need be decided.

    Assignments, the last of which is the root.
    """
    long, short, aspect = named("long short aspect")
    kept = safe(long, long > 0)
    return (
        (long, sympy.Max(one, two)),
        (short, sympy.Min(one, two)),
        kept,
        (aspect, short / kept[0]),
        (name, long * sqrt(1 + aspect**2)),
    )


def size_of(value: Symbol) -> tuple[Symbol, Piecewise]:
    """|value|, by branches: autograd then has a slope at 0 too."""
    return Symbol(f"size_{value}", real=True), Piecewise((value, value >= 0), (-value, True))


def size(expression: Expr) -> Expr:
    """The sum of the absolute values of the terms: what rounding errors are relative to."""
    return sympy.Add(*(sympy.Abs(term) for term in sympy.Add.make_args(expression)))


def equations(**equations: Expr) -> Mapping[str, Expr]:
    """Equations for a docstring: name → right-hand side."""
    return equations
