"""Sums over random initial weights: expectation, variance, and the order that fluctuations leave."""

import numpy as np
import pytest
import sympy
from sympy import Rational

from symbolic import vocabulary as z
from symbolic.limits.initial_moments import PRODUCTS, Start, gaussian_mean, moments, orders
from symbolic.proof.max_plus import Order, Sign

SIGMA_U, SIGMA_W, R = 1.7, 0.6, 0.4


@pytest.mark.parametrize(("symbol", "product"), PRODUCTS.items())
def test_moments_against_samples(symbol, product):
    generator = np.random.default_rng(3)
    xi, zeta = generator.standard_normal((2, 2_000_000))
    u, omega = SIGMA_U * xi, SIGMA_W * (R * xi + np.sqrt(1 - R**2) * zeta)
    term = u ** product[0] * omega ** product[1]
    values = {z.sigma_u: SIGMA_U, z.sigma_w: SIGMA_W, z.correlation: R}
    its = moments(product)
    # Sampling errors are 1e-3 of the standard deviation, and a little more of the variance.
    spread = float(its.variance.subs(values)) ** 0.5
    assert float(its.expectation.subs(values)) == pytest.approx(term.mean(), abs=4e-3 * spread)
    assert spread == pytest.approx(term.std(), rel=1e-2)


def test_gaussian_means():
    xi, zeta = sympy.symbols("xi zeta", real=True)
    assert gaussian_mean(xi**4 * zeta**2 + 5 * xi * zeta + xi**3 + 7) == 10
    assert gaussian_mean(xi**6) == 15


def test_only_the_mean_of_independent_layers_is_a_fluctuation():
    middle = (z.c_u + z.c_w) / 2
    independent, correlated, zero = (orders(kind) for kind in Start)
    assert independent[z.m_uo] == Order(middle - z.c_d / 2, Sign.RANDOM)
    assert correlated[z.m_uo] == Order(middle, Sign.RANDOM)
    assert zero[z.m_uo] is None
    for found in (independent, correlated, zero):
        assert found[z.m_uu] == Order(z.c_u)
        assert found[z.m_oo] == Order(z.c_w)


def test_fluctuations_fall_with_the_root_of_the_width():
    generator = np.random.default_rng(5)
    sizes = []
    for d in (100, 10_000):
        u, omega = generator.standard_normal((2, 300, d))
        sizes.append(np.sqrt(np.mean(np.mean(u * omega, axis=1) ** 2)))
    assert np.log(sizes[1] / sizes[0]) / np.log(100) == pytest.approx(
        float(Rational(-1, 2)), abs=0.05
    )
