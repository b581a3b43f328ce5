"""Records of a network whose gradients are not written out: words prove, and nothing passes unproved."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from symbolic.architecture.instance import Instance
from symbolic.declared.count import Count
from symbolic.declared.fields import Fields
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.recognised import Solvable
from symbolic.derivation import derive
from symbolic.laws.by_words import ByWords, by_words
from symbolic.laws.rates import basis
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError


@cache
def attention():
    model = shelf.load("linear_attention")
    instance = Instance(model, {"d": 6, "k": 3, "v": 3})
    return derive(instance, wanted=(Count, MatrixLaws, OneField))


@cache
def written():
    """At sizes where fields are written out."""
    model = shelf.load("linear_attention")
    return derive(Instance(model, {"d": 3, "k": 2, "v": 2}), wanted=(Count, MatrixLaws))


def refused(record, **changed):
    with pytest.raises(CertificateError):
        replace(record, **changed)


def test_a_network_of_long_products_is_decided_and_no_field_is_held():
    found = attention()
    assert found[Fields].generating == ()
    count = found[Count]
    assert (count.weights, count.independent, count.rank) == (72, 13, 59)
    assert count.is_complete
    assert found[PolynomialLaws].said == ()
    assert "several fields" in found.why(OneField)


def test_fields_that_are_few_are_written_out():
    fields = written()[Fields]
    assert fields.by_words is None
    refused(fields, generating=(), by_words=ByWords((), 0))
    refused(attention()[Fields], generating=fields.generating)


def test_a_law_that_no_word_proves_is_refused():
    record = attention()[PolynomialLaws]
    law = record.laws[0]
    for factors, coefficient in law.items():
        (powers, c), *_ = coefficient.items()
        refused(record, laws=({**law, factors: {powers: c * 2}}, *record.laws[1:]))
        refused(record, laws=({**law, factors: {(): c}}, *record.laws[1:]))
    refused(record, independent=record.independent + 1)
    refused(record, laws=record.laws[1:])
    refused(record, perhaps=-1)
    assert "1 more" in replace(record, perhaps=1).said[0]
    assert "not decided" in replace(record, perhaps=None).said[0]


def test_a_matrix_law_that_words_do_not_know_is_refused():
    record = attention()[MatrixLaws]
    first = record.laws[0]
    part = first.parts[0]
    wrong = replace(first, parts=(replace(part, factor=part.factor * 2), *first.parts[1:]))
    refused(record, laws=(wrong, *record.laws[1:]))


def test_without_fields_no_product_is_a_law():
    """All of no fields annihilate it."""
    with pytest.raises(CertificateError, match="written out"):
        ProductLaws(polynomial=attention()[PolynomialLaws], laws=(), independent=0)


def test_laws_of_words_are_those_of_the_expansion():
    """Where both ways can be gone."""
    both = written()
    fields = both[Fields]
    found = by_words(fields.instance.model, fields.instance.sizes)
    exact = both[PolynomialLaws]
    assert found.are_all
    assert len(found.laws) == len(exact.laws)
    rank = basis([*exact.laws, *found.laws], exact.rates)
    assert len(rank) == len(exact.laws)


def test_a_count_does_not_wait_for_what_will_never_be():
    """Separable laws need one field: without one, what takes long does not come first."""
    model = shelf.load("two_layer_linear")
    order = list(derive(Instance(model, {"n": 2, "h": 2, "m": 1})))
    assert order.index(Count) < order.index(Solvable)
