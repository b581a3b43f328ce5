"""The stage of scalar chains: what it proves, and that nothing else is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared.chain import ScalarChain
from symbolic.declared.lift import Lift
from symbolic.derivation import derive
from symbolic.models.shelf import load
from symbolic.proof.certificate import CertificateError
from symbolic.reduced.one_product import OneProduct

SQUARED = Model(
    name="own", title="own", source="own", inputs={"x": ("n",)},
    layers={"a": Layer(rate="slow"), "b": Layer(rate="fast"), "c": Layer(rate="fast")},
    output=lambda w, x, F: 3 * w.a**2 * w.b * (F.frozen("V", "n", "n") @ x.x),
    sizes=({"n": 2},),
)  # fmt: skip
FIFTH = Model(
    name="own", title="own", source="own", inputs={"x": ()},
    layers={"a": Layer(rate="slow"), "b": Layer(rate="fast")},
    output=lambda w, x, F: w.a**3 * w.b**2 * x.x, sizes=({},),
)  # fmt: skip


def chain_of(model):
    found = derive(Instance(model, model.sizes[0]), wanted={ScalarChain, Lift})
    assert Lift not in found
    return found[ScalarChain]


def test_a_weight_that_stands_twice_is_two_factors_of_twice_the_rate():
    """By hand: 2 η a b against the chain's rate times a b; c is in no output, and in no chain."""
    record = chain_of(SQUARED)
    slow, fast = sympy.symbols("slow fast", positive=True)
    assert dict(record.product.powers) == {"a": 2, "b": 1}
    assert record.factors == (2 * slow, fast)
    a, b = sympy.symbols("a b", real=True)
    assert sympy.expand(record.value - a**2 * b) == 0
    assert record.starts == "any start"


def test_deeper_than_four_is_closed_from_some_starts_alone():
    assert chain_of(FIFTH).starts.startswith("starts with all a²/η of its factors equal")
    one = replace(
        FIFTH, layers={"a": Layer()}, output=lambda w, x, F: w.a**5 * x.x
    )  # all factors are equal from any start
    assert chain_of(one).starts == "any start"


@pytest.mark.parametrize(
    "powers", [(("a", 1), ("b", 1)), (("a", 2), ("b", 2)), (("a", 2), ("b", 1), ("c", 1))]
)
def test_another_product_is_not_proved(powers):
    record = chain_of(SQUARED)
    slow, fast = sympy.symbols("slow fast", positive=True)
    rates = {"a": slow, "b": fast, "c": fast}
    factors = tuple(p * rates[name] for name, p in powers)
    with pytest.raises(CertificateError, match="outputs move with M alone"):
        replace(record, product=OneProduct(powers), factors=factors)


def test_other_rates_of_factors_are_not_proved():
    record = chain_of(SQUARED)
    first, second = record.factors
    with pytest.raises(CertificateError, match="a moves as each of 2 equal factors"):
        replace(record, factors=(first / 2, second))
    with pytest.raises(CertificateError, match="b moves as each of 1 equal factors"):
        replace(record, factors=(first, 2 * second))


@pytest.mark.parametrize(
    "name", ["chain_2", "single_neuron", "diagonal", "symmetric_factorisation"]
)
def test_what_has_a_lift_has_no_chain(name):
    model = load(name)
    found = derive(Instance(model, model.sizes[0]), wanted={ScalarChain, Lift})
    assert (Lift in found, ScalarChain in found) == (True, False)
    assert found.reasons[ScalarChain]
