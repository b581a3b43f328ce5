"""Every mutant of the formulas behind the named models is refuted, or changes nothing."""

from __future__ import annotations

import functools
import random
from dataclasses import replace

import pytest

from numeric.generated.lifts import single_neuron
from verify.oracle.named.drawn import problems
from verify.oracle.named.reference import build_reference
from verify.properties.named import mutants
from verify.properties.named.judge import TRIED

FEW = 3  # mutants of a function that are tried fast


@pytest.fixture(scope="module")
def references():
    """The problems of each model that mutants are tried on; made when they are asked for."""

    @functools.cache
    def made(model):
        few = [p for p in problems(model, 0, 0) if p.name in TRIED[model]]
        assert {p.name for p in few} == set(TRIED[model])
        return build_reference(few, ends=False)

    return made


def assert_that_all_die(cases, some, least):
    verdicts = list(mutants.judge_all(cases, some))
    assert [str(one.mutant) for one in verdicts if one.survived] == []
    refuted = [one for one in verdicts if one.refuted_by]
    assert len(refuted) >= least
    assert len(verdicts) - len(refuted) <= 0.2 * len(verdicts)  # no change


@pytest.mark.parametrize(
    ("model", "least"), [("single_neuron", 100), ("deep_linear", 34), ("relu_neuron", 21)]
)
def test_every_mutant_dies(model, least, references):
    assert_that_all_die(references(model), None, least)


def test_a_few_mutants_of_every_clock_die(references):
    """Drawn of each function; those that change nothing are not drawn."""
    by_name = {}
    for one in mutants.mutants("chain"):
        by_name.setdefault(one.function, []).append(one)
    assert {*by_name, "simple"} == {*mutants.CLOCKS}  # a logarithm has no arithmetic
    draw = random.Random(0)
    some = [one for every in by_name.values() for one in draw.sample(every, FEW)]
    some = [one for one in some if not mutants.is_no_change(one)]
    assert_that_all_die(references("chain"), some, 0.9 * FEW * len(by_name))


@pytest.mark.slow
def test_every_mutant_of_every_clock_dies(references):
    assert_that_all_die(references("chain"), None, 650)


def test_only_what_has_the_same_values_is_no_change():
    by_change = {str(one): one for one in mutants.mutants("single_neuron")}
    same = by_change["single_neuron.lifted, / in moment * 1"]
    other = by_change["single_neuron.lifted, / in moment * 1 / 2"] if (
        "single_neuron.lifted, / in moment * 1 / 2" in by_change
    ) else by_change["single_neuron.lifted, sign of moment * 1 / 2"]  # fmt: skip
    assert mutants.is_no_change(same)
    assert not mutants.is_no_change(other)


def test_the_original_stands_again_after_a_mutant():
    original, mutant = single_neuron.law, next(mutants.mutants("deep_linear"))
    with mutants.standing(next(m for m in mutants.mutants("single_neuron") if m.function == "law")):
        assert single_neuron.law is not original
    assert single_neuron.law is original
    assert mutant.module.__name__.endswith("two_layer_linear")


def test_a_reference_that_the_original_violates_is_refused(references):
    cases = [replace(case, time=1.01 * case.time) for case in references("relu_neuron")]
    with pytest.raises(ValueError, match="the original violates"):
        next(mutants.judge_all(cases))


def test_a_survivor_is_one():
    """Nothing to compare with: no mutant can be refuted, and none is passed."""
    few = [p for p in problems("relu_neuron", 0, 0) if p.name == "none active"]
    mutant = next(m for m in mutants.mutants("relu_neuron") if not mutants.is_no_change(m))
    assert mutants.judge(build_reference(few, ends=False), mutant).survived
