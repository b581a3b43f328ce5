"""Where a flow is at times: R, the step, and z on it; and the times at which R has a value.

Times that follow each other on a piece are inverted eight at once, one a lane: a polynomial is a chain of
operations that wait for each other, and eight chains take no longer than one.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.lanes import LANES, add_product, chosen, lanes, load, store
from numeric.compiled.scalars import call, exp, fma
from numeric.compiled.taylor import layout
from numeric.compiled.taylor.clock import step_behind
from numeric.compiled.taylor.layout import TERMS
from numeric.compiled.taylor.polynomials import ORDER, crossing, gain, value

TRIES = 30  # of Newton's or Halley's method
SETTLED = 1e-8  # change by a step of Newton's or Halley's method: the next has only roundings
NEARLY = 1e-7  # the same, where it did not settle
LATEST = 1e305  # of τ, for times that are finite
VANISHED = 1e3  # of λ, where exp(−λ) is 0
GOAL, PLACE, FOUND, CHANGE, HELD, LEFT = range(6)  # rows of what is worked on
ROWS = 6
SLACK = 1e-9  # by which R on a piece may be beyond its ends, as in `proved`


@call
def guess(piece, tau):
    """ζ by the cubic that has both ends, and slopes there, of the inverse of τ(ζ)."""
    lasts, span = piece[layout.LASTS], 1.0 - piece[layout.FIRST]
    left, right = (
        lasts * piece[layout.MOST] / piece[layout.SPEED],
        lasts * piece[layout.LEAST] / piece[layout.SPEED],
    )
    two, three = 3 * span - 2 * left - right, left + right - 2 * span
    part = tau / lasts
    return piece[layout.FIRST] + part * (left + part * (two + part * three))


@call
def on_piece(piece, work):
    """ζ at elapsed times since the left end, and R there, NaN where it does not settle.

    By Halley's method; a row of `work` each for the times, ζ and R.
    """
    r, t = piece[layout.OF_PIECE : layout.OF_PIECE + TERMS], piece[layout.OF_PIECE + TERMS :]
    first, speed = piece[layout.FIRST], piece[layout.SPEED]
    for i in range(LANES):
        work[PLACE, i], work[LEFT, i] = guess(piece, work[GOAL, i]), 1.0
    goal, z = load(work, GOAL) + piece[layout.BEFORE], load(work, PLACE)
    change, found = lanes(0.0), lanes(0.0)
    for _ in range(TRIES):
        size, slope, time = lanes(r[ORDER]), lanes(0.0), lanes(t[ORDER])
        for k in range(ORDER - 1, -1, -1):
            slope = add_product(size, slope, z)
            size, time = add_product(lanes(r[k]), size, z), add_product(lanes(t[k]), time, z)
        step = (goal - time * z) * size / speed
        following = z + step / (1 - 0.5 * step * slope / size)
        following = chosen(following - first, following, lanes(first))
        following = chosen(1 - following, following, lanes(1.0))
        left = load(work, LEFT)
        change = chosen(left, following - z, change)
        found, z = chosen(left, size + change * slope, found), chosen(left, following, z)
        store(work, CHANGE, change)
        store(work, PLACE, z)
        if not some_left(work, 1.0, -first):
            break
    store(work, FOUND, found)
    least, most = piece[layout.LEAST] * (1 - SLACK), piece[layout.MOST] * (1 + SLACK)
    for i in range(LANES):
        if not (
            abs(work[CHANGE, i]) <= NEARLY * max(abs(work[PLACE, i]), -first)
            and least <= work[FOUND, i] <= most
        ):
            work[FOUND, i] = math.nan


@call
def some_left(work, part, least):
    """Whether a change is not yet small beside a part of its place, or a least size.

    Those that are rest: how a time is rounded does not depend on what is asked beside it.
    """
    number = 0
    for i in range(LANES):
        if abs(work[CHANGE, i]) <= SETTLED * max(part * abs(work[PLACE, i]), least):
            work[LEFT, i] = 0.0
        number += work[LEFT, i] > 0
    return number > 0


@call
def late_parts(logs, beyond, work):
    """The exp(−λ) with λ + A − Σ b_k exp(−kλ) = goal; NaN where it does not settle.

    A row of `work` each for the goals, λ and what is found.
    """
    for i in range(LANES):
        goal = min(work[GOAL, i], VANISHED)
        work[PLACE, i] = max(goal - beyond * min(1.0, goal), 0.0)
        work[HELD, i], work[LEFT, i] = goal, 1.0
    goal, z = load(work, HELD), load(work, PLACE)
    change, last = lanes(0.0), lanes(0.0)
    for _ in range(TRIES):
        for i in range(LANES):
            work[FOUND, i] = exp(-work[PLACE, i])
        part = load(work, FOUND)
        found, slope, second = lanes(logs[ORDER]), lanes(0.0), lanes(0.0)
        for k in range(ORDER - 1, -1, -1):
            second = add_product(slope, second, part)
            slope = add_product(found, slope, part)
            found = add_product(lanes(logs[k]), found, part)
        rise = 1 + part * slope
        bend = 0 - part * (slope + 2 * part * second)
        step = (goal - (z + beyond - found)) / rise
        following = z + step / (1 + 0.5 * step * bend / rise)
        following = chosen(following, following, lanes(0.0))
        left = load(work, LEFT)
        change = chosen(left, following - z, change)
        last = chosen(left, part * (1 - change * (1 - 0.5 * change)), last)
        z = chosen(left, following, z)
        store(work, CHANGE, change)
        store(work, PLACE, z)
        if not some_left(work, 0.0, 1.0):
            break
    store(work, FOUND, last)
    for i in range(LANES):
        if work[LEFT, i] > 0:
            work[FOUND, i] = math.nan
        if work[GOAL, i] > VANISHED:
            work[FOUND, i] = math.exp(beyond - work[GOAL, i])


@call
def gains(c, work):
    """Σ_{k ≥ 1} c_k z^k of a row of places."""
    z, found = load(work, PLACE), lanes(c[ORDER])
    for k in range(ORDER - 1, 0, -1):
        found = add_product(lanes(c[k]), found, z)
    store(work, FOUND, found * z)


@call
def piece_at(pieces, made, tau, k):
    """The piece of an elapsed time, looked for from another."""
    while k + 1 < made and pieces[k + 1, layout.BEGUN] <= tau:
        k += 1
    while pieces[k, layout.BEGUN] > tau:
        k -= 1
    return k


@call
def part_of(known, pieces, time, k):
    """On which piece a time is, looked for from another; their number at the end, −1 where on none."""
    tau = min(time * known[layout.RATE], LATEST)
    if not (time >= 0 and tau > 0) or math.isinf(time):
        return -1
    made = int(known[layout.PIECES])
    return made if tau >= known[layout.LATE] else piece_at(pieces, made, tau, k)


@call
def alone(known, steps, time):
    """R, the step and z at a time on no piece: the start, infinity, or what is no time."""
    count = int(known[layout.STEPS])
    if not time >= 0:
        return math.nan, 0, 0.0
    if math.isinf(time):
        return 0.0, count - 1, steps[count - 1, layout.WIDTH]
    return abs(known[layout.RESIDUAL]), 0, 0.0


@call
def at_the_end(known, steps, pieces, work):
    """R and the distance to the equilibrium, in its pace, at times on the last stretch."""
    end = steps[int(known[layout.STEPS])]
    logs = pieces[pieces.shape[0] - 1, layout.OF_PIECE : layout.OF_PIECE + TERMS]
    for i in range(LANES):
        work[GOAL, i] = (work[GOAL, i] - known[layout.LATE]) * known[layout.DECAY]
    late_parts(logs, known[layout.BEYOND], work)
    for i in range(LANES):
        work[PLACE, i] = work[FOUND, i] * end[layout.WIDTH]
    gains(end[layout.OF_STEP :], work)


@call
def over(known, steps, pieces, t, sizes, of, places):
    """R, the step and z at times, NaN where nothing is vouched for; how many these are."""
    made, count = int(known[layout.PIECES]), int(known[layout.STEPS])
    most, pace = abs(known[layout.RESIDUAL]), steps[int(known[layout.STEPS]), layout.PACE]
    work = np.empty((ROWS, LANES))
    lost, k, first = 0, 0, 0
    while first < t.size:
        part = part_of(known, pieces, t[first], k)
        if part < 0:
            sizes[first], of[first], places[first] = alone(known, steps, t[first])
            lost += sizes[first] != sizes[first]
            first += 1
            continue
        k, last = min(part, made - 1), first + 1
        while last < min(first + LANES, t.size) and part_of(known, pieces, t[last], k) == part:
            last += 1
        for i in range(LANES):
            tau = min(t[min(first + i, last - 1)] * known[layout.RATE], LATEST)
            work[GOAL, i] = tau - (pieces[part, layout.BEGUN] if part < made else 0.0)
        if part < made:
            on_piece(pieces[part], work)
        else:
            at_the_end(known, steps, pieces, work)
        for i in range(last - first):
            j, z = first + i, work[PLACE, i]
            sizes[j] = min(work[FOUND, i], most) if work[FOUND, i] == work[FOUND, i] else math.nan
            lost += sizes[j] != sizes[j]
            if part < made:
                of[j] = pieces[part, layout.OF]
                places[j] = pieces[part, layout.CENTRE] + pieces[part, layout.HALF] * z
            else:
                of[j], places[j] = step_behind(steps, count, z * pace)
        first = last
    return lost


@kernel
def locate(known, steps, pieces, t, found):
    """R, the step and z at times.

    Args:
        known: of a solved flow.
        steps: of it.
        pieces: of it.
        t: times in a row.
        found: three rows are written there; R is NaN where nothing is vouched for.

    Returns:
        How many these are.
    """
    return over(known, steps, pieces, t, found[0], found[1], found[2])


@kernel
def losses(known, steps, pieces, t, floor, weight, unit, found):
    """Losses unit · (floor + weight · R²) at times, NaN as above, and how many are."""
    of, places = np.empty(t.size), np.empty(t.size)
    lost = over(known, steps, pieces, t, found, of, places)
    for i in range(t.size):
        found[i] = unit * (floor + weight * (found[i] * found[i]))
    return lost


@kernel
def outputs(known, steps, pieces, t, y, found):
    """The output at times, NaN as above, and how many are: from the end of the way that has lost less."""
    of, places = np.empty(t.size), np.empty(t.size)
    lost = over(known, steps, pieces, t, found, of, places)
    for i in range(t.size):
        row, size = steps[int(of[i])], found[i]
        gained = row[layout.GAINED] + gain(row[layout.OF_STEP :], places[i])
        early = known[layout.OUTPUT] + known[layout.SIGN] * gained
        late = y - known[layout.SIGN] * size
        found[i] = (early if gained < size else late) if size == size else math.nan
    return lost


@kernel
def answers(known, steps, pieces, t, y, floor, weight, unit, found):
    """Residuals f − y, outputs and losses at times, as rows; NaN as above, and at how many times."""
    of, places, sign = np.empty(t.size), np.empty(t.size), known[layout.SIGN]
    lost = over(known, steps, pieces, t, found[2], of, places)
    for i in range(t.size):
        row, size = steps[int(of[i])], found[2, i]
        gained = row[layout.GAINED] + gain(row[layout.OF_STEP :], places[i])
        early = known[layout.OUTPUT] + sign * gained
        found[0, i] = 0.0 - sign * size  # never -0.0
        found[1, i] = early if gained < size else y - sign * size
        found[2, i] = unit * (floor + weight * (size * size))
    return lost


@call
def time_at(known, steps, pieces, size):
    """The elapsed time at which R is of a size; NaN where that is not on the way."""
    end, logs = (
        steps[int(known[layout.STEPS])],
        pieces[pieces.shape[0] - 1, layout.OF_PIECE : layout.OF_PIECE + TERMS],
    )
    if not 0 < size <= abs(known[layout.RESIDUAL]):
        return math.nan
    if size <= gain(end[layout.OF_STEP :], end[layout.WIDTH]):
        part = crossing(end[layout.OF_STEP :], size, end[layout.WIDTH]) / end[layout.WIDTH]
        smooth = value(logs, part)
        return (
            known[layout.LATE]
            + (known[layout.BEYOND] - smooth - math.log(part)) / known[layout.DECAY]
        )
    k = 0
    while k + 1 < int(known[layout.PIECES]) and pieces[k, layout.LEAST] > size:
        k += 1
    piece = pieces[k]
    r, t = piece[layout.OF_PIECE : layout.OF_PIECE + TERMS], piece[layout.OF_PIECE + TERMS :]
    z, first = piece[layout.FIRST], piece[layout.FIRST]
    for _ in range(TRIES):
        found, slope = r[ORDER], 0.0
        for j in range(ORDER - 1, 0, -1):
            slope = fma(slope, z, found)
            found = fma(found, z, r[j])
        slope = fma(slope, z, found)
        following = min(max(z - (found * z + (r[0] - size)) / slope, first), 1.0)
        change, z = abs(following - z), following
        if change <= SETTLED * max(abs(z), -first):
            break
    return piece[layout.BEGUN] + (z * value(t, z) - piece[layout.BEFORE])


@kernel
def times_of(known, steps, pieces, sizes, found):
    """Times at which R has fallen to sizes; NaN above the start and for what is not positive."""
    for i in range(sizes.size):
        found[i] = time_at(known, steps, pieces, sizes[i]) / known[layout.RATE]
