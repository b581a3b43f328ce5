"""Certificates bind what is handed on: one changed line in a stage and no record can be built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symbolic

SOURCE = Path(symbolic.__file__).parent
CHANGES = [
    ("flow.py", "output_i = gamma *", "output_i = 2 * gamma *"),
    ("reduction.py", "(i, 1, d)): d * P", "(i, 1, d)): P"),
    ("closed_form.py", '"ratio": 4 * E', '"ratio": 5 * E'),
    ("closed_form.py", '"growth": -4', '"growth": -3'),
    ("closed_form.py", "larger = 1 + 2 * Abs", "larger = 1 + 3 * Abs"),
    ("quadrature.py", "sine = sympy.Abs", "sine = -sympy.Abs"),
    ("inverse.py", "time = sympy.asinh(R * S) / R", "time = 2 * sympy.asinh(R * S) / R"),
    ("inverse.py", "sine = (1 -", "sine = -(1 -"),
    ("kernel.py", "across + cross", "across + 2 * cross"),
    ("observables.py", '"alignment": alignment', '"alignment": -alignment'),
    ("observables.py", '"balance": total', '"balance": 2 * total'),
    ("weights.py", '"w_change": change', '"w_change": 2 * change'),
]


@pytest.mark.parametrize(("module", "line", "changed"), CHANGES, ids=lambda text: text)
def test_a_changed_line_is_not_certified(tmp_path, module, line, changed):
    shutil.copytree(SOURCE, tmp_path / "symbolic")
    path = tmp_path / "symbolic" / module
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1
    path.write_text(text.replace(line, changed), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from symbolic.derivation import derivation; derivation('linear')"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "CertificateError" in done.stderr.splitlines()[-1]
