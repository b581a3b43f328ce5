"""The clock of a neuron counts warped time along orbits that are integrated without it."""

from functools import cache

import mpmath
import pytest
import sympy
from mpmath import mp, mpf
from sympy import Integral

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.laws import conservation
from symbolic.models import names
from symbolic.network import gradient_flow
from symbolic.network.model import Model
from symbolic.proof.certificate import CertificateError
from symbolic.warp import clock
from symbolic.warp.clock import Clock

# With these rates E = u² − 4h²/β: rational starts lie on the lines E = 0 of β = 1 and 4
RATES = {"gamma": "3/4", "eta_u": "8/3", "eta_w": "3/2", "rho_2": "4/9"}
POWERS = (1, 2, 3, 4, 5, 6)


@cache
def clock_of(beta):
    field = gradient_flow.derive(Model("test", "test", "here", lambda h: h**beta))
    return clock.derive(field, conservation.derive(field))


def starts(beta):
    """(u, h, s) on every branch: both signs of u and of h, both directions of s."""
    with mp.workdps(60):
        line = 2 / mpmath.sqrt(beta)
    return {
        "E > 0": [("5/2", "2/3", "1/9"), ("-5/2", "1/2", "1/9"), ("2", "-1/2", "-1/7")],
        "E < 0": [("1/2", "2/3", "1/9"), ("-1/3", "3/4", "1/9"), ("1/4", "-2/3", "-1/7")],
        "E = 0, u h > 0": [(line / 2, "1/2", "1/9"), (-line / 2, "-1/2", "-1/7")],
        "E = 0, u h < 0": [(-line / 2, "1/2", "1/9"), (line / 2, "-1/2", "-1/7")],
    }


BRANCHES = tuple(starts(1))


def counted(found, branch, place, values):
    """F at a place: the coordinate, put into the value; logarithms of absolute values."""
    at = {**values, z.u_i: place[0], z.h_i: place[1]}
    energy = evaluate(found.energy, at)
    inner = {**values, clock.z: evaluate(found.coordinate[branch], at)}
    inner[clock.ENERGY] = mpmath.sqrt(abs(energy))
    return evaluate(found.values[branch], inner)


def evaluate(expression, values):
    shown = sympy.sympify(expression).replace(sympy.log, lambda w: sympy.log(sympy.Abs(w)))
    return sympy.lambdify(list(values), shown, "mpmath")(*values.values())


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("beta", POWERS)
def test_the_clock_counts_warped_time_on_every_branch(beta, branch, orbit):
    found = clock_of(beta)
    assert found.is_closed
    assert set(found.values) == set(BRANCHES)
    with mp.workdps(30):
        for u, h, s in starts(beta)[branch]:
            neuron = orbit(beta, u, h, **RATES)
            start, end, time = neuron.at(0), neuron.at(s), number_of(s)
            energy = evaluate(found.energy, {**neuron.values})
            assert mpmath.sign(energy) == {">": 1, "<": -1}.get(branch[2], 0) or (
                branch[2] == "=" and abs(energy) < mpf(10) ** -25
            )
            one, two = (counted(found, branch, place, neuron.values) for place in (start, end))
            assert abs(two - one - time) < mpf(10) ** -20
            assert abs(two - one + time) > mpf("0.1")


def number_of(text):
    top, bottom = text.split("/")
    return mpf(top) / mpf(bottom)


@pytest.mark.parametrize("branch", BRANCHES[:2])
@pytest.mark.parametrize("beta", POWERS)
def test_the_speed_is_that_of_the_coordinate(beta, branch, orbit):
    found = clock_of(beta)
    with mp.workdps(30):
        for u, h, _ in starts(beta)[branch]:
            neuron = orbit(beta, u, h, **RATES)
            at = neuron.values
            u_, h_ = at[z.u_i], at[z.h_i]
            by_u, by_h = neuron.velocity(u_, h_, h_)
            coordinate = sympy.lambdify([z.u_i, z.h_i], found.coordinate[branch], "mpmath")
            slope = sympy.lambdify(
                [z.u_i, z.h_i],
                [sympy.diff(found.coordinate[branch], w) for w in (z.u_i, z.h_i)],
                "mpmath",
            )
            moved = mpmath.fdot(slope(u_, h_), (by_u, by_h))
            size = mpmath.sqrt(abs(evaluate(found.energy, at)))
            place = coordinate(u_, h_)
            speed = evaluate(found.speed[branch], {**at, clock.z: place, clock.ENERGY: size})
            assert abs(moved - speed) < mpf(10) ** -22 * max(1, abs(speed))


def test_the_coordinate_is_u_for_even_powers_and_u_over_h_for_odd_ones():
    for beta in POWERS:
        expected = z.u_i / z.h_i if beta % 2 else z.u_i
        for branch in BRANCHES[:2]:
            assert clock_of(beta).coordinate[branch] == expected
        for branch in BRANCHES[2:]:
            assert clock_of(beta).coordinate[branch] == z.h_i


def test_for_odd_powers_from_three_on_the_clock_is_a_polynomial():
    for beta in (3, 5):
        for branch in BRANCHES[:2]:
            assert clock_of(beta).values[branch].is_polynomial(clock.z)
    assert not clock_of(1).values["E > 0"].is_polynomial(clock.z)


@pytest.mark.parametrize("name", sorted(set(names()) - {"linear", "quadratic", "cubic", "power"}))
def test_without_a_rational_coordinate_the_clock_is_an_integral_along_the_orbit(name, orbit):
    """∫dh/h′ with u from the law, by quadrature, is the warped time of the integrated orbit."""
    found, digits = derivation(name)[Clock], 18
    assert not found.is_closed
    ((branch, value),) = found.values.items()
    assert isinstance(value, Integral)
    neuron = orbit(name, "3/2", "1/2", gamma="3/4", eta_u="2/3", eta_w="5/4", rho_2="4/9")
    with mp.workdps(digits):
        start, end, values = neuron.at(0, digits), neuron.at("1/3", digits), neuron.values
        names_of = [symbol for symbol in values if symbol not in (z.u_i, z.h_i)]
        speed = sympy.lambdify([z.u_i, z.h_i, *names_of], found.speed[branch], "mpmath")
        fixed = [values[symbol] for symbol in names_of]
        slope = slope_of_orbit(neuron)

        def weight(h):
            inner = mpmath.quad(slope, [start[1], h])
            return mpmath.sqrt(start[0] ** 2 + 2 * inner)

        passed = mpmath.quad(lambda h: 1 / speed(weight(h), h, *fixed), [start[1], end[1]])
        assert abs(passed - mpf(1) / 3) < mpf(10) ** -10


def slope_of_orbit(neuron):
    """The slope u du/dh of an orbit, as a function of h."""

    def ratio(h):
        by_u, by_h = neuron.velocity(mpf(1), h, h)
        return by_u / by_h

    return ratio


def test_at_a_power_that_is_left_open_the_lines_are_closed(orbit):
    found = derivation("power")[Clock]
    assert {name for name, value in found.values.items() if value.has(Integral)} == {
        "E > 0", "E < 0",
    }  # fmt: skip
    with mp.workdps(30):
        for beta in (2, 4, 5):
            for branch in BRANCHES[2:]:
                u, h, s = starts(beta)[branch][0]
                neuron = orbit(beta, u, h, **RATES)
                values = {**neuron.values, z.beta: mpf(beta)}
                one, two = (counted(found, branch, neuron.at(place), values) for place in (0, s))
                assert abs(two - one - number_of(s)) < mpf(10) ** -20


def test_an_energy_that_is_not_conserved_is_refused(forge):
    field = gradient_flow.derive(Model("test", "test", "here", lambda h: h**2))
    laws = conservation.derive(field)
    (law,) = laws.own
    wrong = forge(laws, own=(law + z.eta_u * z.h_i**2,))
    with pytest.raises(CertificateError, match="E is conserved"):
        clock.derive(field, wrong)
