r"""What a text of a document is made of: words, formulas in dollars, code, emphasis, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbolic.writing.prose import DOLLAR


@dataclass(frozen=True)
class Words:
    """Prose; a dollar that opens no formula is `DOLLAR`."""

    text: str


@dataclass(frozen=True)
class Math:
    """LaTeX of a formula."""

    latex: str


@dataclass(frozen=True)
class Code:
    """Text as it was written."""

    text: str


@dataclass(frozen=True)
class Emphasis:
    """Words that are stressed."""

    spans: tuple[Words | Link, ...]
    strong: bool


@dataclass(frozen=True)
class Link:
    """Words that lead elsewhere: to an address, or with # before it to a heading's anchor."""

    words: str
    target: str


Span = Words | Math | Code | Emphasis | Link
LINK = re.compile(r"\[([^\[\]]+)\]\((#[-\w]+|https?://[^()\s]+)\)")
STRESSED = re.compile(
    r"(?<!\\)\*\*(?P<strong>[^\s*](?:[^*]*[^\s*\\])?)\*\*"
    r"|(?<![\w*\\])\*(?P<plain>[^\s*](?:[^*]*[^\s*\\])?)\*(?![\w*])"
)


def spans(text: str) -> list[Span]:
    """The parts of a text, in order."""
    # A backtick without another is an apostrophe.
    parts = (text.replace("`", "'") if text.count("`") % 2 else text).split("`")
    found: list[Span] = []
    for number, part in enumerate(parts):
        found += [Code(part)] if number % 2 else _without_code(part)
    return found


def one_line(text: str) -> str:
    """A text that was written on several lines."""
    return re.sub(r"[ \t]*\n[ \t]*", " ", text)


def _without_code(text: str) -> Iterator[Span]:
    if text.count("$") % 2:
        text = text.replace("$", DOLLAR)
    for number, part in enumerate(text.split("$")):
        if number % 2:
            yield Math(part)
        else:
            yield from _stressed(part)


def _stressed(text: str) -> Iterator[Span]:
    at = 0
    for found in STRESSED.finditer(text):
        yield from _links(text[at : found.start()])
        inner = found["strong"] or found["plain"]
        yield Emphasis(tuple(_links(inner)), strong=found["strong"] is not None)
        at = found.end()
    yield from _links(text[at:])


def _links(text: str) -> Iterator[Words | Link]:
    at = 0
    for found in LINK.finditer(text):
        if found.start() > at:
            yield Words(_unescaped(text[at : found.start()]))
        yield Link(found[1], found[2])
        at = found.end()
    if at < len(text):
        yield Words(_unescaped(text[at:]))


def _unescaped(text: str) -> str:
    return text.replace(r"\*", "*")
