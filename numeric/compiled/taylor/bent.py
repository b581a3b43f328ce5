"""Neurons whose σ has a bend, from the start to the equilibrium: a bend costs one neuron, and not all.

Neurons are independent in warped time, so all places at which they meet the bend on a step are known
from its start. f is one polynomial between two of them: there the neuron's own is exchanged for that of
the other side, and what follows is a step of its own for all that is asked of f.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import apart, fma
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.bends import (
    alone,
    beside,
    beyond,
    is_sharp,
    meeting,
    meetings,
    moves_on,
    take_sides,
)
from numeric.compiled.taylor.heap import heaped, replaced
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.polynomials import ORDER, TAIL, crossing
from numeric.compiled.taylor.steps import (
    DIRECT,
    ENDS,
    FAINT,
    JOINED,
    KEPT,
    LOUD,
    WIDEST,
    added,
    begin,
    block_of,
    expand,
    finish,
    first_pace,
    keeps,
    kernel_of,
    output_and_residual,
)
from numeric.compiled.taylor.zeros import gained, recentred, value_and_slope

ORDERS = 10, 18, ORDER  # tried in turn where neurons are many
MANY = 64  # neurons
MERGED = 4e-15  # of a step, below which two bends are at one place
LEFT_OVER = 1e-9  # of a step, that is not worth one of f
WEAKER = 0.5  # of K at a step's start: below, roundings of what left f would be felt
NEAREST = 1e-9  # of the way, from the equilibrium to a bend: closer, it is not told which is first
STRAY = 1e-13  # of a neuron, by what roundings may leave it beyond the bend at a step's end


@apart
def reach_of(U, H, F, size, kappa, order, slope):
    """Up to which z the last terms of neurons are nothing of themselves, and of f of its slope."""
    tails, last, own = np.zeros(3), np.empty(BLOCK), np.empty((2, BLOCK))
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        of_u, of_h = block_of(U, first, number, order + 1), block_of(H, first, number, order + 1)
        for i in range(number):
            own[0, i] = abs(of_u[0, i]) + abs(of_u[1, i])
            own[1, i] = abs(of_h[0, i]) + abs(of_h[1, i])
            joint = max(own[0, i] + kappa * own[1, i], FAINT)
            if own[0, i] == 0:
                own[0, i] = joint
            if own[1, i] == 0:
                own[1, i] = joint / kappa
        for j in range(3):
            k = order - j
            for i in range(number):
                last[i] = max(abs(of_u[k, i]) / own[0, i], abs(of_h[k, i]) / own[1, i])
            for i in range(number):
                if last[i] > tails[j]:
                    tails[j] = last[i]
    found = 1 / WIDEST
    for j in range(3):
        k = order - j
        tail = max(tails[j], abs(F[k]) / slope)
        if tail > 0.0:
            found = max(found, (tail / TAIL) ** (1.0 / k))
    return 1 / found


@apart
def advanced(U, H, order, z, here, there):
    """Neurons at z, as if none had met the bend: weights, and what they have changed since the start."""
    size, terms = here.shape[1], order + 1
    moved = np.empty(BLOCK)
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        for j in range(2):
            c = block_of(U if j == 0 else H, first, number, terms)
            for i in range(number):
                moved[i] = c[order, i]
            for k in range(order - 1, 0, -1):
                for i in range(number):
                    moved[i] = fma(moved[i], z, c[k, i])
            for i in range(number):
                moved[i] *= z
                there[j, first + i] = here[j, first + i] + moved[i]
                there[2 + j, first + i] = here[2 + j, first + i] + moved[i]


@apart
def sides_kept(here, there, bend, side):
    """Whether neurons are on their sides; roundings beyond the bend are taken away."""
    for i in range(side.size):
        off = (there[1, i] - bend) * side[i]
        if off < 0:
            if not -off <= STRAY * (abs(here[1, i]) + abs(there[1, i]) + abs(bend)):
                return False
            there[1, i] = bend
    return True


@apart
def felt_from(h, bend, side, felt):
    """Preactivations, those on the bend on their sides."""
    for i in range(h.size):
        felt[i] = beside(h[i], bend, side[i])


@apart
def since_bend(steps, rows, first):
    """The way from where a bend was met last; all of it, where none was."""
    way = 0.0
    for j in range(rows - 1, first - 1, -1):
        way += steps[j, layout.WIDTH] * steps[j, layout.PACE]
    return way


@kernel
def solve(addresses, slots, bend, side, given, y, rate, known, steps, pieces, states, events):
    """All that is known of a flow under (f − y)²: steps, bends that are met, and the clock.

    Args:
        addresses: as of `steps.solve`.
        slots: what `series` takes of scratch.
        bend: h, where σ is not smooth.
        side: is written, on which side of it neurons begin.
        given: hyperparameters, as `series` takes them.
        y: target.
        rate: of elapsed time, τ = rate · t.
        known: is written (`layout`).
        steps: is written, a row for each polynomial of f.
        pieces: is written.
        states: u, h and their changes since the start; they are there for the start, and are written for
            the start of each step of neurons and the equilibrium.
        events: is written, a row for each neuron that meets the bend.

    Returns:
        0, or why the flow is not plain (`layout`).
    """
    series, law_at = addresses[0], addresses[3]
    u, h = states[0, 0], states[0, 1]
    size = u.size
    known[layout.RATE] = rate
    known[layout.KAPPA] = kappa = math.sqrt(given[1] / (given[2] * given[3]))
    found = begin(addresses[1], u, h, given, y, known)
    if found != layout.PLAIN:
        return found
    sign = known[layout.SIGN]
    take_sides(series, slots, bend, given, sign, u, h, side)
    pace = first_pace(series, u, h, side, given, slots, kappa, known)
    if not pace > 0:
        return layout.STILL
    now, felt, laws, sizes = side.copy(), np.empty(size), np.empty(size), np.empty(size)
    felt_from(h, bend, now, felt)
    for i in range(size):
        laws[i] = calling.pointwise(law_at, u[i], felt[i], given) if law_at else 0.0
        sizes[i] = u[i] * u[i] + (kappa * h[i]) ** 2
    U, H, F = np.empty(TERMS * size), np.empty(TERMS * size), np.empty(TERMS)
    at, who, last = np.empty(size), np.empty(size, np.int64), np.zeros(size, np.int64)
    old_U, old_H, old_F = np.empty(TERMS), np.empty(TERMS), np.empty(TERMS)
    new_U, new_H, new_F = np.empty(TERMS), np.empty(TERMS), np.empty(TERMS)
    one, work, whole = np.empty((3, 1)), np.empty((slots, TERMS, 1)), np.empty(TERMS)
    left, rest, x, gone = abs(known[layout.RESIDUAL]), 0.0, 0.0, 0.0
    output, spread, slope, felt_slope = known[layout.OUTPUT], math.inf, math.nan, 0.0
    row, made, first_after, grade = 0, 0, 0, 0 if size >= MANY else len(ORDERS) - 1
    for j in range(states.shape[0] - 1):
        here, there = states[j], states[j + 1]
        while True:
            order = ORDERS[grade]
            expand(series, here[0], here[1], now, given, sign * pace, order, slots, U, H, F)
            for k in range(TERMS):
                whole[k] = sign * F[k]
            whole[0] = 0.0
            if not FAINT * pace < whole[1] < LOUD:
                return layout.STILL
            width = reach_of(U, H, F, size, kappa, order, whole[1])
            if grade == len(ORDERS) - 1 or gained(whole, order, width) >= left + rest:
                break
            grade += 1
        if not abs(F[0] - output) <= JOINED * spread or (
            j > 0 and not abs(whole[1] - slope) <= ENDS * max(whole[1], felt_slope)
        ):
            return layout.AGREES
        felt_from(here[1], bend, now, felt)
        size_of_k = whole[1]
        if (
            not abs(kernel_of(addresses[2], here[0], felt, given) * pace - size_of_k)
            <= ENDS * size_of_k
        ):
            return layout.AGREES
        count = meetings(H, here, bend, now, order, width, at, who)
        if count < 0 or not width > 0:
            return layout.BENT
        heaped(at, who, count)
        begun, until, of_step, first_made, ended = 0.0, width, 0.0, made, False
        while True:
            is_event = count > 0 and at[0] <= until
            z = max(at[0], begun) if is_event else until
            if z - begun > MERGED * width:
                if row == steps.shape[0] - 1:
                    return layout.LONG
                c = steps[row, layout.OF_STEP : layout.OF_STEP + TERMS]
                c[:] = whole
                if begun > 0:
                    recentred(c, order, begun)
                c[0] = 0.0
                step, at_end = value_and_slope(c, order, z - begun)
                if not (step > 0 and at_end > 0 and c[1] > 0):
                    return layout.MONOTONE
                steps[row, layout.X] = x + begun * pace
                steps[row, layout.PACE], steps[row, layout.WIDTH] = pace, z - begun
                steps[row, layout.GAINED] = gone
                steps[row, layout.STATE], steps[row, layout.WITHIN] = j, begun
                steps[row, layout.GRADE] = order
                row += 1
                if step >= left + rest:
                    ahead = crossing(c, left + rest, z - begun)
                    if not ahead > 0:
                        return layout.MONOTONE
                    steps[row - 1, layout.WIDTH] = ahead
                    way = x + (begun + ahead) * pace
                    # Whether a neuron meets the bend before or after the equilibrium decides late times.
                    if is_event and (z - begun - ahead) * pace <= NEAREST * way:
                        return layout.BENT
                    known[layout.SMOOTH] = since_bend(steps, row, first_after)
                    if not known[layout.SMOOTH] > NEAREST * way:
                        return layout.BENT
                    until, ended = begun + ahead, True
                    break
                left, rest = added(left, rest, -step)
                gone, of_step, begun, slope = gone + step, of_step + step, z, at_end
            if not is_event:
                break
            if made == events.shape[0]:
                return layout.LONG
            i = who[0]
            event, of_old, old_side = events[made], last[i], now[i]
            if of_old > 0:
                before = events[of_old - 1]
                alone(
                    series,
                    before[layout.U_THERE],
                    bend,
                    old_side,
                    given,
                    sign * pace,
                    order,
                    one,
                    old_U,
                    old_H,
                    old_F,
                    work,
                )
                at_u, _, moved_u, _ = beyond(
                    before, z - before[layout.AT_Z], order, bend, old_U, old_H
                )
                back = before[layout.AT_Z]
            else:
                alone(
                    series,
                    here[0, i],
                    here[1, i],
                    old_side,
                    given,
                    sign * pace,
                    order,
                    one,
                    old_U,
                    old_H,
                    old_F,
                    work,
                )
                moved = gained(old_U, order, z)
                at_u, moved_u, back = here[0, i] + moved, here[2, i] + moved, 0.0
            if law_at:
                off = abs(
                    calling.pointwise(law_at, at_u, beside(bend, bend, old_side), given) - laws[i]
                )
                if not off <= KEPT * (at_u * at_u + (kappa * bend) ** 2 + abs(laws[i])):
                    return layout.LAW
            alone(
                series,
                at_u,
                bend,
                -old_side,
                given,
                sign * pace,
                order,
                one,
                new_U,
                new_H,
                new_F,
                work,
            )
            if not moves_on(new_U, new_H, order, -old_side):
                return layout.BENT
            part = (
                calling.pointwise(addresses[2], at_u, beside(bend, bend, -old_side), given) * pace
            )
            if not abs(sign * new_F[1] - part) <= ENDS * size_of_k:
                return layout.AGREES
            later = meeting(new_H, order, 0.0, -old_side, max(width - z, 0.0))
            if later != later or later == 0:
                return layout.BENT
            sharp = is_sharp(new_U, new_H, new_F, order, kappa, width, size_of_k)
            if back > 0:
                recentred(old_F, order, -back)
            if z > 0:
                recentred(new_F, order, -z)
            for k in range(1, order + 1):
                whole[k] += sign * (new_F[k] - old_F[k])
            event[layout.AT_STATE], event[layout.AT_Z], event[layout.NEURON] = j, z, i
            event[layout.U_THERE], event[layout.U_MOVED] = at_u, moved_u
            event[layout.H_MOVED], event[layout.SIDE] = bend - states[0, 1, i], -old_side
            made, first_after = made + 1, row
            last[i], now[i] = made, -old_side
            if law_at:
                laws[i] = calling.pointwise(law_at, at_u, beside(bend, bend, -old_side), given)
            count = replaced(at, who, count, z + later)
            slope = value_and_slope(whole, order, z)[1]
            if not slope > 0:
                return layout.STILL
            # What is left of f is expanded anew where the neuron's series does not serve the rest.
            if not sharp or slope < WEAKER * size_of_k or width - z < LEFT_OVER * width:
                until = z
        advanced(U, H, order, until, here, there)
        for k in range(first_made, made):
            event = events[k]
            i = int(event[layout.NEURON])
            if last[i] == k + 1:
                alone(
                    series,
                    event[layout.U_THERE],
                    bend,
                    event[layout.SIDE],
                    given,
                    sign * pace,
                    order,
                    one,
                    new_U,
                    new_H,
                    new_F,
                    work,
                )
                there[0, i], there[1, i], there[2, i], there[3, i] = beyond(
                    event, until - event[layout.AT_Z], order, bend, new_U, new_H
                )
        for k in range(first_made, made):
            last[int(events[k, layout.NEURON])] = 0
        if not sides_kept(here, there, bend, now):
            return layout.BENT
        felt_from(there[1], bend, now, felt)
        found = keeps(law_at, laws, sizes, there[0], felt, given, kappa)
        if found != layout.PLAIN:
            return found
        before, (output, residual, spread) = (
            output,
            output_and_residual(addresses[1], there[0], there[1], given, y),
        )
        if ended:
            if not abs(residual) <= ENDS * (spread + left):
                return layout.AGREES
            known[layout.SPREAD], known[layout.MET] = spread + left, made
            return finish(
                series, slots, there[0], there[1], now, given, row, x, width, known, steps, pieces
            )
        if not abs(output - before - sign * of_step) <= JOINED * (spread + of_step):
            return layout.AGREES
        if spread <= DIRECT * sign * residual:  # roundings do not add up
            left, rest = sign * residual, 0.0
        x, pace, slope, felt_slope = x + until * pace, pace * width, slope * width, size_of_k * width
    return layout.LONG
