"""Emitted functions of the state: at a time, at t = ∞, and the time scale."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Ne, Piecewise, Symbol

from symbolic.codegen.names import (
    A_P,
    A_Q,
    CONSTANTS,
    ONE,
    RISING,
    STATE,
    ZERO,
    B,
    E,
    R,
    alpha,
    decay,
    decayed,
    denominator,
    equations,
    f,
    growth,
    guarded,
    lam,
    named,
    numerator,
    real,
    residual_0,
    residual_ratio,
    safe,
    size,
    t,
    tau,
)
from symbolic.codegen.program import Function, clip_exponent
from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.stable_state import StableState

LESSER, GREATER = named("lesser greater")
ORDERED = (
    (LESSER, sympy.Min(numerator, denominator)),
    (GREATER, sympy.Max(numerator, denominator)),
)
Assignments = tuple[tuple[Symbol, Expr], ...]


def at(derivation: Derivation) -> Function:
    """The state at a time."""
    state = derivation[StableState]
    closed = state.closed
    rising, falling = (real(form) for form in state.weights.decayed)
    return Function(
        name="at",
        summary="The state at time t ≥ 0.",
        equations=equations(
            E=real(closed.decaying),
            tau=real(closed.elapsed),
            numerator=real(closed.numerator),
            denominator=real(closed.denominator),
            alpha=real(state.alpha),
            growth=real(closed.growth),
            residual_ratio=real(closed.ratio),
            progress=real(closed.progress),
            f=real(closed.output),
        ),
        arguments=(t,),
        structures=(CONSTANTS,),
        body=(
            *_time(state),
            (numerator, real(closed.numerator)),
            (denominator, real(closed.denominator)),
            (alpha, real(state.alpha)),
            (LESSER, Piecewise((denominator, RISING), (numerator, True))),
            (GREATER, Piecewise((numerator, RISING), (denominator, True))),
            (decay, real(state.decay)),
            (growth, real(closed.growth)),
            (residual_ratio, real(closed.ratio)),
            *_output(state),
            (decayed, Piecewise((rising, RISING), (falling, True))),
        ),
        result=STATE,
    )


def _time(state: StableState) -> Assignments:
    """Only a flow into the saddle divides by E; elsewhere E may underflow."""
    (rate_time,) = named("rate_time")
    full = real(state.exponent)
    held = Piecewise(
        (clip_exponent(full), And(A_P <= 0, B > 0)),
        (clip_exponent(full), And(A_Q <= 0, B < 0)),
        (full, True),
    )
    return ((rate_time, held), (E, sympy.exp(-rate_time)), (tau, real(state.elapsed)))


def _output(state: StableState) -> Assignments:
    """The output both ways, and the mean."""
    progress, by_target, by_alpha, size_by_target, size_by_alpha, total_size = named(
        "progress by_target by_alpha size_by_target size_by_alpha total_size"
    )
    kept_lam, kept_size = safe(lam, Ne(lam, 0)), safe(total_size, total_size > 0)
    in_target = real(state.by_target)
    in_alpha = real(state.by_alpha).xreplace({lam: kept_lam[0]})
    mean = real(state.output).xreplace({total_size: kept_size[0]})
    return (
        kept_lam,
        (progress, real(state.closed.progress)),
        (by_target, in_target),
        (by_alpha, in_alpha),
        (size_by_target, size(in_target)),
        (size_by_alpha, size(in_alpha)),
        (total_size, size_by_target + size_by_alpha),
        kept_size,
        # Where nothing moves, as at λ = 0, both are 0, and the first has the derivatives.
        (f, Piecewise((mean, total_size > 0), (by_target, True))),
    )


def limit(derivation: Derivation) -> Function:
    """The state at t = ∞."""
    closed, state = derivation[ClosedForm], derivation[StableState]
    top, bottom = real(closed.limit_numerator), real(closed.limit_denominator)
    guards = {z: safe(z, z > 0) for z in (numerator, denominator, GREATER)}
    guards[residual_0] = safe(residual_0, Ne(residual_0, 0))
    safely = {z: symbol for z, (symbol, _) in guards.items()}
    return Function(
        name="limit",
        summary="The state at t = ∞: the equilibrium f = y, the saddle at the origin, or no motion.",
        equations=equations(numerator=top, denominator=bottom, alpha=real(state.alpha)),
        arguments=(),
        structures=(CONSTANTS,),
        body=((numerator, top), (denominator, bottom), *ORDERED, *guards.values(),
         *_end(state, safely)),
        result=STATE,
    )  # fmt: skip


def _end(state: StableState, safely: dict[Symbol, Symbol]) -> Assignments:
    """At the equilibrium both of N and D are positive; where neither is, nothing moves."""
    nowhere, somewhere = GREATER <= 0, LESSER > 0
    growing = real(state.growth_at_end).xreplace({z: safely[z] for z in (numerator, denominator)})
    saddle = real(state.ratio_at_saddle).xreplace({residual_0: safely[residual_0]})
    root = real(state.decay)
    quotient = real(state.alpha).xreplace({denominator: safely[denominator]})
    equilibrium, origin = (real(z) for z in state.output_at_end)
    still, gone = state.decayed_at_end
    rising, falling = (real(form) for form in state.weights.decayed)
    pieces = ((still, nowhere), (gone, sympy.Not(somewhere)), (rising, RISING), (falling, True))
    return (
        (alpha, Piecewise((ONE, nowhere), (quotient, denominator > 0), (sympy.oo, True))),
        (decay, Piecewise((ONE, nowhere), (root.xreplace({GREATER: safely[GREATER]}), True))),
        (growth, Piecewise((growing, somewhere), (ZERO, True))),
        # Where nothing moves the output is 0 too, as it is at the saddle.
        (residual_ratio, Piecewise((ZERO, somewhere), (saddle, True))),
        (f, Piecewise((equilibrium, somewhere), (origin, True))),
        (decayed, Piecewise(*pieces)),
    )


def time_scale(derivation: Derivation) -> Function:
    """The time scale t_c."""
    (t_c,) = named("t_c")
    scale = real(derivation[ClosedForm].time_scale)
    return Function(
        name="time_scale",
        summary="Time scale t_c, with residual ~ exp(−4 t / t_c); infinite where R = 0.",
        equations=equations(t_c=scale),
        arguments=(),
        structures=(CONSTANTS,),
        body=(safe(R, R > 0), (t_c, guarded(scale, R, R > 0, sympy.oo))),
        result=t_c,
    )
