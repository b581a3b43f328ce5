"""One neuron of the two-layer network with rectified linear unit, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 7ead2342e338c3d5.

The formulas are those of `numeric.generated.relu`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from numeric.compiled.cache import typed
from numeric.compiled.lanes import (
    LANES,
    add_product,
    chosen,
    lanes,
    load,
    store,
    store_first,
    sum_of_first,
)
from numeric.compiled.scalars import where
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 72  # of `work`


@typed(SERIES)
def series(u, h, side, given, pace, order, U, H, F, work):
    """Taylor coefficients in z of neurons at warped time pace z, and of the output of all.

    Args:
        u: second-layer weights at z = 0, of any number of neurons.
        h: their preactivations.
        side: 1 beyond the bend of the activation, −1 before it; read where there is one.
        given: gamma, eta_u, eta_w, rho_2.
        pace: warped time per z.
        order: of the last coefficients.
        U: coefficients of u, are written, of shape (order + 1, neurons).
        H: those of h.
        F: coefficients of the neurons' sum are added to it.
        work: scratch of shape (SLOTS, order + 1, neurons).
    """
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    to_u = pace * eta_u * gamma
    to_h = pace * eta_w * gamma * rho_2
    rows, work = order + 1, aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_on_side = 2 * rows
    at_on_side_1 = 3 * rows
    at_u_h = 4 * rows
    at_on_side_3 = 5 * rows
    at_way = 6 * rows
    at_side = 7 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(work, at_side, lane, side[first + lane])
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_side, count)
        for k in range(rows):
            u_h = lanes(0.0)
            for j in range(1, k):
                u_h = add_product(u_h, load(work, at_u + j), load(work, at_h + k - j))
            store(
                work, at_on_side + k, chosen(load(work, at_side), load(work, at_h + k), lanes(0.0))
            )
            store(
                work,
                at_on_side_1 + k,
                chosen(load(work, at_side), load(work, at_u + k), lanes(0.0)),
            )
            store(work, at_u_h + k, with_ends(u_h, work, at_u, at_h, k))
            store(
                work,
                at_on_side_3 + k,
                chosen(load(work, at_side), load(work, at_u_h + k), lanes(0.0)),
            )
            F[k] += gamma * sum_of_first(load(work, at_on_side_3 + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_on_side + k) * (to_u / (k + 1)))
                way = load(work, at_on_side_1 + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return gamma * u * where(((h) > (0)), h, 0)


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return eta_u * gamma**2 * where(((h) > (0)), h**2, 0) + eta_w * gamma**2 * rho_2 * u**2 * where(
        ((h) > (0)), 1, 0
    )


@typed(POINTWISE)
def conserved(u, h, given):
    """The neuron's conserved quantity, in units of u²."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return u**2 - 2 * where(((h) > (0)), eta_u * h**2 / (2 * eta_w * rho_2), 0)
