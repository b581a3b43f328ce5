"""Emitted functions of the change since the start: tangent kernel, its change, distances of layers."""

from __future__ import annotations

import sympy
from sympy import Expr, Ne, Piecewise, sqrt

from symbolic.codegen.names import (
    CONSTANTS,
    RISING,
    SHRUNK,
    STATE,
    ZERO,
    P,
    Q,
    by_branch,
    change,
    decay,
    equations,
    f,
    f_0,
    guarded,
    lam,
    named,
    real,
    root,
    root_of_sum,
    safe,
)
from symbolic.codegen.program import Function, held
from symbolic.derivation import Derivation
from symbolic.explicit.movement import Spread
from symbolic.explicit.stable_movement import StableMovement

kernel_x, kernel_0, rise, both, by_output, by_weights, square, along, radical = named(
    "kernel_x kernel_0 rise both by_output by_weights square along radical"
)
Assignments = tuple[tuple[sympy.Symbol, Expr], ...]
norm_u_0_2, norm_omega_0_2, overlap_0 = named("norm_u_0_2 norm_omega_0_2 overlap_0")


def kernel(derivation: Derivation) -> tuple[Function, ...]:
    """K(x, x) and its relative change."""
    moved = derivation[StableMovement]
    body = (
        (square, real(moved.square)),
        (along, real(moved.along)),
        *root_of_sum(radical, square, along),
        (kernel_x, real(moved.kernel)),
    )
    return (
        Function(
            name="kernel_x",
            summary="Tangent kernel K(x, x) at the effective point.",
            equations=equations(kernel_x=real(moved.whole_kernel)),
            arguments=(),
            structures=(STATE, CONSTANTS),
            body=body,
            result=kernel_x,
        ),
        _kernel_change(moved, body),
    )


def _kernel_change(moved: StableMovement, kernel: Assignments) -> Function:
    """By the output, of which f − f₀ is what it has gained; where λ = 0 has no output, in P and Q."""
    product = real(moved.kernel_change)
    unmoved = by_branch(*(real(z).xreplace({P + Q: both}) for z in moved.movement.kernel_by_decay))
    return Function(
        name="kernel_change",
        summary="Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start.",
        equations=equations(change=product.xreplace({rise: f - f_0})),
        arguments=(),
        structures=(STATE, CONSTANTS),
        body=(
            *SHRUNK,
            (rise, by_branch(*moved.rise)),
            *kernel,
            (kernel_0, real(moved.kernel_start)),
            safe(kernel_0, kernel_0 > 0),
            (both, P + Q),
            safe(both, both > 0),
            (by_output, guarded(product, kernel_0, kernel_0 > 0, ZERO)),
            (by_weights, guarded(unmoved, both, both > 0, ZERO)),
            (change, Piecewise((by_output, Ne(lam, 0)), (by_weights, True))),
        ),
        result=change,
    )


def distances(derivation: Derivation) -> tuple[Function, ...]:
    """‖u(t) − u(0)‖ and ‖W(t) − W(0)‖, each of the same three sums."""
    stable = derivation[StableMovement]
    moved = stable.movement
    return tuple(
        Function(
            name=name,
            summary=words,
            equations=equations(distance=sqrt(real(plain))),
            arguments=(norm_u_0_2, norm_omega_0_2, overlap_0),
            structures=(STATE, CONSTANTS),
            body=_distance(stable, *spreads),
            result=named("distance")[0],
        )
        for name, words, plain, spreads in (
            ("distance_u", "Distance ‖u(t) − u(0)‖ of the second layer from its start.",
             moved.moved_u_2, moved.spread_u),
            ("distance_W", "Distance ‖W(t) − W(0)‖ of the first layer from its start.",
             moved.moved_omega_2, moved.spread_omega),
        )
    )  # fmt: skip


def _distance(stable: StableMovement, up: Spread, down: Spread) -> Assignments:
    """A multiple of what has decayed; the cross term obeys Cauchy and Schwarz, also when rounded."""
    gap, other, cross, grown, bound, distance = named("gap other cross grown bound distance")
    kept, kept_square = safe(decay, decay > 0), safe(square, square > 0)

    def either(one: Expr, two: Expr) -> Expr:
        return Piecewise((real(one), RISING), (real(two), True)) if one != two else real(one)

    whole, crossed, grew = (
        either(getattr(up, z), getattr(down, z)) for z in ("other", "cross", "grown")
    )
    reached = real(stable.distance).xreplace({square: kept_square[0]})
    return (
        kept,
        (gap, real(stable.gap).xreplace({decay: kept[0]})),
        (other, whole),
        (grown, grew),
        safe(other, other > 0),
        safe(grown, grown > 0),
        (bound, root(other) * root(grown)),
        (cross, held(crossed, bound)),
        (square, Spread(other, cross, grown).within(gap)),
        kept_square,
        (distance, Piecewise((reached, square > 0), (ZERO, True))),
    )
