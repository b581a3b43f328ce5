"""The network as one equation: df/ds is the tangent kernel, a sum of squares, for any activation."""

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.models import names
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import CertificateError
from symbolic.warp import equation
from symbolic.warp.equation import ScalarEquation

RATES = {"gamma": "-3/4", "eta_u": "2/3", "eta_w": "5/4", "rho_2": "9/8"}
STARTS = (("1/2", "2/3"), ("-1", "-1/3"))
DIGITS = 20


@pytest.mark.parametrize("name", names())
def test_the_squares_are_those_of_the_gradient(name, orbit, number, close):
    """Each rate times the square of a derivative of the output, by differences of the output."""
    found = derivation(name)[ScalarEquation]
    for start in STARTS:
        neuron = orbit(name, *start, **RATES)
        with mp.workdps(30):
            values = {**neuron.values, z.beta: mpf(5)}
            u, h = values[z.u_i], values[z.h_i]
            with mp.workdps(60):
                by_u = mpmath.diff(lambda v: neuron.output(v, h), u)  # noqa: B023
                by_h = mpmath.diff(lambda v: neuron.output(u, v), h)  # noqa: B023
            expected = [
                (values[z.eta_u], by_u),
                (values[z.eta_w] * values[z.rho] ** 2, by_h),
            ]
            assert len(found.squares) == 2
            for (factor, base), (rate, slope) in zip(found.squares, expected, strict=True):
                assert close(number(factor, values), rate)
                assert close(number(base, values), slope)
            total = mpmath.fsum(rate * slope**2 for rate, slope in expected)
            assert close(number(found.kernel_i, values), total)


@pytest.mark.parametrize("name", names())
def test_the_output_grows_by_the_integral_of_the_kernel(name, orbit):
    """f(s) − f(0) along an integrated orbit against K at Gauss points of warped time."""
    found = derivation(name)[ScalarEquation]
    neuron = orbit(name, "1/2", "2/3", **RATES)
    with mp.workdps(DIGITS):
        symbols = {**neuron.values, z.beta: mpf(5)}
        kernel = sympy.lambdify(list(symbols), found.kernel_i, "mpmath")
        nodes = mpmath.polyroots([mpf(63) / 8, 0, -mpf(70) / 8, 0, mpf(15) / 8, 0])  # Legendre
        span = mpf(1) / 20
        total = mpf(0)
        for node in nodes:
            at = neuron.at(span * (1 + node) / 2, DIGITS)
            weight = 2 / ((1 - node**2) * mpmath.diff(lambda v: mpmath.legendre(5, v), node) ** 2)
            total += weight * kernel(*{**symbols, z.u_i: at[0], z.h_i: at[1]}.values())
        grown = neuron.output(*neuron.at(span, DIGITS)) - neuron.output(*neuron.at(0, DIGITS))
        assert grown > 0
        assert abs(total * span / 2 - grown) < mpf(10) ** -11 * grown


@pytest.mark.parametrize("name", names())
def test_every_factor_is_positive_and_the_speed_is_twice_the_distance(name):
    found = derivation(name)[ScalarEquation]
    assert all(factor.is_positive for factor, _ in found.squares)
    assert found.speed.subs({z.f: 3, z.y: 5}) == 4
    assert found.speed.subs({z.f: 5, z.y: 5}) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tangent_kernel_i": 2 * z.u_i}, "sum of squares"),
        ({"output_i": z.gamma * z.u_i * z.h_i**3}, "sum of squares"),
        ({"speed": (z.y - z.f) * (z.f + 1)}, "nowhere else"),
        ({"speed": sympy.Integer(2)}, "nowhere else"),
        ({"speed": z.y + z.f}, "nowhere else"),
    ],
)
def test_a_flow_that_does_not_fit_is_refused(change, message, forge):
    derived = derivation("quadratic")
    assert equation.derive(derived[ConvexLoss], derived[Flow])
    with pytest.raises(CertificateError, match=message):
        equation.derive(derived[ConvexLoss], forge(derived[Flow], **change))
