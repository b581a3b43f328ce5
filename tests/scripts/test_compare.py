"""`compare` as a user runs it: fields and consistent numbers, one line for bad input. Nothing timed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from verify.measurements import compare as logic
from verify.measurements import peers
from verify.measurements.peers import Trajectory

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {
    "network", "width", "weights", "time", "peer", "tolerance", "seconds", "peer_seconds", "ratio",
    "error", "peer_error", "reached", "runs", "peer_runs", "reference",
}  # fmt: skip


@pytest.fixture
def compare(tmp_path):
    """Runs `compare` in an empty folder."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "scripts.compare", *arguments],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


@pytest.mark.slow
def test_a_tiny_run(compare, tmp_path):
    done = compare("--network", "cubic", "--widths", "2,1", "--repeats", "1", "--json",
                   "--plot", "times.svg", "--report", "times.md")  # fmt: skip
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert set(content) == {"seed", "missing", "rows", "skipped"}
    rows = [row for row in content["rows"] if row["peer"] == "DOP853"]
    assert [(row["network"], row["width"], row["weights"]) for row in rows] == [
        ("cubic", 1, 4), ("cubic", 2, 8),
    ]  # fmt: skip
    for row in rows:
        assert set(row) == FIELDS
        assert row["ratio"] == pytest.approx(row["peer_seconds"] / row["seconds"], rel=1e-12)
        assert row["error"] < 1e-12
        assert row["error"] / 3 <= row["peer_error"] < 1e-9
        assert row["reached"] == (row["peer_error"] <= 3 * row["error"])
        assert 0.9e-13 < row["tolerance"] < 1.1e-3
        assert (row["runs"], row["peer_runs"]) == (1, 1)
        assert row["reference"].startswith("Taylor series")
    for name in content["missing"]:
        assert f"not installed: {', '.join(content['missing'])}" in done.stderr, name
    assert (tmp_path / "times.svg").read_text().lstrip().startswith("<?xml")
    table = [z.split(" | ") for z in (tmp_path / "times.md").read_text().splitlines() if "|" in z]
    assert [(z[0], z[1], z[6]) for z in table[2:] if z[4] == "DOP853"] == [
        ("| cubic", str(row["width"]), f"{row['ratio']:.2g}") for row in rows
    ]


def test_the_table_and_what_was_skipped(monkeypatch, capsys):
    from scripts import compare as command

    monkeypatch.setattr(peers, "is_installed", lambda name: name == "DOP853")
    ticks = iter(range(0, 10**6, 100))
    monkeypatch.setattr(logic.time, "perf_counter", lambda: float(next(ticks)))
    assert command.main(["--network", "quadratic", "--widths", "1,2"]) == 0
    said = capsys.readouterr()
    assert "quadratic" in said.out
    assert "Taylor series, 30 digits" in said.out
    assert "skipped: quadratic, width 2, DOP853" in said.out
    assert "not installed: heyoka, diffrax" in said.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--network", "tahn"], "tanh"),
        (["--network", "linear"], "linear"),
        (["--network", "gelu"], "gelu"),
        (["--widths", "1,x"], "whole number"),
        (["--widths", "0"], "from 1 to"),
        (["--widths", ""], "whole number"),
        (["--repeats", "2"], "odd"),
        (["--repeats", "0"], "--repeats"),
        (["--plot", "times.txt"], ".png"),
        (["--seed", "-1"], "--seed"),
        (["--nonsense"], "--nonsense"),
    ],
    ids=str,
)
def test_bad_input_is_one_line_and_code_2(compare, arguments, word):
    done = compare(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("exactflow: ")
    assert word in done.stderr


def test_help_has_an_example(compare):
    done = compare("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "python3 scripts/run.py compare" in done.stdout


# --- the comparison --------------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["quadratic", "tanh", "softplus"])
def test_reference_ours_and_peer_are_the_same_trajectory(network):
    given = logic.problem(network, 3, 5)
    times = logic.times_of(given)
    exact, _ = logic.reference(given, times)
    assert exact.outputs[0] == pytest.approx(peers._output(given, start(given)), rel=1e-15)
    assert logic.error(logic.ours(given, times), exact) < 1e-12
    assert logic.error(peers.dop853(given, times, 1e-13), exact) < 1e-10
    assert logic.error(peers.extrapolated(given, times), exact) < 1e-15 * 10
    assert abs(exact.outputs[-1] - 1) < 1e-3  # it has learned


def start(given):
    return np.concatenate([given.u0, given.W0.ravel()])


def test_the_tolerance_is_the_tightest_that_does_not_beat_us_by_three():
    exact = Trajectory(np.ones(1), np.ones(1), np.ones((1, 1)))

    def run(rtol):  # a peer whose error is its tolerance
        return Trajectory(np.ones(1) + rtol, np.ones(1), np.ones((1, 1)))

    for goal, expected in ((1e-8, 1e-8), (2.9e-8, 1e-8), (4e-8, 10**-7.5), (1e-15, 1e-13)):
        rtol, found = logic.tolerance(run, 1e-13, exact, goal)
        assert rtol == pytest.approx(expected, rel=1e-12)
        assert found == pytest.approx(expected, rel=1e-2)


def test_an_error_is_relative_to_the_largest_of_its_kind():
    exact = Trajectory(np.array([1.0, 4.0]), np.array([2.0]), np.array([[8.0]]))
    outputs = Trajectory(np.array([1.2, 4.0]), exact.u, exact.W)
    weights = Trajectory(exact.outputs, np.array([2.4]), exact.W)
    assert logic.error(outputs, exact) == pytest.approx(0.05, rel=1e-12)
    assert logic.error(weights, exact) == pytest.approx(0.05, rel=1e-12)
    assert logic.error(exact, exact) == 0


def test_a_seed_draws_the_same_problem():
    one, two, other = (logic.problem("cubic", 4, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.W0, two.W0)
    assert not np.array_equal(one.W0, other.W0)
    assert np.linalg.norm(one.X) == pytest.approx(1.0, rel=1e-15)
    assert one.gamma == 0.5
