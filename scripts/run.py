#!/usr/bin/env python3
"""Make `.venv` once, then run one of the project's commands in it. Standard library only.

    python3 scripts/run.py derive      derive, write evaluators and LaTeX, verify a sample
    python3 scripts/run.py test        the test suite
    python3 scripts/run.py --help      all commands

The environment is rebuilt when pyproject.toml changes, and made anew when a set-up was interrupted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
COMMANDS = {
    "derive": "derive every network, write evaluators and LaTeX, verify a sample (--check: compare only)",
    "solve": "evaluate one case: weights, output, loss, alignment at any times, to any precision",
    "verify": "property tests against simulated descent, and the mutants they must refute",
    "latex": "print or write the derivation or one formula as LaTeX (--pdf compiles it)",
    "compare": "time our solution beside integrators of the raw weights, at equal error",
    "audit": "every numbered equation of the paper, proved or refuted",
    "phase": "which phase a scaling limit or a network is in, and what would change it",
    "figures": "draw the paper's Figure 1 (linear panels), theory over descent",
    "test": "run the test suite (arguments go to pytest)",
}


def usage() -> str:
    """The list of commands, one line each."""
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return (
        f"usage: python3 scripts/run.py COMMAND [ARGUMENTS]\n\ncommands:\n{rows}\n\n"
        "COMMAND --help explains one command, with an example.\n"
    )


def interpreter(environment: Path) -> Path:
    """The Python of a virtual environment, on any system."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def key() -> str:
    """What an environment was made from: pyproject.toml, the interpreter and the place."""
    text = (ROOT / "pyproject.toml").read_bytes()
    made_by = f"{sys.version_info[:2]} {sys.base_prefix} {ROOT}".encode()
    return hashlib.sha256(text + made_by).hexdigest()


def is_current() -> bool:
    """Whether `.venv` exists and was made from the present pyproject.toml."""
    stamp = ENVIRONMENT / "exactflow-key"
    return interpreter(ENVIRONMENT).exists() and stamp.exists() and stamp.read_text() == key()


def make_environment() -> None:
    """Create `.venv` and install the project into it, editable."""
    print("exactflow: setting up .venv (once; a few minutes)", file=sys.stderr, flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    venv.create(ENVIRONMENT, with_pip=True)
    install = [
        str(interpreter(ENVIRONMENT)),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--editable",
        str(ROOT),
    ]
    if subprocess.run(install, stdout=sys.stderr, cwd=ROOT).returncode != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        sys.exit("exactflow: pip could not install the project; its message stands above")
    # Written last: an environment without its key is not current and is made anew.
    (ENVIRONMENT / "exactflow-key").write_text(key())


def main(arguments: list[str]) -> int:
    """Dispatch: returns the exit code of the command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file also meets older interpreters
        sys.exit(f"exactflow needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage(), end="")
        return 0 if arguments else 2
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print(
            f"exactflow: no command {command!r}; there are {', '.join(COMMANDS)}", file=sys.stderr
        )
        return 2
    if not is_current():
        make_environment()
    module = ["-m", "pytest"] if command == "test" else ["-m", f"scripts.{command}"]
    process = [str(interpreter(ENVIRONMENT)), *module, *rest]
    if command == "test":
        return subprocess.run(process, cwd=ROOT).returncode
    # Paths on the command line are the caller's: only the import path is ours.
    return subprocess.run(process, env=os.environ | {"PYTHONPATH": str(ROOT)}).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
