"""The 100 networks of a public notebook: their number, and that all are complete."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symbolic.laws.rank import independent
from verify.measurements.notebook.counts import at_all_sizes, by_ansatz, counted, lines
from verify.measurements.notebook.networks import LINEAR, RELU, RELU_WITH_BIAS, notebook_networks

NETWORKS = notebook_networks()


def test_there_are_50_and_50():
    assert [len(kind) for kind in (LINEAR, RELU, RELU_WITH_BIAS)] == [50, 23, 27]
    assert {len(dims) - 1 for dims in (*LINEAR, *RELU, *RELU_WITH_BIAS)} == {2, 3, 4}
    assert {n for dims in LINEAR for n in dims} == set(range(2, 6))
    assert {n for dims in (*RELU, *RELU_WITH_BIAS) for n in dims} == set(range(2, 10))
    assert len({model.name for model in NETWORKS}) == 100


@pytest.mark.parametrize("model", NETWORKS, ids=lambda model: model.name)
def test_the_count_is_complete(model):
    found = counted(model)
    assert found.complete
    sizes = list(model.sizes[0].values())
    if "relu" in model.name:  # a law for each hidden neuron
        assert found.laws == sum(sizes[1:-1])


@pytest.mark.parametrize("model", [m for m in NETWORKS if m.name.startswith("linear")][:9])
def test_laws_at_all_sizes_are_those_of_the_ansatz(model):
    D = model.number_of_weights(model.sizes[0])
    words, ansatz = at_all_sizes(model), by_ansatz(model)
    assert len(words) == len(ansatz)
    assert independent(words, (), D) == independent(ansatz, (), D)


def test_lines_say_what_is_undecided():
    model = next(m for m in NETWORKS if list(m.sizes[0].values()) == [2, 4, 2])
    *each, total, memory = lines([model], lambda model: at_all_sizes(model)[1:])
    assert ["undecided" in line for line in each] == [True]
    assert total.startswith("linear: 0 of 1 complete in ")
    assert memory.endswith(" MiB")
    assert replace(counted(model), rank=0).complete is False
