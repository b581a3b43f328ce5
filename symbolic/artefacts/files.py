"""Texts to files: which there must be, how those that are there differ, and which are extra."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from symbolic.artefacts.jobs import CLOCKS, COUNTS, GENERATED, LATEX, NETWORK, POWERS, Texts
from symbolic.writing import family, markdown
from symbolic.writing.document import loads
from symbolic.writing.report import report

README, REPORT, ACCURACY = "README.md", "verify/reports/family.md", f"{GENERATED}/accuracy.json"
FOLDERS = (
    GENERATED,
    f"{GENERATED}/scaling",
    f"{GENERATED}/losses",
    f"{GENERATED}/compiled",
    f"{GENERATED}/lanes",
    f"{GENERATED}/declared",
    f"{GENERATED}/lifts",
    f"{GENERATED}/chains",
)
KEPT = {ACCURACY, *(f"{folder}/__init__.py" for folder in FOLDERS)}
BEGIN, END = "<!-- family: written by derive -->", "<!-- end of family -->"
UNMEASURED = re.compile(r"^ *Accuracy: @(\w+)@\.\n", re.MULTILINE)


def modules(made: Iterable[Texts], root: Path) -> dict[str, str]:
    """Generated modules by their paths, with the accuracy of evaluators as it was measured.

    Args:
        made: what jobs made.
        root: of the project.
    """
    stored = accuracy(root)
    return {
        path: with_accuracy(text, stored.get(Path(path).stem, {}))
        for texts in made
        for path, text in texts.modules.items()
    }


def documents(made: Iterable[Texts]) -> dict[str, str]:
    """Other files by their paths; they are not committed."""
    return {path: text for texts in made for path, text in texts.documents.items()}


def summaries(made: Mapping[str, Texts], root: Path) -> dict[str, str]:
    """The files that all jobs together make: the report, and the README with its table.

    Args:
        made: what every job made, by job.
        root: of the project.
    """
    networks = [texts.section for job, texts in made.items() if job.startswith(NETWORK)]
    counts, powers, clocks = (
        loads(made[job].sections[name])
        for job, name in ((COUNTS, "counts"), (POWERS, "powers"), (CLOCKS, "clocks"))
    )
    found = {REPORT: markdown.render(report(networks, counts, powers, clocks))}
    if (root / README).exists():
        head, _, rest = (root / README).read_text(encoding="utf-8").partition(BEGIN)
        table = markdown.render([family.table(one.row for one in networks)])
        found[README] = f"{head}{BEGIN}\n{table}{END}{rest.partition(END)[2]}"
    return found


def with_accuracy(text: str, stored: Mapping[str, list[float]]) -> str:
    """A module whose docstrings name the errors of their functions, where those were measured."""

    def line(found: re.Match[str]) -> str:
        if found[1] not in stored:
            return ""
        median, worst = stored[found[1]]
        told = f"worst relative error {worst:.0e}, median {median:.0e}, in float64"
        return found[0].replace(f"@{found[1]}@", told)

    return UNMEASURED.sub(line, text)


def accuracy(root: Path) -> dict[str, dict[str, list[float]]]:
    """Median and worst measured error by network and function."""
    path = root / ACCURACY
    found: dict[str, dict[str, list[float]]] = json.loads(path.read_text()) if path.exists() else {}
    return found


def differences(expected: Mapping[str, str], root: Path) -> list[str]:
    """What is missing or differs from what is expected, as text."""
    problems = []
    for name, text in expected.items():
        path = root / name
        if not path.exists():
            problems.append(f"{name}: missing")
        elif (present := path.read_bytes().decode()) != text:
            names = (f"{name} (committed)", f"{name} (derived)")
            lines = difflib.unified_diff(
                present.splitlines(), text.splitlines(), *names, lineterm=""
            )
            problems.append("\n".join(lines) or f"{name}: other line ends")
    return problems


def extra(expected: Collection[str], root: Path, unfinished: str) -> dict[str, str]:
    """Files that nothing generates, and those that a killed run left, with what they are.

    Args:
        expected: paths of all generated files.
        root: of the project.
        unfinished: how the name of a file begins that is not whole yet.
    """
    found = {}
    for folder in (*FOLDERS, LATEX, ".", str(Path(REPORT).parent)):
        for path in (root / folder).glob(f"{unfinished}*"):
            found[path.relative_to(root).as_posix()] = "left by a run that was stopped"
    for folder in FOLDERS:
        for path in (root / folder).iterdir():
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in KEPT and name not in expected:
                found.setdefault(name, "no network generates it")
    return dict(sorted(found.items()))
