"""What answers at times feel of the output on the way: weights of its coefficients on each step.

At a fixed place x in warped time R = |y − f| changes by δR, and at a fixed time, with K = −dR/dx and
τ = ∫ dx/R,

    δR(t) = δR − K R (δτ + ∫ δR/R² dx).

Next to the equilibrium the terms cancel. After an integration by parts, with ψ = δR/K,

    δR(t) = K R (ψ/R at x₁ − ∫₀^{x₁} δR/R² dx + ∫_{x₁} ψ′/R dx − δτ),

and nothing does, however small R is. So it goes by the first form up to x₁, the last place up to which
that loses little, and by the second beyond; at the end R = e G(e), and the last integral has a logarithm.
All this is linear in δR, which on each step is a polynomial in z; what stands before its coefficients is
what is found here.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, fma
from numeric.compiled.taylor import layout
from numeric.compiled.taylor.clock import step_behind
from numeric.compiled.taylor.layout import TERMS
from numeric.compiled.taylor.legendre import (
    GAUSS,
    NODES,
    WEIGHTS,
    add_until,
    is_smooth,
    weights_of,
)
from numeric.compiled.taylor.moments import LATEST, late_part, on_piece, piece_at
from numeric.compiled.taylor.polynomials import ORDER, gain, value

# What is found beside weights: cotangents of y, of M and of the floor in M R² + floor, and of the scale
# of the output by its logarithm, the neurons' ways unchanged.
(TARGET, WEIGHT, FLOOR, SCALE) = range(4)
NUMBERS = 4
LOST, ROUGH = 1, 2  # why there is no answer: a time, or 1/K is not smooth
LOSES = 4.0  # digits by so much, up to which the first form goes
HALVINGS = 5  # of a piece


@call
def place_of(known, steps, pieces, time, k):
    """The piece of a time, where on it, and R; beyond the pieces e in units of the last stretch.

    Also the piece to look from next time.
    """
    made, largest = int(known[layout.PIECES]), abs(known[layout.RESIDUAL])
    tau = min(time * known[layout.RATE], LATEST)
    if not time >= 0:
        return 0, 0.0, math.nan, k
    if tau == 0:
        return 0, pieces[0, layout.FIRST], largest, k
    if math.isinf(time):
        return made, 0.0, 0.0, k
    if tau >= known[layout.LATE]:
        logs = pieces[pieces.shape[0] - 1, layout.OF_PIECE : layout.OF_PIECE + TERMS]
        goal = (tau - known[layout.LATE]) * known[layout.DECAY]
        part = late_part(logs, known[layout.BEYOND], goal)
        end = steps[int(known[layout.STEPS])]
        return made, part, min(gain(end[layout.OF_STEP :], part * end[layout.WIDTH]), largest), k
    k = piece_at(pieces, made, tau, k)
    z, size = on_piece(pieces[k], tau - pieces[k, layout.BEGUN])
    return k, z, min(size, largest), k


@call
def slopes(c, z):
    """First and second derivative of a polynomial."""
    found, slope, bend = c[ORDER], 0.0, 0.0
    for k in range(ORDER - 1, -1, -1):
        bend = fma(bend, z, slope)
        slope = fma(slope, z, found)
        found = fma(found, z, c[k])
    return slope, 2 * bend


@call
def kernel_at(known, steps, pieces, piece, place):
    """K, and dK/dx, at a place of a piece, or of the last stretch."""
    if piece == int(known[layout.PIECES]):
        row = steps[int(known[layout.STEPS])]
        slope, bend = slopes(row[layout.OF_STEP :], place * row[layout.WIDTH])
        return slope / row[layout.PACE], -bend / row[layout.PACE] ** 2
    of = pieces[piece]
    row = steps[int(of[layout.OF])]
    slope, bend = slopes(row[layout.OF_STEP :], of[layout.CENTRE] + of[layout.HALF] * place)
    return slope / row[layout.PACE], bend / row[layout.PACE] ** 2


@call
def left_at(known, steps, pieces, piece, place):
    """R at a place; on the last stretch R/e, in units of its length."""
    if piece == int(known[layout.PIECES]):
        row = steps[int(known[layout.STEPS])]
        e = place * row[layout.WIDTH]
        c, found = row[layout.OF_STEP :], row[layout.OF_STEP + ORDER]
        for k in range(ORDER - 1, 0, -1):
            found = fma(found, e, c[k])
        return found * row[layout.WIDTH]
    return value(pieces[piece, layout.OF_PIECE : layout.OF_PIECE + TERMS], place)


@call
def feel(known, steps, pieces, piece, place, by_value, by_slope, found):
    """Add weights of δR and dδR/dx at a place to those of its coefficients."""
    count = int(known[layout.STEPS])
    if piece == int(known[layout.PIECES]):
        row = steps[count]
        step, z = step_behind(steps, count, place * row[layout.WIDTH] * row[layout.PACE])
    else:
        of = pieces[piece]
        step, z = int(of[layout.OF]), of[layout.CENTRE] + of[layout.HALF] * place
    weights, by_slope = found[step], by_slope / steps[step, layout.PACE]
    power, below = 1.0, 0.0
    for k in range(TERMS):
        weights[k] += by_value * power + by_slope * (k * below)
        power, below = power * z, power


@call
def output_at(known, steps, pieces, piece, place):
    """The output at a place of a piece, from the start."""
    of = pieces[piece]
    row = steps[int(of[layout.OF])]
    gained = gain(row[layout.OF_STEP :], of[layout.CENTRE] + of[layout.HALF] * place)
    return known[layout.OUTPUT] + known[layout.SIGN] * (row[layout.GAINED] + gained)


@call
def switch_of(known, steps, pieces):
    """The piece from which on it goes by parts: the last at whose start the first form loses little."""
    made, so_far, found = int(known[layout.PIECES]), 0.0, 0
    for p in range(made + 1):
        is_end = p == made
        start = 1.0 if is_end else pieces[p, layout.FIRST]
        K, _ = kernel_at(known, steps, pieces, p, start)
        part = K * left_at(known, steps, pieces, p, start) * so_far
        if LOSES * abs(1 - part) >= max(1.0, part):
            found = p
        if is_end:
            break
        half = 0.5 * (1 - start)
        for g in range(NODES):
            R = left_at(known, steps, pieces, p, start + half * (GAUSS[g] + 1))
            so_far += WEIGHTS[g] * half * pieces[p, layout.SPEED] / (R * R)
    return found


@call
def at_first(known, steps, pieces, p, where, places, sizes, later, found):
    """A piece by the first form."""
    start = pieces[p, layout.FIRST]
    half = 0.5 * (1 - start)
    moments, weights = np.zeros(NODES), np.empty(NODES)
    moments[0] = 2 * later
    for i in range(where.size):
        if where[i] == p:
            add_until((places[i] - start) / half - 1, sizes[i], moments)
    weights_of(moments, weights)
    for g in range(NODES):
        place = start + half * (GAUSS[g] + 1)
        R = left_at(known, steps, pieces, p, place)
        by_value = -weights[g] * half * pieces[p, layout.SPEED] / (R * R)
        feel(known, steps, pieces, p, place, by_value, 0.0, found)


@call
def by_parts(known, steps, pieces, p, low, high, where, places, sizes, later, found):
    """A part of a piece by the second form; whether it is smooth there.

    On the last stretch, in units of e, from the nearest to the furthest: a time in it is felt from there
    up to the furthest.
    """
    is_end = p == int(known[layout.PIECES])
    end = steps[int(known[layout.STEPS])]
    speed = end[layout.PACE] * end[layout.WIDTH] if is_end else pieces[p, layout.SPEED]
    half, logs, at_end = 0.5 * (high - low), 0.0, is_end and low == 0.0
    moments, weights = np.zeros(NODES), np.empty(NODES)
    inverse, falls, R = np.empty(NODES), np.empty(NODES), np.empty(NODES)
    for g in range(NODES):
        place = low + half * (GAUSS[g] + 1)
        K, by_x = kernel_at(known, steps, pieces, p, place)
        inverse[g], falls[g] = 1 / K, by_x / (K * K)
        R[g] = left_at(known, steps, pieces, p, place)
    if not (is_smooth(inverse) and is_smooth(R)):
        return False
    moments[0] = 2 * later
    for i in range(where.size):
        if where[i] == p and sizes[i] != 0:
            place = min(max((places[i] - low) / half - 1, -1.0), 1.0)
            if is_end:  # all up to the furthest, less what is nearer
                moments[0] += 2 * sizes[i]
                add_until(place, -sizes[i], moments)
                if at_end:
                    logs += sizes[i] * -math.log(min(places[i] / high, 1.0))
            else:
                add_until(place, sizes[i], moments)
    weights_of(moments, weights)
    by_end = logs
    for g in range(NODES):
        place, by = low + half * (GAUSS[g] + 1), weights[g] * half
        by = by / place if is_end else by
        by_end -= by
        by *= speed / R[g]
        feel(known, steps, pieces, p, place, -by * falls[g], by * inverse[g], found)
    if at_end:
        K, by_x = kernel_at(known, steps, pieces, p, 0.0)
        by = by_end * speed / left_at(known, steps, pieces, p, 0.0)
        feel(known, steps, pieces, p, 0.0, -by * by_x / (K * K), by / K, found)
    return True


@call
def in_parts(known, steps, pieces, p, where, places, sizes, later, found):
    """A whole piece by the second form, in as many parts as it takes; whether these are few."""
    is_end = p == int(known[layout.PIECES])
    start = 0.0 if is_end else pieces[p, layout.FIRST]
    before = found.copy()
    for halving in range(HALVINGS):
        parts, smooth = 1 << halving, True
        for q in range(parts):
            low, high = (
                start + (1 - start) * q / parts,
                start + (1 - start) * (q + 1) / parts,
            )
            smooth = smooth and by_parts(
                known, steps, pieces, p, low, high, where, places, sizes, later, found
            )
        if smooth:
            return True
        found[:] = before
    return False


@kernel
def weigh(known, steps, pieces, t, data, cotangents, found, numbers, by_t):
    """Weights of the coefficients of δR on all steps, and cotangents of numbers.

    Args:
        known: of a solved flow.
        steps: of it.
        pieces: of it.
        t: times in a row.
        data: M, and by what a loss M R² + floor is multiplied.
        cotangents: of residual, output and loss at the times, as rows.
        found: is written, a row for each step.
        numbers: cotangents, are written.
        by_t: those of times.

    Returns:
        0, or why there is none.
    """
    made, sign = int(known[layout.PIECES]), known[layout.SIGN]
    weight, unit = data[0], data[1]
    where, places = np.zeros(t.size, np.int64), np.empty(t.size)
    sizes, direct = np.empty(t.size), np.empty(t.size)
    found[:], numbers[:] = 0.0, 0.0
    k, by_rate, total = 0, 0.0, np.zeros(made + 1)
    asked = np.zeros(made + 1, np.bool_)
    for i in range(t.size):
        where[i], places[i], R, k = place_of(known, steps, pieces, t[i], k)
        if R != R:
            return LOST
        direct[i] = 2 * unit * weight * R * cotangents[2, i]
        direct[i] -= sign * cotangents[0, i]
        numbers[FLOOR] += unit * cotangents[2, i]
        numbers[WEIGHT] += unit * cotangents[2, i] * (R * R)
        K, _ = kernel_at(known, steps, pieces, where[i], places[i])
        sizes[i] = (direct[i] - sign * cotangents[1, i]) * K * R if R > 0 else 0.0
        by_t[i] = -sizes[i] * known[layout.RATE]
        total[where[i]] += sizes[i]
        if sizes[i] != 0:
            asked[where[i]] = True
            by_rate -= sizes[i] * t[i]
    numbers[WEIGHT] += 2 * unit * by_rate
    first = switch_of(known, steps, pieces)
    for i in range(t.size):
        if where[i] >= first:
            numbers[TARGET] += cotangents[1, i]
            continue
        feel(known, steps, pieces, where[i], places[i], direct[i], 0.0, found)
    later = 0.0
    for p in range(made, first - 1, -1):
        if (asked[p] or later != 0) and not in_parts(
            known, steps, pieces, p, where, places, sizes, later, found
        ):
            return ROUGH
        later += total[p]
    start = 1.0 if first == made else pieces[first, layout.FIRST]
    K, _ = kernel_at(known, steps, pieces, first, start)
    R = left_at(known, steps, pieces, first, start)
    feel(known, steps, pieces, first, start, later / (K * R), 0.0, found)
    for p in range(first - 1, -1, -1):
        at_first(known, steps, pieces, p, where, places, sizes, later, found)
        later += total[p]
    of_way(known, steps, found, numbers)
    # An early output feels no target but by its place: y − R would lose that.
    for i in range(t.size):
        if where[i] < first and cotangents[1, i] != 0:
            feel(known, steps, pieces, where[i], places[i], cotangents[1, i], 0.0, found)
            numbers[SCALE] += cotangents[1, i] * output_at(
                known, steps, pieces, where[i], places[i]
            )
    return 0


@call
def of_way(known, steps, found, numbers):
    """What y and the scale of the output are felt by; weights become those of δf."""
    sign = known[layout.SIGN]
    for j in range(int(known[layout.STEPS])):
        row, weights = steps[j], found[j]
        numbers[TARGET] += sign * weights[0]
        for k in range(TERMS):
            weights[k] *= -sign
        numbers[SCALE] += weights[0] * (known[layout.OUTPUT] + sign * row[layout.GAINED])
        for k in range(1, TERMS):
            numbers[SCALE] += sign * weights[k] * row[layout.OF_STEP + k]
