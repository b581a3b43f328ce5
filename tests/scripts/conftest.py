"""What tests of commands share: a project set up for real in seconds, and `solve` of a case."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import solve as command

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
LAUNCHER = ("__init__.py", "run.py", "environment.py", "lock.py", "guard.py")
PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "0.1.0"
"""
BACKEND = """\
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny-0.1.0-py3-none-any.whl"
    kind = "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    about = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 0.1.0\\n"
    program = "[console_scripts]\\ntiny = tiny_installed:main\\n"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("tiny_installed.py", "def main():\\n    print('a program')\\n")
        wheel.writestr("tiny_late.py", "")
        wheel.writestr("tiny-0.1.0.dist-info/METADATA", about)
        wheel.writestr("tiny-0.1.0.dist-info/WHEEL", kind)
        wheel.writestr("tiny-0.1.0.dist-info/entry_points.txt", program)
        wheel.writestr("tiny-0.1.0.dist-info/RECORD", "")
    return name
"""
# In place of pip, for tests that need many environments: what it would install, and its time.
QUICK = (
    """
VENV.append("--without-pip")
PIP[:] = ["-I", "-c", """
    + repr("""\
import pathlib, sysconfig, time
packages = pathlib.Path(sysconfig.get_path("purelib"))
(packages / "tiny_installed.py").touch()
time.sleep(0.2)
(packages / "tiny_late.py").touch()
""")
    + """]
"""
)
# Says who it is; with --wait goes on, once standard input closes, to import what it has not yet.
COMMAND = """\
import os
import sys
import tiny_installed
print(os.getpid(), os.path.realpath(sys.prefix), os.getcwd(), *sys.argv[1:], flush=True)
if "--wait" in sys.argv:
    sys.stdin.read()
    import tiny_late
    print(tiny_late.__file__)
if "--fail" in sys.argv:
    sys.exit(7)
"""


class TinyProject:
    """A checkout of its own in a folder; a quick one is set up without pip."""

    def __init__(self, root: Path, *, quick: bool = False) -> None:
        self.root = root
        (root / "scripts").mkdir(parents=True)
        for name in LAUNCHER:
            shutil.copy(SCRIPTS / name, root / "scripts" / name)
        if quick:
            with (root / "scripts" / "environment.py").open("a") as file:
                file.write(QUICK)
        (root / "pyproject.toml").write_text(PROJECT)
        (root / "backend.py").write_text(BACKEND)
        (root / "scripts" / "solve.py").write_text(COMMAND)

    def command(self, *arguments: str, python: str = sys.executable) -> list[str]:
        """The command line of `run.py solve`."""
        return [python, str(self.root / "scripts" / "run.py"), "solve", *arguments]

    def start(self, *arguments: str, python: str = sys.executable) -> subprocess.Popen[str]:
        """`run.py solve`, begun, in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments, python=python), cwd=self.root, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def run(
        self, *arguments: str, python: str = sys.executable
    ) -> subprocess.CompletedProcess[str]:
        """`run.py solve`, to its end."""
        return subprocess.run(
            self.command(*arguments, python=python), cwd=self.root, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def environments(self) -> list[Path]:
        """All there is of environments, whole or not."""
        others = {self.root / ".venv.lock"}
        return sorted(set(self.root.glob(".venv.*")) - others)

    def change(self) -> None:
        """Another pyproject.toml, which asks for another environment."""
        with (self.root / "pyproject.toml").open("a") as file:
            file.write("# changed\n")


@pytest.fixture
def tiny_project(tmp_path):
    """A checkout; `tiny_project(quick=True)` is set up without pip."""
    return lambda **how: TinyProject(tmp_path / "tiny", **how)


@pytest.fixture(scope="session")
def pythons(tmp_path_factory):
    """Two interpreters, of two versions where the machine has them, else at two places."""
    ours = os.path.realpath(sys.executable)
    able = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    for name in ("/usr/bin/python3", *(f"python3.{minor}" for minor in range(11, 16))):
        other = shutil.which(name)
        if other is None or os.path.realpath(other) == ours:
            continue
        if subprocess.run([other, "-c", able], capture_output=True, check=False).returncode == 0:
            return [sys.executable, other]
    folder = tmp_path_factory.mktemp("another")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return [sys.executable, str(folder / "bin" / "python")]


@pytest.fixture
def solve(tmp_path, capsys):
    """What `solve` prints of a case."""

    def run(case, *arguments):
        path = tmp_path / "case.json"
        path.write_text(json.dumps(case))
        assert command.main([str(path), *arguments]) == 0
        return capsys.readouterr().out

    return run
