"""One neuron of the two-layer network with Gaussian error linear unit, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 5dea502be255832d.

The formulas are those of `numeric.generated.gelu`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import erfc, exp, pi, sqrt

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
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
    at_erfc = 2 * rows
    at_exp = 3 * rows
    at_h_exp = 4 * rows
    at_u_exp = 5 * rows
    at_product_2 = 6 * rows
    at_product_3 = 7 * rows
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
            put(work, at_erfc, lane, erfc(-(sqrt(2) * h_0 / 2)))
            put(work, at_exp, lane, exp(-(h_0**2) / 2))
        fill(work, at_erfc, count)
        fill(work, at_exp, count)
        for k in range(rows):
            erfc_by_h = lanes(0.0)
            exp_by_h = lanes(0.0)
            h_exp = lanes(0.0)
            u_exp = lanes(0.0)
            product_2 = lanes(0.0)
            product_3 = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                erfc_by_h = add_product(erfc_by_h, way, load(work, at_exp + k - j))
                exp_by_h = add_product(exp_by_h, way, load(work, at_h_exp + k - j))
                h_exp = add_product(h_exp, load(work, at_h + j), load(work, at_exp + k - j))
                u_exp = add_product(u_exp, load(work, at_u + j), load(work, at_exp + k - j))
                product_2 = add_product(
                    product_2, load(work, at_u_exp + j), load(work, at_h + k - j)
                )
                product_3 = add_product(
                    product_3, load(work, at_product_2 + j), load(work, at_h + k - j)
                )
            if k > 0:
                way = load(work, at_way + k)
                store(
                    work,
                    at_erfc + k,
                    add_product(erfc_by_h, way, load(work, at_exp)) * (sqrt(2) / sqrt(pi) / k),
                )
                store(work, at_exp + k, add_product(exp_by_h, way, load(work, at_h_exp)) * (-1 / k))
            store(work, at_h_exp + k, with_ends(h_exp, work, at_h, at_exp, k))
            store(work, at_u_exp + k, with_ends(u_exp, work, at_u, at_exp, k))
            store(work, at_product_2 + k, with_ends(product_2, work, at_u_exp, at_h, k))
            store(work, at_product_3 + k, with_ends(product_3, work, at_product_2, at_h, k))
            store_first(
                UH,
                k * neurons + first,
                count,
                (
                    load(work, at_erfc + k) * (gamma / 2)
                    + load(work, at_h_exp + k) * (sqrt(2) * gamma / (2 * sqrt(pi)))
                ),
            )
            store_first(
                HH,
                k * neurons + first,
                count,
                (
                    load(work, at_u_exp + k) * (sqrt(2) * gamma / sqrt(pi))
                    + load(work, at_product_3 + k) * (-sqrt(2) * gamma / (2 * sqrt(pi)))
                ),
            )
