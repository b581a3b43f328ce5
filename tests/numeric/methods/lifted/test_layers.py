"""The wide network's products, singular values and alignments."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import torch
from mpmath import mp, mpf

from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.marched_layers import MarchedLayers
from verify.oracle.kernel_distance import distance, kernel
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


def jacobian_kernel(first, second, inputs):
    """Σ η ∂f ∂fᵀ of torch's derivatives, over inputs and outputs."""
    weights = [torch.tensor([[float(z) for z in row] for row in M], dtype=torch.float64)
               for M in (first, second)]  # fmt: skip

    def outputs(W1, W2):
        return (inputs @ W1.T @ W2.T).reshape(-1)

    slopes = torch.autograd.functional.jacobian(outputs, tuple(weights))
    parts = [
        rate * J.flatten(1) @ J.flatten(1).T
        for rate, J in zip(map(float, RATES), slopes, strict=True)
    ]
    return sum(parts)


def test_kernels_of_two_times_are_as_far_apart_as_torch_s_and_the_oracle_s():
    flow, t1, t2 = TwoLayers(W1, W2, RATES, SCALE, B), F(1, 10), F(2)
    sigma = [[SCALE * (i == j) for j in range(3)] for i in range(3)]
    gamma = [[SCALE * z for z in row] for row in B]
    turned = torch.linalg.qr(
        torch.tensor([[1.0, 2, 3], [0, 1, 5], [2, 2, 1], [1, 0, 1]], dtype=torch.float64)
    )[0]
    inputs = turned * float(SCALE) ** 0.5  # four inputs with XᵀX = c 1
    with mp.workdps(40):
        raw = integrate(W1, W2, sigma, gamma, RATES, [t1, t2], 30)
        one, two = (jacobian_kernel(*weights, inputs) for weights in raw)
        unit = [[mpf(i == j) for j in range(3)] for i in range(3)]
        rates = [mpf(z.numerator) / z.denominator for z in RATES]
        known = distance(*(kernel(weights, rates, unit) for weights in raw))
        found = flow.all_exactly(t2, t1, 400)
        assert abs(mpf(found["kernel_distance"]) - known) < mpf(10) ** -26 * known
        product = mp.matrix([[mp.fdot(row, column) for column in zip(*raw[1][0], strict=True)]
                             for row in raw[1][1]])  # fmt: skip
        values = mp.svd_r(product.T, compute_uv=False)
        assert all(
            abs(mpf(a) - b) < mpf(10) ** -26 * b
            for a, b in zip(found["singular_values"], values, strict=True)
        )
    apart = 1 - float((one * two).sum() / one.norm() / two.norm())
    assert abs(apart - float(known)) < 1e-14
    floats = flow.kernel_distance(float(t1), np.array([float(t2), float(t1)]))
    np.testing.assert_allclose(floats, [float(known), 0], rtol=1e-12, atol=1e-25)
    marched = MarchedLayers(W1, W2, RATES, SCALE, B)
    np.testing.assert_allclose(marched.kernel_distance(0.1, [2.0]), float(known), rtol=1e-8)
    np.testing.assert_allclose(
        flow.alignments(2.0), [float(z) for z in found["alignments"]], rtol=1e-12
    )
    assert flow.regime == "downstream"
