"""The notation of claims: what it reads, and how it says what it cannot."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims import grammar
from verify.claims.claim import Verdict
from verify.claims.grammar import ClaimError, parse
from verify.claims.user import Stated


@pytest.mark.parametrize(
    ("text", "column", "found", "expected"),
    [
        ("t_c == 1", 6, "'='", "= for an equation"),
        ("a = (b", 7, "the end", ")"),
        ("f + = 3", 5, "'='", "a number"),
        ("f", 2, "the end", "=, !=, <, <=, > or >="),
        ("f = y if", 9, "the end", "a name"),
        ("__import__('os') = 1", 1, "'_'", "a name"),
        ("f = y; f", 6, "';'", "if"),
        ("f = 1.", 6, "'.'", "+"),
    ],
)
def test_malformed_statements(text, column, found, expected):
    with pytest.raises(ClaimError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (1, column)
    said = str(caught.value)
    assert f"found {found}" in said
    assert expected in said.partition("; expected ")[2]


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("P**2 = P", 3, "^ for a power"),
        ("P == Q", 4, "= for an equation"),
        ("P ≤ Q", 3, "<="),
        ("P => Q", 4, ">="),
        ("P <> Q", 4, "!="),
        ("P² = Q", 2, "^2"),
        ("P·Q = Q", 2, "*"),
        ("y = −1", 5, "-"),
        ("|zeta| < 1", 1, "abs(...)"),
        ("√(P) = Q", 1, "sqrt(...)"),
        ("α = 1", 1, "the name alpha"),
        ("2*ζ = 1", 3, "the name zeta"),
        ("f = y && P > 0", 7, "and"),
        ("f = y when P > 0", 7, "if"),
        ("f = y for P > 0", 7, "if"),
        ("2 P = Q", 3, "*"),
        ("u[٣] = 1", 3, "a number"),
    ],
)
def test_what_others_write_is_told_as_it_is_written_here(text, column, expected):
    with pytest.raises(ClaimError) as caught:
        parse(text)
    assert caught.value.column == column
    assert expected in str(caught.value).partition("; expected ")[2].split(", ") or (
        str(caught.value).partition("; expected ")[2].startswith(expected)
    )


TERMS = 10_000


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("+".join(["P"] * TERMS) + f" = {TERMS}*P", True),
        ("-".join(["P"] * TERMS) + f" = -{TERMS - 2}*P", True),
        ("*".join(["1"] * TERMS) + " = 1", True),
        ("P" + "/1" * TERMS + " = P", True),
        ("-" * 2 * TERMS + "P = P", True),
        ("- " * (2 * TERMS + 1) + "P = P", False),
        ("(" * 5000 + "P" + ")" * 5000 + " = P", True),
        ("+".join(["P"] * TERMS) + f" = {TERMS - 1}*P", False),
    ],
    ids=["sum", "difference", "product", "quotient", "even", "odd", "brackets", "wrong"],
)
def test_long_statements_are_judged_as_short_ones(text, holds):
    assert Stated(text).judge().verdict is (Verdict.HOLDS if holds else Verdict.FAILS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P = " + "1" * 5000, "a number of 5000 digits"),
        ("P = 1." + "1" * 5000, "a number of 5002 digits"),
        ("u[" + "1" * 5000 + "] = 1", "a number of 5000 digits"),
        ("sqrt(" * 5000 + "P" + ")" * 5000 + " = P", "what is nested deeper"),
        ("P" + "^2" * 5000 + " = P", "what is nested deeper"),
        ("P" + "*(1+P" * 5000 + ")" * 5000 + " = P", "what is nested deeper"),
        ("P = " + " " * grammar.LONGEST, "characters"),
        ("x" * 10_000 + " = 1", "the name 'xxx"),
        ("P = 9^64^2^2", "the power"),
        ("((((9^64)^64)^64)^64)^64 = P", "a number of very many digits"),
        ("1/((((9^64)^64)^64)^64)^64 = P", "a number of very many digits"),
        ("P ++" + "y" * 10_000, "'+'"),
        ("P " + "y" * 10_000, "'yyy"),
    ],
    ids=range(13),
)
def test_what_is_too_long_is_refused_in_a_short_line(text, found):
    finding = Stated(text).judge()
    assert finding.verdict is Verdict.UNREADABLE
    assert found in finding.why
    assert len(finding.why) < 400


PIECES = st.sampled_from(
    ["P", "u[1]", "u[i]", "w[1,2]", "x[j]", "sum(i,", "(", ")", "+", "-", "*", "/", "^", "=", "<=", ">",
     "if", "and", "sqrt", "2", "0", "64", ",", " ", "[", "]", "**", "==", "α", "²", "#", "\n"]
)  # fmt: skip


@given(st.text(max_size=40) | st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_a_statement_or_an_error(text):
    said = "line 1, column 1: found it; expected nothing"
    try:
        parse(text)
    except ClaimError as error:
        said = str(error)
    assert re.fullmatch(r"line [1-9]\d*, column [1-9]\d*: found .+; expected .+", said, re.DOTALL)
