"""Exact gradient flow of the two-layer linear network. In machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: b7a59c9728549819.

The formulas are those of `numeric.generated.linear`, documented there. `known` is an array of the
constants and of the sums over weights, in the order of KNOWN. A loop `over_…` writes an observable at
all times, times a factor; NaN stands at times for which it does not vouch, and they are counted: float64
loses digits there, or the value is not where what is proved of it says. For several observables at the
same times `over_state` writes the state once, entry by entry for 64 times at a time, and a loop
`from_…` writes an observable at it.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import nan
from typing import Any, NamedTuple

from numeric.compiled import scalars as xp
from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, exp, held, mean_decay, sqrt, where

CONSTANTS = (
    "gamma",
    "eta_u",
    "eta_w",
    "rho",
    "y",
    "d",
    "P",
    "Q",
    "f_0",
    "residual_0",
    "lam",
    "A_P",
    "A_Q",
    "B",
    "R",
    "r_plus",
    "r_minus",
)
SUMS = ("balance", "floor", "gram", "norm_omega_0_2", "norm_u_0_2", "overlap_0", "perp_2")
LIMITS = ("time", "late", "least_ratio", "least_output")  # of what float64 is enough for
PASSING = ("output", "overlap", "alignment")  # what passes zero with the output
ENTRIES, TOGETHER = 7, 64  # numbers of a state, times of a block
KNOWN = (*CONSTANTS, *SUMS, *LIMITS)


class Constants(NamedTuple):
    """What a trajectory needs besides the time: hyperparameters, P, Q and derived rates."""

    gamma: Any
    eta_u: Any
    eta_w: Any
    rho: Any
    y: Any
    d: Any
    P: Any
    Q: Any
    f_0: Any
    residual_0: Any
    lam: Any
    A_P: Any
    A_Q: Any
    B: Any
    R: Any
    r_plus: Any
    r_minus: Any


class State(NamedTuple):
    """Where the network is on its trajectory: one number each per time."""

    alpha: Any
    decay: Any
    growth: Any
    residual_ratio: Any
    f: Any
    decayed: Any


@call
def initial_output(gamma, rho, overlap_0):
    """Output at t = 0, from the overlap of the initial layers."""
    f_0 = gamma * overlap_0 * rho
    return f_0


@call
def balance(eta_u, eta_w, norm_u_2, norm_omega_2):
    """Sum over neurons of the conserved quadratic, η_u‖ω‖² − η_w‖u‖²."""
    balance = eta_u * norm_omega_2 - eta_w * norm_u_2
    return balance


@call
def growing(u_0, omega_0, eta_u, eta_w):
    """Coordinate p of a neuron at t = 0."""
    p = (xp.sqrt(eta_u) * omega_0 + xp.sqrt(eta_w) * u_0) / 2
    return p


@call
def falling(u_0, omega_0, eta_u, eta_w):
    """Coordinate q of a neuron at t = 0."""
    q = (xp.sqrt(eta_u) * omega_0 - xp.sqrt(eta_w) * u_0) / 2
    return q


@call
def constants(gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0):
    """Rates and Riccati coefficients of a trajectory."""
    lam = xp.sqrt(eta_u) * xp.sqrt(eta_w) * gamma * rho
    A_P = P * d * gamma**2 * rho**2
    A_Q = Q * d * gamma**2 * rho**2
    B = lam * y
    square = 4 * A_P * A_Q
    size_B = xp.where(xp.greater_equal(B, 0), B, -B)
    safe_square = xp.where(xp.greater(square, 0), square, 1)
    size_B_alone = xp.where(xp.greater(square, 0), 1, size_B)
    safe_size_B_alone = xp.where(xp.greater(size_B_alone, 0), size_B_alone, 1)
    square_reach = xp.where(xp.greater(safe_size_B_alone**2, 0), safe_size_B_alone, 1)
    square_per_length = square / square_reach
    square_where_zero = safe_size_B_alone * xp.sqrt(square_per_length / square_reach + 1)
    root = xp.where(
        xp.greater(square, 0),
        xp.sqrt(safe_square + size_B**2),
        xp.where(xp.greater(size_B_alone, 0), square_where_zero, 0),
    )
    R = 2 * root
    larger = R + 2 * size_B
    safe_larger = xp.where(xp.greater(larger, 0), larger, 1)
    smaller = xp.where(xp.greater(larger, 0), 16 * A_P * A_Q / safe_larger, -2 * B)
    r_plus = xp.where(xp.greater_equal(B, 0), larger, smaller)
    r_minus = xp.where(xp.greater_equal(B, 0), smaller, larger)
    return Constants(
        gamma, eta_u, eta_w, rho, y, d, P, Q, f_0, residual_0, lam, A_P, A_Q, B, R, r_plus, r_minus
    )


@call
def at(t, c):
    """The state at time t ≥ 0."""
    rate_time = xp.where(
        xp.logical_and(
            xp.logical_and(
                xp.logical_and(
                    xp.logical_or(xp.less_equal(c.A_P, 0), xp.less_equal(c.A_Q, 0)),
                    xp.logical_or(xp.less_equal(c.A_P, 0), xp.less(c.B, 0)),
                ),
                xp.logical_or(xp.less_equal(c.A_Q, 0), xp.greater(c.B, 0)),
            ),
            xp.logical_or(xp.greater(c.B, 0), xp.less(c.B, 0)),
        ),
        (2 * c.R * t),
        2 * c.R * t,
    )
    E = xp.precise_exp(-rate_time)
    tau = 2 * t * xp.precise_mean_decay(2 * c.R * t)
    numerator = 2 * E + tau * (4 * c.A_Q + c.r_plus)
    denominator = 2 * E + tau * (4 * c.A_P + c.r_minus)
    alpha = numerator / denominator
    lesser = xp.where(xp.less_equal(c.lam * c.residual_0, 0), denominator, numerator)
    greater = xp.where(xp.less_equal(c.lam * c.residual_0, 0), numerator, denominator)
    decay = xp.sqrt(lesser / greater)
    growth = -4 * c.lam * c.residual_0 * tau / (xp.sqrt(denominator) * xp.sqrt(numerator))
    residual_ratio = 4 * E / (denominator * numerator)
    safe_lam = xp.where(xp.not_equal(c.lam, 0), c.lam, 1)
    progress = 4 * c.A_P * tau / denominator + 4 * c.A_Q * tau / numerator
    by_target = c.f_0 * residual_ratio + progress * c.y
    by_alpha = c.A_P * numerator / (denominator * safe_lam) - c.A_Q * denominator / (
        numerator * safe_lam
    )
    size_by_target = abs(c.f_0 * residual_ratio) + abs(progress * c.y)
    size_by_alpha = abs(c.A_P * numerator / (denominator * safe_lam)) + abs(
        c.A_Q * denominator / (numerator * safe_lam)
    )
    total_size = size_by_alpha + size_by_target
    safe_total_size = xp.where(xp.greater(total_size, 0), total_size, 1)
    f = xp.where(
        xp.greater(total_size, 0),
        by_alpha * size_by_target / safe_total_size + by_target * size_by_alpha / safe_total_size,
        by_target,
    )
    decayed = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        decay * growth / (decay + 1),
        -decay * growth / (decay + 1),
    )
    return State(alpha, decay, growth, residual_ratio, f, decayed)


@call
def limit(c):
    """The state at t = ∞: the equilibrium f = y, the saddle at the origin, or no motion."""
    numerator = 4 * c.A_Q + c.r_plus
    denominator = 4 * c.A_P + c.r_minus
    lesser = xp.minimum(denominator, numerator)
    greater = xp.maximum(denominator, numerator)
    safe_numerator = xp.where(xp.greater(numerator, 0), numerator, 1)
    safe_denominator = xp.where(xp.greater(denominator, 0), denominator, 1)
    safe_greater = xp.where(xp.greater(greater, 0), greater, 1)
    safe_residual_0 = xp.where(xp.not_equal(c.residual_0, 0), c.residual_0, 1)
    alpha = xp.where(
        xp.less_equal(greater, 0),
        1,
        xp.where(xp.greater(denominator, 0), numerator / safe_denominator, xp.inf),
    )
    decay = xp.where(xp.less_equal(greater, 0), 1, xp.sqrt(lesser / safe_greater))
    growth = xp.where(
        xp.greater(lesser, 0),
        -4 * c.lam * c.residual_0 / (xp.sqrt(safe_denominator) * xp.sqrt(safe_numerator)),
        0,
    )
    residual_ratio = xp.where(xp.greater(lesser, 0), 0, -c.y / safe_residual_0)
    f = xp.where(xp.greater(lesser, 0), c.y, 0)
    decayed = xp.where(
        xp.less_equal(greater, 0),
        0,
        xp.where(
            xp.less_equal(lesser, 0),
            1,
            xp.where(
                xp.less_equal(c.lam * c.residual_0, 0),
                decay * growth / (decay + 1),
                -decay * growth / (decay + 1),
            ),
        ),
    )
    return State(alpha, decay, growth, residual_ratio, f, decayed)


@call
def time_scale(c):
    """Time scale t_c, with residual ~ exp(−4 t / t_c); infinite where R = 0."""
    safe_R = xp.where(xp.greater(c.R, 0), c.R, 1)
    t_c = xp.where(xp.greater(c.R, 0), 2 / safe_R, xp.inf)
    return t_c


@call
def weight_u(u_0, p, q, state, c):
    """Second-layer weight u of a neuron."""
    u = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decay * u_0 + state.growth * p / xp.sqrt(c.eta_w),
        state.decay * u_0 + state.growth * q / xp.sqrt(c.eta_w),
    )
    return u


@call
def weight_omega(omega_0, p, q, state, c):
    """First-layer weight ω along the data of a neuron."""
    omega = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decay * omega_0 + state.growth * p / xp.sqrt(c.eta_u),
        state.decay * omega_0 - state.growth * q / xp.sqrt(c.eta_u),
    )
    return omega


@call
def change_omega(u_0, p, q, state, c):
    """Change since the start of the first-layer weight ω along the data of a neuron."""
    decay_up = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.less_equal(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    decay_down = xp.where(
        xp.logical_and(xp.greater(state.decay, 0), xp.greater(c.lam * c.residual_0, 0)),
        state.decay,
        1,
    )
    change = xp.where(
        xp.less_equal(c.lam * c.residual_0, 0),
        state.decayed
        * (
            xp.sqrt(c.eta_w) * u_0 / xp.sqrt(c.eta_u)
            + state.decayed * p / (decay_up * xp.sqrt(c.eta_u))
        ),
        -state.decayed
        * (
            xp.sqrt(c.eta_w) * u_0 / xp.sqrt(c.eta_u)
            - state.decayed * q / (decay_down * xp.sqrt(c.eta_u))
        ),
    )
    return change


@kernel
def over_residual(times, known, factor, low, high, out):
    """Residual f − y."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        residual = of_residual_0 * at_residual_ratio
        value = residual
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_loss(times, known, factor, low, high, out):
    """Loss of what was given: a point (floor 0) or a data set."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_floor = known[18]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        residual = of_residual_0 * at_residual_ratio
        loss = of_floor + residual**2
        value = loss
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_overlap(times, known, factor, low, high, out):
    """Overlap u·ω of the two layers."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        value = overlap
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
            & (abs(at_f) >= least_output * at_residual_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_alignment(times, known, factor, low, high, out):
    """Alignment ζ, the cosine of u and W x."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        size_overlap = abs(overlap)
        safe_gram = where(((of_gram) > (0)), of_gram, 1)
        size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
        safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
        gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
        gram_per_length = of_gram / gram_reach
        gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
        hypotenuse = where(
            ((of_gram) > (0)),
            sqrt(safe_gram + size_overlap**2),
            where(((size_overlap_alone) > (0)), gram_where_zero, 0),
        )
        zeta = overlap / hypotenuse
        value = zeta
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
            & (abs(at_f) >= least_output * at_residual_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_alignment_slope(times, known, factor, low, high, out):
    """Slope dζ/dα of the alignment."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        size_overlap = abs(overlap)
        safe_gram = where(((of_gram) > (0)), of_gram, 1)
        size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
        safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
        gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
        gram_per_length = of_gram / gram_reach
        gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
        hypotenuse = where(
            ((of_gram) > (0)),
            sqrt(safe_gram + size_overlap**2),
            where(((size_overlap_alone) > (0)), gram_where_zero, 0),
        )
        apart = where((((hypotenuse) <= (0)) | ((of_gram) > (0))), hypotenuse, 1)
        share = of_gram / apart
        sine_2 = share / apart
        fallen = where((((of_Q) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        slope = where(
            ((of_lam * of_residual_0) <= (0)),
            sine_2
            * (
                of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d * (at_decay**2) ** 2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            sine_2
            * (
                of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2)
            ),
        )
        value = slope
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_norm_u(times, known, factor, low, high, out):
    """Norm ‖u‖ of the second layer."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        size_overlap = abs(overlap)
        safe_gram = where(((of_gram) > (0)), of_gram, 1)
        size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
        safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
        gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
        gram_per_length = of_gram / gram_reach
        gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
        hypotenuse = where(
            ((of_gram) > (0)),
            sqrt(safe_gram + size_overlap**2),
            where(((size_overlap_alone) > (0)), gram_where_zero, 0),
        )
        size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
        length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
        long = max(length, size_balance)
        short = min(length, size_balance)
        safe_long = where(((long) > (0)), long, 1)
        aspect = short / safe_long
        root = long * sqrt(aspect**2 + 1)
        divisor = root + size_balance
        safe_divisor = where(((divisor) > (0)), divisor, 1)
        norm = where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) * sqrt(of_eta_u) * hypotenuse / sqrt(safe_divisor),
                sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_w)),
            ),
        )
        value = norm
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_norm_omega(times, known, factor, low, high, out):
    """Norm ‖ω‖ of the first layer along the data."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        size_overlap = abs(overlap)
        safe_gram = where(((of_gram) > (0)), of_gram, 1)
        size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
        safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
        gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
        gram_per_length = of_gram / gram_reach
        gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
        hypotenuse = where(
            ((of_gram) > (0)),
            sqrt(safe_gram + size_overlap**2),
            where(((size_overlap_alone) > (0)), gram_where_zero, 0),
        )
        size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
        length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
        long = max(length, size_balance)
        short = min(length, size_balance)
        safe_long = where(((long) > (0)), long, 1)
        aspect = short / safe_long
        root = long * sqrt(aspect**2 + 1)
        divisor = root + size_balance
        safe_divisor = where(((divisor) > (0)), divisor, 1)
        norm = where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_u)),
                sqrt(2) * sqrt(of_eta_w) * hypotenuse / sqrt(safe_divisor),
            ),
        )
        value = norm
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_norm_W(times, known, factor, low, high, out):
    """Frobenius norm ‖W‖ of the first layer."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    of_perp_2 = known[23]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        scale = of_gamma * of_rho
        safe_scale = where(((scale) != (0)), scale, 1)
        by_output = where(((scale) != (0)), at_f / safe_scale, 0)
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        gained = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_gain = gained + of_overlap_0
        terms = abs(gained) + abs(of_overlap_0)
        safe_terms = where(((terms) > (0)), terms, 1)
        one = abs(by_output) * abs(of_overlap_0) / safe_terms
        other_share = abs(gained)
        total = one + other_share
        safe_total = where(((total) > (0)), total, 1)
        overlap = where(
            ((total) > (0)),
            by_gain * one / safe_total + by_output * other_share / safe_total,
            by_gain,
        )
        size_overlap = abs(overlap)
        safe_gram = where(((of_gram) > (0)), of_gram, 1)
        size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
        safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
        gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
        gram_per_length = of_gram / gram_reach
        gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
        hypotenuse = where(
            ((of_gram) > (0)),
            sqrt(safe_gram + size_overlap**2),
            where(((size_overlap_alone) > (0)), gram_where_zero, 0),
        )
        size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
        length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
        long = max(length, size_balance)
        short = min(length, size_balance)
        safe_long = where(((long) > (0)), long, 1)
        aspect = short / safe_long
        root = long * sqrt(aspect**2 + 1)
        divisor = root + size_balance
        safe_divisor = where(((divisor) > (0)), divisor, 1)
        norm_omega = where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_u)),
                sqrt(2) * sqrt(of_eta_w) * hypotenuse / sqrt(safe_divisor),
            ),
        )
        safe_perp_2 = where(((of_perp_2) > (0)), of_perp_2, 1)
        norm_omega_alone = where(((of_perp_2) > (0)), 1, norm_omega)
        safe_norm_omega_alone = where(((norm_omega_alone) > (0)), norm_omega_alone, 1)
        perp_2_reach = where(((safe_norm_omega_alone**2) > (0)), safe_norm_omega_alone, 1)
        perp_2_per_length = of_perp_2 / perp_2_reach
        perp_2_where_zero = safe_norm_omega_alone * sqrt(perp_2_per_length / perp_2_reach + 1)
        norm = where(
            ((of_perp_2) > (0)),
            sqrt(norm_omega**2 + safe_perp_2),
            where(((norm_omega_alone) > (0)), perp_2_where_zero, 0),
        )
        value = norm
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_kernel_x(times, known, factor, low, high, out):
    """Tangent kernel K(x, x) at the effective point."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        square = 4 * of_A_P * of_A_Q
        along = abs(at_f * of_lam)
        safe_square = where(((square) > (0)), square, 1)
        along_alone = where(((square) > (0)), 1, along)
        safe_along_alone = where(((along_alone) > (0)), along_alone, 1)
        square_reach = where(((safe_along_alone**2) > (0)), safe_along_alone, 1)
        square_per_length = square / square_reach
        square_where_zero = safe_along_alone * sqrt(square_per_length / square_reach + 1)
        radical = where(
            ((square) > (0)),
            sqrt(along**2 + safe_square),
            where(((along_alone) > (0)), square_where_zero, 0),
        )
        kernel_x = 2 * radical
        value = kernel_x
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_kernel_change(times, known, factor, low, high, out):
    """Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
        decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
        rise = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        square = 4 * of_A_P * of_A_Q
        along = abs(at_f * of_lam)
        safe_square = where(((square) > (0)), square, 1)
        along_alone = where(((square) > (0)), 1, along)
        safe_along_alone = where(((along_alone) > (0)), along_alone, 1)
        square_reach = where(((safe_along_alone**2) > (0)), safe_along_alone, 1)
        square_per_length = square / square_reach
        square_where_zero = safe_along_alone * sqrt(square_per_length / square_reach + 1)
        radical = where(
            ((square) > (0)),
            sqrt(along**2 + safe_square),
            where(((along_alone) > (0)), square_where_zero, 0),
        )
        kernel_x = 2 * radical
        kernel_0 = 2 * of_A_P + 2 * of_A_Q
        safe_kernel_0 = where(((kernel_0) > (0)), kernel_0, 1)
        both = of_P + of_Q
        safe_both = where(((both) > (0)), both, 1)
        by_output = where(
            ((kernel_0) > (0)),
            4 * of_lam**2 * rise * (at_f + of_f_0) / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_weights = where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed * (at_decay + 1) * (of_P / decay_up**2 - of_Q) / safe_both,
                at_decayed * (-of_P + of_Q / decay_down**2) * (at_decay + 1) / safe_both,
            ),
            0,
        )
        change = where(((of_lam) != (0)), by_output, by_weights)
        value = change
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_distance_u(times, known, factor, low, high, out):
    """Distance ‖u(t) − u(0)‖ of the second layer from its start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_norm_omega_0_2 = known[20]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        safe_decay = where(((at_decay) > (0)), at_decay, 1)
        gap = at_decayed / safe_decay
        other = of_eta_u * of_norm_omega_0_2 / of_eta_w
        grown = where(
            ((of_lam * of_residual_0) <= (0)), of_P * of_d / of_eta_w, of_Q * of_d / of_eta_w
        )
        safe_other = where(((other) > (0)), other, 1)
        safe_grown = where(((grown) > (0)), grown, 1)
        bound = where(((grown) > (0)), sqrt(safe_grown), 0) * where(
            ((other) > (0)), sqrt(safe_other), 0
        )
        cross = held(
            where(
                ((of_lam * of_residual_0) <= (0)),
                sqrt(of_eta_u)
                * (sqrt(of_eta_u) * of_norm_omega_0_2 + sqrt(of_eta_w) * of_overlap_0)
                / (2 * of_eta_w),
                sqrt(of_eta_u)
                * (sqrt(of_eta_u) * of_norm_omega_0_2 - sqrt(of_eta_w) * of_overlap_0)
                / (2 * of_eta_w),
            ),
            bound,
        )
        square = gap * (2 * cross + gap * grown) + other
        safe_square = where(((square) > (0)), square, 1)
        distance = where(((square) > (0)), at_decayed * sqrt(safe_square), 0)
        value = distance
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_distance_W(times, known, factor, low, high, out):
    """Distance ‖W(t) − W(0)‖ of the first layer from its start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_y = known[4]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    of_norm_u_0_2 = known[21]
    of_overlap_0 = known[22]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        safe_decay = where(((at_decay) > (0)), at_decay, 1)
        gap = at_decayed / safe_decay
        other = of_eta_w * of_norm_u_0_2 / of_eta_u
        grown = where(
            ((of_lam * of_residual_0) <= (0)), of_P * of_d / of_eta_u, of_Q * of_d / of_eta_u
        )
        safe_other = where(((other) > (0)), other, 1)
        safe_grown = where(((grown) > (0)), grown, 1)
        bound = where(((grown) > (0)), sqrt(safe_grown), 0) * where(
            ((other) > (0)), sqrt(safe_other), 0
        )
        cross = held(
            where(
                ((of_lam * of_residual_0) <= (0)),
                sqrt(of_eta_w)
                * (sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
                / (2 * of_eta_u),
                sqrt(of_eta_w)
                * (-sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
                / (2 * of_eta_u),
            ),
            bound,
        )
        square = gap * (2 * cross + gap * grown) + other
        safe_square = where(((square) > (0)), square, 1)
        distance = where(((square) > (0)), at_decayed * sqrt(safe_square), 0)
        value = distance
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_alpha(times, known, factor, low, high, out):
    """Entry alpha of the state."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        value = at_alpha
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_output(times, known, factor, low, high, out):
    """Entry f of the state."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    doubtful = 0
    for i in range(times.size):
        t = times[i] * time
        at_rate_time = where(
            (
                (
                    ((((of_A_P) <= (0)) | ((of_A_Q) <= (0))) & (((of_A_P) <= (0)) | ((of_B) < (0))))
                    & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                )
                & (((of_B) > (0)) | ((of_B) < (0)))
            ),
            (2 * of_R * t),
            2 * of_R * t,
        )
        at_E = exp(-at_rate_time)
        at_tau = 2 * t * mean_decay(2 * of_R * t)
        at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
        at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
        at_alpha = at_numerator / at_denominator
        at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
        at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
        at_decay = sqrt(at_lesser / at_greater)
        at_growth = (
            -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
        )
        at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
        at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
        at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
        at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
        at_by_alpha = of_A_P * at_numerator / (
            at_denominator * at_safe_lam
        ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
        at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
            of_A_Q * at_denominator / (at_numerator * at_safe_lam)
        )
        at_total_size = at_size_by_alpha + at_size_by_target
        at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
        at_f = where(
            ((at_total_size) > (0)),
            at_by_alpha * at_size_by_target / at_safe_total_size
            + at_by_target * at_size_by_alpha / at_safe_total_size,
            at_by_target,
        )
        at_decayed = where(
            ((of_lam * of_residual_0) <= (0)),
            at_decay * at_growth / (at_decay + 1),
            -at_decay * at_growth / (at_decay + 1),
        )
        value = at_f
        plain = (
            (t >= 0)
            & (t <= late)
            & (value >= low)
            & (value <= high)
            & (at_residual_ratio >= least_ratio)
            & (abs(at_f) >= least_output * at_residual_ratio)
        )
        out[i] = where(plain, value * factor, nan)
        doubtful += not plain
    return doubtful


@kernel
def over_state(times, known, state):
    """Times in units, and the state at them."""
    time = known[24]
    of_y = known[4]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    of_B = known[13]
    of_R = known[14]
    of_r_plus = known[15]
    of_r_minus = known[16]
    for first in range(0, times.size, TOGETHER):
        size = min(TOGETHER, times.size - first)
        part, block = times[first : first + size], state[ENTRIES * first :]
        for i in range(size):
            t = part[i] * time
            at_rate_time = where(
                (
                    (
                        (
                            (((of_A_P) <= (0)) | ((of_A_Q) <= (0)))
                            & (((of_A_P) <= (0)) | ((of_B) < (0)))
                        )
                        & (((of_A_Q) <= (0)) | ((of_B) > (0)))
                    )
                    & (((of_B) > (0)) | ((of_B) < (0)))
                ),
                (2 * of_R * t),
                2 * of_R * t,
            )
            at_E = exp(-at_rate_time)
            at_tau = 2 * t * mean_decay(2 * of_R * t)
            at_numerator = 2 * at_E + at_tau * (4 * of_A_Q + of_r_plus)
            at_denominator = 2 * at_E + at_tau * (4 * of_A_P + of_r_minus)
            at_alpha = at_numerator / at_denominator
            at_lesser = where(((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator)
            at_greater = where(((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator)
            at_decay = sqrt(at_lesser / at_greater)
            at_growth = (
                -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
            )
            at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
            at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
            at_progress = 4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
            at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
            at_by_alpha = of_A_P * at_numerator / (
                at_denominator * at_safe_lam
            ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
            at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
            at_size_by_alpha = abs(of_A_P * at_numerator / (at_denominator * at_safe_lam)) + abs(
                of_A_Q * at_denominator / (at_numerator * at_safe_lam)
            )
            at_total_size = at_size_by_alpha + at_size_by_target
            at_safe_total_size = where(((at_total_size) > (0)), at_total_size, 1)
            at_f = where(
                ((at_total_size) > (0)),
                at_by_alpha * at_size_by_target / at_safe_total_size
                + at_by_target * at_size_by_alpha / at_safe_total_size,
                at_by_target,
            )
            at_decayed = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decay * at_growth / (at_decay + 1),
                -at_decay * at_growth / (at_decay + 1),
            )
            block[i] = t
            block[64 + i] = at_alpha
            block[128 + i] = at_decay
            block[192 + i] = at_growth
            block[256 + i] = at_residual_ratio
            block[320 + i] = at_f
            block[384 + i] = at_decayed


@kernel
def from_residual(state, known, factor, low, high, out):
    """Residual f − y."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_residual_0 = known[9]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_residual_ratio = block[256 + i]
            residual = of_residual_0 * at_residual_ratio
            value = residual
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_loss(state, known, factor, low, high, out):
    """Loss of what was given: a point (floor 0) or a data set."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_residual_0 = known[9]
    of_floor = known[18]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_residual_ratio = block[256 + i]
            residual = of_residual_0 * at_residual_ratio
            loss = of_floor + residual**2
            value = loss
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_overlap(state, known, factor, low, high, out):
    """Overlap u·ω of the two layers."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            value = overlap
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
                & (abs(at_f) >= least_output * at_residual_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_alignment(state, known, factor, low, high, out):
    """Alignment ζ, the cosine of u and W x."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            size_overlap = abs(overlap)
            safe_gram = where(((of_gram) > (0)), of_gram, 1)
            size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
            safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
            gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
            gram_per_length = of_gram / gram_reach
            gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
            hypotenuse = where(
                ((of_gram) > (0)),
                sqrt(safe_gram + size_overlap**2),
                where(((size_overlap_alone) > (0)), gram_where_zero, 0),
            )
            zeta = overlap / hypotenuse
            value = zeta
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
                & (abs(at_f) >= least_output * at_residual_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_alignment_slope(state, known, factor, low, high, out):
    """Slope dζ/dα of the alignment."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            size_overlap = abs(overlap)
            safe_gram = where(((of_gram) > (0)), of_gram, 1)
            size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
            safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
            gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
            gram_per_length = of_gram / gram_reach
            gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
            hypotenuse = where(
                ((of_gram) > (0)),
                sqrt(safe_gram + size_overlap**2),
                where(((size_overlap_alone) > (0)), gram_where_zero, 0),
            )
            apart = where((((hypotenuse) <= (0)) | ((of_gram) > (0))), hypotenuse, 1)
            share = of_gram / apart
            sine_2 = share / apart
            fallen = where((((of_Q) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            slope = where(
                ((of_lam * of_residual_0) <= (0)),
                sine_2
                * (
                    of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d * (at_decay**2) ** 2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                sine_2
                * (
                    of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2)
                ),
            )
            value = slope
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_norm_u(state, known, factor, low, high, out):
    """Norm ‖u‖ of the second layer."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            size_overlap = abs(overlap)
            safe_gram = where(((of_gram) > (0)), of_gram, 1)
            size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
            safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
            gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
            gram_per_length = of_gram / gram_reach
            gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
            hypotenuse = where(
                ((of_gram) > (0)),
                sqrt(safe_gram + size_overlap**2),
                where(((size_overlap_alone) > (0)), gram_where_zero, 0),
            )
            size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
            length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
            long = max(length, size_balance)
            short = min(length, size_balance)
            safe_long = where(((long) > (0)), long, 1)
            aspect = short / safe_long
            root = long * sqrt(aspect**2 + 1)
            divisor = root + size_balance
            safe_divisor = where(((divisor) > (0)), divisor, 1)
            norm = where(
                ((divisor) <= (0)),
                0,
                where(
                    ((of_balance) >= (0)),
                    sqrt(2) * sqrt(of_eta_u) * hypotenuse / sqrt(safe_divisor),
                    sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_w)),
                ),
            )
            value = norm
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_norm_omega(state, known, factor, low, high, out):
    """Norm ‖ω‖ of the first layer along the data."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            size_overlap = abs(overlap)
            safe_gram = where(((of_gram) > (0)), of_gram, 1)
            size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
            safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
            gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
            gram_per_length = of_gram / gram_reach
            gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
            hypotenuse = where(
                ((of_gram) > (0)),
                sqrt(safe_gram + size_overlap**2),
                where(((size_overlap_alone) > (0)), gram_where_zero, 0),
            )
            size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
            length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
            long = max(length, size_balance)
            short = min(length, size_balance)
            safe_long = where(((long) > (0)), long, 1)
            aspect = short / safe_long
            root = long * sqrt(aspect**2 + 1)
            divisor = root + size_balance
            safe_divisor = where(((divisor) > (0)), divisor, 1)
            norm = where(
                ((divisor) <= (0)),
                0,
                where(
                    ((of_balance) >= (0)),
                    sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_u)),
                    sqrt(2) * sqrt(of_eta_w) * hypotenuse / sqrt(safe_divisor),
                ),
            )
            value = norm
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_norm_W(state, known, factor, low, high, out):
    """Frobenius norm ‖W‖ of the first layer."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_balance = known[17]
    of_gram = known[19]
    of_overlap_0 = known[22]
    of_perp_2 = known[23]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            scale = of_gamma * of_rho
            safe_scale = where(((scale) != (0)), scale, 1)
            by_output = where(((scale) != (0)), at_f / safe_scale, 0)
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            gained = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            by_gain = gained + of_overlap_0
            terms = abs(gained) + abs(of_overlap_0)
            safe_terms = where(((terms) > (0)), terms, 1)
            one = abs(by_output) * abs(of_overlap_0) / safe_terms
            other_share = abs(gained)
            total = one + other_share
            safe_total = where(((total) > (0)), total, 1)
            overlap = where(
                ((total) > (0)),
                by_gain * one / safe_total + by_output * other_share / safe_total,
                by_gain,
            )
            size_overlap = abs(overlap)
            safe_gram = where(((of_gram) > (0)), of_gram, 1)
            size_overlap_alone = where(((of_gram) > (0)), 1, size_overlap)
            safe_size_overlap_alone = where(((size_overlap_alone) > (0)), size_overlap_alone, 1)
            gram_reach = where(((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1)
            gram_per_length = of_gram / gram_reach
            gram_where_zero = safe_size_overlap_alone * sqrt(gram_per_length / gram_reach + 1)
            hypotenuse = where(
                ((of_gram) > (0)),
                sqrt(safe_gram + size_overlap**2),
                where(((size_overlap_alone) > (0)), gram_where_zero, 0),
            )
            size_balance = where(((of_balance) >= (0)), of_balance, -of_balance)
            length = 2 * hypotenuse * sqrt(of_eta_u * of_eta_w)
            long = max(length, size_balance)
            short = min(length, size_balance)
            safe_long = where(((long) > (0)), long, 1)
            aspect = short / safe_long
            root = long * sqrt(aspect**2 + 1)
            divisor = root + size_balance
            safe_divisor = where(((divisor) > (0)), divisor, 1)
            norm_omega = where(
                ((divisor) <= (0)),
                0,
                where(
                    ((of_balance) >= (0)),
                    sqrt(2) * sqrt(safe_divisor) / (2 * sqrt(of_eta_u)),
                    sqrt(2) * sqrt(of_eta_w) * hypotenuse / sqrt(safe_divisor),
                ),
            )
            safe_perp_2 = where(((of_perp_2) > (0)), of_perp_2, 1)
            norm_omega_alone = where(((of_perp_2) > (0)), 1, norm_omega)
            safe_norm_omega_alone = where(((norm_omega_alone) > (0)), norm_omega_alone, 1)
            perp_2_reach = where(((safe_norm_omega_alone**2) > (0)), safe_norm_omega_alone, 1)
            perp_2_per_length = of_perp_2 / perp_2_reach
            perp_2_where_zero = safe_norm_omega_alone * sqrt(perp_2_per_length / perp_2_reach + 1)
            norm = where(
                ((of_perp_2) > (0)),
                sqrt(norm_omega**2 + safe_perp_2),
                where(((norm_omega_alone) > (0)), perp_2_where_zero, 0),
            )
            value = norm
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_kernel_x(state, known, factor, low, high, out):
    """Tangent kernel K(x, x) at the effective point."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            square = 4 * of_A_P * of_A_Q
            along = abs(at_f * of_lam)
            safe_square = where(((square) > (0)), square, 1)
            along_alone = where(((square) > (0)), 1, along)
            safe_along_alone = where(((along_alone) > (0)), along_alone, 1)
            square_reach = where(((safe_along_alone**2) > (0)), safe_along_alone, 1)
            square_per_length = square / square_reach
            square_where_zero = safe_along_alone * sqrt(square_per_length / square_reach + 1)
            radical = where(
                ((square) > (0)),
                sqrt(along**2 + safe_square),
                where(((along_alone) > (0)), square_where_zero, 0),
            )
            kernel_x = 2 * radical
            value = kernel_x
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_kernel_change(state, known, factor, low, high, out):
    """Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_gamma = known[0]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_rho = known[3]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_f_0 = known[8]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            at_decayed = block[384 + i]
            decay_up = where((((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1)
            decay_down = where((((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1)
            rise = where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed
                * of_gamma
                * of_rho
                * (at_decay + 1)
                * (
                    of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                    + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
                at_decayed
                * of_gamma
                * of_rho
                * (at_decay + 1)
                * (
                    -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                    - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                ),
            )
            square = 4 * of_A_P * of_A_Q
            along = abs(at_f * of_lam)
            safe_square = where(((square) > (0)), square, 1)
            along_alone = where(((square) > (0)), 1, along)
            safe_along_alone = where(((along_alone) > (0)), along_alone, 1)
            square_reach = where(((safe_along_alone**2) > (0)), safe_along_alone, 1)
            square_per_length = square / square_reach
            square_where_zero = safe_along_alone * sqrt(square_per_length / square_reach + 1)
            radical = where(
                ((square) > (0)),
                sqrt(along**2 + safe_square),
                where(((along_alone) > (0)), square_where_zero, 0),
            )
            kernel_x = 2 * radical
            kernel_0 = 2 * of_A_P + 2 * of_A_Q
            safe_kernel_0 = where(((kernel_0) > (0)), kernel_0, 1)
            both = of_P + of_Q
            safe_both = where(((both) > (0)), both, 1)
            by_output = where(
                ((kernel_0) > (0)),
                4
                * of_lam**2
                * rise
                * (at_f + of_f_0)
                / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
                0,
            )
            by_weights = where(
                ((both) > (0)),
                where(
                    ((of_lam * of_residual_0) <= (0)),
                    at_decayed * (at_decay + 1) * (of_P / decay_up**2 - of_Q) / safe_both,
                    at_decayed * (-of_P + of_Q / decay_down**2) * (at_decay + 1) / safe_both,
                ),
                0,
            )
            change = where(((of_lam) != (0)), by_output, by_weights)
            value = change
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_distance_u(state, known, factor, low, high, out):
    """Distance ‖u(t) − u(0)‖ of the second layer from its start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_norm_omega_0_2 = known[20]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_decayed = block[384 + i]
            safe_decay = where(((at_decay) > (0)), at_decay, 1)
            gap = at_decayed / safe_decay
            other = of_eta_u * of_norm_omega_0_2 / of_eta_w
            grown = where(
                ((of_lam * of_residual_0) <= (0)), of_P * of_d / of_eta_w, of_Q * of_d / of_eta_w
            )
            safe_other = where(((other) > (0)), other, 1)
            safe_grown = where(((grown) > (0)), grown, 1)
            bound = where(((grown) > (0)), sqrt(safe_grown), 0) * where(
                ((other) > (0)), sqrt(safe_other), 0
            )
            cross = held(
                where(
                    ((of_lam * of_residual_0) <= (0)),
                    sqrt(of_eta_u)
                    * (sqrt(of_eta_u) * of_norm_omega_0_2 + sqrt(of_eta_w) * of_overlap_0)
                    / (2 * of_eta_w),
                    sqrt(of_eta_u)
                    * (sqrt(of_eta_u) * of_norm_omega_0_2 - sqrt(of_eta_w) * of_overlap_0)
                    / (2 * of_eta_w),
                ),
                bound,
            )
            square = gap * (2 * cross + gap * grown) + other
            safe_square = where(((square) > (0)), square, 1)
            distance = where(((square) > (0)), at_decayed * sqrt(safe_square), 0)
            value = distance
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_distance_W(state, known, factor, low, high, out):
    """Distance ‖W(t) − W(0)‖ of the first layer from its start."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_norm_u_0_2 = known[21]
    of_overlap_0 = known[22]
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_decay = block[128 + i]
            at_residual_ratio = block[256 + i]
            at_decayed = block[384 + i]
            safe_decay = where(((at_decay) > (0)), at_decay, 1)
            gap = at_decayed / safe_decay
            other = of_eta_w * of_norm_u_0_2 / of_eta_u
            grown = where(
                ((of_lam * of_residual_0) <= (0)), of_P * of_d / of_eta_u, of_Q * of_d / of_eta_u
            )
            safe_other = where(((other) > (0)), other, 1)
            safe_grown = where(((grown) > (0)), grown, 1)
            bound = where(((grown) > (0)), sqrt(safe_grown), 0) * where(
                ((other) > (0)), sqrt(safe_other), 0
            )
            cross = held(
                where(
                    ((of_lam * of_residual_0) <= (0)),
                    sqrt(of_eta_w)
                    * (sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
                    / (2 * of_eta_u),
                    sqrt(of_eta_w)
                    * (-sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
                    / (2 * of_eta_u),
                ),
                bound,
            )
            square = gap * (2 * cross + gap * grown) + other
            safe_square = where(((square) > (0)), square, 1)
            distance = where(((square) > (0)), at_decayed * sqrt(safe_square), 0)
            value = distance
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_alpha(state, known, factor, low, high, out):
    """Entry alpha of the state."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    pass
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_alpha = block[64 + i]
            at_residual_ratio = block[256 + i]
            value = at_alpha
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful


@kernel
def from_output(state, known, factor, low, high, out):
    """Entry f of the state."""
    time, late, least_ratio, least_output = known[24], known[25], known[26], known[27]
    pass
    doubtful = 0
    for first in range(0, out.size, TOGETHER):
        size = min(TOGETHER, out.size - first)
        block, found = state[ENTRIES * first :], out[first : first + size]
        for i in range(size):
            t = block[i]
            at_residual_ratio = block[256 + i]
            at_f = block[320 + i]
            value = at_f
            plain = (
                (t >= 0)
                & (t <= late)
                & (value >= low)
                & (value <= high)
                & (at_residual_ratio >= least_ratio)
                & (abs(at_f) >= least_output * at_residual_ratio)
            )
            found[i] = where(plain, value * factor, nan)
            doubtful += not plain
    return doubtful
