"""Exact gradient flow of the two-layer linear network. In machine code, for many networks at once.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: b7a59c9728549819.

The formulas are those of `numeric.generated.linear`, documented there. `known` holds blocks of LANES
networks: of each entry of KNOWN the numbers of all of them. A loop `over_…` writes an observable of
networks from `start` to `stop` at all times; `step` is the number of times where each network has its
own, else 0. NaN stands where it does not vouch for an answer, as in `numeric.generated.compiled.linear`.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import nan

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import exp, forced, held, mean_decay, pair, sqrt, where
from numeric.generated.compiled.linear import KNOWN as OF_ONE
from numeric.generated.compiled.linear import Constants

LANES = 64  # networks side by side
KNOWN = (*OF_ONE, "factor", "low", "high")
WIDE = len(KNOWN)
TOGETHER = 16  # times


@forced
def keep(c, known, place, rests, rest):
    """Write double-double constants of a network to its place."""
    known[place + 0 * LANES], rests[rest + 0 * LANES] = c.gamma.hi, c.gamma.lo
    known[place + 1 * LANES], rests[rest + 1 * LANES] = c.eta_u.hi, c.eta_u.lo
    known[place + 2 * LANES], rests[rest + 2 * LANES] = c.eta_w.hi, c.eta_w.lo
    known[place + 3 * LANES], rests[rest + 3 * LANES] = c.rho.hi, c.rho.lo
    known[place + 4 * LANES], rests[rest + 4 * LANES] = c.y.hi, c.y.lo
    known[place + 5 * LANES], rests[rest + 5 * LANES] = c.d.hi, c.d.lo
    known[place + 6 * LANES], rests[rest + 6 * LANES] = c.P.hi, c.P.lo
    known[place + 7 * LANES], rests[rest + 7 * LANES] = c.Q.hi, c.Q.lo
    known[place + 8 * LANES], rests[rest + 8 * LANES] = c.f_0.hi, c.f_0.lo
    known[place + 9 * LANES], rests[rest + 9 * LANES] = c.residual_0.hi, c.residual_0.lo
    known[place + 10 * LANES], rests[rest + 10 * LANES] = c.lam.hi, c.lam.lo
    known[place + 11 * LANES], rests[rest + 11 * LANES] = c.A_P.hi, c.A_P.lo
    known[place + 12 * LANES], rests[rest + 12 * LANES] = c.A_Q.hi, c.A_Q.lo
    known[place + 13 * LANES], rests[rest + 13 * LANES] = c.B.hi, c.B.lo
    known[place + 14 * LANES], rests[rest + 14 * LANES] = c.R.hi, c.R.lo
    known[place + 15 * LANES], rests[rest + 15 * LANES] = c.r_plus.hi, c.r_plus.lo
    known[place + 16 * LANES], rests[rest + 16 * LANES] = c.r_minus.hi, c.r_minus.lo


@forced
def load(known, place, rests, rest):
    """Double-double constants of a network from its place."""
    return Constants(
        pair(known[place + 0 * LANES], rests[rest + 0 * LANES]),
        pair(known[place + 1 * LANES], rests[rest + 1 * LANES]),
        pair(known[place + 2 * LANES], rests[rest + 2 * LANES]),
        pair(known[place + 3 * LANES], rests[rest + 3 * LANES]),
        pair(known[place + 4 * LANES], rests[rest + 4 * LANES]),
        pair(known[place + 5 * LANES], rests[rest + 5 * LANES]),
        pair(known[place + 6 * LANES], rests[rest + 6 * LANES]),
        pair(known[place + 7 * LANES], rests[rest + 7 * LANES]),
        pair(known[place + 8 * LANES], rests[rest + 8 * LANES]),
        pair(known[place + 9 * LANES], rests[rest + 9 * LANES]),
        pair(known[place + 10 * LANES], rests[rest + 10 * LANES]),
        pair(known[place + 11 * LANES], rests[rest + 11 * LANES]),
        pair(known[place + 12 * LANES], rests[rest + 12 * LANES]),
        pair(known[place + 13 * LANES], rests[rest + 13 * LANES]),
        pair(known[place + 14 * LANES], rests[rest + 14 * LANES]),
        pair(known[place + 15 * LANES], rests[rest + 15 * LANES]),
        pair(known[place + 16 * LANES], rests[rest + 16 * LANES]),
    )


@kernel
def over_residual(times, step, known, start, stop, out):
    """Residual f − y."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_y = known[at + 4 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_loss(times, step, known, start, stop, out):
    """Loss of what was given: a point (floor 0) or a data set."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_y = known[at + 4 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_floor = known[at + 18 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_overlap(times, step, known, start, stop, out):
    """Overlap u·ω of the two layers."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_alignment(times, step, known, start, stop, out):
    """Alignment ζ, the cosine of u and W x."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_gram = known[at + 19 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    safe_size_overlap_alone = where(
                        ((size_overlap_alone) > (0)), size_overlap_alone, 1
                    )
                    gram_reach = where(
                        ((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1
                    )
                    gram_per_length = of_gram / gram_reach
                    gram_where_zero = safe_size_overlap_alone * sqrt(
                        gram_per_length / gram_reach + 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_alignment_slope(times, step, known, start, stop, out):
    """Slope dζ/dα of the alignment."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_gram = known[at + 19 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    safe_size_overlap_alone = where(
                        ((size_overlap_alone) > (0)), size_overlap_alone, 1
                    )
                    gram_reach = where(
                        ((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1
                    )
                    gram_per_length = of_gram / gram_reach
                    gram_where_zero = safe_size_overlap_alone * sqrt(
                        gram_per_length / gram_reach + 1
                    )
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
                            + of_Q
                            * of_d
                            * (at_decay**2) ** 2
                            / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                        ),
                        sine_2
                        * (
                            of_P * of_d / (apart * sqrt(of_eta_u) * sqrt(of_eta_w))
                            + of_Q
                            * of_d
                            / (apart * sqrt(of_eta_u) * sqrt(of_eta_w) * (fallen**2) ** 2)
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_norm_u(times, step, known, start, stop, out):
    """Norm ‖u‖ of the second layer."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_balance = known[at + 17 * LANES + k]
                    of_gram = known[at + 19 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    safe_size_overlap_alone = where(
                        ((size_overlap_alone) > (0)), size_overlap_alone, 1
                    )
                    gram_reach = where(
                        ((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1
                    )
                    gram_per_length = of_gram / gram_reach
                    gram_where_zero = safe_size_overlap_alone * sqrt(
                        gram_per_length / gram_reach + 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_norm_omega(times, step, known, start, stop, out):
    """Norm ‖ω‖ of the first layer along the data."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_balance = known[at + 17 * LANES + k]
                    of_gram = known[at + 19 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    safe_size_overlap_alone = where(
                        ((size_overlap_alone) > (0)), size_overlap_alone, 1
                    )
                    gram_reach = where(
                        ((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1
                    )
                    gram_per_length = of_gram / gram_reach
                    gram_where_zero = safe_size_overlap_alone * sqrt(
                        gram_per_length / gram_reach + 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_norm_W(times, step, known, start, stop, out):
    """Frobenius norm ‖W‖ of the first layer."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_balance = known[at + 17 * LANES + k]
                    of_gram = known[at + 19 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    of_perp_2 = known[at + 23 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    safe_size_overlap_alone = where(
                        ((size_overlap_alone) > (0)), size_overlap_alone, 1
                    )
                    gram_reach = where(
                        ((safe_size_overlap_alone**2) > (0)), safe_size_overlap_alone, 1
                    )
                    gram_per_length = of_gram / gram_reach
                    gram_where_zero = safe_size_overlap_alone * sqrt(
                        gram_per_length / gram_reach + 1
                    )
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
                    perp_2_reach = where(
                        ((safe_norm_omega_alone**2) > (0)), safe_norm_omega_alone, 1
                    )
                    perp_2_per_length = of_perp_2 / perp_2_reach
                    perp_2_where_zero = safe_norm_omega_alone * sqrt(
                        perp_2_per_length / perp_2_reach + 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_kernel_x(times, step, known, start, stop, out):
    """Tangent kernel K(x, x) at the effective point."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_y = known[at + 4 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    square_where_zero = safe_along_alone * sqrt(
                        square_per_length / square_reach + 1
                    )
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_kernel_change(times, step, known, start, stop, out):
    """Relative change K(x, x)/K₀(x, x) − 1 of the tangent kernel since the start."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_gamma = known[at + 0 * LANES + k]
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_rho = known[at + 3 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    decay_up = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) <= (0))), at_decay, 1
                    )
                    decay_down = where(
                        (((at_decay) > (0)) & ((of_lam * of_residual_0) > (0))), at_decay, 1
                    )
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
                    square_where_zero = safe_along_alone * sqrt(
                        square_per_length / square_reach + 1
                    )
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
                            at_decayed
                            * (-of_P + of_Q / decay_down**2)
                            * (at_decay + 1)
                            / safe_both,
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_distance_u(times, step, known, start, stop, out):
    """Distance ‖u(t) − u(0)‖ of the second layer from its start."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_norm_omega_0_2 = known[at + 20 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                        ((of_lam * of_residual_0) <= (0)),
                        of_P * of_d / of_eta_w,
                        of_Q * of_d / of_eta_w,
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_distance_W(times, step, known, start, stop, out):
    """Distance ‖W(t) − W(0)‖ of the first layer from its start."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_eta_u = known[at + 1 * LANES + k]
                    of_eta_w = known[at + 2 * LANES + k]
                    of_y = known[at + 4 * LANES + k]
                    of_d = known[at + 5 * LANES + k]
                    of_P = known[at + 6 * LANES + k]
                    of_Q = known[at + 7 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    of_norm_u_0_2 = known[at + 21 * LANES + k]
                    of_overlap_0 = known[at + 22 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                        ((of_lam * of_residual_0) <= (0)),
                        of_P * of_d / of_eta_u,
                        of_Q * of_d / of_eta_u,
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_alpha(times, step, known, start, stop, out):
    """Entry alpha of the state."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_y = known[at + 4 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful


@kernel
def over_output(times, step, known, start, stop, out):
    """Entry f of the state."""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = (
                        known[at + 24 * LANES + k],
                        known[at + 25 * LANES + k],
                        known[at + 26 * LANES + k],
                        known[at + 27 * LANES + k],
                    )
                    factor, low, high = (
                        known[at + 28 * LANES + k],
                        known[at + 29 * LANES + k],
                        known[at + 30 * LANES + k],
                    )
                    of_y = known[at + 4 * LANES + k]
                    of_f_0 = known[at + 8 * LANES + k]
                    of_residual_0 = known[at + 9 * LANES + k]
                    of_lam = known[at + 10 * LANES + k]
                    of_A_P = known[at + 11 * LANES + k]
                    of_A_Q = known[at + 12 * LANES + k]
                    of_B = known[at + 13 * LANES + k]
                    of_R = known[at + 14 * LANES + k]
                    of_r_plus = known[at + 15 * LANES + k]
                    of_r_minus = known[at + 16 * LANES + k]
                    t = moments[k] * time
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
                    at_lesser = where(
                        ((of_lam * of_residual_0) <= (0)), at_denominator, at_numerator
                    )
                    at_greater = where(
                        ((of_lam * of_residual_0) <= (0)), at_numerator, at_denominator
                    )
                    at_decay = sqrt(at_lesser / at_greater)
                    at_growth = (
                        -4
                        * of_lam
                        * of_residual_0
                        * at_tau
                        / (sqrt(at_denominator) * sqrt(at_numerator))
                    )
                    at_residual_ratio = 4 * at_E / (at_denominator * at_numerator)
                    at_safe_lam = where(((of_lam) != (0)), of_lam, 1)
                    at_progress = (
                        4 * of_A_P * at_tau / at_denominator + 4 * of_A_Q * at_tau / at_numerator
                    )
                    at_by_target = of_f_0 * at_residual_ratio + at_progress * of_y
                    at_by_alpha = of_A_P * at_numerator / (
                        at_denominator * at_safe_lam
                    ) - of_A_Q * at_denominator / (at_numerator * at_safe_lam)
                    at_size_by_target = abs(of_f_0 * at_residual_ratio) + abs(at_progress * of_y)
                    at_size_by_alpha = abs(
                        of_A_P * at_numerator / (at_denominator * at_safe_lam)
                    ) + abs(of_A_Q * at_denominator / (at_numerator * at_safe_lam))
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
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful
