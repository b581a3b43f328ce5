"""`bench` as a user runs it: what it writes and prints, one line for bad input. No time is asserted."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bench as command
from verify.measurements.bench import report
from verify.measurements.bench.cells import precision, warped
from verify.measurements.bench.cells.registry import CELLS
from verify.measurements.bench.record import Point, Row, Verdict, loads
from verify.measurements.bench.setting import Setting
from verify.measurements.bench.timing import Turns

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(tmp_path):
    """Runs `bench` in an empty folder."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "scripts.bench", *arguments],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_a_tiny_run(bench, tmp_path):
    done = bench(
        *["--quick", "--largest", "10", "--cells", "f,a", "--json", "a.json", "--plot", "a.svg"]
    )
    assert done.returncode == 0, done.stderr
    found = loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert [(row.cell, row.network, row.width) for row in found.rows] == [
        ("a", "linear", 10), *(("f", z, 10) for z in ("linear", "cubic", "tanh", "relu")),
    ]  # fmt: skip
    for row in found.rows:
        assert 0 < row.ours.least <= row.ours.median <= row.ours.most
        assert row.verdict.value in {"met", "missed", ""}
    first = found.rows[0]
    assert first.ratio.least <= first.ratio.median <= first.ratio.most
    assert first.error < 1e-14 < first.peer_error < 1e-9
    assert min(first.memory, first.peer_memory) > 1000 * 8
    assert found.options == {"cells": "af", "quick": True, "peers": False, "seed": 0}
    assert found.machine["numpy"]
    assert found.copy.median > 0
    assert " s: a: linear, d = 10\n" in done.stderr
    assert "(a) loss and alignment at 1000 times" in done.stdout
    assert (tmp_path / "a.svg").read_text().lstrip().startswith("<?xml")
    again = bench("--from", "a.json")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == done.stdout


def test_a_warped_network_beside_a_peer(monkeypatch):
    """However slow the machine is: nothing is cut off, so the reference is the better one."""
    monkeypatch.setattr(warped, "PATIENCE", math.inf)
    monkeypatch.setattr(Setting, "limit", math.inf)
    monkeypatch.setattr(warped, "QUICK_NETWORKS", ("cubic", "erf"))
    monkeypatch.setattr(warped, "QUICK_COUNTS", (1, 1000))
    monkeypatch.setattr(warped, "_turns", lambda setting: Turns(1, 0.0))
    monkeypatch.setattr(precision, "TOLERANCES", (1e-3, 1e-9))
    found = list(warped.measure(Setting(quick=True, largest=10)))
    rows = [one for one in found if isinstance(one, Row)]
    assert [(z.network, z.width, z.times, z.peer) for z in rows] == [
        (network, d, n, "DOP853")
        for network in ("cubic", "erf") for d in (1, 10) for n in (1, 1000)
    ]  # fmt: skip
    for row in rows:
        assert row.error < 1e-13
        assert row.peer_error < 1e-10
        assert row.setting == "rtol 1e-13"
        assert row.note == "extrapolation in extended precision"
    points = [(z.network, z.width, z.method, z.setting) for z in found if isinstance(z, Point)]
    assert points == [
        ("cubic", 10, "ours", ""), ("cubic", 10, "DOP853", "rtol 1e-03"),
        ("cubic", 10, "DOP853", "rtol 1e-09"),
    ]  # fmt: skip


def test_what_is_cut_off_or_has_no_equation_is_said(monkeypatch):
    monkeypatch.setattr(warped, "QUICK_NETWORKS", ("cubic", "bent_identity"))
    monkeypatch.setattr(warped, "_turns", lambda setting: Turns(1, 0.0))
    monkeypatch.setattr(precision, "NETWORKS", ())
    monkeypatch.setattr(Setting, "limit", -1.0)
    one, other = warped.measure(Setting(quick=True, largest=1))
    assert (one.peer, one.slower_than, one.note) == ("DOP853", True, "cut off")
    assert one.verdict is not Verdict.MISSED
    assert (other.network, other.ours, other.verdict) == ("bent_identity", None, Verdict.UNKNOWN)


@pytest.mark.slow
@pytest.mark.parametrize("cells", ["b,c,d", "g,h"])
def test_the_other_cells(bench, tmp_path, cells):
    done = bench("--quick", "--largest", "10000", "--cells", cells, "--json", "a.json")
    assert done.returncode == 0, done.stderr
    found = loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert {row.cell for row in found.rows} == set(cells.split(","))
    for row in found.rows:
        assert row.ours is not None or "not there yet" in row.note


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--cells", "x"], "'x'"),
        (["--cells", ""], "letters"),
        (["--cells", "ab"], "'ab'"),
        (["--largest", "0"], "--largest"),
        (["--seed", "-1"], "--seed"),
        (["--plot", "a.txt"], ".png"),
        (["--from", "nothing.json"], "nothing.json"),
        (["--nonsense"], "--nonsense"),
    ],
    ids=str,
)
def test_bad_input_is_one_line_and_code_2(bench, arguments, word):
    done = bench(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("exactflow: ")
    assert word in done.stderr


def test_a_file_that_is_no_record_is_refused(bench, tmp_path):
    (tmp_path / "a.json").write_text("[]")
    done = bench("--from", "a.json")
    assert done.returncode == 2
    assert done.stderr.startswith("exactflow: a.json: found no record of speed")


def test_missing_peers_are_named_with_what_brings_them(monkeypatch, capsys, record_of_nothing):
    from verify.measurements.bench import peers, session

    monkeypatch.setattr(peers, "is_installed", lambda name: False)
    monkeypatch.setattr(session, "gather", lambda letters, setting: record_of_nothing)
    assert command.main(["--peers"]) == 0
    said = capsys.readouterr().err
    assert "not installed: numba, heyoka, diffrax, torchdiffeq; pip install '.[peers]'" in said


@pytest.fixture
def record_of_nothing():
    from verify.measurements.bench.record import Record, Spread

    one = Spread.of([1.0])
    return Record({"system": "s", "processor": "p"}, {}, one, one, ())


def test_the_extra_has_every_optional_peer():
    import tomllib

    from verify.measurements.bench import peers

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"][peers.EXTRA]
    assert tuple(line.partition(">=")[0] for line in extra) == peers.OPTIONAL


def test_the_letters_are_the_cells():
    assert list(CELLS) == list(command.LETTERS)


def test_what_is_committed_is_what_the_record_gives():
    found = loads(command.RECORD.read_text(encoding="utf-8"))
    readme = command.README.read_text(encoding="utf-8")
    for path, text in command.texts(found, readme).items():
        assert path.read_text(encoding="utf-8") == text, path.name
    assert report.BEGIN in readme


def test_the_record_is_json_without_what_json_has_not():
    def refuse(name):
        raise AssertionError(name)

    found = json.loads(command.RECORD.read_text(encoding="utf-8"), parse_constant=refuse)
    assert {row["cell"] for row in found["rows"]} == set(command.LETTERS)
