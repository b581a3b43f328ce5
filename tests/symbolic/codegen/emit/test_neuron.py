"""Generated neurons: the same values in every namespace, as written by hand and as integrated."""

import dataclasses

import mpmath
import numpy as np
import pytest
import sympy
import torch
from flint import arb, ctx
from mpmath import mp, mpf

from numeric.namespaces import Balls, Mpmath
from symbolic import vocabulary as z
from symbolic.codegen.emit.neuron import local
from symbolic.codegen.evaluators import program
from symbolic.codegen.module import render
from symbolic.derivation import derivation, derive
from symbolic.models import names
from symbolic.network.gradient_flow import Flow
from symbolic.notation.source import Source
from symbolic.warp.stable_flow_map import StableFlowMap

NETWORKS = sorted(set(names()) - {"linear"})  # that one has its own program: `test_codegen`
RATES = {"gamma": "-3/4", "eta_u": "2/3", "eta_w": "5/4", "rho_2": "9/8"}
POINTS = (("1/2", "2/3"), ("-7/4", "-1/3"), ("2/5", "-13/4"), ("3", "29/8"))
BETA = 5


@pytest.fixture(scope="module", params=NETWORKS)
def generated(request):
    scope = {"__name__": "generated", "NAME": request.param}
    exec(compile(render(program(derivation(request.param)), {}), "generated", "exec"), scope)
    return scope


def module(name):
    scope = {"__name__": "generated"}
    exec(compile(render(program(derivation(name)), {}), "generated", "exec"), scope)
    return scope


def ratio(text):
    top, _, bottom = str(text).partition("/")
    return int(top), int(bottom or 1)


def exact_ball(text):
    if isinstance(text, mpf):
        return arb(mpmath.nstr(text, 60))
    top, bottom = ratio(text)
    return arb(top) / bottom


def exact_number(text):
    if isinstance(text, mpf):
        return text
    top, bottom = ratio(text)
    return mpf(top) / bottom


SPACES = {
    "numpy": (lambda: np, lambda text: np.array([float(exact_number(text))]), mpf("1e-13")),
    "torch": (lambda: torch, lambda text: torch.tensor([float(exact_number(text))], dtype=torch.float64),
              mpf("1e-13")),
    "mpmath": (lambda: Mpmath(mpmath.mp), exact_number, mpf("1e-36")),
    "arb": (Balls, exact_ball, mpf("1e-36")),
}  # fmt: skip


@pytest.fixture(params=SPACES)
def space(request):
    make, convert, error = SPACES[request.param]
    before, ctx.prec = ctx.prec, 200
    with mp.workdps(40):
        yield make(), convert, error
    ctx.prec = before


def network(scope, space, **rates):
    _, convert, _ = space
    values = {**RATES, **rates, "beta": BETA}
    return scope["Network"](*(convert(values[field]) for field in scope["Network"]._fields))


def plain(value):
    if isinstance(value, arb):
        assert value.rel_accuracy_bits() > 120 or value == 0
        return mpf(value.str(50, radius=False))
    return mpf(value.item()) if hasattr(value, "item") else mpf(value)


def agree(found, expected, error, size=0):
    return abs(plain(found) - expected) <= error * max(abs(expected), size)


@pytest.mark.parametrize("point", POINTS, ids=", ".join)
def test_a_neuron_has_the_values_written_by_hand(generated, space, point, orbit):
    xp, convert, error = space
    at = orbit(generated["NAME"], *point, **RATES)
    u, h = at.values[z.u_i], at.values[z.h_i]
    sigma, _ = at.branch(h)
    by_u, by_h = at.velocity(u, h, h)
    net, (u_, h_) = network(generated, space), map(convert, point)
    # GELU and tanh′ lose digits by cancellation where they are small.
    size = mpf("1e-3") if h < -3 or generated["NAME"] == "tanh" else 0
    assert agree(generated["activation"](h_, net, xp), sigma(h), error, size)
    assert agree(generated["output"](u_, h_, net, xp), at.output(u, h), error, size)
    assert agree(generated["velocity_u"](h_, net, xp), by_u, error, size)
    assert agree(generated["velocity_h"](u_, h_, net, xp), by_h, error, size)
    assert agree(generated["kernel"](u_, h_, net, xp), at.kernel(u, h), error, size)
    if "orbit_slope" in generated:
        assert agree(generated["orbit_slope"](h_, net, xp), u * by_u / by_h, error, mpf(1))


@pytest.mark.parametrize("point", POINTS, ids=", ".join)
def test_autograd_of_the_output_is_the_field(generated, point):
    """∂(γ u σ)/∂u = v_u/η_u and ∂(γ u σ)/∂h = v_h/(η_w ρ²)."""
    _, convert, _ = space = (torch, SPACES["torch"][1], None)
    net = network(generated, space)
    u, h = (convert(text).requires_grad_() for text in point)
    by_u, by_h = torch.autograd.grad(generated["output"](u, h, net, torch), (u, h))
    velocities = generated["velocity_u"](h, net, torch), generated["velocity_h"](u, h, net, torch)
    torch.testing.assert_close(by_u, velocities[0] / net.eta_u, rtol=1e-12, atol=1e-15)
    torch.testing.assert_close(by_h, velocities[1] / (net.eta_w * net.rho_2), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("point", POINTS, ids=", ".join)
def test_the_conserved_quantity_does_not_change_along_the_field(generated, point):
    """By autograd: its gradient is normal to the field. Where it is an integral, its slope is so."""
    _, convert, _ = space = (torch, SPACES["torch"][1], None)
    net = network(generated, space)
    u, h = (convert(text).requires_grad_() for text in point)
    by_u, by_h = (generated["velocity_u"](h, net, torch), generated["velocity_h"](u, h, net, torch))
    if "conserved" in generated:
        slopes = torch.autograd.grad(generated["conserved"](u, h, net, torch), (u, h))
    else:
        slopes = 2 * u, -2 * generated["orbit_slope"](h, net, torch)
    one, two = slopes[0] * by_u, slopes[1] * by_h
    assert abs(one + two).item() <= 1e-8 * abs(one).item()
    assert ("conserved" in generated) != ("orbit_slope" in generated)
    # ReLU stands still below 0
    assert abs(one).item() > 1e-6 or (generated["NAME"] == "relu" and h.item() < 0)


@pytest.mark.parametrize("h", ["2", "4", "-9/4"])
def test_the_law_of_sine_is_real_where_the_cosine_is_negative(h, space):
    xp, convert, error = space
    scope = module("sine")
    net = network(scope, space)
    found = scope["conserved"](convert("1/2"), convert(h), net, xp)
    expected = mpf(1) / 4 + 2 * mpmath.log(abs(mpmath.cos(exact_number(h)))) * (
        exact_number("2/3") / (exact_number("5/4") * exact_number("9/8"))
    )
    assert agree(found, expected, error, mpf(1))


@pytest.mark.parametrize("h", ["-100", "-40", "40", "100"])
def test_no_part_of_the_field_of_gelu_overflows(h, space):
    """exp(h²/2) would: σ′ is 1, or 0, to all digits."""
    xp, convert, error = space
    if not hasattr(xp, "finfo"):
        return
    scope, net = module("gelu"), None
    net = network(scope, space)
    found = scope["velocity_h"](convert("1/2"), convert(h), net, xp)
    expected = exact_number("5/4") * exact_number("9/8") * exact_number("-3/4") / 2
    assert agree(found, expected if "-" not in h else mpf(0), error, mpf("1e-3"))


# Flow maps

FLOWS = {
    # name: rates; starts, among them E = 0 exactly in binary numbers
    "quadratic": ({"gamma": "-3/4", "eta_u": "9/16", "eta_w": "1/2", "rho_2": "1/4"}, "3/2"),
    "cubic": ({"gamma": "-3/4", "eta_u": "27/32", "eta_w": "1/2", "rho_2": "1/4"}, "3/2"),
}
STARTS = {
    "E > 0": ("5/2", "1/2"),
    "E > 0, other sign": ("-5/2", "3/4"),
    "E < 0": ("1/4", "7/8"),
    "E < 0, negative h": ("-1/4", "-7/8"),
    "E = 0": ("line", "1"),
    "E = 0, other sign": ("-line", "1"),
    "u = 0": ("0", "3/4"),
    "h = 0": ("3/2", "0"),
}
POWER = {"quadratic": 2, "cubic": 3}


def start_of(name, start):
    u, h = STARTS[start]
    line = FLOWS[name][1]
    return {"line": line, "-line": "-" + line}.get(u, u), h


@pytest.fixture(scope="module", params=FLOWS)
def mapped(request):
    return request.param, module(request.param)


@pytest.mark.parametrize("s", ["1/4", "-3/8", "0"])
@pytest.mark.parametrize("start", STARTS)
def test_the_flow_map_is_the_integrated_neuron(mapped, space, start, s, orbit):
    (name, scope), (xp, convert, error) = mapped, space
    error = max(error, mpf("1e-20"))  # what is integrated has no more digits
    rates, place = FLOWS[name][0], start_of(name, start)
    net = network(scope, space, **rates)
    with mp.workdps(30):
        at = orbit(POWER[name], *place, **rates)
        u, h = at.at(s)
        grown = at.output(u, h) - at.output(*at.at("0"))
    unit = scope["neuron"](*map(convert, place), net, xp)
    if start.startswith("E = 0"):
        assert plain(unit.mu) == 0
    with np.errstate(all="ignore"):
        for locate in ("place", "entire_place"):
            where = scope[locate](convert(s), unit, xp)
            assert agree(scope["u_at"](net, unit, where, xp), u, error, mpf(1))
            assert agree(scope["h_at"](net, unit, where, xp), h, error, mpf(1))
            top = scope["gain_numerator"](net, unit, where, xp)
            assert agree(scope["gain"](top, where, xp), grown, error, mpf(1) / 8)
            whole = (
                1 + unit.first * where.S_mu / where.scale + unit.second * where.T_mu / where.scale
            )
            assert agree(where.denominator / where.scale, plain(whole), error, mpf(1))


@pytest.mark.parametrize("s", ["1/1024", "-1/65536"])
@pytest.mark.parametrize("start", ["E > 0", "E < 0", "E = 0", "u = 0"])
def test_the_gain_keeps_its_digits_near_the_start(mapped, start, s):
    """A difference of outputs would lose as many as s is small; every term has a factor S or T."""
    name, scope = mapped
    found = []
    for key in ("numpy", "mpmath"):
        make, convert, _ = SPACES[key]
        with mp.workdps(60), np.errstate(all="ignore"):
            space = (make(), convert, None)
            net = network(scope, space, **FLOWS[name][0])
            unit = scope["neuron"](*map(convert, start_of(name, start)), net, space[0])
            where = scope["place"](convert(s), unit, space[0])
            top = scope["gain_numerator"](net, unit, where, space[0])
            found.append(plain(scope["gain"](top, where, space[0])))
    assert abs(found[0] - found[1]) < mpf("1e-14") * abs(found[1])


def blow_up(beta, rates, u, h):
    """∫du/u′ from the start to infinity by the law u² − (η_u/β η_w ρ²) h²."""
    gamma, eta_u, eta_w, rho_2 = (
        exact_number(rates[k]) for k in ("gamma", "eta_u", "eta_w", "rho_2")
    )
    share = beta * eta_w * rho_2 / eta_u
    energy, side = u**2 - h**2 / share, mpmath.sign(gamma * h**beta)
    if h == 0 or (energy >= 0 and u * side < 0):
        return mpmath.inf
    begin = u * side
    return mpmath.quad(
        lambda v: 1 / (eta_u * abs(gamma) * mpmath.sqrt(share * (v**2 - energy)) ** beta),
        [begin, begin + 1, begin + 4, begin + 16, mpmath.inf],
    )


@pytest.mark.parametrize("gamma", ["3/4", "-3/4"])
@pytest.mark.parametrize("start", STARTS)
def test_the_pole_is_where_the_neuron_escapes(mapped, space, start, gamma):
    (name, scope), (xp, convert, error) = mapped, space
    rates, place = {**FLOWS[name][0], "gamma": gamma}, start_of(name, start)
    expected = blow_up(POWER[name], rates, *map(exact_number, place))
    with np.errstate(all="ignore"):
        found = scope["pole"](
            scope["neuron"](*map(convert, place), network(scope, space, **rates), xp), xp
        )
    if expected == mpmath.inf:
        assert not found < 1e300
    else:
        assert agree(found, expected, max(error, mpf("1e-15")))


def test_what_is_generated_and_what_is_not():
    for name in NETWORKS:
        functions = {function.name for function in program(derivation(name)).functions}
        has_map = name in FLOWS
        assert ({"neuron", "place", "pole", "gain"} <= functions) == has_map
        assert {"activation", "output", "velocity_u", "velocity_h", "kernel"} <= functions
    assert derivation("power")[Flow].output_i.has(z.beta)
    assert module("power")["Network"]._fields[-1] == "beta"
    assert module("tanh")["Network"]._fields == ("gamma", "eta_u", "eta_w", "rho_2")
    found = [derivation(name)[StableFlowMap] for name in ("linear", "quadratic", "cubic")]
    assert [solution.gain_power for solution in found] == [0, 3, 2]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_degree_says_how_the_activation_scales(name, orbit):
    degree, expected = module(name)["DEGREE"], {"quadratic": 2, "cubic": 3, "power": None}
    assert degree == expected.get(name, 0)


def test_fractions_that_stand_alone_get_one_number_below():
    h = z.h_i
    value = local(sympy.Rational(1, 2) + sympy.erf(h) / 3 + h * sympy.exp(-(h**2)))
    scope = {str(symbol): symbol for symbol in value.free_symbols}
    (symbol,) = scope.values()
    top, bottom = sympy.fraction(value)
    assert bottom == 6
    assert not top.has(sympy.exp(symbol**2))
    assert sympy.expand(top - 3 - 2 * sympy.erf(symbol) - 6 * symbol * sympy.exp(-(symbol**2))) == 0
    pieces = local(sympy.Piecewise((sympy.Rational(1, 2), h > 0), (h / 3, True)))
    assert all(
        not v.is_Rational or v.is_Integer for p in pieces.atoms(sympy.Piecewise) for v, _ in p.args
    )


def test_functions_say_which_equation_they_are():
    """The place in the paper that the network is from; of another paper its own source alone."""
    tanh = derivation("tanh")
    functions = program(tanh).functions
    sources = {function.name: function.source for function in functions}
    assert sources["velocity_h"] == "Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 22"
    assert sources["activation"] == "Xu & Ziyin 2025 (arXiv 2401.07085), Eq. 1"
    assert all(function.equations for function in functions)
    own = dataclasses.replace(tanh.model, source=Source("Own notes 2026", "Eq. 3"))
    text = render(program(derive(own)), {})
    assert "Xu" not in text
    assert text.count("Own notes 2026, Eq. 3") == len(functions) + 1


@pytest.mark.parametrize("name", ["linear", "cubic", "softplus", "power"])
def test_every_function_says_where_it_is_printed(name):
    derived = derivation(name)
    printed = {z for record in derived.values() for z in record.sources}
    assert {function.name for function in program(derived).functions} <= printed
