"""One file per network of an activation: its definition. Declared networks stand on the `shelf`.

May import `symbolic.network`, `symbolic.architecture` and what these may.
"""

from __future__ import annotations

import copyreg
import difflib
import importlib
import pkgutil
from collections.abc import Callable

from symbolic.network.model import Model


def names() -> list[str]:
    """The names of all networks of an activation: one module in `symbolic/models/` each."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


class UnknownNetworkError(ValueError):
    """No file in `symbolic/models/` defines a network of that name.

    Attributes:
        name: as given.
        expected: the nearest name, and all of them.
    """

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name[:60].lower(), names(), n=1)
        hint = f"{near[0]!r}, perhaps; networks are " if near else "one of "
        self.name, self.expected = name, f"{hint}{', '.join(names())}"
        super().__init__(f"network: found {name[:60]!r}; expected {self.expected}")


def load(name: str) -> Model:
    """The definition of a network by its name.

    Raises:
        UnknownNetworkError: for a name that no file has, with the nearest.
    """
    if name not in names():
        raise UnknownNetworkError(name)
    model: Model = importlib.import_module(f"symbolic.models.{name}").MODEL
    return model


def _by_name(model: Model) -> tuple[Callable[[str], Model], tuple[str]]:
    """A model holds functions, which cannot be pickled; the name of its file can."""
    if model.name in names() and load(model.name) == model:
        return load, (model.name,)
    raise TypeError(
        f"cannot pickle the model {model.name!r}: no file in symbolic/models/ defines it"
    )


copyreg.pickle(Model, _by_name)
