"""What all commands share: text shown as it stands, in any encoding, errors of bounded length."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from numeric.errors import InputError
from scripts import command

ROOT = Path(__file__).resolve().parents[2]
CASE = {"u0": [1], "W0": [[1]], "x": [1], "y": 2, "gamma": 1, "eta_u": 1, "eta_w": 1}


def start(module, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", f"scripts.{module}", *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "latin-1"])
@pytest.mark.parametrize("json_output", [False, True])
def test_a_stream_that_lacks_a_character_gets_its_escape(tmp_path, encoding, json_output):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE))
    flags = ["--json"] if json_output else []
    done = start("solve", str(path), *flags, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    if json_output:
        json.loads(done.stdout)
    else:
        assert r"\u221e" in done.stdout


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("solve", ["ζ.json"]), ("latex", ["ζ"]), ("audit", ["--claims", "ζ.toml"]), ("phase", ["ζ"])],
)
@pytest.mark.slow
def test_errors_in_any_encoding_are_one_line(module, arguments):
    done = start(module, *arguments, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("exactflow: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.isascii()


def test_help_in_ascii():
    done = start("audit", "--help", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "text", ["u[i]^2", "[bold]x[/bold]", "[/]", "[link=a]", ":smile: 3", "a\\[b]", "[red]"]
)
def test_text_is_shown_as_it_stands(capsys, text):
    from rich.table import Table

    table = Table("claim", "why")
    table.add_row(text, f"because of {text}")
    out = command.console()
    out.print(table)
    out.print(text)
    shown = capsys.readouterr().out
    assert shown.count(text) == 3


def test_no_command_makes_a_console_that_reads_markup():
    for path in (ROOT / "scripts").glob("*.py"):
        if path.name != "command.py":
            names = {n.id for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Name)}
            assert not names & {"Console", "rprint"}, path.name


@pytest.mark.parametrize("length", [1, 999, 1000, 1001, 10**6])
def test_lines_are_of_bounded_length(length):
    text = "a" * (length - 1) + "b"
    line = command.one_line(text)
    assert (line == text) == (length <= 1000)
    assert len(line) <= 1000
    assert line.endswith("b")


@pytest.mark.parametrize(
    "found",
    ["x" * 10**6, 10**5000, -(10**5000), ["x" * 1000] * 1000],
    ids=["text", "number", "negative", "list"],
)
def test_an_error_about_something_long_still_says_what_to_do(found):
    line = str(InputError("a" * 10**5, found, "a short one"))
    assert len(line) < 1000
    assert line.endswith("; expected a short one")


@pytest.mark.parametrize(
    "text", ["٣", "1" * 5000, "²", "1e3", ""], ids=["arabic", "long", "raised", "float", "empty"]
)
def test_whole_numbers_are_of_ascii_digits(text):
    import argparse

    with pytest.raises(argparse.ArgumentTypeError, match="a whole number"):
        command.whole(1, 10)(text)


@pytest.mark.parametrize(
    "arguments",
    [["x" * 10**5], ["--network", "x" * 10**5], ["a"] * 5000],
    ids=["formula", "network", "many"],
)
@pytest.mark.slow
def test_arguments_of_any_length_are_met_with_a_short_line(arguments):
    done = start("latex", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 1100
