"""Which powers are linear in the warp: the list, and every small pair tried by hand."""

from fractions import Fraction
from functools import cache

import mpmath
import pytest
import sympy
from mpmath import mp, mpf
from sympy import Rational

from symbolic import vocabulary as z
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.equality import Proved, Undecided
from symbolic.warp import linear_powers
from symbolic.warp.linear_powers import FAMILY, _is_linear, _solutions, _two_terms, derive

LIST = {(1, 1), (1, 2), (2, -1), (2, -2), (3, -2)}


@cache
def record():
    return derive()


def test_the_solutions_are_these_and_no_others():
    assert set(record().solutions) == LIST
    assert len(record().solutions) == len(LIST)


def second_derivative(beta, m, u, h):
    """y″ of y = h^m along u′ = h^β, h′ = β u h^(β−1), by hand, exactly.

    y′ = m β u h^(m+β−2), and y″ = m β (h^β h^(m+β−2) + u (m+β−2) h^(m+β−3) β u h^(β−1)).
    Powers of h may be fractional: the result is a polynomial in h, exponent → coefficient.
    """
    terms = {}
    for exponent, coefficient in (
        (m + 2 * beta - 2, m * beta),
        (m + 2 * beta - 4, m * beta**2 * (m + beta - 2) * u**2),
    ):
        terms[exponent] = terms.get(exponent, 0) + coefficient
    return terms


def is_linear(beta, m):
    """Whether y″ − μ y − ν vanishes along orbits for some μ, ν of the orbit, at three energies.

    u² = E + h²/β turns y″ into a sum of powers of h; it is constant + multiple of h^m when no other
    power has a coefficient.
    """
    for energy in (Fraction(0), Fraction(1), Fraction(-3, 2)):
        total = {}
        for exponent, coefficient in (
            (m + 2 * beta - 2, m * beta + m * beta * (m + beta - 2)),
            (m + 2 * beta - 4, m * beta**2 * (m + beta - 2) * energy),
        ):
            total[exponent] = total.get(exponent, Fraction(0)) + coefficient
        if any(c for exponent, c in total.items() if exponent not in (Fraction(0), m)):
            return False
    return True


def test_the_expansion_by_hand_is_the_second_derivative():
    """The sum over powers of h against d²/ds² of h^m by the chain rule, at an exact place."""
    u, h = Fraction(3, 5), Fraction(7, 4)
    for beta in (1, 2, 3, 5):
        for m in (Fraction(-2), Fraction(1), Fraction(3)):
            energy = u**2 - h**2 / beta
            by_energy = (m * beta + m * beta * (m + beta - 2)) * h ** int(
                m + 2 * beta - 2
            ) + m * beta**2 * (m + beta - 2) * energy * h ** int(m + 2 * beta - 4)
            direct = sum(c * h ** int(e) for e, c in second_derivative(beta, m, u, h).items())
            assert by_energy == direct


def test_every_small_power_and_exponent_was_tried_by_hand():
    halves = [Fraction(k, 2) for k in range(-16, 17) if k]
    found = {(beta, m) for beta in range(1, 9) for m in halves if is_linear(beta, m)}
    assert found == LIST


def test_half_integer_powers_have_no_exponent_either():
    halves = [Fraction(k, 2) for k in range(-16, 17) if k]
    powers_tried = [Fraction(k, 2) for k in range(1, 17, 2)]
    assert not {(b, m) for b in powers_tried for m in halves if is_linear(b, m)}


@pytest.mark.parametrize(("beta", "m"), sorted(LIST))
def test_a_solution_is_linear_along_an_integrated_orbit(beta, m, orbit):
    """h^m at four places of an orbit satisfies y″ = μ y + ν: differences of y″ over those of y."""
    rates = {"gamma": "3/4", "eta_u": "2/3", "eta_w": "3/2", "rho_2": "4/9"}
    neuron = orbit(beta, "1/2", "2/3", **rates)
    with mp.workdps(30):
        values = neuron.values
        fields = [neuron.at(s) for s in ("0", "1/16", "1/8", "3/16")]

        def ratio(u, h):
            """y″ along the orbit from u and h, by differentiating h′ = c u h^(β−1)."""
            by_u, by_h = neuron.velocity(u, h, h)
            c = values[z.eta_w] * values[z.rho] ** 2 * values[z.gamma] * beta
            again = c * (by_u * h ** (beta - 1) + u * (beta - 1) * h ** (beta - 2) * by_h)
            return m * (m - 1) * h ** (m - 2) * by_h**2 + m * h ** (m - 1) * again

        rows = [(h**m, ratio(u, h)) for u, h in fields]
        (y0, a0), (y1, a1), (y2, a2), (y3, a3) = rows
        mu = (a1 - a0) / (y1 - y0)
        nu = a0 - mu * y0
        for y, a in ((y2, a2), (y3, a3)):
            assert abs(a - mu * y - nu) < mpf(10) ** -22 * (1 + abs(a))


@pytest.mark.parametrize(("beta", "m"), [(3, -1), (4, -3), (4, -2), (2, 1), (1, 3), (5, -4)])
def test_a_pair_that_is_no_solution_is_not_linear(beta, m):
    assert isinstance(_is_linear(record().terms, Rational(beta), Rational(m)), Undecided)


def test_a_pair_that_is_one_is_linear():
    for beta, m in LIST:
        assert isinstance(_is_linear(record().terms, Rational(beta), Rational(m)), Proved)


@pytest.mark.parametrize("beta", ["1", "2", "5", "1/2", "7/3"])
def test_the_law_is_conserved_at_any_power(beta):
    """Differences of the law along the field, at an exact place."""
    law = record().law
    top, bottom = map(int, (beta + "/1").split("/")[:2])
    with mp.workdps(40):
        power = mpf(top) / bottom
        u, h = mpf(3) / 5, mpf(7) / 4
        value = sympy.lambdify([z.u_i, z.h_i, z.beta, z.eta_u, z.eta_w, z.rho], law, "mpmath")
        rates = (mpf(2) / 3, mpf(5) / 4, mpf(3) / 2)
        by_u = rates[0] * h**power
        by_h = rates[1] * rates[2] ** 2 * u * power * h ** (power - 1)
        change = mpmath.diff(lambda e: value(u + e * by_u, h + e * by_h, power, *rates), 0)
        wrong = mpmath.diff(lambda e: value(u + e * by_u, h + 2 * e * by_h, power, *rates), 0)
        assert abs(change) < mpf(10) ** -18
        assert abs(wrong) > mpf("0.1")


def test_terms_of_three_powers_are_noticed():
    assert isinstance(_two_terms(record().terms), Proved)
    assert isinstance(_two_terms({**record().terms, z.beta: z.m}), Undecided)


def test_a_family_of_solutions_would_be_noticed():
    with pytest.raises(DoesNotApply, match="a family"):
        _solutions({2 * z.beta - 2: z.m + 1 - z.m})


def test_a_missing_pair_of_equations_is_noticed(monkeypatch):
    """Without β = 3 the claim that the powers are 1, 2 and 3 is refused."""
    whole = linear_powers._ways
    monkeypatch.setattr(
        linear_powers, "_ways", lambda e, c: [form for form in whole(e, c) if form != e + z.m]
    )
    with pytest.raises(CertificateError, match="powers found"):
        derive()


def test_the_family_is_the_network_of_any_power():
    assert FAMILY.activation(z.h_i) == z.h_i**z.beta


@pytest.mark.parametrize("beta", linear_powers.FURTHER)
@pytest.mark.parametrize(
    "start", [(0.9, 0.4), (0.2, 0.7), (-0.9, 0.4)], ids=["E > 0", "E < 0", "u < 0"]
)
def test_a_clock_tells_the_warped_time(beta, start):
    """F(z(s)) − F(z(0)) = s along dθ/ds = v(θ), written by hand and integrated in mpmath."""
    gamma, eta_u, eta_w, rho = mpf("0.8"), mpf("1.5"), mpf("0.4"), mpf("1.1")
    given = {z.gamma: gamma, z.eta_u: eta_u, z.eta_w: eta_w, z.rho: rho}
    clock = _clocks()[beta]

    def field(_, state):
        u, h = state
        return [eta_u * gamma * h**beta, beta * eta_w * gamma * rho**2 * u * h ** (beta - 1)]

    with mp.workdps(25):
        path = mpmath.odefun(field, 0, [mpf(x) for x in start])
        energy = clock.energy.subs(given).subs(dict(zip((z.u_i, z.h_i), start, strict=True)))
        branch = "E > 0" if energy > 0 else "E < 0"
        epsilon = sympy.sqrt(abs(energy))
        told = []
        for s in (0, mpf("0.3")):
            at = {**given, z.u_i: path(s)[0], z.h_i: path(s)[1]}
            place = clock.coordinate[branch].subs(at)
            value = clock.values[branch].subs(
                {linear_powers.clock.z: place, linear_powers.clock.ENERGY: epsilon}
            )
            told.append(mpmath.re(mpmath.mpmathify(sympy.N(value.subs(at), 25))))
        assert told[1] - told[0] == pytest.approx(mpf("0.3"), rel=1e-12)


@cache
def _clocks():
    return linear_powers.clocks()
