"""Declared networks under descent: all of the shelf, and that each property can fail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from flint import fmpq

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.laws.all_sizes import MatrixLaw, Part, diagonal_laws, matrix_laws
from symbolic.laws.ansatz import polynomial_laws, sign_symmetries
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.rates import absorbed, laws_with_rates
from symbolic.laws.ring import Ring
from symbolic.models.shelf import load, names
from verify.oracle.declared.drawing import draw
from verify.properties.declared import agreement, altered, quantities
from verify.properties.declared.altered import Refuted
from verify.properties.declared.check import Claims, claims, verify_model
from verify.properties.declared.commutes import commute
from verify.properties.declared.drift import Step, has_exact_drift
from verify.properties.declared.maps import Map, flip, neurons, rotation, sign_flips
from verify.properties.declared.order import Runs, changes, has_order_one
from verify.properties.declared.other_sizes import other_sizes
from verify.properties.outcome import fold

LARGER = [(name, k) for name in names() for k in range(1, len(load(name).sizes))]
NOT_ABSORBED = {
    "dora",
    "lora_trained", "modular_addition", "modular_addition_classes", "residual", "residual_full",
}  # fmt: skip
WITHOUT_LAWS_AND_SYMMETRIES = {"merged_softmax_attention", "squared_diagonal", "tanh_any_data"}


def expanded(name, k=0):
    model = load(name)
    instance = Instance(model, model.sizes[k])
    return model, instance, fields(instance)


def problems(name, k=0, **options):
    model, instance, _ = expanded(name, k)
    return draw(model, instance.sizes, 8, 0, instance=instance, **options)


def laws_of(instance, found):
    return laws_with_rates(found, instance.rates, instance.weights).laws


def is_right(report):
    assert report.passed, "\n".join(report.lines())
    assert report.altered.refuted == report.altered.of
    assert {outcome.name for outcome in report.outcomes if not outcome.cases} <= {
        "exact drift", "order one", "all sizes", "commutes",
    }  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_what_is_said_of_the_shelf_holds_and_what_is_altered_does_not(name):
    model = load(name)
    report = verify_model(model, model.sizes[0])
    is_right(report)
    assert report.by_hand
    assert bool(report.not_absorbed) == (name in NOT_ABSORBED)
    assert bool(report.altered.of) == (name not in WITHOUT_LAWS_AND_SYMMETRIES)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "k"), LARGER)
def test_of_the_larger_instances_too(name, k):
    model = load(name)
    is_right(verify_model(model, model.sizes[k], seed=k))


OWN = Model(
    name="gated",
    title="a gate that shares its weights with what it gates",
    source="own",
    layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("m", "h", rate="eta_U")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (F.sigmoid(w.W @ x.x) * (w.W @ x.x)),
    sizes=({"n": 2, "h": 2, "m": 2},),
)
SIGNS = replace(OWN, name="relu", output=lambda w, x, F: w.U @ F.relu(w.W @ x.x), loss="logistic")


@pytest.mark.parametrize("model", [OWN, SIGNS])
def test_a_network_of_a_user_is_computed_by_its_graph(model):
    report = verify_model(model, model.sizes[0])
    assert not report.by_hand
    assert report.passed
    assert "as its graph says" in next(report.lines())
    (by_hand,) = (one for one in report.outcomes if one.name == "agrees with hand")
    assert by_hand.left_out == {"not written by hand: its graph serves": 1}


def test_a_report_is_for_print_and_for_json():
    told = []
    model = load("layer_normalisation_with_gain")
    report = verify_model(model, model.sizes[0], progress=told.append)
    assert told[0] == "expansion"
    assert told[-1] == "symmetries"
    said = json.loads(json.dumps(report.as_json()))
    assert said["passed"] is True
    assert said["altered"]["refuted"] == said["altered"]["of"] > 100
    assert said["sizes"] == {"n": 2, "h": 3}
    assert "\n".join(report.lines()).count("holds") >= 6
    worse = replace(report, altered=Refuted().add("a law, doubled", refuted=False))
    assert not worse.passed
    assert "  SURVIVED a law, doubled" in worse.lines()
    assert not replace(report, outcomes=[]).passed


# ------------------------------------------------------------ each property fails


def outcome(report, name):
    (found,) = (one for one in report.outcomes if one.name == name)
    return found


def test_laws_of_another_loss_are_refuted():
    """Column sums are conserved where a loss sees differences alone."""
    model, _, found = expanded("relu_classifier")
    instance = Instance(model, model.sizes[0])
    said = claims(instance, found)
    of_any = verify_model(replace(model, loss="any"), model.sizes[0], said=said)
    assert not outcome(of_any, "exact drift").holds
    assert not outcome(of_any, "order one").holds
    assert not of_any.passed
    assert "FAILS" in "\n".join(of_any.lines())


def test_laws_of_another_class_of_data_are_refuted():
    model, instance, found = expanded("two_layer_linear_on_a_line")
    said = Claims(laws_with_rates(found, instance.rates, instance.weights).laws)
    assert verify_model(model, model.sizes[0], said=said).passed
    of_any = verify_model(replace(model, data="any"), model.sizes[0], said=said)
    assert not outcome(of_any, "exact drift").holds


def test_a_field_that_is_missing_is_noticed():
    _, instance, found = expanded("relu")
    drawn = problems("relu")
    whole = fold("", agreement.moves_along_fields(drawn, found, instance.names))
    less = fold("", agreement.moves_along_fields(drawn, found[1:], instance.names))
    assert whole.holds
    assert less.worst > 1e6


def test_another_network_by_hand_is_noticed():
    drawn = problems("relu")
    other = replace(drawn, forward=lambda w, x, frozen: 1.0001 * drawn.forward(w, x, frozen))
    _, instance, _ = expanded("relu")
    assert fold("", agreement.agrees_with_hand(drawn)).holds
    assert fold("", agreement.agrees_with_ring(drawn, instance)).holds
    assert not fold("", agreement.agrees_with_hand(other)).holds
    assert not fold("", agreement.agrees_with_ring(other, instance)).holds


@pytest.mark.parametrize("change", [1e-9, -1e-6, 1.0])
def test_a_small_change_of_a_coefficient_breaks_the_exact_drift(change):
    _, instance, found = expanded("linear_attention")
    law = quantities.of_polynomial(laws_of(instance, found)[0], instance.names)
    step = Step(problems("linear_attention"))
    assert has_exact_drift(step, law) < 1e-2
    changed = law.altered("a little", 0, float(law.coefficients[0]) * (1 + change))
    assert has_exact_drift(step, changed) > 10


def test_orders_are_those_of_their_definition():
    """A law falls with the step, what is none stays, what a step keeps is kept to rounding."""
    _, instance, found = expanded("relu")
    runs = Runs(problems("relu"))
    for law in laws_of(instance, found):
        one, other = changes(runs, quantities.of_polynomial(law, instance.names))[:2]
        assert 1.9 < one / other < 2.1
    square = quantities.of_polynomial({(0, 0): {(): fmpq(1)}}, instance.names)
    assert has_order_one(runs, square) > 5
    _, instance, found = expanded("relu_classifier")
    runs = Runs(problems("relu_classifier"))
    linear = [law for law in laws_of(instance, found) if all(len(m) == 1 for m in law)]
    assert len(linear) == 3  # columns of U, and biases behind it
    for law in linear:
        quantity = quantities.of_polynomial(law, instance.names)
        assert max(changes(runs, quantity)) < 1e-14
        assert has_order_one(runs, quantity) <= 1


def test_a_change_that_is_neither_small_nor_large_decides_nothing():
    runs = Runs(problems("relu"))
    _, instance, found = expanded("relu")
    law = quantities.of_polynomial(laws_of(instance, found)[0], instance.names)
    runs.states[3] = runs.states[0]
    assert has_order_one(runs, law) == float("inf")


def test_steps_are_halved_further_where_long_ones_say_nothing():
    runs = Runs(problems("relu"))
    _, instance, found = expanded("relu")
    law = quantities.of_polynomial(laws_of(instance, found)[0], instance.names)
    longest = runs.states[1]
    runs.states[1] = longest.at({n: 1.5 * value for n, value in longest.weights.items()})
    assert runs.halvings == 4
    assert has_order_one(runs, law) <= 1
    assert runs.halvings == 6


def test_matrix_laws_of_other_kinds_and_factors_are_refuted():
    model = load("two_layer_linear")
    (law,) = matrix_laws(model)
    (sizes, _) = other_sizes(model, model.sizes[0], 2)
    step = Step(draw(model, sizes, 8, 0, is_tame=False))
    assert has_exact_drift(step, quantities.of_matrices(law)) <= 1
    first, second = law.parts
    for wrong in (
        (first, replace(second, factor=-second.factor)),
        (replace(first, factor=2 * first.factor), second),
        (Part("U", "norm", first.factor), Part("V", "norm", first.factor)),
        (first,),
    ):
        assert has_exact_drift(step, quantities.of_matrices(MatrixLaw(wrong, None))) > 1e6
    named = {one.quantity.name for one in changed_of(law, model)}
    assert any(name.endswith("without rates") for name in named)
    assert len(named) == 5


def changed_of(law, model):
    return list(altered.of_matrices(law, quantities.of_matrices(law), model))


def test_a_product_with_another_exponent_is_refuted():
    _, instance, found = expanded("diagonal_classes")
    (product,) = claims(instance, found).products
    runs = Runs(problems("diagonal_classes"))
    assert has_order_one(runs, quantities.of_product(product)) <= 1
    (base, n), *rest = product.factors
    for wrong in (((base, n + 1), *rest), ((base, n - 1), *rest), ((base, -n), *rest)):
        changed = quantities.of_product(ProductLaw(tuple(wrong)))
        assert has_order_one(runs, changed) > 1


def test_what_is_a_law_again_is_no_alteration():
    """Of two weights that take no part, every combination is kept, and every product of powers."""
    model = Model(
        name="idle", title="two weights that take no part", source="own",
        layers={"a": Layer(), "b": Layer("n")}, inputs={"x": ()},
        output=lambda w, x, F: w.a * x.x, sizes=({"n": 2},),
    )  # fmt: skip
    instance = Instance(model, {"n": 2})
    _, *idle = Ring(instance.names, fields(instance)).generators
    product = ProductLaw(((idle[0], 1), (idle[1], -2)))
    said = Claims([{(1,): {(): fmpq(1)}, (2,): {(): fmpq(1)}}], [product])
    report = verify_model(model, {"n": 2}, said=said)
    assert report.passed
    assert (report.altered.of, report.altered.laws_again) == (0, 8)


# ------------------------------------------------------------ symmetries


def test_a_gate_feels_the_sign_of_its_argument():
    """The fields of a ReLU network keep their directions under signs that its outputs do not keep."""
    _, instance, found = expanded("relu")
    of_fields = sign_symmetries(found, instance.weights)
    assert len(of_fields) > len(sign_flips(instance)) == 0
    ratios = commute(problems("relu"), [flip(mask, instance.names) for mask in of_fields])
    assert min(ratios) > 1e6


def test_signs_of_odd_functions_are_not_lost_where_outputs_are_polynomials():
    _, instance, _ = expanded("cubic_any_data")
    flips = sign_flips(instance)
    assert len(flips) == 2
    ratios = commute(problems("cubic_any_data"), [flip(mask, instance.names) for mask in flips])
    assert max(ratios) <= 1


def test_an_order_of_one_layer_alone_is_refuted():
    model, _, _ = expanded("three_layer_linear", 1)
    drawn = problems("three_layer_linear", 1)
    exchanged = list(neurons(model, model.sizes[1]))
    assert [one.name for one in exchanged] == [
        "the first two of k exchanged", "the first two of h exchanged",
    ]  # fmt: skip
    assert max(commute(drawn, exchanged)) <= 1
    D = drawn_weights(drawn)
    places = torch.arange(D)
    places[[0, 1]] = places[[1, 0]]
    alone = Map("one pair", torch.eye(D, dtype=torch.float64)[places])
    assert commute(drawn, [alone])[0] > 1e6


def test_permutations_that_are_said_are_looked_at():
    """U (1, 2), V (2, 2): the two neurons exchanged, and U's weights alone."""
    model = load("two_layer_linear")
    for places, holds in (((1, 0, 4, 5, 2, 3), True), ((1, 0, 2, 3, 4, 5), False)):
        report = verify_model(model, model.sizes[1], said=Claims(permutations=[places]))
        assert outcome(report, "commutes").holds == report.passed == holds


def drawn_weights(drawn):
    return sum(value[0].numel() for value in drawn.weights.values())


def test_what_is_seen_from_outside_has_its_order():
    model = load("two_layer_linear")
    assert [one.name for one in neurons(model, {"n": 3, "h": 2, "m": 2})] == [
        "the first two of h exchanged"
    ]
    assert not list(neurons(model, {"n": 3, "h": 1, "m": 2}))
    assert not list(neurons(load("diagonal"), {"n": 3}))
    convolution = neurons(load("convolution"), {"n": 4, "k": 2, "c": 2})
    assert [one.name for one in convolution] == ["the first two of c exchanged"]


def test_a_rotation_of_a_hidden_layer_commutes_and_one_of_an_input_does_not():
    drawn = problems("two_layer_linear", 1)  # U (1, 2), V (2, 2)
    hidden = {(0, 1): 1, (1, 0): -1, (2, 4): 1, (4, 2): -1, (3, 5): 1, (5, 3): -1}
    wrong = {(2, 3): 1, (3, 2): -1, (4, 5): 1, (5, 4): -1}
    maps = [
        rotation({place: fmpq(c) for place, c in one.items()}, 6, "")
        for one in (hidden, {**hidden, (0, 1): 2, (1, 0): -2}, wrong)
    ]
    right, *others = commute(drawn, maps)
    assert right <= 1
    assert min(others) > 1e6


# ------------------------------------------------------------ rates and sizes


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("modular_addition", 7), ("modular_addition_classes", 13), ("residual_full", 3),
     ("residual", 0), ("two_layer_linear", 0)],
)  # fmt: skip
def test_rates_that_are_not_absorbed_are_not_divided_by(name, wrong):
    """Laws at unit rates are none of θ/√η there, and those with rates hold."""
    _, instance, found = expanded(name)
    step = Step(problems(name))
    plain = [absorbed(law, instance.rates) for law in polynomial_laws(found, instance.weights)]
    ratios = [
        [has_exact_drift(step, quantities.of_polynomial(law, instance.names)) for law in laws]
        for laws in (laws_of(instance, found), plain)
    ]
    assert max(ratios[0]) <= 1
    assert sum(ratio > 1e6 for ratio in ratios[1]) == wrong
    assert sum(ratio > 1 for ratio in ratios[1]) == wrong


def test_diagonals_of_a_hidden_layer_are_kept_where_its_matrix_is_not():
    model = load("relu")
    (law,) = diagonal_laws(model)
    (sizes, _) = other_sizes(model, model.sizes[0], 2)
    step = Step(draw(model, sizes, 8, 0, is_tame=False))
    assert has_exact_drift(step, quantities.of_matrices(law)) <= 1
    whole = quantities.of_matrices(MatrixLaw(law.parts, law.size))
    assert has_exact_drift(step, whole) > 1e6
    for changed in altered.of_matrices(law, quantities.of_matrices(law), model):
        assert has_exact_drift(step, changed.quantity) > 1e6


def test_other_sizes_are_other_and_those_of_listed_points_stay():
    for name in names():
        model = load(name)
        for sizes in other_sizes(model, model.sizes[0], 2):
            model.check(sizes)
            kept = {"p"} if model.data == "points" else set()
            same = {symbol for symbol, n in sizes.items() if n == model.sizes[0][symbol]}
            assert same == kept
