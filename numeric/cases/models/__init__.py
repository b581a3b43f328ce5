"""Models that a case can name, one file each: see `numeric.cases.named`.

The docstring of a file is what the help of `solve` says of its model. It is read, not imported: the help
loads no numbers.
"""

from __future__ import annotations

import ast
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The models there are."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def descriptions() -> str:
    """What each model's case has, for the help: the lines of its docstring after the first."""
    return "\n".join(_description(name) for name in names())


def _description(name: str) -> str:
    text = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))) or ""
    lines = text.partition("\n\n")[2].splitlines()
    first, *others = lines or [""]
    return "\n".join([f'  "{name}"'.ljust(24) + first, *(" " * 24 + line for line in others)])
