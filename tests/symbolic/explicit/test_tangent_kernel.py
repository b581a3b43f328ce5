"""The tangent kernel against gradients written out by hand."""

import mpmath
import pytest
import sympy

from symbolic import vocabulary as z
from symbolic.explicit import tangent_kernel
from symbolic.explicit.tangent_kernel import TangentKernel
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import CertificateError

INPUTS = (("1/2", "-1/3", "2"), ("-1", "3/4", "1/5"))


def dot(left, right):
    return mpmath.fsum(a * b for a, b in zip(left, right, strict=True))


def pair(network):
    size = len(network.x)
    return [
        [mpmath.mpf(sympy.Rational(v).p) / sympy.Rational(v).q for v in x[:size]] for x in INPUTS
    ]


def by_gradients(at, one, two):
    """Σ η ∂f(x₁)/∂θ ∂f(x₂)/∂θ with f = γ Σ u_i w_ij x_j."""
    v = at.network.values
    by_u = mpmath.fsum(dot(row, one) * dot(row, two) for row in at.W)
    by_w = mpmath.fsum(u**2 for u in at.u) * dot(one, two)
    return v[z.gamma] ** 2 * (v[z.eta_u] * by_u + v[z.eta_w] * by_w)


def arguments(at, conserved, one, two):
    """The kernel's arguments, with the parts across the data taken from the start."""
    e = [x / at.network.rho for x in at.network.inputs]
    b_1, b_2 = dot(one, e), dot(two, e)
    across = [
        [dot(row, x) - b * o for row, o in zip(conserved.W, conserved.omega, strict=True)]
        for x, b in ((one, b_1), (two, b_2))
    ]
    return {
        **at.network.values,
        z.inner: dot(one, two),
        z.b_1: b_1,
        z.b_2: b_2,
        z.across: dot(*across),
        z.cross: mpmath.fsum(
            o * (b_2 * g + b_1 * k) for o, g, k in zip(at.omega, *across, strict=True)
        ),
        z.norm_u_2: dot(at.u, at.u),
        z.norm_omega_2: dot(at.omega, at.omega),
    }


def test_the_kernel_is_the_sum_over_gradients_before_and_after(linear, network, number, close):
    one, two = pair(network)
    for at in (network.start, network.end):
        found = number(linear[TangentKernel].value, arguments(at, network.start, one, two))
        assert close(found, by_gradients(at, one, two))


def test_the_kernel_at_the_data_is_that_of_the_flow(linear, network, number, close):
    at, x = network.end, network.inputs
    neurons = [{**network.values, z.u_i: u, z.h_i: h} for u, h in zip(at.u, at.h, strict=True)]
    expected = mpmath.fsum(number(linear[Flow].tangent_kernel_i, values) for values in neurons)
    assert close(number(linear[TangentKernel].value, arguments(at, network.start, x, x)), expected)


@pytest.mark.parametrize("factor", [-1, 2, z.rho])
def test_a_flow_that_moves_preactivations_otherwise_is_refused(factor, linear, forge):
    wrong = forge(linear[Flow], velocity_h=factor * linear[Flow].velocity_h)
    with pytest.raises(CertificateError, match="across the data is conserved"):
        tangent_kernel.derive(linear.model, wrong)
