"""Sizes: read by their own grammar, never evaluated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic.architecture.sizes import Size, SizeError


@pytest.mark.parametrize(
    ("text", "value"),
    [("n", 5), ("n-k+1", 4), ("2*k", 4), ("3k + 1", 7), ("1-n+3m", 17), (4, 4), (" n ", 5)],
)
def test_a_size_has_its_value(text, value):
    assert Size.of(text).at({"n": 5, "k": 2, "m": 7}) == value


@given(
    st.dictionaries(st.sampled_from("nkm"), st.integers(-9, 9), min_size=1),
    st.integers(-9, 9),
    st.fixed_dictionaries({name: st.integers(1, 50) for name in "nkm"}),
)
def test_what_is_written_reads_the_same(terms, constant, at):
    size = Size(tuple(sorted((s, c) for s, c in terms.items() if c)), constant)
    value = constant + sum(c * at[s] for s, c in terms.items())
    again = Size.of(str(size)) if size.terms or constant > 0 else size
    assert again == size
    if value >= 1:
        assert size.at(at) == value
    else:
        with pytest.raises(SizeError, match="at least 1"):
            size.at(at)


@pytest.mark.parametrize(
    "text", ["", "n k", "n*k", "__import__('os')", "n-", "0.5n", 0, -1, 1.5, True, None]
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(SizeError):
        Size.of(text)


def test_a_size_without_a_value_is_named():
    with pytest.raises(SizeError, match="no value for the size k"):
        Size.of("n-k").at({"n": 3})
