"""Functions compiled once, and kept on disk under a digest of every file that they are made from.

numba looks at the file of a function alone: what a changed helper is built into would stay as it was.
"""

from __future__ import annotations

import hashlib
import logging
import os
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
    NUMERIC / "generated" / "compiled",
    NUMERIC / "methods" / "explicit",
)
DIGITS = 16
log = logging.getLogger(__name__)


def kernel(function: Callable[..., Any]) -> Any:
    """A function of numbers and arrays, compiled at its first call of this computer; it frees the GIL."""
    with _kept_in(folder()):
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


@cache
def folder() -> str:
    """Where machine code is kept: in the project, or beside temporary files if that cannot be written."""
    place = FOLDER / stamp()
    try:
        place.mkdir(parents=True, exist_ok=True)
        writable = os.access(place, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        place = Path(tempfile.gettempdir()) / f"exactflow-{os.getuid()}" / stamp()
    if not place.exists() or not any(place.iterdir()):
        log.info("compiling at the first call of each function; kept in %s", place)
    return str(place)


@cache
def stamp() -> str:
    """A digest of the files that compiled functions are made from."""
    found = hashlib.sha256()
    for file in sorted(z for source in SOURCES for z in source.glob("*.py")):
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:DIGITS]


@contextmanager
def _kept_in(place: str) -> Iterator[None]:
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, place
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
