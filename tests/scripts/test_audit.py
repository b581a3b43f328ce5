"""`run.py audit`."""

import json
from dataclasses import replace

import pytest

from numeric.errors import InputError
from scripts import audit as command
from verify.audit import bounded, judge
from verify.claims.equation import Definition
from verify.papers.paper import Paper, load, papers

PAPER = ("--paper", "xu_ziyin")
PATIENT = ("--seconds", "120")  # verdicts are asserted: they shall not depend on the machine


def run(capsys, *arguments):
    code = command.main(list(map(str, arguments)))
    return code, capsys.readouterr()


@pytest.mark.slow
def test_one_equation_as_json(capsys):
    code, said = run(capsys, *PAPER, "--only", "Eq. 7", "--json")
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
    code, said = run(capsys, *PAPER, "--only", "Cor. 2")
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
        options = ("--only", "w-of-p-q", "--no-mutants", "--report", path)
        code, _ = run(capsys, *PAPER, *options)
        assert code == 0
        assert path.read_text(encoding="utf-8").startswith(words)


def test_a_stale_report_is_seen(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ROOT", tmp_path)
    few = judge.select(load("xu_ziyin").claims(), "Eq. 1")
    monkeypatch.setattr(Paper, "claims", lambda paper: few)
    code, said = run(capsys, *PAPER, "--check")
    assert code == 1
    assert "mends it" in said.err
    run(capsys, *PAPER, "--report", tmp_path / "verify" / "reports" / "xu_ziyin.md")
    assert run(capsys, *PAPER, "--check")[0] == 0


def test_the_committed_report_is_not_stale(capsys, monkeypatch, judged):
    found = {one.claim.id: one for one in judged("xu_ziyin")}
    monkeypatch.setattr(judge, "judge", lambda claim, paper, power: found[claim.id])
    code, said = run(capsys, *PAPER, "--check", "--json")
    assert code == 0
    assert [one["id"] for one in json.loads(said.out)] == list(found)


def test_a_wrong_verdict_is_exit_code_1(capsys, monkeypatch):
    from verify.claims.claim import Verdict

    (claim,) = (c for c in load("xu_ziyin").claims() if c.id == "corollary-1")
    claims = [replace(claim, expected=Verdict.FAILS)]
    monkeypatch.setattr(Paper, "claims", lambda paper: claims)
    code, said = run(capsys, *PAPER)
    assert code == 1
    assert "(expected FAILS)" in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "Eq. 99"], "a place such as 'Eq. "),
        (["--report", "a.doc"], "ending in .md"),
        (["--check", "--no-mutants"], "all claims"),
        (["--check", "--only", "Eq. 7"], "all claims"),
        (["--paper", "xu"], "--paper: found 'xu'; expected .*xu_ziyin"),
        (["--paper", "xu_ziyin", "--claims", "a.toml"], "--paper: found --claims with it"),
        (["--seconds", "9"], "--seconds: found no --claims with it"),
        (["--seconds", "0", "--claims", "a.toml"], "--seconds: found 0.0; expected a time of"),
        (["--seconds", "nan", "--claims", "a.toml"], "--seconds: found nan; expected a time of"),
    ],
)
def test_bad_input(arguments, words):
    with pytest.raises(InputError, match=words):
        command.main(arguments)


@pytest.mark.slow
def test_a_file_of_ones_own(capsys):
    from scripts.command import ROOT

    code, said = run(
        capsys, "--claims", ROOT / "examples" / "claims.toml", "--no-mutants", "--json", *PATIENT
    )
    assert code == 1  # one of them is Eq. 54, which fails as printed
    found = {one["id"]: one["verdict"] for one in json.loads(said.out)}
    assert found == {
        "time-scale": "HOLDS", "output-without-width": "FAILS", "balance": "HOLDS", "norms": "HOLDS",
        "alignment-grows": "HOLDS", "alignment-end": "HOLDS",
    }  # fmt: skip


OWN = """
[[claim]]
id = "index"
statement = "sum(i, u[i]^2) = norm_u_2"
[[claim]]
id = "wrong [bold]"
says = ":x: [red]is[/red] u[1]"
statement = "u[1] = rho*u0[1]"
[[claim]]
id = "typo"
statement = "tc = 1"
[[claim]]
id = "norm"
statement = "P = rho"
"""


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(OWN)
    return path


@pytest.mark.slow
def test_claims_are_shown_as_they_are_written(capsys, own):
    code, said = run(capsys, "--claims", own, *PATIENT)
    assert code == 2
    for text in ("sum(i, u[i]^2) = norm_u_2", "wrong [bold]", ":x: [red]is[/red] u[1]", "tc = 1"):
        assert text in said.out
    assert "4 claims: 1 HOLDS, 2 FAILS, 1 UNREADABLE; changes refuted:" in said.out
    (line,) = said.err.splitlines()
    assert line.startswith(f"exactflow: {own}, line 9, claim 3 (typo) is not readable: ")
    assert line.endswith("found the name 'tc'; expected one of t_c, t")


@pytest.mark.parametrize(("given", "seconds"), [((), 6.0), (("--seconds", "0.5"), 0.5)])
def test_ones_own_claims_have_so_much_time(own, monkeypatch, given, seconds):
    had = []

    class Heard(bounded.Judges):
        def __call__(self, claim, power=True):
            had.append(self.seconds)
            return judge.judge(replace(claim, test=Definition("")))

    monkeypatch.setattr(bounded, "Judges", Heard)
    command.gather(command.arguments().parse_args(["--claims", str(own), *given]), None)
    assert had == [seconds] * 4


@pytest.mark.slow
def test_the_report_on_ones_own_claims_does_not_contradict_itself(own, defects_of):
    found = command.gather(
        command.arguments().parse_args(["--claims", str(own), "--no-mutants", *PATIENT]), None
    )
    from symbolic.writing import document, markdown
    from verify.audit.report import report

    blocks = report(found)
    text = markdown.render(blocks)
    assert defects_of(blocks) == []
    # No count of nothing, no rule for what was not done.
    assert "0 of 0" not in text
    assert "refute the change" not in text
    assert "printed" not in text
    # A symbol means what it means in the statements: ρ = ‖x‖.
    (symbols,) = (z for z in blocks if isinstance(z, document.Table) and z.head[0] == "symbol")
    meanings = dict(symbols.rows)
    assert meanings[r"$\rho$"] == "norm of the effective point, ‖x‖"
    assert meanings["$u_{1}(0)$"] == "second-layer weight of neuron 1 at the start"
    assert not [z for z in meanings.values() if "d₀" in z]
    assert "| UNREADABLE: not in the notation of claims | 1 |" in text
    # A statement stands there as it was written, and what is not decided says why.
    assert "* judged: `u[1] = rho*u0[1]`" in text
    assert "* judged: `tc = 1`\n* why: `line 1, column 1: found the name 'tc'; expected" in text
    assert "| index | `sum(i, u[i]^2) = norm_u_2` |" in text
    assert "### typo (UNREADABLE)" in text


@pytest.mark.slow
def test_changes_are_told_where_there_were_some(own):
    found = command.gather(
        command.arguments().parse_args(["--claims", str(own), "--only", "index", *PATIENT]), None
    )
    from symbolic.writing import markdown
    from verify.audit.report import report

    (one,) = found
    text = markdown.render(report(found))
    assert f"{one.mutants[0]} of {one.mutants[1]} refuted." in text
    assert "had to refute the change" in text


@pytest.mark.slow
def test_a_report_on_one_claim_that_holds_has_no_empty_part(tmp_path):
    from symbolic.writing.formats import RENDER
    from verify.audit.report import report

    path = tmp_path / "c.toml"
    path.write_text("[[claim]]\nstatement = 'f_end = y'")
    found = command.gather(
        command.arguments().parse_args(["--claims", str(path), "--no-mutants", *PATIENT]), None
    )
    for render in RENDER.values():
        text = render(report(found))
        for words in ("0 of 0", "What does not hold", "Symbols of the exact", "simpler or sharper"):
            assert words not in text


def test_help_names_every_paper():
    said = " ".join(command.arguments().format_help().split())
    assert f"which one: {', '.join(paper.name for paper in papers())}; the first published" in said
