"""The raw flow of layered networks: against autograd, against another series, against itself; kernels."""

import mpmath
import pytest
import torch
from mpmath import mp

from verify.oracle import taylor
from verify.oracle.kernel_distance import distance, kernel
from verify.oracle.raw_flow import Layered, integrate

DEEP = [[[0.5, -0.3], [0.2, 0.7], [-0.6, 0.1]], [[0.4, 0.3, -0.2], [0.1, -0.5, 0.8]], [[0.9, -0.7]]]
INPUTS, TARGETS = [[1.0, 0.5], [-0.3, 2.0], [0.7, -1.1]], [[1.5], [-0.4], [0.3]]
RATES = [0.7, 1.3, 0.4]
GATES = [[[1, 0, 1], [0, 1, 1], [1, 1, 0]], [[1, 1, 0], [0, 1, 1]]]


def torch_outputs(layers, slopes):
    """All outputs, (outputs, inputs), as torch multiplies."""
    values = torch.tensor(INPUTS, dtype=torch.float64).T
    for layer, gates in zip(layers, [*slopes, [[1] * 3]], strict=True):
        values = torch.tensor(gates, dtype=torch.float64) * (layer @ values)
    return values


@pytest.mark.parametrize("slopes", [None, GATES])
def test_velocities_are_those_of_autograd(slopes):
    weights = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in DEEP]
    ones = [[[1] * 3] * 3, [[1] * 3] * 2]
    residual = torch_outputs(weights, slopes or ones) - torch.tensor(TARGETS, dtype=torch.float64).T
    ((residual**2).sum() / 2).backward()
    series = Layered(DEEP, RATES, INPUTS, TARGETS, slopes).series(1)
    for layer, weight, rate in zip(series, weights, RATES, strict=True):
        for i, row in enumerate(layer):
            for j, entry in enumerate(row):
                assert float(entry[1]) == pytest.approx(-rate * float(weight.grad[i, j]), abs=1e-14)


def test_one_neuron_is_what_another_series_gives():
    network = Layered([[[0.5, -0.3]], [[0.8]]], [0.7, 1.3], INPUTS, TARGETS)
    (end,) = integrate(network, [2], 30)
    ((u, W),) = taylor.integrate(
        [0.8], [[0.5, -0.3]], INPUTS, [z[0] for z in TARGETS], gamma=1,
        eta_u=mpmath.mpf(1.3) * 3 / 2, eta_w=mpmath.mpf(0.7) * 3 / 2, times=[2], digits=30,
    )  # fmt: skip
    with mp.workdps(40):
        # Rates are rounded at the precision of the test, once here and once there.
        for mine, theirs in zip([*end[0][0], end[1][0][0]], [*W[0], u[0]], strict=True):
            assert abs(mine - theirs) < mpmath.mpf(10) ** -14


def test_more_digits_change_nothing_that_was_claimed():
    layers = [[[0.5, -0.3], [0.2, 0.7]], [[0.4, -0.6]]]
    few, many = (
        integrate(Layered(layers, RATES[:2], INPUTS[:2], TARGETS[:2]), [0.2, 0.6], digits)
        for digits in (12, 20)
    )
    with mp.workdps(30):
        for one, other in zip(few[1], many[1], strict=True):
            for row, more in zip(one, other, strict=True):
                assert all(
                    abs(a - b) < mpmath.mpf(10) ** -12 for a, b in zip(row, more, strict=True)
                )
                assert any(a != b for a, b in zip(row, more, strict=True))


def test_the_kernel_is_that_of_autograd():
    weights = [torch.tensor(z, dtype=torch.float64, requires_grad=True) for z in DEEP]
    outputs = torch_outputs(weights, [[[1] * 3] * 3, [[1] * 3] * 2])[0]
    slopes = [torch.autograd.grad(f, weights, retain_graph=True) for f in outputs]
    found = kernel(DEEP, RATES, INPUTS)
    for i, one in enumerate(slopes):
        for j, other in enumerate(slopes):
            products = zip(RATES, one, other, strict=True)
            wanted = sum(rate * float((a * b).sum()) for rate, a, b in products)
            assert float(found[i][j]) == pytest.approx(wanted, abs=1e-14)


def test_a_distance_has_its_digits_where_it_is_small():
    with mp.workdps(60):
        small = mpmath.mpf(10) ** -20
        exact = 1 - (2 + small) / mp.sqrt(2 * (1 + (1 + small) ** 2))
    found = distance([[1, 0], [0, 1]], [[1, 0], [0, mpmath.mpf(1)]])
    assert found == 0
    with mp.workdps(30):
        found = distance([[1, 0], [0, 1]], [[1, 0], [0, 1 + small]])
        assert abs(found / exact - 1) < mpmath.mpf(10) ** -8
