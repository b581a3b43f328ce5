"""Integrals of a weight that jumps at times asked for, times what is smooth: by Legendre polynomials.

On a stretch −1 … 1 let S be a step function. Its moments with Legendre polynomials are differences of
these, and weights at Gauss's nodes that have the same moments integrate S q for every smooth q.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import numpy as np
from numpy.polynomial import legendre

from numeric.compiled.scalars import call

NODES = 24
GAUSS, WEIGHTS = legendre.leggauss(NODES)
_DEGREES = 2 * np.arange(NODES) + 1
# Coefficients from values: (2j + 1)/2 ∫ P_j q, row j.
COEFFICIENTS = _DEGREES[:, None] / 2 * legendre.legvander(GAUSS, NODES - 1).T * WEIGHTS
SHARP = 1e-13  # of the largest value, the last coefficients of what is smooth


@call
def add_until(place, size, moments):
    """Moments of a weight that has a size from −1 to a place, and is 0 beyond it."""
    before, here = 1.0, place
    moments[0] += size * (place + 1.0)
    for j in range(1, moments.size):
        following = ((2 * j + 1) * place * here - j * before) / (j + 1)
        moments[j] += size * (following - before) / (2 * j + 1)
        before, here = here, following


@call
def weights_of(moments, found):
    """Weights at the nodes, of such moments."""
    for g in range(NODES):
        found[g] = 0.0
    for j in range(NODES):
        for g in range(NODES):
            found[g] += moments[j] * COEFFICIENTS[j, g]


@call
def is_smooth(values):
    """Whether values at the nodes are those of a polynomial of a lower degree, to rounding."""
    largest = 0.0
    for g in range(NODES):
        largest = max(largest, abs(values[g]))
    for j in range(NODES - 2, NODES):
        last = 0.0
        for g in range(NODES):
            last += COEFFICIENTS[j, g] * values[g]
        if not abs(last) <= SHARP * largest:
            return False
    return True
