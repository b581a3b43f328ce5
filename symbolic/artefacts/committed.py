"""What is committed beside what is derived: the differences, and the writing that mends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from symbolic.artefacts import files
from symbolic.artefacts.files import FOLDERS, REPORT
from symbolic.artefacts.jobs import LATEX, THEOREMS, Texts

Write = Callable[[Path, str], None]
MEANINGS = {
    FOLDERS[0]: "evaluators (numpy, torch, mpmath, arb)",
    FOLDERS[1]: "exponents of scaling limits",
    FOLDERS[2]: "a loss (numpy, torch, mpmath, arb)",
    FOLDERS[3]: "evaluators in machine code (numba)",
    FOLDERS[4]: "evaluators in machine code for many networks at once (numba)",
    FOLDERS[5]: "a declared network at all sizes (numpy, torch)",
    FOLDERS[6]: "the linear lift of a declared network at all sizes (any numbers)",
    FOLDERS[7]: "clocks of scalar chains (numpy, torch, mpmath, arb)",
    LATEX: "the derivation (run.py latex --pdf compiles it)",
    str(Path(REPORT).parent): "the family: what is solved, and every proof",
}


def is_whole(made: Mapping[str, Texts]) -> bool:
    """Whether all jobs were done, and not some alone."""
    return made.keys() >= THEOREMS.keys()


def differences(made: Mapping[str, Texts], root: Path, unfinished: str) -> list[str]:
    """Differences between what is committed and what is derived, as text.

    Args:
        made: what jobs made, by job: all of them, or some alone.
        root: of the project.
        unfinished: how the name of a file begins that is not whole yet.
    """
    expected = files.modules(made.values(), root)
    problems = []
    if is_whole(made):
        expected |= files.summaries(made, root)
        extra = files.extra(expected, root, unfinished)
        problems = [f"{path}: extra, {why}" for path, why in extra.items()]
    return problems + files.differences(expected, root)


def write(
    made: Mapping[str, Texts],
    root: Path,
    unfinished: str,
    write_whole: Write,
    measure_accuracy: Callable[[str, Path], None],
) -> dict[str, str]:
    """Write what differs; of a whole derivation also clear what is extra. Returns path → what it is.

    Args:
        made: what jobs made, by job: all of them, or some alone.
        root: of the project.
        unfinished: how the name of a file begins that is not whole yet.
        write_whole: writes a file whole or not at all.
        measure_accuracy: of the evaluators of a network that have changed; stores it in the project.
    """
    modules = files.modules(made.values(), root)
    changed = _written(modules, root, write_whole)
    for texts in made.values():
        if texts.is_measured and texts.row is not None and changed & texts.modules.keys():
            measure_accuracy(texts.row.network, root)
            _written(files.modules([texts], root), root, write_whole)
    others = files.documents(made.values())
    others |= files.summaries(made, root) if is_whole(made) else {}
    _written(others, root, write_whole)
    if is_whole(made):
        for path in files.extra(modules, root, unfinished):
            (root / path).unlink()
    return {path: _meaning(path) for path in (*modules, *others) if path != files.README}


def _written(texts: Mapping[str, str], root: Path, write_whole: Write) -> set[str]:
    """Write the files that differ, and say which."""
    changed = set()
    for path, text in texts.items():
        file = root / path
        if not file.exists() or file.read_bytes() != text.encode():
            write_whole(file, text)
            changed.add(path)
    return changed


def _meaning(path: str) -> str:
    return MEANINGS[str(Path(path).parent)]
