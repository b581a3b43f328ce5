"""A file of claims: each is judged, whatever the others are."""

import pytest

from numeric.errors import InputError
from verify.audit import judge
from verify.claims.claim import Verdict
from verify.claims.file import load


def test_a_file(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(
        '[[claim]]\nid = "a"\nstatement = "f_end = y"\n[[claim]]\nstatement = "f = f_0"\n'
    )
    first, second = load(path)
    assert (first.id, first.says, second.id) == ("a", "f_end = y", "claim-2")
    assert judge.judge(first).finding.verdict is Verdict.HOLDS
    found = judge.judge(second)
    assert found.finding.verdict is Verdict.FAILS
    assert not found.is_as_expected


GOOD = "[[claim]]\nid = 'good'\nstatement = 'f_end = y'\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id = 'a'", "no statement"),
        ("statement = 'f = y'\nfoo = 'x'", "the key 'foo'"),
        ("statement = 3", "keys with text"),
        ("statement = []", "keys with text"),
        ("id = 7\nstatement = 'f = y'", "keys with text"),
        ("says = 7", "keys with text"),
        ("id = ' '\nstatement = 'f = y'", "an empty id"),
        ("id = 'good'\nstatement = 'f = y'", "the id 'good' twice"),
        ("id = 'mine'\nstatement = 'f = '", "line 1, column 4: found the end"),
        ("statement = 'ff = y'", "the name 'ff'; expected f"),
        ("statement = ''", "found the end"),
        ("statement = 'u[7] = 1'", "u[7]; expected neurons up to 3"),
    ],
)
def test_one_bad_claim_leaves_the_others(tmp_path, text, words):
    path = tmp_path / "claims.toml"
    path.write_text(f"# a comment\n{GOOD}\n[[claim]]\n{text}\n{GOOD.replace('good', 'last')}")
    first, bad, last = load(path)
    assert [judge.judge(z, power=False).finding.verdict for z in (first, last)] == [
        Verdict.HOLDS
    ] * 2
    finding = judge.judge(bad).finding
    assert finding.verdict is Verdict.UNREADABLE
    assert words in finding.why
    assert (first.place, bad.place) == ("line 2, claim 1", "line 6, claim 2")
    assert len({first.id, bad.id, last.id}) == 3


def test_a_head_within_a_statement_gives_no_wrong_line(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text('[[claim]]\nstatement = """f = y\n[[claim]]\n"""\n' + GOOD)
    assert [z.place for z in load(path)] == ["claim 1", "claim 2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[claim]\n", "TOML"),
        ("", "[[claim]] tables"),
        ("x = 1", "[[claim]] tables"),
        ("claim = 3", "[[claim]] tables"),
        ("claim = []", "[[claim]] tables"),
        (f"x = {'[' * 100_000}", "TOML"),
        (f"x = {'1' * 5000}", "TOML"),
        (f"{'k' * 100_000} = 1", "[[claim]] tables"),
    ],
    ids=range(8),
)
def test_files_that_are_none(tmp_path, text, words):
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load(path)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="a readable TOML file"):
        load(tmp_path / "none.toml")
