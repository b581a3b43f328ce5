"""Which functions are emitted, and from which records.

No formula is written here: right-hand sides are expressions of the derivation, joined by the guards
that a number needs, a division whose denominator may be zero and an exponential that would
underflow. A derivation may assume ρ > 0 or R > 0; numbers may not, so all symbols are made merely
real first.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import And, Expr, Ne, Piecewise, Symbol, sqrt

from symbolic import notation
from symbolic.codegen.program import Function, Program, Structure, clip_exponent
from symbolic.derivation import Derivation

SOURCE = "Xu & Ziyin 2025 (arXiv 2401.07085)"
ONE, ZERO = sympy.Integer(1), sympy.Integer(0)


def real(expression: Expr) -> Expr:
    """The expression with symbols of the same names that are assumed real, and no more."""
    return expression.xreplace({z: Symbol(z.name, real=True) for z in expression.free_symbols})


def _names(names: str) -> tuple[Symbol, ...]:
    return tuple(Symbol(name, real=True) for name in names.split())


INPUTS = _names("gamma eta_u eta_w rho y d P Q f_0 residual_0")
gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0 = INPUTS
DERIVED = _names("lam A_P A_Q B R m_plus m_minus")
lam, A_P, A_Q, B, R, m_plus, m_minus = DERIVED
STATES = _names("alpha decay growth residual_ratio f")
alpha, decay, growth, residual_ratio, f = STATES
t, E, tau, numerator, denominator = _names("t E tau numerator denominator")
residual, overlap, overlap_0, gram, balance, perp_2 = _names(
    "residual overlap overlap_0 gram balance perp_2"
)
norm_u_2, norm_omega_2, floor, loss, M_aa, M_ay = _names(
    "norm_u_2 norm_omega_2 floor loss M_aa M_ay"
)
u_0, omega_0, p, q, u, omega, w_0, w, e = _names("u_0 omega_0 p q u omega w_0 w e")

CONSTANTS = Structure(
    "Constants",
    "c",
    (*INPUTS, *DERIVED),
    "What a trajectory needs besides the time: hyperparameters, P, Q and derived rates.",
)
STATE = Structure(
    "State",
    "state",
    STATES,
    "Where the network is on its trajectory: one number each per time.",
)


def program(derivation: Derivation) -> Program:
    """Every evaluator of a network, from its derivation."""
    return Program(
        derivation.model.name,
        f"Exact gradient flow of the {derivation.model.title}.",
        derivation.model.source,
        (CONSTANTS, STATE),
        (
            *_initial(derivation),
            *_conserved(derivation),
            _constants(derivation),
            _at(derivation),
            _limit(derivation),
            *_weights(derivation),
            *_scalars(derivation),
            *_norms(derivation),
            _tangent_kernel(derivation),
            _time_scale(derivation),
            _time_to_loss(derivation),
        ),
    )


def _safe(divisor: Symbol, condition: sympy.Basic) -> tuple[Symbol, Expr]:
    """A divisor that is 1 where the condition fails, so that no branch divides by zero."""
    return Symbol(f"safe_{divisor}", real=True), Piecewise((divisor, condition), (ONE, True))


def _guarded(value: Expr, divisor: Symbol, condition: sympy.Basic, otherwise: Expr) -> Expr:
    """`value`, with its safe divisor, where the condition holds."""
    (safe, _) = _safe(divisor, condition)
    return Piecewise((value.xreplace({divisor: safe}), condition), (otherwise, True))


def _size(expression: Expr) -> Expr:
    """The sum of the absolute values of the terms: what rounding errors are relative to."""
    return sympy.Add(*(sympy.Abs(term) for term in sympy.Add.make_args(expression)))


def _equations(**equations: Expr) -> Mapping[str, Expr]:
    return equations


def _initial(derivation: Derivation) -> tuple[Function, ...]:
    point, chart = derivation.data, derivation.coordinates
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
            _equations(rho=strength),
            f"{SOURCE}, Proposition 1",
            (M_aa,),
            (),
            ((rho, strength),),
            rho,
        ),
        Function(
            "target",
            "Target y of the effective point of a data set on a line; 0 for data at the origin.",
            _equations(y=target),
            f"{SOURCE}, Proposition 1",
            (M_aa, M_ay),
            (),
            (_safe(M_aa, M_aa > 0), (y, _guarded(target, M_aa, M_aa > 0, ZERO))),
            y,
        ),
        *(
            Function(
                name,
                f"Coordinate {z} of a neuron at t = 0.",
                _equations(**{str(z): forms[z]}),
                f"{SOURCE}, Eq. 4",
                (u_0, omega_0, eta_u, eta_w),
                (),
                ((z, forms[z]),),
                z,
            )
            for name, z in (("growing", p), ("falling", q))
        ),
    )


def _conserved(derivation: Derivation) -> tuple[Function, ...]:
    """Sums over the initial weights: the output they give, and the summed quadratic laws."""
    scalars = derivation.observables
    output = sympy.solve(real(scalars.overlap) - overlap_0, f)[0]
    total = real(scalars.balance)
    return (
        Function(
            "initial_output",
            "Output at t = 0, from the overlap of the initial layers.",
            _equations(f_0=output),
            f"{SOURCE}, Eq. 53",
            (gamma, rho, overlap_0),
            (),
            ((f_0, output),),
            f_0,
        ),
        Function(
            "balance",
            "Sum over neurons of the conserved quadratic, η_u‖ω‖² − η_w‖u‖².",
            _equations(balance=total),
            f"{SOURCE}, Eq. 23",
            (eta_u, eta_w, norm_u_2, norm_omega_2),
            (),
            ((balance, total),),
            balance,
        ),
    )


def _constants(derivation: Derivation) -> Function:
    closed, coefficients = derivation.closed_form, derivation.integral.coefficients
    rate = derivation.reduction.rate
    larger, smaller = _names("larger smaller")
    # λ is computed once: B = λ y.
    linear = real(sympy.cancel(coefficients[notation.B] / rate)) * lam
    return Function(
        "constants",
        "Rates and Riccati coefficients of a trajectory.",
        _equations(
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
            (R, real(closed.rate)),
            _safe(R, R > 0),
            (larger, _guarded(real(closed.larger), R, R > 0, ONE)),
            (smaller, _guarded(real(closed.smaller), R, R > 0, ONE)),
            (m_plus, Piecewise((larger, B >= 0), (smaller, True))),
            (m_minus, Piecewise((smaller, B >= 0), (larger, True))),
        ),
        CONSTANTS,
    )


LESSER, GREATER = _names("lesser greater")
ORDERED = (
    (LESSER, sympy.Min(numerator, denominator)),
    (GREATER, sympy.Max(numerator, denominator)),
)


def _at(derivation: Derivation) -> Function:
    closed = derivation.closed_form
    (rate_time,) = _names("rate_time")
    elapsed, decaying = real(closed.elapsed), real(closed.decaying)
    full = -decaying.args[0]
    (progress,) = _names("progress")
    # f is known as a sum over start and target, and as a difference in α. Either may cancel: the mean
    # weighted with the size of the other's terms has twice the error of the better one, unbranched.
    (safe_lam, _) = _safe(lam, Ne(lam, 0))
    by_target, by_alpha, size_by_target, size_by_alpha, total_size = _names(
        "by_target by_alpha size_by_target size_by_alpha total_size"
    )
    in_alpha = real(closed.output).xreplace({lam: safe_lam})
    mean = (size_by_alpha * by_target + size_by_target * by_alpha) / total_size
    means = (
        _safe(lam, Ne(lam, 0)),
        (progress, real(closed.progress)),
        (by_target, f_0 * residual_ratio + y * progress),
        (by_alpha, in_alpha),
        (size_by_target, _size(f_0 * residual_ratio + y * progress)),
        (size_by_alpha, _size(in_alpha)),
        (total_size, size_by_target + size_by_alpha),
        _safe(total_size, total_size > 0),
        (f, _guarded(mean, total_size, total_size > 0, ZERO)),
    )
    return Function(
        "at",
        "The state at time t ≥ 0.",
        _equations(
            E=decaying,
            tau=elapsed,
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
            (rate_time, Piecewise((full, And(A_P > 0, A_Q > 0)), (clip_exponent(full), True))),
            (E, sympy.exp(-rate_time)),
            _safe(R, R > 0),
            (tau, _guarded(elapsed, R, R > 0, 2 * t)),
            (numerator, real(closed.numerator)),
            (denominator, real(closed.denominator)),
            (alpha, numerator / denominator),
            *ORDERED,
            (decay, sqrt(LESSER / GREATER)),
            (growth, real(closed.growth)),
            (residual_ratio, real(closed.ratio)),
            *means,
        ),
        STATE,
    )


def _limit(derivation: Derivation) -> Function:
    closed = derivation.closed_form
    nowhere, somewhere = GREATER <= 0, LESSER > 0
    guards = {z: _safe(z, z > 0) for z in (numerator, denominator, GREATER)}
    guards[residual_0] = _safe(residual_0, Ne(residual_0, 0))
    safe = {z: symbol for z, (symbol, _) in guards.items()}
    # N and D stand here times R, and τ is 1/R: the growth is the same.
    growing = (
        real(closed.growth).subs(tau, 1).xreplace({z: safe[z] for z in (numerator, denominator)})
    )
    saddle = -y / safe[residual_0]
    top, bottom = real(closed.limit_numerator), real(closed.limit_denominator)
    return Function(
        "limit",
        "The state at t = ∞: the equilibrium f = y, the saddle at the origin, or no motion.",
        _equations(numerator=top, denominator=bottom, alpha=numerator / denominator),
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
                    (numerator / safe[denominator], denominator > 0),
                    (sympy.oo, True),
                ),
            ),
            (decay, Piecewise((ONE, nowhere), (sqrt(LESSER / safe[GREATER]), True))),
            (growth, Piecewise((growing, somewhere), (ZERO, True))),
            # Where nothing moves the output is 0 too, as it is at the saddle.
            (residual_ratio, Piecewise((ZERO, somewhere), (saddle, True))),
            (f, Piecewise((y, somewhere), (ZERO, True))),
        ),
        STATE,
    )


def _time_scale(derivation: Derivation) -> Function:
    (t_c,) = _names("t_c")
    scale = real(derivation.closed_form.time_scale)
    return Function(
        "time_scale",
        "Time scale t_c, with residual ~ exp(−4 t / t_c); infinite where R = 0.",
        _equations(t_c=scale),
        f"{SOURCE}, Eq. 10",
        (),
        (CONSTANTS,),
        (_safe(R, R > 0), (t_c, _guarded(scale, R, R > 0, sympy.oo))),
        t_c,
    )


def _weights(derivation: Derivation) -> tuple[Function, ...]:
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
                _equations(up=rename(up), down=rename(down)),
                f"{SOURCE}, Eq. 7",
                (start, p, q),
                (STATE, CONSTANTS),
                ((result, Piecewise((rename(up), growth >= 0), (rename(down), True))),),
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
            _equations(w=w_0 + sympy.factor(change)),
            f"{SOURCE}, Eq. 7 and 24",
            (w_0, omega, omega_0, e),
            (),
            ((w, w_0 + sympy.factor(change)),),
            w,
        ),
    )  # fmt: skip


RESIDUAL = (residual, residual_0 * residual_ratio)


def _overlap(derivation: Derivation) -> tuple[tuple[Symbol, Expr], ...]:
    """u·ω from the output; a network that cannot move (γρ = 0) keeps the initial one."""
    (scale,) = _names("scale")
    product = sympy.cancel(f / real(derivation.observables.overlap))
    value = _guarded(f / scale, scale, Ne(scale, 0), overlap_0)
    return (scale, product), _safe(scale, Ne(scale, 0)), (overlap, value)


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


def _scalars(derivation: Derivation) -> tuple[Function, ...]:
    scalars, model = derivation.observables, derivation.model
    zeta, slope = _names("zeta slope")
    # The smallest loss comes by name: as a difference of moments it would cancel.
    population = real(scalars.population_loss) - real(derivation.data.floor) + floor
    # The slope f/ρ is 0 for data at the origin, where ρ = 0.
    (along,) = _names("along")
    population = population.subs(f, along * rho)
    along_data = (_safe(rho, rho > 0), (along, _guarded(f / rho, rho, rho > 0, ZERO)))
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


def _norms(derivation: Derivation) -> tuple[Function, ...]:
    scalars = derivation.observables
    rising, falling = (real(z) for z in scalars.norm_u_2)
    up, down = (real(z) for z in scalars.norm_omega_2)
    norm, divisor = _names("norm divisor")
    # At the origin the conjugate root is 0/0; the norm is 0 there.
    top, bottom = sympy.fraction(rising)
    rising_guarded = _guarded(top / divisor, divisor, divisor > 0, ZERO)
    of_u = (
        (divisor, bottom),
        _safe(divisor, divisor > 0),
        (norm_u_2, Piecewise((rising_guarded, balance >= 0), (falling, True))),
    )
    of_omega = ((norm_omega_2, Piecewise((up, balance >= 0), (down, True))),)
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


def _tangent_kernel(derivation: Derivation) -> Function:
    (K,) = _names("K")
    value = real(derivation.kernel.value)
    return Function(
        "tangent_kernel",
        "Tangent kernel K(x₁, x₂) between two inputs, df(x₁)/dt = −2 K(x₁, x) (f(x) − y).",
        _equations(K=value),
        f"{SOURCE}, Eq. 13",
        _names("inner b_1 b_2 across cross norm_u_2 norm_omega_2"),
        (CONSTANTS,),
        ((K, value),),
        K,
    )


def _time_to_loss(derivation: Derivation) -> Function:
    inverse = derivation.inverse
    distance, f_target, S, time = _names("distance f_target S time")
    above = residual_0 >= 0
    rising, falling = (real(root) for root in inverse.alpha)
    return Function(
        "time_to_loss",
        "Time at which the loss has fallen to a value between its limit and its start.",
        _equations(alpha=rising, S=real(inverse.sine), time=real(inverse.time)),
        f"{SOURCE}, Eq. 38-39, inverted",
        (loss, floor),
        (CONSTANTS,),
        (
            (distance, sqrt(loss - floor)),
            (f_target, y + Piecewise((distance, above), (-distance, True))),
            (residual_ratio, distance / Piecewise((residual_0, above), (-residual_0, True))),
            (alpha, Piecewise((rising, f_target * lam >= 0), (falling, True))),
            (S, real(inverse.sine)),
            _safe(R, R > 0),
            (time, _guarded(real(inverse.time), R, R > 0, S)),
        ),
        time,
    )
