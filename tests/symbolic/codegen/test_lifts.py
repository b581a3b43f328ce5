"""Generated lifts say what the derivation found, and keep fractions exact."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Rational, Symbol

from symbolic.architecture.model import Layer, Model
from symbolic.codegen.lifts import lift_module
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.models import shelf

NAMES = ("two_layer_linear", "single_neuron", "symmetric_factorisation", "lora", "chain_2")


def odd():
    """A factor that is no whole number, and one rate for two layers."""
    return Model(
        name="odd",
        title="odd",
        source="own",
        layers={"A": Layer("m", "h", rate="eta"), "C": Layer("h", "n", rate="eta")},
        inputs={"x": ("n",)},
        output=lambda w, x, F: Fraction(1, 3) * (w.A @ (w.C @ x.x)),
        sizes=({"m": 1, "h": 1, "n": 1},),
    )


def executed(model):
    lift, space = lift_at_all_sizes(model), {}
    exec(compile(lift_module(model, lift), model.name, "exec"), space)  # the text that is generated
    return lift, space


@pytest.mark.parametrize("name", NAMES)
def test_what_is_generated_is_what_was_found(name):
    lift, module = executed(shelf.load(name))
    names = dict.fromkeys(one.rate for one in lift.words.blocks)
    rates = {name: Fraction(2 * k + 3, 7) for k, name in enumerate(names)}
    values = {Symbol(name, positive=True): value for name, value in rates.items()}
    m = Fraction(5, 11)

    def at(value):
        exact = value.subs({s: Rational(v.numerator, v.denominator) for s, v in values.items()})
        return Fraction(int(exact.p), int(exact.q))

    assert module["ROWS"] == tuple((b.layer, b.axes, b.rate) for b in lift.words.blocks)
    assert module["PRODUCT"] == lift.words.product
    for function, found in (("brake", lift.S), ("lifted", lift.G)):
        assert module[function](m, rates) == tuple(m * at(one) for one in found)
    assert module["law"](rates) == tuple(at(one) for one in lift.J)
    assert module["LAW"] == bool(lift.J)
    assert module["force"](m, rates) == {
        place: tuple(m * at(one) for one in pair) for place, pair in lift.force.items()
    }


def test_a_title_stays_within_the_docstring():
    lift = lift_at_all_sizes(odd())
    wild = replace(odd(), title='ends with "', source='own """\nimport os \\ #')
    space = {}
    exec(compile(lift_module(wild, lift), "wild", "exec"), space)
    assert space["__doc__"].startswith("ends with ': the linear lift")
    assert "Network: own ''' import os / #." in space["__doc__"]
    assert "os" not in space


def test_factors_that_are_no_whole_numbers_and_shared_rates():
    lift, module = executed(odd())
    assert module["PRODUCT"] == {(0, 1): Fraction(1, 3)}
    assert module["force"](1, {"eta": 6})[0, 1] == (2, 0)
    assert lift.words.product == {(0, 1): Fraction(1, 3)}
