"""The 100 networks of a public notebook: their number, and that all are complete."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.rank import independent
from symbolic.writing import markdown
from verify.measurements.notebook import report
from verify.measurements.notebook.counts import Counted, at_all_sizes, counted, lines
from verify.measurements.notebook.networks import (
    LINEAR,
    NUMBER,
    PRINTED,
    RELU,
    RELU_WITH_BIAS,
    notebook_networks,
)

NETWORKS = notebook_networks()
PAGE = Path(report.__file__).parents[2] / "reports" / "notebook.md"


def written(model):
    """What the page says of a network, as if it had been counted."""
    (cells,) = (
        line.strip("| ").split(" | ")
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{model.name}` |")
    )
    _, _, weights, laws, rank, _ = cells
    return Counted(model, int(weights), int(laws), int(rank), seconds=0.0)


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
    assert replace(found, seconds=0.0) == written(model)
    sizes = list(model.sizes[0].values())
    if "relu" in model.name:  # a law for each hidden neuron
        assert found.laws == sum(sizes[1:-1])


@pytest.mark.parametrize("model", [m for m in NETWORKS if m.name.startswith("linear")][:9])
def test_laws_at_all_sizes_are_those_of_the_ansatz(model):
    D = model.number_of_weights(model.sizes[0])
    words = at_all_sizes(model)
    ansatz = polynomial_laws(fields(Instance(model, model.sizes[0])), D)
    assert len(words) == len(ansatz)
    assert independent(words, (), D) == independent(ansatz, (), D)


def test_lines_say_what_is_undecided():
    model = next(m for m in NETWORKS if list(m.sizes[0].values()) == [2, 4, 2])
    *each, total, memory = lines([model], lambda model: at_all_sizes(model)[1:])
    assert ["undecided" in line for line in each] == [True]
    assert total.startswith("linear: 0 of 1 complete in ")
    assert total.endswith(" of all 50 the notebook prints 34:23")
    assert memory.endswith(" MiB")
    assert replace(counted(model), rank=0).complete is False


def test_the_page_is_that_of_its_rows():
    """Of each row `test_the_count_is_complete` says whether it is right."""
    text = markdown.render(report.page(list(map(written, NETWORKS))))
    assert PAGE.read_text(encoding="utf-8") == text
    assert text.count("| yes |") == 2 * NUMBER
    assert "| relu | 50 of 50 | 1:53:11 |" in text


def test_what_is_printed_names_what_is_not_complete():
    model, other = NETWORKS[0], NETWORKS[-1]
    short = [Counted(model, 21, 6, 14, 1.25), Counted(other, 57, None, None, 60.0)]
    first, one, out_of_time, *rest = report.lines(short)
    assert first == "2 of 2 undecided:"
    assert "6 laws   14 rank  undecided: gap 1" in one
    assert "? laws    ? rank  undecided: gap ?" in out_of_time
    assert rest[0].startswith("linear: 0 of 1 complete in 1.2 s")
    assert [cells[-1] for cells in map(report.row, short)] == [
        "undecided: gap 1", "undecided: out of time",
    ]  # fmt: skip
    assert next(report.lines([Counted(model, 21, 6, 15, 1.0)])) == "all 1 complete"


def test_json_has_our_time_and_the_notebooks():
    found = report.as_json(
        [Counted(NETWORKS[0], 21, 6, 15, 0.5), Counted(NETWORKS[1], 35, 15, 19, 1.0)]
    )
    assert found["totals"] == {
        "linear": {
            "networks": 2, "complete": 1, "seconds": 1.5, "notebook_seconds_of_50": PRINTED["linear"],
        }
    }  # fmt: skip
    one, other = found["networks"]
    assert one["sizes"] == list(LINEAR[0])
    assert (one["independent"], one["lie_rank"], one["gap"], one["complete"]) == (6, 15, 0, True)
    assert (other["gap"], other["complete"]) == (1, False)
