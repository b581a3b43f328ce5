"""Emitted functions of the network: weights, scalar observables, norms, tangent kernel."""

from __future__ import annotations

import sympy
from sympy import And, Expr, Ne, Or, Piecewise, Rational, Symbol, sqrt

from symbolic import vocabulary as notation
from symbolic.codegen.names import (
    CONSTANTS,
    ONE,
    RISING,
    SHRUNK,
    SOURCE,
    STATE,
    ZERO,
    M_aa,
    M_ay,
    Q,
    alpha,
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
    residual_0,
    residual_ratio,
    rho,
    root_of_sum,
    safe,
    size,
    size_of,
    u,
    u_0,
    w,
    w_0,
    y,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.observables import Observables
from symbolic.explicit.tangent_kernel import TangentKernel
from symbolic.explicit.weights import Weights
from symbolic.network.effective_point import EffectivePoint


def weights(derivation: Derivation) -> tuple[Function, ...]:
    """The weights of a neuron."""
    weights = derivation[Weights]
    local = {"u_i0": u_0, "omega_i0": omega_0, "p_i": p, "q_i": q}

    def rename(expression: Expr) -> Expr:
        expression = real(expression)
        return expression.xreplace({Symbol(name, real=True): z for name, z in local.items()})

    w_change = weights.w_change.xreplace(
        {notation.h_i: notation.rho * change, notation.x_j: notation.rho * e}
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
            "change_omega",
            "Change since the start of the first-layer weight ω along the data of a neuron.",
            equations(up=rename(weights.omega_change[0]), down=rename(weights.omega_change[1])),
            f"{SOURCE}, Eq. 7",
            (u_0, p, q),
            (STATE, CONSTANTS),
            (
                # Into the saddle the growing coordinate is 0, and at t = ∞ the decay is.
                *SHRUNK,
                (change, by_branch(*(rename(z) for z in weights.omega_change))),
            ),
            change,
        ),
        Function(
            "weight_w",
            "First-layer weight, from its initial value and the change of ω, or from its part across "
            "the data and ω.",
            equations(w=w_0 + sympy.factor(w_change)),
            f"{SOURCE}, Eq. 7 and 24",
            (w_0, change, e),
            (),
            ((w, w_0 + sympy.factor(w_change)),),
            w,
        ),
    )  # fmt: skip


HALF = Rational(1, 2)
RESIDUAL = (residual, residual_0 * residual_ratio)


def _overlap(derivation: Derivation) -> tuple[tuple[Symbol, Expr], ...]:
    """u·ω by the output, and by what it has gained, which needs no γρ ≠ 0.

    Their mean has the digits of the first, and where little is gained the derivatives of the second.
    """
    scale, by_output, gained, by_gain, terms, one, other, total = named(
        "scale by_output gained by_gain terms one other_share total"
    )
    product = sympy.cancel(f / real(derivation[Observables].overlap))
    divisors = {z: safe(z, z > 0) for z in (terms, total)}
    whole, both = (symbol for symbol, _ in divisors.values())
    mean = by_gain * (one / both) + by_output * (other / both)
    return (
        (scale, product),
        safe(scale, Ne(scale, 0)),
        (by_output, guarded(f / scale, scale, Ne(scale, 0), ZERO)),
        *SHRUNK,
        (gained, by_branch(*derivation[Observables].overlap_gained)),
        (by_gain, overlap_0 + gained),
        (terms, size(overlap_0 + gained)),
        divisors[terms],
        (one, sympy.Abs(by_output) * (sympy.Abs(overlap_0) / whole)),
        (other, sympy.Abs(gained)),
        (total, one + other),
        divisors[total],
        (overlap, Piecewise((mean, total > 0), (by_gain, True))),
    )


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


def scalars(derivation: Derivation) -> tuple[Function, ...]:
    """Residual, loss, alignment and its slope, population loss."""
    scalars, model = derivation[Observables], derivation.model
    zeta, slope, apart, share, sine_2, fallen = named("zeta slope apart share sine_2 fallen")
    whole = by_hypotenuse(real(scalars.alignment_slope))
    # α by the decay. Parallel layers have no slope, and what G and Q are divided by may underflow.
    up, down = (
        sine_2 * sympy.expand(whole.subs(alpha, decay**power) * HYPOTENUSE**2 / gram)
        for power in (-2, 2)
    )
    falling = And(sympy.Not(RISING), Q > 0)
    up, down = (z.xreplace({HYPOTENUSE: apart}) for z in (up, down.xreplace({decay: fallen})))
    # The smallest loss comes by name: as a difference of moments it would cancel.
    population = real(scalars.population_loss) - real(derivation[EffectivePoint].floor) + floor
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
            (*_hypotenuse(derivation), (zeta, by_hypotenuse(real(scalars.alignment)))),
            real(scalars.alignment),
        ),
        _scalar(
            "alignment_slope",
            "Slope dζ/dα of the alignment.",
            "Eq. 15",
            (gram, overlap_0),
            (
                *_hypotenuse(derivation),
                (apart, Piecewise((HYPOTENUSE, Or(gram > 0, HYPOTENUSE <= 0)), (ONE, True))),
                (share, gram / apart),
                (sine_2, share / apart),
                (fallen, Piecewise((decay, falling), (ONE, True))),
                (slope, Piecewise((up, RISING), (down, True))),
            ),
            real(scalars.alignment_slope),
        ),
        _scalar(
            "population_loss",
            "Mean squared error over a population on the line of the data.",
            "appendix D",
            (M_aa, M_ay, floor),
            (*along_data, (loss, population)),
        ),
    )


(HYPOTENUSE,) = named("hypotenuse")  # √(G + (u·ω)²) = ‖u‖‖ω‖


def by_hypotenuse(expression: Expr) -> Expr:
    """Powers of G + (u·ω)² as powers of its root."""
    return expression.replace(
        lambda z: z.is_Pow and z.base == gram + overlap**2, lambda z: HYPOTENUSE ** (2 * z.exp)
    )


def _hypotenuse(derivation: Derivation) -> tuple[tuple[Symbol, Expr], ...]:
    """‖u‖‖ω‖, of full accuracy for parallel layers that die."""
    (size_overlap,) = named("size_overlap")
    return (
        *_overlap(derivation),
        (size_overlap, sympy.Abs(overlap)),
        *root_of_sum(HYPOTENUSE, gram, size_overlap),
    )


def norms(derivation: Derivation) -> tuple[Function, ...]:
    """Norms of both layers: of each the conjugate root on one side of Δ = 0."""
    scalars = derivation[Observables]
    norm, divisor, length, root, norm_omega = named("norm divisor length root norm_omega")
    size_balance, absolute = size_of(balance)
    kept = safe(divisor, divisor > 0)

    def branch_of(square: Expr, sign: int) -> Expr:
        """A norm in the hypotenuse and in |Δ| + root."""
        whole = real(square).xreplace({balance: sign * size_balance})
        (radical,) = (
            z for z in whole.atoms(sympy.Pow) if z.base.has(size_balance) and z.exp == HALF
        )
        whole = whole.xreplace({radical: divisor - size_balance})
        whole = sympy.factor(whole.xreplace({gram: HYPOTENUSE**2 - overlap**2}))
        power = HYPOTENUSE if whole.has(HYPOTENUSE) else ONE
        top, bottom = sympy.fraction(sympy.cancel(whole / power**2))
        return (
            power
            * sqrt(top).xreplace({divisor: kept[0]})
            / sqrt(bottom).xreplace({divisor: kept[0]})
        )

    radical = real(scalars.norm_u_2[1]).atoms(sympy.Pow)
    (base,) = (z.base for z in radical if z.exp == HALF)
    rest = sympy.expand((base - balance**2).xreplace({gram: HYPOTENUSE**2 - overlap**2}))
    common = (
        *_hypotenuse(derivation),
        (size_balance, absolute),
        (length, HYPOTENUSE * sqrt(sympy.cancel(rest / HYPOTENUSE**2))),
        *hypotenuse_of(root, size_balance, length),
        (divisor, size_balance + root),
        kept,
    )
    values = {
        name: Piecewise(
            (ZERO, divisor <= 0), (branch_of(up, 1), balance >= 0), (branch_of(down, -1), True)
        )
        for name, (up, down) in (("u", scalars.norm_u_2), ("omega", scalars.norm_omega_2))
    }
    rising, up = (real(z[0]) for z in (scalars.norm_u_2, scalars.norm_omega_2))
    whole_W = (
        (norm_omega, values["omega"]),
        *root_of_sum(norm, perp_2, norm_omega),
    )
    return tuple(
        _scalar(
            name,
            words,
            "section 3.3",
            (gram, balance, *extra, overlap_0),
            (*common, *body),
            sqrt(equation + sum(extra)),
        )
        for name, words, body, equation, extra in (
            ("norm_u", "Norm ‖u‖ of the second layer.", ((norm, values["u"]),), rising, ()),
            ("norm_omega", "Norm ‖ω‖ of the first layer along the data.",
             ((norm, values["omega"]),), up, ()),
            ("norm_W", "Frobenius norm ‖W‖ of the first layer.", whole_W, up, (perp_2,)),
        )
    )  # fmt: skip


def tangent_kernel(derivation: Derivation) -> Function:
    """The tangent kernel between two inputs."""
    (K,) = named("K")
    value = real(derivation[TangentKernel].value)
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
