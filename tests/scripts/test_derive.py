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

from numeric.errors import InputError
from scripts import derive
from scripts.command import write_whole
from scripts.lock import lock
from symbolic import losses
from symbolic.artefacts import files, jobs, making, stored
from symbolic.artefacts.stored import Store
from symbolic.derivation import derivation
from symbolic.models import names, shelf
from symbolic.network.model import Model

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "pyproject.toml"


@pytest.fixture(scope="session")
def contents(tmp_path_factory):
    """What jobs make, as JSON by job; made once in a run, whatever the number of workers."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    path = folder / "derived.json"
    with path.with_suffix(".lock").open("w") as file:
        lock(file.fileno(), wait=True)
        if not path.exists():
            path.write_text(json.dumps(made_here()))
    return json.loads(path.read_text())


def made_here():
    made = {jobs.NETWORK + name: jobs.network_texts(derivation(name)) for name in names()}
    made |= {jobs.LOSS + name: jobs.loss_texts(name) for name in losses.names()}
    made |= {jobs.DECLARED + name: jobs.declared_texts(name) for name in shelf.names()}
    made |= {job: make() for job, make in jobs.THEOREMS.items()}
    assert list(made) == jobs.every_job()
    return {job: jobs.as_json(texts) for job, texts in made.items()}


@pytest.fixture(scope="session")
def derived(contents):
    """The texts of all jobs, formatted."""
    made = {job: jobs.texts_from(content) for job, content in contents.items()}
    return making._all_formatted(made, SETTINGS)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A project of its own: what `derive` compares and writes, to be damaged."""
    shutil.copytree(
        ROOT / "numeric" / "generated",
        tmp_path / "numeric" / "generated",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("README.md", "pyproject.toml", "verify/reports/family.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(derive, "ROOT", tmp_path)
    return tmp_path


def check_with_cache(monkeypatch, contents, *arguments):
    """`derive --check` without deriving anew, in this process."""
    monkeypatch.setattr(jobs, "run", contents.get)
    return derive.main(["--check", "--jobs", "1", *arguments])


@pytest.mark.slow  # a run of `derive --check` itself is beside the tests
def test_what_is_committed_is_what_is_derived(derived):
    assert derive.check(derived, ROOT) == []


def test_a_copy_is_no_difference(derived, copy):
    assert derive.check(derived, copy) == []


def test_a_changed_file_is_shown_line_by_line(derived, copy):
    path = copy / "numeric" / "generated" / "linear.py"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("residual_ratio = 4 * E", "residual_ratio = 5 * E")
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    (problem,) = derive.check(derived, copy)
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
    assert len(derive.check(derived, copy)) == 1


def test_other_line_ends_are_a_difference(derived, copy):
    path = copy / "numeric" / "generated" / "linear.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (problem,) = derive.check(derived, copy)
    assert "numeric/generated/linear.py" in problem


def test_a_missing_file_is_named(derived, copy):
    (copy / "numeric" / "generated" / "linear.py").unlink()
    (problem,) = derive.check(derived, copy)
    assert "numeric/generated/linear.py" in problem
    assert "missing" in problem


@pytest.mark.parametrize(
    "name", ["octic.py", "linear.txt", "tmpab12cd_3", "scaling/octic.py", "scaling/tmpab12cd_3"]
)
def test_an_extra_file_is_named(derived, copy, name):
    (copy / "numeric" / "generated" / name).write_text("")
    (problem,) = derive.check(derived, copy)
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
    monkeypatch.setattr(derive, "_measure_accuracy", lambda name, root: None)
    named = {f"{path.relative_to(copy)}: extra, left by a run that was stopped" for path in left}
    assert set(derive.check(derived, copy)) == named
    derive.write(derived, copy)
    assert not any(path.exists() for path in left)


def killed_while_writing(path):
    """What a process leaves that is killed while it writes a file."""
    text = """
import os, pathlib, signal, sys
from scripts.command import write_whole
from scripts.lock import lock
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
    problems = derive.check(derived, copy)
    assert sorted("other.py" in z for z in problems) == [False, True]
    assert sorted("linear.py" in z for z in problems) == [False, True]


def test_a_changed_stage_table_is_a_difference(derived, copy):
    readme = copy / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, begin, rest = text.partition(files.BEGIN)
    assert begin
    readme.write_text(head + begin + "\n| another | row |" + rest, encoding="utf-8")
    (problem,) = derive.check(derived, copy)
    assert "README.md" in problem
    assert "another" in problem


def test_check_exits_with_1_says_how_to_mend_and_writes_nothing(
    contents, copy, monkeypatch, capsys
):
    (copy / "numeric" / "generated" / "linear.py").unlink()
    assert check_with_cache(monkeypatch, contents) == 1
    said = capsys.readouterr()
    assert "numeric/generated/linear.py: missing" in said.out
    assert derive.MEND in said.err
    assert not (copy / "numeric" / "generated" / "linear.py").exists()
    assert not (copy / "build").exists()
    assert check_with_cache(monkeypatch, contents, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["networks"] == names()
    assert len(report["differences"]) == 1


def test_check_exits_with_0_when_all_is_current(contents, copy, monkeypatch, capsys):
    assert check_with_cache(monkeypatch, contents) == 0
    assert capsys.readouterr().out == "up to date\n"
    assert check_with_cache(monkeypatch, contents, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"networks": names(), "differences": []}


def test_writing_mends_every_difference(derived, copy, monkeypatch):
    generated = copy / "numeric" / "generated"
    committed = (generated / "linear.py").read_bytes()
    monkeypatch.setattr(derive, "_measure_accuracy", lambda name, root: None)
    (generated / "linear.py").write_text("damaged")
    extra = [
        generated / name for name in ("octic.py", "octic.txt", "tmpab12cd_3", "scaling/octic.py")
    ]
    for path in extra:
        path.write_text("extra")
    files = derive.write(derived, copy)
    assert (generated / "linear.py").read_bytes() == committed
    assert not any(path.exists() for path in extra)
    assert "numeric/generated/linear.py" in files
    assert all((copy / name).exists() for name in files)
    assert (copy / "build" / "latex" / "linear.tex").read_text().startswith("\\documentclass")
    assert derive.check(derived, copy) == []


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
        ("square", lambda h: 2 * h, "is not certified"),
        ("no_torch_function", sympy.atan, "no function no_torch_function in torch"),
    ],
)
def test_an_activation_that_cannot_be_used_is_one_line(copy, monkeypatch, name, activation, found):
    model = Model(name=name, title=name, source="a test", activation=activation)
    monkeypatch.setattr(jobs, "load", lambda wanted: model)
    monkeypatch.setattr(jobs, "every_job", lambda: [f"network {name}"])
    monkeypatch.setattr(stored, "SOURCE", with_model(copy, name))
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as raised:
        derive.main([])
    assert found in str(raised.value)
    assert "\n" not in str(raised.value)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def with_model(folder, name):
    """A package `symbolic` that is one model alone."""
    path = folder / "symbolic" / "models" / f"{name}.py"
    path.parent.mkdir(parents=True)
    path.write_text("")
    return path.parents[1]


def test_what_torch_lacks_is_said_before_anything_is_derived(copy, monkeypatch):
    every = ["network no_torch_function", "network tanh"]
    monkeypatch.setattr(jobs, "every_job", lambda: every)
    monkeypatch.setattr(jobs, "run", lambda job: pytest.fail("derived"))
    with pytest.raises(InputError, match="no function no_torch_function in torch"):
        derive.main(["--no-cache"])


def test_a_loss_that_torch_lacks_is_said_before_anything_is_derived(copy, monkeypatch):
    monkeypatch.setattr(jobs, "every_job", lambda: ["network tanh", "loss no_torch_loss"])
    monkeypatch.setattr(jobs, "run", lambda job: pytest.fail("derived"))
    expected = (
        r"symbolic/losses/no_torch_loss.py: found no function no_torch_loss in torch to verify it by; "
        r"expected loss\(f, y\) in a file verify/losses/no_torch_loss.py"
    )
    with pytest.raises(InputError, match=expected):
        derive.main(["--no-cache", "--jobs", "1"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--network", "tanh", "--network", "qubic"], "--network: found 'qubic'; expected 'cubic'"),
        (["--loss", "hubber"], "--loss: found 'hubber'; expected 'huber'"),
    ],
)
def test_an_unknown_name_is_code_2_with_a_near_name(tmp_path, arguments, said):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.derive", *arguments],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"exactflow: {said}, perhaps")
    assert done.stderr.count("\n") == 1, done.stderr


def test_one_network_is_derived_alone_and_others_stay(contents, copy, monkeypatch, capsys):
    generated = copy / "numeric" / "generated"
    for name in ("tanh", "erf"):
        (generated / f"{name}.py").write_text("damaged")
    asked = []
    monkeypatch.setattr(jobs, "run", lambda job: asked.append(job) or contents[job])
    assert derive.main(["--network", "tanh", "--jobs", "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("tanh")
    assert asked == ["network tanh"]
    assert (generated / "tanh.py").read_bytes() == (
        ROOT / "numeric" / "generated" / "tanh.py"
    ).read_bytes()
    assert (generated / "erf.py").read_text() == "damaged"
    assert derive.main(["--network", "tanh", "--jobs", "1"]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert asked == ["network tanh"]
    assert derive.main(["--network", "tanh", "--jobs", "1", "--no-cache", "--verbose"]) == 0
    assert asked == 2 * ["network tanh"]
    said = capsys.readouterr().out
    assert "conservation" in said
    assert "agrees with descent" in said
    assert "build/latex/tanh.tex" in said


def test_one_loss_is_derived_alone(copy, monkeypatch, capsys):
    folder = copy / "numeric" / "generated" / "losses"
    for name in ("huber", "hinge"):
        (folder / f"{name}.py").write_text("damaged")
    assert derive.main(["--loss", "huber"]) == 0
    assert capsys.readouterr().out.startswith("huber")
    assert "Huber" in (folder / "huber.py").read_text()
    assert (folder / "hinge.py").read_text() == "damaged"
    assert derive.main(["--loss", "huber", "--check"]) == 0
    assert derive.main(["--loss", "hinge", "--check"]) == 1


def test_check_never_reads_what_is_stored(contents, copy, monkeypatch, capsys):
    monkeypatch.setattr(jobs, "run", contents.get)
    assert derive.main(["--network", "tanh", "--jobs", "1"]) == 0
    forged = json.loads(contents["network tanh"]) | {"modules": {"numeric/generated/tanh.py": "1"}}
    store = Store(copy / derive.STORED, write_whole, settings=[copy / "pyproject.toml"])
    store.keep("network tanh", json.dumps(forged), store.key("network tanh"))
    assert derive.main(["--network", "tanh", "--jobs", "1", "--check"]) == 0
    assert derive.main(["--network", "tanh", "--jobs", "1", "--no-cache"]) == 0
    (copy / "numeric" / "generated" / "tanh.py").write_text("damaged")
    assert derive.main(["--network", "tanh", "--jobs", "1", "--check"]) == 1
    assert "+def output" in capsys.readouterr().out


def test_accuracy_is_measured_where_evaluators_change_alone(derived, copy, monkeypatch):
    measured = []
    monkeypatch.setattr(derive, "_measure_accuracy", lambda name, root: measured.append(name))
    derive.write(derived, copy)
    assert measured == []
    (copy / "numeric" / "generated" / "linear.py").write_text("damaged")
    derive.write(derived, copy)
    assert measured == ["linear"]
