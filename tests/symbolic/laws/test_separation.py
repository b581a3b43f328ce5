"""The law of a neuron for any activation: constant along orbits that are integrated without it."""

import dataclasses
from functools import cache
from itertools import pairwise

import mpmath
import pytest
import sympy
from mpmath import mp, mpf
from sympy import Integral, Piecewise, Symbol, exp, log

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.laws import conservation
from symbolic.laws.separation import antiderivative, has_no_jumps, separate
from symbolic.models import names
from symbolic.network import gradient_flow
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.equality import Proved, Refuted, Undecided

DIGITS = 20
RATES = {"gamma": "-3/4", "eta_u": "2/3", "eta_w": "5/4", "rho_2": "9/8"}
# Starts and warped times; an orbit of the activations with a kink crosses it
STARTS = {
    "cubic": [("1/2", "2/3", "1/4"), ("1", "-1/3", "-1/2")],
    "erf": [("1/2", "2/3", "1/2"), ("-1", "-1/3", "3/4")],
    "exponential": [("1/2", "-2/3", "1/3"), ("-1", "1/4", "1/2")],
    "gelu": [("1/2", "2/3", "1/3"), ("-1", "-1/3", "1/4")],
    "leaky_relu": [("1", "1/2", "1"), ("3/2", "-1/100", "-1"), ("1/2", "2/3", "-1/2")],
    "linear": [("1/2", "2/3", "1"), ("-1", "1/3", "1")],
    "power": [("1/2", "2/3", "1/2"), ("1", "-1/2", "-1/2")],
    "quadratic": [("1/2", "2/3", "-1/2"), ("1", "-1/3", "1/2")],
    "relu": [("1/2", "2/3", "1/4"), ("1", "-1/3", "1"), ("-1", "1", "-1/3")],
    "sine": [("1/2", "2/3", "1"), ("-1", "2", "1"), ("2", "-4", "-1/2")],
    "softplus": [("1/2", "2/3", "1/2"), ("-1", "-3", "1")],
    "swish": [("1/2", "2/3", "1/2"), ("-1", "-1/2", "1/2")],
    "tanh": [("1/2", "2/3", "1"), ("-1", "-1/2", "1")],
}
CASES = [(name, *start) for name, starts in STARTS.items() for start in starts]
ELU = Model("elu", "ELU", "here", lambda h: Piecewise((h, h > 0), (exp(h) - 1, True)))


def test_every_network_is_integrated_from_some_start():
    assert STARTS.keys() == set(names())


@cache
def separated(name):
    return separate(derivation(name)[Flow])


def change(found, start, end, values, factor=1):
    """How much u² − 2 · factor · ∫g changes from start to end, both (u, h)."""
    fixed = {symbol: value for symbol, value in values.items() if symbol not in (z.u_i, z.h_i)}
    fixed[z.beta] = mpf(5)
    if found.law.has(Integral):
        slope = sympy.lambdify([z.h_i, *fixed], found.integrand, "mpmath")
        grown = mpmath.quad(lambda h: slope(h, *fixed.values()), [start[1], end[1]])
    else:
        whole = sympy.lambdify([z.h_i, *fixed], (z.u_i**2 - found.law) / 2, "mpmath")
        below, above = (whole(h, *fixed.values()) for h in (start[1], end[1]))
        grown = above - below
    assert abs(mpmath.im(grown)) < mpf(10) ** -15
    return end[0] ** 2 - start[0] ** 2 - 2 * factor * mpmath.re(grown)


EVERY = [  # a law with an open integral or a dilogarithm takes seconds
    pytest.param(*case, marks=pytest.mark.slow if case[0] in ("gelu", "softplus", "swish") else ())
    for case in CASES
]


@pytest.mark.parametrize(("name", "u", "h", "s"), EVERY)
def test_the_law_keeps_its_value_along_integrated_orbits(name, u, h, s, orbit):
    neuron = orbit(name, u, h, **RATES)
    with mp.workdps(DIGITS):
        start, end = neuron.at(0, DIGITS), neuron.at(s, DIGITS)
        found = separated(name)
        assert (
            max(abs(a - b) for a, b in zip(start, end, strict=True)) > mpf("0.05") or name == "relu"
        )
        assert abs(change(found, start, end, neuron.values)) < mpf(10) ** -14


@pytest.mark.parametrize(("name", "u", "h", "s"), CASES)
def test_a_law_with_another_factor_changes(name, u, h, s, orbit):
    neuron = orbit(name, u, h, **RATES)
    with mp.workdps(DIGITS):
        start, end = neuron.at(0, DIGITS), neuron.at(s, DIGITS)
        if name == "relu" and start[1] < 0:
            assert start == end
            return
        found = separated(name)
        assert abs(change(found, start, end, neuron.values, factor=mpf(2))) > mpf("1e-3")


@pytest.mark.parametrize("name", names())
def test_the_integrand_is_the_activation_over_its_slope(name, orbit, number, close):
    found = separated(name)
    for place in ("2/3", "-1/2"):
        neuron = orbit(name, "1", place, **RATES)
        with mp.workdps(DIGITS):
            values = {**neuron.values, z.beta: mpf(5)}
            by_u, by_h = neuron.velocity(values[z.u_i], values[z.h_i], values[z.h_i])
            expected = by_u / by_h if by_h else mpf(0)
            assert close(number(found.integrand, values), expected)


def test_which_laws_are_closed():
    left_open = {name for name in names() if not separated(name).is_closed}
    assert left_open == {"erf", "gelu", "swish"}
    for name in names():
        found = separated(name)
        assert found.law.has(Integral) != found.is_closed


def test_an_orbit_that_depends_on_u_does_not_separate(forge):
    linear = derivation("linear")[Flow]
    with pytest.raises(DoesNotApply, match="depends on u"):
        separate(forge(linear, velocity_h=z.h_i**2))


# An activation with two branches that are not powers: ELU


def test_the_law_of_elu_holds_across_its_kink(orbit):
    """∫σ/σ′ is h²/2 above 0 and h + e⁻ʰ below: without the constant −1 they would not meet."""
    found = separate(gradient_flow.derive(ELU))
    for u, h, s in (("1", "1/4", "1"), ("1", "-1/3", "-1"), ("-3/2", "-1/5", "1/2")):
        neuron = orbit("elu", u, h, **RATES)
        with mp.workdps(DIGITS):
            start, end = neuron.at(0, DIGITS), neuron.at(s, DIGITS)
            assert start[1] * end[1] < 0
            assert abs(change(found, start, end, neuron.values)) < mpf(10) ** -14


def test_a_law_that_jumps_is_refused_though_its_derivative_is_right(monkeypatch):
    field = gradient_flow.derive(ELU)
    assert conservation.derive(field).own
    found = separate(field)
    (piece,) = found.law.atoms(Piecewise)
    (above, where), (below, _) = piece.args
    assert isinstance(has_no_jumps(found.law), Proved)
    jump = found.law.xreplace({piece: Piecewise((above, where), (below + 1, True))})
    assert isinstance(has_no_jumps(jump), Refuted)
    monkeypatch.setattr(conservation, "separate", lambda _: dataclasses.replace(found, law=jump))
    with pytest.raises(CertificateError, match="no jumps"):
        conservation.derive(field)


def test_branches_that_end_at_more_than_one_point_are_not_judged():
    h = z.h_i
    law = z.u_i**2 - Piecewise((h**2, abs(h) < 1), (2 * h - 1, True))
    assert isinstance(has_no_jumps(law), Undecided)


# Antiderivatives

x = Symbol("x", real=True)
a = Symbol("a", positive=True)
INTEGRANDS = {
    "power": x**5 / 3,
    "rational": 1 / (x**2 - a**2),
    "circle": 1 / (x**2 + a**2),
    "exponential": a * exp(2 * x) / (1 + exp(x)),
    "softplus": log(1 + exp(x)) * (1 + exp(-x)),
    "tangent": sympy.tan(x / 2),
    "two branches": Piecewise((x, x > 0), (1 - exp(-x), True)),
    "three branches": Piecewise((x, x > 1), (x**2, x > -1), (exp(x + 1), True)),
}


@pytest.mark.parametrize("name", INTEGRANDS)
def test_an_antiderivative_agrees_with_quadrature(name):
    found = antiderivative(INTEGRANDS[name], x)
    value = sympy.lambdify([x, a], found, "mpmath")
    slope = sympy.lambdify([x, a], INTEGRANDS[name], "mpmath")
    with mp.workdps(25):
        constant, places = mpf(7) / 3, [mpf("-1.5"), mpf(-1), mpf(0), mpf(1), mpf("1.75")]
        total = mpf(0)
        for low, high in pairwise(places):  # kinks lie at the ends
            total += mpmath.quad(lambda v: slope(v, constant), [low, high])
            grown = value(high, constant) - value(places[0], constant)
            assert abs(grown - total) < mpf(10) ** -18


@pytest.mark.parametrize(
    "integrand",
    [
        exp(x**2) * sympy.erf(x),
        x / (1 + x + exp(x)),
        Piecewise((x, x > 0), (exp(-(x**4)) / (1 + x**2), True)),
        Piecewise((x, abs(x) > 1), (1, True)),
    ],
)
def test_an_antiderivative_that_is_not_found_is_left_open(integrand):
    assert antiderivative(integrand, x) is None
