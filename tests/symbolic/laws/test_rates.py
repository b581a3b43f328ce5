"""Laws at any rates: annihilated by fields with rates that are drawn, in polynomials."""

from __future__ import annotations

import pytest
import sympy
from flint import fmpq

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer
from symbolic.laws.all_sizes import diagonal_laws, matrix_laws
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.entries import entries
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import at, drawn, expression, laws_with_rates, not_absorbed, with_rates
from symbolic.laws.ring import Ring
from symbolic.models.shelf import load, names

NOT_ABSORBED = {
    "dora": {"eta_B", "eta_A"},
    "lora_trained": {"eta_W", "eta_B", "eta_A"},
    "modular_addition": {"eta_W", "eta_V"},
    "modular_addition_classes": {"eta_W", "eta_V"},
    "residual": {"eta_1", "eta_2"},
    "residual_full": {"eta_1", "eta_2"},
}


def expanded(name):
    model = load(name)
    instance = Instance(model, model.sizes[0])
    return model, instance, fields(instance)


def squares(rates, seed):
    return {name: value**2 for name, value in drawn(rates, seed).items()}


@pytest.mark.parametrize("name", names())
def test_laws_with_rates_are_conserved_at_rates_that_are_drawn(name):
    _, instance, found = expanded(name)
    assert set(not_absorbed(found, instance.rates)) == NOT_ABSORBED.get(name, set())
    known = laws_with_rates(found, instance.rates, instance.weights)
    assert known.absorbed == (name not in NOT_ABSORBED)
    assert known.complete
    for seed in (3, 4):
        values = squares(instance.rates, seed)
        ring = Ring(instance.names, with_rates(found, instance.rates, values))
        laws = [at(law, values) for law in known.laws]
        assert all(ring.along(ring.law(law), one) == 0 for law in laws for one in ring.fields)
        # As many as there are at these rates, and independent as polynomials.
        there = polynomial_laws(with_rates(found, instance.rates, values), instance.weights)
        assert len(laws) == len(there)
        assert independent(laws, (), instance.weights) == independent(there, (), instance.weights)


@pytest.mark.parametrize("name", sorted(NOT_ABSORBED))
def test_laws_and_rank_add_up_at_rates_that_are_drawn(name):
    model, instance, found = expanded(name)
    known = laws_with_rates(found, instance.rates, instance.weights)
    for values in known.draws:
        laws = independent([at(law, values) for law in known.laws], (), instance.weights)
        rank = lie_rank(model, model.sizes[0], instance.weights - laws, rates=values).value
        assert laws + rank == instance.weights


@pytest.mark.parametrize("name", sorted(NOT_ABSORBED))
def test_laws_at_unit_rates_are_none_at_others(name):
    """θ → θ/√η is not enough there: some law is lost by it."""
    _, instance, found = expanded(name)
    values = squares(instance.rates, 5)
    ring = Ring(instance.names, with_rates(found, instance.rates, values))
    roots = [sympy.sqrt(values[rate]) for rate in instance.rates]
    lost = 0
    for law in polynomial_laws(found, instance.weights):
        scaled = {}
        for factors, c in law.items():
            over = sympy.Mul(*(roots[i] for i in factors))
            scaled[factors] = c / fmpq(int(over))
        lost += any(ring.along(ring.law(scaled), one) != 0 for one in ring.fields)
    assert (lost > 0) == (name not in ("dora", "lora_trained", "residual"))


@pytest.mark.parametrize("name", names())
def test_laws_at_all_sizes_hold_at_rates_that_are_drawn(name):
    model, instance, found = expanded(name)
    values = drawn(instance.rates, 6)
    ring = Ring(instance.names, with_rates(found, instance.rates, values))
    for law in (*matrix_laws(model), *diagonal_laws(model)):
        for entry in entries(law, model, model.sizes[0]):
            p = ring.law(at(entry, values))
            assert p != 0
            assert all(ring.along(p, one) == 0 for one in ring.fields)


def test_the_affine_gram_law_of_two_residual_layers():
    model = load("residual_full")
    (law,) = matrix_laws(model)
    assert {(part.layer, part.kind, abs(part.factor)) for part in law.parts} == {
        ("W1", "outer", 1), ("W1", "sum", 1), ("W2", "inner", 1), ("W2", "sum", 1),
    }  # fmt: skip
    for n in (2, 3, 4):
        laws = [at(one, {"eta_1": 1, "eta_2": 1}) for one in entries(law, model, {"n": n})]
        assert independent(laws, (), 2 * n * n) == len(laws) == n * (n + 1) // 2


def test_a_law_is_written_with_its_rates():
    _, instance, found = expanded("chain_2")
    known = laws_with_rates(found, instance.rates, instance.weights)
    a, b = (sympy.Symbol(name, real=True) for name in instance.names)
    r, s = (sympy.Symbol(name, positive=True) for name in instance.rates)
    (law,) = known.laws
    assert sympy.simplify(expression(law, instance.names) ** 2 - (a**2 / r - b**2 / s) ** 2) == 0


def test_a_reference_rate_is_left_where_one_rate_is_not_absorbed(declared):
    """C + c d: degree 1 in c, but 0 and 1 in d, whose rate is a time that runs faster."""
    model = declared(
        {"c": Layer(rate="eta_c"), "d": Layer(rate="eta_d")},
        {"x": ()},
        lambda w, x, F: (w.c + w.c * w.d) * x.x,
    )
    instance = Instance(model, {})
    found = fields(instance)
    assert not_absorbed(found, instance.rates) == ("eta_d",)
    known = laws_with_rates(found, instance.rates, 2)
    assert (known.absorbed, known.reference) == (True, "eta_d")
    for seed in (1, 2):
        values = squares(instance.rates, seed)
        ring = Ring(instance.names, with_rates(found, instance.rates, values))
        (law,) = (at(one, values) for one in known.laws)
        assert all(ring.along(ring.law(law), one) == 0 for one in ring.fields)
