"""Table 1 of the paper comes out of the derivation."""

import dataclasses

import pytest

from verify.papers.xu_ziyin import table_one


@pytest.mark.parametrize("entry", table_one.entries(), ids=lambda entry: entry.locus)
def test_every_entry_holds(entry):
    assert entry.holds, entry


def test_all_entries_are_there():
    found = table_one.entries()
    assert len(found) == 35
    assert sum(entry.unique for entry in found) == 15
    assert len({entry.locus for entry in found}) == 35


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("c_gamma", -2), ("phase", "learning"), ("star", 3), ("star_phase", "frozen"),
        ("plus", (0, 1)), ("plus", (2, -1)), ("minus", (1, -1)), ("minus", (0, 0)), ("c_d", 2),
    ],
)  # fmt: skip
def test_a_changed_entry_fails(monkeypatch, field, value):
    changed = dataclasses.replace(table_one.TABLE[0], **{field: value})
    monkeypatch.setattr(table_one, "TABLE", (changed,))
    assert not all(entry.holds for entry in table_one.entries())
