"""One neuron at a bend of σ: its series on either side, and which side it is on.

A neuron that rests on a bend has the slope of the side below it, as σ′ is written there.
"""

# mypy: ignore-errors
# numba compares signatures: what it compiles has no annotations.
from __future__ import annotations

import math

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import apart
from numeric.compiled.taylor import calling, layout
from numeric.compiled.taylor.layout import BLOCK, TERMS
from numeric.compiled.taylor.steps import SMALLEST, block_of
from numeric.compiled.taylor.zeros import first_zero, gained

NEXT_TO = 1e-300, 3e-16  # a bend, of it: where functions of a neuron on it are asked for one side
TAIL_OF_ONE = 1e-16  # of a neuron, its last terms at the end of a step


@apart
def beside(h, bend, side):
    """The preactivation, or one next to the bend that is on its side."""
    if (h - bend) * side > 0:
        return h
    return bend + side * max(NEXT_TO[0], NEXT_TO[1] * abs(bend))


@apart
def alone(network, u, h, side, found, work):
    """Series of one neuron, and of what it adds to f.

    Args:
        network: address of its series, the bend, hyperparameters, warped time per z, order.
        u: weight.
        h: preactivation.
        side: on which side of the bend it is.
        found: rows: coefficients of u, of h, and of what is added to f; then scratch.
        work: scratch of the series.
    """
    series, _, given, pace, order = network
    rows, one = order + 1, found[3]
    one[0], one[1], one[2] = u, h, side
    found[2] = 0.0
    calling.series(
        series, one[:1], one[1:2], one[2:3], given, pace, order, found[0, :rows].reshape((rows, 1)),
        found[1, :rows].reshape((rows, 1)), found[2, :rows], work,
    )  # fmt: skip


@apart
def take_sides(series, slots, bend, given, sign, u, h, side):
    """On which side neurons begin; one on the bend goes to where it moves as σ′ is written there."""
    found, work = np.empty((4, TERMS)), np.empty((slots, 2, 1))
    network = series, bend, given, sign, 1
    for i in range(u.size):
        side[i] = 1.0 if h[i] > bend else -1.0
        if h[i] == bend:
            alone(network, u[i], h[i], -1.0, found, work)
            if found[1, 1] > 0:
                side[i] = 1.0


@kernel
def moving(addresses, slots, bend, given, u, h, found):
    """Which neurons ever move, or add to f: all others are dead.

    Args:
        addresses: as of `steps.solve`.
        slots: what `series` takes of scratch.
        bend: h, where σ is not smooth.
        given: hyperparameters.
        u: weights.
        h: preactivations.
        found: is written.
    """
    U, H, part = np.empty(2 * BLOCK), np.empty(2 * BLOCK), np.empty(2)
    side, work = np.empty(BLOCK), np.empty((slots, 2, 1))
    for first in range(0, u.size, BLOCK):
        number = min(BLOCK, u.size - first)
        stop = first + number
        of_u, of_h = block_of(U, 0, number, 2), block_of(H, 0, number, 2)
        for i in range(number):
            side[i] = 1.0 if h[first + i] > bend else -1.0
        calling.series(
            addresses[0], u[first:stop], h[first:stop], side[:number], given, 1.0, 1, of_u, of_h, part,
            work,
        )  # fmt: skip
        for i in range(number):
            output = calling.pointwise(addresses[1], u[first + i], h[first + i], given)
            still = of_u[1, i] == 0 and of_h[1, i] == 0 and output == 0
            for size in (abs(u[first + i]), abs(h[first + i])):
                still = still and (size == 0 or size > SMALLEST)  # products do not underflow
            found[first + i] = not still


@apart
def meeting(c, order, height, side, width):
    """Where a neuron next meets the bend, in (0, width]; 0 where it leaves its side at once.

    Args:
        c: coefficients of h, are changed.
        order: of them.
        height: of h above the bend.
        side: on which it is.
        width: of the step.

    Returns:
        z, ∞ where it does not, and NaN where that is not told.
    """
    c[0] = height
    for k in range(order + 1):
        c[k] *= side
    if c[0] > 0:
        return first_zero(c, order, width)
    for k in range(order):
        c[k] = c[k + 1]
    if c[0] > 0:
        return first_zero(c, order - 1, width)
    for k in range(order):
        if c[k] != 0:
            return 0.0 if c[0] < 0 else math.nan
    return math.inf  # it stays


@apart
def meetings(H, here, bend, side, order, width, at, who):
    """Which neurons meet the bend on a step, and where; how many, −1 where that is not told."""
    terms, size, count = order + 1, side.size, 0
    c, moved = np.empty(TERMS), np.empty(BLOCK)
    for first in range(0, size, BLOCK):
        number = min(BLOCK, size - first)
        table = block_of(H, first, number, terms)
        for i in range(number):
            moved[i] = abs(table[order, i])
        for k in range(order - 1, 0, -1):
            for i in range(number):
                moved[i] = moved[i] * width + abs(table[k, i])
        for i in range(number):
            height = here[1, first + i] - bend
            if abs(height) > moved[i] * width:
                continue
            for k in range(terms):
                c[k] = table[k, i]
            z = meeting(c, order, height, side[first + i], width)
            if z != z:
                return -1
            if z <= width:
                at[count], who[count] = z, first + i
                count += 1
    return count


@apart
def moves_on(U, H, order, side):
    """Whether a neuron on the bend goes to a side, or stays for good, by its series there."""
    if side * H[1] > 0:
        return True
    moved = 0.0
    for k in range(1, order + 1):
        moved = max(moved, abs(H[k]))
    return moved == 0


@apart
def is_sharp(U, H, F, order, kappa, width, slope):
    """Whether a neuron's series from a bend are sharp on a width, beside its size and f's slope."""
    size = abs(U[0]) + (abs(U[1]) + kappa * abs(H[1])) * width
    for k in range(order - 2, order + 1):
        power = width**k
        off = (abs(U[k]) + kappa * abs(H[k])) * power
        if not (
            off <= TAIL_OF_ONE * size and abs(F[k]) * power <= TAIL_OF_ONE * abs(slope) * width
        ):
            return False
    return True


@apart
def beyond(event, ahead, network, found):
    """A neuron beyond the bend that it met: u, h and what they have changed since the start.

    Args:
        event: where it met it.
        ahead: z from there.
        network: as of `alone`.
        found: its series from there.
    """
    order = network[4]
    u, h = gained(found[0], order, ahead), gained(found[1], order, ahead)
    return (
        event[layout.U_THERE] + u, network[1] + h, event[layout.U_MOVED] + u, event[layout.H_MOVED] + h,
    )  # fmt: skip
