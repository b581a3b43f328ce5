"""Weights of many small networks at many times, in machine code, all of it in double-double numbers.

`moving` writes long layers of one network; here neurons are few, and what is computed once per network
and time takes longer than they do.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, pair, two_to
from numeric.generated.compiled import linear
from numeric.generated.lanes.linear import KNOWN, LANES, WIDE, load
from numeric.methods.explicit.lanes import RESTS, UNITS

TIME = KNOWN.index("time")


@kernel
def write(
    times, step, known, rests, units, plain, u, W, direction, rest, e_step, start, stop, of_u, out
):
    """A layer of networks at all times.

    Args:
        times: of all networks, or of one after the other.
        step: number of times where each network has its own, else 0.
        known: as `lanes.prepare` writes it, from the block `start` on.
        rests: the same.
        units: the same.
        plain: the same.
        u: second layers at t = 0, of shape (networks, neurons).
        W: first layers, of shape (networks, neurons, inputs).
        direction: e, as in `lanes.sums`.
        rest: of e.
        e_step: from the direction of a block to that of the next.
        start: the first block.
        stop: the one after the last.
        of_u: whether the second layer is written, or the first.
        out: of shape (networks, times, neurons, 1 or inputs); is left alone where a start is not plain.
    """
    one, none = pair(1.0, 0.0), pair(0.0, 0.0)
    for b in range(start * LANES, min(stop * LANES, u.shape[0])):
        block, k = b // LANES - start, b % LANES
        if plain[block * LANES + k] == 0:
            continue
        at = block * WIDE * LANES + k
        c = load(known, at, rests, block * RESTS * LANES + k)
        of = units[block * UNITS * LANES + k], units[block * UNITS * LANES + LANES + k]
        e = (b // LANES) * e_step + k
        p_u, p_w = (
            linear.growing(one, none, c.eta_u, c.eta_w), linear.growing(none, one, c.eta_u, c.eta_w)
        )  # fmt: skip
        q_u, q_w = (
            linear.falling(one, none, c.eta_u, c.eta_w), linear.falling(none, one, c.eta_u, c.eta_w)
        )  # fmt: skip
        for i in range(out.shape[1]):
            t = times[b * step + i] * known[at + TIME * LANES]
            is_over = math.isinf(2 * c.R.hi * t)
            state = linear.limit(c) if is_over else linear.at(pair(t, 0.0), c)
            is_early = state.decay.hi > state.decayed.hi
            if of_u:
                weight = _of_u(one, none, state, c)
            elif is_early and W.shape[2] > 1:
                weight = _of_change(one, none, state, c)
            else:
                weight = _of_omega(one, none, state, c)
            for n in range(u.shape[1]):
                x = pair(u[b, n] * two_to(-of[0]), 0.0)
                omega = _along(W, b, n, direction, rest, e, two_to(-of[1]))
                p, q = x * p_u + omega * p_w, x * q_u + omega * q_w
                moved = p * weight[1] + q * weight[2]
                if of_u:
                    out[b, i, n, 0] = (x * weight[0] + moved).hi * two_to(of[0]) + 0.0
                elif W.shape[2] == 1:
                    now = (omega * weight[0] + moved).hi * two_to(of[1])
                    out[b, i, n, 0] = now * direction[e] + 0.0
                else:
                    _write_row(
                        W, b, n, direction, rest, e, of[1], is_early, x, omega, weight[0], moved,
                        out[b, i, n],
                    )  # fmt: skip


@call
def _of_u(one, none, state, c):
    """Coefficients of a weight at t = 0, of p and of q."""
    return (
        linear.weight_u(one, none, none, state, c), linear.weight_u(none, one, none, state, c),
        linear.weight_u(none, none, one, state, c),
    )  # fmt: skip


@call
def _of_omega(one, none, state, c):
    return (
        linear.weight_omega(one, none, none, state, c),
        linear.weight_omega(none, one, none, state, c),
        linear.weight_omega(none, none, one, state, c),
    )


@call
def _of_change(one, none, state, c):
    """Coefficients of u, of p and of q in the change of ω."""
    return (
        linear.change_omega(one, none, none, state, c),
        linear.change_omega(none, one, none, state, c),
        linear.change_omega(none, none, one, state, c),
    )


@call
def _along(W, b, n, direction, rest, e, scale):
    """The part ω of a row along the data, in units."""
    total = pair(0.0, 0.0)
    for j in range(W.shape[2]):
        total = total + pair(W[b, n, j] * scale, 0.0) * pair(
            direction[e + j * LANES], rest[e + j * LANES]
        )
    return total


@call
def _write_row(
    W, b, n, direction, rest, e, exponent, is_early, x, omega, coefficient, moved, row
):  # fmt: skip
    """A row of the first layer: start and change early, what is across the data and ω late."""
    scale, back = two_to(-exponent), two_to(exponent)
    along = (x if is_early else omega) * coefficient + moved
    for j in range(W.shape[2]):
        to = pair(direction[e + j * LANES], rest[e + j * LANES])
        start = pair(W[b, n, j] * scale, 0.0)
        if not is_early:
            start = start - omega * to
        row[j] = (start + along * to).hi * back + 0.0
