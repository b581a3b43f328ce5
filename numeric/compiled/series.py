"""What generated Taylor series of neurons consist of: blocks of eight neurons, rows of coefficients.

A row holds one coefficient of one series for eight neurons; rows of a series follow each other. Products
are sums over rows, and so is a function g of h: g(h(z))′ = slope(h(z)) h′(z) is k gₖ = Σ j hⱼ slopeₖ₋ⱼ.

Up to order 20 coefficients are right to 1.1e-14 of their own size, measured for u over 1e±6, h from 1e-8
to 30 and rates over 10^±1; those of erf to 2e-14 and of gelu to 2.5e-13, as exp(−h²) rounds its argument.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

from math import floor, nan

from numba import types

from numeric.compiled.lanes import LANES, add_product, lanes, load, skipped, store
from numeric.compiled.scalars import call

NUMBER, WHOLE = types.float64, types.int64
VECTOR, MATRIX, CUBE = (types.Array(NUMBER, k, "C") for k in (1, 2, 3))
SERIES = types.void(
    VECTOR, VECTOR, VECTOR, VECTOR, NUMBER, WHOLE, MATRIX, MATRIX, VECTOR, CUBE
)  # u, h, side, given, pace, order, U, H, F, work
CURVATURE = types.void(
    VECTOR, WHOLE, MATRIX, MATRIX, MATRIX, MATRIX, CUBE
)  # given, order, U, H, UH, HH, work
POINTWISE = NUMBER(NUMBER, NUMBER, VECTOR)  # u, h, given
BITS = 6  # of whole powers
SPACE = 2 * BITS  # series that a whole power needs


@call
def aligned(work):
    """Scratch as one row after the other, none of which crosses a line of the cache."""
    numbers = work.reshape(-1)
    return numbers[skipped(numbers) :]


@call
def put(work, row, lane, value):
    """Write one of the eight numbers of a row."""
    work[row * LANES + lane] = value


@call
def fill(work, row, count):
    """Let lanes without a neuron repeat the first."""
    for lane in range(count, LANES):
        work[row * LANES + lane] = work[row * LANES]


@call
def with_ends(inner, work, left, right, k):
    """Coefficient k of a product, from the sum of terms that have no coefficient k."""
    if k == 0:
        return load(work, left) * load(work, right)
    begun = add_product(inner, load(work, left), load(work, right + k))
    return add_product(begun, load(work, left + k), load(work, right))


@call
def product(work, left, right, k):
    """Coefficient k of a product."""
    found = lanes(0.0)
    for j in range(k + 1):
        found = add_product(found, load(work, left + j), load(work, right + k - j))
    return found


@call
def whole_power(work, base, exponent, space, rows, k):
    """Coefficient k of a series to a whole power ≥ 0, by squares; those before it were computed so.

    Args:
        work: all rows.
        base: first row of the series.
        exponent: a whole number below 2^BITS; the answer is NaN for any other.
        space: first row of SPACE series that are kept here.
        rows: of a series.
        k: of the coefficient.
    """
    if not (0 <= exponent < 1 << BITS and exponent == floor(exponent)):
        return lanes(nan)
    left = int(exponent)
    if left == 0:
        return lanes(1.0 if k == 0 else 0.0)
    square, found = base, -1
    while True:
        if left & 1:
            if found < 0:
                found = square
            else:
                store(work, space + k, product(work, found, square, k))
                found = space
                space += rows
        left >>= 1
        if left == 0:
            return load(work, found + k)
        store(work, space + k, product(work, square, square, k))
        square = space
        space += rows
