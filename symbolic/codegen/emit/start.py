"""Emitted functions of the start: effective point, chart, initial output, balance, rates."""

from __future__ import annotations

import sympy
from sympy import Expr, Piecewise, Symbol

from symbolic.codegen.names import (
    A_P,
    A_Q,
    CONSTANTS,
    INPUTS,
    ZERO,
    B,
    M_aa,
    M_ay,
    R,
    balance,
    equations,
    eta_u,
    eta_w,
    f_0,
    gamma,
    guarded,
    lam,
    named,
    norm_omega_2,
    norm_u_2,
    omega_0,
    overlap_0,
    p,
    q,
    r_minus,
    r_plus,
    real,
    rho,
    root_of_sum,
    safe,
    size_of,
    u_0,
    y,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.observables import Observables
from symbolic.explicit.stable_start import StableStart
from symbolic.network.effective_point import EffectivePoint

HERE = {Symbol("u_i0", real=True): u_0, Symbol("omega_i0", real=True): omega_0}


def initial(derivation: Derivation) -> tuple[Function, ...]:
    """Effective point and chart at t = 0."""
    return (*_point(derivation[EffectivePoint]), *_chart(derivation[StableStart]))


def _point(point: EffectivePoint) -> tuple[Function, ...]:
    strength, target = real(point.strength), real(point.target)
    return (
        Function(
            name="strength",
            summary="Norm ρ of the effective point of a data set on a line.",
            equations=equations(rho=strength),
            arguments=(M_aa,),
            structures=(),
            body=((rho, strength),),
            result=rho,
        ),
        Function(
            name="target",
            summary="Target y of the effective point of a data set on a line; 0 for data at the origin.",
            equations=equations(y=target),
            arguments=(M_aa, M_ay),
            structures=(),
            body=(safe(M_aa, M_aa > 0), (y, guarded(target, M_aa, M_aa > 0, ZERO))),
            result=y,
        ),
    )


def _chart(start: StableStart) -> tuple[Function, ...]:
    # Over one number, as fractions are printed.
    forms = {z: sympy.factor(real(form).xreplace(HERE)) for z, form in ((p, start.p), (q, start.q))}
    return tuple(
        Function(
            name=name,
            summary=f"Coordinate {z} of a neuron at t = 0.",
            equations=equations(**{str(z): forms[z]}),
            arguments=(u_0, omega_0, eta_u, eta_w),
            structures=(),
            body=((z, forms[z]),),
            result=z,
        )
        for name, z in (("growing", p), ("falling", q))
    )


def conserved(derivation: Derivation) -> tuple[Function, ...]:
    """Sums over the initial weights: the output they give, and the summed quadratic laws."""
    output, total = real(derivation[StableStart].output), real(derivation[Observables].balance)
    return (
        Function(
            name="initial_output",
            summary="Output at t = 0, from the overlap of the initial layers.",
            equations=equations(f_0=output),
            arguments=(gamma, rho, overlap_0),
            structures=(),
            body=((f_0, output),),
            result=f_0,
        ),
        Function(
            name="balance",
            summary="Sum over neurons of the conserved quadratic, η_u‖ω‖² − η_w‖u‖².",
            equations=equations(balance=total),
            arguments=(eta_u, eta_w, norm_u_2, norm_omega_2),
            structures=(),
            body=((balance, total),),
            result=balance,
        ),
    )


def constants(derivation: Derivation) -> Function:
    """Rates and Riccati coefficients."""
    closed, start = derivation[ClosedForm], derivation[StableStart]
    return Function(
        name="constants",
        summary="Rates and Riccati coefficients of a trajectory.",
        equations=equations(
            lam=real(start.reduction.rate),
            B=real(start.linear),
            R=real(closed.rate),
            larger=real(closed.larger),
            smaller=real(closed.smaller),
        ),
        arguments=INPUTS,
        structures=(),
        body=(*_coefficients(start), *_roots(start)),
        result=CONSTANTS,
    )


def _coefficients(start: StableStart) -> tuple[tuple[Symbol, Expr], ...]:
    coefficients = {z.name: real(value) for z, value in start.integral.coefficients.items()}
    return (
        (lam, real(start.reduction.rate)),
        (A_P, coefficients["A_P"]),
        (A_Q, coefficients["A_Q"]),
        (B, real(start.linear)),
    )


def _roots(start: StableStart) -> tuple[tuple[Symbol, Expr], ...]:
    larger, smaller, square, root = named("larger smaller square root")
    size_B, absolute = size_of(B)
    plus, minus = ([real(z) for z in pair] for pair in (start.r_plus, start.r_minus))
    return (
        (square, real(start.square)),
        (size_B, absolute),
        *root_of_sum(root, square, size_B),
        (R, real(start.rate)),
        (larger, real(start.larger)),
        safe(larger, larger > 0),
        # At R = 0, which has no slope, the roots have that of ±2B.
        (smaller, guarded(real(start.smaller), larger, larger > 0, -2 * B)),
        (r_plus, Piecewise((plus[0], B >= 0), (plus[1], True))),
        (r_minus, Piecewise((minus[0], B >= 0), (minus[1], True))),
    )
