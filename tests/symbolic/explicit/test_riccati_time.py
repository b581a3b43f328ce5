"""t(α) against rigorous quadrature of dα / speed, and against integrated networks."""

import dataclasses

import mpmath
import pytest
import sympy
from flint import acb, arb, ctx
from sympy import Rational

from symbolic import vocabulary as z
from symbolic.explicit import riccati, riccati_time
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.enclosure import enclose

# A_P, A_Q, B and a place between α = 1 and the equilibrium
CASES = {
    "growing": (1, 1, 1, Rational(3, 2)),
    "growing, target below zero": (Rational(1, 9), 2, -1, Rational(3, 2)),
    "falling": (1, 1, -1, Rational(3, 4)),
    "falling, target above zero": (3, Rational(1, 5), 1, Rational(1, 2)),
    "A_P = 0, growing": (0, 1, Rational(1, 2), 5),
    "A_P = 0, into the saddle": (0, 0, 1, 40),
    "A_P = 0, falling": (0, Rational(1, 2), -1, Rational(3, 4)),
    "A_Q = 0, growing": (Rational(1, 3), 0, 1, 2),
    "A_Q = 0, into the saddle": (1, 0, -1, Rational(1, 10)),
    "double root": (1, 0, 0, Rational(1, 2)),
    "unequal scales": (Rational(1, 1000), Rational(7, 3), Rational(-11, 5), Rational(21, 20)),
    "close to the start": (1, 1, 1, 1 + Rational(1, 10**12)),
}


def by_quadrature(A_P, A_Q, B, end):
    """∫₁^end dz / 4(A_Q + B z − A_P z²), a ball."""
    c_0, c_1, c_2 = (arb(int((4 * c).p)) / int((4 * c).q) for c in map(Rational, (A_Q, B, -A_P)))
    end = Rational(end)
    upper = acb(arb(int(end.p)) / int(end.q))
    return acb.integral(lambda v, _: 1 / (c_0 + c_1 * v + c_2 * v * v), acb(1), upper).real


def by_formula(integral, A_P, A_Q, B, end, factor=1):
    rate = sympy.sqrt(integral.riccati.rate_squared)
    sine = factor * integral.hyperbolic_sine
    time = sympy.asinh(rate * sine) / rate
    values = dict(zip((z.A_P, z.A_Q, z.B, z.alpha), map(Rational, (A_P, A_Q, B, end)), strict=True))
    if integral.riccati.rate_squared.subs(values) == 0:
        time = sine
    return enclose(time, values, bits=90)


@pytest.mark.parametrize("name", CASES)
def test_the_time_is_the_integral(name, linear):
    before = ctx.prec
    ctx.prec = 160
    try:
        expected, found = by_quadrature(*CASES[name]), by_formula(linear[RiccatiTime], *CASES[name])
        assert expected.rel_accuracy_bits() >= 40
        assert found.rel_accuracy_bits() >= 90
        assert found > 0
        assert found.overlaps(expected)
        for wrong in (2, Rational(1, 2), -1):
            assert not by_formula(linear[RiccatiTime], *CASES[name], factor=wrong).overlaps(
                expected
            )
    finally:
        ctx.prec = before


def test_at_the_double_root_the_time_is_elementary(linear):
    """α′ = −4α² from 1 reaches 1/2 after 1/4."""
    assert by_formula(linear[RiccatiTime], *CASES["double root"]).overlaps(arb(1) / 4)


def test_the_time_is_that_of_the_integrated_network(linear, network, number, close):
    values = {**network.values, z.alpha: network.alpha}
    coefficients = {s: number(c, values) for s, c in linear[RiccatiTime].coefficients.items()}
    values |= coefficients
    values[z.R] = number(sympy.sqrt(linear[RiccatiTime].riccati.rate_squared), values)
    values[z.S] = number(linear[RiccatiTime].hyperbolic_sine, values)
    assert close(mpmath.asinh(values[z.R] * values[z.S]) / values[z.R], network.t)


def test_the_speed_is_that_of_the_integrated_network(linear, network, number, close):
    """dα/dt = 2 α (p·p′)/(p·p), at the end of the training."""
    at = network.end
    moved = network.point(network.velocity([*at.u, *(value for row in at.W for value in row)]))
    small = mpmath.mpf(10) ** -20
    form, change, sign = (at.p, moved.p, 2) if max(map(abs, at.p)) > small else (at.q, moved.q, -2)
    rate = mpmath.fsum(a * b for a, b in zip(form, change, strict=True))
    rate /= mpmath.fsum(a * a for a in form)
    values = {**network.values, z.alpha: network.alpha}
    values |= {s: number(c, values) for s, c in linear[RiccatiTime].coefficients.items()}
    assert close(number(linear[RiccatiTime].speed, values), sign * network.alpha * rate)


@pytest.mark.parametrize("factor", [sympy.exp(z.s), sympy.exp(4 * z.s), 1 / (1 + sympy.exp(z.s))])
def test_a_scalar_equation_of_another_kind_is_refused(factor, linear, forge):
    other = forge(linear[Reduction], speed=linear[Reduction].speed * factor)
    with pytest.raises(DoesNotApply):
        riccati_time.derive(other)


@pytest.mark.parametrize(
    ("coefficients", "start"),
    [((z.A_Q, z.B, -z.A_P), 1), ((4 * z.A_Q, 4 * z.B, -4 * z.A_P), 2)],
)
def test_the_solution_of_another_equation_or_from_another_start_is_refused(
    coefficients, start, linear
):
    other = riccati.solve(coefficients, sympy.Integer(start))
    with pytest.raises(CertificateError, match="RiccatiTime"):
        dataclasses.replace(linear[RiccatiTime], riccati=other)
