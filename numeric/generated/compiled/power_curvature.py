"""One neuron of the two-layer network with any power, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 9bdae9bab820f1bf.

The formulas are those of `numeric.generated.power`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first
from numeric.compiled.series import CURVATURE, SPACE, aligned, fill, put, whole_power, with_ends

SLOTS = 248  # of `work`


@typed(CURVATURE)
def curvature(given, order, U, H, UH, HH, work):
    """Taylor coefficients in z of second derivatives of each neuron's output, along its way.

    Args:
        given: gamma, eta_u, eta_w, rho_2, beta.
        order: of the last coefficients.
        U: coefficients of u, of shape (order + 1, neurons).
        H: those of the preactivation h.
        UH: coefficients of the derivative by u and h, are written.
        HH: of that by h twice.
        work: scratch of shape (SLOTS, order + 1, neurons).
    """
    gamma = given[0]
    beta = given[4]
    rows, neurons, work = order + 1, U.shape[1], aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_h_power = 2 * rows
    at_h_power_1 = 3 * rows
    at_u_h_power_1 = 4 * rows
    at_way = 5 * rows
    space_h_power = (6 + 0 * SPACE) * rows
    space_h_power_1 = (6 + 1 * SPACE) * rows
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
            u_h_power_1 = lanes(0.0)
            for j in range(1, k):
                u_h_power_1 = add_product(
                    u_h_power_1, load(work, at_u + j), load(work, at_h_power_1 + k - j)
                )
            store(work, at_h_power + k, whole_power(work, at_h, beta - 1, space_h_power, rows, k))
            store(
                work, at_h_power_1 + k, whole_power(work, at_h, beta - 2, space_h_power_1, rows, k)
            )
            store(work, at_u_h_power_1 + k, with_ends(u_h_power_1, work, at_u, at_h_power_1, k))
            store_first(UH, k * neurons + first, count, load(work, at_h_power + k) * beta * gamma)
            store_first(
                HH,
                k * neurons + first,
                count,
                load(work, at_u_h_power_1 + k) * beta * gamma * (beta - 1),
            )
