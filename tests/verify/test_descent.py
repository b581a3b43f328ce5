"""The oracle itself: gradients, steps and extrapolation against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import torch

from verify import descent
from verify.networks import linear
from verify.problems import Problem, batch


def two_neurons():
    return Problem(
        "by hand",
        np.array([2.0, -1.0]),
        np.array([[1.0, 0.0], [3.0, 1.0]]),
        np.array([[1.0, 2.0]]),
        np.array([4.0]),
        0.5,
        0.1,
        0.2,
    )


def test_forward_and_loss_by_hand():
    tensors = batch([two_neurons()])
    # h = (1, 5), f = (2·1 − 1·5)/2 = −1.5, loss = 5.5².
    output = linear.forward(tensors.u, tensors.W, tensors.X, tensors.gamma)
    loss = linear.loss(
        tensors.u, tensors.W, tensors.X, tensors.targets, tensors.counted, tensors.gamma
    )
    assert output.tolist() == [[-1.5]]
    assert loss.tolist() == [30.25]


def test_one_step_by_hand():
    tensors = batch([two_neurons()])
    u, W = descent.descend(tensors, torch.tensor([0.5], dtype=torch.float64), 1)[1]
    # 2 (f − y) γ = −5.5: ∂L/∂u = −5.5 h, ∂L/∂W = −5.5 u xᵀ.
    np.testing.assert_allclose(u[0], [2 + 0.05 * 5.5, -1 + 0.05 * 5.5 * 5], rtol=1e-15)
    np.testing.assert_allclose(
        W[0], [[1 + 0.1 * 11, 0 + 0.1 * 22], [3 - 0.1 * 5.5, 1 - 0.1 * 11]], rtol=1e-15
    )


def test_padding_does_not_leak_between_networks():
    one, other = two_neurons(), Problem(
        "small", np.array([1.0]), np.array([[2.0]]), np.array([[1.0], [3.0]]), np.array([1.0, -1.0]),
        1.0, 0.3, 0.3,
    )  # fmt: skip
    step = torch.tensor([0.01, 0.01], dtype=torch.float64)
    together = descent.descend(batch([one, other]), step, 20)[20]
    for index, problem in enumerate((one, other)):
        alone = descent.descend(batch([problem]), step[:1], 20)[20]
        d, d0 = problem.W0.shape
        np.testing.assert_array_equal(together[0][index, :d], alone[0][0])
        np.testing.assert_array_equal(together[1][index, :d, :d0], alone[1][0])
        assert not together[0][index, d:].any()


def test_richardson_removes_powers_of_the_step():
    h = 0.3 / 2 ** np.arange(5)
    values = [torch.tensor([1 + 2 * z - 3 * z**2 + 5 * z**3 - z**4]) for z in h]
    limit, error = descent.richardson(values)
    assert abs(float(limit) - 1) < 1e-14
    assert float(error) < 1e-2
