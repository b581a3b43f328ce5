"""The chart: two linear forms whose product is conserved, with its inverse."""

import pytest
import sympy

from symbolic import vocabulary as z
from symbolic.explicit import chart as coordinates
from symbolic.explicit.chart import Chart, linear_factors
from symbolic.laws.conservation import Conservation
from symbolic.proof.certificate import DoesNotApply


def test_the_chart_has_the_values_written_by_hand(linear, network, number, close):
    at, chart = network.start, linear[Chart]
    for k in range(len(at.u)):
        weights = {**network.values, z.u_i: at.u[k], z.h_i: at.h[k]}
        p, q = number(chart.p, weights), number(chart.q, weights)
        assert close(p, at.p[k])
        assert close(q, at.q[k])
        assert close(number(chart.conserved, weights), p * q)
        back = {**network.values, z.p_i: p, z.q_i: q}
        assert close(number(chart.u, back), at.u[k])
        assert close(number(chart.h, back), at.h[k])


def test_each_coordinate_moves_by_a_common_factor(network, close):
    """Each p is multiplied by one number that all neurons share, each q divided by it."""
    before, after = network.start, network.end
    factor = network.alpha**0.5
    for k in range(len(before.u)):
        assert close(after.p[k], before.p[k] * factor)
        assert close(after.q[k], before.q[k] / factor)


def test_the_linear_factors_multiply_to_the_quadratic():
    quadratic = 9 * z.eta_u * z.h_i**2 - 4 * z.eta_w * z.rho**2 * z.u_i**2
    plus, minus = linear_factors(quadratic)
    assert sympy.cancel(sympy.expand(plus * minus) / quadratic).is_number
    assert sympy.expand(plus).coeff(z.u_i).is_positive
    assert sympy.expand(minus).coeff(z.u_i).is_negative


@pytest.mark.parametrize(
    "quadratic",
    [
        z.eta_u * z.h_i**2 + z.eta_w * z.rho**2 * z.u_i**2,  # no real factors
        (z.h_i + z.u_i) ** 2,  # one factor twice
        z.u_i * z.h_i,  # factors that are weights already
        z.h_i**2 - 2 * z.u_i**2,  # factors over another field
        z.h_i**2,
    ],
)
def test_a_quadratic_without_two_linear_factors_has_no_chart(quadratic):
    with pytest.raises(DoesNotApply, match="does not split"):
        linear_factors(quadratic)


def test_a_law_with_a_wrong_sign_gives_no_chart(linear, forge):
    (law,) = linear[Conservation].own
    wrong = forge(linear[Conservation], own=(law + 2 * z.eta_w * z.rho**2 * z.u_i**2,))
    with pytest.raises(DoesNotApply):
        coordinates.derive(wrong)
