"""What objects need to be copied and pickled: modules by their names, and locks as fresh ones.

Everything else that a flow has found on its way is carried along, so that a copy answers as the flow
itself does, bit by bit.
"""

from __future__ import annotations

import importlib
import pickle
import sys
import threading
from types import ModuleType, TracebackType
from typing import Any


class NamesModules:
    """A class whose instances hold modules of evaluators: they are pickled by their names."""

    def __getstate__(self) -> dict[str, Any]:
        """The attributes, with modules by name.

        Raises:
            pickle.PicklingError: for a module that is not found by its name.
        """
        return {
            name: _Name.of(value) if isinstance(value, ModuleType) else value
            for name, value in list(vars(self).items())  # another thread may add to them
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The attributes again."""
        for name, value in state.items():
            self.__dict__[name] = value.module() if isinstance(value, _Name) else value


class _Name(str):
    """The name of a module."""

    @classmethod
    def of(cls, module: ModuleType) -> _Name:
        if sys.modules.get(module.__name__) is not module:
            raise pickle.PicklingError(
                f"cannot pickle the module {module.__name__!r}: it cannot be imported by its name"
            )
        return cls(module.__name__)

    def module(self) -> ModuleType:
        return importlib.import_module(self)


class Lock:
    """A lock that its thread may take again; a copy has one of its own, which nobody holds."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[Lock], tuple[()]]:
        return Lock, ()
