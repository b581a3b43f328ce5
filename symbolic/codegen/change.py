"""Emitted functions of the change since the start: tangent kernel, its change, distances of layers."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Or, Piecewise, sqrt

from symbolic import notation
from symbolic.codegen.names import (
    CONSTANTS,
    RISING,
    SOURCE,
    STATE,
    ZERO,
    P,
    Q,
    decay,
    equations,
    eta_u,
    eta_w,
    f,
    f_0,
    gamma,
    growth,
    guarded,
    lam,
    named,
    real,
    residual_0,
    residual_ratio,
    rho,
    safe,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Explicit

kernel_x, kernel_0, rise, cosh_s, sinh_s = named("kernel_x kernel_0 rise cosh_s sinh_s")
(twice,) = named("twice_cosh_s")
norm_u_0_2, norm_omega_0_2, overlap_0 = named("norm_u_0_2 norm_omega_0_2 overlap_0")


def in_rate(expression: Expr) -> Expr:
    """An expression of the derivation with λ instead of γ."""
    scale = lam / (sqrt(eta_u) * sqrt(eta_w) * rho)
    return sympy.factor(real(expression).xreplace({gamma: scale}))


def kernel(derivation: Explicit) -> tuple[Function, ...]:
    """K(x, x) and its relative change."""
    change = derivation.change
    value = sqrt(sympy.factor(in_rate(change.kernel_in_output**2)))
    start = real(sympy.factor(change.kernel.subs(notation.alpha, 1)))
    return (
        Function(
            "kernel_x",
            "Tangent kernel K(x, x) at the effective point.",
            equations(kernel_x=value),
            f"{SOURCE}, Eq. 13",
            (),
            (STATE, CONSTANTS),
            ((kernel_x, value),),
            kernel_x,
        ),
        _kernel_change(derivation, value, start),
    )


def _kernel_change(derivation: Explicit, value: Expr, start: Expr) -> Function:
    """λ(f − f₀) by the ratio of residuals where that has fallen, else by 2 sinh s: both keep digits."""
    (result,) = named("change")
    change = derivation.change
    safe_decay = {decay: safe(decay, decay > 0)[0]}
    up, down = (
        sympy.expand(lam * in_rate(change.gain.subs(notation.alpha, notation.decay**power)))
        for power in (-2, 2)
    )
    by_growth = Piecewise(
        (growth * up.xreplace(safe_decay), RISING), (growth * down.xreplace(safe_decay), True)
    )
    by_residual = -lam * residual_0 * (1 - residual_ratio)
    formula = in_rate(change.kernel_change)
    # (f − f₀) λ comes by name.
    product = sympy.factor(formula / (f - f_0)) * rise / lam
    late = Or(residual_ratio < 1 - residual_ratio, decay <= 0)
    return Function(
        "kernel_change",
        "Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start.",
        equations(change=formula),
        f"{SOURCE}, Eq. 13",
        (),
        (STATE, CONSTANTS),
        (
            safe(decay, decay > 0),
            (rise, Piecewise((by_residual, late), (by_growth, True))),
            (kernel_0, start),
            (kernel_x, value),
            safe(kernel_0, kernel_0 > 0),
            (result, guarded(product, kernel_0, kernel_0 > 0, ZERO)),
        ),
        result,
    )


def distances(derivation: Explicit) -> tuple[Function, ...]:
    """‖u(t) − u(0)‖ and ‖W(t) − W(0)‖.

    A flow into the saddle has no growing coordinate: cosh s and sinh s are infinite, but u and ω
    decay like e^{−|s|}.
    """
    (distance,) = named("distance")
    change = derivation.change
    saddle = Or(And(RISING, P <= 0), And(sympy.Not(RISING), Q <= 0))
    functions = []
    for name, words, moved, own in (
        ("distance_u", "Distance ‖u(t) − u(0)‖ of the second layer from its start.",
         change.moved_u_2, norm_u_0_2),
        ("distance_W", "Distance ‖W(t) − W(0)‖ of the first layer from its start.",
         change.moved_omega_2, norm_omega_0_2),
    ):  # fmt: skip
        expression = real(moved)
        functions.append(
            Function(
                name,
                words,
                equations(distance=sqrt(expression)),
                f"{SOURCE}, Eq. 49",
                (norm_u_0_2, norm_omega_0_2, overlap_0),
                (STATE, CONSTANTS),
                (
                    safe(decay, decay > 0),
                    (sinh_s, growth / 2),
                    (twice, decay + 1 / safe(decay, decay > 0)[0]),
                    (cosh_s, twice / 2),
                    (
                        distance,
                        Piecewise((sqrt(own) * (1 - decay), saddle), (sqrt(expression), True)),
                    ),
                ),
                distance,
            )
        )
    return tuple(functions)
