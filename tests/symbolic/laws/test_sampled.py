"""What is read off a graph, or sampled modulo a prime, beside what is expanded, on the whole shelf."""

from __future__ import annotations

import random
from functools import cache

import pytest
from flint import fmpq

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.fields import MOST, UNWRITTEN, fields, potentials
from symbolic.architecture.gates import Gates
from symbolic.architecture.instance import Instance
from symbolic.laws.absorption import absorption
from symbolic.laws.ansatz import number_of_laws, polynomial_laws, sign_symmetries
from symbolic.laws.by_words import by_words
from symbolic.laws.degrees import absorption_by_degrees
from symbolic.laws.gradings import scales, signs
from symbolic.laws.lie_rank import has_several_fields
from symbolic.laws.rates import drawn, with_rates
from symbolic.laws.reduction import Coordinates, closed, invariants
from symbolic.laws.reduction import potentials as reduction_potentials
from symbolic.laws.ring import Ring
from symbolic.laws.sampled import Samples, blocks_of, candidates, change, number_at_most
from symbolic.laws.symmetries import symmetries
from symbolic.models import shelf
from symbolic.proof.certificate import DoesNotApply

EVERY = shelf.names()


@cache
def instance_of(name):
    model = shelf.load(name)
    return Instance(model, model.sizes[0])


@cache
def fields_of(name):
    return fields(instance_of(name))


@pytest.mark.parametrize("name", EVERY)
def test_signs_of_the_graph_change_each_field_as_a_whole(name):
    instance = instance_of(name)
    for sign in signs(instance.model, instance.sizes):
        for one in fields_of(name):
            changed = {
                (sum(e * (sign >> j & 1) for j, e in enumerate(m)) + (sign >> i & 1)) % 2
                for i, entry in one.items()
                for m in entry
            }
            assert len(changed) == 1


@pytest.mark.parametrize("name", EVERY)
def test_scales_of_the_graph_multiply_each_field_as_a_whole(name):
    """But for functions: an inverse makes a field of many degrees, which is one that is multiplied."""
    instance = instance_of(name)
    powers = scales(instance.model, instance.sizes)
    if not any(one.kind in ("inverse", "root") for one in instance.generated):
        for one in fields_of(name):
            shifts = {
                sum(e * powers[j] for j, e in enumerate(m)) + powers[i]
                for i, entry in one.items()
                for m in entry
            }
            assert len(shifts) == 1


@pytest.mark.parametrize(
    "name",
    ["linear_attention", "two_layer_linear", "bilinear", "residual", "residual_full", "cp_tensor",
     "modular_addition", "convolution", "softmax_attention", "symmetric_factorisation"],
)  # fmt: skip
def test_signs_of_the_graph_are_many(name):
    """Those of indices, which tell products apart; a network may have more."""
    instance = instance_of(name)
    found = signs(instance.model, instance.sizes)
    every = sign_symmetries(fields_of(name), instance.weights)
    assert 0 < rank_over_two(found) <= rank_over_two(every)
    assert rank_over_two([*found, *every]) == rank_over_two(every)


def rank_over_two(rows):
    pivots = {}
    for row in rows:
        while row:
            lead = row.bit_length()
            if lead not in pivots:
                pivots[lead] = row
                break
            row ^= pivots[lead]
    return len(pivots)


@pytest.mark.parametrize("name", EVERY)
def test_sampled_fields_bound_the_number_of_laws_and_reach_it(name):
    instance = instance_of(name)
    rates = drawn(instance.rates, 0)
    samples = Samples(instance.model, instance.sizes, rates)
    found = number_at_most(blocks_of(instance.model, instance.sizes), samples)
    assert found == number_of_laws(
        with_rates(fields_of(name), instance.rates, rates), instance.weights
    )


@pytest.mark.parametrize(
    "name", ["linear_attention", "residual_full", "relu", "dora", "convolution"]
)
def test_candidates_are_the_laws_and_any_other_polynomial_changes(name):
    instance = instance_of(name)
    samples = Samples(instance.model, instance.sizes)
    blocks = blocks_of(instance.model, instance.sizes)
    found = [law for block in blocks for law in candidates(block, samples)]
    exact = polynomial_laws(fields_of(name), instance.weights)
    assert sorted(sorted(law.items()) for law in found) == sorted(
        sorted(law.items()) for law in exact
    )
    draw, fresh = random.Random(name), Samples(instance.model, instance.sizes, seed=5).first(4)
    for law in found:
        assert not any(change(law, one) for one in fresh)
        factors = draw.choice(list(law))
        assert any(change({**law, factors: law[factors] + fmpq(1, 3)}, one) for one in fresh)


@pytest.mark.parametrize("name", EVERY)
def test_rates_that_are_absorbed_by_degrees_are_absorbed(name):
    instance = instance_of(name)
    seen = absorption_by_degrees(instance.model)
    exact = absorption(fields_of(name), instance.rates)
    assert set(seen.names) == set(exact.names)
    assert set(seen.kept) >= set(exact.kept)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("linear_attention", ()), ("two_layer_linear", ()), ("lora", ()), ("relu", ()),
     ("residual_full", ("eta_1", "eta_2")), ("lora_trained", ("eta_W", "eta_B", "eta_A")),
     ("weight_normalisation", ()), ("tanh_any_data", ("eta_W",))],
)  # fmt: skip
def test_rates_by_degrees(name, kept):
    assert absorption_by_degrees(shelf.load(name)).kept == kept


@pytest.mark.parametrize("name", EVERY)
def test_gradients_have_no_more_terms_than_the_graph_says(name):
    instance = instance_of(name)
    if any(one.kind in ("inverse", "root", "function") for one in instance.generated):
        return  # slopes of functions are polynomials of their own
    found = sum(
        len(slope.to_dict())
        for one in potentials(instance)
        for slope in instance.gradient(one).values()
    )
    most = gradient_terms(instance.model, instance.sizes)
    differences = 2 if instance.model.loss == "softmax" else 1
    assert 0 < found <= most * differences


def test_terms_of_products_are_paths():
    attention = shelf.load("linear_attention")
    assert gradient_terms(attention, {"d": 10, "k": 5, "v": 5}) == 4 * 10 * 2 * (5 * 10 * 10) * 50
    assert gradient_terms(shelf.load("two_layer_linear"), {"n": 3, "h": 5, "m": 2}) == 2 * 2 * 5 * 3
    assert gradient_terms(shelf.load("convolution"), {"n": 6, "k": 2, "c": 3}) == 2 * 3 * 5 * 2
    assert gradient_terms(shelf.load("quadratic_any_data"), {"n": 2, "h": 1, "m": 1}) == 3 + 2 * 2


@pytest.mark.parametrize("name", EVERY)
def test_several_fields_are_seen_at_a_point_where_there_are_several(name):
    """Two fields that are no multiples may be at a point; where there is one, never."""
    instance = instance_of(name)
    if has_several_fields(instance.model, instance.sizes):
        assert len(fields_of(name)) > 1


@pytest.mark.parametrize(
    ("name", "sizes", "number"),
    [
        ("linear_attention", {"d": 10, "k": 5, "v": 5}, 31),
        ("two_heads", {"d": 8, "k": 2}, 8),
        ("softmax_attention", {"d": 8, "k": 8, "t": 2}, 36),
        ("four_layer_linear", {"n": 7, "h": 7, "k": 7, "l": 7, "m": 7}, 84),
        ("cubic_any_data", {"n": 10, "h": 10, "m": 10}, 10),
        ("cp_tensor", {"n": 11, "r": 6}, 12),
        ("merged_attention", {"d": 10}, 1),
    ],
)
def test_words_find_all_laws_of_two_hundred_weights_without_an_expansion(
    name, sizes, number, monkeypatch
):
    def expanded(*_):
        raise AssertionError("an output was expanded")

    monkeypatch.setattr(Instance, "_expanded", expanded)
    found = by_words(shelf.load(name), sizes)
    assert found.are_all
    assert len(found.laws) == number


def test_a_guess_that_is_no_law_is_not_taken():
    """Guessed laws are those of the exact null space, or it is solved."""
    instance = instance_of("bilinear")
    given = fields_of("bilinear"), instance.weights
    exact = polynomial_laws(*given)
    samples, asked = Samples(instance.model, instance.sizes), []

    def guess(block):
        asked.append(block)
        return candidates(block, samples)

    def wrong(block):
        return [{block[-1]: fmpq(1)}]

    assert polynomial_laws(*given, guess=guess) == exact
    assert len(asked) > 1
    assert polynomial_laws(*given, guess=wrong) == exact
    assert polynomial_laws(*given, guess=lambda block: None) == exact


def test_no_elimination_is_wide_where_a_flow_does_not_close(monkeypatch):
    """One field is looked at, not all at once: their matrix has entries by the thousand million."""
    widths, of = [], Coordinates.of

    def counted(self, polynomials):
        widths.append(len(polynomials))
        return of(self, polynomials)

    monkeypatch.setattr(Coordinates, "of", counted)
    model = shelf.load("three_layer_linear")
    instance = Instance(model, {"n": 3, "h": 3, "k": 3, "m": 3})
    ring = Ring(instance.names, fields(instance))
    coefficients = reduction_potentials(instance, ring)
    found = invariants(ring, symmetries(fields(instance), instance.weights), coefficients)
    assert closed(ring, found, coefficients) is None
    assert widths == [len(coefficients), len(found.polynomials)]


def test_what_has_more_terms_than_are_written_out_is_refused():
    model = shelf.load("linear_attention")
    sizes = {"d": 10, "k": 5, "v": 5}
    assert gradient_terms(model, sizes) > MOST
    with pytest.raises(DoesNotApply, match=UNWRITTEN):
        fields(Instance(model, sizes))


def test_blocks_that_are_too_large_are_not_counted():
    model = shelf.load("two_layer_linear")
    blocks, samples = blocks_of(model, model.sizes[0]), Samples(model, model.sizes[0])
    assert number_at_most(blocks, samples) is not None
    samples.largest = max(map(len, blocks)) - 1
    assert number_at_most(blocks, samples) is None


def test_numbers_that_are_of_no_small_fraction_give_no_candidate():
    class Fixed:
        """One field of two weights, at one point."""

        share = 0

        def __init__(self, *field):
            self.field = field

        def equations(self, unknowns):
            return [((1, 1), self.field)]

    block = [(0,), (1,)]
    assert candidates(block, Fixed(3, 2)) == [{(0,): fmpq(-2, 3), (1,): fmpq(1)}]
    assert candidates(block, Fixed(1, 33557326)) is None


def test_the_change_of_a_law_has_its_fractions():
    law = {(0,): fmpq(-2, 3), (1,): fmpq(1, 5)}
    assert change(law, ((1, 1), (3, 10))) == 0
    assert change(law, ((1, 1), (3, 11))) != 0


def test_regions_of_gates_are_looked_for_a_few_times(monkeypatch):
    """Not at each of the points: the search for one looks at hundreds of patterns."""
    patterns, plain = list[object](), Gates.pattern

    def counted(gates, inputs):
        patterns.append(inputs)
        return plain(gates, inputs)

    monkeypatch.setattr(Gates, "pattern", counted)
    model = shelf.load("relu")
    samples = Samples(model, model.sizes[0])
    assert len(samples.first(60)) == 60
    assert len(patterns) < 3000
