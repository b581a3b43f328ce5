"""Every mutant of every derived formula is refuted, or proved to change nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from verify.oracle.problems import problems
from verify.oracle.reference import build_reference
from verify.properties.mutants import is_no_change, judge, judge_all, mutants


@pytest.fixture(scope="module")
def made():
    return program(derivation("linear"))


slow = pytest.mark.slow
PARTS = 4  # of the mutants of the linear network, none of which takes minutes


@pytest.mark.parametrize(
    ("name", "few", "most", "part", "parts"),
    [
        *(pytest.param("linear", 4, 600, part, PARTS, marks=slow) for part in range(PARTS)),
        pytest.param("quadratic", 1, 250, 0, 1, marks=slow),
        pytest.param("cubic", 1, 170, 0, 1, marks=slow), ("tanh", 1, 50, 0, 1),
        pytest.param("power4", 0, 50, 0, 1, marks=slow),
        pytest.param("swish", 0, 50, 0, 1, marks=slow), ("relu", 0, 30, 0, 1),
    ],
)  # fmt: skip
def test_every_mutant_dies(name, few, most, part, parts):
    """What is asserted of every part, every `parts`-th mutant, adds up to the same of all."""
    made = program(derivation("power" if name == "power4" else name))
    drawn = problems(few, seed=0, network=name)
    if (
        name != "linear"
    ):  # what kills a mutant is a neuron: a few do, and slow flows need not be made
        drawn = [p for p in drawn if p.name in NEURONS]
    reference = build_reference(drawn, limits=name == "linear", balls=name == "linear")
    some = itertools.islice(mutants(made), part, None, parts)
    verdicts = list(judge_all(reference, made, some))
    assert [str(verdict.mutant) for verdict in verdicts if verdict.survived] == []
    refuted = sum(verdict.refuted_by is not None for verdict in verdicts)
    by_value = sum(v.refuted_by is not None and v.refuted_by.cause == "property" for v in verdicts)
    assert refuted >= most / parts
    assert by_value >= 0.95 * refuted
    assert sum(verdict.is_no_change for verdict in verdicts) <= 0.05 * refuted


NEURONS = (
    "random", "c of every sign", "other rates", "c = 0, growing and dying", "c = 0, growing",
    "negative preactivations", "preactivations of both signs", "two targets at one input",
)  # fmt: skip


@pytest.mark.slow
def test_every_function_has_mutants(made):
    mutated = {mutant.function for mutant in mutants(made)}
    assert mutated == {function.name for function in made.functions}


def test_only_a_change_of_nothing_is_proved_to_be_none():
    # T is written with the square of a sine of half the angle.
    every = [m for m in mutants(program(derivation("quadratic"))) if m.function == "place"]
    (sign,) = (m for m in every if (m.symbol, m.change) == ("half", "sign"))
    (double,) = (m for m in every if (m.symbol, m.change) == ("half", "factor 2"))
    assert is_no_change(sign)
    assert not is_no_change(double)


def test_a_change_of_nothing_is_proved_of_structures_too():
    found = [m for m in mutants(program(derivation("quadratic"))) if m.function == "place"]
    (sign,) = (m for m in found if (m.symbol, m.change) == ("half", "sign"))
    (double,) = (m for m in found if (m.symbol, m.change) == ("half", "factor 2"))
    assert is_no_change(sign)
    assert not is_no_change(double)


def test_a_reference_that_the_original_violates_is_refused(made):
    reference = build_reference(problems(1, seed=0), limits=False)
    # The oracle is now off by one percent in time.
    off = [replace(case, time=1.01 * case.time) for case in reference.cases]
    with pytest.raises(ValueError, match="the original violates"):
        next(judge_all(replace(reference, cases=off), made))


@pytest.mark.slow
def test_a_survivor_is_reported(made):
    # Nothing to compare with: no mutant can be refuted, and none is passed.
    empty = replace(build_reference(problems(0, seed=0)[:1], limits=False), cases=[])
    (mutant,) = (
        m
        for m in mutants(made)
        if (m.function, m.change) == ("overlap", "sign") and m.symbol == "scale"
    )
    assert judge(empty, mutant).survived
