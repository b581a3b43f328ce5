"""The formats of a document, by how a file's name ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symbolic.writing import html, latex, markdown
from symbolic.writing.document import Block

RENDER: dict[str, Callable[[Sequence[Block]], str]] = {
    ".md": markdown.render,
    ".tex": latex.render,
    ".html": html.render,
}
