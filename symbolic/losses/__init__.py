"""One file per loss: its definition. May import `symbolic.network` and what that may."""

from __future__ import annotations

import copyreg
import difflib
import importlib
import pkgutil
from collections.abc import Callable

from symbolic.network.losses import Loss


def names() -> list[str]:
    """The names of all losses: one module in `symbolic/losses/` each."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


class UnknownLossError(ValueError):
    """No file in `symbolic/losses/` defines a loss of that name.

    Attributes:
        name: as given.
        expected: the nearest name, and all of them.
    """

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name[:60].lower(), names(), n=1)
        hint = f"{near[0]!r}, perhaps; losses are " if near else "one of "
        self.name, self.expected = name, f"{hint}{', '.join(names())}"
        super().__init__(f"loss: found {name[:60]!r}; expected {self.expected}")


def load(name: str) -> Loss:
    """The definition of a loss by its name.

    Raises:
        UnknownLossError: for a name that no file has, with the nearest.
    """
    if name not in names():
        raise UnknownLossError(name)
    loss: Loss = importlib.import_module(f"symbolic.losses.{name}").LOSS
    return loss


def _by_name(loss: Loss) -> tuple[Callable[[str], Loss], tuple[str]]:
    """A loss holds a function, which cannot be pickled; the name of its file can."""
    if loss.name in names() and load(loss.name) == loss:
        return load, (loss.name,)
    raise TypeError(f"cannot pickle the loss {loss.name!r}: no file in symbolic/losses/ defines it")


copyreg.pickle(Loss, _by_name)
