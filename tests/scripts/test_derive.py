"""`derive --check`: what is committed is what is derived, and every difference is found."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sympy

import symbolic.derivation
import symbolic.models
from numeric.errors import InputError
from scripts import derive
from scripts.command import write_whole
from symbolic.derivation import derivation
from symbolic.models import names
from symbolic.network.model import Model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def derived():
    return [derivation(name) for name in names()]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A project of its own: what `derive` compares and writes, to be damaged."""
    shutil.copytree(ROOT / "numeric" / "generated", tmp_path / "numeric" / "generated")
    for name in ("README.md", "pyproject.toml", "verify/reports/family.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name, path in (
        ("ROOT", tmp_path),
        ("GENERATED", tmp_path / "numeric" / "generated"),
        ("SCALING", tmp_path / "numeric" / "generated" / "scaling"),
        ("LOSSES", tmp_path / "numeric" / "generated" / "losses"),
        ("LATEX", tmp_path / "build" / "latex"),
        ("README", tmp_path / "README.md"),
        ("REPORT", tmp_path / "verify" / "reports" / "family.md"),
    ):
        monkeypatch.setattr(derive, name, path)
    shutil.rmtree(derive.GENERATED / "__pycache__", ignore_errors=True)
    return tmp_path


def check_with_cache(monkeypatch, *arguments):
    """`derive --check` without deriving anew: the derivation is that of this process."""
    monkeypatch.setattr(
        symbolic.derivation, "derive", lambda model, progress: derivation(model.name)
    )
    return derive.main(["--check", *arguments])


def test_what_is_committed_is_what_is_derived(derived):
    assert derive.check(derived) == []


def test_a_copy_is_no_difference(derived, copy):
    assert derive.check(derived) == []


def test_a_changed_file_is_shown_line_by_line(derived, copy):
    path = copy / "numeric" / "generated" / "linear.py"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("residual_ratio = 4 * E", "residual_ratio = 5 * E")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    (problem,) = derive.check(derived)
    assert "numeric/generated/linear.py" in problem
    lines = problem.splitlines()
    removed = [line for line in lines if line.startswith("-") and not line.startswith("---")]
    added = [line for line in lines if line.startswith("+") and not line.startswith("+++")]
    assert len(removed) == len(added) >= 1
    assert all("5 * E" in line for line in removed)
    assert all("4 * E" in line for line in added)


@pytest.mark.parametrize("damage", [lambda text: text + "\n", lambda text: text[:-1]])
def test_one_byte_is_a_difference(derived, copy, damage):
    path = copy / "numeric" / "generated" / "linear.py"
    path.write_bytes(damage(path.read_bytes().decode()).encode())
    assert len(derive.check(derived)) == 1


def test_other_line_ends_are_a_difference(derived, copy):
    path = copy / "numeric" / "generated" / "linear.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (problem,) = derive.check(derived)
    assert "numeric/generated/linear.py" in problem


def test_a_missing_file_is_named(derived, copy):
    (copy / "numeric" / "generated" / "linear.py").unlink()
    (problem,) = derive.check(derived)
    assert "numeric/generated/linear.py" in problem
    assert "missing" in problem


@pytest.mark.parametrize(
    "name", ["octic.py", "linear.txt", "tmpab12cd_3", "scaling/octic.py", "scaling/tmpab12cd_3"]
)
def test_an_extra_file_is_named(derived, copy, name):
    (copy / "numeric" / "generated" / name).write_text("")
    (problem,) = derive.check(derived)
    assert f"numeric/generated/{name}" in problem
    assert "extra" in problem


def test_files_left_by_a_kill_are_named_and_cleared(derived, copy, monkeypatch):
    left = []
    for folder in (
        "",
        "build/latex",
        "numeric/generated",
        "numeric/generated/scaling",
        "numeric/generated/losses",
        "verify/reports",
    ):
        (copy / folder).mkdir(parents=True, exist_ok=True)
        left.append(killed_while_writing(copy / folder / "file.txt"))
    monkeypatch.setattr(derive, "_measure_accuracy", lambda name: None)
    named = {f"{path.relative_to(copy)}: extra, left by a run that was stopped" for path in left}
    assert set(derive.check(derived)) == named
    derive.write(derived)
    assert not any(path.exists() for path in left)


def killed_while_writing(path):
    """What a process leaves that is killed while it writes a file."""
    text = """
import os, pathlib, signal, sys
from scripts.command import write_whole
pathlib.Path.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
write_whole(pathlib.Path(sys.argv[1]), "content")
"""
    before = set(path.parent.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", text, path], env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = set(path.parent.iterdir()) - before
    return left


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError(28, "full")])
def test_a_writing_that_is_interrupted_leaves_what_was_there(tmp_path, monkeypatch, error):
    def fail(*paths):
        raise error

    (tmp_path / "file.txt").write_text("old")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError if isinstance(error, OSError) else error):
        write_whole(tmp_path / "file.txt", "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_all_differences_are_named_together(derived, copy):
    generated = copy / "numeric" / "generated"
    (generated / "linear.py").unlink()
    (generated / "other.py").write_text("")
    problems = derive.check(derived)
    assert sorted("other.py" in z for z in problems) == [False, True]
    assert sorted("linear.py" in z for z in problems) == [False, True]


def test_a_changed_stage_table_is_a_difference(derived, copy):
    readme = copy / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, begin, rest = text.partition(derive.BEGIN)
    assert begin
    readme.write_text(head + begin + "\n| another | row |" + rest, encoding="utf-8")
    (problem,) = derive.check(derived)
    assert "README.md" in problem
    assert "another" in problem


def test_check_exits_with_1_says_how_to_mend_and_writes_nothing(copy, monkeypatch, capsys):
    (copy / "numeric" / "generated" / "linear.py").unlink()
    assert check_with_cache(monkeypatch) == 1
    said = capsys.readouterr()
    assert "numeric/generated/linear.py: missing" in said.out
    assert derive.MEND in said.err
    assert not (copy / "numeric" / "generated" / "linear.py").exists()
    assert not (copy / "build").exists()
    assert check_with_cache(monkeypatch, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["networks"] == names()
    assert len(report["differences"]) == 1


def test_check_exits_with_0_when_all_is_current(copy, monkeypatch, capsys):
    assert check_with_cache(monkeypatch) == 0
    assert capsys.readouterr().out == "up to date\n"
    assert check_with_cache(monkeypatch, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"networks": names(), "differences": []}


def test_writing_mends_every_difference(derived, copy, monkeypatch):
    generated = copy / "numeric" / "generated"
    committed = (generated / "linear.py").read_bytes()
    monkeypatch.setattr(derive, "_measure_accuracy", lambda name: None)
    (generated / "linear.py").write_text("damaged")
    extra = [
        generated / name for name in ("octic.py", "octic.txt", "tmpab12cd_3", "scaling/octic.py")
    ]
    for path in extra:
        path.write_text("extra")
    files = derive.write(derived)
    assert (generated / "linear.py").read_bytes() == committed
    assert not any(path.exists() for path in extra)
    assert "numeric/generated/linear.py" in files
    assert all((copy / name).exists() for name in files)
    assert (copy / "build" / "latex" / "linear.tex").read_text().startswith("\\documentclass")
    assert derive.check(derived) == []


@pytest.mark.parametrize("arguments", [["--chek"], ["extra"], ["--check=1"]])
def test_bad_arguments_are_code_2_and_write_nothing(arguments, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.derive", *arguments],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[0].partition("=")[0] in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "activation", "found"),
    [
        ("doubled", lambda h: 2 * h, "is not certified"),
        ("no_torch_function", sympy.atan, "no function no_torch_function in torch"),
    ],
)
def test_an_activation_that_cannot_be_used_is_one_line(copy, monkeypatch, name, activation, found):
    model = Model(name=name, title=name, source="a test", activation=activation)
    monkeypatch.setattr(symbolic.models, "names", lambda: [name])
    monkeypatch.setattr(symbolic.models, "load", lambda wanted: model)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as raised:
        derive.main([])
    assert found in str(raised.value)
    assert "\n" not in str(raised.value)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
