"""Every recipe of CONTRIBUTING.md, done in a copy of the project as it stands there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FENCED = re.compile(r"(?:[Ii]n `([^`]+)`:\n\n)?```(\w+)\n(.*?)```", re.DOTALL)
ADDED = re.compile(r'Add `(\("\w+", (\w+)\.\w+\))` to `(\w+)` in `([^`]+)`')


def section(title):
    (found,) = re.findall(rf"^## {title}.*?\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture
def copy(tmp_path):
    """The project's packages in a folder of their own."""
    for name in ("symbolic", "numeric", "verify", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def follow(copy):
    """Do what a section says; returns the last command's result."""
    # A file changed within the second and the size that its bytecode knows would run as it was.
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(command):
        python, script, name, *rest = shlex.split(command)
        assert (python, script) == ("python3", "scripts/run.py")
        return subprocess.run(
            [sys.executable, "-m", f"scripts.{name}", *rest],
            cwd=copy, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def follow(title):
        text, last = section(title), None
        for path, language, block in FENCED.findall(text):
            assert bool(path) == (language != "sh"), block
            if path:
                (copy / path).parent.mkdir(exist_ok=True)
                (copy / path).write_text(block, encoding="utf-8")
        for entry, module, registry, path in ADDED.findall(text):
            add(copy / path, module, entry, registry)
        for _, language, block in FENCED.findall(text):
            for command in block.splitlines() if language == "sh" else ():
                last = run(command)
                assert last.returncode == 0, last.stderr + last.stdout
        return last

    follow.again = run
    return follow


def add(path, module, entry, registry):
    """One import and one entry more, as a person would write them."""
    text = path.read_text(encoding="utf-8")
    package = ".".join(path.relative_to(path.parents[2]).parent.parts)
    opening = re.compile(rf"^{registry}\b.*\($", re.MULTILINE)
    assert len(opening.findall(text)) == 1
    text = opening.sub(lambda found: f"{found[0]}\n    {entry},", text)
    head, first, rest = text.partition("\nfrom verify.")
    path.write_text(f"{head}\nfrom {package} import {module}{first}{rest}", encoding="utf-8")


def ruff(copy, *paths):
    command = [sys.executable, "-m", "ruff"]
    for what in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run([*command, *what, *paths], cwd=copy, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def rows(done):
    return [line for line in done.stdout.splitlines() if line.strip()]


def test_it_is_one_page():
    assert len(PAGE.splitlines()) <= 200
    for title in (
        "A network of your own",
        "An activation",
        "A loss",
        "A property",
        "A paper",
        "What to run",
    ):
        assert section(title)


def test_a_network_of_your_own(follow, copy):
    """By hand: of each of two gates, |b|²/η_B, g²/η_g and |a|²/η_A differ by constants."""
    follow("A network of your own")
    done = follow.again("python3 scripts/run.py laws adapter.py --json")
    report = json.loads(done.stdout)
    (one,) = report["instances"]
    assert (one["weights"], one["independent"], one["lie_rank"]) == (12, 4, 8)
    assert len(report["all_sizes"]) == 2
    assert all(law.startswith(r"\operatorname{diag}") for law in report["all_sizes"])
    assert "Polynomial laws" in (copy / "adapter.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_activation(follow, copy):
    done = follow("An activation")
    assert "bent_identity" not in (ROOT / "symbolic" / "models").iterdir()
    assert len(rows(done)) > 3
    ruff(copy, "symbolic/models", "verify/networks", "numeric/generated/bent_identity.py")
    (copy / "verify" / "networks" / "bent_identity.py").unlink()
    refused = follow.again("python3 scripts/run.py derive --network bent_identity")
    assert refused.returncode == 2
    assert "no function bent_identity in torch" in refused.stderr


@pytest.mark.slow
def test_an_activation_that_torch_computes_differently_is_not_verified(follow, copy):
    follow("An activation")
    oracle = copy / "verify" / "networks" / "bent_identity.py"
    oracle.write_text(oracle.read_text(encoding="utf-8").replace("/ 2 + h\n", "/ 3 + h\n"))
    refuted = follow.again("python3 scripts/run.py derive --network bent_identity")
    assert refuted.returncode == 1
    assert "NO" in refuted.stdout


@pytest.mark.slow
def test_a_loss(follow, copy):
    assert len(rows(follow("A loss"))) > 3
    ruff(copy, "symbolic/losses", "numeric/generated/losses")


@pytest.mark.slow
def test_a_property(follow, copy):
    done = follow("A property")
    (row,) = [line for line in rows(done) if "splits its neurons" in line]
    assert "yes" in row
    ruff(copy, "verify/properties/splitting.py")
    path = copy / "verify" / "properties" / "splitting.py"
    path.write_text(path.read_text(encoding="utf-8").replace("eta_u=2 *", "eta_u="))
    failed = follow.again("python3 scripts/run.py verify --network tanh --problems 1 --no-mutants")
    assert failed.returncode == 1
    (row,) = [line for line in rows(failed) if "splits its neurons" in line]
    assert "NO" in row


@pytest.mark.slow
def test_a_paper(follow, copy):
    done = follow("A paper")
    (row,) = [line for line in rows(done) if "Eq. 1" in line]
    assert "HOLDS" in row
    assert "Kepler 1609" in (copy / "verify" / "reports" / "kepler.md").read_text(encoding="utf-8")
    ruff(copy, "verify/papers/kepler")
    path = copy / "verify" / "papers" / "kepler" / "orbits.py"
    path.write_text(path.read_text(encoding="utf-8").replace("a - a * e", "a + a * e"))
    assert follow.again("python3 scripts/run.py audit --paper kepler").returncode == 1
