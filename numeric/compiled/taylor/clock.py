"""Elapsed time τ = ∫ dx/R as polynomials, and with a logarithm next to the equilibrium.

1/R is smooth over a part of the distance to the equilibrium: pieces are as long as that, backward from
where the expansion at the equilibrium reaches. There R = e G(e), and of 1/R all but 1/(G(0) e) is smooth.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.scalars import call
from numeric.compiled.taylor import layout
from numeric.compiled.taylor.layout import TERMS
from numeric.compiled.taylor.polynomials import (
    ORDER,
    TAIL,
    gain,
    reach,
    reciprocal,
    shift,
    stretch,
    value,
)

MOST_OF_IT = (
    0.85  # of the way, what the end's expansion serves at the most: the rest is the start's
)
RATIO = 0.97 * TAIL ** (1 / ORDER)  # of the distance to the equilibrium, half a piece
NARROWER = 0.7  # what the end's expansion is tried for next
AGREED = 4e-15  # of R on a step, by what it may differ from there
NEAREST = 1e-9  # of the way, where it is no longer asked
SHORTEST = 1e-5  # of the last step, what the expansion at the equilibrium serves
HALVINGS = 12  # of a piece
ROUNDED = 8e-16  # of the way, what may be between the first piece and the last stretch
SHARP = 8 * TAIL  # of 1/R, its last terms on a piece


@call
def step_behind(steps, count, distance):
    """The step at a distance from the equilibrium, and z on it."""
    for j in range(count - 1, -1, -1):
        ahead, width = distance / steps[j, layout.PACE], steps[j, layout.WIDTH]
        if ahead <= width or j == 0:
            return j, max(width - ahead, 0.0)
        distance -= width * steps[j, layout.PACE]
    return 0, 0.0


@call
def meets_steps(known, steps, e):
    """Whether the expansion at the equilibrium has R as the steps have it, at a distance."""
    count = int(known[layout.STEPS])
    end = steps[count]
    j, z = step_behind(steps, count, e * end[layout.PACE])
    row = steps[j]
    left = row[layout.LEFT] - gain(row[layout.OF_STEP :], z)
    off = abs(left - gain(end[layout.OF_STEP :], e))
    return off <= AGREED * row[layout.LEFT] or e * end[layout.PACE] < NEAREST * known[layout.WAY]


@call
def end_of_clock(known, steps, logs):
    """How far the expansion at the equilibrium serves, and the smooth part of the time there."""
    end = steps[int(known[layout.STEPS])]
    c, shifted = end[layout.OF_STEP :], np.zeros(TERMS)
    for k in range(ORDER):
        shifted[k] = c[k + 1]
    reciprocal(shifted, logs)
    logs[ORDER] = 0.0  # c has no coefficient of so high an order
    for k in range(ORDER - 3, ORDER):
        ratio = abs(logs[k]) / (TAIL * logs[0])
        if ratio > 0.0:
            end[layout.WIDTH] = min(end[layout.WIDTH], ratio ** (-1.0 / k))
    end[layout.WIDTH] = min(end[layout.WIDTH], MOST_OF_IT * known[layout.WAY] / end[layout.PACE])
    end[layout.WIDTH] = min(end[layout.WIDTH], known[layout.SMOOTH] / end[layout.PACE])
    # What fades faster than any power on the way to the equilibrium is not seen from there.
    while not meets_steps(known, steps, end[layout.WIDTH]):
        end[layout.WIDTH] *= NARROWER
    # By ε = e/ℓ: τ − τ(ℓ) = (λ + A − Σ b_k ε^k)/G(0), λ = −log ε.
    power = 1.0
    for k in range(1, ORDER):
        power *= end[layout.WIDTH]
        logs[k] *= power / (k * logs[0])
    logs[0] = 0.0
    known[layout.BEYOND] = value(logs, 1.0)


@call
def sampled(piece, half, pace):
    """The clock of a piece whose R is there, in ζ; whether it is sharp."""
    r, t = (
        piece[layout.OF_PIECE : layout.OF_PIECE + TERMS],
        piece[layout.OF_PIECE + TERMS : layout.OF_PIECE + 2 * TERMS],
    )
    reciprocal(r, t)
    for k in range(ORDER - 2, TERMS):
        if not abs(t[k]) <= SHARP * abs(t[0]):
            return False
    for k in range(TERMS):
        t[k] *= half * pace / (k + 1)
    first = piece[layout.FIRST]
    piece[layout.BEFORE] = first * value(t, first)
    piece[layout.LASTS] = value(t, 1.0) - piece[layout.BEFORE]
    left, right = value(r, first), value(r, 1.0)
    piece[layout.SPEED], piece[layout.MOST], piece[layout.LEAST] = half * pace, left, right
    return left > right > 0 and piece[layout.LASTS] > 0


@call
def first_piece(known, steps, piece):
    """From the start, about the start: early times keep their digits. Its width in z; 0 if none."""
    step, end = steps[0], steps[int(known[layout.STEPS])]
    r, t = piece[layout.OF_PIECE : layout.OF_PIECE + TERMS], piece[layout.OF_PIECE + TERMS :]
    for k in range(TERMS):
        r[k] = -step[layout.OF_STEP + k]
    r[0] = step[layout.LEFT]
    reciprocal(r, t)
    furthest = known[layout.WAY] - end[layout.WIDTH] * end[layout.PACE]
    width = min(step[layout.WIDTH], furthest / step[layout.PACE])
    width = min(width, reach(t, t[0], 1 / width))
    stretch(r, width)
    piece[layout.OF], piece[layout.CENTRE], piece[layout.FIRST] = 0.0, 0.0, 0.0
    piece[layout.HALF] = width
    return width if sampled(piece, width, step[layout.PACE]) else 0.0


@call
def middle(step, after, near, far, piece):
    """A piece between two distances to the end of a step; whether it is sharp.

    Args:
        step: its row.
        after: R at the end of the step.
        near: distance to the end, in z.
        far: the larger one.
        piece: is written, but for the time and the step.
    """
    width, ahead, half = step[layout.WIDTH], 0.5 * (near + far), 0.5 * (far - near)
    r = piece[layout.OF_PIECE : layout.OF_PIECE + TERMS]
    shift(step[layout.OF_STEP :], width - ahead, half, r)
    r[0] = after + gain(r, ahead / half)
    for k in range(1, TERMS):
        r[k] = -r[k]
    piece[layout.CENTRE], piece[layout.HALF], piece[layout.FIRST] = width - ahead, half, -1.0
    return sampled(piece, half, step[layout.PACE])


@call
def pieces_of(step, after, behind, near, stop, pieces, made):
    """Pieces of a step, backward; how many there are then, −1 where they are too many or not sharp.

    Distances are to the end of the step, in z, for next to the start that to the equilibrium has no
    digits of what a step is long.

    Args:
        step: its row.
        after: R at the end of the step.
        behind: distance from there to the equilibrium.
        near: distance at which pieces end.
        stop: and where they begin.
        pieces: are written.
        made: how many there are.
    """
    while near < stop:
        if made == pieces.shape[0] - 1:
            return -1
        far = near + (behind + near) * 2 * RATIO / (1 - RATIO)
        # What is left over by so little is a piece with this one.
        far = stop if far + 0.1 * (far - near) > stop else far
        for _ in range(HALVINGS):
            if middle(step, after, near, far, pieces[made]):
                break
            far = 0.5 * (near + far)
        else:
            return -1
        made, near = made + 1, far
    return made


@call
def clock(known, steps, pieces):
    """Pieces from the start to the last stretch; whether they were made.

    The last row of pieces has the coefficients of the smooth part of the last stretch.
    """
    count, room = int(known[layout.STEPS]), pieces.shape[0] - 1
    known[layout.WAY] = 0.0
    for j in range(count):
        known[layout.WAY] += steps[j, layout.WIDTH] * steps[j, layout.PACE]
    end, last = steps[count], steps[count - 1]
    end_of_clock(known, steps, pieces[room, layout.OF_PIECE : layout.OF_PIECE + TERMS])
    length = end[layout.WIDTH] * end[layout.PACE]
    begun = first_piece(known, steps, pieces[0])
    if not (length > SHORTEST * last[layout.WIDTH] * last[layout.PACE] and begun > 0):
        return False
    made, behind = 1, 0.0
    for j in range(count - 1, -1, -1):
        step, before = steps[j], made
        pace, stop = step[layout.PACE], step[layout.WIDTH] - (begun if j == 0 else 0.0)
        near = max(length - behind, 0.0) / pace
        if (near > 0 or j == 0) and stop - near <= ROUNDED * known[layout.WAY] / pace:
            near = stop
        made = pieces_of(step, steps[j + 1, layout.LEFT], behind / pace, near, stop, pieces, made)
        if made < 0:
            return False
        pieces[before:made, layout.OF] = j
        behind += step[layout.WIDTH] * pace
    known[layout.PIECES] = made
    turn(pieces[1:made])
    late = 0.0
    for k in range(made):
        pieces[k, layout.BEGUN] = late
        late += pieces[k, layout.LASTS]
    known[layout.LATE] = late
    return math.isfinite(late)


@call
def turn(rows):
    """Bring rows into the opposite order."""
    for k in range(rows.shape[0] // 2):
        one, other = rows[k], rows[rows.shape[0] - 1 - k]
        for i in range(rows.shape[1]):
            one[i], other[i] = other[i], one[i]
