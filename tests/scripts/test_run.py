"""`run.py`: dispatch, help that answers at once, an environment made once and anew when it must."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import run as launcher

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(set(launcher.COMMANDS) - {"test"})
HEAVY = {"sympy", "torch", "numpy", "rich", "matplotlib", "flint", "mpmath"}


def start(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "run.py"), *arguments],
        cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_no_argument_prints_the_usage_and_fails():
    done = start()
    assert done.returncode == 2
    assert "usage: python3 scripts/run.py COMMAND" in done.stdout + done.stderr


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command(flag):
    done = start(flag)
    assert (done.returncode, done.stderr) == (0, "")
    listed = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert listed == {
        "derive", "solve", "verify", "latex", "compare", "phase", "audit", "figures",
        "test",
    }  # fmt: skip
    assert listed == set(launcher.COMMANDS)


def test_every_command_has_a_module():
    assert [name for name in MODULES if not (ROOT / "scripts" / f"{name}.py").exists()] == []


def test_an_unknown_command_is_one_line_and_code_2():
    done = start("slove", "case.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "'slove'" in done.stderr
    assert "solve" in done.stderr


def test_the_launcher_needs_nothing_but_the_standard_library():
    tree = ast.parse((ROOT / "scripts" / "run.py").read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).partition(".")[0])
    assert imported
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("name", MODULES)
def test_help_of_a_command_imports_nothing_heavy(name):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", f"scripts.{name}", "--help"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert f"usage: run.py {name}" in done.stdout
    assert f"python3 scripts/run.py {name}" in done.stdout  # an example
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert {"argparse", "scripts"} <= imported
    assert imported & HEAVY == set()


# --- dispatch, with the environment and the process replaced ---------------------------------------


@pytest.fixture
def started(monkeypatch):
    """Processes that would have been started: (arguments, keywords); they answer 7."""
    calls = []

    def pretend(arguments, **keywords):
        calls.append((arguments, keywords))
        return SimpleNamespace(returncode=7)

    monkeypatch.setattr(launcher.subprocess, "run", pretend)
    monkeypatch.setattr(launcher, "is_current", lambda: True)
    return calls


@pytest.mark.parametrize("name", MODULES)
def test_a_command_runs_its_module_where_the_caller_is(started, name):
    assert launcher.main([name, "a", "--b"]) == 7
    ((arguments, keywords),) = started
    python = str(launcher.interpreter(launcher.ENVIRONMENT))
    assert arguments == [python, "-m", f"scripts.{name}", "a", "--b"]
    assert keywords["env"]["PYTHONPATH"] == str(ROOT)
    assert "cwd" not in keywords


def test_test_runs_pytest_in_the_project(started):
    assert launcher.main(["test", "-k", "flow"]) == 7
    ((arguments, keywords),) = started
    assert arguments[1:] == ["-m", "pytest", "-k", "flow"]
    assert keywords["cwd"] == ROOT


def test_the_environment_is_made_first_if_it_is_not_current(started, monkeypatch):
    order = []
    monkeypatch.setattr(launcher, "is_current", lambda: False)
    monkeypatch.setattr(launcher, "make_environment", lambda: order.append(len(started)))
    launcher.main(["derive"])
    assert order == [0]
    assert len(started) == 1


def test_help_and_mistakes_make_no_environment(monkeypatch, capsys):
    monkeypatch.setattr(launcher, "make_environment", lambda: pytest.fail("made an environment"))
    monkeypatch.setattr(launcher, "is_current", lambda: False)
    assert [launcher.main(z) for z in ([], ["--help"], ["nothing"])] == [2, 0, 2]
    capsys.readouterr()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one file, with a place for its environment."""
    (tmp_path / "pyproject.toml").write_text("one")
    monkeypatch.setattr(launcher, "ROOT", tmp_path)
    monkeypatch.setattr(launcher, "ENVIRONMENT", tmp_path / ".venv")

    def create(place, with_pip):
        assert with_pip
        python = launcher.interpreter(Path(place))
        python.parent.mkdir(parents=True)
        python.touch()

    monkeypatch.setattr(launcher.venv, "create", create)
    return tmp_path


def test_the_environment_is_current_until_the_project_file_changes(project, monkeypatch, capsys):
    calls = []

    def pip(arguments, **keywords):
        calls.append(arguments)
        assert not launcher.is_current()  # never half-made and believed
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(launcher.subprocess, "run", pip)
    assert not launcher.is_current()
    launcher.make_environment()
    assert launcher.is_current()
    assert calls[0][1:4] == ["-m", "pip", "install"]
    assert calls[0][-1] == str(project)
    (project / "pyproject.toml").write_text("two")
    assert not launcher.is_current()
    launcher.make_environment()
    assert launcher.is_current()
    launcher.interpreter(project / ".venv").unlink()
    assert not launcher.is_current()
    assert "once" in capsys.readouterr().err


def test_a_failed_installation_leaves_no_environment(project, monkeypatch, capsys):
    monkeypatch.setattr(launcher.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    with pytest.raises(SystemExit) as caught:
        launcher.make_environment()
    assert caught.value.code not in (0, None)
    assert not (project / ".venv").exists()
    assert not launcher.is_current()
    capsys.readouterr()
