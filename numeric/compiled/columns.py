"""Sums over two columns of weights, in one read of them, near the speed of a plain sum.

A weight is cut in two: a high part of `BITS` bits below the largest weight, and a rest. Products of high
parts are whole multiples of one power of two, and few enough are added that no sum of them is rounded.
What the rests bring is 2^−BITS of that, and float64 holds it to 2^−53 of itself for each that a lane of
the processor adds, of at most BLOCK: sums are right to about 2^−75 of the sum of sizes, 2^−77 over many
neurons, and 2^−74 was the worst of lanes of two numbers, which add most. That is enough unless much
cancels in what is made of them; `sums` has twice the digits of float64 then, at a third of the speed.

Sums of a chunk of weights do not depend on which thread takes it, nor on how many there are.
"""

# mypy: ignore-errors
from __future__ import annotations

import numpy as np

from numeric.compiled import halves
from numeric.compiled.cache import kernel
from numeric.compiled.scalars import any_order, bits_of, call, fma, jit, of_bits, pair, two_to

BITS, BLOCK = 23, 64  # products of 46 bits, of which 64 are added: 52 bits
CHUNK = 1 << 16  # neurons whose sums are made by themselves
OFTEN = 16  # chunks, of 16 MB together
FEW = 48  # neurons whose products are added with all their digits
NONE = np.empty((2, 0))
FOUND = 8  # numbers: Σu², Σw² and Σuw, each with its rest, the largest |u| and |w|
MAGNITUDE = 0x7FFFFFFFFFFFFFFF  # all bits but the sign: larger numbers have larger ones


@jit
def _cutter(bits):
    """What a number up to that size is rounded by, when it is added and taken away."""
    exponent = (bits >> 52) - 1022 + 52 - BITS
    return 1.5 * two_to(max(min(exponent, 1000), -1000))


@jit
def _added(total, rest, value):
    """A sum and its rest, with a value added."""
    new = total + value
    of_value = new - total
    return new, rest + ((total - (new - of_value)) + (value - of_value))


@jit
def _added_product(total, rest, a, b):
    product = a * b
    new, rest = _added(total, rest, product)
    return new, rest + fma(a, b, -product)


@call
def _of_block(u, w, cut_u, cut_w, of_u, of_w):
    """High and low sums of a block, and the largest bits so far: all are wrong if these have grown."""
    uu, ww, uw = 0.0, 0.0, 0.0
    low_uu, low_ww, low_uw = 0.0, 0.0, 0.0
    for k in range(u.size):
        a, b = u[k], w[k]
        of_u, of_w = max(of_u, bits_of(a) & MAGNITUDE), max(of_w, bits_of(b) & MAGNITUDE)
        high_a, high_b = (a + cut_u) - cut_u, (b + cut_w) - cut_w
        low_a, low_b = a - high_a, b - high_b
        uu = any_order(uu, high_a * high_a)
        ww = any_order(ww, high_b * high_b)
        uw = any_order(uw, high_a * high_b)
        low_uu = any_order(low_uu, low_a * (a + high_a))
        low_ww = any_order(low_ww, low_b * (b + high_b))
        low_uw = any_order(low_uw, low_a * b + high_a * low_b)
    return of_u, of_w, uu, ww, uw, low_uu, low_ww, low_uw


@call
def _copy(u, w, start, stop, room):
    """Write entries of two columns to the rows of an array."""
    one, other, of_u, of_w = u[start:stop], w[start:stop], room[0, start:stop], room[1, start:stop]
    for k in range(one.size):
        of_u[k] = one[k]
        of_w[k] = other[k]


@call
def _of_chunk(u, w, room, found):
    uu, ww, uw = 0.0, 0.0, 0.0
    rest_uu, rest_ww, rest_uw = 0.0, 0.0, 0.0
    of_u, of_w = 0, 0
    cut_u, cut_w = 0.0, 0.0
    for start in range(0, u.size, BLOCK):
        stop = min(start + BLOCK, u.size)
        if room.size:
            _copy(u, w, start, stop, room)
        a, b, high, high_w, cross, low, low_w, low_cross = _of_block(
            u[start:stop], w[start:stop], cut_u, cut_w, of_u, of_w
        )
        if (a >> 52) > (of_u >> 52) or (b >> 52) > (of_w >> 52):
            cut_u, cut_w = _cutter(a), _cutter(b)
            a, b, high, high_w, cross, low, low_w, low_cross = _of_block(
                u[start:stop], w[start:stop], cut_u, cut_w, a, b
            )
        of_u, of_w = a, b
        uu, rest_uu = _added(uu, rest_uu + low, high)
        ww, rest_ww = _added(ww, rest_ww + low_w, high_w)
        uw, rest_uw = _added(uw, rest_uw + low_cross, cross)
    _write(found, uu, rest_uu, ww, rest_ww, uw, rest_uw, of_u, of_w)


@call
def _of_few(u, w, found):
    """The same with all digits, where there are few."""
    uu, ww, uw = 0.0, 0.0, 0.0
    rest_uu, rest_ww, rest_uw = 0.0, 0.0, 0.0
    of_u, of_w = 0, 0
    for k in range(u.size):
        a, b = u[k], w[k]
        of_u, of_w = max(of_u, bits_of(a) & MAGNITUDE), max(of_w, bits_of(b) & MAGNITUDE)
        uu, rest_uu = _added_product(uu, rest_uu, a, a)
        ww, rest_ww = _added_product(ww, rest_ww, b, b)
        uw, rest_uw = _added_product(uw, rest_uw, a, b)
    _write(found, uu, rest_uu, ww, rest_ww, uw, rest_uw, of_u, of_w)


@call
def _write(found, uu, rest_uu, ww, rest_ww, uw, rest_uw, of_u, of_w):
    one, two, three = _normal(uu, rest_uu), _normal(ww, rest_ww), _normal(uw, rest_uw)
    found[0], found[1], found[2], found[3] = one.hi, one.lo, two.hi, two.lo
    found[4], found[5], found[6], found[7] = three.hi, three.lo, of_bits(of_u), of_bits(of_w)


@call
def _normal(high, low):
    return pair(high, 0.0) + pair(low, 0.0)


@kernel
def of_one(u, w, room, found):
    """The sums of two columns that are one chunk.

    Args:
        u: one column.
        w: another, of the same length.
        room: for a copy of both, as rows; of no size where there is to be none.
        found: of FOUND numbers, is written.
    """
    if u.size > FEW:
        _of_chunk(u, w, room, found)
        return
    if room.size:
        _copy(u, w, 0, u.size, room)
    _of_few(u, w, found)


@kernel
def of_chunks(u, w, first, last, room, found):
    """The sums of chunks of two columns.

    Args:
        u: one column.
        w: another, of the same length.
        first: chunk.
        last: chunk, and one.
        room: for a copy of both, as rows; of no size where there is to be none.
        found: of shape (chunks, FOUND), written for these.
    """
    for chunk in range(first, last):
        start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, u.size)
        _of_chunk(u[start:stop], w[start:stop], room[:, start:stop], found[chunk])


@kernel
def together(found):
    """The sums of all chunks, in the row of the first."""
    for column in (0, 2, 4):
        total = pair(0.0, 0.0)
        for chunk in range(len(found)):
            total = total + pair(found[chunk, column], found[chunk, column + 1])
        found[0, column], found[0, column + 1] = total.hi, total.lo
    of_u, of_w = 0, 0
    for chunk in range(len(found)):  # as bits: those of NaN and infinity are largest
        of_u = max(of_u, bits_of(found[chunk, 6]))
        of_w = max(of_w, bits_of(found[chunk, 7]))
    found[0, 6], found[0, 7] = of_bits(of_u), of_bits(of_w)


def of(u, w, after=None, room=NONE):
    """Σu², Σw² and Σuw, each with its rest, and the largest |u| and |w|.

    One of the largest is not finite if any number is not.

    Args:
        u: one column.
        w: another, of the same length.
        after: is told of each column, once in a while, from where to where it has been read.
        room: for a copy of both, as rows.
    """
    chunks = -(-u.size // CHUNK)
    if chunks == 1:
        one = np.empty(FOUND)
        of_one(u, w, room, one)
        return one
    found = np.empty((chunks, FOUND))

    def part(which):
        for first in range(which.start, which.stop, OFTEN):
            last = min(first + OFTEN, which.stop)
            of_chunks(u, w, first, last, room, found)
            if after is not None:
                after(u, first * CHUNK, last * CHUNK)
                after(w, first * CHUNK, last * CHUNK)

    halves.over(part, chunks, u.size, 1)
    together(found)
    return found[0]
