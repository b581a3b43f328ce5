"""Every command and every snippet of the README runs, and says what it should."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from numeric import GradientFlow

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]


def run(*arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"MPLBACKEND": "Agg", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


def test_the_two_commands_come_first():
    assert COMMANDS[:2] == [
        "python3 scripts/run.py derive",
        "python3 scripts/run.py test",
    ]


CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
SLOW = {
    "python3 scripts/run.py derive",
    "python3 scripts/run.py verify --network tanh --loss logistic --loss huber --problems 4",
    'python3 scripts/run.py audit --paper kunin --only "Fig. 2"',
    "python3 scripts/run.py latex alignment",
}
# `test` is this very run, and what is a line of .ci/run is not run twice.
TRIED = [c for c in COMMANDS if not c.endswith(" test") and f"{c}\n" not in CI]


def test_what_is_not_tried_here_is_run_elsewhere():
    assert set(TRIED) >= SLOW
    left = [c for c in COMMANDS if c not in TRIED]
    assert left == ["python3 scripts/run.py test", "python3 scripts/run.py derive --check"]
    assert 'run.py test --numprocesses auto -m ""\n' in CI  # the slow tests too


@pytest.mark.parametrize(
    "command", [pytest.param(c, marks=[pytest.mark.slow] * (c in SLOW)) for c in TRIED]
)
def test_command_runs(command):
    python, script, name, *rest = shlex.split(command)
    assert (python, script) == ("python3", "scripts/run.py")
    done = run("-m", f"scripts.{name}", *rest)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    if "--json" in rest:
        report = json.loads(done.stdout)
        assert report["stability"] == "stable" if name == "phase" else len(report["t"]) == 3


def test_the_snippet_solves_and_plots():
    assert len(SNIPPETS) == 2
    assert len(SNIPPETS[0].strip().splitlines()) <= 11
    done = run("-W", "error", "-c", SNIPPETS[0])
    assert done.returncode == 0, done.stderr
    residual, loss, *shape = re.findall(r"[-+\d.e]+", done.stdout)
    assert 0 < abs(float(residual)) < 1e-80
    assert float(loss) == pytest.approx(1e-6, rel=1e-12)
    assert shape == ["1000", "3"]


def test_the_second_snippet_learns_a_rate():
    """It goes on where the first one ends."""
    done = run("-W", "error", "-c", SNIPPETS[0] + SNIPPETS[1])
    assert done.returncode == 0, done.stderr
    rate, off = map(float, done.stdout.splitlines()[-1].split())
    assert abs(off) < 1e-15
    rng = np.random.default_rng(0)
    u0, W0 = rng.normal(size=1000), rng.normal(size=(1000, 3))
    given = {"x": [1.0, 2.0, -1.0], "y": 2.0, "gamma": 1 / 1000, "eta_u": 10.0, "eta_w": rate}
    assert GradientFlow(u0, W0, **given).loss(4.0) == pytest.approx(0.5, rel=1e-12)


def test_files_that_are_named_exist():
    for path in re.findall(r"\]\(([^)h][^)]*)\)|`((?:\w+/)+[\w.]*)`", README):
        assert (ROOT / next(filter(None, path))).exists(), path


def test_it_is_one_screen():
    assert len(README.splitlines()) <= 80


def test_a_pytorch_network_becomes_a_case(tmp_path):
    done = run("-W", "error", "examples/from_torch.py")
    assert done.returncode == 0, done.stderr
    (tmp_path / "case.json").write_text(done.stdout)
    said = run("-m", "scripts.phase", str(tmp_path / "case.json"), "--want", "feature", "--json")
    assert said.returncode == 0, said.stderr
    report = json.loads(said.stdout)
    # torch's default start of width 512, at a rate of 0.01: the kernel hardly moves.
    assert report["phase"] == "kernel"
    assert 0 < report["want"]["gamma_factor"] < 1
