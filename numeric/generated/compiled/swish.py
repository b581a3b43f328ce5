"""One neuron of the two-layer network with swish, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 7a00564b5bfc45c7.

The formulas are those of `numeric.generated.swish`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import exp

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.scalars import where
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 96  # of `work`


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
    at_rising = 2 * rows
    at_falling = 3 * rows
    at_rising_falling = 4 * rows
    at_h_rising = 5 * rows
    at_product_2 = 6 * rows
    at_sum = 7 * rows
    at_product_4 = 8 * rows
    at_product_5 = 9 * rows
    at_way = 10 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(
                work,
                at_rising,
                lane,
                where(
                    ((h_0) > (0)), 1 / (1 + exp(-abs(h_0))), exp(-abs(h_0)) / (1 + exp(-abs(h_0)))
                ),
            )
            put(
                work,
                at_falling,
                lane,
                where(
                    ((h_0) > (0)), exp(-abs(h_0)) / (1 + exp(-abs(h_0))), 1 / (1 + exp(-abs(h_0)))
                ),
            )
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_rising, count)
        fill(work, at_falling, count)
        for k in range(rows):
            rising_by_h = lanes(0.0)
            falling_by_h = lanes(0.0)
            rising_falling = lanes(0.0)
            h_rising = lanes(0.0)
            product_2 = lanes(0.0)
            product_4 = lanes(0.0)
            product_5 = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                rising_by_h = add_product(rising_by_h, way, load(work, at_rising_falling + k - j))
                falling_by_h = add_product(falling_by_h, way, load(work, at_rising_falling + k - j))
                rising_falling = add_product(
                    rising_falling, load(work, at_rising + j), load(work, at_falling + k - j)
                )
                h_rising = add_product(
                    h_rising, load(work, at_h + j), load(work, at_rising + k - j)
                )
                product_2 = add_product(
                    product_2, load(work, at_h_rising + j), load(work, at_falling + k - j)
                )
                product_4 = add_product(product_4, load(work, at_u + j), load(work, at_sum + k - j))
                product_5 = add_product(
                    product_5, load(work, at_h_rising + j), load(work, at_u + k - j)
                )
            if k > 0:
                way = load(work, at_way + k)
                store(
                    work,
                    at_rising + k,
                    add_product(rising_by_h, way, load(work, at_rising_falling)) * (1 / k),
                )
                store(
                    work,
                    at_falling + k,
                    add_product(falling_by_h, way, load(work, at_rising_falling)) * (-1 / k),
                )
            store(
                work,
                at_rising_falling + k,
                with_ends(rising_falling, work, at_rising, at_falling, k),
            )
            store(work, at_h_rising + k, with_ends(h_rising, work, at_h, at_rising, k))
            store(work, at_product_2 + k, with_ends(product_2, work, at_h_rising, at_falling, k))
            store(work, at_sum + k, load(work, at_rising + k) + load(work, at_product_2 + k))
            store(work, at_product_5 + k, with_ends(product_5, work, at_h_rising, at_u, k))
            store(work, at_product_4 + k, with_ends(product_4, work, at_u, at_sum, k))
            F[k] += gamma * sum_of_first(load(work, at_product_5 + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_h_rising + k) * (to_u / (k + 1)))
                way = load(work, at_product_4 + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return where(
        ((h) > (0)),
        gamma * h * u / (1 + exp(-abs(h))),
        gamma * h * u * exp(-abs(h)) / (1 + exp(-abs(h))),
    )


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return where(
        ((h) > (0)),
        gamma**2
        * (
            eta_u * h**2
            + eta_w
            * rho_2
            * u**2
            * (h * exp(-abs(h)) + 1 + exp(-abs(h))) ** 2
            / (1 + exp(-abs(h))) ** 2
        )
        / (1 + exp(-abs(h))) ** 2,
        gamma**2
        * (
            eta_u * h**2
            + eta_w * rho_2 * u**2 * (h + 1 + exp(-abs(h))) ** 2 / (1 + exp(-abs(h))) ** 2
        )
        * exp(-2 * abs(h))
        / (1 + exp(-abs(h))) ** 2,
    )


@typed(POINTWISE)
def orbit_slope(u, h, given):
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return where(
        ((h) > (0)),
        eta_u * h * (1 + exp(-abs(h))) / (eta_w * rho_2 * (h * exp(-abs(h)) + 1 + exp(-abs(h)))),
        eta_u * h * (1 + exp(-abs(h))) / (eta_w * rho_2 * (h + 1 + exp(-abs(h)))),
    )
