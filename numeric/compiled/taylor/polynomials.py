"""Polynomials of one order, by their coefficients in a row, lowest first."""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.scalars import call, fma

ORDER = 30  # of all series: of few neurons the fewest steps cost the least
TAIL = 2e-17  # of what counts, the last coefficients at the end of a step
PATIENCE = 60  # steps of Newton, or of bisection
BINOMIALS = np.array([[float(math.comb(j, k)) for k in range(ORDER + 1)] for j in range(ORDER + 1)])


@call
def value(c, z):
    """Σ c_k z^k."""
    found = c[ORDER]
    for k in range(ORDER - 1, -1, -1):
        found = fma(found, z, c[k])
    return found


@call
def gain(c, z):
    """Σ_{k ≥ 1} c_k z^k, relative to itself also where z is small."""
    found = c[ORDER]
    for k in range(ORDER - 1, 0, -1):
        found = fma(found, z, c[k])
    return found * z


@call
def with_slope(c, z):
    """Value and derivative."""
    found, slope = c[ORDER], 0.0
    for k in range(ORDER - 1, -1, -1):
        slope = fma(slope, z, found)
        found = fma(found, z, c[k])
    return found, slope


@call
def shift(c, z, half, out):
    """Coefficients in ζ of z + half ζ, into another row; all but the first."""
    scaled, powers = np.empty(ORDER + 1), np.empty(ORDER + 1)
    power = 1.0
    for k in range(ORDER + 1):
        scaled[k], powers[k], out[k] = c[k] * power, power, 0.0
        power *= z
    for j in range(1, ORDER + 1):
        term = scaled[j]
        for k in range(ORDER + 1):
            out[k] = fma(BINOMIALS[j, k], term, out[k])
    power = 1.0
    for k in range(ORDER + 1):
        out[k] *= power / powers[k]
        power *= half


@call
def stretch(c, factor):
    """c_k factor^k, in place."""
    power = 1.0
    for k in range(1, ORDER + 1):
        power *= factor
        c[k] *= power


@call
def reciprocal(c, out):
    """Coefficients of 1/c, into another row."""
    first = 1 / c[0]
    out[0] = first
    for k in range(1, ORDER + 1):
        # Several sums at once: each would wait for itself.
        one = two = three = four = 0.0
        for j in range(1, k - 2, 4):
            one = fma(c[j], out[k - j], one)
            two = fma(c[j + 1], out[k - j - 1], two)
            three = fma(c[j + 2], out[k - j - 2], three)
            four = fma(c[j + 3], out[k - j - 3], four)
        for j in range(k - k % 4 + 1, k + 1):
            one = fma(c[j], out[k - j], one)
        out[k] = -first * ((one + two) + (three + four))


@call
def reach(c, size, least):
    """The z up to which the last three terms are nothing of a size; at most 1/least.

    Args:
        c: coefficients.
        size: what counts.
        least: of what is returned, the inverse.
    """
    found = least
    for k in range(ORDER - 2, ORDER + 1):
        ratio = abs(c[k]) / (TAIL * size)
        if not ratio <= 0.0:
            found = max(found, ratio ** (1.0 / k))
    return 1 / found


@call
def crossing(c, goal, width):
    """The z in (0, width] at which Σ_{k ≥ 1} c_k z^k is a goal; NaN where it does not settle."""
    low, high = 0.0, width
    z = min(goal / c[1], width)
    for _ in range(PATIENCE):
        found, slope = with_slope(c, z)
        excess = found - c[0] - goal
        if excess > 0:
            high = z
        else:
            low = z
        following = z - excess / slope
        if abs(following - z) <= 1e-15 * z:
            return following
        z = following if low <= following <= high else 0.5 * (low + high)
    return z if high - low <= 1e-14 * high else math.nan
