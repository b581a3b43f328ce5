"""Where a flow is at times: R, the step, and z on it; and the times at which R has a value."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, fma
from numeric.compiled.taylor import layout
from numeric.compiled.taylor.clock import step_behind
from numeric.compiled.taylor.layout import TERMS
from numeric.compiled.taylor.polynomials import ORDER, crossing, gain, value

TRIES = 30  # of Newton's or Halley's method
SETTLED = 1e-8  # change by a step of Newton's or Halley's method: the next has only roundings
NEARLY = 1e-7  # the same, where it did not settle
LATEST = 1e305  # of τ, for times that are finite
VANISHED = 1e3  # of λ, where exp(−λ) is 0
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
def on_piece(piece, tau):
    """ζ at an elapsed time since the left end, and R there: by Halley's method."""
    r, t = piece[layout.OF_PIECE : layout.OF_PIECE + TERMS], piece[layout.OF_PIECE + TERMS :]
    first, goal, z = piece[layout.FIRST], tau + piece[layout.BEFORE], guess(piece, tau)
    size, slope, change = 0.0, 0.0, 0.0
    for _ in range(TRIES):
        size, slope, time = r[ORDER], 0.0, t[ORDER]
        for k in range(ORDER - 1, -1, -1):
            slope = fma(slope, z, size)
            size, time = fma(size, z, r[k]), fma(time, z, t[k])
        step = (goal - time * z) * size / piece[layout.SPEED]
        following = z + step / (1 - 0.5 * step * slope / size)
        following = min(max(following, first), 1.0)
        change, z = following - z, following
        if abs(change) <= SETTLED * max(abs(z), -first):
            break
    size += change * slope
    if not (
        abs(change) <= NEARLY * max(abs(z), -first)
        and piece[layout.LEAST] * (1 - SLACK) <= size <= piece[layout.MOST] * (1 + SLACK)
    ):
        size = math.nan
    return z, size


@call
def late_part(logs, beyond, goal):
    """exp(−λ) with λ + A − Σ b_k exp(−kλ) = goal; NaN where it does not settle."""
    if goal > VANISHED:
        return math.exp(beyond - goal)
    z = max(goal - beyond * min(1.0, goal), 0.0)
    for _ in range(TRIES):
        part = math.exp(-z)
        found, slope, second = logs[ORDER], 0.0, 0.0
        for k in range(ORDER - 1, -1, -1):
            second = fma(second, part, slope)
            slope = fma(slope, part, found)
            found = fma(found, part, logs[k])
        rise = 1 + part * slope
        bend = -part * (slope + 2 * part * second)
        step = (goal - (z + beyond - found)) / rise
        following = max(z + step / (1 + 0.5 * step * bend / rise), 0.0)
        change, z = following - z, following
        if abs(change) <= SETTLED:
            return part * (1 - change * (1 - 0.5 * change))
    return math.nan


@call
def piece_at(pieces, made, tau, k):
    """The piece of an elapsed time, looked for from another."""
    while k + 1 < made and pieces[k + 1, layout.BEGUN] <= tau:
        k += 1
    while pieces[k, layout.BEGUN] > tau:
        k -= 1
    return k


@call
def at(known, steps, pieces, time, k):
    """R, the step and z at a time, and the piece of the clock; NaN where it is no time."""
    made, count, largest = (
        int(known[layout.PIECES]),
        int(known[layout.STEPS]),
        abs(known[layout.RESIDUAL]),
    )
    tau = min(time * known[layout.RATE], LATEST)
    if not time >= 0:
        return math.nan, 0, 0.0, k
    if tau == 0:
        return largest, 0, 0.0, k
    if math.isinf(time):
        return 0.0, count - 1, steps[count - 1, layout.WIDTH], k
    if tau >= known[layout.LATE]:
        end, logs = (
            steps[count],
            pieces[pieces.shape[0] - 1, layout.OF_PIECE : layout.OF_PIECE + TERMS],
        )
        goal = (tau - known[layout.LATE]) * known[layout.DECAY]
        e = late_part(logs, known[layout.BEYOND], goal) * end[layout.WIDTH]
        step, z = step_behind(steps, count, e * end[layout.PACE])
        return min(gain(end[layout.OF_STEP :], e), largest), step, z, k
    k = piece_at(pieces, made, tau, k)
    piece = pieces[k]
    z, size = on_piece(piece, tau - piece[layout.BEGUN])
    return (
        min(size, largest),
        int(piece[layout.OF]),
        piece[layout.CENTRE] + piece[layout.HALF] * z,
        k,
    )


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
    lost, k = 0, 0
    for i in range(t.size):
        size, step, z, k = at(known, steps, pieces, t[i], k)
        lost += size != size
        found[0, i], found[1, i], found[2, i] = size, step, z
    return lost


@kernel
def losses(known, steps, pieces, t, floor, weight, unit, found):
    """Losses unit · (floor + weight · R²) at times, NaN as above, and how many are."""
    lost, k = 0, 0
    for i in range(t.size):
        size, _, _, k = at(known, steps, pieces, t[i], k)
        lost += size != size
        found[i] = unit * (floor + weight * (size * size))
    return lost


@kernel
def outputs(known, steps, pieces, t, y, found):
    """The output at times, NaN as above, and how many are: from the end of the way that has lost less."""
    lost, k = 0, 0
    for i in range(t.size):
        size, step, z, k = at(known, steps, pieces, t[i], k)
        lost += size != size
        gained = steps[step, layout.GAINED] + gain(steps[step, layout.OF_STEP :], z)
        early = gained < size
        found[i] = (
            known[layout.OUTPUT] + known[layout.SIGN] * gained
            if early
            else y - known[layout.SIGN] * size
        )
    return lost


@kernel
def answers(known, steps, pieces, t, y, floor, weight, unit, found):
    """Residuals f − y, outputs and losses at times, as rows; NaN as above, and at how many times."""
    lost, k, sign = 0, 0, known[layout.SIGN]
    for i in range(t.size):
        size, step, z, k = at(known, steps, pieces, t[i], k)
        lost += size != size
        gained = steps[step, layout.GAINED] + gain(steps[step, layout.OF_STEP :], z)
        early = gained < size
        found[0, i] = 0.0 - sign * size  # never -0.0
        found[1, i] = known[layout.OUTPUT] + sign * gained if early else y - sign * size
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
