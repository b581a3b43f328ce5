"""What is stored is found again while nothing changed, and never after anything did."""

from __future__ import annotations

import json
import os
import sys

import pytest

from symbolic.artefacts import stored
from symbolic.artefacts.stored import REACHES, SOURCE, Store


@pytest.fixture
def package(tmp_path):
    """A small package `symbolic`."""
    root = tmp_path / "symbolic"
    for name, text in {
        "derivation.py": "1", "proof/equality.py": "2", "models/__init__.py": "",
        "losses/__init__.py": "", "losses/huber.py": "3", "models/tanh.py": "import sympy",
        "models/erf.py": "import sympy", "models/linear.py": "",
        "models/own.py": "from symbolic.models.erf import MODEL", "models/shelf/__init__.py": "",
        "models/shelf/lora.py": "from symbolic.architecture.model import Layer, Model",
        "models/shelf/chain.py": "",
    }.items():  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("")
    return root


@pytest.fixture
def store(package):
    """A function that makes a store, as a later run does."""
    folder = package.parent / "build"
    folder.mkdir()

    def write(path, text):
        path.write_text(text)

    return lambda: Store(folder, write, package, [package.parent / "pyproject.toml"])


JOBS = ("network tanh", "network own", "loss huber", "declared lora", "powers")


def keep(store):
    for job in JOBS:
        store().keep(job, f'"{job}"', store().key(job))


def found(store):
    return {job for job in JOBS if store().load(job) == f'"{job}"'}


def test_what_is_kept_is_found_and_nothing_else(store):
    assert found(store) == set()
    keep(store)
    assert found(store) == set(JOBS)
    assert store().load("clocks") is None


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("derivation.py", set()),
        ("proof/equality.py", set()),
        ("proof/another.py", set()),
        ("models/__init__.py", set()),
        ("models/tanh.py", {"loss huber", "declared lora"}),
        ("models/erf.py", {"network tanh", "loss huber", "declared lora"}),  # own imports it
        ("models/linear.py", {"network tanh", "declared lora"}),
        ("losses/huber.py", {"network tanh", "declared lora"}),
        ("losses/hinge.py", {"network tanh", "loss huber", "declared lora"}),
        ("models/shelf/lora.py", {"network tanh", "loss huber"}),
        ("models/shelf/chain.py", {"network tanh", "loss huber", "declared lora"}),
        ("../pyproject.toml", set()),
    ],
)
def test_a_change_of_what_was_read_is_noticed(store, package, change, left):
    keep(store)
    (package / change).write_text("# changed")
    assert found(store) == left


def test_another_version_is_another_key(store, monkeypatch):
    keep(store)
    for change in (
        lambda: monkeypatch.setattr(sys, "version", "4.0"),
        lambda: monkeypatch.setattr(
            stored, "version", lambda name: "9" if name == "sympy" else "1"
        ),
        lambda: monkeypatch.setitem(os.environ, "SYMPY_GROUND_TYPES", "python"),
    ):
        change()
        assert found(store) == set()
        monkeypatch.undo()
        assert found(store) == set(JOBS)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: "null",
        lambda text: '{"key": 1}',
        lambda text: text.replace("network tanh", "network tank"),
        lambda text: json.dumps(json.loads(text) | {"sum": ""}),
        lambda text: json.dumps(json.loads(text) | {"key": ""}),
        lambda text: "\udcff",
    ],
)
def test_a_damaged_text_is_none(store, package, damage):
    keep(store)
    path = package.parent / "build" / "network-tanh.json"
    path.write_bytes(damage(path.read_text()).encode(errors="surrogateescape"))
    assert found(store) == set(JOBS) - {"network tanh"}


@pytest.mark.parametrize(
    "line",
    [
        "from symbolic.models import erf", "import symbolic.models.erf", "from . import erf",
        "from .erf import MODEL", "from symbolic import models", 'm = import_module("x")',
        "from symbolic.losses.huber import LOSS", 'open("x")', "__import__('x')",
        "from pathlib import Path", "    from . import erf", "import sympy; import symbolic.models.erf",
        "import sympy, symbolic.models", "from sympy_more import x",
    ],
)  # fmt: skip
def test_a_definition_that_reads_others_depends_on_them(line):
    assert REACHES.search(line)


def test_the_definitions_that_there_are_depend_on_themselves():
    for path in (SOURCE / "models").glob("[!_]*.py"):
        assert not REACHES.search(path.read_text()), path
