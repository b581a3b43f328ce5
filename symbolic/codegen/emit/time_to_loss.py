"""Emitted function of the inverse: the time at which a loss is reached."""

from __future__ import annotations

import sympy
from sympy import Expr, Piecewise, Symbol

from symbolic.codegen.names import (
    CONSTANTS,
    R,
    alpha,
    equations,
    floor,
    guarded,
    lam,
    loss,
    named,
    real,
    residual_0,
    residual_ratio,
    safe,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.time_to_loss import TimeToLoss

distance, f_target, S, time, signed, size_residual = named(
    "distance f_target S time signed size_residual"
)
Assignments = tuple[tuple[Symbol, Expr], ...]


def time_to_loss(derivation: Derivation) -> Function:
    """The time at which the loss has fallen to a value."""
    inverse = derivation[TimeToLoss]
    rising = real(inverse.alpha[0])
    return Function(
        name="time_to_loss",
        summary="Time at which the loss has fallen to a value between its limit and its start.",
        equations=equations(alpha=rising, S=real(inverse.sine), time=real(inverse.time)),
        arguments=(loss, floor),
        structures=(CONSTANTS,),
        body=(
            *_target(inverse),
            *_root(inverse),
            (S, real(inverse.sine)),
            safe(R, R > 0),
            (time, guarded(real(inverse.time), R, R > 0, S)),
        ),
        result=time,
    )


def _target(inverse: TimeToLoss) -> Assignments:
    above = residual_0 >= 0

    def by_side(pair: tuple[Expr, Expr]) -> Piecewise:
        return Piecewise((real(pair[0]), above), (real(pair[1]), True))

    return (
        (distance, real(inverse.distance)),
        (f_target, real(inverse.target).xreplace({signed: by_side(inverse.signed)})),
        (residual_ratio, real(inverse.ratio).xreplace({size_residual: by_side(inverse.size)})),
    )


def _root(inverse: TimeToLoss) -> Assignments:
    """Of the two roots one may divide by zero where the other is meant."""
    rising_divisor, falling_divisor = named("rising_divisor falling_divisor")
    (up, above), (down, below) = (sympy.fraction(real(root)) for root in inverse.alpha)
    kept = safe(rising_divisor, rising_divisor > 0), safe(falling_divisor, f_target * lam < 0)
    pieces = ((up / kept[0][0], f_target * lam >= 0), (down / kept[1][0], True))
    return (
        (rising_divisor, above),
        kept[0],
        (falling_divisor, below),
        kept[1],
        (alpha, Piecewise(*pieces)),
    )
