"""One neuron of the two-layer network with any power, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 9bdae9bab820f1bf.

The formulas are those of `numeric.generated.power`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import pow

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.series import (
    POINTWISE,
    SERIES,
    SPACE,
    aligned,
    fill,
    put,
    whole_power,
    with_ends,
)

SLOTS = 160  # of `work`


@typed(SERIES)
def series(u, h, side, given, pace, order, U, H, F, work):
    """Taylor coefficients in z of neurons at warped time pace z, and of the output of all.

    Args:
        u: second-layer weights at z = 0, of any number of neurons.
        h: their preactivations.
        side: 1 beyond the bend of the activation, −1 before it; read where there is one.
        given: gamma, eta_u, eta_w, rho_2, beta.
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
    beta = given[4]
    to_u = pace * eta_u * gamma
    to_h = pace * beta * eta_w * gamma * rho_2
    rows, work = order + 1, aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_h_power = 2 * rows
    at_h_h_power = 3 * rows
    at_u_h_power = 4 * rows
    at_product_3 = 5 * rows
    at_way = 6 * rows
    space_h_power = (7 + 0 * SPACE) * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
        fill(work, at_u, count)
        fill(work, at_h, count)
        for k in range(rows):
            h_h_power = lanes(0.0)
            u_h_power = lanes(0.0)
            product_3 = lanes(0.0)
            for j in range(1, k):
                h_h_power = add_product(
                    h_h_power, load(work, at_h + j), load(work, at_h_power + k - j)
                )
                u_h_power = add_product(
                    u_h_power, load(work, at_u + j), load(work, at_h_power + k - j)
                )
                product_3 = add_product(
                    product_3, load(work, at_u_h_power + j), load(work, at_h + k - j)
                )
            store(work, at_h_power + k, whole_power(work, at_h, beta - 1, space_h_power, rows, k))
            store(work, at_h_h_power + k, with_ends(h_h_power, work, at_h, at_h_power, k))
            store(work, at_u_h_power + k, with_ends(u_h_power, work, at_u, at_h_power, k))
            store(work, at_product_3 + k, with_ends(product_3, work, at_u_h_power, at_h, k))
            F[k] += gamma * sum_of_first(load(work, at_product_3 + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_h_h_power + k) * (to_u / (k + 1)))
                way = load(work, at_u_h_power + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    beta = given[4]
    return gamma * pow(h, beta) * u


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    beta = given[4]
    return beta**2 * eta_w * gamma**2 * pow(
        h, 2 * beta - 2
    ) * rho_2 * u**2 + eta_u * gamma**2 * pow(h, 2 * beta)


@typed(POINTWISE)
def conserved(u, h, given):
    """The neuron's conserved quantity, in units of u²."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    beta = given[4]
    return u**2 - eta_u * h**2 / (beta * eta_w * rho_2)
