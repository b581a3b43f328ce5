"""Starts of many networks side by side, in machine code: what `prepared` does for one, one a lane.

Numbers of 64 networks stand together, entry after entry, so that a loop over networks becomes vector
instructions, double-double numbers included. The formulas are those of `prepared`; what is not plain is
told by a zero, and is computed alone.
"""

# mypy: ignore-errors
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import bits_of, exponent_of, forced, of_bits, pair, two_to
from numeric.compiled.sums import MAGNITUDE, _added
from numeric.generated.compiled import linear
from numeric.generated.lanes.linear import LANES, WIDE, keep, load
from numeric.methods.explicit.prepared import (
    CANCELLED,
    DYING,
    FALLING,
    LEAST,
    LOST,
    MIDDLE,
    SMALL,
)

SUMS, RATES, UNITS = 10, 12, 5  # numbers of a network, as in `prepared`
RESTS = len(linear.CONSTANTS)
TILE = 16  # neurons that are brought side by side at once


@kernel
def sums(u, W, direction, rest, step, start, stop, found):
    """Sums of blocks of networks: Σu², Σω², Σuω, ‖W‖², each with its rest, and the largest |u| and |ω|.

    Args:
        u: second layers, of shape (networks, neurons).
        W: first layers, of shape (networks, neurons, inputs).
        direction: e, block by block, or of one block, where all networks have the same.
        rest: of e.
        step: from the direction of a block to that of the next; 0 where there is one.
        start: the first block.
        stop: the one after the last.
        found: is written, block by block; lanes beyond the last network repeat it.
    """
    width, inputs = W.shape[1], W.shape[2]
    of_u, of_w = np.empty(TILE * LANES), np.empty(TILE * inputs * LANES)
    omega, low = np.empty(LANES), np.empty(LANES)
    totals = np.empty(SUMS * LANES)
    largest = np.empty(2 * LANES, np.int64)
    for block in range(start, stop):
        totals[:] = 0.0
        largest[:] = 0
        at = block * step
        for first in range(0, width, TILE):
            size = min(TILE, width - first)
            _bring(u, W, block * LANES, first, size, of_u, of_w)
            for i in range(size):
                if inputs == 1:
                    _along_one(of_w, i, direction, at, omega)
                    _add_exact(of_u, i, omega, totals, largest)
                else:
                    _along(of_w, i, inputs, direction, rest, at, omega, low, totals)
                    _add(of_u, i, omega, low, totals, largest)
        if inputs == 1:
            totals[6 * LANES : 8 * LANES] = totals[2 * LANES : 4 * LANES]
        _finish(totals, largest, found, block * SUMS * LANES)


@forced
def _bring(u, W, row, first, size, of_u, of_w):
    """Bring neurons of a block side by side."""
    inputs = W.shape[2]
    for k in range(LANES):
        network = min(row + k, u.shape[0] - 1)
        for i in range(size):
            of_u[i * LANES + k] = u[network, first + i]
            for j in range(inputs):
                of_w[(i * inputs + j) * LANES + k] = W[network, first + i, j]


@forced
def _along_one(of_w, i, direction, at, omega):
    for k in range(LANES):
        omega[k] = of_w[i * LANES + k] * direction[at + k]


@forced
def _along(of_w, i, inputs, direction, rest, at, omega, low, totals):
    for k in range(LANES):
        omega[k], low[k] = 0.0, 0.0
    for j in range(inputs):
        for k in range(LANES):
            w = of_w[(i * inputs + j) * LANES + k]
            omega[k], low[k] = _added(omega[k], low[k], w, direction[at + j * LANES + k])
            low[k] += w * rest[at + j * LANES + k]
            totals[6 * LANES + k], totals[7 * LANES + k] = _added(
                totals[6 * LANES + k], totals[7 * LANES + k], w, w
            )
    for k in range(LANES):
        high = omega[k]
        omega[k] = high + low[k]
        low[k] -= omega[k] - high


@forced
def _add_exact(of_u, i, omega, totals, largest):
    for k in range(LANES):
        a, b = of_u[i * LANES + k], omega[k]
        totals[k], totals[LANES + k] = _added(totals[k], totals[LANES + k], a, a)
        totals[2 * LANES + k], totals[3 * LANES + k] = _added(
            totals[2 * LANES + k], totals[3 * LANES + k], b, b
        )
        totals[4 * LANES + k], totals[5 * LANES + k] = _added(
            totals[4 * LANES + k], totals[5 * LANES + k], a, b
        )
        largest[k] = max(largest[k], bits_of(a) & MAGNITUDE)
        largest[LANES + k] = max(largest[LANES + k], bits_of(b) & MAGNITUDE)


@forced
def _add(of_u, i, omega, low, totals, largest):
    _add_exact(of_u, i, omega, totals, largest)
    for k in range(LANES):
        totals[3 * LANES + k] += 2 * omega[k] * low[k]
        totals[5 * LANES + k] += of_u[i * LANES + k] * low[k]


@forced
def _finish(totals, largest, found, at):
    for j in range(0, 8, 2):
        for k in range(LANES):
            total = pair(totals[j * LANES + k], 0.0) + pair(totals[(j + 1) * LANES + k], 0.0)
            found[at + j * LANES + k] = total.hi
            found[at + (j + 1) * LANES + k] = total.lo
    for k in range(2 * LANES):
        found[at + 8 * LANES + k] = of_bits(largest[k])


@kernel
def states(places, rest_places, moments, known, rests, found):
    """States to twice the digits, rounded.

    Args:
        places: of networks in `known`.
        rest_places: of networks in `rests`.
        moments: a time in units for each.
        known: constants, block by block.
        rests: of the constants, block by block.
        found: of shape (entries, 6), is written.
    """
    for i in range(moments.size):
        c = load(known, places[i], rests, rest_places[i])
        state = linear.at(pair(moments[i], 0.0), c)
        found[i, 0], found[i, 1], found[i, 2] = state.alpha.hi, state.decay.hi, state.growth.hi
        found[i, 3], found[i, 4] = state.residual_ratio.hi, state.f.hi
        found[i, 5] = state.decayed.hi


@forced
def _scaled(value, exponent):
    return pair(value.hi * two_to(exponent), value.lo * two_to(exponent))


@forced
def _is_within(exponent, bound):
    return (exponent < bound) & (exponent > -bound)


@forced
def _is_middle(value):
    """Whether a number is 0 or in the middle of the range."""
    return (value == 0) | ((abs(value) >= LEAST) & (_is_within(exponent_of(value), MIDDLE)))


@forced
def _is_sane(exponent):
    return _is_within(exponent, 3 * MIDDLE + 1)


@kernel
def prepare(blocks, sums, rates, rate_step, widths, factor, known, rests, units, plain):
    """Constants, sums and limits of starts, as `prepared.prepare` for one; which are plain.

    Args:
        blocks: how many.
        sums: as `sums` writes them.
        rates: γ, η_u, η_w, ρ, y and the floor, each with its rest, block by block, or of one block.
        rate_step: from those of a block to those of the next; 0 where there is one.
        widths: numbers of neurons.
        factor: by which time is multiplied.
        known: is written, block by block.
        rests: is written, of the constants.
        units: is written, exponents.
        plain: is written, 1 where a start is plain.
    """
    for block in range(blocks):
        s, r, w = block * SUMS * LANES, block * rate_step, block * LANES
        o, q, z = block * WIDE * LANES, block * RESTS * LANES, block * UNITS * LANES
        for k in range(LANES):
            plain[w + k] = _one(
                sums, s + k, rates, r + k, widths[w + k], factor, known, o + k, rests, q + k, units,
                z + k,
            )  # fmt: skip


@forced
def _one(sums, s, rates, r, width, factor, known, o, rests, q, units, z):
    r_0, r_2, r_4 = rates[r], rates[r + 2 * LANES], rates[r + 4 * LANES]
    r_6, r_8, r_10 = rates[r + 6 * LANES], rates[r + 8 * LANES], rates[r + 10 * LANES]
    largest_u, largest_omega = sums[s + 8 * LANES], sums[s + 9 * LANES]
    is_plain = _is_middle(r_0) & _is_middle(r_2) & _is_middle(r_4) & _is_middle(r_6)
    is_plain &= _is_middle(r_8) & _is_middle(r_10) & _is_middle(largest_u)
    is_plain &= _is_middle(largest_omega) & _is_middle(factor)
    gamma_e, eta_u_e, eta_w_e = exponent_of(r_0), exponent_of(r_2), exponent_of(r_4)
    rho_e, y_e = exponent_of(r_6), exponent_of(r_8)
    n, ratio = gamma_e + rho_e, (eta_u_e - eta_w_e) >> 1
    of_u, of_omega = exponent_of(largest_u), exponent_of(largest_omega) + ratio
    both = max(of_u, of_omega)
    a = (both if largest_u > 0 else of_omega) if largest_omega > 0 else of_u
    b = a - ratio
    f = n + a + b
    c = eta_w_e + 2 * n + 2 * a + (max(0, y_e - f) >> 1)
    units[z], units[z + LANES], units[z + 2 * LANES] = a, b, rho_e
    units[z + 3 * LANES], units[z + 4 * LANES] = f, c
    for_u, for_w = 2 * n + 2 * b - c, 2 * n + 2 * a - c
    is_plain &= _is_sane(2 * a) & _is_sane(2 * b) & _is_sane(a + b) & _is_sane(f) & _is_sane(c)
    is_plain &= _is_sane(for_u) & _is_sane(for_w)
    gamma = _scaled(pair(r_0, rates[r + LANES]), -gamma_e)
    eta_u = _scaled(pair(r_2, rates[r + 3 * LANES]), for_u)
    eta_w = _scaled(pair(r_4, rates[r + 5 * LANES]), for_w)
    rho = _scaled(pair(r_6, rates[r + 7 * LANES]), -rho_e)
    y = _scaled(pair(r_8, rates[r + 9 * LANES]), -f)
    u_2 = _scaled(pair(sums[s], sums[s + LANES]), -2 * a)
    omega_2 = _scaled(pair(sums[s + 2 * LANES], sums[s + 3 * LANES]), -2 * b)
    overlap = _scaled(pair(sums[s + 4 * LANES], sums[s + 5 * LANES]), -a - b)
    W_2 = _scaled(pair(sums[s + 6 * LANES], sums[s + 7 * LANES]), -2 * b)
    gram, across = u_2 * omega_2 - overlap * overlap, W_2 - omega_2
    is_alone = width == 1  # two vectors of one component are parallel
    gram = linear.xp.where(is_alone, pair(0.0, 0.0), gram)
    squares = eta_u * omega_2 + eta_w * u_2
    crossed = 2.0 * linear.xp.sqrt(eta_u * eta_w) * overlap
    p_2, q_2 = (squares + crossed) / 4.0, (squares - crossed) / 4.0
    is_plain &= is_alone | (gram.hi > CANCELLED * (u_2.hi * omega_2.hi))
    is_plain &= (p_2.hi > CANCELLED * squares.hi) & (q_2.hi > CANCELLED * squares.hi)
    is_plain &= (gamma.hi != 0) & (rho.hi > 0)
    is_plain &= (across.hi > CANCELLED * W_2.hi) | ((across.hi == 0) & (across.lo == 0))
    is_plain &= _is_middle(u_2.hi) & _is_middle(omega_2.hi) & _is_middle(overlap.hi)
    d = pair(width, 0.0)
    f_0 = linear.initial_output(gamma, rho, overlap)
    is_plain &= _is_middle(y.hi) & _is_middle(f_0.hi) & _is_middle((f_0 - y).hi)
    constants = linear.constants(gamma, eta_u, eta_w, rho, y, d, p_2 / d, q_2 / d, f_0, f_0 - y)
    end = linear.limit(constants)
    time_scale = linear.time_scale(constants).hi
    keep(constants, known, o, rests, q)
    floor = _scaled(pair(r_10, rates[r + 11 * LANES]), 0).hi * two_to(-f) * two_to(-f)
    o += RESTS * LANES
    known[o] = linear.balance(eta_u, eta_w, u_2, omega_2).hi
    known[o + LANES] = floor
    known[o + 2 * LANES] = gram.hi
    known[o + 3 * LANES] = omega_2.hi
    known[o + 4 * LANES] = u_2.hi
    known[o + 5 * LANES] = overlap.hi
    known[o + 6 * LANES] = across.hi
    dies = (end.decay.hi == 0) & (end.f.hi == 0)
    passes = constants.f_0.hi * end.f.hi < 0
    known[o + 7 * LANES] = factor * two_to(c)
    known[o + 8 * LANES] = time_scale / 4 * (DYING if dies else FALLING)
    known[o + 9 * LANES] = SMALL
    known[o + 10 * LANES] = LOST * abs(constants.f_0.hi) if passes else 0.0
    return 1.0 if is_plain else 0.0
