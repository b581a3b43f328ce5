"""What is being tried, told to whoever waits for it: known even where it does not end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


def attempt(words: str) -> None:
    """Say what is tried next."""
    if (listener := _listener.get()) is not None:
        listener(words)


@contextmanager
def told_to(listener: Callable[[str], None]) -> Iterator[None]:
    """Have attempts told to a function."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
