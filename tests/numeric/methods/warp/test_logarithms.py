"""Elapsed time as a sum of logarithms: the fraction N/D, its integral, its roots."""

from __future__ import annotations

import pytest
from flint import acb, arb, ctx, fmpq, fmpq_poly

from numeric import catalogue
from numeric.cases import case as cases
from numeric.methods.warp import logarithms
from numeric.methods.warp.ball_elapsed import Panels, Series, _by_logarithms
from numeric.methods.warp.ball_motion import Equilibrium
from numeric.methods.warp.ball_neurons import ExactNeurons
from numeric.methods.warp.logarithms import fraction
from numeric.methods.warp.tangent import Tangent
from numeric.namespaces import UndecidedError

RATES = (fmpq(4, 5), fmpq(3, 2), fmpq(2, 5), fmpq(13, 10))
STARTS = ((fmpq(7, 10), fmpq(2, 5)), (fmpq(-1, 3), fmpq(-9, 10)), (fmpq(1, 2), fmpq(-1, 4)))


@pytest.fixture(autouse=True)
def _precision():
    before, ctx.prec = ctx.prec, 256
    yield
    ctx.prec = before


IN_S = Tangent(fmpq(0), (1, 1, 1))


def integrate(top, bottom):
    return logarithms.integrate(top, bottom, IN_S, fmpq(1))


def neurons(starts=STARTS):
    network = catalogue.load("cubic")
    given = network.parameters(*RATES)
    made = tuple(network.module.neuron(u, h, given) for u, h in starts)
    return ExactNeurons(network, given, made, tuple(range(len(made))))


def output_at(s, starts=STARTS):
    """Σ γ u h³ by the solution u² − c = h²·ratio, from h^{-2} = D: by hand, at rational s."""
    gamma, eta_u, eta_w, norm_2 = RATES
    total = arb(0)
    for u, h in starts:
        # h' = 3 η_w γ |m|² h² u, u' = η_u γ h³; D = (h0/h)² is quadratic in s.
        first = -6 * eta_w * gamma * norm_2 * h * u
        second = -6 * eta_w * gamma**2 * norm_2 * h**2 * (eta_u * h**2 - 3 * eta_w * norm_2 * u**2)
        d = arb(1 + first * s + second * s * s / 2)
        slope = arb(first + second * s)
        # u = h'/(3 η_w γ |m|² h²) with h = h0 D^{-1/2}: u = −D'/(6 η_w γ |m|² h0 D^{1/2}).
        now_u = -slope / (6 * eta_w * gamma * norm_2 * h) / d.sqrt()
        total += gamma * now_u * (h / d.sqrt()) ** 3
    return total


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_fraction_is_target_minus_output(number):
    starts = STARTS[:number]
    residual = fmpq(7, 4)
    top, bottom = fraction(neurons(starts), residual, Tangent(fmpq(0), (1,) * number))
    for s in (fmpq(0), fmpq(1, 10), fmpq(-1, 5), fmpq(1, 3)):
        expected = residual - (output_at(s, starts) - output_at(fmpq(0), starts))
        found = arb(top(s)) / arb(bottom(s))
        assert abs(found - expected) < arb("1e-60")
    assert top(0) / bottom(0) == residual
    assert top.gcd(bottom).degree() == 0
    assert max(top.degree(), bottom.degree()) <= 4 * number


@pytest.mark.parametrize("residual", [fmpq(7, 4), fmpq(-2, 3)])
@pytest.mark.parametrize("number", [1, 3])
def test_the_sum_of_logarithms_is_the_integral(number, residual):
    top, bottom = fraction(neurons(STARTS[:number]), residual, Tangent(fmpq(0), (1,) * number))
    closed = integrate(top, bottom)
    for place in (fmpq(1, 50), fmpq(1, 20), fmpq(-1, 30)):
        by_quadrature = acb.integral(
            lambda z, _: _at(bottom, z) / _at(top, z), acb(0), acb(arb(place))
        )
        assert abs(closed.at(arb(place)) - by_quadrature.real) < arb("1e-60")
    assert closed.at(arb(0)).contains(0)


def _at(polynomial, z):
    value = acb(0)
    for coefficient in reversed(polynomial.coeffs()):
        value = value * z + arb(coefficient)
    return value


def test_by_hand():
    # ∫ (s² + 1)/(1 − s) ds = −s − s²/2 − 2 log(1 − s)
    closed = integrate(fmpq_poly([1, -1]), fmpq_poly([1, 0, 1]))
    s = arb(fmpq(1, 4))
    assert abs(closed.at(s) - (-s - s * s / 2 - 2 * (1 - s).log())) < arb("1e-70")
    assert closed.primitive == fmpq_poly([0, -1, fmpq(-1, 2)])
    ((root, residue),) = closed.terms
    assert abs(root - 1) < arb("1e-70")
    assert abs(residue + 2) < arb("1e-70")
    assert abs(closed.at(s, skip=0) - (-s - s * s / 2)) < arb("1e-70")


def test_complex_roots_give_real_times():
    # ∫ ds/(1 + s²) = atan s
    closed = integrate(fmpq_poly([1, 0, 1]), fmpq_poly([1]))
    assert len(closed.terms) == 2
    assert abs(closed.at(arb(fmpq(1, 3))) - arb(fmpq(1, 3)).atan()) < arb("1e-70")


@pytest.mark.parametrize(
    "top", [[1, -2, 1], [0, 0, 1], [1, 0, -2, 0, 1], [3], [-4, 12, -13, 6, -1]], ids=str
)
def test_a_multiple_root_or_none_at_all_is_refused(top):
    assert integrate(fmpq_poly(top), fmpq_poly([1, 1])) is None


def test_the_equilibrium_is_one_of_the_roots():
    closed = integrate(fmpq_poly([-6, 11, -6, 1]), fmpq_poly([1]))  # roots 1, 2, 3
    for place in (1, 2, 3):
        index = closed.index_of(arb(place, 1e-20))
        assert abs(closed.terms[index][0] - place) < arb("1e-60")
    with pytest.raises(UndecidedError):
        closed.index_of(arb(1.5, 0.25))
    with pytest.raises(UndecidedError):
        closed.index_of(arb(1.5, 0.75))


def test_nothing_here_is_a_float():
    top, bottom = fraction(neurons(), fmpq(1, 10), IN_S)
    assert all(isinstance(c, fmpq) for c in (*top.coeffs(), *bottom.coeffs()))


# Quadratic neurons (u, h), scaled by k: the frequencies √μ are in the ratio of the k. With y.
COMMENSURABLE = {
    "E > 0": ([("0.7", "0.2")], "1.3"),
    "E > 0, dying, out of reach": ([("0.7", "0.2")], "-1.3"),
    "E < 0": ([("0.2", "0.7")], "1.3"),
    "E < 0, far beyond a quarter turn": ([("0.7", "0.9")], "-50"),
    "k = 1, 2, E < 0": ([("0.2", "0.7"), ("0.4", "-1.4")], "2.3"),
    "k = 1, 3, E > 0": ([("0.7", "0.2"), ("-2.1", "0.6")], "2.3"),
    "k = 2, 3, E < 0, the other way": ([("0.4", "1.4"), ("0.6", "2.1")], "-8"),
    "the same neuron three times": ([("0.4", "1.4"), ("0.4", "1.4"), ("0.4", "-1.4")], "8"),
}


def quadratic(starts, y):
    return cases.parse(
        {
            "beta": 2, "gamma": "0.8", "eta_u": "1.5", "eta_w": "0.4", "x": ["1"], "y": y,
            "u0": [u for u, _ in starts], "W0": [[h] for _, h in starts],
        }
    ).exact()  # fmt: skip


@pytest.mark.parametrize("name", COMMENSURABLE)
@pytest.mark.slow
def test_commensurable_frequencies_take_the_time_of_the_quadrature(name):
    flow = quadratic(*COMMENSURABLE[name])
    motion = flow._motion()
    closed = motion.way.closed_time(motion.neurons)
    by_logarithms = _by_logarithms(motion, closed)
    is_end = isinstance(motion, Equilibrium)
    by_series = Series(motion, motion.near) if is_end else Panels(motion)
    for coordinate in map(arb, ("1e-6", "0.1", "1", "20", "100")):
        one, other = by_logarithms(coordinate), by_series(coordinate)
        assert one.overlaps(other)
        assert min(one.rel_accuracy_bits(), other.rel_accuracy_bits()) > 180


@pytest.mark.parametrize(
    ("starts", "y"),
    [
        ([("0.7", "0.2"), ("0.7", "0.3")], "1"),  # incommensurable
        ([("0.7", "0.2"), ("0.2", "0.7")], "1"),  # of both signs
        ([("0.7", "0.2")], "0"),  # f = y where z′ vanishes
        ([("0.7", "0.2"), ("70", "20"), ("0.71", "0.2")], "1"),
        ([("0.01", "0.7"), ("0.31", "21.7")], "1"),  # 31 times as fast: a polynomial too large
    ],
)
def test_what_is_no_sum_of_logarithms_or_a_long_one_is_left(starts, y):
    motion = quadratic(starts, y)._motion()
    assert motion.way.closed_time(motion.neurons) is None
