"""(g) The command line: a whole process that solves a small case."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from verify.measurements.bench.record import Goal, Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

ROOT = Path(__file__).resolve().parents[4]
CASES: tuple[tuple[str, str, tuple[str, ...], float], ...] = (
    ("linear", "examples/two_neurons.json", (), 0.3),
    ("cubic", "examples/three_cubic_neurons.json", (), 0.3),
    ("linear", "examples/two_neurons.json", ("--times", "0,0.1,1", "--digits", "1000"), 2.0),
    ("cubic", "examples/three_cubic_neurons.json", ("--times", "0,0.1,1", "--digits", "1000"), 2.0),
)
PEER = "python -c 'import numpy'"


def measure(setting: Setting) -> Found:
    """A row for each command."""
    for network, case, options, most in CASES[:: 2 if setting.quick else 1]:
        words = " ".join(("solve", Path(case).name, *options))
        setting.say(f"g: {words}")
        calls = {
            "ours": lambda: _run([*_solve(), case, *options]),  # noqa: B023
            PEER: lambda: _run(["-c", "import numpy"]),
        }
        seconds = interleaved(calls, setting.turns)
        yield Row(
            "g", words, network, peer=PEER, goal=Goal("seconds", most),
            note="" if _is_set_up() else "without run.py, since there is no .venv here",
        ).timed(seconds["ours"], seconds[PEER])  # fmt: skip


def _is_set_up() -> bool:
    return (ROOT / ".venv").exists()


def _solve() -> Sequence[str]:
    """As a user types it; what that becomes where no environment is set up."""
    return ("scripts/run.py", "solve") if _is_set_up() else ("-P", "-m", "scripts.solve")


def _run(arguments: Sequence[str]) -> None:
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=variables, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip


CELL = Cell(
    "g", "`solve` of a small case, the whole process",
    "From the start of the interpreter to its end, files in the cache of the system. Beside it an "
    "interpreter that imports numpy and ends.",
    measure,
    "a third is the interpreter with numpy, as the row beside it; the rest is loading our own modules "
    "and python-flint, and the case itself. It scales with the machine.",
)  # fmt: skip
