"""Proofs of what was found by other means, for every network of the shelf, and that each can fail."""

from __future__ import annotations

import pytest
from flint import fmpq

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws import certificates
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, diagonal_laws, matrix_laws
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import laws_with_rates
from symbolic.laws.ring import Ring
from symbolic.models.shelf import load, names

PRODUCTS = (
    "diagonal_classes", "layer_normalisation_with_gain", "symmetric_factorisation",
)  # fmt: skip


def expanded(name, k=0):
    model = load(name)
    instance = Instance(model, model.sizes[k])
    return model, instance, fields(instance)


@pytest.mark.parametrize("name", names())
def test_laws_with_symbolic_rates_are_proved_and_altered_ones_are_not(name):
    _, instance, found = expanded(name)
    for law in laws_with_rates(found, instance.rates, instance.weights).laws:
        assert certificates.is_conserved(law, found, instance.rates)
        if len(law) < 2:
            continue
        factors, coefficient = next(iter(law.items()))
        doubled = law | {factors: {powers: 2 * c for powers, c in coefficient.items()}}
        assert not certificates.is_conserved(doubled, found, instance.rates)
        if len(set(instance.rates)) > 1 and len({instance.rates[i] for f in law for i in f}) > 1:
            powers, c = next(iter(coefficient.items()))
            moved = {tuple((n, p) for n, p in powers if n != powers[0][0]): c}
            assert not certificates.is_conserved(law | {factors: moved}, found, instance.rates)


@pytest.mark.parametrize("name", names())
def test_laws_at_all_sizes_are_proved_at_each_and_altered_ones_are_not(name):
    model, _, found = expanded(name)
    for law in (*matrix_laws(model), *diagonal_laws(model)):
        assert certificates.holds_at(law, model, model.sizes[0], found)
        first = law.parts[0]
        parts = (type(first)(first.layer, first.kind, 2 * first.factor), *law.parts[1:])
        square = {"total": "norm", "rows": "outer", "columns": "inner"}.get(first.kind)
        if len(parts) == 1 and square:  # so is one of a sum, but not with squares
            parts = (first, type(first)(first.layer, square, first.factor))
        elif len(parts) == 1:  # a multiple of a norm is conserved, but not with another norm
            other = next(layer for layer in model.layers if layer != first.layer)
            parts = (first, type(first)(other, "norm", first.factor))
        altered = type(law)(parts, law.size)
        assert not certificates.holds_at(altered, model, model.sizes[0], found)


def test_a_law_of_diagonals_is_none_of_matrices():
    model, _, found = expanded("relu")
    (law,) = diagonal_laws(model)
    assert isinstance(law, DiagonalLaw)
    assert not certificates.holds_at(MatrixLaw(law.parts, law.size), model, model.sizes[0], found)


@pytest.mark.parametrize("name", PRODUCTS)
def test_products_are_proved_and_altered_ones_are_not(name):
    for k in range(len(load(name).sizes)):
        _, instance, found = expanded(name, k)
        ring = Ring(instance.names, found)
        for law in product_laws(ring, polynomial_laws(found, instance.weights)):
            assert certificates.is_conserved_product(law, ring)
            (p, n), *others = law.factors
            if others:
                altered = ProductLaw(((p, n + 1), *others))
                moving = any(ring.along(p, one) != 0 for one in ring.fields)
                assert certificates.is_conserved_product(altered, ring) != moving


@pytest.mark.parametrize("name", names())
def test_ranks_over_whole_numbers_are_those_modulo_a_prime(name):
    model, instance, found = expanded(name)
    laws, D = polynomial_laws(found, instance.weights), instance.weights
    ring = Ring(instance.names, found)
    point = certificates.whole_point(D)
    number = independent(laws, (), D)
    assert certificates.rank_of_differentials([ring.law(law) for law in laws], point) == number
    rank = lie_rank(model, model.sizes[0], D - number, depth=3, seeds=1).value
    assert certificates.rank_of_brackets(ring, point, rank) == rank


def test_at_a_point_that_is_not_generic_ranks_are_smaller_and_nothing_is_closed():
    _, instance, found = expanded("two_layer_linear", 3)
    ring = Ring(instance.names, found)
    laws = [ring.law(law) for law in polynomial_laws(found, instance.weights)]
    zero = [fmpq(0)] * instance.weights
    assert certificates.rank_of_differentials(laws, zero) == 0
    assert certificates.rank_of_brackets(ring, zero, 5) == 0
