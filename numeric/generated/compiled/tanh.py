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
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 72  # of `work`


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
    at_tanh = 2 * rows
    at_sech2 = 3 * rows
    at_tanh_sech2 = 4 * rows
    at_u_sech2 = 5 * rows
    at_u_tanh = 6 * rows
    at_way = 7 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(work, at_tanh, lane, tanh(h_0))
            put(work, at_sech2, lane, 1 / cosh(h_0) ** 2)
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_tanh, count)
        fill(work, at_sech2, count)
        for k in range(rows):
            tanh_by_h = lanes(0.0)
            sech2_by_h = lanes(0.0)
            tanh_sech2 = lanes(0.0)
            u_sech2 = lanes(0.0)
            u_tanh = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                tanh_by_h = add_product(tanh_by_h, way, load(work, at_sech2 + k - j))
                sech2_by_h = add_product(sech2_by_h, way, load(work, at_tanh_sech2 + k - j))
                tanh_sech2 = add_product(
                    tanh_sech2, load(work, at_tanh + j), load(work, at_sech2 + k - j)
                )
                u_sech2 = add_product(u_sech2, load(work, at_u + j), load(work, at_sech2 + k - j))
                u_tanh = add_product(u_tanh, load(work, at_u + j), load(work, at_tanh + k - j))
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
            store(work, at_tanh_sech2 + k, with_ends(tanh_sech2, work, at_tanh, at_sech2, k))
            store(work, at_u_sech2 + k, with_ends(u_sech2, work, at_u, at_sech2, k))
            store(work, at_u_tanh + k, with_ends(u_tanh, work, at_u, at_tanh, k))
            F[k] += gamma * sum_of_first(load(work, at_u_tanh + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_tanh + k) * (to_u / (k + 1)))
                way = load(work, at_u_sech2 + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return gamma * u * tanh(h)


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return eta_u * gamma**2 * tanh(h) ** 2 + eta_w * gamma**2 * rho_2 * u**2 / cosh(h) ** 4


@typed(POINTWISE)
def conserved(u, h, given):
    """The neuron's conserved quantity, in units of u²."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return -eta_u * cosh(2 * h) / (2 * eta_w * rho_2) + u**2
