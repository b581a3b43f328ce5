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
EARLIEST = 1e-4  # of the way, the first bend: earlier, times after it would lose digits
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
def begin_row(row, c, whole, order, begun, width):
    """F from a place of a step of neurons on, about that place: what is gained, and its slope there.

    Args:
        row: is written, but for where it stands.
        c: its coefficients.
        whole: those about the start of the step.
        order: of them.
        begun: the place.
        width: of the row.
    """
    c[:] = whole
    if begun > 0:
        recentred(c, order, begun)
    c[0] = 0.0
    row[layout.WIDTH], row[layout.WITHIN], row[layout.GRADE] = width, begun, order
    return value_and_slope(c, order, width)


@apart
def place(row, x, pace, gone, state):
    """Where a row stands: x and pace of its step, what was gained before, which step it is."""
    row[layout.X], row[layout.PACE] = x + row[layout.WITHIN] * pace, pace
    row[layout.GAINED], row[layout.STATE] = gone, state


@apart
def until_there(network, here, events, met, i, z, side, found, work):
    """A neuron's series up to a place of a step: u there, what it has changed, and where they begin.

    Args:
        network: as of `alone`.
        here: all neurons at the start of the step.
        events: bends that were met.
        met: one more than the place of its last one on this step; 0 without.
        i: which neuron.
        z: the place.
        side: on which side it is.
        found: its series, are written.
        work: scratch.
    """
    if met > 0:
        event = events[met - 1]
        alone(network, event[layout.U_THERE], network[1], side, found, work)
        u, _, moved, _ = beyond(event, z - event[layout.AT_Z], network, found)
        return u, moved, event[layout.AT_Z]
    alone(network, here[0, i], here[1, i], side, found, work)
    moved = gained(found[0], network[4], z)
    return here[0, i] + moved, here[2, i] + moved, 0.0


@apart
def keeps_its_law(law_at, u, bend, side, given, kappa, law):
    """Whether a neuron on the bend has what it conserves."""
    off = abs(calling.pointwise(law_at, u, beside(bend, bend, side), given) - law)
    return off <= KEPT * (u * u + (kappa * bend) ** 2 + abs(law))


@apart
def exchanged(network, kernel_at, u, side, z, width, back, kappa, slope, old, new, work, whole):
    """F without a neuron as it was, and with it beyond the bend.

    Args:
        network: as of `alone`.
        kernel_at: address of the tangent kernel of a neuron.
        u: its weight at the bend.
        side: to which it goes.
        z: place of the step.
        width: of the step.
        back: where its series up to there begin.
        kappa: √(η_u/(η_w ρ²)).
        slope: of f, by z.
        old: its series up to there, are changed.
        new: its series from there, are written, and changed.
        work: scratch.
        whole: coefficients of f, are changed.

    Returns:
        Whether it is plain, how far it is to where the neuron meets the bend again, and whether its
        series serve the rest of the step.
    """
    _, bend, given, pace, order = network
    sign = 1.0 if pace > 0 else -1.0
    alone(network, u, bend, side, new, work)
    if not moves_on(new[0], new[1], order, side):
        return layout.BENT, 0.0, False
    part = calling.pointwise(kernel_at, u, beside(bend, bend, side), given) * abs(pace)
    if not abs(sign * new[2, 1] - part) <= ENDS * slope:
        return layout.AGREES, 0.0, False
    sharp = is_sharp(new[0], new[1], new[2], order, kappa, width, slope)
    later = meeting(new[1], order, 0.0, side, max(width - z, 0.0))
    if later != later or later == 0:
        return layout.BENT, 0.0, False
    if back > 0:
        recentred(old[2], order, -back)
    if z > 0:
        recentred(new[2], order, -z)
    for k in range(1, order + 1):
        whole[k] += sign * (new[2, k] - old[2, k])
    return layout.PLAIN, later, sharp


@apart
def landed(network, z, events, last, first, there, found, work):
    """Neurons that have met the bend on a step, at its end."""
    for k in range(len(events)):
        event = events[k]
        i = int(event[layout.NEURON])
        if last[i] == first + k + 1:
            alone(network, event[layout.U_THERE], network[1], event[layout.SIDE], found, work)
            there[0, i], there[1, i], there[2, i], there[3, i] = beyond(
                event, z - event[layout.AT_Z], network, found
            )
    for k in range(len(events)):
        last[int(events[k, layout.NEURON])] = 0


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
    old, new, whole = np.empty((4, TERMS)), np.empty((4, TERMS)), np.empty(TERMS)
    work = np.empty((slots, TERMS, 1))
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
        network = series, bend, given, sign * pace, order
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
                step, at_end = begin_row(steps[row], c, whole, order, begun, z - begun)
                if not (step > 0 and at_end > 0 and c[1] > 0):
                    return layout.MONOTONE
                place(steps[row], x, pace, gone, j)
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
                    if made > 0 and steps[0, layout.WIDTH] * steps[0, layout.PACE] < EARLIEST * way:
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
            event = events[made]
            at_u, moved_u, back = until_there(
                network, here, events, last[i], i, z, now[i], old, work
            )
            if law_at and not keeps_its_law(law_at, at_u, bend, now[i], given, kappa, laws[i]):
                return layout.LAW
            now[i] = -now[i]
            found, later, sharp = exchanged(
                network,
                addresses[2],
                at_u,
                now[i],
                z,
                width,
                back,
                kappa,
                size_of_k,
                old,
                new,
                work,
                whole,
            )
            if found != layout.PLAIN:
                return found
            event[layout.AT_STATE], event[layout.AT_Z], event[layout.NEURON] = j, z, i
            event[layout.U_THERE], event[layout.U_MOVED] = at_u, moved_u
            event[layout.H_MOVED], event[layout.SIDE] = bend - states[0, 1, i], now[i]
            made, first_after = made + 1, row
            last[i] = made
            if law_at:
                laws[i] = calling.pointwise(law_at, at_u, beside(bend, bend, now[i]), given)
            count = replaced(at, who, count, z + later)
            slope = value_and_slope(whole, order, z)[1]
            if not slope > 0:
                return layout.STILL
            # What is left of f is expanded anew where the neuron's series does not serve the rest.
            if not sharp or slope < WEAKER * size_of_k or width - z < LEFT_OVER * width:
                until = z
        advanced(U, H, order, until, here, there)
        landed(network, until, events[first_made:made], last, first_made, there, new, work)
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
        x, pace, slope, felt_slope = (
            x + until * pace,
            pace * width,
            slope * width,
            size_of_k * width,
        )
    return layout.LONG
