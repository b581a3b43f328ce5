"""Error lines: one line of bounded length, whatever was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.errors import InputError, one_line

BOUND = 1000


@given(st.text(max_size=3000), st.text(max_size=3000), st.text(max_size=3000))
def test_any_text_becomes_one_bounded_line(field, found, expected):
    line = str(InputError(field, found, expected))
    assert line.isprintable()
    assert len(line) <= BOUND


@pytest.mark.parametrize(
    "value",
    ["x" * 10**7, "\r\n" * 10**6, 10**5000, -(10**100_000), "💥" * 1000, "\ud800" * 500, None, []],
    ids=lambda value: type(value).__name__,
)
def test_values_of_any_length(value):
    line = str(InputError("y", value, "a number"))
    assert line.isprintable()
    assert len(line) <= BOUND
    assert line.startswith("y: found ")
    assert line.endswith("; expected a number")


def test_short_lines_are_not_touched_and_long_ones_keep_both_ends():
    assert str(InputError("W0[2][1]", 0.5, "a list")) == "W0[2][1]: found 0.5; expected a list"
    path = "/start/" + "folder/" * 100 + "case.json"
    shown = one_line(path, 60)
    assert len(shown) == 60
    assert shown.startswith("/start/")
    assert shown.endswith("/case.json")
    assert "…" in shown
    assert one_line("x" * 60, 60) == "x" * 60
