"""Exact gradient flow of the two-layer linear network. Derivatives, in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: b7a59c9728549819.

A loop `pull_…` takes cotangents of an observable at all times to those of what is known (constants and
sums, as `numeric.generated.compiled.linear` has them), which are added to, and of the times. `pull_start`
takes those of what is known to those of the rates and of sums over the weights, in the order of GIVEN.
"""

# mypy: ignore-errors
from __future__ import annotations

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, exp, held, mean_decay, mean_decay_slope, sqrt, where

GIVEN = (
    "gamma",
    "eta_u",
    "eta_w",
    "rho",
    "y",
    "floor",
    "norm_u_0_2",
    "norm_omega_0_2",
    "overlap_0",
    "norm_W_0_2",
)


@kernel
def pull_start(known, by_known, by_given):
    """Of constants and sums over the weights."""
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
    of_floor = known[18]
    of_gram = known[19]
    of_norm_omega_0_2 = known[20]
    of_norm_u_0_2 = known[21]
    of_overlap_0 = known[22]
    of_perp_2 = known[23]
    by_of_gamma = by_known[0]
    by_of_eta_u = by_known[1]
    by_of_eta_w = by_known[2]
    by_of_rho = by_known[3]
    by_of_y = by_known[4]
    by_of_d = by_known[5]
    by_of_P = by_known[6]
    by_of_Q = by_known[7]
    by_of_f_0 = by_known[8]
    by_of_residual_0 = by_known[9]
    by_of_lam = by_known[10]
    by_of_A_P = by_known[11]
    by_of_A_Q = by_known[12]
    by_of_B = by_known[13]
    by_of_R = by_known[14]
    by_of_r_plus = by_known[15]
    by_of_r_minus = by_known[16]
    by_of_balance = by_known[17]
    by_of_floor = by_known[18]
    by_of_gram = by_known[19]
    by_of_norm_omega_0_2 = by_known[20]
    by_of_norm_u_0_2 = by_known[21]
    by_of_overlap_0 = by_known[22]
    by_of_perp_2 = by_known[23]
    of_square = 4 * of_A_P * of_A_Q
    of_size_B = where(((of_B) >= (0)), of_B, -of_B)
    of_safe_square = where(((of_square) > (0)), of_square, 1)
    of_size_B_alone = where(((of_square) > (0)), 1, of_size_B)
    of_safe_size_B_alone = where(((of_size_B_alone) > (0)), of_size_B_alone, 1)
    of_square_reach = where(((of_safe_size_B_alone**2) > (0)), of_safe_size_B_alone, 1)
    of_square_per_length = of_square / of_square_reach
    of_square_where_zero = of_safe_size_B_alone * sqrt(of_square_per_length / of_square_reach + 1)
    of_root = where(
        ((of_square) > (0)),
        sqrt(of_safe_square + of_size_B**2),
        where(((of_size_B_alone) > (0)), of_square_where_zero, 0),
    )
    of_larger = of_R + 2 * of_size_B
    of_safe_larger = where(((of_larger) > (0)), of_larger, 1)
    of_smaller = where(((of_larger) > (0)), 16 * of_A_P * of_A_Q / of_safe_larger, -2 * of_B)
    by_of_larger = by_of_r_minus * where(((of_B) >= (0)), 0, 1)
    by_of_smaller = by_of_r_minus * where(((of_B) >= (0)), 1, 0)
    by_of_larger += by_of_r_plus * where(((of_B) >= (0)), 1, 0)
    by_of_smaller += by_of_r_plus * where(((of_B) >= (0)), 0, 1)
    by_of_A_P += by_of_smaller * where(((of_larger) > (0)), 16 * of_A_Q / of_safe_larger, 0)
    by_of_A_Q += by_of_smaller * where(((of_larger) > (0)), 16 * of_A_P / of_safe_larger, 0)
    by_of_B += by_of_smaller * where(((of_larger) > (0)), 0, -2)
    by_of_safe_larger = by_of_smaller * where(
        ((of_larger) > (0)), -16 * of_A_P * of_A_Q / of_safe_larger**2, 0
    )
    by_of_larger += by_of_safe_larger * where(((of_larger) > (0)), 1, 0)
    by_of_R += by_of_larger
    by_of_size_B = 2 * by_of_larger
    by_of_root = 2 * by_of_R
    by_of_safe_square = by_of_root * where(
        ((of_square) > (0)), 1 / (2 * sqrt(of_safe_square + of_size_B**2)), 0
    )
    by_of_size_B += by_of_root * where(
        ((of_square) > (0)), of_size_B / sqrt(of_safe_square + of_size_B**2), 0
    )
    by_of_square_where_zero = by_of_root * where(
        ((of_square) > (0)), 0, where(((of_size_B_alone) > (0)), 1, 0)
    )
    by_of_safe_size_B_alone = by_of_square_where_zero * sqrt(
        of_square_per_length / of_square_reach + 1
    )
    by_of_square_per_length = (
        by_of_square_where_zero
        * of_safe_size_B_alone
        / (2 * of_square_reach * sqrt(of_square_per_length / of_square_reach + 1))
    )
    by_of_square_reach = (
        -by_of_square_where_zero
        * of_safe_size_B_alone
        * of_square_per_length
        / (2 * of_square_reach**2 * sqrt(of_square_per_length / of_square_reach + 1))
    )
    by_of_square = by_of_square_per_length / of_square_reach
    by_of_square_reach += -by_of_square_per_length * of_square / of_square_reach**2
    by_of_safe_size_B_alone += by_of_square_reach * where(((of_safe_size_B_alone**2) > (0)), 1, 0)
    by_of_size_B_alone = by_of_safe_size_B_alone * where(((of_size_B_alone) > (0)), 1, 0)
    by_of_size_B += by_of_size_B_alone * where(((of_square) > (0)), 0, 1)
    by_of_square += by_of_safe_square * where(((of_square) > (0)), 1, 0)
    by_of_B += by_of_size_B * where(((of_B) >= (0)), 1, -1)
    by_of_A_P += 4 * of_A_Q * by_of_square
    by_of_A_Q += 4 * of_A_P * by_of_square
    by_of_lam += by_of_B * of_y
    by_of_y += by_of_B * of_lam
    by_of_Q += by_of_A_Q * of_d * of_gamma**2 * of_rho**2
    by_of_gamma += 2 * of_Q * by_of_A_Q * of_d * of_gamma * of_rho**2
    by_of_rho += 2 * of_Q * by_of_A_Q * of_d * of_gamma**2 * of_rho
    by_of_P += by_of_A_P * of_d * of_gamma**2 * of_rho**2
    by_of_gamma += 2 * of_P * by_of_A_P * of_d * of_gamma * of_rho**2
    by_of_rho += 2 * of_P * by_of_A_P * of_d * of_gamma**2 * of_rho
    by_of_eta_u += by_of_lam * sqrt(of_eta_w) * of_gamma * of_rho / (2 * sqrt(of_eta_u))
    by_of_eta_w += by_of_lam * sqrt(of_eta_u) * of_gamma * of_rho / (2 * sqrt(of_eta_w))
    by_of_gamma += by_of_lam * sqrt(of_eta_u) * sqrt(of_eta_w) * of_rho
    by_of_rho += by_of_lam * sqrt(of_eta_u) * sqrt(of_eta_w) * of_gamma
    by_of_f_0 += by_of_residual_0
    by_of_y += -by_of_residual_0
    by_of_gamma += by_of_f_0 * of_overlap_0 * of_rho
    by_of_overlap_0 += by_of_f_0 * of_gamma * of_rho
    by_of_rho += by_of_f_0 * of_gamma * of_overlap_0
    by_of_eta_u += by_of_balance * of_norm_omega_0_2
    by_of_eta_w += -by_of_balance * of_norm_u_0_2
    by_of_norm_omega_0_2 += by_of_balance * of_eta_u
    by_of_norm_u_0_2 += -by_of_balance * of_eta_w
    by_of_norm_W_0_2 = by_of_perp_2
    by_of_norm_omega_0_2 += -by_of_perp_2
    by_of_norm_omega_0_2 += by_of_gram * of_norm_u_0_2
    by_of_norm_u_0_2 += by_of_gram * of_norm_omega_0_2
    by_of_overlap_0 += -2 * by_of_gram * of_overlap_0
    by_of_eta_u += (
        by_of_Q
        * (of_norm_omega_0_2 / 4 - sqrt(of_eta_w) * of_overlap_0 / (4 * sqrt(of_eta_u)))
        / of_d
    )
    by_of_eta_w += (
        by_of_Q * (-sqrt(of_eta_u) * of_overlap_0 / (4 * sqrt(of_eta_w)) + of_norm_u_0_2 / 4) / of_d
    )
    by_of_norm_omega_0_2 += by_of_Q * of_eta_u / (4 * of_d)
    by_of_norm_u_0_2 += by_of_Q * of_eta_w / (4 * of_d)
    by_of_overlap_0 += -by_of_Q * sqrt(of_eta_u) * sqrt(of_eta_w) / (2 * of_d)
    by_of_eta_u += (
        by_of_P
        * (of_norm_omega_0_2 / 4 + sqrt(of_eta_w) * of_overlap_0 / (4 * sqrt(of_eta_u)))
        / of_d
    )
    by_of_eta_w += (
        by_of_P * (sqrt(of_eta_u) * of_overlap_0 / (4 * sqrt(of_eta_w)) + of_norm_u_0_2 / 4) / of_d
    )
    by_of_norm_omega_0_2 += by_of_P * of_eta_u / (4 * of_d)
    by_of_norm_u_0_2 += by_of_P * of_eta_w / (4 * of_d)
    by_of_overlap_0 += by_of_P * sqrt(of_eta_u) * sqrt(of_eta_w) / (2 * of_d)
    by_given[0] = by_of_gamma
    by_given[1] = by_of_eta_u
    by_given[2] = by_of_eta_w
    by_given[3] = by_of_rho
    by_given[4] = by_of_y
    by_given[5] = by_of_floor
    by_given[6] = by_of_norm_u_0_2
    by_given[7] = by_of_norm_omega_0_2
    by_given[8] = by_of_overlap_0
    by_given[9] = by_of_norm_W_0_2


@call
def _state(t, known):
    """Of: The state at time t ≥ 0."""
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
    at_growth = -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
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
    return at_alpha, at_decay, at_growth, at_residual_ratio, at_f, at_decayed


@call
def _pull_state(
    t,
    known,
    by_at_alpha,
    by_at_decay,
    by_at_growth,
    by_at_residual_ratio,
    by_at_f,
    by_at_decayed,
    by_known,
):
    """Cotangent of the time; those of what is known are added to."""
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
    by_of_y = 0.0
    by_of_f_0 = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_A_P = 0.0
    by_of_A_Q = 0.0
    by_of_B = 0.0
    by_of_R = 0.0
    by_of_r_plus = 0.0
    by_of_r_minus = 0.0
    by_t = 0.0
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
    at_growth = -4 * of_lam * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
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
    by_at_decay += by_at_decayed * where(
        ((of_lam * of_residual_0) <= (0)),
        -at_decay * at_growth / (at_decay + 1) ** 2 + at_growth / (at_decay + 1),
        at_decay * at_growth / (at_decay + 1) ** 2 - at_growth / (at_decay + 1),
    )
    by_at_growth += by_at_decayed * where(
        ((of_lam * of_residual_0) <= (0)), at_decay / (at_decay + 1), -at_decay / (at_decay + 1)
    )
    by_at_by_alpha = by_at_f * where(
        ((at_total_size) > (0)), at_size_by_target / at_safe_total_size, 0
    )
    by_at_by_target = by_at_f * where(
        ((at_total_size) > (0)), at_size_by_alpha / at_safe_total_size, 1
    )
    by_at_safe_total_size = by_at_f * where(
        ((at_total_size) > (0)),
        -at_by_alpha * at_size_by_target / at_safe_total_size**2
        - at_by_target * at_size_by_alpha / at_safe_total_size**2,
        0,
    )
    by_at_size_by_alpha = by_at_f * where(
        ((at_total_size) > (0)), at_by_target / at_safe_total_size, 0
    )
    by_at_size_by_target = by_at_f * where(
        ((at_total_size) > (0)), at_by_alpha / at_safe_total_size, 0
    )
    by_at_total_size = by_at_safe_total_size * where(((at_total_size) > (0)), 1, 0)
    by_at_size_by_alpha += by_at_total_size
    by_at_size_by_target += by_at_total_size
    by_at_denominator = by_at_size_by_alpha * (
        -of_A_P
        * at_numerator
        * where(
            ((of_A_P * at_numerator / (at_denominator * at_safe_lam)) > (0)),
            1,
            where(((of_A_P * at_numerator / (at_denominator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_denominator**2 * at_safe_lam)
        + of_A_Q
        * where(
            ((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) > (0)),
            1,
            where(((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_numerator * at_safe_lam)
    )
    by_at_numerator = by_at_size_by_alpha * (
        of_A_P
        * where(
            ((of_A_P * at_numerator / (at_denominator * at_safe_lam)) > (0)),
            1,
            where(((of_A_P * at_numerator / (at_denominator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_denominator * at_safe_lam)
        - of_A_Q
        * at_denominator
        * where(
            ((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) > (0)),
            1,
            where(((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_numerator**2 * at_safe_lam)
    )
    by_at_safe_lam = by_at_size_by_alpha * (
        -of_A_P
        * at_numerator
        * where(
            ((of_A_P * at_numerator / (at_denominator * at_safe_lam)) > (0)),
            1,
            where(((of_A_P * at_numerator / (at_denominator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_denominator * at_safe_lam**2)
        - of_A_Q
        * at_denominator
        * where(
            ((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) > (0)),
            1,
            where(((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_numerator * at_safe_lam**2)
    )
    by_of_A_P += (
        by_at_size_by_alpha
        * at_numerator
        * where(
            ((of_A_P * at_numerator / (at_denominator * at_safe_lam)) > (0)),
            1,
            where(((of_A_P * at_numerator / (at_denominator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_denominator * at_safe_lam)
    )
    by_of_A_Q += (
        by_at_size_by_alpha
        * at_denominator
        * where(
            ((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) > (0)),
            1,
            where(((of_A_Q * at_denominator / (at_numerator * at_safe_lam)) < (0)), -1, 0),
        )
        / (at_numerator * at_safe_lam)
    )
    by_at_progress = (
        by_at_size_by_target
        * of_y
        * where(((at_progress * of_y) > (0)), 1, where(((at_progress * of_y) < (0)), -1, 0))
    )
    by_at_residual_ratio += (
        by_at_size_by_target
        * of_f_0
        * where(
            ((of_f_0 * at_residual_ratio) > (0)),
            1,
            where(((of_f_0 * at_residual_ratio) < (0)), -1, 0),
        )
    )
    by_of_f_0 += (
        by_at_size_by_target
        * at_residual_ratio
        * where(
            ((of_f_0 * at_residual_ratio) > (0)),
            1,
            where(((of_f_0 * at_residual_ratio) < (0)), -1, 0),
        )
    )
    by_of_y += (
        by_at_size_by_target
        * at_progress
        * where(((at_progress * of_y) > (0)), 1, where(((at_progress * of_y) < (0)), -1, 0))
    )
    by_at_denominator += by_at_by_alpha * (
        -of_A_P * at_numerator / (at_denominator**2 * at_safe_lam)
        - of_A_Q / (at_numerator * at_safe_lam)
    )
    by_at_numerator += by_at_by_alpha * (
        of_A_P / (at_denominator * at_safe_lam)
        + of_A_Q * at_denominator / (at_numerator**2 * at_safe_lam)
    )
    by_at_safe_lam += by_at_by_alpha * (
        -of_A_P * at_numerator / (at_denominator * at_safe_lam**2)
        + of_A_Q * at_denominator / (at_numerator * at_safe_lam**2)
    )
    by_of_A_P += by_at_by_alpha * at_numerator / (at_denominator * at_safe_lam)
    by_of_A_Q += -by_at_by_alpha * at_denominator / (at_numerator * at_safe_lam)
    by_at_progress += by_at_by_target * of_y
    by_at_residual_ratio += by_at_by_target * of_f_0
    by_of_f_0 += by_at_by_target * at_residual_ratio
    by_of_y += by_at_by_target * at_progress
    by_at_denominator += -4 * of_A_P * by_at_progress * at_tau / at_denominator**2
    by_at_numerator += -4 * of_A_Q * by_at_progress * at_tau / at_numerator**2
    by_at_tau = by_at_progress * (4 * of_A_P / at_denominator + 4 * of_A_Q / at_numerator)
    by_of_A_P += 4 * by_at_progress * at_tau / at_denominator
    by_of_A_Q += 4 * by_at_progress * at_tau / at_numerator
    by_of_lam += by_at_safe_lam * where(((of_lam) != (0)), 1, 0)
    by_at_E = 4 * by_at_residual_ratio / (at_denominator * at_numerator)
    by_at_denominator += -4 * at_E * by_at_residual_ratio / (at_denominator**2 * at_numerator)
    by_at_numerator += -4 * at_E * by_at_residual_ratio / (at_denominator * at_numerator**2)
    by_at_denominator += (
        2
        * by_at_growth
        * of_lam
        * of_residual_0
        * at_tau
        / (sqrt(at_denominator) ** 3 * sqrt(at_numerator))
    )
    by_at_numerator += (
        2
        * by_at_growth
        * of_lam
        * of_residual_0
        * at_tau
        / (sqrt(at_denominator) * sqrt(at_numerator) ** 3)
    )
    by_at_tau += (
        -4 * by_at_growth * of_lam * of_residual_0 / (sqrt(at_denominator) * sqrt(at_numerator))
    )
    by_of_lam += (
        -4 * by_at_growth * of_residual_0 * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
    )
    by_of_residual_0 += (
        -4 * by_at_growth * of_lam * at_tau / (sqrt(at_denominator) * sqrt(at_numerator))
    )
    by_at_greater = -by_at_decay * at_decay / (2 * at_greater)
    by_at_lesser = by_at_decay * at_decay / (2 * at_lesser)
    by_at_denominator += by_at_greater * where(((of_lam * of_residual_0) <= (0)), 0, 1)
    by_at_numerator += by_at_greater * where(((of_lam * of_residual_0) <= (0)), 1, 0)
    by_at_denominator += by_at_lesser * where(((of_lam * of_residual_0) <= (0)), 1, 0)
    by_at_numerator += by_at_lesser * where(((of_lam * of_residual_0) <= (0)), 0, 1)
    by_at_denominator += -by_at_alpha * at_numerator / at_denominator**2
    by_at_numerator += by_at_alpha / at_denominator
    by_at_E += 2 * by_at_denominator
    by_at_tau += by_at_denominator * (4 * of_A_P + of_r_minus)
    by_of_A_P += 4 * by_at_denominator * at_tau
    by_of_r_minus += by_at_denominator * at_tau
    by_at_E += 2 * by_at_numerator
    by_at_tau += by_at_numerator * (4 * of_A_Q + of_r_plus)
    by_of_A_Q += 4 * by_at_numerator * at_tau
    by_of_r_plus += by_at_numerator * at_tau
    by_of_R += 4 * by_at_tau * mean_decay_slope(2 * of_R * t) * t**2
    by_t += by_at_tau * (
        4 * of_R * mean_decay_slope(2 * of_R * t) * t + 2 * mean_decay(2 * of_R * t)
    )
    by_at_rate_time = -by_at_E * at_E
    by_of_R += 2 * by_at_rate_time * t
    by_t += 2 * of_R * by_at_rate_time
    by_known[4] += by_of_y
    by_known[8] += by_of_f_0
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[11] += by_of_A_P
    by_known[12] += by_of_A_Q
    by_known[13] += by_of_B
    by_known[14] += by_of_R
    by_known[15] += by_of_r_plus
    by_known[16] += by_of_r_minus
    return by_t


@kernel
def pull_residual(times, known, cotangents, by_known, by_times):
    """Of: Residual f − y."""
    time = known[24]
    of_residual_0 = known[9]
    by_of_residual_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_residual_ratio = state[3]
        residual = of_residual_0 * at_residual_ratio
        by_residual = cotangents[i]
        by_at_residual_ratio = by_residual * of_residual_0
        by_of_residual_0 += by_residual * at_residual_ratio
        by_times[i] = (
            _pull_state(t, known, 0.0, 0.0, 0.0, by_at_residual_ratio, 0.0, 0.0, by_known) * time
        )
    by_known[9] += by_of_residual_0


@kernel
def pull_loss(times, known, cotangents, by_known, by_times):
    """Of: Loss of what was given: a point (floor 0) or a data set."""
    time = known[24]
    of_residual_0 = known[9]
    of_floor = known[18]
    by_of_residual_0 = 0.0
    by_of_floor = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_residual_ratio = state[3]
        residual = of_residual_0 * at_residual_ratio
        loss = of_floor + residual**2
        by_loss = cotangents[i]
        by_of_floor += by_loss
        by_residual = 2 * by_loss * residual
        by_at_residual_ratio = by_residual * of_residual_0
        by_of_residual_0 += by_residual * at_residual_ratio
        by_times[i] = (
            _pull_state(t, known, 0.0, 0.0, 0.0, by_at_residual_ratio, 0.0, 0.0, by_known) * time
        )
    by_known[9] += by_of_residual_0
    by_known[18] += by_of_floor


@kernel
def pull_overlap(times, known, cotangents, by_known, by_times):
    """Of: Overlap u·ω of the two layers."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_overlap = cotangents[i]
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[22] += by_of_overlap_0


@kernel
def pull_alignment(times, known, cotangents, by_known, by_times):
    """Of: Alignment ζ, the cosine of u and W x."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_gram = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_zeta = cotangents[i]
        by_hypotenuse = -by_zeta * overlap / hypotenuse**2
        by_overlap = by_zeta / hypotenuse
        by_gram_where_zero = by_hypotenuse * where(
            ((of_gram) > (0)), 0, where(((size_overlap_alone) > (0)), 1, 0)
        )
        by_safe_gram = by_hypotenuse * where(
            ((of_gram) > (0)), 1 / (2 * sqrt(safe_gram + size_overlap**2)), 0
        )
        by_size_overlap = by_hypotenuse * where(
            ((of_gram) > (0)), size_overlap / sqrt(safe_gram + size_overlap**2), 0
        )
        by_gram_per_length = (
            by_gram_where_zero
            * safe_size_overlap_alone
            / (2 * gram_reach * sqrt(gram_per_length / gram_reach + 1))
        )
        by_gram_reach = (
            -by_gram_where_zero
            * gram_per_length
            * safe_size_overlap_alone
            / (2 * gram_reach**2 * sqrt(gram_per_length / gram_reach + 1))
        )
        by_safe_size_overlap_alone = by_gram_where_zero * sqrt(gram_per_length / gram_reach + 1)
        by_gram_reach += -by_gram_per_length * of_gram / gram_reach**2
        by_of_gram += by_gram_per_length / gram_reach
        by_safe_size_overlap_alone += by_gram_reach * where(
            ((safe_size_overlap_alone**2) > (0)), 1, 0
        )
        by_size_overlap_alone = by_safe_size_overlap_alone * where(
            ((size_overlap_alone) > (0)), 1, 0
        )
        by_size_overlap += by_size_overlap_alone * where(((of_gram) > (0)), 0, 1)
        by_of_gram += by_safe_gram * where(((of_gram) > (0)), 1, 0)
        by_overlap += by_size_overlap * where(((overlap) > (0)), 1, where(((overlap) < (0)), -1, 0))
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[19] += by_of_gram
    by_known[22] += by_of_overlap_0


@kernel
def pull_alignment_slope(times, known, cotangents, by_known, by_times):
    """Of: Slope dζ/dα of the alignment."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_gram = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_slope = cotangents[i]
        by_apart = by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            sine_2
            * (
                -of_P * of_d / (apart**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d * (at_decay**2) ** 2 / (apart**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            sine_2
            * (
                -of_P * of_d / (apart**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (apart**2 * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2)
            ),
        )
        by_at_decay = by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            4
            * of_Q
            * of_d
            * (at_decay * at_decay**2)
            * sine_2
            / (apart * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_fallen = by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            -4
            * of_Q
            * of_d
            * sine_2
            / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen * (fallen**2) ** 2)),
        )
        by_of_P += by_slope * of_d * sine_2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
        by_of_Q += by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * (at_decay**2) ** 2 * sine_2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w)),
            of_d * sine_2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2),
        )
        by_of_eta_u += by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            sine_2
            * (
                -of_P * of_d / (2 * apart * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q
                * of_d
                * (at_decay**2) ** 2
                / (2 * apart * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            sine_2
            * (
                -of_P * of_d / (2 * apart * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q
                * of_d
                / (2 * apart * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w) * (fallen**2) ** 2)
            ),
        )
        by_of_eta_w += by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            sine_2
            * (
                -of_P * of_d / (2 * apart * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q
                * of_d
                * (at_decay**2) ** 2
                / (2 * apart * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            sine_2
            * (
                -of_P * of_d / (2 * apart * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q
                * of_d
                / (2 * apart * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3 * (fallen**2) ** 2)
            ),
        )
        by_sine_2 = by_slope * where(
            ((of_lam * of_residual_0) <= (0)),
            of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
            + of_Q * of_d * (at_decay**2) ** 2 / (apart * sqrt(of_eta_u) * sqrt(of_eta_w)),
            of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
            + of_Q * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2),
        )
        by_at_decay += by_fallen * where((((of_Q) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0)
        by_apart += -by_sine_2 * share / apart**2
        by_share = by_sine_2 / apart
        by_apart += -by_share * of_gram / apart**2
        by_of_gram += by_share / apart
        by_hypotenuse = by_apart * where((((hypotenuse) <= (0)) | ((of_gram) > (0))), 1, 0)
        by_gram_where_zero = by_hypotenuse * where(
            ((of_gram) > (0)), 0, where(((size_overlap_alone) > (0)), 1, 0)
        )
        by_safe_gram = by_hypotenuse * where(
            ((of_gram) > (0)), 1 / (2 * sqrt(safe_gram + size_overlap**2)), 0
        )
        by_size_overlap = by_hypotenuse * where(
            ((of_gram) > (0)), size_overlap / sqrt(safe_gram + size_overlap**2), 0
        )
        by_gram_per_length = (
            by_gram_where_zero
            * safe_size_overlap_alone
            / (2 * gram_reach * sqrt(gram_per_length / gram_reach + 1))
        )
        by_gram_reach = (
            -by_gram_where_zero
            * gram_per_length
            * safe_size_overlap_alone
            / (2 * gram_reach**2 * sqrt(gram_per_length / gram_reach + 1))
        )
        by_safe_size_overlap_alone = by_gram_where_zero * sqrt(gram_per_length / gram_reach + 1)
        by_gram_reach += -by_gram_per_length * of_gram / gram_reach**2
        by_of_gram += by_gram_per_length / gram_reach
        by_safe_size_overlap_alone += by_gram_reach * where(
            ((safe_size_overlap_alone**2) > (0)), 1, 0
        )
        by_size_overlap_alone = by_safe_size_overlap_alone * where(
            ((size_overlap_alone) > (0)), 1, 0
        )
        by_size_overlap += by_size_overlap_alone * where(((of_gram) > (0)), 0, 1)
        by_of_gram += by_safe_gram * where(((of_gram) > (0)), 1, 0)
        by_overlap = by_size_overlap * where(((overlap) > (0)), 1, where(((overlap) < (0)), -1, 0))
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[19] += by_of_gram
    by_known[22] += by_of_overlap_0


@kernel
def pull_norm_u(times, known, cotangents, by_known, by_times):
    """Of: Norm ‖u‖ of the second layer."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_balance = 0.0
    by_of_gram = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_norm = cotangents[i]
        by_hypotenuse = by_norm * where(
            ((divisor) <= (0)),
            0,
            where(((of_balance) >= (0)), sqrt(2) * sqrt(of_eta_u) / sqrt(safe_divisor), 0),
        )
        by_of_eta_u += by_norm * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) * hypotenuse / (2 * sqrt(of_eta_u) * sqrt(safe_divisor)),
                0,
            ),
        )
        by_of_eta_w += by_norm * where(
            (((of_balance) >= (0)) | ((divisor) <= (0))),
            0,
            -sqrt(2) * sqrt(safe_divisor) / (4 * sqrt(of_eta_w) ** 3),
        )
        by_safe_divisor = by_norm * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                -sqrt(2) * sqrt(of_eta_u) * hypotenuse / (2 * sqrt(safe_divisor) ** 3),
                sqrt(2) / (4 * sqrt(of_eta_w) * sqrt(safe_divisor)),
            ),
        )
        by_divisor = by_safe_divisor * where(((divisor) > (0)), 1, 0)
        by_root = by_divisor
        by_size_balance = by_divisor
        by_aspect = aspect * by_root * long / sqrt(aspect**2 + 1)
        by_long = by_root * sqrt(aspect**2 + 1)
        by_safe_long = -by_aspect * short / safe_long**2
        by_short = by_aspect / safe_long
        by_long += by_safe_long * where(((long) > (0)), 1, 0)
        by_length = by_short * where(((length) < (size_balance)), 1, 0)
        by_size_balance += by_short * where(((length) < (size_balance)), 0, 1)
        by_length += by_long * where(((length) > (size_balance)), 1, 0)
        by_size_balance += by_long * where(((length) > (size_balance)), 0, 1)
        by_hypotenuse += 2 * by_length * sqrt(of_eta_u * of_eta_w)
        by_of_eta_u += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_u
        by_of_eta_w += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_w
        by_of_balance += by_size_balance * where(((of_balance) >= (0)), 1, -1)
        by_gram_where_zero = by_hypotenuse * where(
            ((of_gram) > (0)), 0, where(((size_overlap_alone) > (0)), 1, 0)
        )
        by_safe_gram = by_hypotenuse * where(
            ((of_gram) > (0)), 1 / (2 * sqrt(safe_gram + size_overlap**2)), 0
        )
        by_size_overlap = by_hypotenuse * where(
            ((of_gram) > (0)), size_overlap / sqrt(safe_gram + size_overlap**2), 0
        )
        by_gram_per_length = (
            by_gram_where_zero
            * safe_size_overlap_alone
            / (2 * gram_reach * sqrt(gram_per_length / gram_reach + 1))
        )
        by_gram_reach = (
            -by_gram_where_zero
            * gram_per_length
            * safe_size_overlap_alone
            / (2 * gram_reach**2 * sqrt(gram_per_length / gram_reach + 1))
        )
        by_safe_size_overlap_alone = by_gram_where_zero * sqrt(gram_per_length / gram_reach + 1)
        by_gram_reach += -by_gram_per_length * of_gram / gram_reach**2
        by_of_gram += by_gram_per_length / gram_reach
        by_safe_size_overlap_alone += by_gram_reach * where(
            ((safe_size_overlap_alone**2) > (0)), 1, 0
        )
        by_size_overlap_alone = by_safe_size_overlap_alone * where(
            ((size_overlap_alone) > (0)), 1, 0
        )
        by_size_overlap += by_size_overlap_alone * where(((of_gram) > (0)), 0, 1)
        by_of_gram += by_safe_gram * where(((of_gram) > (0)), 1, 0)
        by_overlap = by_size_overlap * where(((overlap) > (0)), 1, where(((overlap) < (0)), -1, 0))
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[17] += by_of_balance
    by_known[19] += by_of_gram
    by_known[22] += by_of_overlap_0


@kernel
def pull_norm_omega(times, known, cotangents, by_known, by_times):
    """Of: Norm ‖ω‖ of the first layer along the data."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_balance = 0.0
    by_of_gram = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_norm = cotangents[i]
        by_hypotenuse = by_norm * where(
            (((of_balance) >= (0)) | ((divisor) <= (0))),
            0,
            sqrt(2) * sqrt(of_eta_w) / sqrt(safe_divisor),
        )
        by_of_eta_u += by_norm * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)), -sqrt(2) * sqrt(safe_divisor) / (4 * sqrt(of_eta_u) ** 3), 0
            ),
        )
        by_of_eta_w += by_norm * where(
            (((of_balance) >= (0)) | ((divisor) <= (0))),
            0,
            sqrt(2) * hypotenuse / (2 * sqrt(of_eta_w) * sqrt(safe_divisor)),
        )
        by_safe_divisor = by_norm * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) / (4 * sqrt(of_eta_u) * sqrt(safe_divisor)),
                -sqrt(2) * sqrt(of_eta_w) * hypotenuse / (2 * sqrt(safe_divisor) ** 3),
            ),
        )
        by_divisor = by_safe_divisor * where(((divisor) > (0)), 1, 0)
        by_root = by_divisor
        by_size_balance = by_divisor
        by_aspect = aspect * by_root * long / sqrt(aspect**2 + 1)
        by_long = by_root * sqrt(aspect**2 + 1)
        by_safe_long = -by_aspect * short / safe_long**2
        by_short = by_aspect / safe_long
        by_long += by_safe_long * where(((long) > (0)), 1, 0)
        by_length = by_short * where(((length) < (size_balance)), 1, 0)
        by_size_balance += by_short * where(((length) < (size_balance)), 0, 1)
        by_length += by_long * where(((length) > (size_balance)), 1, 0)
        by_size_balance += by_long * where(((length) > (size_balance)), 0, 1)
        by_hypotenuse += 2 * by_length * sqrt(of_eta_u * of_eta_w)
        by_of_eta_u += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_u
        by_of_eta_w += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_w
        by_of_balance += by_size_balance * where(((of_balance) >= (0)), 1, -1)
        by_gram_where_zero = by_hypotenuse * where(
            ((of_gram) > (0)), 0, where(((size_overlap_alone) > (0)), 1, 0)
        )
        by_safe_gram = by_hypotenuse * where(
            ((of_gram) > (0)), 1 / (2 * sqrt(safe_gram + size_overlap**2)), 0
        )
        by_size_overlap = by_hypotenuse * where(
            ((of_gram) > (0)), size_overlap / sqrt(safe_gram + size_overlap**2), 0
        )
        by_gram_per_length = (
            by_gram_where_zero
            * safe_size_overlap_alone
            / (2 * gram_reach * sqrt(gram_per_length / gram_reach + 1))
        )
        by_gram_reach = (
            -by_gram_where_zero
            * gram_per_length
            * safe_size_overlap_alone
            / (2 * gram_reach**2 * sqrt(gram_per_length / gram_reach + 1))
        )
        by_safe_size_overlap_alone = by_gram_where_zero * sqrt(gram_per_length / gram_reach + 1)
        by_gram_reach += -by_gram_per_length * of_gram / gram_reach**2
        by_of_gram += by_gram_per_length / gram_reach
        by_safe_size_overlap_alone += by_gram_reach * where(
            ((safe_size_overlap_alone**2) > (0)), 1, 0
        )
        by_size_overlap_alone = by_safe_size_overlap_alone * where(
            ((size_overlap_alone) > (0)), 1, 0
        )
        by_size_overlap += by_size_overlap_alone * where(((of_gram) > (0)), 0, 1)
        by_of_gram += by_safe_gram * where(((of_gram) > (0)), 1, 0)
        by_overlap = by_size_overlap * where(((overlap) > (0)), 1, where(((overlap) < (0)), -1, 0))
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[17] += by_of_balance
    by_known[19] += by_of_gram
    by_known[22] += by_of_overlap_0


@kernel
def pull_norm_W(times, known, cotangents, by_known, by_times):
    """Of: Frobenius norm ‖W‖ of the first layer."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_balance = 0.0
    by_of_gram = 0.0
    by_of_overlap_0 = 0.0
    by_of_perp_2 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_norm = cotangents[i]
        by_norm_omega = by_norm * where(
            ((of_perp_2) > (0)), norm_omega / sqrt(norm_omega**2 + safe_perp_2), 0
        )
        by_perp_2_where_zero = by_norm * where(
            ((of_perp_2) > (0)), 0, where(((norm_omega_alone) > (0)), 1, 0)
        )
        by_safe_perp_2 = by_norm * where(
            ((of_perp_2) > (0)), 1 / (2 * sqrt(norm_omega**2 + safe_perp_2)), 0
        )
        by_perp_2_per_length = (
            by_perp_2_where_zero
            * safe_norm_omega_alone
            / (2 * perp_2_reach * sqrt(perp_2_per_length / perp_2_reach + 1))
        )
        by_perp_2_reach = (
            -by_perp_2_where_zero
            * perp_2_per_length
            * safe_norm_omega_alone
            / (2 * perp_2_reach**2 * sqrt(perp_2_per_length / perp_2_reach + 1))
        )
        by_safe_norm_omega_alone = by_perp_2_where_zero * sqrt(perp_2_per_length / perp_2_reach + 1)
        by_of_perp_2 += by_perp_2_per_length / perp_2_reach
        by_perp_2_reach += -by_perp_2_per_length * of_perp_2 / perp_2_reach**2
        by_safe_norm_omega_alone += by_perp_2_reach * where(
            ((safe_norm_omega_alone**2) > (0)), 1, 0
        )
        by_norm_omega_alone = by_safe_norm_omega_alone * where(((norm_omega_alone) > (0)), 1, 0)
        by_norm_omega += by_norm_omega_alone * where(((of_perp_2) > (0)), 0, 1)
        by_of_perp_2 += by_safe_perp_2 * where(((of_perp_2) > (0)), 1, 0)
        by_hypotenuse = by_norm_omega * where(
            (((of_balance) >= (0)) | ((divisor) <= (0))),
            0,
            sqrt(2) * sqrt(of_eta_w) / sqrt(safe_divisor),
        )
        by_of_eta_u += by_norm_omega * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)), -sqrt(2) * sqrt(safe_divisor) / (4 * sqrt(of_eta_u) ** 3), 0
            ),
        )
        by_of_eta_w += by_norm_omega * where(
            (((of_balance) >= (0)) | ((divisor) <= (0))),
            0,
            sqrt(2) * hypotenuse / (2 * sqrt(of_eta_w) * sqrt(safe_divisor)),
        )
        by_safe_divisor = by_norm_omega * where(
            ((divisor) <= (0)),
            0,
            where(
                ((of_balance) >= (0)),
                sqrt(2) / (4 * sqrt(of_eta_u) * sqrt(safe_divisor)),
                -sqrt(2) * sqrt(of_eta_w) * hypotenuse / (2 * sqrt(safe_divisor) ** 3),
            ),
        )
        by_divisor = by_safe_divisor * where(((divisor) > (0)), 1, 0)
        by_root = by_divisor
        by_size_balance = by_divisor
        by_aspect = aspect * by_root * long / sqrt(aspect**2 + 1)
        by_long = by_root * sqrt(aspect**2 + 1)
        by_safe_long = -by_aspect * short / safe_long**2
        by_short = by_aspect / safe_long
        by_long += by_safe_long * where(((long) > (0)), 1, 0)
        by_length = by_short * where(((length) < (size_balance)), 1, 0)
        by_size_balance += by_short * where(((length) < (size_balance)), 0, 1)
        by_length += by_long * where(((length) > (size_balance)), 1, 0)
        by_size_balance += by_long * where(((length) > (size_balance)), 0, 1)
        by_hypotenuse += 2 * by_length * sqrt(of_eta_u * of_eta_w)
        by_of_eta_u += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_u
        by_of_eta_w += by_length * hypotenuse * sqrt(of_eta_u * of_eta_w) / of_eta_w
        by_of_balance += by_size_balance * where(((of_balance) >= (0)), 1, -1)
        by_gram_where_zero = by_hypotenuse * where(
            ((of_gram) > (0)), 0, where(((size_overlap_alone) > (0)), 1, 0)
        )
        by_safe_gram = by_hypotenuse * where(
            ((of_gram) > (0)), 1 / (2 * sqrt(safe_gram + size_overlap**2)), 0
        )
        by_size_overlap = by_hypotenuse * where(
            ((of_gram) > (0)), size_overlap / sqrt(safe_gram + size_overlap**2), 0
        )
        by_gram_per_length = (
            by_gram_where_zero
            * safe_size_overlap_alone
            / (2 * gram_reach * sqrt(gram_per_length / gram_reach + 1))
        )
        by_gram_reach = (
            -by_gram_where_zero
            * gram_per_length
            * safe_size_overlap_alone
            / (2 * gram_reach**2 * sqrt(gram_per_length / gram_reach + 1))
        )
        by_safe_size_overlap_alone = by_gram_where_zero * sqrt(gram_per_length / gram_reach + 1)
        by_gram_reach += -by_gram_per_length * of_gram / gram_reach**2
        by_of_gram += by_gram_per_length / gram_reach
        by_safe_size_overlap_alone += by_gram_reach * where(
            ((safe_size_overlap_alone**2) > (0)), 1, 0
        )
        by_size_overlap_alone = by_safe_size_overlap_alone * where(
            ((size_overlap_alone) > (0)), 1, 0
        )
        by_size_overlap += by_size_overlap_alone * where(((of_gram) > (0)), 0, 1)
        by_of_gram += by_safe_gram * where(((of_gram) > (0)), 1, 0)
        by_overlap = by_size_overlap * where(((overlap) > (0)), 1, where(((overlap) < (0)), -1, 0))
        by_by_gain = by_overlap * where(((total) > (0)), one / safe_total, 1)
        by_by_output = by_overlap * where(((total) > (0)), other_share / safe_total, 0)
        by_one = by_overlap * where(((total) > (0)), by_gain / safe_total, 0)
        by_other_share = by_overlap * where(((total) > (0)), by_output / safe_total, 0)
        by_safe_total = by_overlap * where(
            ((total) > (0)),
            -by_gain * one / safe_total**2 - by_output * other_share / safe_total**2,
            0,
        )
        by_total = by_safe_total * where(((total) > (0)), 1, 0)
        by_one += by_total
        by_other_share += by_total
        by_gained = by_other_share * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_by_output += (
            by_one
            * where(((by_output) > (0)), 1, where(((by_output) < (0)), -1, 0))
            * abs(of_overlap_0)
            / safe_terms
        )
        by_of_overlap_0 += (
            by_one
            * where(((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0))
            * abs(by_output)
            / safe_terms
        )
        by_safe_terms = -by_one * abs(by_output) * abs(of_overlap_0) / safe_terms**2
        by_terms = by_safe_terms * where(((terms) > (0)), 1, 0)
        by_gained += by_terms * where(((gained) > (0)), 1, where(((gained) < (0)), -1, 0))
        by_of_overlap_0 += by_terms * where(
            ((of_overlap_0) > (0)), 1, where(((of_overlap_0) < (0)), -1, 0)
        )
        by_gained += by_by_gain
        by_of_overlap_0 += by_by_gain
        by_at_decay = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up = by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d * at_decayed * (at_decay + 1) / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d * at_decayed * (at_decay + 1) / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_gained * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_at_f = by_by_output * where(((scale) != (0)), 1 / safe_scale, 0)
        by_safe_scale = by_by_output * where(((scale) != (0)), -at_f / safe_scale**2, 0)
        by_scale = by_safe_scale * where(((scale) != (0)), 1, 0)
        by_of_gamma += by_scale * of_rho
        by_of_rho += by_scale * of_gamma
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[17] += by_of_balance
    by_known[19] += by_of_gram
    by_known[22] += by_of_overlap_0
    by_known[23] += by_of_perp_2


@kernel
def pull_kernel_x(times, known, cotangents, by_known, by_times):
    """Of: Tangent kernel K(x, x) at the effective point."""
    time = known[24]
    of_lam = known[10]
    of_A_P = known[11]
    of_A_Q = known[12]
    by_of_lam = 0.0
    by_of_A_P = 0.0
    by_of_A_Q = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_f = state[4]
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
        by_kernel_x = cotangents[i]
        by_radical = 2 * by_kernel_x
        by_along = by_radical * where(((square) > (0)), along / sqrt(along**2 + safe_square), 0)
        by_safe_square = by_radical * where(
            ((square) > (0)), 1 / (2 * sqrt(along**2 + safe_square)), 0
        )
        by_square_where_zero = by_radical * where(
            ((square) > (0)), 0, where(((along_alone) > (0)), 1, 0)
        )
        by_safe_along_alone = by_square_where_zero * sqrt(square_per_length / square_reach + 1)
        by_square_per_length = (
            by_square_where_zero
            * safe_along_alone
            / (2 * square_reach * sqrt(square_per_length / square_reach + 1))
        )
        by_square_reach = (
            -by_square_where_zero
            * safe_along_alone
            * square_per_length
            / (2 * square_reach**2 * sqrt(square_per_length / square_reach + 1))
        )
        by_square = by_square_per_length / square_reach
        by_square_reach += -by_square_per_length * square / square_reach**2
        by_safe_along_alone += by_square_reach * where(((safe_along_alone**2) > (0)), 1, 0)
        by_along_alone = by_safe_along_alone * where(((along_alone) > (0)), 1, 0)
        by_along += by_along_alone * where(((square) > (0)), 0, 1)
        by_square += by_safe_square * where(((square) > (0)), 1, 0)
        by_at_f = (
            by_along
            * of_lam
            * where(((at_f * of_lam) > (0)), 1, where(((at_f * of_lam) < (0)), -1, 0))
        )
        by_of_lam += (
            by_along
            * at_f
            * where(((at_f * of_lam) > (0)), 1, where(((at_f * of_lam) < (0)), -1, 0))
        )
        by_of_A_P += 4 * of_A_Q * by_square
        by_of_A_Q += 4 * of_A_P * by_square
        by_times[i] = _pull_state(t, known, 0.0, 0.0, 0.0, 0.0, by_at_f, 0.0, by_known) * time
    by_known[10] += by_of_lam
    by_known[11] += by_of_A_P
    by_known[12] += by_of_A_Q


@kernel
def pull_kernel_change(times, known, cotangents, by_known, by_times):
    """Of: Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start."""
    time = known[24]
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
    by_of_gamma = 0.0
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_rho = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_f_0 = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_A_P = 0.0
    by_of_A_Q = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_f = state[4]
        at_decayed = state[5]
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
        by_change = cotangents[i]
        by_by_output = by_change * where(((of_lam) != (0)), 1, 0)
        by_by_weights = by_change * where(((of_lam) != (0)), 0, 1)
        by_at_decay = by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed * (of_P / decay_up**2 - of_Q) / safe_both,
                at_decayed * (-of_P + of_Q / decay_down**2) / safe_both,
            ),
            0,
        )
        by_at_decayed = by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                (at_decay + 1) * (of_P / decay_up**2 - of_Q) / safe_both,
                (-of_P + of_Q / decay_down**2) * (at_decay + 1) / safe_both,
            ),
            0,
        )
        by_decay_down = by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                0,
                -2
                * of_Q
                * at_decayed
                * (at_decay + 1)
                / ((decay_down * decay_down**2) * safe_both),
            ),
            0,
        )
        by_decay_up = by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                -2 * of_P * at_decayed * (at_decay + 1) / ((decay_up * decay_up**2) * safe_both),
                0,
            ),
            0,
        )
        by_of_P += by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                at_decayed * (at_decay + 1) / (decay_up**2 * safe_both),
                -at_decayed * (at_decay + 1) / safe_both,
            ),
            0,
        )
        by_of_Q += by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                -at_decayed * (at_decay + 1) / safe_both,
                at_decayed * (at_decay + 1) / (decay_down**2 * safe_both),
            ),
            0,
        )
        by_safe_both = by_by_weights * where(
            ((both) > (0)),
            where(
                ((of_lam * of_residual_0) <= (0)),
                -at_decayed * (at_decay + 1) * (of_P / decay_up**2 - of_Q) / safe_both**2,
                -at_decayed * (-of_P + of_Q / decay_down**2) * (at_decay + 1) / safe_both**2,
            ),
            0,
        )
        by_at_f = by_by_output * where(
            ((kernel_0) > (0)),
            4 * of_lam**2 * rise / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_kernel_x = by_by_output * where(
            ((kernel_0) > (0)),
            -4
            * of_lam**2
            * rise
            * (at_f + of_f_0)
            / (safe_kernel_0 * (kernel_x + safe_kernel_0) ** 2),
            0,
        )
        by_of_f_0 += by_by_output * where(
            ((kernel_0) > (0)),
            4 * of_lam**2 * rise / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_of_lam += by_by_output * where(
            ((kernel_0) > (0)),
            8 * of_lam * rise * (at_f + of_f_0) / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_rise = by_by_output * where(
            ((kernel_0) > (0)),
            4 * of_lam**2 * (at_f + of_f_0) / (safe_kernel_0 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_safe_kernel_0 = by_by_output * where(
            ((kernel_0) > (0)),
            -4
            * of_lam**2
            * rise
            * (at_f + of_f_0)
            / (safe_kernel_0 * (kernel_x + safe_kernel_0) ** 2)
            - 4
            * of_lam**2
            * rise
            * (at_f + of_f_0)
            / (safe_kernel_0**2 * (kernel_x + safe_kernel_0)),
            0,
        )
        by_both = by_safe_both * where(((both) > (0)), 1, 0)
        by_of_P += by_both
        by_of_Q += by_both
        by_kernel_0 = by_safe_kernel_0 * where(((kernel_0) > (0)), 1, 0)
        by_of_A_P += 2 * by_kernel_0
        by_of_A_Q += 2 * by_kernel_0
        by_radical = 2 * by_kernel_x
        by_along = by_radical * where(((square) > (0)), along / sqrt(along**2 + safe_square), 0)
        by_safe_square = by_radical * where(
            ((square) > (0)), 1 / (2 * sqrt(along**2 + safe_square)), 0
        )
        by_square_where_zero = by_radical * where(
            ((square) > (0)), 0, where(((along_alone) > (0)), 1, 0)
        )
        by_safe_along_alone = by_square_where_zero * sqrt(square_per_length / square_reach + 1)
        by_square_per_length = (
            by_square_where_zero
            * safe_along_alone
            / (2 * square_reach * sqrt(square_per_length / square_reach + 1))
        )
        by_square_reach = (
            -by_square_where_zero
            * safe_along_alone
            * square_per_length
            / (2 * square_reach**2 * sqrt(square_per_length / square_reach + 1))
        )
        by_square = by_square_per_length / square_reach
        by_square_reach += -by_square_per_length * square / square_reach**2
        by_safe_along_alone += by_square_reach * where(((safe_along_alone**2) > (0)), 1, 0)
        by_along_alone = by_safe_along_alone * where(((along_alone) > (0)), 1, 0)
        by_along += by_along_alone * where(((square) > (0)), 0, 1)
        by_square += by_safe_square * where(((square) > (0)), 1, 0)
        by_at_f += (
            by_along
            * of_lam
            * where(((at_f * of_lam) > (0)), 1, where(((at_f * of_lam) < (0)), -1, 0))
        )
        by_of_lam += (
            by_along
            * at_f
            * where(((at_f * of_lam) > (0)), 1, where(((at_f * of_lam) < (0)), -1, 0))
        )
        by_of_A_P += 4 * of_A_Q * by_square
        by_of_A_Q += 4 * of_A_P * by_square
        by_at_decay += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_gamma
            * of_rho
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * of_gamma
            * of_rho
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decayed += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_decay_down += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            0,
            2
            * of_Q
            * of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / ((decay_down * decay_down**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_decay_up += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            -2
            * of_P
            * of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / ((decay_up * decay_up**2) * sqrt(of_eta_u) * sqrt(of_eta_w)),
            0,
        )
        by_of_P += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / (sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_Q += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / (sqrt(of_eta_u) * sqrt(of_eta_w)),
            -of_d
            * at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w)),
        )
        by_of_eta_u += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                - of_Q * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) ** 3 * sqrt(of_eta_w))
            ),
        )
        by_of_eta_w += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                -of_P * of_d / (2 * decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                - of_Q * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
            at_decayed
            * of_gamma
            * of_rho
            * (at_decay + 1)
            * (
                of_P * of_d / (2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
                + of_Q * of_d / (2 * decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w) ** 3)
            ),
        )
        by_of_gamma += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_rho
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * of_rho
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_of_rho += by_rise * where(
            ((of_lam * of_residual_0) <= (0)),
            at_decayed
            * of_gamma
            * (at_decay + 1)
            * (
                of_P * of_d / (decay_up**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
                + of_Q * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
            at_decayed
            * of_gamma
            * (at_decay + 1)
            * (
                -of_P * of_d / (sqrt(of_eta_u) * sqrt(of_eta_w))
                - of_Q * of_d / (decay_down**2 * sqrt(of_eta_u) * sqrt(of_eta_w))
            ),
        )
        by_at_decay += by_decay_down * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), 1, 0
        )
        by_at_decay += by_decay_up * where(
            (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), 1, 0
        )
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, by_at_f, by_at_decayed, by_known)
            * time
        )
    by_known[0] += by_of_gamma
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[3] += by_of_rho
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[8] += by_of_f_0
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[11] += by_of_A_P
    by_known[12] += by_of_A_Q


@kernel
def pull_distance_u(times, known, cotangents, by_known, by_times):
    """Of: Distance ‖u(t) − u(0)‖ of the second layer from its start."""
    time = known[24]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_norm_omega_0_2 = known[20]
    of_overlap_0 = known[22]
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_norm_omega_0_2 = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_decayed = state[5]
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
        by_distance = cotangents[i]
        by_at_decayed = by_distance * where(((square) > (0)), sqrt(safe_square), 0)
        by_safe_square = by_distance * where(
            ((square) > (0)), at_decayed / (2 * sqrt(safe_square)), 0
        )
        by_square = by_safe_square * where(((square) > (0)), 1, 0)
        by_cross = 2 * by_square * gap
        by_gap = by_square * (2 * cross + 2 * gap * grown)
        by_grown = by_square * gap**2
        by_other = by_square
        by_of_eta_u += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            of_norm_omega_0_2 / (4 * of_eta_w)
            + (sqrt(of_eta_u) * of_norm_omega_0_2 + sqrt(of_eta_w) * of_overlap_0)
            / (4 * sqrt(of_eta_u) * of_eta_w),
            of_norm_omega_0_2 / (4 * of_eta_w)
            + (sqrt(of_eta_u) * of_norm_omega_0_2 - sqrt(of_eta_w) * of_overlap_0)
            / (4 * sqrt(of_eta_u) * of_eta_w),
        )
        by_of_eta_w += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            -sqrt(of_eta_u)
            * (sqrt(of_eta_u) * of_norm_omega_0_2 + sqrt(of_eta_w) * of_overlap_0)
            / (2 * of_eta_w**2)
            + sqrt(of_eta_u) * of_overlap_0 / (4 * sqrt(of_eta_w) ** 3),
            -sqrt(of_eta_u)
            * (sqrt(of_eta_u) * of_norm_omega_0_2 - sqrt(of_eta_w) * of_overlap_0)
            / (2 * of_eta_w**2)
            - sqrt(of_eta_u) * of_overlap_0 / (4 * sqrt(of_eta_w) ** 3),
        )
        by_of_norm_omega_0_2 += by_cross * of_eta_u / (2 * of_eta_w)
        by_of_overlap_0 += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            sqrt(of_eta_u) / (2 * sqrt(of_eta_w)),
            -sqrt(of_eta_u) / (2 * sqrt(of_eta_w)),
        )
        by_of_P += by_grown * where(((of_lam * of_residual_0) <= (0)), of_d / of_eta_w, 0)
        by_of_Q += by_grown * where(((of_lam * of_residual_0) <= (0)), 0, of_d / of_eta_w)
        by_of_eta_w += by_grown * where(
            ((of_lam * of_residual_0) <= (0)),
            -of_P * of_d / of_eta_w**2,
            -of_Q * of_d / of_eta_w**2,
        )
        by_of_eta_u += by_other * of_norm_omega_0_2 / of_eta_w
        by_of_eta_w += -by_other * of_eta_u * of_norm_omega_0_2 / of_eta_w**2
        by_of_norm_omega_0_2 += by_other * of_eta_u / of_eta_w
        by_at_decayed += by_gap / safe_decay
        by_safe_decay = -by_gap * at_decayed / safe_decay**2
        by_at_decay = by_safe_decay * where(((at_decay) > (0)), 1, 0)
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, 0.0, by_at_decayed, by_known) * time
        )
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[20] += by_of_norm_omega_0_2
    by_known[22] += by_of_overlap_0


@kernel
def pull_distance_W(times, known, cotangents, by_known, by_times):
    """Of: Distance ‖W(t) − W(0)‖ of the first layer from its start."""
    time = known[24]
    of_eta_u = known[1]
    of_eta_w = known[2]
    of_d = known[5]
    of_P = known[6]
    of_Q = known[7]
    of_residual_0 = known[9]
    of_lam = known[10]
    of_norm_u_0_2 = known[21]
    of_overlap_0 = known[22]
    by_of_eta_u = 0.0
    by_of_eta_w = 0.0
    by_of_d = 0.0
    by_of_P = 0.0
    by_of_Q = 0.0
    by_of_residual_0 = 0.0
    by_of_lam = 0.0
    by_of_norm_u_0_2 = 0.0
    by_of_overlap_0 = 0.0
    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)
        at_decay = state[1]
        at_decayed = state[5]
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
        by_distance = cotangents[i]
        by_at_decayed = by_distance * where(((square) > (0)), sqrt(safe_square), 0)
        by_safe_square = by_distance * where(
            ((square) > (0)), at_decayed / (2 * sqrt(safe_square)), 0
        )
        by_square = by_safe_square * where(((square) > (0)), 1, 0)
        by_cross = 2 * by_square * gap
        by_gap = by_square * (2 * cross + 2 * gap * grown)
        by_grown = by_square * gap**2
        by_other = by_square
        by_of_eta_u += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            -sqrt(of_eta_w)
            * (sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
            / (2 * of_eta_u**2)
            + sqrt(of_eta_w) * of_overlap_0 / (4 * sqrt(of_eta_u) ** 3),
            -sqrt(of_eta_w)
            * (-sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
            / (2 * of_eta_u**2)
            - sqrt(of_eta_w) * of_overlap_0 / (4 * sqrt(of_eta_u) ** 3),
        )
        by_of_eta_w += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            of_norm_u_0_2 / (4 * of_eta_u)
            + (sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
            / (4 * of_eta_u * sqrt(of_eta_w)),
            of_norm_u_0_2 / (4 * of_eta_u)
            + (-sqrt(of_eta_u) * of_overlap_0 + sqrt(of_eta_w) * of_norm_u_0_2)
            / (4 * of_eta_u * sqrt(of_eta_w)),
        )
        by_of_norm_u_0_2 += by_cross * of_eta_w / (2 * of_eta_u)
        by_of_overlap_0 += by_cross * where(
            ((of_lam * of_residual_0) <= (0)),
            sqrt(of_eta_w) / (2 * sqrt(of_eta_u)),
            -sqrt(of_eta_w) / (2 * sqrt(of_eta_u)),
        )
        by_of_P += by_grown * where(((of_lam * of_residual_0) <= (0)), of_d / of_eta_u, 0)
        by_of_Q += by_grown * where(((of_lam * of_residual_0) <= (0)), 0, of_d / of_eta_u)
        by_of_eta_u += by_grown * where(
            ((of_lam * of_residual_0) <= (0)),
            -of_P * of_d / of_eta_u**2,
            -of_Q * of_d / of_eta_u**2,
        )
        by_of_eta_u += -by_other * of_eta_w * of_norm_u_0_2 / of_eta_u**2
        by_of_eta_w += by_other * of_norm_u_0_2 / of_eta_u
        by_of_norm_u_0_2 += by_other * of_eta_w / of_eta_u
        by_at_decayed += by_gap / safe_decay
        by_safe_decay = -by_gap * at_decayed / safe_decay**2
        by_at_decay = by_safe_decay * where(((at_decay) > (0)), 1, 0)
        by_times[i] = (
            _pull_state(t, known, 0.0, by_at_decay, 0.0, 0.0, 0.0, by_at_decayed, by_known) * time
        )
    by_known[1] += by_of_eta_u
    by_known[2] += by_of_eta_w
    by_known[5] += by_of_d
    by_known[6] += by_of_P
    by_known[7] += by_of_Q
    by_known[9] += by_of_residual_0
    by_known[10] += by_of_lam
    by_known[21] += by_of_norm_u_0_2
    by_known[22] += by_of_overlap_0


@kernel
def pull_alpha(times, known, cotangents, by_known, by_times):
    """Of: Entry alpha of the state."""
    time = known[24]

    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)

        by_at_alpha = cotangents[i]
        by_times[i] = _pull_state(t, known, by_at_alpha, 0.0, 0.0, 0.0, 0.0, 0.0, by_known) * time


@kernel
def pull_output(times, known, cotangents, by_known, by_times):
    """Of: Entry f of the state."""
    time = known[24]

    for i in range(times.size):
        t = times[i] * time
        state = _state(t, known)

        by_at_f = cotangents[i]
        by_times[i] = _pull_state(t, known, 0.0, 0.0, 0.0, 0.0, by_at_f, 0.0, by_known) * time
