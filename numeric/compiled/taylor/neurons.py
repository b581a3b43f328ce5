"""Weights of all neurons at places: their series once more, evaluated there."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import call, fma
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.polynomials import ORDER


@call
def evaluate(c, z, begun, out):
    """Σ_{k ≥ 1} c_k z^k of each column, and what was there at z = 0."""
    for i in range(out.size):
        out[i] = c[ORDER, i]
    for k in range(ORDER - 1, 0, -1):
        for i in range(out.size):
            out[i] = fma(out[i], z, c[k, i])
    for i in range(out.size):
        out[i] = begun[i] + out[i] * z


@kernel
def weights(series, slots, side, given, known, steps, states, found, is_change, u, h):
    """Weights of all neurons at places, or what they have changed since the start.

    Args:
        series: address of the network's series.
        slots: what it takes of scratch.
        side: of a bend, on which neurons are.
        given: hyperparameters.
        known: of a solved flow.
        steps: of it.
        states: of it.
        found: places, as `locate` writes them.
        is_change: whether changes are asked for, which are summed along the way.
        u: is written, of shape (times, neurons).
        h: is written, too.
    """
    count, size = int(known[layout.STEPS]), side.size
    part = np.empty(TERMS)
    U, H = np.empty(TERMS * BLOCK), np.empty(TERMS * BLOCK)
    work = np.empty((slots, TERMS, 1))
    here = np.zeros(count, np.bool_)
    for i in range(found.shape[1]):
        here[int(found[1, i])] = True
    for j in range(count):
        if not here[j]:
            continue
        pace = known[layout.SIGN] * steps[j, layout.PACE]
        begun_u, begun_h = states[j, 0], states[j, 1]
        for first in range(0, size, BLOCK):
            number = min(BLOCK, size - first)
            last = first + number
            of_u = U[: TERMS * number].reshape((TERMS, number))
            of_h = H[: TERMS * number].reshape((TERMS, number))
            calling.series(
                series, begun_u[first:last], begun_h[first:last], side[first:last], given, pace, ORDER,
                of_u, of_h, part, work,
            )  # fmt: skip
            from_u, from_h = states[j, 2 * is_change], states[j, 2 * is_change + 1]
            for i in range(found.shape[1]):
                if int(found[1, i]) == j:
                    evaluate(of_u, found[2, i], from_u[first:last], u[i, first:last])
                    evaluate(of_h, found[2, i], from_h[first:last], h[i, first:last])
