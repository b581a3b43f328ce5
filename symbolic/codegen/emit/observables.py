"""Emitted scalar observables: residual, loss, overlap, alignment and its slope, population loss."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Ne, Or, Piecewise, Symbol

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
    by_branch,
    decay,
    floor,
    gram,
    guarded,
    loss,
    named,
    overlap,
    overlap_0,
    real,
    residual,
    rho,
    root_of_sum,
    safe,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.stable_observables import StableObservables

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


def scalar(
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
        scalar("residual", summary="Residual f − y.", body=(_residual(stable),)),
        scalar(
            "loss",
            summary="Loss of what was given: a point (floor 0) or a data set.",
            arguments=(floor,),
            body=(_residual(stable), (loss, real(stable.loss))),
        ),
    )


def _overlaps(stable: StableObservables) -> tuple[Function, ...]:
    (zeta,) = named("zeta")
    plain, reached = stable.observables, hypotenuse(stable)
    return (
        scalar(
            "overlap",
            summary="Overlap u·ω of the two layers.",
            arguments=(overlap_0,),
            body=_overlap(stable),
            equation=real(plain.overlap),
        ),
        scalar(
            "alignment",
            summary="Alignment ζ, the cosine of u and W x.",
            arguments=(gram, overlap_0),
            body=(*reached, (zeta, real(stable.alignment))),
            equation=real(plain.alignment),
        ),
        scalar(
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
    along_data = (safe(rho, rho > 0), (along, guarded(real(stable.along), rho, rho > 0, ZERO)))
    return scalar(
        "population_loss",
        summary="Mean squared error over a population on the line of the data.",
        arguments=(M_aa, M_ay, floor),
        body=(*along_data, (loss, real(stable.population_loss))),
    )


def _slope(stable: StableObservables) -> Assignments:
    """Parallel layers have no slope, and what G and Q are divided by may underflow."""
    slope, apart, share, sine_2, fallen = named("slope apart share sine_2 fallen")
    falling = And(sympy.Not(RISING), Q > 0)
    kept = {HYPOTENUSE: apart}
    up, down = (real(z).xreplace(kept) for z in stable.alignment_slope)
    return (
        (apart, Piecewise((HYPOTENUSE, Or(gram > 0, HYPOTENUSE <= 0)), (ONE, True))),
        (share, real(stable.share).xreplace(kept)),
        (sine_2, real(stable.sine_2).xreplace(kept)),
        (fallen, Piecewise((decay, falling), (ONE, True))),
        (slope, Piecewise((up, RISING), (down.xreplace({decay: fallen}), True))),
    )


def hypotenuse(stable: StableObservables) -> Assignments:
    """‖u‖‖ω‖, of full accuracy for parallel layers that die."""
    (size_overlap,) = named("size_overlap")
    return (
        *_overlap(stable),
        (size_overlap, sympy.Abs(overlap)),
        *root_of_sum(HYPOTENUSE, gram, size_overlap),
    )
