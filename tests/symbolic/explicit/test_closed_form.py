"""The closed form in time against integrated networks."""

import mpmath
import pytest
import sympy

from symbolic import vocabulary as z
from symbolic.explicit import closed_form
from symbolic.explicit.closed_form import ClosedForm
from symbolic.explicit.decaying import by_decaying_exponentials, conjugate_root
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.proof.certificate import CertificateError


def test_alpha_is_that_of_the_integrated_network(network, solution, close):
    values = solution(network)
    assert close(values[z.alpha], network.alpha)
    assert abs(values[z.alpha] - 1) > 1e-2


def test_the_residual_is_that_of_the_integrated_network(linear, network, solution, number, close):
    values = solution(network)
    ratio = network.end.residual / network.start.residual
    assert close(number(linear[ClosedForm].ratio, values), ratio)
    assert close(number(linear[ClosedForm].progress, values), 1 - ratio)
    assert close(number(linear[ClosedForm].output, values), network.end.f)


def test_the_growth_is_twice_the_hyperbolic_sine_of_the_warp(
    linear, network, solution, number, close
):
    root = mpmath.sqrt(network.alpha)
    assert close(number(linear[ClosedForm].growth, solution(network)), root - 1 / root)


def test_the_conjugate_roots_are_those_of_their_definition(linear, network, solution, close):
    values = solution(network)
    assert close(values[z.r_plus], values[z.R] + 2 * values[z.B])
    assert close(values[z.r_minus], values[z.R] - 2 * values[z.B])
    assert close(values[z.E], mpmath.exp(-2 * values[z.R] * network.t))
    assert close(values[z.tau], (1 - values[z.E]) / values[z.R])


def test_the_smaller_root_keeps_its_digits_where_the_difference_has_none(number, close):
    """R − 2|B| with A_P A_Q = 1e-40 is 16 A_P A_Q/(4 |B|), to leading order."""
    product = sympy.Symbol("product", positive=True)
    smaller, _ = conjugate_root(16 * product + 4 * z.B**2)
    with mpmath.mp.workdps(30):
        tiny, b = mpmath.mpf(10) ** -40, mpmath.mpf(-3)
        values = {product: tiny, z.B: b, z.R: mpmath.sqrt(16 * tiny + 4 * b**2)}
        assert abs(number(smaller, values) / (4 * tiny / abs(b)) - 1) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("exponents", ["plus first", "minus first"])
def test_decaying_exponentials_are_twice_the_solution_times_the_decay(exponents, number, close):
    sign = 1 if exponents == "plus first" else -1
    expression = z.C + 4 * z.A_Q * z.S + sign * 2 * z.B * z.S
    with mpmath.mp.workdps(30):
        rate, time, b = mpmath.mpf(3) / 2, mpmath.mpf(2) / 5, mpmath.mpf(-1) / 3
        values = {z.R: rate, z.B: b, z.A_Q: mpmath.mpf(5) / 7}
        values[z.r_plus], values[z.r_minus] = rate + 2 * b, rate - 2 * b
        values[z.E] = mpmath.exp(-2 * rate * time)
        values[z.tau] = (1 - values[z.E]) / rate
        values[z.C] = mpmath.cosh(rate * time)
        values[z.S] = mpmath.sinh(rate * time) / rate
        expected = 2 * mpmath.exp(-rate * time) * number(expression, values)
        assert close(number(by_decaying_exponentials(expression), values), expected)


def equilibrium(network):
    """α where f = y, solved from γρd(Pα − Q/α)/√(η_u η_w) = y; None where no α > 0 has it."""
    v = network.values
    scale = v[z.gamma] * v[z.rho] * v[z.d] / mpmath.sqrt(v[z.eta_u] * v[z.eta_w])
    roots = mpmath.polyroots([scale * v[z.P], -v[z.y], -scale * v[z.Q]]) if v[z.P] else []
    if not v[z.P]:
        roots = [-scale * v[z.Q] / v[z.y]]
    return next((root for root in roots if root > mpmath.mpf(10) ** -20), None)


def test_the_limit_is_the_equilibrium_or_the_saddle(linear, network, solution, number, close):
    values = solution(network)
    top = number(linear[ClosedForm].limit_numerator, values)
    bottom = number(linear[ClosedForm].limit_denominator, values)
    expected = equilibrium(network)
    if expected is not None:
        assert close(top / bottom, expected)
    else:
        assert "saddle" in network.name
        assert close(bottom if network.alpha > 1 else top, 0)
        assert (top if network.alpha > 1 else bottom) > 1e-2


def test_the_time_scale_is_two_over_the_tangent_kernel_at_the_equilibrium(
    linear, network, solution, number, close
):
    """Near f = y the residual obeys r′ = −2 K r, and exp(−4 t/t_c) defines t_c."""
    alpha, values = equilibrium(network), solution(network)
    if alpha is None:  # into the saddle, where K vanishes: r tends to −y, α to 0 or ∞
        assert close(number(linear[ClosedForm].time_scale, values), 1 / abs(values[z.B]))
        return
    v = network.values
    kernel = 2 * v[z.d] * v[z.gamma] ** 2 * v[z.rho] ** 2 * (v[z.P] * alpha + v[z.Q] / alpha)
    assert close(number(linear[ClosedForm].time_scale, values), 2 / kernel)


@pytest.mark.parametrize("name", ["numerator", "denominator"])
@pytest.mark.parametrize("change", [z.A_Q * z.S, -2 * z.B * z.S, z.C])
def test_a_wrong_projective_solution_is_refused(name, change, linear, forge):
    riccati = linear[RiccatiTime].riccati
    wrong = forge(riccati, **{name: getattr(riccati, name) + change})
    with pytest.raises(CertificateError, match="ClosedForm"):
        closed_form.derive(linear[Reduction], forge(linear[RiccatiTime], riccati=wrong))


def test_a_wrong_output_is_refused(linear, forge):
    wrong = forge(linear[Reduction], output=2 * linear[Reduction].output)
    with pytest.raises(CertificateError, match="ClosedForm"):
        closed_form.derive(wrong, linear[RiccatiTime])
