"""Weights of one column at many times, in machine code: each is read once and written once.

A weight is a u₀ + b p + c q with double-double coefficients of the state; p and q are linear in the two
weights of their neuron. One of b and c is zero. Products and sums carry what rounding takes away, so
that a weight that passes zero keeps its digits.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, fma, jit, pair
from numeric.generated.compiled import linear

LANES = 512  # sums side by side, which vector instructions add to


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
def _coefficients(t, c, of_u):
    """Coefficients of a weight at t = 0, of p and of q."""
    state = linear.limit(c) if math.isinf(t) else linear.at(pair(t, 0.0), c)
    one, none = pair(1.0, 0.0), pair(0.0, 0.0)
    if of_u:
        return (
            linear.weight_u(one, none, none, state, c), linear.weight_u(none, one, none, state, c),
            linear.weight_u(none, none, one, state, c),
        )  # fmt: skip
    return (
        linear.weight_omega(one, none, none, state, c),
        linear.weight_omega(none, one, none, state, c),
        linear.weight_omega(none, none, one, state, c),
    )


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
    u, w, low, high, scale_u, scale_w, of_u, p_u, p_u_rest, p_w, p_w_rest, a, a_rest, b, b_rest,
    factor, row,
):  # fmt: skip
    squares, changes = np.zeros(LANES), np.zeros(LANES)
    # Views from 0 on: what may be a negative index is no vector instruction.
    u, w, row = u[low:high], w[low:high], row[low:high]
    for first in range(0, u.size, LANES):
        size = min(LANES, u.size - first)
        for k in range(size):
            x, y = u[first + k] * scale_u, w[first + k] * scale_w
            start = x if of_u else y
            coordinate, rest = _sum(p_u, p_u_rest, x, p_w, p_w_rest, y)
            value, lost = _sum(a, a_rest, start, b, b_rest, coordinate)
            value += lost + b * rest
            row[first + k] = value * factor
            squares[k] += value * value
            changes[k] += (value - start) * (value - start)
    return squares.sum(), changes.sum()


@kernel
def write(times, known, rests, u, w, part, scales, of_u, factor, out, sums):
    """A layer at all times.

    Args:
        times: in units.
        known: constants.
        rests: of the constants.
        u: second layer.
        w: the column of the first.
        part: the first neuron, and the one after the last.
        scales: by which they are multiplied to be u and ω in units.
        of_u: whether the second layer is written, or the first.
        factor: of what is written.
        out: of shape (times, neurons).
        sums: of shape (times, 2): Σ of squares in units, and of squares of changes, are added.
    """
    c = _constants(known, rests)
    one, none = pair(1.0, 0.0), pair(0.0, 0.0)
    for i in range(times.size):
        a, b, third = _coefficients(times[i], c, of_u)
        # p or q, whichever counts, is this of u and that of ω.
        if third.hi == 0:
            by_u = linear.growing(one, none, c.eta_u, c.eta_w)
            by_omega = linear.growing(none, one, c.eta_u, c.eta_w)
        else:
            b = third
            by_u = linear.falling(one, none, c.eta_u, c.eta_w)
            by_omega = linear.falling(none, one, c.eta_u, c.eta_w)
        of_squares, of_changes = _write_row(
            u, w, part[0], part[1], scales[0], scales[1], of_u,
            by_u.hi, by_u.lo, by_omega.hi, by_omega.lo, a.hi, a.lo, b.hi, b.lo, factor, out[i],
        )  # fmt: skip
        sums[i, 0] += of_squares
        sums[i, 1] += of_changes
