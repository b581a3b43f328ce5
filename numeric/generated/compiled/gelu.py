"""One neuron of the two-layer network with Gaussian error linear unit, in warped time. Taylor series in machine code.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: 5dea502be255832d.

The formulas are those of `numeric.generated.gelu`, documented there.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import erf, erfc, exp, pi, sqrt

from numeric.compiled.cache import typed
from numeric.compiled.lanes import LANES, add_product, lanes, load, store, store_first, sum_of_first
from numeric.compiled.series import POINTWISE, SERIES, aligned, fill, put, with_ends

SLOTS = 88  # of `work`


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
    to_u = pace * eta_u * gamma / 2
    to_h = pace * eta_w * gamma * rho_2 / 2
    rows, work = order + 1, aligned(work)
    at_u = 0 * rows
    at_h = 1 * rows
    at_erfc = 2 * rows
    at_exp = 3 * rows
    at_h_exp = 4 * rows
    at_h_erfc = 5 * rows
    at_sum = 6 * rows
    at_product_3 = 7 * rows
    at_product_4 = 8 * rows
    at_way = 9 * rows
    for first in range(0, u.size, LANES):
        count = min(LANES, u.size - first)
        for lane in range(count):
            h_0 = h[first + lane]
            put(work, at_u, lane, u[first + lane])
            put(work, at_h, lane, h_0)
            put(work, at_erfc, lane, erfc(-(sqrt(2) * h_0 / 2)))
            put(work, at_exp, lane, exp(-(h_0**2) / 2))
        fill(work, at_u, count)
        fill(work, at_h, count)
        fill(work, at_erfc, count)
        fill(work, at_exp, count)
        for k in range(rows):
            erfc_by_h = lanes(0.0)
            exp_by_h = lanes(0.0)
            h_exp = lanes(0.0)
            h_erfc = lanes(0.0)
            product_3 = lanes(0.0)
            product_4 = lanes(0.0)
            for j in range(1, k):
                way = load(work, at_way + j)
                erfc_by_h = add_product(erfc_by_h, way, load(work, at_exp + k - j))
                exp_by_h = add_product(exp_by_h, way, load(work, at_h_exp + k - j))
                h_exp = add_product(h_exp, load(work, at_h + j), load(work, at_exp + k - j))
                h_erfc = add_product(h_erfc, load(work, at_h + j), load(work, at_erfc + k - j))
                product_3 = add_product(product_3, load(work, at_u + j), load(work, at_sum + k - j))
                product_4 = add_product(
                    product_4, load(work, at_h_erfc + j), load(work, at_u + k - j)
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
            store(work, at_h_erfc + k, with_ends(h_erfc, work, at_h, at_erfc, k))
            store(
                work,
                at_sum + k,
                load(work, at_erfc + k) + load(work, at_h_exp + k) * (sqrt(2) / sqrt(pi)),
            )
            store(work, at_product_3 + k, with_ends(product_3, work, at_u, at_sum, k))
            store(work, at_product_4 + k, with_ends(product_4, work, at_h_erfc, at_u, k))
            F[k] += gamma / 2 * sum_of_first(load(work, at_product_4 + k), count)
            store_first(U, k * u.size + first, count, load(work, at_u + k))
            store_first(H, k * u.size + first, count, load(work, at_h + k))
            if k < order:
                store(work, at_u + k + 1, load(work, at_h_erfc + k) * (to_u / (k + 1)))
                way = load(work, at_product_3 + k) * to_h
                store(work, at_way + k + 1, way)
                store(work, at_h + k + 1, way / (k + 1))


@typed(POINTWISE)
def output(u, h, given):
    """A neuron's contribution γ u σ(h) to the output."""
    gamma = given[0]
    return gamma * h * u * erfc(-(sqrt(2) * h / 2)) / 2


@typed(POINTWISE)
def kernel(u, h, given):
    """A neuron's contribution to df/ds, the tangent kernel at x."""
    gamma = given[0]
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return (
        eta_u * gamma**2 * h**2 * erfc(-(sqrt(2) * h / 2)) ** 2 / 4
        + eta_w
        * rho_2
        * (
            sqrt(2) * gamma * h * u * exp(-(h**2) / 2) / (2 * sqrt(pi))
            + gamma * u * erfc(-(sqrt(2) * h / 2)) / 2
        )
        ** 2
    )


@typed(POINTWISE)
def orbit_slope(u, h, given):
    """g(h), with u du = g(h) dh along an orbit: u² − 2∫g is conserved."""
    eta_u = given[1]
    eta_w = given[2]
    rho_2 = given[3]
    return (
        sqrt(pi)
        * eta_u
        * h
        * erfc(-(sqrt(2) * h / 2))
        * exp(h**2 / 2)
        / (
            eta_w
            * rho_2
            * (
                sqrt(2) * h
                + sqrt(pi) * exp(h**2 / 2) * erf(sqrt(2) * h / 2)
                + sqrt(pi) * exp(h**2 / 2)
            )
        )
    )
