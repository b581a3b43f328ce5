"""One neuron of the two-layer network with exponential, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: e1b291b6f6b0af60.

The formulas are those of `numeric.generated.exponential`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import exp

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
from numeric.compiled.series import CURVATURE, aligned, fill, put, with_ends

SLOTS = 48  # of `work`


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
    at_exp = 2 * rows
    at_u_exp = 3 * rows
    at_way = 4 * rows
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
            put(work, at_exp, lane, exp(h_0))
        fill(work, at_exp, count)
        for k in range(rows):
            exp_by_h = lanes(0.0)
            u_exp = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                exp_by_h = add_product(exp_by_h, way, load(work, at_exp + k - j))
                u_exp = add_product(u_exp, load(work, at_u + j), load(work, at_exp + k - j))
            if k > 0:
                way = load(work, at_way + k)
                store(work, at_exp + k, add_product(exp_by_h, way, load(work, at_exp)) * (1 / k))
            store(work, at_u_exp + k, with_ends(u_exp, work, at_u, at_exp, k))
            store_first(UH, k * neurons + first, count, load(work, at_exp + k) * gamma)
            store_first(HH, k * neurons + first, count, load(work, at_u_exp + k) * gamma)
