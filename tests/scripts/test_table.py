"""Whatever the width of the terminal and the number of digits: every row and every digit is shown."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric.cases.case import parse
from numeric.cases.solution import solve as evaluate
from scripts import phase, solve, table

ROOT = Path(__file__).resolve().parents[2]
CASES = {
    "linear": {
        "gamma": 1, "eta_u": "0.5", "eta_w": 2, "x": [1, "0.5"], "y": -1.5e-7,
        "u0": [0.3, "-0.2"], "W0": [[0.1, 0.2], [0.3, 0.4]],
    },
    "cubic": {
        "beta": 3, "gamma": 1, "eta_u": "0.5", "eta_w": 2, "x": [1], "y": -12345.678,
        "u0": [0.3], "W0": [["1e-3"]],
    },
}  # fmt: skip
TIMES = [Fraction(0), Fraction(1, 10), Fraction(1, 3)]
NAMES = ("t", "output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha")
KNOWN: dict[tuple[str, int | None], object] = {}


class Terminal(io.StringIO):
    """A stream that says it is a terminal, or not."""

    def __init__(self, is_terminal):
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal


def shown(call, columns, is_terminal=True):
    """What a call prints on a terminal of so many columns, without escapes."""
    stream, before = Terminal(is_terminal), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(columns)
    try:
        with contextlib.redirect_stdout(stream):
            call()
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


def words(text):
    return re.split(r"[\s│┃,\[\]]+", text)


def solution(name, digits):
    if (name, digits) not in KNOWN:
        KNOWN[name, digits] = evaluate(parse(CASES[name]), TIMES, digits)
    return KNOWN[name, digits]


@settings(max_examples=150)
@given(
    name=st.sampled_from(sorted(CASES)), columns=st.integers(40, 200),
    digits=st.none() | st.integers(1, 200), is_terminal=st.booleans(), weights=st.booleans(),
)  # fmt: skip
@example(name="linear", columns=80, digits=None, is_terminal=True, weights=False)
@example(name="linear", columns=80, digits=30, is_terminal=True, weights=False)
@example(name="linear", columns=40, digits=200, is_terminal=True, weights=True)
def test_every_number_is_there(name, columns, digits, is_terminal, weights):
    found = solution(name, digits)
    text = shown(lambda: solve.show(found, weights), columns, is_terminal)
    assert "…" not in text
    said = words(text)
    names = [n for n in NAMES if getattr(found, n) is not None]
    expected = [solve.text(value) for n in names for value in getattr(found, n)]
    expected += [solve.text(found.limit[n]) for n in names if n in found.limit]
    expected += ["∞", solve.text(found.t_c)]
    if weights:
        for u, W in [*zip(found.u, found.W, strict=True), (found.limit["u"], found.limit["W"])]:
            expected += [str(value) for value in u] + [str(value) for row in W for value in row]
    for number in set(expected):
        assert said.count(number) >= expected.count(number), (number, text)
    if not is_terminal or "┃" in text:  # one line per time
        for k, t in enumerate(found.t):
            row = [solve.text(getattr(found, n)[k]) for n in names]
            assert row in [words(line)[1:-1] for line in text.splitlines()], t
    else:  # one line per number
        for n in names[1:]:
            column = [words(line)[2] for line in text.splitlines() if words(line)[1:2] == [n]]
            assert column[: len(TIMES)] == [solve.text(value) for value in getattr(found, n)]
    if is_terminal and "┃" in text:
        assert max(map(len, text.splitlines()[:3])) <= columns


@settings(max_examples=60)
@given(columns=st.integers(1, 200), is_terminal=st.booleans())
def test_phases_are_shown_whole(tmp_path_factory, columns, is_terminal):
    path = tmp_path_factory.mktemp("case") / "case.json"
    path.write_text(json.dumps(CASES["linear"]))
    for arguments, pattern in (
        ([str(path)], r'"(\w+)": (-?\d[\d.e+-]*)'), (["--preset", "mup"], r'"(\w+)": "(-?[\d/]+)"'),
    ):  # fmt: skip
        as_json = shown(lambda a=arguments: phase.main([*a, "--json"]), 80, False)
        text = shown(lambda a=arguments: phase.main(a), columns, is_terminal)
        assert "…" not in text
        report = json.loads(as_json)
        numbers = report.get("numbers") or report["exponents"]
        for key, value in re.findall(pattern, json.dumps(numbers)):
            cell = value if "--preset" in arguments else f"{float(value):.10g}"
            assert [key, cell] in [words(line.strip("│ "))[:2] for line in text.splitlines()], text


def test_what_fits_is_a_table_and_what_does_not_is_lines():
    header, rows = ("name", "first", "second"), [("a[0]", "1" * 10, ":smile:"), ("b", "2", "")]

    def call():
        table.show(header, rows, last=("end", "3", "[bold]4"), title="of t[i]")

    needed = 4 + 10 + 7 + 3 * 3 + 1
    whole = shown(call, needed)
    assert "┃" in whole
    assert max(map(len, whole.splitlines())) == needed
    lines = shown(call, needed - 1)
    assert "┃" not in lines
    for text in (whole, lines, shown(call, 10, is_terminal=False)):
        for cell in ("a[0]", "1" * 10, ":smile:", "[bold]4", "of t[i]", "second"):
            assert cell in text
    assert lines.startswith(
        "of t[i]\nname = a[0]\n  first   1111111111\n  second  :smile:\nname = b\n"
    )


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_in_a_terminal(tmp_path, columns):
    (tmp_path / "case.json").write_text(json.dumps(CASES["linear"]))
    arguments = ["case.json", "--times", "0,0.1", "--digits", "40"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "TERM": "xterm"}
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "scripts.solve", *arguments], cwd=tmp_path, env=environment,
        stdout=theirs, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # what a terminal says at its end
        while part := os.read(ours, 65536):
            said += part
    os.close(ours)
    assert done.wait() == 0
    found = evaluate(parse(CASES["linear"]), [Fraction(0), Fraction(1, 10)], 40)
    for name in NAMES:
        for value in getattr(found, name):
            assert value in said.decode()
    assert "∞" in said.decode()
