"""What a loss's module states is torch's, and nothing else passes: formulas, edges and constants."""

from __future__ import annotations

import pytest
import sympy
from sympy import Abs, Piecewise, exp, log

from numeric import catalogue
from verify.properties.cells import are_same
from verify.properties.loss_mutants import altered_constants, judge_all, made, mutants, refuted
from verify.properties.losses import comparisons

LOSSES = catalogue.losses()
e = sympy.Symbol("e", real=True)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_torch_s(name):
    found = list(comparisons(catalogue.load_loss(name), name))
    assert len(found) >= 15
    assert max(ratio for _, ratio in found) <= 1


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.slow
def test_every_mutant_of_a_loss_dies_by_its_value(name):
    verdicts = judge_all(name)
    assert [str(one.mutant) for one in verdicts if one.survived] == []
    causes = [one.refuted_by.cause for one in verdicts if one.refuted_by]
    assert set(causes) == {"property"}
    assert len(causes) >= 15
    assert len(verdicts) - len(causes) <= 0.1 * len(verdicts)
    of = {one.mutant.function for one in verdicts}
    assert of == {function.name for function in made(name).functions}


@pytest.mark.parametrize("name", LOSSES)
def test_every_other_constant_is_refuted(name):
    found = [(words, refuted(name, module)) for words, module in altered_constants(name)]
    assert [words for words, violation in found if violation is None] == []
    assert len(found) >= 5


@pytest.mark.parametrize("name", LOSSES)
def test_another_loss_is_refuted(name):
    others = [one for one in LOSSES if one != name]
    assert all(refuted(name, catalogue.load_loss(one)) for one in others)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (Abs(e), Piecewise((e, e > 0), (-e, True)), True),
        (Piecewise((0, e < -1), (1, True)), Piecewise((0, e < -2), (1, True)), False),
        (Abs(e) + log(1 + exp(-2 * Abs(e))), log(exp(e) + exp(-e)), True),
        (Abs(e) + log(1 + exp(-2 * Abs(e))), log(exp(e) + exp(-2 * e)), False),
        (e, Abs(e), False),
    ],
)
def test_functions_with_branches_are_compared_cell_by_cell(one, two, same):
    assert are_same(one, two, e) == same


def test_edges_of_branches_are_among_what_is_changed():
    changes = {mutant.change for mutant in mutants(made("hinge"))}
    assert {"sign", "factor 2", "branches exchanged"} <= changes
    assert any("turned round" in change for change in changes)
