"""A neuron's flow map against its integrated equations, on every branch."""

import dataclasses
from functools import cache

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.laws import conservation
from symbolic.laws.conservation import Conservation
from symbolic.network import gradient_flow
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.warp import flow_map
from symbolic.warp.flow_map import FlowMap, pole, relation, warped_derivative

NAMES = {1: "linear", 2: "quadratic", 3: "cubic"}
# η_w ρ² = 2/3, and η_u such that E = u² − r² h² with a rational r: 3/2, 3/2, 2
RATES = {
    1: {"gamma": "3/4", "eta_u": "3/2", "eta_w": "3/2", "rho_2": "4/9"},
    2: {"gamma": "3/4", "eta_u": "3", "eta_w": "3/2", "rho_2": "4/9"},
    3: {"gamma": "3/4", "eta_u": "8", "eta_w": "3/2", "rho_2": "4/9"},
}
STARTS = {
    "E > 0, growing": ("5/2", "2/3"),
    "E > 0, dying": ("-5/2", "2/3"),
    "E > 0, negative h": ("5/2", "-2/3"),
    "E < 0": ("1/4", "2/3"),
    "E < 0, against h": ("-1/4", "2/3"),
    "E < 0, negative h": ("1/3", "-1/2"),
    "E = 0, growing": ("line", "1/2"),
    "E = 0, dying": ("-line", "1/2"),
    "u = 0": ("0", "3/4"),
    "h = 0": ("3/2", "0"),
    "both 0": ("0", "0"),
}
LINES = {1: {"line": "3/4", "-line": "-3/4"}, 2: {"line": "3/4", "-line": "-3/4"},
         3: {"line": "1", "-line": "-1"}}  # fmt: skip
CASES = [(beta, start) for beta in NAMES for start in STARTS]
TIMES = ("1/16", "-1/8", "1/5")


def neuron_of(orbit, beta, start, **rates):
    u, h = STARTS[start]
    return orbit(beta, LINES[beta].get(u, u), h, **RATES[beta] | rates)


@cache
def evaluators(beta):
    """Expressions of the record as functions of γ, η_u, η_w, ρ, u, h, S, T, D."""
    found = derivation(NAMES[beta])[FlowMap]
    symbols = [z.gamma, z.eta_u, z.eta_w, z.rho, z.u_i, z.h_i, z.S_mu, z.T_mu, z.D_i]
    fields = {
        name: value
        for field in dataclasses.fields(found)
        if isinstance(value := getattr(found, name := field.name), sympy.Expr)
    }
    return {name: sympy.lambdify(symbols, value, "mpmath") for name, value in fields.items()}


def entire(mu, s):
    """S and T at any sign of μ."""
    if abs(mu) < mpf(10) ** -25:  # exactly zero but for the rounding of its inputs
        return s, s**2 / 2
    root = mpmath.sqrt(mpmath.mpc(mu))
    return mpmath.re(mpmath.sinh(root * s) / root), mpmath.re((mpmath.cosh(root * s) - 1) / mu)


def warped(beta, neuron, s, **scaled):
    """Every field of the record at warped time s."""
    find, values = evaluators(beta), list(neuron.values.values())
    nothing = [mpf(0), mpf(0), mpf(1)]
    S, T = entire(find["mu"](*values, *nothing), mpf(s))
    S, T = S * scaled.get("S", 1), T * scaled.get("T", 1)
    if beta == 1 and not values[-1]:  # D = h(s)/h(0); the maps of β = 1 do without it
        D = mpf(1)
    else:
        D = find["denominator"](*values, S, T, mpf(1))
        # A map through the root of D holds up to the pole.
        assert D > 0 or beta == 1
    skip = ("denominator", "discriminant", "first", "second", "exponent", "nu")
    return {name: f(*values, S, T, D) for name, f in find.items() if name not in skip}


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize(("beta", "start"), CASES)
def test_the_flow_map_is_the_integrated_flow(beta, start, time, orbit, close):
    neuron = neuron_of(orbit, beta, start)
    with mp.workdps(30):
        top, bottom = map(int, time.split("/"))
        u, h = neuron.at(time)
        found = warped(beta, neuron, mpf(top) / bottom)
        assert close(found["u"], u)
        assert close(found["h"], h)


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize(("beta", "start"), CASES)
def test_the_gain_is_the_change_of_the_output(beta, start, time, orbit, close):
    neuron = neuron_of(orbit, beta, start)
    with mp.workdps(30):
        top, bottom = map(int, time.split("/"))
        grown = neuron.output(*neuron.at(time)) - neuron.output(*neuron.at(0))
        assert close(warped(beta, neuron, mpf(top) / bottom)["gain"], grown)
        assert (grown > 0) == (top > 0) or start == "both 0" or (start == "h = 0" and beta > 1)


@pytest.mark.parametrize("part", ["S", "T"])
@pytest.mark.parametrize("beta", NAMES)
def test_a_wrong_s_or_t_is_noticed(beta, part, orbit):
    """The maps of β = 3 have no T in u and h but through D."""
    neuron = neuron_of(orbit, beta, "E < 0")
    with mp.workdps(30):
        u, h = neuron.at("1/16")
        wrong = warped(beta, neuron, mpf(1) / 16, **{part: mpf("1.01")})
        assert abs(wrong["u"] - u) + abs(wrong["h"] - h) > mpf("1e-6")


@pytest.mark.parametrize("gamma", ["-3/4", "1/2", "-2"])
@pytest.mark.parametrize("beta", NAMES)
def test_the_scale_may_be_negative(beta, gamma, orbit, close):
    neuron = neuron_of(orbit, beta, "E < 0, against h", gamma=gamma)
    with mp.workdps(30):
        u, h = neuron.at("1/8")
        found = warped(beta, neuron, mpf(1) / 8)
        assert close(found["u"], u)
        assert close(found["h"], h)


# Where the neuron is infinite


def predicted_pole(beta, neuron):
    """The first s > 0 with D = 0, from Δ, D₁ and μ; infinity where there is none."""
    find, values = evaluators(beta), [*neuron.values.values(), mpf(0), mpf(0), mpf(1)]
    mu, first = find["mu"](*values), find["first"](*values)
    tiny = mpf(10) ** -25
    q = -first + mpmath.sqrt(max(find["discriminant"](*values), mpf(0)))
    rate = mpmath.sqrt(abs(mu))
    if mu < -tiny:
        return 2 * mpmath.atan2(rate, q) / rate
    if q <= rate + tiny:
        return mpmath.inf
    return 2 * mpmath.atanh(rate / q) / rate if mu > tiny else 2 / q


def escape(beta, neuron):
    """∫du/u′ from the start to infinity, with h from the law: what time there is."""
    values = neuron.values
    u, h, gamma = values[z.u_i], values[z.h_i], values[z.gamma]
    ratio = beta * values[z.eta_w] * values[z.rho] ** 2 / values[z.eta_u]
    energy = u**2 - h**2 / ratio
    if abs(energy) < mpf(10) ** -25:
        energy = mpf(0)
    side = mpmath.sign(gamma * h**beta)  # u grows or falls for ever
    if h == 0 or (energy >= 0 and u * side < 0):
        return mpmath.inf  # it stands still, or dies

    def slowness(v):
        size = mpmath.sqrt(ratio * (v**2 - energy))
        return 1 / (values[z.eta_u] * abs(gamma) * size**beta)

    start = u * side
    return mpmath.quad(slowness, [start, *sorted({start + 1, start + 4}), mpmath.inf])


@pytest.mark.parametrize("beta", [2, 3])
@pytest.mark.parametrize("gamma", ["3/4", "-3/4"])
@pytest.mark.parametrize("start", [start for start in STARTS if start != "both 0"])
def test_the_pole_is_where_the_law_says_that_the_neuron_escapes(beta, gamma, start, orbit):
    neuron = neuron_of(orbit, beta, start, gamma=gamma)
    with mp.workdps(30):
        found, expected = predicted_pole(beta, neuron), escape(beta, neuron)
        if expected == mpmath.inf:
            assert found == mpmath.inf
        else:
            assert abs(found - expected) < mpf(10) ** -15 * expected


@pytest.mark.parametrize("beta", [2, 3])
@pytest.mark.parametrize(
    "start", ["E > 0, growing", "E < 0", "E < 0, against h", "E = 0, growing", "u = 0"]
)
@pytest.mark.slow
def test_the_pole_is_where_the_integration_blows_up(beta, start, orbit):
    """Near it h^(1 − β) falls like a line: two points of it, and where it would be zero."""
    neuron = neuron_of(orbit, beta, start)
    with mp.workdps(20):
        pole = predicted_pole(beta, neuron)
        places = [+(pole * (1 - mpf(1) / k)) for k in (128, 256)]
        one, two = (abs(neuron.at(place, 20)[1]) ** (1 - beta) for place in places)
        hit = places[1] + (places[1] - places[0]) * two / (one - two)
        assert abs(hit - pole) < pole * mpf("1e-4")
        assert two < one < mpf("0.2")


def test_the_dying_neuron_never_escapes(orbit):
    for beta in (2, 3):
        neuron = neuron_of(orbit, beta, "E > 0, dying")
        with mp.workdps(30):
            assert predicted_pole(beta, neuron) == mpmath.inf
            before, after = neuron.at("3", 15)[1], neuron.at("12", 15)[1]
            assert 0 < 3 * after < 2 * before < neuron.values[z.h_i]
            assert abs(warped(beta, neuron, mpf(12))["h"] - after) < mpf("1e-12")


def test_for_a_linear_network_the_root_of_d_is_a_root_of_the_preactivation(orbit):
    neuron = orbit(1, "-3/2", "1/2", **RATES[1])
    with mp.workdps(30):
        when = predicted_pole(1, neuron)
        assert abs(neuron.at(+when)[1]) < mpf(10) ** -20
        assert neuron.at(+when * mpf("0.9"))[1] > mpf("0.01")


# The pieces


def test_the_exponents_are_found():
    assert {beta: derivation(name)[FlowMap].exponent for beta, name in NAMES.items()} == {
        1: 1, 2: -1, 3: -2,
    }  # fmt: skip


@pytest.mark.parametrize("beta", NAMES)
def test_mu_has_the_sign_and_size_of_the_law(beta, orbit, close):
    """μ = (η_u η_w γ²ρ²), 4 (η_w γ ρ²)² E and 0."""
    neuron = neuron_of(orbit, beta, "E > 0, growing")
    with mp.workdps(30):
        values = neuron.values
        gain = values[z.gamma] * values[z.rho]
        energy = values[z.u_i] ** 2 - mpf("2.25") * values[z.h_i] ** 2
        expected = {
            1: values[z.eta_u] * values[z.eta_w] * gain**2,
            2: 4 * (values[z.eta_w] * gain * values[z.rho]) ** 2 * energy,
            3: mpf(0),
        }
        mu = evaluators(beta)["mu"](*values.values(), mpf(0), mpf(0), mpf(1))
        assert close(mu, expected[beta])


@pytest.mark.parametrize("mu", ["2/3", "-5/4"])
def test_s_and_t_obey_their_rules(mu):
    top, bottom = map(int, mu.split("/"))
    with mp.workdps(30):
        value, s = mpf(top) / bottom, mpf("0.7")
        realised = {
            symbol: sympy.lambdify([z.mu, z.s], expression, "mpmath")
            for symbol, expression in flow_map.REALISED.items()
        }

        def at(symbol, time):
            return mpmath.re(realised[symbol](mpmath.mpc(value), time))

        S, T = at(z.S_mu, s), at(z.T_mu, s)
        assert abs(S - entire(value, s)[0]) + abs(T - entire(value, s)[1]) < mpf(10) ** -25
        number = sympy.Rational(top, bottom)
        for symbol in (z.S_mu, z.T_mu):
            by_rule = warped_derivative(symbol, number).subs({z.S_mu: S, z.T_mu: T})
            slope = mpmath.diff(lambda v: at(symbol, v), s)  # noqa: B023
            assert abs(mpf(sympy.N(by_rule, 30)) - slope) < mpf(10) ** -12
        (square,) = relation(number).values()
        assert abs(mpf(sympy.N(square.subs(z.T_mu, T), 30)) - S**2) < mpf(10) ** -25


def test_poles_are_roots_of_d():
    """D = 1 + D₁ S + D₂ T vanishes at the s of the first root, for all signs of μ."""
    with mp.workdps(30):
        for mu, first, second in (("-2", "1/3", "-2"), ("2", "-3", "1/2"), ("1/4", "-1", "1/8")):
            mu, first, second = (mpf(sympy.Rational(v).p) / sympy.Rational(v).q
                                 for v in (mu, first, second))  # fmt: skip
            q = pole(sympy.Float(first, 40), sympy.Float(first**2 - 2 * second + mu, 40))
            root = mpmath.sqrt(mpmath.mpc(mu))
            when = mpmath.re(2 * mpmath.atanh(root / mpf(q)) / root)
            if when < 0:
                when += mpmath.pi / abs(root)
            S, T = entire(mu, when)
            assert abs(1 + first * S + second * T) < mpf(10) ** -22
            ahead = [entire(mu, when * k / 50) for k in range(50)]
            assert all(1 + first * S + second * T > 0 for S, T in ahead)


@pytest.mark.parametrize("beta", NAMES)
def test_every_term_of_the_gain_has_a_factor_s_or_t(beta):
    gain = sympy.expand(derivation(NAMES[beta])[FlowMap].gain)
    assert gain != 0
    assert gain.subs({z.S_mu: 0, z.T_mu: 0}) == 0
    top = sympy.fraction(sympy.together(gain))[0]
    monomials = sympy.Poly(sympy.expand(top), z.S_mu, z.T_mu).monoms()
    assert all(any(monomial) for monomial in monomials)


@pytest.mark.parametrize("beta", [4, 5, 6])
def test_another_power_has_no_linear_equation(beta):
    field = gradient_flow.derive(Model("test", "test", "here", lambda h: h**beta))
    with pytest.raises(DoesNotApply, match="no power of h obeys a linear equation"):
        flow_map.derive(field, conservation.derive(field))


@pytest.mark.parametrize(
    ("name", "message"),
    [("tanh", "not a power"), ("sine", "not a power"), ("gelu", "not a power"),
     ("relu", "branches"), ("leaky_relu", "branches"), ("power", "no power of h")],
)  # fmt: skip
def test_what_is_no_power_has_no_warp(name, message):
    derived = derivation(name)
    with pytest.raises(DoesNotApply, match=message):
        flow_map.derive(derived[Flow], derived[Conservation])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"output_i": z.gamma * z.u_i * z.h_i**3}, "tangent kernel"),
        ({"tangent_kernel_i": z.gamma * z.h_i**2}, "tangent kernel"),
    ],
)
def test_a_flow_that_does_not_fit_is_refused(change, message, forge):
    derived = derivation("quadratic")
    wrong = forge(derived[Flow], **change)
    with pytest.raises(CertificateError, match=message):
        flow_map.derive(wrong, derived[Conservation])
