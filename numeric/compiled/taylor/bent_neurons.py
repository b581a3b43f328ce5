"""Weights of all neurons at places, of which some have met a bend: their series, once more."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import apart, fma
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.bends import alone, beyond
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.steps import block_of


@kernel
def weights(series, slots, bend, side, given, known, steps, states, events, found, is_change, u, h):
    """Weights of all neurons at places, or what they have changed since the start.

    Args:
        series: address of the network's series.
        slots: what it takes of scratch.
        bend: h, where σ is not smooth.
        side: on which side of it neurons begin.
        given: hyperparameters.
        known: of a solved flow.
        steps: of it.
        states: of it.
        events: of it.
        found: places, as `locate` writes them.
        is_change: whether changes are asked for, which are summed along the way.
        u: is written, of shape (times, neurons).
        h: is written, too.
    """
    rows, made, size = int(known[layout.STEPS]), int(known[layout.MET]), side.size
    now, at = side.copy(), np.empty(found.shape[1])
    U, H, F = np.empty(TERMS * BLOCK), np.empty(TERMS * BLOCK), np.empty(TERMS)
    alone_there, work = np.empty((4, TERMS)), np.empty((slots, TERMS, 1))
    of_step = np.zeros(rows, np.bool_)
    for i in range(found.shape[1]):
        of_step[int(found[1, i])] = True
        at[i] = steps[int(found[1, i]), layout.WITHIN] + found[2, i]
    row = k = 0
    while row < rows:
        j, order = int(steps[row, layout.STATE]), int(steps[row, layout.GRADE])
        pace, first_row, asked = known[layout.SIGN] * steps[row, layout.PACE], row, False
        while row < rows and steps[row, layout.STATE] == j:
            asked = asked or of_step[row]
            row += 1
        if asked:
            here, from_u, from_h = states[j], states[j, 2 * is_change], states[j, 2 * is_change + 1]
            for first in range(0, size, BLOCK):
                number = min(BLOCK, size - first)
                stop, terms = first + number, order + 1
                of_u, of_h = block_of(U, 0, number, terms), block_of(H, 0, number, terms)
                calling.series(
                    series, here[0, first:stop], here[1, first:stop], now[first:stop], given, pace, order,
                    of_u, of_h, F[:terms], work,
                )  # fmt: skip
                for i in range(at.size):
                    if first_row <= int(found[1, i]) < row:
                        evaluate(of_u, order, at[i], from_u[first:stop], u[i, first:stop])
                        evaluate(of_h, order, at[i], from_h[first:stop], h[i, first:stop])
        while k < made and events[k, layout.AT_STATE] <= j:
            event, n = events[k], int(events[k, layout.NEURON])
            if asked and event[layout.AT_STATE] == j:
                network = series, bend, given, pace, order
                alone(network, event[layout.U_THERE], bend, event[layout.SIDE], alone_there, work)
                for i in range(at.size):
                    if first_row <= int(found[1, i]) < row and at[i] >= event[layout.AT_Z]:
                        at_u, at_h, moved_u, moved_h = beyond(
                            event, at[i] - event[layout.AT_Z], network, alone_there
                        )
                        u[i, n] = moved_u if is_change else at_u
                        h[i, n] = moved_h if is_change else at_h
            now[n] = event[layout.SIDE]
            k += 1


@apart
def evaluate(c, order, z, begun, out):
    """Σ_{k ≥ 1} c_k z^k of each column, and what was there at z = 0."""
    for i in range(out.size):
        out[i] = c[order, i]
    for k in range(order - 1, 0, -1):
        for i in range(out.size):
            out[i] = fma(out[i], z, c[k, i])
    for i in range(out.size):
        out[i] = begun[i] + out[i] * z
