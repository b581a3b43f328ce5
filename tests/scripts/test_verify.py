"""`verify`: bad arguments are refused before anything is simulated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--problems", "-1"], "--problems"),
        (["--problems", "many"], "--problems"),
        (["--problems", "2.5"], "--problems"),
        (["--seed", "x"], "--seed"),
        (["--seed", "-1"], "--seed"),
        (["--spread", "wide"], "--spread"),
        (["--spread", "nan"], "--spread"),
        (["--spread", "-1"], "--spread"),
        (["--mutant"], "--mutant"),
        (["extra"], "extra"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_arguments_are_one_line_and_code_2(arguments, named, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.verify", *arguments, "--no-mutants", "--json"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []
