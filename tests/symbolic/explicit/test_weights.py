"""Every weight of integrated networks."""

import mpmath
import pytest
import sympy

from symbolic import vocabulary as z
from symbolic.explicit import weights
from symbolic.explicit.chart import Chart
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.weights import Weights, by_growing_coordinate, g, input_weights
from symbolic.laws.conservation import Conservation
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import CertificateError


def neuron(network, k):
    at, root = network.start, mpmath.sqrt(network.alpha)
    return {
        **network.values,
        z.p_i: at.p[k],
        z.q_i: at.q[k],
        z.u_i0: at.u[k],
        z.omega_i0: at.omega[k],
        g: root,
        z.decay: min(root, 1 / root),
        z.growth: root - 1 / root,
    }


def test_both_layers_are_those_of_the_integrated_network(linear, network, number, close):
    record, end = linear[Weights], network.end
    branch = 0 if network.alpha > 1 else 1
    for k in range(len(network.u)):
        values = neuron(network, k)
        for expression in (record.u, record.u_growing[branch]):
            assert close(number(expression, values), end.u[k])
        for expression in (record.omega, record.omega_growing[branch]):
            assert close(number(expression, values), end.omega[k])


def test_first_layer_weights_are_those_of_the_integrated_network(linear, network, number, close):
    start, end = network.start, network.end
    for k in range(len(network.u)):
        for j, x in enumerate(network.inputs):
            values = {**network.values, z.x_j: x, z.h_i: end.h[k] - start.h[k]}
            change = number(linear[Weights].w_change, values)
            assert close(start.W[k][j] + change, end.W[k][j])


def test_the_other_branch_is_wrong(linear, network, number):
    branch = 1 if network.alpha > 1 else 0
    values, end = neuron(network, 0), network.end
    assert abs(number(linear[Weights].u_growing[branch], values) - end.u[0]) > 1e-3


def test_input_weights_follow_from_the_law_across_inputs(linear, forge):
    assert sympy.cancel(input_weights(linear[Conservation]) - z.h_i * z.x_j / z.rho**2) == 0
    doubled = forge(linear[Conservation], linear=(z.w_ij * z.x_l - 2 * z.w_il * z.x_j,))
    assert sympy.cancel(input_weights(doubled) - 2 * z.h_i * z.x_j / z.rho**2) == 0


def test_a_weight_that_does_not_split_has_no_growing_form():
    with pytest.raises(ValueError, match="does not split"):
        by_growing_coordinate(g**2 * z.p_i + z.q_i / g, z.p_i + z.q_i, z.u_i0)
    with pytest.raises(ValueError, match="does not split"):
        by_growing_coordinate(g * z.p_i + z.q_i, z.p_i + z.q_i, z.u_i0)


def derive_with(linear, **changes):
    parts = {
        "flow": linear[Flow],
        "laws": linear[Conservation],
        "chart": linear[Chart],
        "reduction": linear[Reduction],
        "integral": linear[RiccatiTime],
    }
    return weights.derive(**parts | changes)


def test_a_reduction_in_another_unit_of_time_is_refused(linear, forge):
    wrong = forge(linear[Reduction], unit=2 * linear[Reduction].unit)
    with pytest.raises(CertificateError, match="du/dt"):
        derive_with(linear, reduction=wrong)


def test_a_wrong_law_across_inputs_is_refused(linear, forge):
    wrong = forge(linear[Conservation], linear=(z.w_ij * z.x_l - 2 * z.w_il * z.x_j,))
    with pytest.raises(CertificateError, match="dw/dt"):
        derive_with(linear, laws=wrong)


def test_a_solution_with_a_wrong_wronskian_is_refused(linear, forge):
    riccati = linear[RiccatiTime].riccati
    wrong = forge(riccati, wronskian=-riccati.wronskian)
    with pytest.raises(CertificateError, match="logarithmic derivative"):
        derive_with(linear, integral=forge(linear[RiccatiTime], riccati=wrong))
