"""Every mutant of every derived formula is refuted, or proved to change nothing."""

from __future__ import annotations

import pytest

from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from verify.mutants import is_no_change, judge, judge_all, mutants
from verify.problems import problems
from verify.reference import build_reference


@pytest.fixture(scope="module")
def made():
    return program(derivation("linear"))


def test_every_mutant_dies(made):
    verdicts = list(judge_all(build_reference(problems(8, seed=0)), made))
    assert [str(verdict.mutant) for verdict in verdicts if verdict.survived] == []
    refuted = sum(verdict.refuted_by is not None for verdict in verdicts)
    assert refuted >= 600
    assert sum(verdict.is_no_change for verdict in verdicts) <= 0.05 * refuted


def test_every_function_has_mutants(made):
    mutated = {mutant.function for mutant in mutants(made)}
    assert mutated == {function.name for function in made.functions}


def test_only_a_change_of_nothing_is_proved_to_be_none(made):
    by_name = {str(mutant): mutant for mutant in mutants(made) if mutant.function == "loss"}
    (sign,) = (m for m in by_name.values() if (m.symbol, m.change) == ("residual", "sign"))
    (double,) = (m for m in by_name.values() if (m.symbol, m.change) == ("residual", "factor 2"))
    assert is_no_change(sign)
    assert not is_no_change(double)


def test_a_reference_that_the_original_violates_is_refused(made):
    reference = build_reference(problems(1, seed=0), limits=False)
    reference.times[:] *= 1.01  # the oracle is now off by one percent in time
    with pytest.raises(ValueError, match="the original violates"):
        next(judge_all(reference, made))


def test_a_survivor_is_reported(made):
    # Nothing to compare with: no mutant can be refuted, and none is passed.
    empty = build_reference(problems(0, seed=0)[:1], limits=False)
    empty = type(empty)(
        [], empty.rates[:0], empty.times[:0], [], [], [], [], [], empty.rates[:0], []
    )
    (mutant,) = (
        m
        for m in mutants(made)
        if (m.function, m.change) == ("overlap", "sign") and m.symbol == "scale"
    )
    assert judge(empty, mutant).survived
