"""Emitted functions of the trajectory: start, rates, state at a time, limit, time scale, inverse."""

from __future__ import annotations

import sympy
from sympy import And, Ne, Piecewise, sqrt
from sympy.codegen.cfunctions import expm1

from symbolic import vocabulary as notation
from symbolic.codegen.names import (
    A_P,
    A_Q,
    CONSTANTS,
    INPUTS,
    ONE,
    RISING,
    SOURCE,
    STATE,
    ZERO,
    B,
    E,
    M_aa,
    M_ay,
    R,
    alpha,
    balance,
    decay,
    decayed,
    denominator,
    equations,
    eta_u,
    eta_w,
    f,
    f_0,
    floor,
    gamma,
    growth,
    guarded,
    lam,
    loss,
    named,
    norm_omega_2,
    norm_u_2,
    numerator,
    omega_0,
    overlap_0,
    p,
    q,
    r_minus,
    r_plus,
    real,
    residual_0,
    residual_ratio,
    rho,
    root_of_sum,
    safe,
    size,
    size_of,
    t,
    tau,
    u_0,
    y,
)
from symbolic.codegen.program import Function, ProgramError, clip_exponent, mean_decay
from symbolic.derivation import Derivation
from symbolic.explicit.chart import Chart
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.time_to_loss import TimeToLoss
from symbolic.explicit.weights import Weights
from symbolic.network.effective_point import EffectivePoint


def initial(derivation: Derivation) -> tuple[Function, ...]:
    """Effective point and chart at t = 0."""
    point, chart = derivation[EffectivePoint], derivation[Chart]
    weights = {notation.h_i: notation.rho * omega_0, notation.u_i: u_0}
    forms = {p: chart.p, q: chart.q}
    forms = {
        z: sympy.factor(real(sympy.expand(form.xreplace(weights)))) for z, form in forms.items()
    }
    strength, target = real(point.strength), real(point.target)
    return (
        Function(
            "strength",
            "Norm ρ of the effective point of a data set on a line.",
            equations(rho=strength),
            f"{SOURCE}, Proposition 1",
            (M_aa,),
            (),
            ((rho, strength),),
            rho,
        ),
        Function(
            "target",
            "Target y of the effective point of a data set on a line; 0 for data at the origin.",
            equations(y=target),
            f"{SOURCE}, Proposition 1",
            (M_aa, M_ay),
            (),
            (safe(M_aa, M_aa > 0), (y, guarded(target, M_aa, M_aa > 0, ZERO))),
            y,
        ),
        *(
            Function(
                name,
                f"Coordinate {z} of a neuron at t = 0.",
                equations(**{str(z): forms[z]}),
                f"{SOURCE}, Eq. 4",
                (u_0, omega_0, eta_u, eta_w),
                (),
                ((z, forms[z]),),
                z,
            )
            for name, z in (("growing", p), ("falling", q))
        ),
    )


def conserved(derivation: Derivation) -> tuple[Function, ...]:
    """Sums over the initial weights: the output they give, and the summed quadratic laws."""
    scalars = derivation[Observables]
    output = sympy.solve(real(scalars.overlap) - overlap_0, f)[0]
    total = real(scalars.balance)
    return (
        Function(
            "initial_output",
            "Output at t = 0, from the overlap of the initial layers.",
            equations(f_0=output),
            f"{SOURCE}, Eq. 53",
            (gamma, rho, overlap_0),
            (),
            ((f_0, output),),
            f_0,
        ),
        Function(
            "balance",
            "Sum over neurons of the conserved quadratic, η_u‖ω‖² − η_w‖u‖².",
            equations(balance=total),
            f"{SOURCE}, Eq. 23",
            (eta_u, eta_w, norm_u_2, norm_omega_2),
            (),
            ((balance, total),),
            balance,
        ),
    )


def constants(derivation: Derivation) -> Function:
    """Rates and Riccati coefficients."""
    closed, coefficients = derivation[ClosedForm], derivation[RiccatiTime].coefficients
    rate = derivation[Reduction].rate
    larger, smaller, square, root = named("larger smaller square root")
    size_B, absolute = size_of(B)
    forms = {
        z: real(form).xreplace({sympy.Abs(B): size_B})
        for z, form in ((larger, closed.larger), (smaller, closed.smaller))
    }
    (radical,) = (z for z in real(closed.rate).atoms(sympy.Pow) if z.exp == sympy.Rational(1, 2))
    product, divisor = sympy.fraction(forms[smaller])
    if divisor != forms[larger]:
        raise ProgramError(f"the conjugate of {forms[larger]} is not over it: {forms[smaller]}")
    # λ is computed once: B = λ y.
    linear = real(sympy.cancel(coefficients[notation.B] / rate)) * lam
    return Function(
        "constants",
        "Rates and Riccati coefficients of a trajectory.",
        equations(
            lam=real(rate),
            B=linear,
            R=real(closed.rate),
            larger=real(closed.larger),
            smaller=real(closed.smaller),
        ),
        f"{SOURCE}, Eq. 10-11",
        INPUTS,
        (),
        (
            (lam, real(rate)),
            (A_P, real(coefficients[notation.A_P])),
            (A_Q, real(coefficients[notation.A_Q])),
            (B, linear),
            (square, radical.base - B**2),
            (size_B, absolute),
            *root_of_sum(root, square, size_B),
            (R, real(closed.rate).xreplace({radical: root})),
            (larger, forms[larger]),
            safe(larger, larger > 0),
            # At R = 0, which has no slope, the roots have that of ±2B.
            (smaller, guarded(product / larger, larger, larger > 0, -2 * B)),
            (r_plus, Piecewise((larger, B >= 0), (smaller, True))),
            (r_minus, Piecewise((smaller, B >= 0), (larger, True))),
        ),
        CONSTANTS,
    )


LESSER, GREATER = named("lesser greater")
ORDERED = (
    (LESSER, sympy.Min(numerator, denominator)),
    (GREATER, sympy.Max(numerator, denominator)),
)


def at(derivation: Derivation) -> Function:
    """The state at a time."""
    closed = derivation[ClosedForm]
    rising, falling = (real(form) for form in derivation[Weights].decayed)
    (rate_time,) = named("rate_time")
    decaying = real(closed.decaying)
    full = -decaying.args[0]
    elapsed = real(closed.elapsed).replace(expm1, lambda z: z * mean_decay(-z))
    (progress,) = named("progress")
    # f is known as a sum over start and target, and as a difference in α. Either may cancel: the mean
    # weighted with the size of the other's terms has twice the error of the better one, unbranched.
    (safe_lam, _) = safe(lam, Ne(lam, 0))
    by_target, by_alpha, size_by_target, size_by_alpha, total_size = named(
        "by_target by_alpha size_by_target size_by_alpha total_size"
    )
    # α as a quotient, so that α² does not occur in derivatives.
    in_alpha = sympy.expand(real(closed.output).xreplace({alpha: numerator / denominator}))
    in_alpha = in_alpha.xreplace({lam: safe_lam})
    share = {z: z / safe(total_size, total_size > 0)[0] for z in (size_by_target, size_by_alpha)}
    mean = by_target * share[size_by_alpha] + by_alpha * share[size_by_target]
    means = (
        safe(lam, Ne(lam, 0)),
        (progress, real(closed.progress)),
        (by_target, f_0 * residual_ratio + y * progress),
        (by_alpha, in_alpha),
        (size_by_target, size(f_0 * residual_ratio + y * progress)),
        (size_by_alpha, size(in_alpha)),
        (total_size, size_by_target + size_by_alpha),
        safe(total_size, total_size > 0),
        # Where nothing moves, as at λ = 0, both are 0, and the first has the derivatives.
        (f, Piecewise((mean, total_size > 0), (by_target, True))),
    )
    return Function(
        "at",
        "The state at time t ≥ 0.",
        equations(
            E=decaying,
            tau=real(closed.elapsed),
            numerator=real(closed.numerator),
            denominator=real(closed.denominator),
            alpha=numerator / denominator,
            growth=real(closed.growth),
            residual_ratio=real(closed.ratio),
            progress=real(closed.progress),
            f=real(closed.output),
        ),
        f"{SOURCE}, Eq. 8-9 and Proposition 2",
        (t,),
        (CONSTANTS,),
        (
            # Only a flow into the saddle divides by E; elsewhere E may underflow.
            (
                rate_time,
                Piecewise(
                    (clip_exponent(full), And(A_P <= 0, B > 0)),
                    (clip_exponent(full), And(A_Q <= 0, B < 0)),
                    (full, True),
                ),
            ),
            (E, sympy.exp(-rate_time)),
            (tau, elapsed),
            (numerator, real(closed.numerator)),
            (denominator, real(closed.denominator)),
            (alpha, numerator / denominator),
            (LESSER, Piecewise((denominator, RISING), (numerator, True))),
            (GREATER, Piecewise((numerator, RISING), (denominator, True))),
            (decay, sqrt(LESSER / GREATER)),
            (growth, real(closed.growth)),
            (residual_ratio, real(closed.ratio)),
            *means,
            (decayed, Piecewise((rising, RISING), (falling, True))),
        ),
        STATE,
    )


def limit(derivation: Derivation) -> Function:
    """The state at t = ∞."""
    closed = derivation[ClosedForm]
    rising, falling = (real(form) for form in derivation[Weights].decayed)
    nowhere, somewhere = GREATER <= 0, LESSER > 0
    guards = {z: safe(z, z > 0) for z in (numerator, denominator, GREATER)}
    guards[residual_0] = safe(residual_0, Ne(residual_0, 0))
    safely = {z: symbol for z, (symbol, _) in guards.items()}
    # N and D stand here times R, and τ is 1/R: the growth is the same.
    growing = (
        real(closed.growth).subs(tau, 1).xreplace({z: safely[z] for z in (numerator, denominator)})
    )
    saddle = -y / safely[residual_0]
    top, bottom = real(closed.limit_numerator), real(closed.limit_denominator)
    return Function(
        "limit",
        "The state at t = ∞: the equilibrium f = y, the saddle at the origin, or no motion.",
        equations(numerator=top, denominator=bottom, alpha=numerator / denominator),
        f"{SOURCE}, Eq. 12",
        (),
        (CONSTANTS,),
        (
            (numerator, top),
            (denominator, bottom),
            *ORDERED,
            *guards.values(),
            (
                alpha,
                Piecewise(
                    (ONE, nowhere),
                    (numerator / safely[denominator], denominator > 0),
                    (sympy.oo, True),
                ),
            ),
            (decay, Piecewise((ONE, nowhere), (sqrt(LESSER / safely[GREATER]), True))),
            (growth, Piecewise((growing, somewhere), (ZERO, True))),
            # Where nothing moves the output is 0 too, as it is at the saddle.
            (residual_ratio, Piecewise((ZERO, somewhere), (saddle, True))),
            (f, Piecewise((y, somewhere), (ZERO, True))),
            (
                decayed,
                Piecewise(
                    (ZERO, nowhere), (ONE, sympy.Not(somewhere)), (rising, RISING), (falling, True)
                ),
            ),
        ),
        STATE,
    )


def time_scale(derivation: Derivation) -> Function:
    """The time scale t_c."""
    (t_c,) = named("t_c")
    scale = real(derivation[ClosedForm].time_scale)
    return Function(
        "time_scale",
        "Time scale t_c, with residual ~ exp(−4 t / t_c); infinite where R = 0.",
        equations(t_c=scale),
        f"{SOURCE}, Eq. 10",
        (),
        (CONSTANTS,),
        (safe(R, R > 0), (t_c, guarded(scale, R, R > 0, sympy.oo))),
        t_c,
    )


def time_to_loss(derivation: Derivation) -> Function:
    """The inverse: time at which a loss is reached."""
    inverse = derivation[TimeToLoss]
    distance, f_target, S, time = named("distance f_target S time")
    above = residual_0 >= 0
    rising, falling = (real(root) for root in inverse.alpha)
    # Of the two roots one may divide by zero where the other is meant.
    tops, bottoms = zip(*(sympy.fraction(root) for root in (rising, falling)), strict=True)
    rising_divisor, falling_divisor = named("rising_divisor falling_divisor")
    roots = (
        (rising_divisor, bottoms[0]),
        safe(rising_divisor, rising_divisor > 0),
        (falling_divisor, bottoms[1]),
        safe(falling_divisor, f_target * lam < 0),
    )
    up, down = (
        top / safe(divisor, divisor > 0)[0]
        for top, divisor in zip(tops, (rising_divisor, falling_divisor), strict=True)
    )
    return Function(
        "time_to_loss",
        "Time at which the loss has fallen to a value between its limit and its start.",
        equations(alpha=rising, S=real(inverse.sine), time=real(inverse.time)),
        f"{SOURCE}, Eq. 38-39, inverted",
        (loss, floor),
        (CONSTANTS,),
        (
            (distance, sqrt(loss - floor)),
            (f_target, y + Piecewise((distance, above), (-distance, True))),
            (residual_ratio, distance / Piecewise((residual_0, above), (-residual_0, True))),
            *roots,
            (alpha, Piecewise((up, f_target * lam >= 0), (down, True))),
            (S, real(inverse.sine)),
            safe(R, R > 0),
            (time, guarded(real(inverse.time), R, R > 0, S)),
        ),
        time,
    )
