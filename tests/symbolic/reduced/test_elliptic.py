"""Elliptic coordinates in the warp, and their clock, against raw weights integrated by mpmath alone."""

import dataclasses
import random
from functools import cache

import mpmath
import pytest
import sympy
from mpmath import mp, mpf

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.verdict import is_proved
from symbolic.reduced import elliptic
from symbolic.reduced.curve import Curve
from symbolic.reduced.elliptic_clock import warp_at
from symbolic.reduced.elliptic_numbers import AtNumbers
from symbolic.reduced.recognise import recognise

CLOSE = mpf(10) ** -9
DEPTH = {"chain_3": 3, "chain_4": 4}
draw = random.Random(5)
STARTS = [
    ("chain_3", (0.4, 0.9, -1.1), 1.2),
    ("chain_3", (0.5, 0.5, 0.5), 2.0),  # all roots meet: rational in the warp
    ("chain_3", (0.5, 0.5, 1.0), 2.0),  # two meet
    ("chain_3", (0.0, 0.5, 1.0), -2.0),  # starts at a root
    ("chain_4", (0.4, 0.9, -1.1, 0.7), 1.2),
    ("chain_4", (1.0, 1.0, 1.0, 1.0), 3.0),
    ("chain_4", (1.0, 0.0, 2.0, 1.0), -3.0),  # through a root, laws that meet
    *(
        (name, tuple(draw.uniform(-1.5, 1.5) for _ in range(depth)), draw.uniform(-2, 2))
        for name, depth in DEPTH.items()
        for _ in range(2)
    ),
]


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(16):
        yield


@cache
def block(name):
    model = load(name)
    (one,) = recognise(Instance(model, model.sizes[0])).blocks
    return one


def at_numbers(name, start, target, eta=1.3):
    one = block(name)
    known = {sympy.Symbol("eta", positive=True): mpf(eta), sympy.Symbol("y_1", real=True): target}
    weights = dict(zip(one.weights, start, strict=True))
    curve, letters = one.curve, one.in_warp.letters
    places = {letters.w_0: curve.w, letters.p_0: curve.p, **{E: E for E in curve.laws}}
    for symbol, of in places.items():
        known[symbol] = sympy.lambdify(list(weights), one.variables[of], "mpmath")(
            *weights.values()
        )
    return AtNumbers(one.in_warp, curve, {k: mpf(v) for k, v in known.items()})


def others(weights, i):
    return mpmath.fprod(w for j, w in enumerate(weights) if j != i)


def raw(start, target, eta=1.3):
    """Weights of the chain in time, and the warp beside them, from the definition of gradient flow."""

    def velocity(_, state):
        weights = state[:-1]
        signal = eta * (target - mpmath.fprod(weights))
        return [*(signal * others(weights, i) for i in range(len(weights))), signal]

    return mpmath.odefun(velocity, 0, [*map(mpf, start), mpf(0)])


@pytest.mark.parametrize(("name", "start", "target"), STARTS)
def test_it_is_the_flow_of_raw_weights_in_time(name, start, target):
    """w, dw/ds and the output at a time, with the warp found by the clock alone; and the clock itself."""
    found, flow = at_numbers(name, start, target), raw(start, mpf(target))
    for time in (mpf(1) / 4, mpf(3) / 2):
        *weights, warp = flow(time)
        s = warp_at(found, time)
        w, p = found.at(s)
        output = mpmath.fprod(weights)
        assert abs(s - warp) < CLOSE
        assert abs(w - weights[0] ** 2) < CLOSE
        assert abs(p - 2 * output) < CLOSE
        assert abs(found.output(s) - output) < CLOSE
        assert abs(found.signal(s) - 1.3 * (target - output)) < CLOSE
    early = flow(mpf(1) / 4)[-1]
    assert abs(found.elapsed(early) - mpf(1) / 4) < CLOSE


@pytest.mark.parametrize("name", DEPTH)
def test_an_altered_constant_is_not_the_flow(name):
    """Each constant, and the start, one after the other."""
    start, target = (0.4, 0.9, -1.1, 0.7)[: DEPTH[name]], mpf(1.2)
    found = at_numbers(name, start, target)
    *weights, warp = raw(start, target)(mpf(1))
    assert abs(found.at(warp)[0] - weights[0] ** 2) < CLOSE
    letters = found._elliptic.letters
    for symbol in (letters.g_2, letters.g_3, letters.w_0, letters.p_0, *letters.r):
        constants = dict(found._elliptic.constants)
        values = dict(found._given)
        if symbol in constants:
            if constants[symbol] == 0:
                continue
            constants[symbol] *= 1 + sympy.Rational(1, 1000)
        else:
            values[symbol] *= 1 + mpf(1) / 1000
        wrong = dataclasses.replace(found._elliptic, constants=constants)
        moved = AtNumbers(wrong, found._curve, values).at(warp)[0]
        assert abs(moved - weights[0] ** 2) > 1e-6, symbol


def test_beyond_a_pole_it_goes_on_and_back_again():
    """All weights alike: a = 1/(1/a₀ − s), whose square has its pole at s = 1/a₀ and is finite beyond."""
    found = at_numbers("chain_3", (0.5, 0.5, 0.5), 2.0)
    for s in (-30, -1, 0, 1.9, 2.1, 40):
        assert mpmath.almosteq(found.at(mpf(s))[0], 1 / (2 - mpf(s)) ** 2, 1e-14)
    assert found.at(mpf(2)) == (mpmath.inf, mpmath.inf)
    assert 0 < found.free_of_poles(mpf(1)) <= 1.0001


def test_what_rests_stays():
    found = at_numbers("chain_3", (0.0, 0.0, 1.0), 2.0)
    assert found.at(mpf(3)) == (0, 0)
    at_target = at_numbers("chain_3", (1.0, 1.0, 2.0), 2.0)
    assert warp_at(at_target, mpf(5)) == 0


def test_what_tends_to_roots_that_meet_does_not_leave_them_again():
    """Signs that cannot change: the output tends to 0 as 1/cosh², and the target is on the other side."""
    found = at_numbers("chain_3", (0.5, 0.5, 1.0), -2.0)
    for s in (-4, -24, -80):
        flow_w, _ = found.at(mpf(s))
        with mp.workdps(120):
            known, _ = found.at(mpf(s))
        assert mpmath.almosteq(flow_w, known, 1e-13)
    assert -1e-30 < found.output(warp_at(found, mpf(50))) < 1e-30


def test_a_late_time_is_at_rest():
    found = at_numbers("chain_4", (1.0, 0.5, 2.0, 1.0), 3.0)
    assert abs(found.output(warp_at(found, mpf(400))) - 3) < 1e-15


def test_the_genus_falls_where_laws_meet():
    one = block("chain_3").in_warp
    E_1, E_2 = block("chain_3").curve.laws
    assert sympy.expand(one.discriminant - 16 * E_1**2 * E_2**2 * (E_1 - E_2) ** 2) == 0
    assert not one.is_elementary
    left, right = elliptic.normal_form(one)
    assert left == elliptic.SLOPE**2
    assert right.coeff(elliptic.WP, 3) == 4


def test_a_cubic_coefficient_is_elementary():
    """One weight to the third power: a rational function of the warp, by the same formula."""
    model = Model(
        name="cube", title="a cube", source="own", layers={"a": Layer(rate="eta")},
        inputs={"x": ()}, output=lambda w, x, F: w.a * w.a * w.a * x.x, sizes=({},),
    )  # fmt: skip
    (one,) = recognise(Instance(model, {})).blocks
    assert one.curve.genus == 0
    assert one.in_warp.is_elementary
    letters = one.in_warp.letters
    values = {letters.w_0: mpf(1) / 2, letters.p_0: mpf(3) / 4}
    found = AtNumbers(one.in_warp, one.curve, values)
    assert mpmath.almosteq(found.at(mpf(1) / 3)[0], 1 / (2 - mpf(1)), 1e-15)


@pytest.mark.parametrize("what", ["g_2", "g_3", "r", "p"])
def test_what_is_altered_is_not_proved(what):
    one = block("chain_4")
    found, curve = one.in_warp, one.curve
    own = dict(zip(elliptic.weierstrass.START, (found.letters.p_0, *found.letters.r), strict=True))
    assert all(is_proved(c.verdict) for c in elliptic._proofs(curve, found, own))
    constants, values = dict(found.constants), dict(found.values)
    if what == "p":
        values[curve.p] *= 2
    else:
        symbol = found.letters.r[2] if what == "r" else getattr(found.letters, what)
        constants[symbol] += next(iter(curve.laws))
    wrong = dataclasses.replace(found, constants=constants, values=values)
    assert not all(is_proved(c.verdict) for c in elliptic._proofs(curve, wrong, own))


def test_the_start_is_in_no_invariant():
    one = block("chain_3")
    constants = dict(one.in_warp.constants)
    constants[one.in_warp.letters.g_2] += one.in_warp.letters.w_0
    wrong = dataclasses.replace(one.in_warp, constants=constants)
    assert not is_proved(elliptic._free(wrong))


def test_a_curve_of_a_higher_degree_is_refused():
    w, p = sympy.symbols("w p", real=True)
    one = block("chain_3")
    curve = Curve(w, p, None, None, {}, w**5 + 1, w, 2, False)
    with pytest.raises(DoesNotApply, match="degree 5"):
        elliptic.solved(curve, sympy.Integer(1), one.in_warp.letters)
