"""Networks are discovered, and each has all its files."""

from pathlib import Path

import mpmath
import pytest
import sympy
from mpmath import mpf

import symbolic
from symbolic import models
from symbolic.derivation import derivation
from symbolic.network.model import BRANCHING, Model
from symbolic.notation.source import Source
from symbolic.notation.symbols import beta, d, d0, gamma, u, w, x
from symbolic.proof.sums import instantiate

ROOT = Path(symbolic.__file__).resolve().parent.parent


def test_the_linear_network_is_found():
    assert "linear" in models.names()
    assert models.names() == sorted(
        {path.stem for path in (ROOT / "symbolic/models").glob("*.py")} - {"__init__"}
    )


@pytest.mark.parametrize("name", models.names())
def test_every_network_has_evaluators(name):
    assert (ROOT / "numeric/generated" / f"{name}.py").is_file()


def test_no_evaluators_are_left_of_a_network_that_is_gone():
    stems = {path.stem for path in (ROOT / "numeric/generated").glob("*.py")} - {"__init__"}
    assert stems == set(models.names())


@pytest.mark.parametrize("name", models.names())
def test_a_network_is_loaded_by_its_name(name):
    loaded = models.load(name)
    assert loaded.name == name
    assert loaded.title
    assert loaded.source


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("tahn", "'tanh', perhaps"), ("ReLU", "'relu', perhaps"), ("no_such_network", "one of"),
        ("", "one of"), ("..os", "one of"), ("a\nb", "one of"), ("x" * 10**6, "one of"),
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
@pytest.mark.parametrize("load", [models.load, derivation])
def test_an_unknown_network_is_refused_in_a_line_with_a_close_name_only(load, name, near):
    with pytest.raises(models.UnknownNetworkError) as caught:
        load(name)
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) < 400
    assert f"expected {near}" in line


def test_the_linear_output_is_the_sum_over_neurons_and_inputs():
    output = instantiate(models.load("linear").output(x), {d: 2, d0: 3})
    rows = [sum(w[i, j] * x[j] for j in (1, 2, 3)) for i in (1, 2)]
    assert sympy.expand(output - gamma * (u[1] * rows[0] + u[2] * rows[1])) == 0


# σ at h = 3/2 and h = −2, written by hand
VALUES = {
    "cubic": (mpf("3.375"), mpf(-8)),
    "erf": tuple(2 / mpmath.sqrt(mpmath.pi) * mpmath.quad(lambda v: mpmath.exp(-(v**2)), [0, h])
                 for h in (1.5, -2)),
    "exponential": (mpmath.e ** mpf("1.5"), mpmath.e**-2),
    "gelu": tuple(h * mpmath.ncdf(h) for h in (mpf("1.5"), mpf(-2))),
    "leaky_relu": (mpf("1.5"), mpf(-2) / 100),
    "linear": (mpf("1.5"), mpf(-2)),
    "quadratic": (mpf("2.25"), mpf(4)),
    "relu": (mpf("1.5"), mpf(0)),
    "sine": (mpmath.im(mpmath.expj(1.5)), mpmath.im(mpmath.expj(-2))),
    "softplus": tuple(mpmath.quad(lambda v: 1 / (1 + mpmath.exp(-v)), [-mpmath.inf, h])
                      for h in (1.5, -2)),
    "swish": tuple(h / (1 + mpmath.exp(-h)) for h in (mpf("1.5"), mpf(-2))),
    "tanh": tuple(mpmath.expm1(2 * h) / (mpmath.exp(2 * h) + 1) for h in (mpf("1.5"), mpf(-2))),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({*models.names(), *VALUES} - {"power"}))
def test_activations_have_the_values_written_by_hand(name):
    h = sympy.Symbol("h", real=True)
    sigma = sympy.lambdify(h, models.load(name).activation(h), "mpmath")
    for place, value in zip((mpf("1.5"), mpf(-2)), VALUES[name], strict=True):
        assert abs(mpmath.mpf(sigma(place)) - value) < 1e-14


def test_the_open_power_is_any_power():
    power = models.load("power")
    assert power.activation(sympy.Integer(-2)).subs(beta, 5) == -32
    assert power.neuron(sympy.Integer(7), sympy.Integer(3)).subs(beta, 4) == 7 * 81


def test_a_neuron_is_its_weight_times_its_activation():
    cubic = models.load("cubic")
    assert cubic.neuron(sympy.Integer(5), sympy.Integer(-2)) == -40


def test_an_open_activation_has_an_open_slope_and_both_are_closed_again():
    tanh, h = models.load("tanh"), sympy.Symbol("h", real=True)
    left_open = tanh.with_open_activation().neuron(u[1], 2 * h)
    assert not left_open.has(sympy.tanh)
    slope = sympy.diff(left_open, h)
    assert not slope.has(sympy.Derivative, sympy.Subs)
    closed = tanh.close(slope)
    assert sympy.simplify(closed - 2 * u[1] / sympy.cosh(2 * h) ** 2) == 0


def test_the_loss_is_the_square_without_a_half():
    assert models.load("linear").loss(sympy.Integer(5), sympy.Integer(2)) == 9


@pytest.mark.parametrize(
    ("activation", "values"),
    [
        (lambda h: h / (1 + sympy.Abs(h)), {2: sympy.Rational(2, 3), -2: sympy.Rational(-2, 3)}),
        (lambda h: sympy.Max(h, 0), {2: 2, -2: 0}),
        (lambda h: h * sympy.sign(h), {2: 2, -2: 2}),
    ],
)
def test_absolute_values_and_maxima_are_branches(activation, values):
    made = Model(name="m", title="m", source="m", activation=activation)
    h = sympy.Symbol("h", real=True)
    assert made.activation(h).has(sympy.Piecewise)
    assert not made.activation(h).has(*BRANCHING)
    assert {z: made.activation(sympy.Integer(z)) for z in values} == values


def test_a_source_cites_places_of_its_own_paper_alone():
    paper = Source("A 2020", "Eq. 1")
    assert str(paper) == "A 2020, Eq. 1"
    assert str(Source("A 2020")) == "A 2020"
    assert paper.cite(paper.at("Eq. 7")) == Source("A 2020", "Eq. 7")
    assert paper.cite(Source("B 2021", "Eq. 7")) == paper.cite(None) == paper


def test_a_text_is_taken_for_the_paper():
    assert Model(name="m", title="m", source="A 2020", activation=sympy.sin).source == Source(
        "A 2020"
    )
