"""The wide network's products, singular values and alignments."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from mpmath import mp, mpf

from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.marched_layers import MarchedLayers
from verify.oracle.two_linear_layers import integrate

F = Fraction
W1 = [[F(3), F(0), F(4)], [F(0), F(5), F(0)]]
W2 = [[F(3), F(0)], [F(0), F(3)]]
B = [[F(2), F(1), F(1)], [F(4), F(2), F(0)]]
RATES, SCALE = (F(1, 2), F(1, 3)), F(3, 4)


def test_products_are_those_of_the_raw_weights():
    flow = TwoLayers(W1, W2, RATES, SCALE, B)
    assert flow.law == F(9, 2) - F(25, 3)
    t = F(1, 3)
    sigma = [[SCALE * (i == j) for j in range(3)] for i in range(3)]
    gamma = [[SCALE * z for z in row] for row in B]
    with mp.workdps(40):
        ((first, second),) = integrate(W1, W2, sigma, gamma, RATES, [t], 30)
        product = [[mp.fdot(row, column) for column in zip(*first, strict=True)] for row in second]
        exact = flow.exactly(t, 400)
        for one, two in zip(exact["product"], product, strict=True):
            assert all(abs(mpf(x) - y) < 1e-27 for x, y in zip(one, two, strict=True))
        goal = [[mpf(z.numerator) / z.denominator for z in row] for row in B]
        loss = sum(
            (x - y) ** 2
            for p, q in zip(product, goal, strict=True)
            for x, y in zip(p, q, strict=True)
        )
        assert abs(mpf(exact["loss"]) - mpf(3) / 8 * loss) < 1e-26
    floats = flow.observables(float(t))
    A, C = (np.array([[float(z) for z in row] for row in M]) for M in (first, second))
    np.testing.assert_allclose(floats["product"], C @ A, rtol=0, atol=1e-13 * 15)
    np.testing.assert_allclose(floats["gram_in"], A.T @ A, rtol=0, atol=1e-13 * 25)
    np.testing.assert_allclose(floats["gram_out"], C @ C.T, rtol=0, atol=1e-13 * 9)
    marched = MarchedLayers(W1, W2, RATES, SCALE, B).observables(np.array([float(t)]))
    np.testing.assert_allclose(marched["product"][0], C @ A, atol=1e-8)


def test_singular_values_and_alignments_end_at_the_target_s():
    """The slowest rate is c(√(λ² + 4s²) − |λ|) = 0.05."""
    flow = TwoLayers(W1, W2, RATES, SCALE, B)
    target = np.array(B, dtype=float)
    expected = np.linalg.svd(target, compute_uv=False)
    np.testing.assert_allclose(flow.singular_values(2000.0), expected, rtol=1e-12)
    np.testing.assert_allclose(flow.alignments(2000.0), 1, rtol=1e-12)
    assert np.all(np.abs(flow.alignments(np.array([0.0, 0.1]))) <= 1)
    assert flow.alignments(0.0)[0] < 0.99
