"""The record as text: a line per cell, every row in the document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from symbolic.writing import markdown
from symbolic.writing.document import Table
from verify.measurements.bench import report
from verify.measurements.bench.cells.registry import CELLS
from verify.measurements.bench.record import Verdict


def test_a_line_per_cell_with_a_goal(record):
    found = report.summary(record, CELLS)
    assert [row[0][:3] for row in found.rows] == ["(a)", "(d)", "(e)", "(f)"]
    assert [row[1:] for row in found.rows] == [
        ("≤ 0.8 × the formula typed by hand; ≤ 1.5 × one read of the weights",
         "0.5 … 3 (1 of 2); 1.5 (1 of 1)"),
        ("≤ 4 × its own value", "nothing yet (0 of 1, 1 not measured)"),
        ("≤ 1 × peers at equal error", "2 (1 of 2, 1 not at equal error)"),
        ("≤ 50 μs", "50 μs (1 of 1)"),
    ]  # fmt: skip


def test_every_row_is_in_the_document(record, defects_of):
    blocks = report.report(record, CELLS)
    assert defects_of(blocks) == []
    tables = [block for block in blocks if isinstance(block, Table)]
    assert sum(len(one.rows) for one in tables[1:]) == len(record.rows)
    first = dict(zip(tables[1].head, tables[1].rows[0], strict=True))
    assert first == {
        "network": "linear", "d": "10", "times": "1000", "against": "formula in numpy",
        "ours / peer": "3", "of turns": "2 … 4", "goal": "≤ 0.8", "met": "missed", "ours": "3 ms",
        "peer": "1 ms", "our error": "1.0e-16", "peer error": "1.0e-13", "our memory": "2.5 MB",
        "peer memory": "800 B",
    }  # fmt: skip
    text = markdown.render(blocks)
    assert "| tanh | 10 | 50 | LSODA | < 0.2 | 0.2 … 0.2 | ≤ 1 | met | 2 s | > 10 s |" in text
    assert "not there yet" in text
    assert r"a\*b" in text
    assert "Not installed: heyoka." in text
    assert "copied at 10 (9 … 11) GB/s" in text


def test_what_limits_us_is_said_where_a_goal_is_missed(record):
    limit = "the rest is Python"
    cells = {letter: replace(cell, limit=limit) for letter, cell in CELLS.items()}
    text = markdown.render(report.report(record, cells))
    missed = {row.cell for row in record.rows if row.verdict is Verdict.MISSED}
    assert 0 < text.count(f"Where a goal is missed: {limit}") == len(missed) < len(cells)


def test_columns_that_say_nothing_are_left_out(record):
    (row,) = (row for row in record.rows if row.cell == "h")
    assert report.table([row]).head == ("network", "d", "times", "ours", "remarks")


def test_the_readme_holds_the_table_between_its_marks(record):
    text = f"one\n{report.BEGIN}\nold\n{report.END}\ntwo\n"
    made = report.with_summary(text, record, CELLS)
    assert made.startswith(f"one\n{report.BEGIN}\n| [speed, quick run](figures/speed.png) | (a) ")
    assert made.endswith(f"|\n{report.END}\ntwo\n")
    assert "old" not in made
    assert report.with_summary(made, record, CELLS) == made
    whole = replace(record, options={"quick": False})
    assert "| [speed](figures/speed.png) | (a) " in report.with_summary(text, whole, CELLS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5e-5, "50 μs"), (9.99e-5, "100 μs"), (1e-4, "0.1 ms"), (0.0234, "23 ms"), (0.1, "0.1 s"),
     (12345.0, "1.2e+04 s"), (0.0, "0 μs")],
)  # fmt: skip
def test_times_in_units(seconds, words):
    assert report.duration(seconds) == words
