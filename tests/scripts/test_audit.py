"""`run.py audit`."""

import json

import pytest

from numeric.errors import InputError
from scripts import audit as command
from verify import audit


def run(capsys, *arguments):
    code = command.main(list(map(str, arguments)))
    return code, capsys.readouterr()


def test_one_equation_as_json(capsys):
    code, said = run(capsys, "--only", "Eq. 7", "--json")
    assert code == 0
    found = {one["id"]: one for one in json.loads(said.out)}
    assert set(found) == {"u-of-p-q", "w-of-p-q"}
    one = found["w-of-p-q"]
    assert (one["locus"], one["verdict"], one["evidence"]) == ("Eq. 7", "FAILS", "proved")
    assert one["severity"] == "typo"
    assert "p_i(0)" in one["correction"]
    assert one["witness"]
    assert one["torch"]["with_correction"]
    assert {"printed", "note", "loci"} <= one.keys()
    assert found["u-of-p-q"]["mutants"]["refuted"] == found["u-of-p-q"]["mutants"]["of"] > 10


def test_the_table(capsys):
    code, said = run(capsys, "--only", "Cor. 2")
    assert code == 0
    assert "corollary" not in said.out
    assert "HOLDS" in said.out
    assert "1 claim: 1 HOLDS; changes refuted: 3 of 3" in said.out


def test_reports(capsys, tmp_path):
    for suffix, words in (
        (".md", "# An audit"),
        (".tex", r"\documentclass"),
        (".html", "<!doctype html>"),
    ):
        path = tmp_path / f"report{suffix}"
        code, _ = run(capsys, "--only", "Table 2: t_c", "--no-mutants", "--report", path)
        assert code == 0
        assert path.read_text(encoding="utf-8").startswith(words)


def test_a_stale_report_is_seen(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "REPORT", tmp_path / "report.md")
    few = audit.select(audit.claims(), "Eq. 1")
    monkeypatch.setattr(audit, "claims", lambda: few)
    code, said = run(capsys, "--check")
    assert code == 1
    assert "mends it" in said.err
    run(capsys, "--report", tmp_path / "report.md")
    assert run(capsys, "--check")[0] == 0


def test_a_wrong_verdict_is_exit_code_1(capsys, monkeypatch):
    from dataclasses import replace

    from verify.claim import Verdict

    claims = [replace(c, expected=Verdict.FAILS) for c in audit.claims() if c.id == "corollary-1"]
    monkeypatch.setattr(audit, "claims", lambda: claims)
    code, said = run(capsys)
    assert code == 1
    assert "(expected FAILS)" in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "Eq. 99"], "a place such as 'Eq. "),
        (["--report", "a.doc"], "ending in .md"),
        (["--check", "--no-mutants"], "all claims"),
        (["--check", "--only", "Eq. 7"], "all claims"),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(InputError, match=words):
        command.main(arguments)


def test_a_file_of_ones_own(capsys):
    from scripts.command import ROOT

    code, said = run(
        capsys, "--claims", ROOT / "examples" / "claims.toml", "--no-mutants", "--json"
    )
    assert code == 1  # one of them is Eq. 54, which fails as printed
    found = {one["id"]: one["verdict"] for one in json.loads(said.out)}
    assert found == {
        "time-scale": "HOLDS", "output-without-width": "FAILS", "balance": "HOLDS", "norms": "HOLDS",
        "alignment-grows": "HOLDS", "alignment-end": "HOLDS",
    }  # fmt: skip
