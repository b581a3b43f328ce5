"""Forms that floats can compute, against power series in μ, written by hand, and the first root of D."""

import dataclasses

import mpmath
import pytest
from mpmath import mpf

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.proof.certificate import CertificateError
from symbolic.warp import hyperbolic_parts as stable
from symbolic.warp.hyperbolic_parts import Scaled, SignOfMu
from symbolic.warp.stable_flow_map import StableFlowMap

MUS = {SignOfMu.POSITIVE: "9/4", SignOfMu.NEGATIVE: "-9/4", SignOfMu.ZERO: "0"}


@pytest.fixture(scope="module")
def quadratic():
    return derivation("quadratic")[StableFlowMap]


def series(mu, s):
    """S and T, the sums of μᵏ s^(2k+1)/(2k+1)! and of μᵏ s^(2k+2)/(2k+2)!."""

    def total(first):
        powers = ((k, 2 * k + first) for k in range(60))
        return mpmath.fsum(mu**k * s**power / mpmath.factorial(power) for k, power in powers)

    return total(1), total(2)


def exact(text):
    top, _, bottom = text.partition("/")
    return mpf(top) / mpf(bottom or 1)


@pytest.mark.parametrize("place", ["3/5", "-4/3"])
@pytest.mark.parametrize("name", SignOfMu)
def test_scaled_and_entire_parts_are_the_power_series(quadratic, number, close, name, place):
    with mpmath.mp.workdps(30):
        mu, s = exact(MUS[name]), exact(place)
        rate, side = mpmath.sqrt(abs(mu)), mpmath.sign(s)
        values = {
            stable.rate: rate,
            stable.angle: rate * abs(s),
            stable.sign: side,
            z.s: s,
        }
        S, T = series(mu, s)
        parts = quadratic.scaled[name]
        scale = number(parts.scale, values)
        assert close(scale, mpmath.e ** (-rate * abs(s)) if mu > 0 else mpf(1))
        assert close(number(parts.S, values), scale * S)
        assert close(number(parts.T, values), scale * T)
        assert close(number(quadratic.entire[name], values), S)
        mean = number(quadratic.entire[name], {**values, z.s: s / 2})
        assert close(number(quadratic.entire_T, {stable.half: mean}), T)


@pytest.mark.parametrize(
    ("name", "q"),
    [
        (SignOfMu.POSITIVE, "2"), (SignOfMu.NEGATIVE, "2"), (SignOfMu.NEGATIVE, "-1/2"),
        (SignOfMu.ZERO, "2"),
    ],
)  # fmt: skip
def test_the_pole_is_the_first_root(quadratic, number, name, q):
    """There z = 2 S(s/2)/S′(s/2) is 2/q, and less before."""
    with mpmath.mp.workdps(30):
        mu, q_value = exact(MUS[name]), exact(q)
        values = {stable.rate: mpmath.sqrt(abs(mu)), stable.q: q_value}
        pole = number(quadratic.pole[name], values)

        def gap(s):
            S, T = series(mu, s / 2)
            return q_value * S - (1 + mu * T)

        assert pole > 0
        assert abs(gap(pole)) < mpf("1e-20")
        before = [gap(pole * k / 40) for k in range(40)]
        assert all(value < 0 for value in before)


def test_a_network_whose_neurons_pass_through_the_root_has_no_pole():
    assert derivation("linear")[StableFlowMap].pole == {}


def test_a_network_with_one_frequency_zero_has_one_branch():
    cubic = derivation("cubic")[StableFlowMap]
    assert list(cubic.scaled) == list(cubic.entire) == list(cubic.pole) == [SignOfMu.ZERO]
    assert cubic.scaled[SignOfMu.ZERO] == Scaled(1, z.s, z.s**2 / 2)


def test_a_branch_of_another_sign_is_refused(quadratic):
    scaled = quadratic.scaled
    wrong = {**scaled, SignOfMu.POSITIVE: scaled[SignOfMu.NEGATIVE]}
    with pytest.raises(CertificateError, match="scaled, mu > 0"):
        dataclasses.replace(quadratic, scaled=wrong)
