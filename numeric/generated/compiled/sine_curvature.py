"""One neuron of the two-layer network with sine, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 3b758ea5aeef30ae.

The formulas are those of `numeric.generated.sine`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import cos, sin

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
from numeric.compiled.series import CURVATURE, aligned, fill, put, with_ends

SLOTS = 56  # of `work`


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
    at_sin = 2 * rows
    at_cos = 3 * rows
    at_u_sin = 4 * rows
    at_way = 5 * rows
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
            put(work, at_sin, lane, sin(h_0))
            put(work, at_cos, lane, cos(h_0))
        fill(work, at_sin, count)
        fill(work, at_cos, count)
        for k in range(rows):
            sin_by_h = lanes(0.0)
            cos_by_h = lanes(0.0)
            u_sin = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                sin_by_h = add_product(sin_by_h, way, load(work, at_cos + k - j))
                cos_by_h = add_product(cos_by_h, way, load(work, at_sin + k - j))
                u_sin = add_product(u_sin, load(work, at_u + j), load(work, at_sin + k - j))
            if k > 0:
                way = load(work, at_way + k)
                store(work, at_sin + k, add_product(sin_by_h, way, load(work, at_cos)) * (1 / k))
                store(work, at_cos + k, add_product(cos_by_h, way, load(work, at_sin)) * (-1 / k))
            store(work, at_u_sin + k, with_ends(u_sin, work, at_u, at_sin, k))
            store_first(UH, k * neurons + first, count, load(work, at_cos + k) * gamma)
            store_first(HH, k * neurons + first, count, load(work, at_u_sin + k) * -gamma)
