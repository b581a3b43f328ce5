"""Sums over weights to twice the digits of float64, as fast as memory gives them away.

Sums are kept in several lanes, which one vector instruction adds to; a lane carries what rounding takes
away. Two cores take a half each where there is enough.
"""

# mypy: ignore-errors
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import bits_of, fma, jit, pair

LANES = 32
MAGNITUDE = 0x7FFFFFFFFFFFFFFF  # all bits but the sign: larger numbers have larger ones


@jit
def _added(total, rest, a, b):
    """A sum and its rest, with a b added."""
    product = a * b
    lost = fma(a, b, -product)
    new = total + product
    of_product = new - total
    return new, rest + (lost + ((total - (new - of_product)) + (product - of_product)))


@jit
def _largest(size, a):
    """The larger of two magnitudes, as bits: those of NaN and infinity are largest."""
    return max(size, bits_of(a) & MAGNITUDE)


@jit
def _add_columns(u, w, start, size, totals, rests, largest):
    for k in range(size):
        a, b = u[start + k], w[start + k]
        totals[0, k], rests[0, k] = _added(totals[0, k], rests[0, k], a, a)
        totals[1, k], rests[1, k] = _added(totals[1, k], rests[1, k], b, b)
        totals[2, k], rests[2, k] = _added(totals[2, k], rests[2, k], a, b)
        largest[0, k] = _largest(largest[0, k], a)
        largest[1, k] = _largest(largest[1, k], b)


@kernel
def of_columns(u, w, found):
    """Σu², Σw² and Σuw of two columns, each with its rest, and the largest |u| and |w|.

    Args:
        u: one column.
        w: another, of the same length.
        found: eight numbers are written there.
    """
    totals, rests = np.zeros((3, LANES)), np.zeros((3, LANES))
    largest = np.zeros((2, LANES), np.int64)
    for start in range(0, u.size, LANES):
        if start + LANES <= u.size:  # a number known beforehand becomes vector instructions
            _add_columns(u, w, start, LANES, totals, rests, largest)
        else:
            _add_columns(u, w, start, u.size - start, totals, rests, largest)
    for j in range(3):
        _write(found, 2 * j, totals[j], rests[j])
    found[6:8] = np.array([largest[0].max(), largest[1].max()]).view(np.float64)


@kernel
def of_rows(u, W, direction, rest, found):
    """Σu², Σω², Σuω and ‖W‖², each with its rest, and the largest |u| and |ω|; ω = W e.

    Args:
        u: one column.
        W: rows.
        direction: e.
        rest: of e.
        found: ten numbers are written there.
    """
    totals, rests = np.zeros((4, 1)), np.zeros((4, 1))
    of_u, of_omega = 0, 0
    for i in range(u.size):
        high, low = 0.0, 0.0
        for j in range(W.shape[1]):
            w = W[i, j]
            high, low = _added(high, low, w, direction[j])
            low += w * rest[j]
            totals[3, 0], rests[3, 0] = _added(totals[3, 0], rests[3, 0], w, w)
        omega = high + low
        low -= omega - high
        a = u[i]
        totals[0, 0], rests[0, 0] = _added(totals[0, 0], rests[0, 0], a, a)
        totals[1, 0], rests[1, 0] = _added(
            totals[1, 0], rests[1, 0] + 2 * omega * low, omega, omega
        )
        totals[2, 0], rests[2, 0] = _added(totals[2, 0], rests[2, 0] + a * low, a, omega)
        of_u, of_omega = _largest(of_u, a), _largest(of_omega, omega)
    for j in range(4):
        _write(found, 2 * j, totals[j], rests[j])
    found[8:10] = np.array([of_u, of_omega]).view(np.float64)


@jit
def _write(found, place, totals, rests):
    total = pair(0.0, 0.0)
    for k in range(totals.size):
        total = total + pair(totals[k], 0.0) + pair(rests[k], 0.0)
    found[place], found[place + 1] = total.hi, total.lo
