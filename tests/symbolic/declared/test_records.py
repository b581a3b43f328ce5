"""Records of a declared network: each proves what it says, and refuses to say something else."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import replace
from functools import cache

import pytest
from flint import fmpq

from symbolic import declared as folder
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared import symmetries
from symbolic.declared.chain import ScalarChain
from symbolic.declared.count import Count
from symbolic.declared.fields import Fields
from symbolic.declared.gate_regions import Regions
from symbolic.declared.left import Left
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.mirror import MirrorFlow
from symbolic.declared.one_field import OneField
from symbolic.declared.polynomial_laws import PolynomialLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.reach import Reach
from symbolic.declared.recognised import Solvable
from symbolic.declared.separable_laws import SeparableLaws
from symbolic.declared.symmetries import Why
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.widths import EveryWidth
from symbolic.derivation import derive, made_in
from symbolic.laws.darboux import ProductLaw
from symbolic.models.shelf import load
from symbolic.proof.certificate import CertificateError, DoesNotApply


@cache
def derived(name, k=0):
    model = load(name)
    return derive(Instance(model, model.sizes[k]))


def refused(record, **changed):
    with pytest.raises(CertificateError):
        replace(record, **changed)


def test_a_whole_derivation():
    found = derived("two_layer_linear", 3)
    assert set(found) == made_in("declared") - {
        MirrorFlow, OneField, ProductLaws, Regions, ScalarChain, SeparableLaws, TwoLayer,
    }  # fmt: skip
    assert found.reasons == {
        MirrorFlow: "it has not one hidden unit between a number and a vector",
        OneField: "the outputs move weights along several fields",
        ProductLaws: "polynomial laws and the rank account for all weights",
        Regions: "there are no gates",
        ScalarChain: "U is no scalar",
    }
    count = found[Count]
    assert (count.weights, count.independent, count.rank, count.gap) == (8, 3, 5, 0)
    assert count.is_complete


def test_fields_that_do_not_span_the_gradients_are_refused():
    """No field of these is a combination of the others."""
    for name in ("lora", "relu", "relu_with_bias", "dora", "modular_addition", "linear_attention"):
        fields = derived(name)[Fields]
        for k in range(len(fields.generating)):
            refused(fields, generating=fields.generating[:k] + fields.generating[k + 1 :])


@pytest.mark.parametrize("name", ["lora", "residual_full", "modular_addition"])
def test_a_law_with_another_coefficient_or_rate_is_refused(name):
    record = derived(name)[PolynomialLaws]
    law = record.laws[0]
    for factors, coefficient in law.items():
        (powers, c), *_ = coefficient.items()
        refused(record, laws=({**law, factors: {powers: c * 2}}, *record.laws[1:]))
        if powers:
            other = tuple((rate, 2 * power) for rate, power in powers)
            refused(record, laws=({**law, factors: {other: c}}, *record.laws[1:]))
    refused(record, independent=record.independent + 1)


def test_laws_with_symbols_that_are_other_laws_are_refused():
    """All are annihilated: what is wrong is which law of those drawn they are said to be."""
    record = derived("lora")[PolynomialLaws]
    one, two, three = record.with_symbols
    assert replace(record, with_symbols=(one, None, three)).only_drawn == 1
    for others in ((two, two, three), (two, one, three), (one, one, three), (one, two, one)):
        with pytest.raises(CertificateError, match="are multiples of those drawn"):
            replace(record, with_symbols=others)


def test_matrix_laws_are_those_of_the_instance():
    record = derived("linear_attention")[MatrixLaws]
    first = record.laws[0]
    part = first.parts[0]
    wrong = replace(first, parts=(replace(part, factor=part.factor * 2), *first.parts[1:]))
    refused(record, laws=(wrong, *record.laws[1:]))
    diagonal = derived("relu")[MatrixLaws].diagonals[0]
    flipped = replace(
        diagonal, parts=tuple(replace(p, factor=abs(p.factor)) for p in diagonal.parts)
    )
    refused(derived("relu")[MatrixLaws], diagonals=(flipped,))


def test_laws_at_all_sizes_give_so_many_of_an_instance_and_no_more():
    for name, k, number in (("bilinear", 1, 4), ("convolution", 1, 3), ("relu_classifier", 0, 5)):
        record = derived(name, k)[MatrixLaws]
        assert record.independent == number
        refused(record, independent=number + 1)


def test_products_with_other_exponents_are_refused():
    record = derived("symmetric_factorisation", 1)[ProductLaws]
    (base, exponent), *rest = record.laws[0].factors
    refused(record, laws=(ProductLaw(((base, exponent * 2), *rest)), *record.laws[1:]))
    refused(record, independent=record.independent + 1)


def test_numbers_that_do_not_add_up_are_refused():
    reach, count, left = (derived("lora")[kind] for kind in (Reach, Count, Left))
    refused(reach, rank=reach.rank + 1)
    for name in ("weights", "independent", "rank", "gap"):
        refused(count, **{name: getattr(count, name) + 1})
    refused(left, at_least=left.at_least + 1)
    refused(left, at_most=left.at_least - 1)


def test_a_count_at_widths_of_which_this_is_one_is_this_one():
    record = derived("lora")[EveryWidth]
    (one,) = record.proved
    short = replace(record.count, rank=record.count.rank)
    assert one.start == 5
    refused(record, proved=(replace(one, checks=(replace(one.checks[0], laws=0),)),))
    assert short.is_complete


def test_what_no_symmetry_is_is_refused():
    record = derived("lora")[Why]
    one = record.symmetries.continuous[0]
    open_ = replace(one.certificates[0], verdict=derived_undecided())
    broken = replace(record.symmetries, continuous=(replace(one, certificates=(open_,)),))
    refused(record, symmetries=broken)


def test_permutations_need_no_continuous_symmetry():
    """u₁ tanh(w₁·x) and u₂ tanh(w₂·x) change places."""
    record = derived("tanh_any_data")[Why]
    assert not record.symmetries.continuous
    hidden, inputs = record.symmetries.permutations
    assert (hidden.words, inputs.words) == ("h: 1 with 2", "n: 1 with 2")
    assert hidden.images == (2, 3, 0, 1, 5, 4)
    signs, step = record.steps
    assert signs.proof.endswith("row 1 of W, column 1 of U; row 2 of W, column 2 of U.")
    assert step.proof.endswith("In words: h: 1 with 2; n: 1 with 2.")
    other = replace(hidden, images=(2, 3, 0, 1, 4, 5))
    refused(record, symmetries=replace(record.symmetries, permutations=(other, inputs)))
    flipped = (*record.symmetries.signs, record.symmetries.signs[0][:1])
    refused(record, symmetries=replace(record.symmetries, signs=flipped))
    alone = Model(
        name="tried", title="", source="own", layers={"a": Layer()}, inputs={"x": ()},
        output=lambda w, x, F: F.sigmoid(w.a * x.x),
    )  # fmt: skip
    with pytest.raises(DoesNotApply, match="no exchange and no change of signs"):
        symmetries.derive(Instance(alone, {}))


def derived_undecided():
    from symbolic.proof.verdict import Undecided

    return Undecided("somebody changed it")


def test_a_class_is_that_of_its_blocks():
    found = derived("diagonal")[Solvable]
    assert (found.kind, found.is_solved) == ("Riccati", True)
    assert derived("chain_3")[Solvable].kind == "separable, elliptic (genus 1)"
    assert not derived("chain_3")[Solvable].is_solved
    assert derived("chain_3")[Solvable].is_solved_in_warp
    assert derived("chain_3")[Solvable].how_far.startswith("solved in warped time")
    assert not derived("convolution")[Solvable].is_solved_in_warp
    assert "no polynomials" in derived("relu").reasons[Solvable]


def test_one_block_with_a_solution_does_not_solve_the_other():
    """A product a b has a solution in time; of d² e³ a curve is known, and no more."""
    model = Model(
        name="tried", title="tried", source="own", inputs={"x": (), "z": ()},
        layers={name: Layer(rate="eta") for name in "abde"},
        output=lambda w, x, F: w.a * w.b * x.x + w.d * w.d * w.e * w.e * w.e * x.z,
    )  # fmt: skip
    found = derive(Instance(model, {}), wanted={Solvable})[Solvable]
    assert found.kind == "separable, elementary (genus 0) and Riccati"
    assert [block.solution is not None for block in found.recognition.blocks] == [False, True]
    assert not found.is_solved
    assert not found.is_solved_in_warp
    assert found.how_far == "without a solution in time here"


def test_where_there_is_no_class_from_any_start_there_is_one_on_aligned_modes():
    found = derived("cp_tensor")[Solvable]
    assert found.kind.startswith("none of the solvable classes searched (fields or outputs")
    assert found.kind.endswith("; on aligned modes: separable, elliptic (genus 1)")
    assert not found.is_solved
    assert found.how_far.startswith("solved in warped time")
    assert derived("two_layer_linear", 3)[Solvable].aligned is None
    claims = [one.claim for one in found.certificates]
    assert "weights off the diagonals stay 0" in claims
    titles = [step.law for step in found.steps]
    assert titles == [
        "Aligned modes",
        *(f"On aligned modes, block {k}: separable, elliptic (genus 1)" for k in (1, 2)),
    ]
    open_ = replace(found.aligned.certificates[0], verdict=derived_undecided())
    refused(found, aligned=replace(found.aligned, certificates=(open_,)))


def test_attention_is_a_chain_on_aligned_modes_of_symmetric_data():
    found = derived("linear_attention")[Solvable]
    assert "white data do not fix their moments" in found.kind
    assert found.kind.endswith("on aligned modes of symmetric data: separable, elliptic (genus 1)")
    assert not found.is_solved
    assert not found.is_solved_in_warp
    assert found.how_far.startswith("solved in warped time")
    assert "white data do not fix" in derived("two_heads").reasons[Solvable]


def test_why_there_is_no_class_is_said():
    reason = derived("linear_recurrence").reasons[Solvable]
    assert "not linear in the quadratic invariants" in reason
    assert reason.endswith("on aligned modes: modes that meet on the diagonals")


def declared(output, data="any", **more):
    return Model(
        name="tried", title="tried", source="own", data=data,
        layers={"W": Layer("h", "n", rate="eta_W"), "U": Layer("h", rate="eta_U")},
        inputs={"x": ("n",)}, output=output, **more,
    )  # fmt: skip


def test_nothing_is_claimed_where_what_is_assumed_is_seen_to_fail():
    """A function of what a gate shuts is a number there."""
    model = declared(lambda w, x, F: w.U @ F.tanh(F.relu(w.W @ x.x)))
    found = derive(Instance(model, {"n": 2, "h": 1}))
    assert found[Count].wrong
    assert not found[Count].is_complete
    assert EveryWidth not in found


def test_gates_that_are_tied_have_counts_by_region_and_no_claim_at_every_width():
    """On a line the gates of two neurons are those of their weights: one may tell the other."""
    model = declared(lambda w, x, F: w.U @ F.relu(w.W @ x.x), data="line")
    found = derive(Instance(model, {"n": 2, "h": 2}), wanted={Count, EveryWidth})
    assert found[Count].is_complete
    assert [one.number for one in found[Regions].others] == [5]
    assert "are tied" in found.reasons[EveryWidth]


def test_rates_that_are_not_absorbed_stand_in_the_laws():
    """d/dt of Σ (W + W²/2) rows and columns: the affine Gram law, by hand at n = 1."""
    found = derived("residual_full")[PolynomialLaws]
    assert not found.is_absorbed
    names = found.fields.instance.names
    law = found.laws[0]
    i, j = names.index("W1_11"), names.index("W2_11")
    (one,), (other,) = law[i,].items(), law[i, i].items()
    assert one[0] == other[0] == (("eta_1", -1),)
    assert one[1] == 2 * other[1] == -2 * law[j, j][(("eta_2", -1),)]
    assert found.missed == 0


def test_a_stage_may_be_refused_from_outside_and_what_needs_it_says_why():
    def stop(stage):
        if stage == "reach":
            raise DoesNotApply("not reached in 1 s")

    model = load("lora")
    found = derive(Instance(model, model.sizes[0]), stop)
    assert PolynomialLaws in found
    assert found.reasons[Reach] == "not reached in 1 s"
    assert found.why(Count) == "it needs reach, and not reached in 1 s"


def test_two_rates_meet_in_a_law_over_the_root_of_their_product():
    """F = a·x with a tied to two layers: u and v move alike, over √(η_u η_v) their product."""
    record = derived("diagonal_classes")[ProductLaws]
    (law,) = record.laws
    assert sorted(n for _, n in law.factors) == [1, 1, 1]
    assert all(c in (fmpq(1), fmpq(-1)) for base, _ in law.factors for c in base.coeffs())


def test_the_table_of_stages_has_all_of_them():
    modules = {one.name for one in pkgutil.iter_modules(folder.__path__)}
    stages = {
        name
        for name in modules
        if hasattr(importlib.import_module(f"{folder.__name__}.{name}"), "derive")
    }
    assert set(re.findall(r"^\| `(\w+)`", folder.__doc__, re.MULTILINE)) == stages
