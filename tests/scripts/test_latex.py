"""`latex`: one formula, the list, the document, and what happens without or with a failing TeX."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from numeric.errors import InputError
from scripts import latex as command
from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from symbolic.writing.formulas import formulas

ROOT = Path(__file__).resolve().parents[2]


def printed(capsys, *arguments):
    assert command.main(list(arguments)) == 0
    return capsys.readouterr().out


def test_one_formula(capsys):
    text, _, where = printed(capsys, "alignment").partition("\n")
    # ζ = overlap / sqrt(Gram + overlap²), in whatever order.
    overlap = r"(u\cdot\omega)"
    assert text.startswith(r"\zeta = \frac{" + overlap + "}{")
    assert "G" in text
    assert overlap + "^{2}" in text
    assert text.count("{") == text.count("}")
    # And what its symbols are, in comments.
    lines = where.splitlines()
    assert lines[0] == "% where"
    assert all(line.startswith("%   ") for line in lines[1:])
    assert any(line.split()[1] == "G" and "conserved" in line for line in lines[1:])
    assert any(line.split()[1] == r"\zeta" and "alignment" in line for line in lines[1:])


def test_one_formula_as_a_document(capsys, tmp_path, fake_tex):
    path = tmp_path / "alignment.tex"
    assert printed(capsys, "alignment", "--output", str(path), "--pdf").splitlines() == [
        str(path), str(path.with_suffix(".pdf")),
    ]  # fmt: skip
    text = path.read_text(encoding="utf-8")
    assert text.startswith("\\documentclass")
    assert r"\begin{align*}" in text
    assert "$G$ & " in text
    assert path.with_suffix(".pdf").read_bytes() == b"second"


@pytest.fixture
def written_once(monkeypatch):
    """The formulas of the linear network, which every call of the command would write anew."""
    made = program(derivation("linear"))
    found = list(formulas(made))
    monkeypatch.setattr("symbolic.codegen.evaluators.program", lambda derived: made)
    monkeypatch.setattr("symbolic.writing.formulas.formulas", lambda given: found)


def test_the_list_the_json_and_the_single_formulas_agree(capsys, written_once):
    rows = json.loads(printed(capsys, "--json"))
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names)
    assert {
        "residual",
        "loss",
        "alignment",
        "norm_u",
        "norm_W",
        "weight_u.up",
        "time_scale",
    } <= set(names)
    listed = [line.split(maxsplit=1) for line in printed(capsys, "--list").splitlines()]
    assert listed == [[row["name"], row["meaning"]] for row in rows]
    for row in rows:
        first, *comments = printed(capsys, row["name"]).splitlines()
        assert first == row["latex"]
        where = comments.index("% where")
        assert [z.removeprefix("%   ") for z in comments[1:where]] == row["definitions"]
        assert comments[: min(1, where)] == ["% with"] * bool(where)
        told = [line.removeprefix("%   ").rsplit("  ", 1) for line in comments[where + 1 :]]
        assert [(z.strip(), words) for z, words in told] == [
            (z["latex"], z["meaning"]) for z in row["where"]
        ]
        assert row["latex"].count("{") == row["latex"].count("}")
        assert row["latex"].count(r"\left") == row["latex"].count(r"\right")
        assert "=" in row["latex"]
    (one,) = json.loads(printed(capsys, "alignment", "--json"))
    assert one in rows


def test_a_formula_brings_what_it_is_written_in(capsys):
    rows = {row["name"]: row for row in json.loads(printed(capsys, "--json"))}
    before = rows["residual"]["definitions"]
    # Each is given before it is used, down to rates and time; what is not used is not there.
    lefts = [text.split(" = ")[0] for text in before]
    assert lefts == [r"\lambda", "B", "R", "E", r"\tau", "D", "N", r"\varrho"]
    assert rows["constants.lam"]["definitions"] == []
    meanings = [row["meaning"] for row in rows.values()]
    assert len([m for m in meanings if m.startswith("The state at time")]) <= 1


@pytest.mark.parametrize(
    ("name", "near"), [("rho", "'strength'"), ("alignmet", "'alignment'"), ("momentum", None)]
)
def test_a_hint_only_where_it_is_close(name, near):
    with pytest.raises(InputError) as caught:
        command.main([name])
    expected = caught.value.expected
    assert expected == "a name from --list" + (f", perhaps {near}" if near else "")


def test_the_document_is_written_whole(capsys, tmp_path):
    path = tmp_path / "new" / "paper.tex"
    assert printed(capsys, "--output", str(path)) == f"{path}\n"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("\\documentclass")
    assert text.rstrip().endswith("\\end{document}")
    assert text.count("\\begin{") == text.count("\\end{")
    assert [p.name for p in path.parent.iterdir()] == ["paper.tex"]
    # What the derivation proves is in it: the formula above, and the network it is of.
    alignment = json.loads(printed(capsys, "alignment", "--json"))[0]["latex"]
    assert alignment.partition("=")[0].strip() in text


@pytest.mark.parametrize(
    ("network", "loss", "steps"),
    [
        ("linear", "logistic", ["Loss", "No elementary time for a loss of exponentials"]),
        ("linear", "hinge", ["Loss", "Elapsed time at a constant speed"]),
        ("cubic", "quartic", ["Loss", "Elapsed time by a rational integral"]),
    ],
)
@pytest.mark.slow
def test_the_document_under_a_loss_has_its_slope_and_its_time(
    network, loss, steps, capsys, tmp_path
):
    path = tmp_path / "paper.tex"
    compiles = shutil.which("pdflatex") is not None
    options = ["--network", network, "--loss", loss, "--output", str(path)]
    said = printed(capsys, *options, *(["--pdf"] if compiles else []))
    assert said.splitlines()[0] == str(path)
    text = path.read_text(encoding="utf-8")
    laws = re.findall(r"\\subsection\{Step \d+\. (.+?)\}", text)
    assert set(steps) <= set(laws)
    assert "The loss has no factor" not in text
    assert r"$\ell$ & loss of the output" in text
    assert "mean squared error" not in text
    assert text.count("\\begin{") == text.count("\\end{")
    assert path.with_suffix(".pdf").exists() == compiles


def test_an_unknown_loss_is_met_with_the_nearest():
    with pytest.raises(InputError) as caught:
        command.main(["--loss", "logistik"])
    assert (caught.value.field, caught.value.found) == ("--loss", "logistik")
    assert caught.value.expected.startswith("'logistic', perhaps")


def test_an_unknown_formula_is_met_with_the_nearest():
    with pytest.raises(InputError) as caught:
        command.main(["alignmnt"])
    assert (caught.value.field, caught.value.found) == ("formula", "alignmnt")
    assert "'alignment'" in caught.value.expected


def test_an_unknown_network_is_met_with_those_there_are():
    with pytest.raises(InputError) as caught:
        command.main(["--network", "octic"])
    assert (caught.value.field, caught.value.found) == ("--network", "octic")
    assert "linear" in caught.value.expected


def test_a_missing_tex_is_said(monkeypatch, tmp_path):
    (tmp_path / "a.tex").write_text("x")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError) as caught:
        command.compile_pdf(tmp_path / "a.tex")
    assert caught.value.field == "pdflatex"
    assert "texlive-latex-base" in caught.value.expected


FAKE_TEX = """#!{python}
import pathlib, sys
folder, source = pathlib.Path(sys.argv[-2]), pathlib.Path(sys.argv[-1])
text = source.read_text()
if "mistake" in text:
    print("This is TeX\\n! Undefined control sequence.\\nl.1 mistake")
    sys.exit(1)
earlier = folder / (source.stem + ".aux")
(folder / (source.stem + ".pdf")).write_bytes(b"second" if earlier.exists() else b"first")
(folder / (source.stem + ".log")).write_text("Overfull \\\\hbox (3pt too wide)\\nfine\\n")
earlier.touch()
"""


@pytest.fixture
def fake_tex(tmp_path, monkeypatch):
    """A pdflatex that tells its first run from its second."""
    program = tmp_path / "bin" / "pdflatex"
    program.parent.mkdir()
    program.write_text(FAKE_TEX.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return tmp_path


def test_the_pdf_is_that_of_the_second_run_and_overfull_lines_are_told(fake_tex, capsys):
    source = fake_tex / "paper.tex"
    source.write_text("good")
    assert command.compile_pdf(source) == fake_tex / "paper.pdf"
    assert (fake_tex / "paper.pdf").read_bytes() == b"second"
    assert capsys.readouterr().err == "exactflow: Overfull \\hbox (3pt too wide)\n"
    assert sorted(p.name for p in fake_tex.iterdir()) == ["bin", "paper.pdf", "paper.tex"]


def test_an_error_of_tex_is_told_and_leaves_no_pdf(fake_tex):
    source = fake_tex / "paper.tex"
    source.write_text("mistake")
    with pytest.raises(InputError) as caught:
        command.compile_pdf(source)
    assert "Undefined control sequence" in caught.value.found
    assert "\n" not in str(caught.value)
    assert not (fake_tex / "paper.pdf").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["--network", "octic"], "--network"), (["--nothing"], "--nothing"), (["a", "b"], "b")],
)
def test_bad_arguments_are_one_line_and_code_2(arguments, named, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.latex", *arguments],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []
