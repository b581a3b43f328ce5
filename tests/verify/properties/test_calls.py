"""Of a mutant only what calls its function is asked, and the verdict is that of asking everything."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from verify.oracle.problems import problems
from verify.oracle.reference import build_reference
from verify.properties import check, descent, laws, mutants, neurons, symmetry
from verify.properties.calls import calls

FEW = ("random", "y = 0")
CHANGED = ("strength", "alignment_slope", "time_to_loss", "velocity_u", "conserved")


@pytest.fixture(scope="module")
def made():
    whole = program(derivation("linear"))
    return replace(whole, functions=tuple(f for f in whole.functions if f.name in CHANGED))


@pytest.fixture(scope="module")
def reference():
    drawn = [p for p in problems(1, seed=0, network="linear") if p.name in FEW]
    assert len(drawn) == len(FEW)
    return build_reference(drawn, limits=False, balls=False)


@pytest.fixture(scope="module")
def called(reference):
    return calls(reference)


def asked_of(called, function):
    """Properties that are asked of some problem where a function is changed."""
    concerns = called.concern(function)
    return {one for one, _ in called.names if any(concerns(one, case) for case in called.cases)}


def test_verdicts_are_those_of_asking_everything(reference, made, called):
    each = (replace(made, functions=(function,)) for function in made.functions)
    some = [one for part in each for one in itertools.islice(mutants.mutants(part), 2)]
    assert {mutant.function for mutant in some} == {*CHANGED}
    alone = [mutants.judge(reference, mutant) for mutant in some]
    assert [mutants.judge(reference, mutant, called) for mutant in some] == alone
    refuting = {one.refuted_by.where.partition(":")[0] for one in alone if one.refuted_by}
    assert len(refuting) >= 4  # so of some, what comes before was not asked


def test_a_function_concerns_what_calls_it(called):
    field, law = neurons.has_the_measured_field, laws.keeps_its_laws
    assert asked_of(called, "velocity_u") >= {field}
    assert law not in asked_of(called, "velocity_u")
    assert asked_of(called, "conserved") >= {law}
    assert field not in asked_of(called, "conserved")
    assert asked_of(called, "no such function") == set()


def test_what_an_earlier_property_has_left_in_a_flow_hides_no_call(called):
    """Each of them makes a flow, and so computes its constants anew."""
    flows = {descent.agrees_with_descent, descent.starts_at_the_start, symmetry.composes}
    assert asked_of(called, "constants") >= flows


def test_where_the_original_does_not_pass_every_mutant_is_asked(reference):
    off = [replace(case, time=1.01 * case.time) for case in reference.cases]
    called = calls(replace(reference, cases=off))
    concerns = called.concern("no such function")
    assert all(concerns(descent.agrees_with_descent, case) for case in off)
    assert not any(concerns(neurons.has_the_measured_field, case) for case in off)


def test_the_original_has_all_the_time_that_it_needs(reference, made, monkeypatch):
    """Its machine code may have to be compiled first."""
    monkeypatch.setattr(check, "within", lambda seconds: pytest.fail("the original is timed"))
    assert list(mutants.judge_all(reference, made, [])) == []
