"""Words of a user within a docstring that is generated."""

from __future__ import annotations


def plain(text: str) -> str:
    """The words in one line, without what ends a docstring or escapes in it."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())
