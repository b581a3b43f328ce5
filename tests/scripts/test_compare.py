"""`compare` as a user runs it: what it prints, writes and checks. No time is asserted."""

from __future__ import annotations

import json

import pytest

from numeric.errors import InputError
from scripts import compare as command
from verify.measurements.riccati import errors, report
from verify.measurements.riccati.record import loads


@pytest.fixture
def compare(monkeypatch, tmp_path):
    """Of one δ and no λ, with pages elsewhere."""
    monkeypatch.setattr(errors, "DELTAS", ("1",))
    monkeypatch.setattr(errors, "LAMBDAS", ())
    monkeypatch.setattr(command, "PAGE", tmp_path / "riccati.md")
    monkeypatch.setattr(command, "RECORD", tmp_path / "riccati.json")
    return lambda *arguments: command.main([str(z) for z in arguments])


def test_it_prints_goals_errors_and_quotations(compare, capsys, tmp_path):
    assert compare("--starts", 1, "--seed", 3, "--json", tmp_path / "a.json") == 0
    said = capsys.readouterr().out
    assert "δ = 1" in said
    assert "2e-9 … 3e-8 (of δ = 1, 4)" in said
    assert "3-3-3, QQᵀ: each of 1000 times" in said
    found = loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (found.starts, found.seed, len(found.rows)) == (1, 3, 8)
    assert not command.PAGE.exists()


def test_a_record_is_written_checked_and_seen_changed(compare, capsys):
    with pytest.raises(InputError, match="a record"):
        compare("--check")
    assert compare("--starts", 1, "--write") == 0
    assert compare("--check") == 0
    kept = json.loads(command.RECORD.read_text(encoding="utf-8"))
    kept["rows"][2]["errors"]["residual"]["worst"] /= 1000  # of 300 scales
    command.RECORD.write_text(json.dumps(kept), encoding="utf-8")
    capsys.readouterr()
    assert compare("--check") == 1
    assert (
        "riccati.md is not its record's page; compare --write mends it" in capsys.readouterr().err
    )
    command.PAGE.write_text(command.page(command.read(command.RECORD)), encoding="utf-8")
    assert compare("--check") == 1
    assert "single neuron, 1, 300 scales: residual" in capsys.readouterr().err


def test_what_does_not_go_together_is_one_line(compare):
    with pytest.raises(InputError, match="expected one of them"):
        compare("--check", "--json", "a.json")


def test_the_last_block_is_the_table_of_all_rows(compare, capsys):
    """`show` leaves it out."""
    compare("--starts", 1)
    *_, title, table = report.page(command.measure(1, 0))
    assert (title.text, table.head[-1]) == ("All rows", "errors are from")
    assert "errors are from" not in capsys.readouterr().out
