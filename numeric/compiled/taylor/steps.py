"""Neurons from the start to the equilibrium, by a Taylor series of each a step.

f is one polynomial a step; what is known of it is asked for at each step: that it goes on where the last
one ended, with the slope that it had there, and that neurons keep what they conserve.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, fma
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.clock import clock
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.polynomials import ORDER, TAIL, crossing, gain, reach, with_slope

CLOSE = 1e-4  # y − f(0), of its terms: below, it is computed exactly, and not here
SMALLEST, LARGEST = 1e-40, 1e40  # weights
FAINT, LOUD = 1e-150, 1e150  # outputs and tangent kernels
WIDEST = 4.0  # of a step, in the pace of the last
NEAR = 1e-3  # of its size at the start: a neuron so small passes the saddle too close
KEPT = 1e-12  # of a neuron's size, by what its conserved quantity may be off
JOINED = 1e-13  # of the terms of f, by what two steps may disagree where they meet
ENDS = 1e-12  # of the terms of f, by what it may miss the target; of K, two steps disagree
DIRECT = 16  # terms of y − f larger than it by this factor: their roundings would be felt


@call
def added(total, rest, term):
    """A sum and what rounding took away from it, with a term added."""
    new = total + term
    part = new - total
    return new, rest + ((total - (new - part)) + (term - part))


@call
def block_of(table, first, size, terms):
    """The rows of a block of neurons in a table that holds block after block."""
    start = first * terms
    return table[start : start + size * terms].reshape((terms, size))


@call
def expand(series, u, h, side, given, pace, order, slots, U, H, F):
    """Series of all neurons, and of f."""
    terms = order + 1
    rest, part = np.zeros(terms), np.zeros(terms)
    work = np.empty((slots, terms, 1))
    F[:] = 0.0
    for first in range(0, u.size, BLOCK):
        size = min(BLOCK, u.size - first)
        last = first + size
        part[:] = 0.0
        of_u, of_h = block_of(U, first, size, terms), block_of(H, first, size, terms)
        calling.series(
            series, u[first:last], h[first:last], side[first:last], given, pace, order, of_u, of_h,
            part, work,
        )  # fmt: skip
        for k in range(terms):
            F[k], rest[k] = added(F[k], rest[k], part[k])
    for k in range(terms):
        F[k] += rest[k]


@call
def roughest(U, H, size, kappa, least):
    """1/z up to which all neurons' last terms are nothing of themselves.

    Each coordinate beside its own size: a tiny h beside a large u may grow exponentially, and what is cut
    off it now is felt then. One that is and stays at zero for now counts beside the other.
    """
    tails, last = np.zeros(3), np.empty(BLOCK)
    joint, own = np.empty(BLOCK), np.empty((2, BLOCK))
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        of_u, of_h = block_of(U, first, number, TERMS), block_of(H, first, number, TERMS)
        for i in range(number):
            own[0, i] = abs(of_u[0, i]) + abs(of_u[1, i])
            own[1, i] = abs(of_h[0, i]) + abs(of_h[1, i])
            joint[i] = own[0, i] + kappa * own[1, i]
            if own[0, i] == 0:
                own[0, i] = joint[i]
            if own[1, i] == 0:
                own[1, i] = joint[i] / kappa
        for j in range(3):
            k = ORDER - j
            for i in range(number):
                last[i] = max(abs(of_u[k, i]) / own[0, i], abs(of_h[k, i]) / own[1, i])
            for i in range(number):
                if last[i] > tails[j]:
                    tails[j] = last[i]
    found = least
    for j in range(3):
        if tails[j] > 0.0:
            found = max(found, (tails[j] / TAIL) ** (1.0 / (ORDER - j)))
    return found


@call
def advance(U, H, z, here, there):
    """Neurons at z: their weights, and what they have changed since the start."""
    size = here.shape[1]
    moved = np.empty((2, BLOCK))
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        for j, table in enumerate((U, H)):
            c, found = block_of(table, first, number, TERMS), moved[j]
            for i in range(number):
                found[i] = c[ORDER, i]
            for k in range(ORDER - 1, 0, -1):
                for i in range(number):
                    found[i] = fma(found[i], z, c[k, i])
            for i in range(number):
                found[i] *= z
                there[j, first + i] = here[j, first + i] + found[i]
                there[2 + j, first + i] = here[2 + j, first + i] + found[i]


@call
def output_and_residual(output_at, u, h, given, y):
    """F, y − f, and the sum of the sizes of their terms."""
    total, rest, spread = 0.0, 0.0, abs(y)
    for i in range(u.size):
        term = calling.pointwise(output_at, u[i], h[i], given)
        total, rest = added(total, rest, term)
        spread += abs(term)
    left, of_left = added(y, -rest, -total)
    return total + rest, left + of_left, spread


@call
def kernel_of(kernel_at, u, h, given):
    """The tangent kernel by its own formula."""
    total, rest = 0.0, 0.0
    for i in range(u.size):
        total, rest = added(total, rest, calling.pointwise(kernel_at, u[i], h[i], given))
    return total + rest


@call
def begin(output_at, u, h, given, y, known):
    """f(0) and y − f(0); whether they are plain."""
    for i in range(u.size):
        for size in (abs(u[i]), abs(h[i])):
            if not (size == 0 or SMALLEST < size < LARGEST):
                return layout.SIZES
    output, residual, spread = output_and_residual(output_at, u, h, given, y)
    known[layout.OUTPUT], known[layout.RESIDUAL] = output, residual
    if not (FAINT < abs(residual) < LOUD and spread < LOUD):
        return layout.SIZES
    if abs(residual) <= CLOSE * spread:
        return layout.CANCELLED
    known[layout.SIGN] = 1.0 if known[layout.RESIDUAL] > 0 else -1.0
    return layout.PLAIN


@call
def first_pace(series, u, h, side, given, slots, kappa, known):
    """About how far it is to the equilibrium, no longer than it takes a neuron to change; 0 without."""
    U, H, F = np.empty(2 * u.size), np.empty(2 * u.size), np.empty(2)
    expand(series, u, h, side, given, 1.0, 1, slots, U, H, F)
    if not FAINT < F[1] < LOUD:
        return 0.0
    fastest = F[1] / abs(known[layout.RESIDUAL])
    for first in range(0, u.size, BLOCK):
        size = min(BLOCK, u.size - first)
        of_u, of_h = block_of(U, first, size, 2), block_of(H, first, size, 2)
        for i in range(size):
            scale = abs(of_u[0, i]) + kappa * abs(of_h[0, i])
            moved = abs(of_u[1, i]) + kappa * abs(of_h[1, i])
            if moved > fastest * scale and scale > 0:
                fastest = moved / scale
    return 1 / fastest


@call
def keeps(law_at, laws, sizes, u, h, given, kappa):
    """Whether all neurons have what they conserve, and none has come too close to the saddle."""
    for i in range(u.size):
        size = u[i] * u[i] + (kappa * h[i]) ** 2
        if size < NEAR * NEAR * sizes[i]:
            return layout.SADDLE
        if law_at == 0:
            continue
        off = abs(calling.pointwise(law_at, u[i], h[i], given) - laws[i])
        if not off <= KEPT * (size + abs(laws[i])):
            return layout.LAW
    return layout.PLAIN


@kernel
def solve(addresses, slots, side, given, y, rate, known, steps, pieces, states):
    """All that is known of a flow under (f − y)²: steps, and the clock.

    Args:
        addresses: of `series`, `output`, `kernel` and `conserved` of the network; 0 of the last where its
            activation has none.
        slots: what `series` takes of scratch.
        side: of a bend, on which neurons are.
        given: hyperparameters, as `series` takes them.
        y: target.
        rate: of elapsed time, τ = rate · t.
        known: is written (`layout`).
        steps: is written.
        pieces: is written.
        states: u, h and their changes since the start; they are there for the start, and are written for
            the start of each step and the equilibrium.

    Returns:
        0, or why the flow is not plain (`layout`).
    """
    u, h = states[0, 0], states[0, 1]
    size = u.size
    known[layout.RATE], known[layout.SMOOTH] = rate, math.inf
    known[layout.KAPPA] = kappa = math.sqrt(given[1] / (given[2] * given[3]))
    found = begin(addresses[1], u, h, given, y, known)
    if found != layout.PLAIN:
        return found
    pace = first_pace(addresses[0], u, h, side, given, slots, kappa, known)
    if not pace > 0:
        return layout.STILL
    laws, sizes = np.empty(size), np.empty(size)
    for i in range(size):
        laws[i] = calling.pointwise(addresses[3], u[i], h[i], given) if addresses[3] else 0.0
        sizes[i] = u[i] * u[i] + (kappa * h[i]) ** 2
    sign = known[layout.SIGN]
    U, H, F = np.empty(TERMS * size), np.empty(TERMS * size), np.empty(TERMS)
    left, rest, x, gained = abs(known[layout.RESIDUAL]), 0.0, 0.0, 0.0
    output, spread, slope = known[layout.OUTPUT], math.inf, math.nan
    for j in range(steps.shape[0] - 1):
        here, there, row = states[j], states[j + 1], steps[j]
        expand(addresses[0], here[0], here[1], side, given, sign * pace, ORDER, slots, U, H, F)
        c = row[layout.OF_STEP :]
        for k in range(TERMS):
            c[k] = sign * F[k]
        c[0] = 0.0
        if not FAINT * pace < c[1] < LOUD:
            return layout.STILL
        if not abs(F[0] - output) <= JOINED * spread or (
            j > 0 and not abs(c[1] - slope) <= ENDS * c[1]
        ):
            return layout.AGREES
        if not abs(kernel_of(addresses[2], here[0], here[1], given) * pace - c[1]) <= ENDS * c[1]:
            return layout.AGREES
        finest = roughest(U, H, size, kappa, 1 / WIDEST)
        width = min(1 / finest, reach(c, c[1], 1 / WIDEST))
        row[layout.X], row[layout.PACE], row[layout.WIDTH], row[layout.GAINED] = (
            x,
            pace,
            width,
            gained,
        )
        step, gone = with_slope(c, width)
        if not (width > 0 and step > 0 and gone > 0):
            return layout.MONOTONE
        ends = step >= left + rest
        if ends:
            row[layout.WIDTH] = crossing(c, left + rest, width)
            if not row[layout.WIDTH] > 0:
                return layout.MONOTONE
        advance(U, H, row[layout.WIDTH], here, there)
        found = keeps(addresses[3], laws, sizes, there[0], there[1], given, kappa)
        if found != layout.PLAIN:
            return found
        before, (output, residual, spread) = (
            output,
            output_and_residual(addresses[1], there[0], there[1], given, y),
        )
        if ends:
            if not abs(residual) <= ENDS * (spread + left):
                return layout.AGREES
            known[layout.SPREAD] = spread + left
            return finish(
                addresses[0],
                slots,
                there[0],
                there[1],
                side,
                given,
                j + 1,
                x,
                width,
                known,
                steps,
                pieces,
            )
        if not abs(output - before - sign * step) <= JOINED * (spread + step):
            return layout.AGREES
        left, rest = added(left, rest, -step)
        if spread <= DIRECT * sign * residual:  # roundings do not add up
            left, rest = sign * residual, 0.0
        gained, slope = gained + step, gone * width
        x, pace = x + width * pace, pace * width
    return layout.LONG


@kernel
def finish(series, slots, u, h, side, given, count, x, width, known, steps, pieces):
    """The expansion at the equilibrium, R at the starts of all steps, and the clock."""
    size, sign = u.size, known[layout.SIGN]
    U, H, F = np.empty(TERMS * size), np.empty(TERMS * size), np.empty(TERMS)
    last, end = steps[count - 1], steps[count]
    pace = last[layout.PACE] * width
    expand(series, u, h, side, given, -sign * pace, ORDER, slots, U, H, F)
    c = end[layout.OF_STEP :]
    for k in range(TERMS):
        c[k] = -sign * F[k]
    c[0] = 0.0
    if not (c[1] > FAINT * pace and c[1] < LOUD):
        return layout.STILL
    _, slope = with_slope(last[layout.OF_STEP :], last[layout.WIDTH])
    if not abs(slope / last[layout.PACE] - c[1] / pace) <= ENDS * c[1] / pace:
        return layout.AGREES
    end[layout.X], end[layout.PACE], end[layout.LEFT], end[layout.GAINED] = (
        x,
        pace,
        0.0,
        abs(known[layout.RESIDUAL]),
    )
    end[layout.WIDTH] = reach(c, c[1], 1 / WIDEST)
    left, rest = 0.0, 0.0
    for j in range(count - 1, -1, -1):
        left, rest = added(left, rest, gain(steps[j, layout.OF_STEP :], steps[j, layout.WIDTH]))
        steps[j, layout.LEFT] = left + rest
    if not abs(left - abs(known[layout.RESIDUAL])) <= JOINED * left:
        return layout.AGREES
    known[layout.STEPS], known[layout.DECAY] = count, c[1] / pace
    return layout.PLAIN if clock(known, steps, pieces) else layout.CLOCK
