"""Whether rounding decides which way a neuron leaves a zero of σ′ that repels it."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.taylor import calling
from numeric.compiled.taylor.layout import BLOCK
from numeric.compiled.taylor.steps import block_of

NEXT = 2.0**-20  # of h, to a neighbour whose velocity tells the slope
HANGS = 1e-10  # of h, from a zero of its velocity, at which a neuron has few digits left of what it moves
GROWS = 23.0  # exponent of a distance on the way, from which on those digits are felt: e²³ = 1e10


@kernel
def hangs(series, slots, u, h, side, given, way):
    """Whether one neuron starts so close to a rest that repels it that its roundings are all that grows.

    Args:
        series: address of the network's series.
        slots: what it takes of scratch.
        u: weights at the start.
        h: preactivations there.
        side: of a bend, on which neurons are.
        given: hyperparameters.
        way: warped time s from the start to the equilibrium.
    """
    work, F = np.empty((slots, 2, 1)), np.empty(2)
    U, H, beside, N = np.empty(2 * BLOCK), np.empty(2 * BLOCK), np.empty(BLOCK), np.empty(2 * BLOCK)
    for first in range(0, u.size, BLOCK):
        size = min(BLOCK, u.size - first)
        last = first + size
        for i in range(size):
            beside[i] = h[first + i] + NEXT * h[first + i]
        of_u, of_h = block_of(U, 0, size, 2), block_of(H, 0, size, 2)
        of_next = block_of(N, 0, size, 2)
        calling.series(
            series,
            u[first:last],
            h[first:last],
            side[first:last],
            given,
            way,
            1,
            of_u,
            of_h,
            F,
            work,
        )
        calling.series(
            series, u[first:last], beside[:size], side[first:last], given, way, 1, of_u, of_next, F, work
        )  # fmt: skip
        for i in range(size):
            at = h[first + i]
            turned = (of_next[1, i] - of_h[1, i]) / NEXT
            # A neuron of h = 0 begins at its rest, or far from it.
            if turned * np.sign(at) > GROWS * abs(at) and abs(of_h[1, i]) < HANGS * abs(turned):
                return True
    return False
