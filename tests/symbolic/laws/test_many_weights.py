"""What a count of many weights does not do: it is the same count, of less work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flint import fmpq, fmpq_mpoly_ctx

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.fields import MOST, fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.jets import Field
from symbolic.architecture.partial import layers_beside_functions
from symbolic.declared.count import Count
from symbolic.declared.product_laws import ProductLaws
from symbolic.derivation import derive
from symbolic.laws import semi_invariants
from symbolic.laws.ansatz import apart, blocks, number_of_laws, polynomial_laws
from symbolic.laws.by_words import by_words
from symbolic.laws.certificates import is_conserved_product
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.gradings import scales
from symbolic.laws.ring import Ring
from symbolic.laws.sampled import Samples
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError
from symbolic.proof.ranks import first_independent, rank
from symbolic.proof.square_free import is_square_free


def test_semi_invariants_are_looked_for_block_by_block(monkeypatch):
    """A pair u, v at a time: all products of 40 weights are 820."""
    widths, plain = [], semi_invariants._killed

    def counted(ring, polynomials, brackets):
        widths.append(len(polynomials))
        return plain(ring, polynomials, brackets)

    monkeypatch.setattr(semi_invariants, "_killed", counted)
    model = shelf.load("diagonal_classes")
    instance = Instance(model, {"n": 20})
    found = fields(instance)
    ring = Ring(instance.names, found)
    laws = product_laws(ring, polynomial_laws(found, 40))
    assert max(widths) == 2
    longest = [law for law in laws if len(law.factors) == 20]
    assert longest
    for law in longest:
        assert is_conserved_product(law, ring)
        (p, n), *others = law.factors
        assert not is_conserved_product(ProductLaw(((p, n + 1), *others)), ring)


@pytest.mark.parametrize(
    ("name", "sizes", "laws", "products"),
    [
        ("experts", {"n": 4, "k": 4}, 4, 10),
        ("modular_addition_classes", {"h": 5, "p": 3}, 15, 55),
        ("layer_normalisation", {"n": 4, "h": 5}, 6, 15),
    ],
)
def test_products_of_linear_laws_are_known_without_an_expansion(
    name, sizes, laws, products, monkeypatch
):
    monkeypatch.setattr(Instance, "_expanded", None)
    found = by_words(shelf.load(name), sizes)
    assert (len(found.laws), found.products, found.at_most) == (laws, products, laws + products)
    assert found.are_all
    assert replace(found, products=products - 1).perhaps == 1


def test_a_field_at_a_point_is_computed_once(monkeypatch):
    """And one for each point, to see whether inverses exist there."""
    computed, plain = [], Field._computed

    def counted(self, theta):
        computed.append(theta)
        return plain(self, theta)

    monkeypatch.setattr(Field, "_computed", counted)
    model = shelf.load("experts")
    Samples(model, model.sizes[0]).first(30)
    assert len(computed) == 60


@pytest.mark.parametrize("name", ["quadratic_on_a_line", "modular_addition_classes"])
def test_scales_tell_products_apart_and_laws_are_the_same(name):
    model = shelf.load(name)
    instance = Instance(model, model.sizes[0])
    found, powers = fields(instance), scales(model, model.sizes[0])
    every = list(blocks(found, instance.weights, 2))
    parts = [part for block in every for part in apart(block, powers)]
    assert len(parts) > len(every)
    laws = polynomial_laws(found, instance.weights)
    assert polynomial_laws(found, instance.weights, scales=powers) == laws
    assert number_of_laws(found, instance.weights, scales=powers) == len(laws)


@pytest.fixture(scope="module")
def normalised():
    """Layer normalisation with a gain, of so many terms that they are not written out."""
    model, sizes = shelf.load("layer_normalisation_with_gain"), {"n": 9, "h": 9}
    assert gradient_terms(model, sizes) > MOST
    assert layers_beside_functions(model, sizes) == ["s", "u"]
    return derive(Instance(model, sizes), wanted=(Count, ProductLaws))


def test_a_product_is_found_where_not_all_gradients_are_written_out(normalised):
    count = normalised[Count]
    assert (count.weights, count.independent, count.rank) == (99, 20, 79)
    (law,) = normalised[ProductLaws].laws
    assert [n for _, n in law.factors] == [law.factors[0][1]] * 9


def test_no_product_of_other_layers_is_taken(normalised):
    record = normalised[ProductLaws]
    (law,) = record.laws
    (p, n), *others = law.factors
    weight = p.context().gens()[0]  # of W, whose fields are not written out
    for factors in (((p, n + 1), *others), ((weight, 1), *law.factors), ((weight, 1),)):
        with pytest.raises(CertificateError):
            replace(record, laws=(ProductLaw(factors),))


def test_factors_that_are_there_twice_are_seen():
    ring = fmpq_mpoly_ctx.get(["x", "y", "z"], "degrevlex")
    x, y, z = ring.gens()
    assert is_square_free(x * y + z)
    assert is_square_free((x - y) * (x + y) * z)
    assert not is_square_free((x * y + z) ** 2)
    assert not is_square_free((x + 1) ** 2 * (y + z))
    assert is_square_free(ring.constant(1))
    assert not is_square_free(ring.constant(2))


def test_first_independent_vectors_are_a_basis():
    one, half = fmpq(1), fmpq(1, 2)
    vectors = [
        {0: one, 1: half}, {5: one}, {0: 2 * one, 1: one}, {}, {1: one, 2: one}, {5: half},
        {0: one, 2: one, 3: one}, {0: one, 1: half, 2: one, 3: one, 4: one}, {0: one},
        {0: 3 * one, 1: one, 2: one, 3: one},
    ]  # fmt: skip
    kept = first_independent(vectors)
    assert kept == [0, 1, 4, 6, 7, 8]
    assert rank([vectors[n] for n in kept]) == rank(vectors) == 6
