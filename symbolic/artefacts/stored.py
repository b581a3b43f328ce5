"""Texts of earlier runs, so that what has not changed is not derived again.

A stored text is found by a digest of everything it was made from: all source of `symbolic/`, the file
of the network (of the other networks, those it could have read), the versions of Python and of the
packages that compute, and the formatter's. No digest, no text: there is nothing that could be stale.
What is stored is JSON of texts; one that is damaged is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
PACKAGES = ("sympy", "mpmath", "python-flint", "z3-solver", "ruff")
DEFINED_IN = {"network": "models", "loss": "losses", "declared": "models/shelf"}
# In a definition that reads more than SymPy and what all read: another import, or a file.
REACHES = re.compile(
    r"""^\s*import\ (?!sympy$)
    | ^\s*from\ (?!(?:sympy|symbolic\.network|symbolic\.notation|symbolic\.architecture|__future__)[. ])
    | ^.*;.*import
    | import_module | __import__ | open\(""",
    re.MULTILINE | re.VERBOSE,
)
READ_ERRORS = (OSError, ValueError, KeyError, TypeError)


class Store:
    """Texts by job, one file each.

    Args:
        folder: where they are.
        write: writes a file whole or not at all.
        source: the package `symbolic`, this one unless given.
        settings: files that decide how texts are formatted.
    """

    def __init__(
        self,
        folder: Path,
        write: Callable[[Path, str], None],
        source: Path | None = None,
        settings: Iterable[Path] = (),
    ) -> None:
        source = source or SOURCE
        self._folder, self._write, self._source = folder, write, source
        definitions = {source / folder for folder in DEFINED_IN.values()}
        files = sorted(source.rglob("*.py"))
        self._definitions = [
            file for file in files if file.parent in definitions and file.name != "__init__.py"
        ]
        common = [file for file in files if file not in self._definitions]
        self._common = [*_platform(), *_contents(common, source), *_contents(settings, None)]

    def key(self, job: str) -> str:
        """The digest of all that the texts of a job are made from."""
        kind, _, name = job.partition(" ")
        own = self._source / DEFINED_IN.get(kind, "") / f"{name}.py"
        is_alone = own in self._definitions and not REACHES.search(own.read_text("utf-8"))
        # A loss is derived with the linear network, whatever it will be used with.
        beside = [self._source / "models" / "linear.py"] if kind == "loss" else []
        read = [own, *beside] if is_alone else self._definitions
        return _digest([job, *self._common, *_contents(read, self._source)])

    def load(self, job: str) -> str | None:
        """The JSON that was kept for a job; None where there is none of this digest, or no whole one."""
        try:
            entry = json.loads(self._path(job).read_text("utf-8"))
            whole = entry["key"] == self.key(job) and entry["sum"] == _digest([entry["content"]])
            return str(entry["content"]) if whole else None
        except READ_ERRORS:
            return None

    def keep(self, job: str, content: str, key: str) -> None:
        """Keep the JSON of a job under the digest that was taken before the job began."""
        entry = {"key": key, "sum": _digest([content]), "content": content}
        self._write(self._path(job), json.dumps(entry))

    def _path(self, job: str) -> Path:
        return self._folder / f"{job.replace(' ', '-')}.json"


def _platform() -> list[str]:
    settings = [f"{name}={value}" for name, value in os.environ.items() if name[:5] == "SYMPY"]
    return [sys.version, *(f"{name} {version(name)}" for name in PACKAGES), *sorted(settings)]


def _contents(files: Iterable[Path], base: Path | None) -> list[str]:
    found = []
    for file in files:
        found += [str(file.relative_to(base)) if base else file.name, file.read_text("utf-8")]
    return found


def _digest(texts: Iterable[str]) -> str:
    """SHA-256 over texts, each with its length, so that no two lists have the same bytes."""
    found = hashlib.sha256()
    for text in texts:
        data = text.encode()
        found.update(f"{len(data)} ".encode() + data)
    return found.hexdigest()
