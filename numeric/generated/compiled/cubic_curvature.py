"""One neuron of the two-layer network with cubic activation, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: e80002bfd35146bb.

The formulas are those of `numeric.generated.cubic`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

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
    at_h_h = 2 * rows
    at_u_h = 3 * rows
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
        for k in range(rows):
            h_h = lanes(0.0)
            u_h = lanes(0.0)
            for j in range(1, k):
                h_h = add_product(h_h, load(work, at_h + j), load(work, at_h + k - j))
                u_h = add_product(u_h, load(work, at_u + j), load(work, at_h + k - j))
            store(work, at_h_h + k, with_ends(h_h, work, at_h, at_h, k))
            store(work, at_u_h + k, with_ends(u_h, work, at_u, at_h, k))
            store_first(UH, k * neurons + first, count, load(work, at_h_h + k) * 3 * gamma)
            store_first(HH, k * neurons + first, count, load(work, at_u_h + k) * 6 * gamma)
