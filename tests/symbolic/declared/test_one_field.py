"""One field: parts, neurons, laws by separation and clocks, held against the raw equations."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import mpmath
import pytest
import sympy
from scipy.integrate import solve_ivp

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared import separable_laws
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.one_field import OneField
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.reach import Reach
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.written import PLAIN
from symbolic.derivation import derive, made_in
from symbolic.laws.conservation import Conservation
from symbolic.models import load
from symbolic.proof.certificate import CertificateError
from symbolic.warp.clock import Clock
from symbolic.warp.equation import ScalarEquation
from symbolic.writing.declared_words import neurons

LAYERS = {"W": Layer("h", "n", rate="eta_W"), "U": Layer("h", rate="eta_U")}
SQUARED = lambda w, x, F: w.U @ ((w.W @ x.x) * (w.W @ x.x))  # noqa: E731


def declared(output, point=(1, 2), layers=LAYERS, **more):
    data = more or {"data": "points", "points": ({"x": list(point)},)}
    return Model(
        name="tried", title="tried", source="own", layers=layers, inputs={"x": ("n",)},
        output=output, **data,
    )  # fmt: skip


def at(model, wanted=None, **sizes):
    return derive(Instance(model, sizes or {"n": 2, "h": 2}), wanted=wanted or made_in("declared"))


@cache
def tanh():
    return at(declared(lambda w, x, F: w.U @ F.tanh(w.W @ x.x)))


def counted(found):
    count = found[Count]
    return count.weights, count.independent, count.rank, count.gap, count.assumed


def test_a_smooth_activation_at_a_point_has_all_laws_but_one():
    found = tanh()
    assert counted(found) == (6, 5, 1, 0, ())
    assert (found[Left].at_least, found[Left].at_most) == (1, 1)
    laws = found[SeparableLaws]
    assert (laws.own, laws.timed, laws.independent) == ((0, 1), (0, 1), (2, 1))
    names = U, W, V, eta_u, eta_w = sympy.symbols("U_1 W_11 W_12 eta_U eta_W")
    plain = {z: sympy.Symbol(z.name) for z in laws.laws[0].free_symbols}
    expected = U**2 - eta_u * sympy.cosh(2 * (W + 2 * V)) / (10 * eta_w)
    assert sympy.simplify(laws.laws[0].subs(plain) - expected) == 0
    assert set(plain.values()) == set(names)


def flow(gradient, start, rates, end=0.5):
    """θ′ = −(f − 1) η∘∇f from the raw network."""

    def velocity(_, theta):
        f, slopes = gradient(theta)
        return [-(f - 1) * rate * slope for rate, slope in zip(rates, slopes, strict=True)]

    found = solve_ivp(velocity, (0, end), start, method="DOP853", rtol=1e-13, atol=1e-15)
    return [float(z) for z in found.y[:, -1]]


def tanh_by_hand(theta):
    """Output and gradient at x = (1, 2): W row by row, then U."""
    (a, b, c, d, u, v), s = theta, mpmath.tanh
    p, q = a + 2 * b, c + 2 * d
    sp, sq = u * (1 - s(p) ** 2), v * (1 - s(q) ** 2)
    return u * s(p) + v * s(q), [sp, 2 * sp, sq, 2 * sq, s(p), s(q)]


def test_laws_and_clocks_along_the_raw_flow():
    laws, start = tanh()[SeparableLaws], [0.3, 0.1, -0.2, 0.4, 0.7, 0.5]
    rates = {"eta_W": 2.0, "eta_U": 0.7}
    instance = laws.one.instance
    end = flow(tanh_by_hand, start, [rates[rate] for rate in instance.rates])

    def value(expression, theta):
        known = dict(zip(instance.names, theta, strict=True)) | rates
        free = sorted(expression.free_symbols, key=str)
        return sympy.lambdify(free, expression, "mpmath")(*(known[z.name] for z in free))

    for law in laws.laws:
        assert abs(value(law, end) - value(law, start)) < 1e-13
        assert abs(value(law, end) - value(law, [*start[:4], 0.6, -0.6])) > 1e-3
    times = []
    for k, (z, velocity) in enumerate(laws.clocks):
        assert z.name == f"U_{k + 1}"
        # The speed of u on the curve of the law: h from u by U² − (η_u/10 η_w) cosh 2h = E.
        energy = value(laws.laws[k], start)
        sign = 1 if start[2 * k] + 2 * start[2 * k + 1] > 0 else -1

        def slow(u, energy=energy, sign=sign):
            h = mpmath.acosh((u**2 - energy) * 10 * rates["eta_W"] / rates["eta_U"]) / 2
            return 1 / (rates["eta_U"] * mpmath.tanh(sign * h))

        assert abs(value(velocity, start) - 1 / slow(start[4 + k])) < 1e-14
        times.append(mpmath.quad(slow, [start[4 + k], end[4 + k]]))
    assert abs(times[0]) > 1e-2
    assert abs(times[0] - times[1]) < 1e-12


@pytest.mark.parametrize(
    ("output", "point", "name", "x", "scale"),
    [
        (lambda w, x, F: w.U @ F.tanh(2 * (w.W @ x.x)), (3, -4), "tanh", (6, -8), 1),
        (lambda w, x, F: w.U @ F.relu(w.W @ x.x), (-2, 4), "relu", (-2, 4), 1),
        (
            lambda w, x, F: w.U @ (F.relu(w.W @ x.x) - Fraction(1, 100) * F.relu(-(w.W @ x.x))),
            (-2, 4), "leaky_relu", (-2, 4), 1,
        ),
        (SQUARED, (2, -4), "quadratic", (2, -4), 1),
        (lambda w, x, F: 3 * SQUARED(w, x, F), (2, -4), "quadratic", (1, -2), 12),
        (lambda w, x, F: w.U @ (w.W @ x.x), (-2, 4), "linear", (-2, 4), 1),
        (lambda w, x, F: w.U @ F.gelu(w.W @ x.x), (1, 2), "gelu", (1, 2), 1),
        (lambda w, x, F: w.U @ F.sin(w.W @ x.x), (1, 2), "sine", (1, 2), 1),
        (lambda w, x, F: 2 * (w.U @ F.tanh(w.W @ x.x)), (1, 2), "tanh", (1, 2), 2),
        (lambda w, x, F: -(w.U @ F.swish(w.W @ x.x)), (1, 2), "swish", (1, 2), -1),
        (lambda w, x, F: -2 * (w.U @ F.relu(-(w.W @ x.x))), (1, 2), "relu", (-1, -2), -2),
        (lambda w, x, F: w.U @ F.cos(w.W @ x.x), (1, 2), "tried", (1, 2), 1),
        (lambda w, x, F: w.U @ F.tanh(w.W @ x.x + 1), (1, 2), "tried", (1, 2), 1),
    ],
)  # fmt: skip
def test_neurons_are_those_of_an_activation(output, point, name, x, scale):
    record = at(declared(output, point), wanted={TwoLayer})[TwoLayer]
    assert (record.network.name, record.has_name) == (name, name != "tried")
    assert (record.point, record.scale) == (x, scale)
    assert record.neurons == ((4, (0, 1)), (5, (2, 3)))
    assert record.rates == ("eta_U", "eta_W")


@pytest.mark.parametrize("loss", ["any", "half_square"])
@pytest.mark.parametrize(
    ("output", "has_name"),
    [
        (lambda w, x, F: w.U @ F.cos(w.W @ x.x), False),
        (lambda w, x, F: w.U @ F.tanh(w.W @ x.x), True),
        (lambda w, x, F: w.U @ F.relu(w.W @ x.x), True),
    ],
)  # fmt: skip
def test_the_name_of_a_declaration_is_not_that_of_its_activation(output, has_name, loss):
    model = replace(declared(output), name="tanh", loss=loss)
    found = at(model, wanted={TwoLayer})[TwoLayer]
    assert found.has_name == has_name
    assert (neurons(found).count("solve has their trajectory")) == has_name


def test_homogeneous_networks_have_one_field_on_a_line():
    found = at(declared(SQUARED, data="line"))
    first = found[TwoLayer]
    assert first.network is load("quadratic")
    assert list(first.point) == found[OneField].instance.directions["x"].entries
    assert counted(found) == (6, 5, 1, 0, ())
    assert found[SeparableLaws].independent == (0, 1)


def test_parts_that_are_no_neurons_have_clocks():
    layers = {name: Layer(rate="eta") for name in "abcde"}
    model = declared(lambda w, x, F: (w.a * w.b + w.c * w.d * w.e) * x.x.sum(), (2,), layers)
    found = at(model, n=1)
    assert found[OneField].blocks == ((0, 1), (2, 3, 4))
    assert counted(found) == (5, 4, 1, 0, ())
    laws = found[SeparableLaws]
    assert (laws.own, laws.timed, laws.independent) == ((), (0, 1), (0, 1))
    assert [str(z) for z, _ in laws.clocks] == ["a", "c"]
    assert "no u sigma(h)" in found.reasons[TwoLayer]


@pytest.mark.parametrize(
    ("model", "kind", "reason"),
    [
        (declared(SQUARED, points=({"x": [1, 2]}, {"x": [2, 3]}), data="points"), OneField,
         "several fields"),
        (declared(lambda w, x, F: w.U @ F.tanh(w.W @ x.x), data="line"), OneField, "on the data"),
        (declared(lambda w, x, F: w.U @ F.relu(w.W @ x.x), data="line"), OneField, "on the data"),
        (declared(lambda w, x, F: w.U @ F.layer_norm(w.W @ x.x)), OneField, "inverses, roots"),
        (declared(lambda w, x, F: w.U @ F.tanh(F.tanh(w.W @ x.x))), OneField, "of functions"),
        (declared(lambda w, x, F: w.U @ F.relu((w.W @ x.x) * (w.W @ x.x) - 1)), OneField, "not linear"),
        (declared(lambda w, x, F: w.U @ (F.exp(2 * (w.W @ x.x)) - F.exp(w.W @ x.x) * F.exp(w.W @ x.x))),
         OneField, "exponents"),
        (declared(lambda w, x, F: (w.U @ (w.W @ x.x)) * (F.exp(x.x).sum() - F.exp(2 * x.x).sum())),
         OneField, "functions of numbers"),
        (declared(lambda w, x, F: (F.sin(w.W @ x.x) * F.sin(w.W @ x.x)
                                   + F.cos(w.W @ x.x) * F.cos(w.W @ x.x)).sum()),
         OneField, "never change"),
        (declared(lambda w, x, F: w.U @ F.relu(w.W @ x.x), (0, 0)), OneField, "never change"),
        (declared(lambda w, x, F: w.U @ F.tanh(w.W @ x.x) + w.U @ F.sigmoid(w.W @ x.x)), OneField,
         "exponents"),
    ],
)  # fmt: skip
def test_refused_with_a_reason(model, kind, reason):
    found = at(model)
    assert kind not in found
    assert reason in found.reasons[kind]


def test_neurons_that_differ_are_no_two_layer_network():
    layers = {**LAYERS, "b": Layer("h", rate="eta_b")}
    biased = declared(lambda w, x, F: w.U @ F.tanh(w.W @ x.x + w.b), layers=layers)
    assert "rates differ within a layer" in at(biased, {TwoLayer}).reasons[TwoLayer]
    layers = {
        "W": LAYERS["W"],
        "U": LAYERS["U"],
        "V": Layer(rate="eta_U"),
        "v": Layer(rate="eta_W"),
    }
    mixed = declared(
        lambda w, x, F: w.U @ F.tanh(w.W @ x.x) + w.V * F.sin(w.v), layers=layers
    )  # fmt: skip
    assert "differ in their activation" in at(mixed, {TwoLayer}).reasons[TwoLayer]


def test_a_changed_record_is_refused():
    found = tanh()
    laws, one, neurons = found[SeparableLaws], found[OneField], found[TwoLayer]
    for record, changed in (
        (laws, {"independent": (2, 2)}), (laws, {"independent": (3, 0)}), (laws, {"own": ()}),
        (one, {"parts": one.parts[:1]}), (one, {"parts": (*one.parts, one.parts[0])}),
        (one, {"potential": one.parts[0] + one.instance.ring.gens()[5]}),
        (neurons, {"scale": Fraction(2)}), (neurons, {"point": (Fraction(1), Fraction(3))}),
        (neurons, {"network": load("sine")}), (neurons, {"rates": ("eta_W", "eta_U")}),
        (neurons, {"neurons": neurons.neurons[::-1]}),
        (found[Reach], {"rank": 2}),
    ):  # fmt: skip
        with pytest.raises(CertificateError):
            replace(record, **changed)


def test_the_law_that_is_printed_is_the_one_that_is_proved(monkeypatch):
    """With the rates of the layers exchanged in what is printed it is no law of these weights."""
    laws = tanh()[SeparableLaws]
    plain = separable_laws._named
    rates = sympy.symbols("eta_U eta_W", positive=True)
    exchanged = dict(zip(rates, rates[::-1], strict=True))
    monkeypatch.setattr(
        separable_laws, "_named", lambda *given: plain(*given).subs(exchanged, simultaneous=True)
    )
    with pytest.raises(CertificateError, match="the field annihilates the law of part 1"):
        replace(laws)


def test_clocks_that_say_nothing_new_are_not_listed():
    """Of a linear network on a line all laws but one of the first two parts are polynomials."""
    model = declared(lambda w, x, F: w.U @ (w.W @ x.x) + w.v * w.v * w.v, layers={
        **LAYERS, "v": Layer(rate="eta_W"),
    })  # fmt: skip
    found = at(model)
    laws = found[SeparableLaws]
    assert (laws.timed, laws.independent) == ((0, 2), (0, 1))
    assert len(laws.written(PLAIN)) == 1
    assert counted(found) == (7, 6, 1, 0, ())


def test_all_that_is_known_of_the_activation_follows():
    """Without a choice of records the stages of the two-layer network run on."""
    model = declared(lambda w, x, F: w.U @ F.tanh(w.W @ x.x))
    found = derive(Instance(model, {"n": 2, "h": 2}))
    assert found.model is load("tanh")
    assert {Clock, ScalarEquation, Count} <= set(found)
    assert found[Clock].flow.model is found.model


def test_an_activation_of_which_nothing_is_proved_leaves_the_report():
    found = at(declared(lambda w, x, F: w.U @ (F.sin(w.W @ x.x) + F.cos(w.W @ x.x))))
    assert found.reasons[Conservation].startswith("not proved: Conservation: own: v(")
    assert counted(found) == (6, 2, 1, 3, ())


def test_a_product_that_is_a_law_is_counted_once():
    """(c + d)²/(a + b) of a b + c d/2 is one, and the difference of clocks its logarithm."""
    layers = {name: Layer(rate="eta") for name in "abcd"}
    half = Fraction(1, 2)
    model = declared(lambda w, x, F: (w.a * w.b + half * w.c * w.d) * x.x.sum(), (1,), layers)
    found = at(model, n=1)
    assert found[ProductLaws].independent == 1
    assert counted(found) == (4, 3, 1, 0, ())
    assert found.reasons[SeparableLaws] == "polynomials and products leave one weight"


def test_a_neuron_whose_gate_is_shut_has_no_clock():
    found = at(declared(lambda w, x, F: w.U @ F.relu(w.W @ x.x)))
    (_, velocity), _ = found[SeparableLaws].clocks
    assert not velocity.has(sympy.Piecewise)
    assert found[Count].assumed == ("the weights are where all parts move: a gate is open",)


def test_what_is_not_there_says_why():
    """Stages of an activation are shown where there is one; what was not asked for is no refusal."""
    several = at(declared(SQUARED, points=({"x": [1, 2]}, {"x": [2, 3]}), data="points"))
    assert several.why(Clock).startswith(
        "it needs gradient_flow, and it needs model, and it needs two_"
    )
    assert "clock" not in several._repr_html_()
    one = at(declared(SQUARED, data="line"), wanted={TwoLayer})
    asked = "it was not asked for"
    assert one.why(Count) == f"it needs polynomial_laws, and it needs fields, and {asked}"
    assert one.why(Clock) == f"it needs gradient_flow, and it needs model, and {asked}"
