"""A declared network from a file of somebody's own, which is run as the program that it is."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import ModuleType

from symbolic.architecture.model import DeclarationError, Model


def load_file(path: Path) -> Model:
    """The `MODEL` of a Python file, which is run in this process; it may import what lies beside it.

    Raises:
        DeclarationError: where there is no such file, it fails, or has no MODEL; one line with the place.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise DeclarationError(f"{path}: there is {found}")
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        raise DeclarationError(f"{path}: a declaration is a file that ends in .py")
    module = importlib.util.module_from_spec(spec)
    try:
        with redirect_stdout(sys.stderr), _among_modules(module, path.resolve().parent):
            spec.loader.exec_module(module)
            model = getattr(module, "MODEL", None)
            if isinstance(model, Model):
                model.graph  # noqa: B018 - calls the output, whose mistakes are the file's too
    except SystemExit as error:
        raise DeclarationError(
            f"{path}: the file ends the program: sys.exit({error.code})"
        ) from error
    except Exception as error:
        raise DeclarationError(_said(path, error)) from error
    if not isinstance(model, Model):
        found = "there is none" if model is None else f"it is of type {type(model).__name__}"
        raise DeclarationError(f"{path}: MODEL is a symbolic.Model, and {found}")
    return model


@contextmanager
def _among_modules(module: ModuleType, folder: Path) -> Iterator[None]:
    """A module as an import would have it: found by its name, after those of ours, as its folder is."""
    is_new = sys.modules.setdefault(module.__name__, module) is module
    sys.path.append(str(folder))
    try:
        yield
    finally:
        if is_new:
            sys.modules.pop(module.__name__, None)
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


def _said(path: Path, error: Exception) -> str:
    """What went wrong in a file, and in which line."""
    if isinstance(error, SyntaxError):
        return f"{path}, line {error.lineno}: {error.msg}"
    said = str(error)
    lines = [
        str(frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == path.resolve()
    ]
    # What does not fit names its place itself.
    if own := re.match(rf"{re.escape(path.name)}, line (\d+): ", said):
        said, lines = said[own.end() :], [own[1]]
    place = f"{path}, line {lines[-1]}" if lines else str(path)
    kind = "" if isinstance(error, (DeclarationError, ValueError)) else f"{type(error).__name__}: "
    return f"{place}: {kind}{said}"
