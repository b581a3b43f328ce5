"""What is left, between two bounds that meet on the whole shelf."""

import pytest

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws import least_state as module
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.darboux import product_laws
from symbolic.laws.least_state import LeastState, least_state
from symbolic.laws.ring import Ring
from symbolic.laws.what_is_left import ranks
from symbolic.models.shelf import load, names

# What is left where it is not what the weights can reach, and networks of the literature.
LEFT = {
    ("chain_4", 0): 1,
    ("convolution", 1): 7,
    ("diagonal", 1): 3,
    ("layer_normalisation", 0): 4,
    ("linear_attention", 0): 5,
    ("linear_attention", 1): 17,
    ("lora", 0): 9,
    ("merged_attention", 0): 7,
    ("symmetric_factorisation", 0): 3,
    ("symmetric_factorisation", 1): 3,
    ("two_layer_linear", 1): 3,
    ("two_layer_linear", 4): 22,
    ("two_layer_linear_on_a_line", 1): 1,
}
# Differences of clocks, which are no polynomials, close it (`tests/symbolic/declared/test_one_field`).
OPEN = {("quadratic_on_a_line", 0): (1, 2)}
PRODUCTS = ("diagonal_classes", "layer_normalisation_with_gain", "symmetric_factorisation")
INSTANCES = [(name, k) for name in names() for k in range(len(load(name).sizes))]


def of(name, k, **options):
    model = load(name)
    instance = Instance(model, model.sizes[k])
    generating = fields(instance)
    laws = polynomial_laws(generating, instance.weights)
    products = ()
    if name in PRODUCTS:
        products = product_laws(Ring(instance.names, generating), laws)
    return least_state(instance, laws, products, **options)


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_both_bounds_meet(name, k):
    found = of(name, k)
    assert (found.at_least, found.at_most) == OPEN.get((name, k), (found.at_least,) * 2)
    assert found.at_least == LEFT.get((name, k), found.at_least)
    assert found.at_least <= found.reached


@pytest.mark.parametrize("name", ["layer_normalisation", "symmetric_factorisation"])
def test_isometries_are_what_closes_the_gap(name, monkeypatch):
    assert of(name, 0).is_exact
    monkeypatch.setattr(module, "_by_isometries", lambda *_: [])
    monkeypatch.setattr(module, "_by_closure", lambda *_: [])
    found = of(name, 0)
    assert (found.is_exact, found.at_most - found.at_least) == (False, 1)


def test_invariants_bound_as_well(monkeypatch):
    monkeypatch.setattr(module, "_by_isometries", lambda *_: [])
    assert of("symmetric_factorisation", 1) == LeastState(
        3, 3, 4, "invariants in which the flow closes"
    )


def test_a_budget_weakens_the_bound_and_never_breaks_it():
    """Fewer evaluations see less; what is said stays true."""
    exact = of("linear_attention", 0)
    seen = []
    for budget in (1, 4, 16, 64, 10**6):
        found = of("linear_attention", 0, budget=budget)
        assert found.at_least <= exact.at_least <= found.at_most
        seen.append(found.at_least)
    assert seen == sorted(seen)
    assert seen[0] < exact.at_least == seen[-1]


def test_a_point_does_not_matter():
    model = load("linear_attention")
    assert {ranks(model, model.sizes[0], seed=seed)[2] for seed in range(3)} == {5}
