"""Functions compiled once, and kept on disk under a digest of every file that they are made from.

numba looks at the file of a function alone: what a changed helper is built into would stay as it was.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numba

NUMERIC = Path(__file__).parents[1]
FOLDER = NUMERIC / "generated" / "compiled" / "__pycache__"
SOURCES = (
    Path(__file__).parent,
    Path(__file__).parent / "taylor",
    NUMERIC / "generated" / "compiled",
    NUMERIC / "methods" / "explicit",
)
DIGITS = 16
log = logging.getLogger(__name__)


def kernel(function: Callable[..., Any], *signature: Any) -> Any:
    """A function of numbers and arrays, compiled at its first call of this computer; it frees the GIL.

    Args:
        function: plain Python.
        signature: its types, where it is to be compiled at once, for them alone.
    """
    place = folder()
    with _kept_in(place):
        options = {"cache": place is not None, "nogil": True, "error_model": "numpy"}
        return numba.njit(*signature, **options)(function)


def typed(signature: Any) -> Callable[[Callable[..., Any]], Any]:
    """Functions of one signature: a caller can be compiled once, and be given any of them."""
    return lambda function: kernel(function, signature)


@cache
def folder() -> str | None:
    """Where machine code is kept: in the project, else at home; None where neither can be written."""
    for place in (FOLDER / stamp(), Path.home() / ".cache" / "exactflow" / stamp()):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError:
            continue
        if not any(place.iterdir()):
            log.info("compiling at the first call of each function; kept in %s", place)
        return str(place)
    log.info("compiling in each process: no folder to keep machine code in")
    return None


@cache
def stamp() -> str:
    """A digest of the files that compiled functions are made from."""
    found = hashlib.sha256()
    for file in sorted(z for source in SOURCES for z in source.glob("*.py")):
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:DIGITS]


@contextmanager
def _kept_in(place: str | None) -> Iterator[None]:
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, place or ""
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
