"""The flow is −rate · ∂loss/∂weight of networks written out by hand."""

import mpmath

from symbolic import losses
from symbolic import vocabulary as z
from symbolic.network import gradient_flow
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model


def gradient(network):
    """∂L/∂θ by differences of the loss, weight by weight."""
    at = network.start
    flat = [*at.u, *(value for row in at.W for value in row)]
    with mpmath.mp.workdps(60):
        return [
            mpmath.diff(lambda v, k=k: network.loss(*flat[:k], v, *flat[k + 1 :]), flat[k])
            for k in range(len(flat))
        ]


def local(network, neuron, entry=0):
    at = network.start
    return {
        **network.values,
        z.f: at.f,
        z.u_i: at.u[neuron],
        z.h_i: at.h[neuron],
        z.x_j: network.inputs[entry],
    }


def test_velocities_are_the_negative_gradient(linear, network, number, close):
    slopes, record = gradient(network), linear[Flow]
    d, d0 = len(network.u), len(network.x)
    eta_u, eta_w = network.values[z.eta_u], network.values[z.eta_w]
    for k in range(d):
        found = number(record.speed * record.velocity_u, local(network, k))
        assert close(found, -eta_u * slopes[k])
        for j in range(d0):
            found = number(record.speed * record.velocity_w, local(network, k, j))
            assert close(found, -eta_w * slopes[d + k * d0 + j])


def test_the_preactivation_moves_with_its_row(linear, network, number, close):
    slopes, record = gradient(network), linear[Flow]
    d, d0 = len(network.u), len(network.x)
    for k in range(d):
        row = [-network.values[z.eta_w] * slope for slope in slopes[d + k * d0 : d + (k + 1) * d0]]
        moved = mpmath.fsum(a * b for a, b in zip(row, network.inputs, strict=True))
        assert close(number(record.speed * record.velocity_h, local(network, k)), moved)


def test_the_tangent_kernel_is_the_rate_of_the_output(linear, network, number, close):
    """df/dt = Σ ∂f/∂θ dθ/dt, with df = dL / 2(f − y)."""
    slopes, record = gradient(network), linear[Flow]
    at, d = network.start, len(network.u)
    eta_u, eta_w = network.values[z.eta_u], network.values[z.eta_w]
    squares = mpmath.fsum(s**2 * (eta_u if k < d else eta_w) for k, s in enumerate(slopes))
    expected = squares / (2 * at.residual) ** 2
    assert close(
        mpmath.fsum(number(record.tangent_kernel_i, local(network, k)) for k in range(d)), expected
    )
    assert close(mpmath.fsum(number(record.output_i, local(network, k)) for k in range(d)), at.f)


def test_the_speed_has_the_factor_two_of_the_loss(linear):
    assert linear[Flow].speed.subs({z.f: 3, z.y: 5}) == 4
    halved = Model("half", "half", "here", lambda h: h, losses.load("half_square"))
    assert gradient_flow.derive(halved).speed.subs({z.f: 3, z.y: 5}) == 2
