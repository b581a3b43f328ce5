"""One neuron of the two-layer network with sine, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 3b758ea5aeef30ae.

The formulas are those of `numeric.generated.sine`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import cos, log, sin

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 64  # of `work`


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
    at_sin = 2 * rows
    at_cos = 3 * rows
    at_u_cos = 4 * rows
    at_u_sin = 5 * rows
    at_way = 6 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(work, at_sin, lane, sin(h_0))
            put(work, at_cos, lane, cos(h_0))
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_sin, count)
        fill(work, at_cos, count)
        for k in range(rows):
            sin_by_h = lanes(0.0)
            cos_by_h = lanes(0.0)
            u_cos = lanes(0.0)
            u_sin = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                sin_by_h = add_product(sin_by_h, way, load(work, at_cos + k - j))
                cos_by_h = add_product(cos_by_h, way, load(work, at_sin + k - j))
                u_cos = add_product(u_cos, load(work, at_u + j), load(work, at_cos + k - j))
                u_sin = add_product(u_sin, load(work, at_u + j), load(work, at_sin + k - j))
            if k > 0:
                way = load(work, at_way + k)
                store(work, at_sin + k, add_product(sin_by_h, way, load(work, at_cos)) * (1 / k))
                store(work, at_cos + k, add_product(cos_by_h, way, load(work, at_sin)) * (-1 / k))
            store(work, at_u_cos + k, with_ends(u_cos, work, at_u, at_cos, k))
            store(work, at_u_sin + k, with_ends(u_sin, work, at_u, at_sin, k))
            F[k] += gamma * sum_of_first(load(work, at_u_sin + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_sin + k) * (to_u / (k + 1)))
                way = load(work, at_u_cos + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return gamma * u * sin(h)


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return eta_u * gamma**2 * sin(h) ** 2 + eta_w * gamma**2 * rho_2 * u**2 * cos(h) ** 2


@typed(POINTWISE)
def conserved(u, h, given):
    """The neuron's conserved quantity, in units of u²."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return eta_u * log(cos(h) ** 2) / (eta_w * rho_2) + u**2
