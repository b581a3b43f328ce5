"""One neuron of the two-layer network with error function, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 98972b9d645fcccf.

The formulas are those of `numeric.generated.erf`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import erf, exp, pi, sqrt

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
    to_h = pace * 2 * eta_w * gamma * rho_2 / sqrt(pi)
    rows, work = order + 1, aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_erf = 2 * rows
    at_exp = 3 * rows
    at_h_exp = 4 * rows
    at_u_exp = 5 * rows
    at_u_erf = 6 * rows
    at_way = 7 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(work, at_erf, lane, erf(h_0))
            put(work, at_exp, lane, exp(-(h_0**2)))
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_erf, count)
        fill(work, at_exp, count)
        for k in range(rows):
            erf_by_h = lanes(0.0)
            exp_by_h = lanes(0.0)
            h_exp = lanes(0.0)
            u_exp = lanes(0.0)
            u_erf = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                erf_by_h = add_product(erf_by_h, way, load(work, at_exp + k - j))
                exp_by_h = add_product(exp_by_h, way, load(work, at_h_exp + k - j))
                h_exp = add_product(h_exp, load(work, at_h + j), load(work, at_exp + k - j))
                u_exp = add_product(u_exp, load(work, at_u + j), load(work, at_exp + k - j))
                u_erf = add_product(u_erf, load(work, at_u + j), load(work, at_erf + k - j))
            if k > 0:
                way = load(work, at_way + k)
                store(
                    work,
                    at_erf + k,
                    add_product(erf_by_h, way, load(work, at_exp)) * (2 / sqrt(pi) / k),
                )
                store(work, at_exp + k, add_product(exp_by_h, way, load(work, at_h_exp)) * (-2 / k))
            store(work, at_h_exp + k, with_ends(h_exp, work, at_h, at_exp, k))
            store(work, at_u_exp + k, with_ends(u_exp, work, at_u, at_exp, k))
            store(work, at_u_erf + k, with_ends(u_erf, work, at_u, at_erf, k))
            F[k] += gamma * sum_of_first(load(work, at_u_erf + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_erf + k) * (to_u / (k + 1)))
                way = load(work, at_u_exp + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return gamma * u * erf(h)


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return (
        eta_u * gamma**2 * erf(h) ** 2 + 4 * eta_w * gamma**2 * rho_2 * u**2 * exp(-2 * h**2) / pi
    )


@typed(POINTWISE)
def orbit_slope(u, h, given):
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return sqrt(pi) * eta_u * exp(h**2) * erf(h) / (2 * eta_w * rho_2)
