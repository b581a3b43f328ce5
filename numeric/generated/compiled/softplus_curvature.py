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
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
from numeric.compiled.scalars import where
from numeric.compiled.series import CURVATURE, aligned, fill, put, with_ends

SLOTS = 80  # of `work`


@typed(CURVATURE)
def curvature(given, order, U, H, UH, HH, work):
    """Taylor coefficients in z of second derivatives of each neuron's output, along its way.

    Args:
        given: gamma, eta_u, eta_w, rho_2.
        order: of the last coefficients.
        U: coefficients of u, of shape (order + 1, neurons).
        H: those of the preactivation h.
        UH: coefficients of the derivative by u and h, are written.
        HH: of that by h twice.
        work: scratch of shape (SLOTS, order + 1, neurons).
    """
    gamma = given[0]
    rows, neurons, work = order + 1, U.shape[1], aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_log1p = 2 * rows
    at_rising = 3 * rows
    at_falling = 4 * rows
    at_u_rising = 5 * rows
    at_product_1 = 6 * rows
    at_rising_falling = 7 * rows
    at_way = 8 * rows
    for first in range(0, neurons, LANES):
        count = min(LANES, neurons - first)
        for k in range(rows):
            for lane in range(count):
                put(work, at_u + k, lane, U[k, first + lane])
            fill(work, at_u + k, count)
            for lane in range(count):
                put(work, at_h + k, lane, H[k, first + lane])
            fill(work, at_h + k, count)
            store(work, at_way + k, load(work, at_h + k) * k)
        for lane in range(count):
            h_0 = H[0, first + lane]
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
        fill(work, at_log1p, count)
        fill(work, at_rising, count)
        fill(work, at_falling, count)
        for k in range(rows):
            log1p_by_h = lanes(0.0)
            rising_by_h = lanes(0.0)
            falling_by_h = lanes(0.0)
            u_rising = lanes(0.0)
            product_1 = lanes(0.0)
            rising_falling = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                log1p_by_h = add_product(log1p_by_h, way, load(work, at_rising + k - j))
                rising_by_h = add_product(rising_by_h, way, load(work, at_rising_falling + k - j))
                falling_by_h = add_product(falling_by_h, way, load(work, at_rising_falling + k - j))
                u_rising = add_product(
                    u_rising, load(work, at_u + j), load(work, at_rising + k - j)
                )
                product_1 = add_product(
                    product_1, load(work, at_u_rising + j), load(work, at_falling + k - j)
                )
                rising_falling = add_product(
                    rising_falling, load(work, at_rising + j), load(work, at_falling + k - j)
                )
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
            store(work, at_u_rising + k, with_ends(u_rising, work, at_u, at_rising, k))
            store(
                work,
                at_rising_falling + k,
                with_ends(rising_falling, work, at_rising, at_falling, k),
            )
            store(work, at_product_1 + k, with_ends(product_1, work, at_u_rising, at_falling, k))
            store_first(UH, k * neurons + first, count, load(work, at_rising + k) * gamma)
            store_first(HH, k * neurons + first, count, load(work, at_product_1 + k) * gamma)
