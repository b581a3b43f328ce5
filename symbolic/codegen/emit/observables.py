"""Emitted functions of the network: weights, scalar observables, norms, tangent kernel."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Ne, Or, Piecewise, Symbol, sqrt

from symbolic.codegen.names import (
    CONSTANTS,
    ONE,
    RISING,
    SHRUNK,
    STATE,
    ZERO,
    M_aa,
    M_ay,
    Q,
    balance,
    by_branch,
    change,
    decay,
    e,
    equations,
    f,
    floor,
    gram,
    guarded,
    hypotenuse_of,
    loss,
    named,
    omega,
    omega_0,
    overlap,
    overlap_0,
    p,
    perp_2,
    q,
    real,
    residual,
    rho,
    root_of_sum,
    safe,
    size_of,
    u,
    u_0,
    w,
    w_0,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.stable_observables import StableObservables
from symbolic.explicit.tangent_kernel import TangentKernel
from symbolic.explicit.weights import Weights


def weights(derivation: Derivation) -> tuple[Function, ...]:
    """The weights of a neuron."""
    weights = derivation[Weights]
    local = {"u_i0": u_0, "omega_i0": omega_0, "p_i": p, "q_i": q}

    def rename(expression: Expr) -> Expr:
        expression = real(expression)
        return expression.xreplace({Symbol(name, real=True): z for name, z in local.items()})

    w_value = real(derivation[StableObservables].w)
    return (
        *(
            Function(
                name=name,
                summary=f"{words} of a neuron.",
                equations=equations(up=rename(up), down=rename(down)),
                arguments=(start, p, q),
                structures=(STATE, CONSTANTS),
                body=((result, Piecewise((rename(up), RISING), (rename(down), True))),),
                result=result,
            )
            for name, words, start, result, (up, down) in (
                ("weight_u", "Second-layer weight u", u_0, u, weights.u_growing),
                ("weight_omega", "First-layer weight ω along the data", omega_0, omega,
                 weights.omega_growing),
            )
        ),
        Function(
            name="change_omega",
            summary="Change since the start of the first-layer weight ω along the data of a neuron.",
            equations=equations(up=rename(weights.omega_change[0]), down=rename(weights.omega_change[1])),
            arguments=(u_0, p, q),
            structures=(STATE, CONSTANTS),
            body=(
                # Into the saddle the growing coordinate is 0, and at t = ∞ the decay is.
                *SHRUNK,
                (change, by_branch(*(rename(z) for z in weights.omega_change))),
            ),
            result=change,
        ),
        Function(
            name="weight_w",
            summary="First-layer weight, from its initial value and the change of ω, or from its part "
            "across the data and ω.",
            equations=equations(w=w_value),
            arguments=(w_0, change, e),
            structures=(),
            body=((w, w_value),),
            result=w,
        ),
    )  # fmt: skip


(HYPOTENUSE,) = named("hypotenuse")  # √(G + (u·ω)²) = ‖u‖‖ω‖
Assignments = tuple[tuple[Symbol, Expr], ...]


def _residual(stable: StableObservables) -> tuple[Symbol, Expr]:
    return residual, real(stable.residual)


def _overlap(stable: StableObservables) -> Assignments:
    """By the output and by what it has gained, and their mean."""
    scale, by_output, gained, by_gain, terms, one, other, total = named(
        "scale by_output gained by_gain terms one other_share total"
    )
    kept = {z: safe(z, z > 0) for z in (terms, total)}
    safely = {z: symbol for z, (symbol, _) in kept.items()}
    shares = [real(share).xreplace(safely) for share in stable.shares]
    mean = real(stable.overlap).xreplace(safely)
    return (
        (scale, real(stable.scale)),
        safe(scale, Ne(scale, 0)),
        (by_output, guarded(real(stable.by_output), scale, Ne(scale, 0), ZERO)),
        *SHRUNK,
        (gained, by_branch(*stable.observables.overlap_gained)),
        (by_gain, real(stable.by_gain)),
        (terms, real(stable.terms)),
        kept[terms],
        (one, shares[0]),
        (other, shares[1]),
        (total, one + other),
        kept[total],
        (overlap, Piecewise((mean, total > 0), (by_gain, True))),
    )


def _scalar(
    name: str,
    *,
    summary: str,
    body: Assignments,
    arguments: tuple[Symbol, ...] = (),
    equation: Expr | None = None,
) -> Function:
    """A number of the state; its last assignment is the result, and the equation if none is given."""
    result, value = body[-1]
    return Function(
        name=name,
        summary=summary,
        equations={str(result): equation if equation is not None else value},
        arguments=arguments,
        structures=(STATE, CONSTANTS),
        body=body,
        result=result,
    )


def scalars(derivation: Derivation) -> tuple[Function, ...]:
    """Residual, loss, alignment and its slope, population loss."""
    stable = derivation[StableObservables]
    return (*_losses(stable), *_overlaps(stable), _population_loss(stable))


def _losses(stable: StableObservables) -> tuple[Function, ...]:
    return (
        _scalar("residual", summary="Residual f − y.", body=(_residual(stable),)),
        _scalar(
            "loss",
            summary="Loss of what was given: a point (floor 0) or a data set.",
            arguments=(floor,),
            body=(_residual(stable), (loss, real(stable.loss))),
        ),
    )


def _overlaps(stable: StableObservables) -> tuple[Function, ...]:
    (zeta,) = named("zeta")
    plain, reached = stable.observables, _hypotenuse(stable)
    return (
        _scalar(
            "overlap",
            summary="Overlap u·ω of the two layers.",
            arguments=(overlap_0,),
            body=_overlap(stable),
            equation=real(plain.overlap),
        ),
        _scalar(
            "alignment",
            summary="Alignment ζ, the cosine of u and W x.",
            arguments=(gram, overlap_0),
            body=(*reached, (zeta, real(stable.alignment))),
            equation=real(plain.alignment),
        ),
        _scalar(
            "alignment_slope",
            summary="Slope dζ/dα of the alignment.",
            arguments=(gram, overlap_0),
            body=(*reached, *_slope(stable)),
            equation=real(plain.alignment_slope),
        ),
    )


def _population_loss(stable: StableObservables) -> Function:
    """The slope f/ρ is 0 for data at the origin, where ρ = 0."""
    (along,) = named("along")
    along_data = (safe(rho, rho > 0), (along, guarded(f / rho, rho, rho > 0, ZERO)))
    return _scalar(
        "population_loss",
        summary="Mean squared error over a population on the line of the data.",
        arguments=(M_aa, M_ay, floor),
        body=(*along_data, (loss, real(stable.population_loss))),
    )


def _slope(stable: StableObservables) -> Assignments:
    """Parallel layers have no slope, and what G and Q are divided by may underflow."""
    slope, apart, share, sine_2, fallen = named("slope apart share sine_2 fallen")
    falling = And(sympy.Not(RISING), Q > 0)
    up, down = (real(z).xreplace({HYPOTENUSE: apart}) for z in stable.alignment_slope)
    return (
        (apart, Piecewise((HYPOTENUSE, Or(gram > 0, HYPOTENUSE <= 0)), (ONE, True))),
        (share, gram / apart),
        (sine_2, share / apart),
        (fallen, Piecewise((decay, falling), (ONE, True))),
        (slope, Piecewise((up, RISING), (down.xreplace({decay: fallen}), True))),
    )


def _hypotenuse(stable: StableObservables) -> Assignments:
    """‖u‖‖ω‖, of full accuracy for parallel layers that die."""
    (size_overlap,) = named("size_overlap")
    return (
        *_overlap(stable),
        (size_overlap, sympy.Abs(overlap)),
        *root_of_sum(HYPOTENUSE, gram, size_overlap),
    )


def norms(derivation: Derivation) -> tuple[Function, ...]:
    """Norms of both layers: of each the conjugate root on one side of Δ = 0."""
    stable = derivation[StableObservables]
    plain = stable.observables
    norm, norm_omega = named("norm norm_omega")
    of_u, of_omega = _by_balance(stable.norm_u), _by_balance(stable.norm_omega)
    rising, up = real(plain.norm_u_2[0]), real(plain.norm_omega_2[0])
    whole_W = ((norm_omega, of_omega), *root_of_sum(norm, perp_2, norm_omega))
    return tuple(
        _scalar(
            name,
            summary=words,
            arguments=(gram, balance, *extra, overlap_0),
            body=(*_root(stable), *body),
            equation=sqrt(equation + sum(extra)),
        )
        for name, words, body, equation, extra in (
            ("norm_u", "Norm ‖u‖ of the second layer.", ((norm, of_u),), rising, ()),
            ("norm_omega", "Norm ‖ω‖ of the first layer along the data.", ((norm, of_omega),), up, ()),
            ("norm_W", "Frobenius norm ‖W‖ of the first layer.", whole_W, up, (perp_2,)),
        )
    )  # fmt: skip


DIVISOR, LENGTH, ROOT = named("divisor length root")
KEPT_DIVISOR = safe(DIVISOR, DIVISOR > 0)


def _root(stable: StableObservables) -> Assignments:
    """|Δ| + √(Δ² + length²)."""
    size_balance, absolute = size_of(balance)
    return (
        *_hypotenuse(stable),
        (size_balance, absolute),
        (LENGTH, real(stable.length)),
        *hypotenuse_of(ROOT, size_balance, LENGTH),
        (DIVISOR, size_balance + ROOT),
        KEPT_DIVISOR,
    )


def _by_balance(pair: tuple[Expr, Expr]) -> Piecewise:
    up, down = (real(z).xreplace({DIVISOR: KEPT_DIVISOR[0]}) for z in pair)
    return Piecewise((ZERO, DIVISOR <= 0), (up, balance >= 0), (down, True))


def tangent_kernel(derivation: Derivation) -> Function:
    """The tangent kernel between two inputs."""
    (K,) = named("K")
    value = real(derivation[TangentKernel].value)
    return Function(
        name="tangent_kernel",
        summary="Tangent kernel K(x₁, x₂) between two inputs, df(x₁)/dt = −2 K(x₁, x) (f(x) − y).",
        equations=equations(K=value),
        arguments=named("inner b_1 b_2 across cross norm_u_2 norm_omega_2"),
        structures=(CONSTANTS,),
        body=((K, value),),
        result=K,
    )
