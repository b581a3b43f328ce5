"""Declared networks in torch, each written by hand from its definition: one file each, named after it.

A file has `forward(w, x, frozen)`: the output at one input, of weights, entries of inputs and untrained
weights by their names. No graph is walked, and nothing but the names is the declaration's.
"""

from __future__ import annotations

import importlib
import pkgutil

from symbolic.architecture.model import Model, Sizes
from symbolic.models import shelf
from verify.networks import graph
from verify.networks.graph import Forward


def names() -> list[str]:
    """The names of all of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Forward:
    """A network by its name."""
    found: Forward = importlib.import_module(f"{__name__}.{name}").forward
    return found


def is_by_hand(model: Model) -> bool:
    """Whether a declaration is that of the shelf, under any loss and data, and is written here."""
    return model.name in names() and shelf.load(model.name).output is model.output


def forward(model: Model, sizes: Sizes) -> Forward:
    """The network by hand where it is written here, else its graph."""
    return load(model.name) if is_by_hand(model) else graph.forward(model, sizes)
