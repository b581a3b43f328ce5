"""The oracle itself: gradients, steps and extrapolation against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from verify.networks import activation, two_layer
from verify.oracle import descent
from verify.oracle.problem import Problem, batch
from verify.oracle.problems import problems


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
    output = two_layer.forward(
        tensors.u, tensors.W, tensors.X, tensors.real, tensors.gamma, activation("linear")
    )
    loss = two_layer.loss(
        tensors.u, tensors.W, tensors.X, tensors.targets, tensors.counted, tensors.real,
        tensors.gamma, activation("linear"),
    )  # fmt: skip
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


# σ(0) = 0 for the first two: there the mask changes nothing.
@pytest.mark.parametrize("network", ["linear", "cubic", "softplus", "exponential", "sigmoid"])
def test_padding_does_not_leak_between_networks(network):
    one = replace(two_neurons(), network=network)
    other = Problem(
        "small", np.array([1.0]), np.array([[0.5]]), np.array([[1.0], [3.0]]), np.array([1.0, -1.0]),
        1.0, 0.3, 0.3, network,
    )  # fmt: skip
    step = torch.tensor([0.01, 0.01], dtype=torch.float64)
    together = descent.descend(batch([one, other]), step, 20)[20]
    for index, problem in enumerate((one, other)):
        alone = descent.descend(batch([problem]), step[:1], 20)[20]
        d, d0 = problem.W0.shape
        np.testing.assert_array_equal(together[0][index, :d], alone[0][0])
        np.testing.assert_array_equal(together[1][index, :d, :d0], alone[1][0])
        assert not together[0][index, d:].any()
        assert not together[1][index, d:].any()
        assert not together[1][index, :, d0:].any()


@pytest.mark.parametrize("network", ["linear", "cubic", "softplus"])
def test_runs_side_by_side_are_those_one_after_the_other(network):
    one, two = replace(two_neurons(), network=network), replace(two_neurons(), network=network)
    tensors = batch([one, replace(two, gamma=-0.5, eta_u=0.3)])
    time = torch.tensor([0.003, 0.007], dtype=torch.float64)
    found = descent.halvings(tensors, time, 3, 4)
    assert len(found) == 4
    for level, (u, W) in enumerate(found):
        steps = 3 << level
        alone = descent.descend(tensors, time / steps, steps)[steps]
        torch.testing.assert_close(u, alone[0], rtol=1e-13, atol=1e-13)
        torch.testing.assert_close(W, alone[1], rtol=1e-13, atol=1e-13)


def test_the_speed_of_learning_is_of_real_neurons():
    small = replace(two_neurons(), u0=np.array([1.0]), W0=np.ones((1, 2)), network="exponential")
    alone, together = (
        batch(z) for z in ([small], [small, replace(two_neurons(), network="exponential")])
    )
    rates = [descent.tangent_kernel_rate(z, z.u, z.W)[0] for z in (alone, together)]
    # γ² (η_u σ² + η_w |x|² σ′²) with σ = σ′ = e³.
    assert rates[0] == rates[1] == pytest.approx(0.25 * (0.1 + 0.2 * 5) * np.exp(6), rel=1e-14)


def test_a_batch_is_of_one_network():
    with pytest.raises(ValueError, match="one network, not of linear, tanh"):
        batch([two_neurons(), replace(two_neurons(), network="tanh")])
    with pytest.raises(ValueError, match="one network"):
        batch([])


@pytest.mark.parametrize("network", ["tanh", "cubic", "gelu"])
def test_gradient_is_the_quotient_of_differences(network):
    tensors = batch(problems(6, seed=1, network=network))
    everything = torch.cat([tensors.u[:, :, None], tensors.W], dim=2)

    def losses(weights):
        return two_layer.loss(
            weights[:, :, 0], weights[:, :, 1:], tensors.X, tensors.targets, tensors.counted,
            tensors.real, tensors.gamma, activation(network),
        )  # fmt: skip

    by_u, by_W = descent.gradient(tensors, tensors.u, tensors.W)
    found = torch.cat([by_u[:, :, None], by_W], dim=2)
    _, neurons, columns = everything.shape
    for neuron in range(neurons):
        for column in range(columns):
            step = torch.zeros_like(everything)
            step[:, neuron, column] = 1e-3
            # Of fourth order in the step.
            near, far = (
                losses(everything + k * step) - losses(everything - k * step) for k in (1, 2)
            )
            quotient = (8 * near - far) / 12e-3
            error = (quotient - found[:, neuron, column]).abs()
            scale = found.abs().amax((1, 2)) + losses(everything)
            assert (error <= 1e-8 * scale + 1e-10).all()


@pytest.mark.parametrize("network", ["linear", "cubic", "tanh", "softplus", "relu"])
def test_nothing_moves_at_the_target(network):
    (problem,) = (p for p in problems(0, 0, network=network) if p.name == "start at the target")
    tensors = batch([problem])
    for gradient in descent.gradient(tensors, tensors.u, tensors.W):
        assert not gradient.any()


def test_richardson_removes_powers_of_the_step():
    h = 0.3 / 2 ** np.arange(5)
    values = [torch.tensor([1 + 2 * z - 3 * z**2 + 5 * z**3 - z**4]) for z in h]
    limit, error = descent.richardson(values)
    assert abs(float(limit) - 1) < 1e-14
    assert float(error) < 1e-2
