"""Which declarations are read as two-layer networks of one activation, and which are not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from numeric import catalogue
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled, one_neuron
from symbolic.declared import one_field, two_layer
from symbolic.models import shelf
from symbolic.proof.certificate import DoesNotApply

U, W = Layer("h", rate="eta_u"), Layer("h", "n", rate="eta_w")
LAYERS = {"u": U, "W": W}


def read(output, layers=LAYERS, inputs=None, sizes=({"n": 2, "h": 2},), name="own", **more):
    model = Model(
        name=name, title="own", source="own", layers=layers, output=output, sizes=sizes,
        inputs={"x": ("n",)} if inputs is None else inputs, **more,
    )  # fmt: skip
    return compiled(model).NEURONS


def plain(network, scale=1.0, factor=1.0):
    return ((network, scale, {}, ("eta_u", "eta_w"), "u", (("W", 0, "x", factor),)),)


@pytest.mark.parametrize(
    ("output", "found"),
    [
        (lambda w, x, F: w.u @ F.tanh(w.W @ x.x), plain("tanh")),
        (lambda w, x, F: -2 * (w.u @ F.gelu(-3 * (w.W @ x.x))), plain("gelu", -2.0, -3.0)),
        (lambda w, x, F: w.u @ (w.W @ x.x), plain("linear")),
        (lambda w, x, F: w.u @ ((w.W @ x.x) * (w.W @ x.x)), plain("quadratic")),
        (lambda w, x, F: -3 * (w.u @ (w.W @ x.x) ** 5), plain("power5", -3.0)),
        (lambda w, x, F: Fraction(1, 3) * (w.u @ (w.W @ x.x) ** 4), plain("power4", 1 / 3)),
        (lambda w, x, F: w.u @ F.relu(-2 * (w.W @ x.x)), plain("relu", 1.0, -2.0)),
        (
            lambda w, x, F: w.u @ (F.relu(w.W @ x.x) - Fraction(1, 100) * F.relu(-(w.W @ x.x))),
            plain("leaky_relu"),
        ),
        (lambda w, x, F: w.u @ F.exp(w.W @ x.x) + 0 * (x.x @ x.x), plain("exponential")),
    ],
)
def test_the_activation_its_scale_and_what_it_sees_are_read(output, found):
    assert read(output) == found


@pytest.mark.parametrize(
    "output",
    [
        lambda w, x, F: w.u @ F.sigmoid(w.W @ x.x),  # no network by name
        lambda w, x, F: w.u @ F.tanh(w.W @ x.x) + (x.x @ x.x),  # something is added
        lambda w, x, F: w.u @ F.tanh(w.W @ x.x + x.x.sum()),  # what no weight multiplies
        lambda w, x, F: (w.u * w.u) @ F.tanh(w.W @ x.x),
        lambda w, x, F: w.u @ F.tanh(w.W @ (x.x * x.x)),  # no entry of the input
        lambda w, x, F: F.tanh(w.u @ (w.W @ x.x)),
        lambda w, x, F: w.u @ F.tanh(w.W @ x.x) * (x.x @ x.x),
        lambda w, x, F: w.u @ F.tanh(w.W @ x.x) + w.u @ (w.W @ x.x),  # a sum of two, no name
        lambda w, x, F: w.u @ F.tanh(w.W @ (F.frozen("A", "n", "n") @ x.x)),
    ],
)
def test_what_is_none_is_refused(output):
    assert read(output) == ()


def test_the_name_of_a_declaration_is_not_that_of_its_activation():
    """A sigmoid that somebody calls tanh, and what is called as the family of powers is."""
    assert read(lambda w, x, F: w.u @ F.sigmoid(w.W @ x.x), name="tanh") == ()
    assert read(lambda w, x, F: w.u @ (w.W @ x.x) ** 4, name="power") == plain("power4")


def test_rates_that_differ_within_a_layer_of_neurons_are_refused():
    def output(w, x, F):
        return w.u @ F.tanh(w.W @ x.x + w.b)

    def at(rate):
        return read(output, {**LAYERS, "b": Layer("h", rate=rate)})

    ((*_, seen),) = at("eta_w")
    assert seen == (("W", 0, "x", 1.0), ("b", 0, None, 1.0))
    assert at("eta_b") == ()


def test_sizes_of_the_output_are_one_and_axes_are_found():
    layers = {"W": Layer("n", "h", rate="eta_w"), "u": Layer("h", "m", rate="eta_u")}
    sizes = ({"n": 4, "h": 5, "m": 3},)
    ((_, _, fixed, _, outer, seen),) = read(
        lambda w, x, F: F.erf(x.x @ w.W) @ w.u, layers, sizes=sizes
    )
    assert (fixed, outer, seen) == ({"m": 1}, "u", (("W", 1, "x", 1.0),))


def test_a_number_that_depends_on_a_size_is_proved_at_that_size_alone():
    """The mean over neurons is another network at another width."""
    layers = {"V": Layer("m", "h", rate="eta_u"), "W": W}
    found = read(
        lambda w, x, F: w.V @ F.layer_norm(w.W @ x.x), layers, sizes=({"n": 2, "h": 2, "m": 1},)
    )
    assert found == ()


def test_inputs_that_are_told_apart_have_the_declared_sizes():
    """A sum over entries is no inner product: what is read at three holds at three."""
    layers = {"u": U, "W": Layer("h", "k", rate="eta_w")}
    ((_, _, fixed, _, _, seen),) = read(
        lambda w, x, F: (w.u @ F.conv1d(w.W, x.x)).sum(), layers, {"x": ("k",)},
        ({"h": 2, "k": 3},),
    )  # fmt: skip
    assert fixed == {"k": 3}
    assert seen == (("W", 0, "x", 1.0),)


def test_no_declared_size_is_needed_where_any_will_do():
    """And where one is needed that is not declared, nothing is said."""
    assert read(lambda w, x, F: w.u @ F.tanh(w.W @ x.x), sizes=()) == plain("tanh")
    layers = {"u": U, "W": Layer("h", "k", rate="eta_w")}
    assert (
        read(lambda w, x, F: w.u @ F.conv1d(w.W, x.x).sum_last(), layers, {"x": ("k",)}, ()) == ()
    )


def test_a_module_says_what_the_stage_says_of_the_declared_instances():
    """Wherever one activation is found at declared sizes and data, flows are solved by it."""
    seen = []
    for name in shelf.names():
        model = shelf.load(name)
        for sizes in model.sizes if model.data in ("line", "points") else ():
            if model.number_of_weights(sizes) > 20:
                continue
            try:
                two = two_layer.derive(one_field.derive(Instance(model, sizes)))
            except DoesNotApply:
                continue
            entries = catalogue.load_declared(name).NEURONS
            fitting = [one for one in entries if one[2].items() <= dict(sizes).items()]
            ((network, scale, _, rates, *_),) = fitting
            assert (network, scale, rates) == (two.network.name, two.scale, two.rates)
            seen.append(name)
    assert set(seen) == {"quadratic_on_a_line", "two_layer_linear_on_a_line"}


def test_what_is_not_proved_is_not_said(monkeypatch):
    def none(*_):
        return False

    name = "tanh_any_data"
    assert compiled(shelf.load(name)).NEURONS
    for proof in ("_is_proved", "_is_alone"):
        with monkeypatch.context() as patch:
            patch.setattr(one_neuron, proof, none)
            assert compiled(shelf.load(name)).NEURONS == ()
