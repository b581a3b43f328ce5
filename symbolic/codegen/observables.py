"""Emitted functions of the network: weights, scalar observables, norms, tangent kernel."""

from __future__ import annotations

import sympy
from sympy import Expr, Ne, Piecewise, Symbol, sqrt

from symbolic import notation
from symbolic.codegen.names import (
    CONSTANTS,
    RISING,
    SOURCE,
    STATE,
    ZERO,
    M_aa,
    M_ay,
    balance,
    e,
    equations,
    f,
    floor,
    gram,
    guarded,
    loss,
    named,
    norm_omega_2,
    norm_u_2,
    omega,
    omega_0,
    overlap,
    overlap_0,
    p,
    perp_2,
    q,
    real,
    residual,
    residual_0,
    residual_ratio,
    rho,
    safe,
    u,
    u_0,
    w,
    w_0,
    y,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Explicit


def weights(derivation: Explicit) -> tuple[Function, ...]:
    """The weights of a neuron."""
    weights = derivation.weights
    local = {"u_i0": u_0, "omega_i0": omega_0, "p_i": p, "q_i": q}

    def rename(expression: Expr) -> Expr:
        expression = real(expression)
        return expression.xreplace({Symbol(name, real=True): z for name, z in local.items()})

    change = weights.w_change.xreplace(
        {notation.h_i: notation.rho * (omega - omega_0), notation.x_j: notation.rho * e}
    )
    return (
        *(
            Function(
                name,
                f"{words} of a neuron.",
                equations(up=rename(up), down=rename(down)),
                f"{SOURCE}, Eq. 7",
                (start, p, q),
                (STATE, CONSTANTS),
                ((result, Piecewise((rename(up), RISING), (rename(down), True))),),
                result,
            )
            for name, words, start, result, (up, down) in (
                ("weight_u", "Second-layer weight u", u_0, u, weights.u_growing),
                ("weight_omega", "First-layer weight ω along the data", omega_0, omega,
                 weights.omega_growing),
            )
        ),
        Function(
            "weight_w",
            "First-layer weight, from its initial value and the change of ω.",
            equations(w=w_0 + sympy.factor(change)),
            f"{SOURCE}, Eq. 7 and 24",
            (w_0, omega, omega_0, e),
            (),
            ((w, w_0 + sympy.factor(change)),),
            w,
        ),
    )  # fmt: skip


RESIDUAL = (residual, residual_0 * residual_ratio)


def _overlap(derivation: Explicit) -> tuple[tuple[Symbol, Expr], ...]:
    """u·ω from the output; a network that cannot move (γρ = 0) keeps the initial one."""
    (scale,) = named("scale")
    product = sympy.cancel(f / real(derivation.observables.overlap))
    value = guarded(f / scale, scale, Ne(scale, 0), overlap_0)
    return (scale, product), safe(scale, Ne(scale, 0)), (overlap, value)


def _scalar(
    name: str,
    summary: str,
    source: str,
    arguments: tuple[Symbol, ...],
    body: tuple[tuple[Symbol, Expr], ...],
    equation: Expr | None = None,
) -> Function:
    result, value = body[-1]
    equations = {str(result): equation if equation is not None else value}
    return Function(
        name, summary, equations, f"{SOURCE}, {source}", arguments, (STATE, CONSTANTS), body, result
    )


def scalars(derivation: Explicit) -> tuple[Function, ...]:
    """Residual, loss, alignment and its slope, population loss."""
    scalars, model = derivation.observables, derivation.model
    zeta, slope = named("zeta slope")
    # The smallest loss comes by name: as a difference of moments it would cancel.
    population = real(scalars.population_loss) - real(derivation.data.floor) + floor
    # The slope f/ρ is 0 for data at the origin, where ρ = 0.
    (along,) = named("along")
    population = population.subs(f, along * rho)
    along_data = (safe(rho, rho > 0), (along, guarded(f / rho, rho, rho > 0, ZERO)))
    return (
        _scalar("residual", "Residual f − y.", "Eq. 8", (), (RESIDUAL,)),
        _scalar(
            "loss",
            "Loss of what was given: a point (floor 0) or a data set.",
            "Eq. 3 and 56",
            (floor,),
            (RESIDUAL, (loss, real(model.loss(y + residual, y)) + floor)),
        ),
        _scalar(
            "overlap",
            "Overlap u·ω of the two layers.",
            "Eq. 53",
            (overlap_0,),
            _overlap(derivation),
            real(scalars.overlap),
        ),
        _scalar(
            "alignment",
            "Alignment ζ, the cosine of u and W x.",
            "Eq. 14",
            (gram, overlap_0),
            (*_overlap(derivation), (zeta, real(scalars.alignment))),
        ),
        _scalar(
            "alignment_slope",
            "Slope dζ/dα of the alignment.",
            "Eq. 15",
            (gram, overlap_0),
            (*_overlap(derivation), (slope, real(scalars.alignment_slope))),
        ),
        _scalar(
            "population_loss",
            "Mean squared error over a population on the line of the data.",
            "appendix D",
            (M_aa, M_ay, floor),
            (*along_data, (loss, population)),
        ),
    )


def norms(derivation: Explicit) -> tuple[Function, ...]:
    """Norms of both layers."""
    scalars = derivation.observables
    norm, divisor, size = named("norm divisor size_balance")
    bodies = {}
    for square, branches, sign in (
        (norm_u_2, scalars.norm_u_2, 1),
        (norm_omega_2, scalars.norm_omega_2, -1),
    ):
        # The conjugate root is the branch of this sign of Δ; it is 0/0 at the origin, with norm 0.
        values = [real(branch) for branch in branches]
        index = 0 if sign > 0 else 1
        top, bottom = sympy.fraction(values[index].xreplace({balance: sign * size}))
        values[index] = guarded(top / divisor, divisor, Ne(divisor, 0), ZERO)
        bodies[square] = (
            (size, Piecewise((balance, balance >= 0), (-balance, True))),
            (divisor, bottom),
            safe(divisor, Ne(divisor, 0)),
            (square, Piecewise((values[0], balance >= 0), (values[1], True))),
        )
    of_u, of_omega = bodies[norm_u_2], bodies[norm_omega_2]
    rising, up = (real(z[0]) for z in (scalars.norm_u_2, scalars.norm_omega_2))
    return tuple(
        _scalar(
            name,
            words,
            "section 3.3",
            (gram, balance, *extra, overlap_0),
            (*_overlap(derivation), *body, (norm, sqrt(body[-1][0] + sum(extra)))),
            sqrt(equation + sum(extra)),
        )
        for name, words, body, equation, extra in (
            ("norm_u", "Norm ‖u‖ of the second layer.", of_u, rising, ()),
            ("norm_omega", "Norm ‖ω‖ of the first layer along the data.", of_omega, up, ()),
            ("norm_W", "Frobenius norm ‖W‖ of the first layer.", of_omega, up, (perp_2,)),
        )
    )


def tangent_kernel(derivation: Explicit) -> Function:
    """The tangent kernel between two inputs."""
    (K,) = named("K")
    value = real(derivation.kernel.value)
    return Function(
        "tangent_kernel",
        "Tangent kernel K(x₁, x₂) between two inputs, df(x₁)/dt = −2 K(x₁, x) (f(x) − y).",
        equations(K=value),
        f"{SOURCE}, Eq. 13",
        named("inner b_1 b_2 across cross norm_u_2 norm_omega_2"),
        (CONSTANTS,),
        ((K, value),),
        K,
    )
