"""Emitted functions of the change since the start: tangent kernel, its change, distances of layers."""

from __future__ import annotations

import sympy
from sympy import Expr, Ne, Piecewise, sqrt

from symbolic import vocabulary as notation
from symbolic.codegen.names import (
    CONSTANTS,
    RISING,
    SHRUNK,
    SOURCE,
    STATE,
    ZERO,
    P,
    Q,
    by_branch,
    change,
    decay,
    decayed,
    equations,
    eta_u,
    eta_w,
    f,
    f_0,
    gamma,
    guarded,
    lam,
    named,
    real,
    rho,
    root,
    root_of_sum,
    safe,
)
from symbolic.codegen.program import Function, held
from symbolic.derivation import Derivation
from symbolic.explicit.movement import Movement, Spread
from symbolic.explicit.observables import Observables

kernel_x, kernel_0, rise, both, by_output, by_weights = named(
    "kernel_x kernel_0 rise both by_output by_weights"
)
Assignments = tuple[tuple[sympy.Symbol, Expr], ...]
norm_u_0_2, norm_omega_0_2, overlap_0 = named("norm_u_0_2 norm_omega_0_2 overlap_0")


def in_rate(expression: Expr) -> Expr:
    """An expression of the derivation with λ instead of γ."""
    scale = lam / (sqrt(eta_u) * sqrt(eta_w) * rho)
    return sympy.factor(real(expression).xreplace({gamma: scale}))


def kernel(derivation: Derivation) -> tuple[Function, ...]:
    """K(x, x) and its relative change."""
    value = in_rate(derivation[Movement].kernel_in_output ** 2)
    factor, inner = sympy.factor(value).as_coeff_Mul()
    square, along, radical = named("square along radical")
    body = (
        (square, sympy.expand(inner - (lam * f) ** 2)),
        (along, sympy.Abs(lam * f)),
        *root_of_sum(radical, square, along),
        (kernel_x, sqrt(factor) * radical),
    )
    return (
        Function(
            "kernel_x",
            "Tangent kernel K(x, x) at the effective point.",
            equations(kernel_x=sqrt(value)),
            f"{SOURCE}, Eq. 13",
            (),
            (STATE, CONSTANTS),
            body,
            kernel_x,
        ),
        _kernel_change(derivation, body),
    )


def _kernel_change(derivation: Derivation, kernel: Assignments) -> Function:
    """By the output, of which f − f₀ is what it has gained; where λ = 0 has no output, in P and Q."""
    scale = f / real(derivation[Observables].overlap)
    gained = by_branch(*(real(z) * scale for z in derivation[Observables].overlap_gained))
    formula = in_rate(derivation[Movement].kernel_change)
    product = sympy.factor(formula / (f - f_0)) * rise
    start = real(sympy.factor(derivation[Movement].kernel.subs(notation.alpha, 1)))
    unmoved = by_branch(
        *(real(z).xreplace({P + Q: both}) for z in derivation[Movement].kernel_by_decay)
    )
    return Function(
        "kernel_change",
        "Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start.",
        equations(change=formula),
        f"{SOURCE}, Eq. 13",
        (),
        (STATE, CONSTANTS),
        (
            *SHRUNK,
            (rise, gained),
            *kernel,
            (kernel_0, start),
            safe(kernel_0, kernel_0 > 0),
            (both, P + Q),
            safe(both, both > 0),
            (by_output, guarded(product, kernel_0, kernel_0 > 0, ZERO)),
            (by_weights, guarded(unmoved, both, both > 0, ZERO)),
            (change, Piecewise((by_output, Ne(lam, 0)), (by_weights, True))),
        ),
        change,
    )


def distances(derivation: Derivation) -> tuple[Function, ...]:
    """‖u(t) − u(0)‖ and ‖W(t) − W(0)‖, each of the same three sums."""
    moved = derivation[Movement]
    return tuple(
        Function(
            name,
            words,
            equations(distance=sqrt(real(plain))),
            f"{SOURCE}, Eq. 49",
            (norm_u_0_2, norm_omega_0_2, overlap_0),
            (STATE, CONSTANTS),
            _distance(up, down),
            named("distance")[0],
        )
        for name, words, plain, (up, down) in (
            ("distance_u", "Distance ‖u(t) − u(0)‖ of the second layer from its start.",
             moved.moved_u_2, moved.spread_u),
            ("distance_W", "Distance ‖W(t) − W(0)‖ of the first layer from its start.",
             moved.moved_omega_2, moved.spread_omega),
        )
    )  # fmt: skip


def _distance(up: Spread, down: Spread) -> Assignments:
    """A multiple of what has decayed; the cross term obeys Cauchy and Schwarz, also when rounded."""
    gap, other, cross, grown, bound, square, distance = named(
        "gap other cross grown bound square distance"
    )
    kept = safe(decay, decay > 0)

    def either(one: Expr, two: Expr) -> Expr:
        return Piecewise((real(one), RISING), (real(two), True)) if one != two else real(one)

    whole, crossed, grew = (
        either(getattr(up, z), getattr(down, z)) for z in ("other", "cross", "grown")
    )
    (safe_square, value) = safe(square, square > 0)
    return (
        kept,
        (gap, decayed / kept[0]),
        (other, whole),
        (grown, grew),
        safe(other, other > 0),
        safe(grown, grown > 0),
        (bound, root(other) * root(grown)),
        (cross, held(crossed, bound)),
        (square, Spread(other, cross, grown).within(gap)),
        (safe_square, value),
        (distance, Piecewise((decayed * sqrt(safe_square), square > 0), (ZERO, True))),
    )
