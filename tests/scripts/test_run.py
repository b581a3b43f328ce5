"""`run.py`: dispatch, help that answers at once, and becoming the command."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment
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
        "derive", "solve", "verify", "laws", "latex", "bench", "compare", "phase", "audit", "figures",
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


@pytest.mark.parametrize("name", ["run", "environment", "lock", "guard"])
def test_the_launcher_needs_nothing_but_the_standard_library(name):
    tree = ast.parse((ROOT / "scripts" / f"{name}.py").read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module))
    ours = {"scripts.environment", "scripts.lock", "scripts.guard"}
    assert imported
    assert {module.partition(".")[0] for module in imported - ours} <= sys.stdlib_module_names


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


# --- dispatch, with the environment and the program replaced ---------------------------------------


@pytest.fixture
def become(monkeypatch, tmp_path):
    """Programs we would have become: (arguments, variables, folder); they answer 7."""
    calls = []

    def pretend(program, variables):
        calls.append((program, variables, Path.cwd()))
        return 7

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launcher, "become", pretend)
    monkeypatch.setattr(environment, "ready", lambda: tmp_path / "place")
    return calls


@pytest.mark.parametrize("name", MODULES)
def test_a_command_runs_its_module_where_the_caller_is(become, tmp_path, name):
    assert launcher.main([name, "a", "--b"]) == 7
    ((program, variables, folder),) = become
    python = str(environment.interpreter(tmp_path / "place"))
    assert program == [python, "-P", "-m", f"scripts.{name}", "a", "--b"]
    # Machine code is loaded by commands that call a flow often, and by whoever asks for it.
    asked = {} if name in launcher.MANY_CALLS else {"EXACTFLOW_COMPILED": "0"}
    assert variables == os.environ | {"PYTHONPATH": str(ROOT)} | asked
    assert folder == tmp_path


def test_who_asks_for_machine_code_gets_it(become, monkeypatch):
    monkeypatch.setenv("EXACTFLOW_COMPILED", "1")
    assert launcher.main(["solve"]) == 7
    assert become[0][1]["EXACTFLOW_COMPILED"] == "1"


def test_test_runs_pytest_in_the_project(become, tmp_path):
    assert launcher.main(["test", "-k", "flow"]) == 7
    ((program, variables, folder),) = become
    python = str(environment.interpreter(tmp_path / "place"))
    assert program == [python, "-m", "pytest", "-k", "flow"]
    assert variables == os.environ
    assert folder == ROOT


def test_all_tests_run_on_all_cores(become):
    assert launcher.main(["test"]) == 7
    ((program, *_),) = become
    assert program[1:] == ["-m", "pytest", "--numprocesses", "auto"]


def test_help_and_mistakes_make_no_environment(become, monkeypatch, capsys):
    monkeypatch.setattr(environment, "ready", lambda: pytest.fail("made an environment"))
    assert [launcher.main(z) for z in ([], ["--help"], ["nothing"])] == [2, 0, 2]
    assert become == []
    capsys.readouterr()


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (environment.SetupError("pip could not"), "exactflow: pip could not"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_a_set_up_that_fails_is_one_line(become, monkeypatch, error, line):
    def fail():
        raise error

    monkeypatch.setattr(environment, "ready", fail)
    with pytest.raises(SystemExit) as caught:
        launcher.main(["derive"])
    assert line in str(caught.value.code)
    assert str(caught.value.code).startswith("exactflow: ")
    assert "\n" not in str(caught.value.code)
    assert become == []


@pytest.mark.parametrize("version", [(3, 7), (3, 8), (3, 9), (3, 10)])
def test_an_older_interpreter_can_read_the_launcher_to_say_that_it_is_too_old(version):
    text = (ROOT / "scripts" / "run.py").read_text(encoding="utf-8")
    read = ast.parse(text, feature_version=version)
    assert "main" in {part.name for part in read.body if isinstance(part, ast.FunctionDef)}
    with pytest.raises(SyntaxError):  # what that version cannot read is found
        ast.parse(f"{text}\ntry: pass\nexcept* OSError: pass\n", feature_version=version)


# --- a command for real, in a tiny project -----------------------------------------------------------


@pytest.fixture
def project(tiny_project):
    project = tiny_project(quick=True)
    assert project.run().returncode == 0
    return project


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_launcher_becomes_the_command_so_that_killing_it_ends_it(project, number):
    with project.start("--wait") as process:
        assert int(process.stdout.readline().split()[0]) == process.pid
        process.send_signal(number)
        assert process.wait() == -number


def test_the_exit_code_and_the_streams_are_the_command_s(project):
    done = project.run("--fail", "a b", "")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.endswith(" --fail a b \n")


def test_modules_in_the_caller_s_folder_are_not_taken_for_ours(project, tmp_path):
    folder = tmp_path / "mine"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/__init__.py", "scripts/solve.py", "random.py", "tiny_installed.py"):
        (folder / name).write_text("raise SystemExit('of the caller')")
    done = subprocess.run(
        project.command(), cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[2] == str(folder)


def test_where_there_is_no_exec_the_child_answers():
    text = "print(input()); raise SystemExit(7)"
    starter = (
        "import os, sys; from scripts.run import run_as_child\n"
        f"sys.exit(run_as_child([sys.executable, '-c', {text!r}], dict(os.environ)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", starter], env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, input="told\n",
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (7, "told\n", "")
