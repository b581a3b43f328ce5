"""Declared networks: one file each, named after it."""

from __future__ import annotations

import importlib
import pkgutil

from symbolic.architecture.model import Model


def names() -> list[str]:
    """The names of all of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Model:
    """A declaration by its name."""
    model: Model = importlib.import_module(f"{__name__}.{name}").MODEL
    return model
