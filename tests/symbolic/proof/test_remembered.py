"""What is remembered is what would be found again: never that of another record."""

from __future__ import annotations

import copy

import pytest
from sympy import Symbol, sqrt

from symbolic.derivation import derivation
from symbolic.proof.remembered import remembered
from symbolic.warp.clock import Clock


def test_a_function_is_run_once_for_one_record_and_anew_for_its_equal():
    asked = []

    @remembered
    def look(record, name):
        asked.append(name)
        return getattr(record, name)

    clock = derivation("tanh")[Clock]
    other = copy.copy(clock)
    assert look(clock, "speed") is look(clock, "speed") is clock.speed
    assert asked == ["speed"]
    object.__setattr__(other, "speed", {})
    assert other.energy == clock.energy
    assert look(other, "speed") == {}
    assert look(clock, "energy") == clock.energy
    assert asked == ["speed", "speed", "energy"]


def test_expressions_are_told_apart_by_their_assumptions():
    root = remembered(lambda z: sqrt(z**2))
    free, positive = Symbol("z"), Symbol("z", positive=True)
    assert root(free) != free
    assert root(positive) == positive


def test_a_record_that_is_gone_is_not_mistaken_for_a_new_one():
    found = remembered(lambda record: record.energy)
    for k in range(50):
        made = copy.copy(derivation("tanh")[Clock])
        object.__setattr__(made, "energy", k)
        assert found(made) == k


def test_a_refusal_is_given_again():
    def refuse(z):
        raise ValueError(str(z))

    for _ in range(2):
        with pytest.raises(ValueError, match="7"):
            remembered(refuse)(7)
