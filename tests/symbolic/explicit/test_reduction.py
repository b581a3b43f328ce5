"""The warp: the whole network is one scalar equation."""

import mpmath
import pytest

from symbolic import vocabulary as z
from symbolic.explicit import reduction
from symbolic.explicit.chart import Chart
from symbolic.explicit.reduction import Reduction, diagonal_rates
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import CertificateError, DoesNotApply

PLACES = (0, "0.3", "-0.7")


def output_at(network, s):
    """The output with p multiplied by e^s and q by e^−s, neuron by neuron."""
    at, (root_u, root_w) = network.start, network.roots
    p = [value * mpmath.exp(s) for value in at.p]
    q = [value * mpmath.exp(-s) for value in at.q]
    u = [(a - b) / root_w for a, b in zip(p, q, strict=True)]
    h = [network.rho * (a + b) / root_u for a, b in zip(p, q, strict=True)]
    return network.values[z.gamma] * mpmath.fsum(a * b for a, b in zip(u, h, strict=True))


@pytest.mark.parametrize("place", PLACES)
def test_the_output_is_the_sum_over_warped_neurons(place, linear, network, number, close):
    s = mpmath.mpf(place)
    values = {**network.values, z.s: s, z.lam: number(linear[Reduction].rate, network.values)}
    assert close(number(linear[Reduction].output, values), output_at(network, s))
    with mpmath.mp.workdps(60):
        slope = mpmath.diff(lambda v: output_at(network, v), s)
    assert close(number(linear[Reduction].slope, values), slope)


def test_the_output_at_the_origin_of_the_warp_is_the_initial_one(linear, network, number, close):
    assert close(number(linear[Reduction].output, {**network.values, z.s: 0}), network.start.f)


def test_the_warped_network_is_the_trained_network(linear, network, number, close):
    s = mpmath.log(network.alpha) / 2
    assert close(number(linear[Reduction].output, {**network.values, z.s: s}), network.end.f)


def test_the_warp_starts_at_the_speed_of_the_network(linear, network, number, close):
    """ds/dt at t = 0 is (d|p|²/dt)/(2|p|²), with |p| exchanged for 1/|q| where it is zero."""
    at = network.start
    flat = [*at.u, *(value for row in at.W for value in row)]
    moved = network.point(
        network.velocity(flat)
    )  # the chart is linear: velocities map like weights
    form, change, sign = (at.p, moved.p, 1) if any(at.p) else (at.q, moved.q, -1)
    expected = sign * mpmath.fsum(a * b for a, b in zip(form, change, strict=True))
    expected /= mpmath.fsum(a * a for a in form)
    values = {**network.values, z.s: mpmath.mpf(0)}
    values[z.lam] = number(linear[Reduction].rate, values)
    assert close(number(linear[Reduction].speed, values), expected)


def test_the_rates_are_opposite(linear):
    rate, other = diagonal_rates(linear[Flow], linear[Chart])
    at = {z.eta_u: 4, z.eta_w: 9, z.gamma: -5, z.rho: 7}
    assert rate.subs(at) == -210
    assert other.subs(at) == 210


def test_a_field_that_is_not_diagonal_in_the_chart_is_refused(linear, forge):
    plain = forge(linear[Chart], p=z.u_i, q=z.h_i, u=z.p_i, h=z.q_i)
    with pytest.raises(DoesNotApply, match="is not linear"):
        diagonal_rates(linear[Flow], plain)


def test_a_flow_with_a_wrong_tangent_kernel_is_refused(linear, forge):
    wrong = forge(linear[Flow], tangent_kernel_i=2 * linear[Flow].tangent_kernel_i)
    with pytest.raises(CertificateError, match="tangent kernel"):
        reduction.derive(linear[ConvexLoss], wrong, linear[Chart])
