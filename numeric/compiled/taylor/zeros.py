"""The first zero of a polynomial on a stretch, told from none: by bounds on parts that are halved."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.scalars import apart, fma
from numeric.compiled.taylor.layout import TERMS

PARTS = 200  # that are looked at
FINEST = 2.0**-24  # of the stretch, a part on which nothing is told
PATIENCE = 60  # steps of Newton, or of bisection
SETTLED = 1e-15  # of a part, the change by a step of Newton's method


@apart
def recentred(c, order, z):
    """Coefficients about z, in place; digits are those of Σ |c_k| |z|^k."""
    for first in range(order):
        for k in range(order - 1, first - 1, -1):
            c[k] = fma(z, c[k + 1], c[k])


@apart
def value_and_slope(c, order, z):
    """Of Σ c_k z^k."""
    found, slope = c[order], 0.0
    for k in range(order - 1, -1, -1):
        slope = fma(slope, z, found)
        found = fma(found, z, c[k])
    return found, slope


@apart
def gained(c, order, z):
    """Σ_{k ≥ 1} c_k z^k, relative to itself also where z is small."""
    found = c[order]
    for k in range(order - 1, 0, -1):
        found = fma(found, z, c[k])
    return found * z


@apart
def only_zero(c, order):
    """The zero in [0, 1] of a polynomial that falls there from above to below."""
    low, high, z = 0.0, 1.0, 0.5
    for _ in range(PATIENCE):
        found, slope = value_and_slope(c, order, z)
        if found > 0:
            low = z
        else:
            high = z
        following = z - found / slope
        if not low <= following <= high:
            following = 0.5 * (low + high)
        change, z = abs(following - z), following
        if change <= SETTLED:
            break
    return z


@apart
def first_zero(c, order, width):
    """The first zero in (0, width] of a polynomial that begins above; ∞ without, NaN where untold.

    A part has none where the first coefficient outweighs all others; it has one at most where the
    second outweighs the rest of the slope. What touches zero is not told.
    """
    part = np.empty(TERMS)
    begun, length = 0.0, width
    for _ in range(PARTS):
        for k in range(order + 1):
            part[k] = c[k]
        if begun > 0:
            recentred(part, order, begun)
        if not part[0] > 0:
            return begun if part[0] <= 0 else math.nan
        power, rest, slopes = 1.0, 0.0, 0.0
        for k in range(1, order + 1):
            power *= length
            part[k] *= power
            rest += abs(part[k])
            slopes += k * abs(part[k])
        slopes -= abs(part[1])
        if not part[0] > rest:
            if not abs(part[1]) > slopes:
                length *= 0.5
                if not length > FINEST * width:
                    return math.nan
                continue
            if part[1] < 0 and value_and_slope(part, order, 1.0)[0] <= 0:
                return begun + length * only_zero(part, order)
        begun += length
        if begun >= width:
            return math.inf
        length = min(2 * length, width - begun)
    return math.nan
