"""One neuron of the two-layer network with softplus, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 31ac20e493b2a93c.

The formulas are those of `numeric.generated.softplus`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import exp, log1p

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.scalars import where
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 80  # of `work`


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
    at_log1p = 2 * rows
    at_rising = 3 * rows
    at_falling = 4 * rows
    at_rising_falling = 5 * rows
    at_u_rising = 6 * rows
    at_u_log1p = 7 * rows
    at_way = 8 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(
                work,
                at_log1p,
                lane,
                where(((h_0) > (0)), h_0 + log1p(exp(-abs(h_0))), log1p(exp(-abs(h_0)))),
            )
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
        fill(work, at_log1p, count)
        fill(work, at_rising, count)
        fill(work, at_falling, count)
        for k in range(rows):
            log1p_by_h = lanes(0.0)
            rising_by_h = lanes(0.0)
            falling_by_h = lanes(0.0)
            rising_falling = lanes(0.0)
            u_rising = lanes(0.0)
            u_log1p = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                log1p_by_h = add_product(log1p_by_h, way, load(work, at_rising + k - j))
                rising_by_h = add_product(rising_by_h, way, load(work, at_rising_falling + k - j))
                falling_by_h = add_product(falling_by_h, way, load(work, at_rising_falling + k - j))
                rising_falling = add_product(
                    rising_falling, load(work, at_rising + j), load(work, at_falling + k - j)
                )
                u_rising = add_product(
                    u_rising, load(work, at_u + j), load(work, at_rising + k - j)
                )
                u_log1p = add_product(u_log1p, load(work, at_u + j), load(work, at_log1p + k - j))
            if k > 0:
                way = load(work, at_way + k)
                store(
                    work,
                    at_log1p + k,
                    add_product(log1p_by_h, way, load(work, at_rising)) * (1 / k),
                )
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
            store(work, at_u_rising + k, with_ends(u_rising, work, at_u, at_rising, k))
            store(work, at_u_log1p + k, with_ends(u_log1p, work, at_u, at_log1p, k))
            F[k] += gamma * sum_of_first(load(work, at_u_log1p + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_log1p + k) * (to_u / (k + 1)))
                way = load(work, at_u_rising + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return where(
        ((h) > (0)), gamma * u * (h + log1p(exp(-abs(h)))), gamma * u * log1p(exp(-abs(h)))
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
        * (eta_u * (h + log1p(exp(-abs(h)))) ** 2 + eta_w * rho_2 * u**2 / (1 + exp(-abs(h))) ** 2),
        gamma**2
        * (
            eta_u * log1p(exp(-abs(h))) ** 2
            + eta_w * rho_2 * u**2 * exp(-2 * abs(h)) / (1 + exp(-abs(h))) ** 2
        ),
    )


@typed(POINTWISE)
def orbit_slope(u, h, given):
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return where(
        ((h) > (0)),
        eta_u * (1 + exp(-abs(h))) * (h + log1p(exp(-abs(h)))) / (eta_w * rho_2),
        eta_u * (1 + exp(-abs(h))) * exp(abs(h)) * log1p(exp(-abs(h))) / (eta_w * rho_2),
    )
