"""One neuron of the two-layer network with hyperbolic tangent, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: f9651de33093ea7c.

The formulas are those of `numeric.generated.tanh`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import cosh, tanh

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
from numeric.compiled.series import CURVATURE, aligned, fill, put, with_ends

SLOTS = 72  # of `work`


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
    at_tanh = 2 * rows
    at_sech2 = 3 * rows
    at_u_tanh = 4 * rows
    at_product_1 = 5 * rows
    at_tanh_sech2 = 6 * rows
    at_way = 7 * rows
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
            put(work, at_tanh, lane, tanh(h_0))
            put(work, at_sech2, lane, 1 / cosh(h_0) ** 2)
        fill(work, at_tanh, count)
        fill(work, at_sech2, count)
        for k in range(rows):
            tanh_by_h = lanes(0.0)
            sech2_by_h = lanes(0.0)
            u_tanh = lanes(0.0)
            product_1 = lanes(0.0)
            tanh_sech2 = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                tanh_by_h = add_product(tanh_by_h, way, load(work, at_sech2 + k - j))
                sech2_by_h = add_product(sech2_by_h, way, load(work, at_tanh_sech2 + k - j))
                u_tanh = add_product(u_tanh, load(work, at_u + j), load(work, at_tanh + k - j))
                product_1 = add_product(
                    product_1, load(work, at_u_tanh + j), load(work, at_sech2 + k - j)
                )
                tanh_sech2 = add_product(
                    tanh_sech2, load(work, at_tanh + j), load(work, at_sech2 + k - j)
                )
            if k > 0:
                way = load(work, at_way + k)
                store(
                    work, at_tanh + k, add_product(tanh_by_h, way, load(work, at_sech2)) * (1 / k)
                )
                store(
                    work,
                    at_sech2 + k,
                    add_product(sech2_by_h, way, load(work, at_tanh_sech2)) * (-2 / k),
                )
            store(work, at_u_tanh + k, with_ends(u_tanh, work, at_u, at_tanh, k))
            store(work, at_tanh_sech2 + k, with_ends(tanh_sech2, work, at_tanh, at_sech2, k))
            store(work, at_product_1 + k, with_ends(product_1, work, at_u_tanh, at_sech2, k))
            store_first(UH, k * neurons + first, count, load(work, at_sech2 + k) * gamma)
            store_first(HH, k * neurons + first, count, load(work, at_product_1 + k) * -2 * gamma)
