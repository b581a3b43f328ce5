"""Weights of one column at many times, in machine code: each is read once and written once.

A weight is a u₀ + b p + c q with double-double coefficients of the state; p and q are linear in the two
weights of their neuron, and so is the weight: its coefficients of these are double-double, too. Products
and sums carry what rounding takes away, so that a weight that passes zero keeps its digits.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import any_order, call, fma, jit, pair
from numeric.generated.compiled import linear

ENTRIES = 13  # of a row of coefficients
BLOCK = 4096  # neurons whose squares are added in any order, as vector instructions do


@call
def _constants(known, rests):
    return linear.Constants(
        pair(known[0], rests[0]), pair(known[1], rests[1]), pair(known[2], rests[2]),
        pair(known[3], rests[3]), pair(known[4], rests[4]), pair(known[5], rests[5]),
        pair(known[6], rests[6]), pair(known[7], rests[7]), pair(known[8], rests[8]),
        pair(known[9], rests[9]), pair(known[10], rests[10]), pair(known[11], rests[11]),
        pair(known[12], rests[12]), pair(known[13], rests[13]), pair(known[14], rests[14]),
        pair(known[15], rests[15]), pair(known[16], rests[16]),
    )  # fmt: skip


@call
def _of_start(of_start, of_p, of_q, c, of_u, row, place):
    """Write what a weight is of the two of its neuron; p or q, whichever counts, is linear in them."""
    one, none = pair(1.0, 0.0), pair(0.0, 0.0)
    if of_q.hi == 0:
        by_u = of_p * linear.growing(one, none, c.eta_u, c.eta_w)
        by_omega = of_p * linear.growing(none, one, c.eta_u, c.eta_w)
    else:
        by_u = of_q * linear.falling(one, none, c.eta_u, c.eta_w)
        by_omega = of_q * linear.falling(none, one, c.eta_u, c.eta_w)
    if of_u:
        by_u = by_u + of_start
    else:
        by_omega = by_omega + of_start
    row[place], row[place + 1] = by_u.hi, by_u.lo
    row[place + 2], row[place + 3] = by_omega.hi, by_omega.lo


@kernel
def coefficients(times, known, rests, table):
    """What the weights of a neuron are of its weights at t = 0, at all times.

    Args:
        times: in units.
        known: constants.
        rests: of the constants.
        table: of shape (times, ENTRIES), is written: for u, ω and the change of ω the coefficients of u
            and of ω, each with its rest, and whether a weight is closer to its start than to its end.
    """
    c = _constants(known, rests)
    one, none = pair(1.0, 0.0), pair(0.0, 0.0)
    for i in range(times.size):
        t, row = times[i], table[i]
        state = linear.limit(c) if math.isinf(t) else linear.at(pair(t, 0.0), c)
        _of_start(
            linear.weight_u(one, none, none, state, c), linear.weight_u(none, one, none, state, c),
            linear.weight_u(none, none, one, state, c), c, True, row, 0,
        )  # fmt: skip
        _of_start(
            linear.weight_omega(one, none, none, state, c),
            linear.weight_omega(none, one, none, state, c),
            linear.weight_omega(none, none, one, state, c), c, False, row, 4,
        )  # fmt: skip
        _of_start(
            linear.change_omega(one, none, none, state, c),
            linear.change_omega(none, one, none, state, c),
            linear.change_omega(none, none, one, state, c), c, True, row, 8,
        )  # fmt: skip
        row[12] = 1.0 if state.decay.hi > state.decayed.hi else 0.0


@kernel
def states(times, known, rests, time, state):
    """The state at times, by double-double numbers, rounded; laid out as `over_state` has it.

    Args:
        times: as they are given.
        known: constants.
        rests: of the constants.
        time: by which times are multiplied.
        state: is written.
    """
    c = _constants(known, rests)
    for i in range(times.size):
        t = times[i] * time
        now = linear.at(pair(t, 0.0), c)
        place = linear.ENTRIES * (i - i % linear.TOGETHER) + i % linear.TOGETHER
        state[place] = t
        for entry in (now.alpha, now.decay, now.growth, now.residual_ratio, now.f, now.decayed):
            place += linear.TOGETHER
            state[place] = entry.hi


@jit
def _sum(a, a_rest, x, b, b_rest, y):
    """The value of a x + b y, of a and b with their rests, and what rounding takes away."""
    first, second = a * x, b * y
    total = first + second
    of_second = total - first
    lost = (first - (total - of_second)) + (second - of_second)
    lost += fma(a, x, -first) + fma(b, y, -second)
    return total, lost + (a_rest * x + b_rest * y)


@call
def _write_row(
    u, w, low, high, scale_u, scale_w, of_u, by_u, by_u_rest, by_w, by_w_rest, factor, row
):
    all_squares, all_changes = 0.0, 0.0
    # Views from 0 on: what may be a negative index is no vector instruction.
    u, w, row = u[low:high], w[low:high], row[low:high]
    for first in range(0, u.size, BLOCK):
        size = min(BLOCK, u.size - first)
        squares, changes = 0.0, 0.0
        for k in range(size):
            x, y = u[first + k] * scale_u, w[first + k] * scale_w
            start = x if of_u else y
            value, lost = _sum(by_u, by_u_rest, x, by_w, by_w_rest, y)
            value += lost
            row[first + k] = value * factor
            squares = any_order(squares, value * value)
            changes = any_order(changes, (value - start) * (value - start))
        all_squares, all_changes = all_squares + squares, all_changes + changes
    return all_squares, all_changes


@kernel
def write(table, u, w, part, scales, of_u, factor, out, sums):
    """A layer at all times.

    Args:
        table: as `coefficients` has it.
        u: second layer.
        w: the column of the first.
        part: the first neuron, and the one after the last.
        scales: by which they are multiplied to be u and ω in units.
        of_u: whether the second layer is written, or the first.
        factor: of what is written.
        out: of shape (times, neurons).
        sums: of shape (times, 2): Σ of squares in units, and of squares of changes, are added.
    """
    first = 0 if of_u else 4
    for i in range(len(table)):
        row = table[i]
        of_squares, of_changes = _write_row(
            u, w, part[0], part[1], scales[0], scales[1], of_u,
            row[first], row[first + 1], row[first + 2], row[first + 3], factor, out[i],
        )  # fmt: skip
        sums[i, 0] += of_squares
        sums[i, 1] += of_changes
