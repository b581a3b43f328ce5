"""A document as Markdown, with tables and formulas in dollars, as GitHub reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from symbolic.writing.document import Block, Equations, Heading, Items, Note, Paragraph, Table
from symbolic.writing.prose import DOLLAR, unshielded
from symbolic.writing.spans import Code, Emphasis, Link, Math, Span, Words, spans

# What would be read as markup: a tag, an entity, an underscore or a star that may open emphasis, a link;
# and at the beginning of a block a heading, a quotation, a list.
MARKUP = re.compile(
    r"<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_(?=\S)|\*+(?=[^\W_])|(?<![^\W_*])\*+(?=[^\s*])|\\(?=[!-/:-@\[-`{-~])|\[(?=[^\]]*\]\()"
)
OPENING = re.compile(r"^(?=#{1,6} |>|[-+] )|^\d+(?=[.)] )")


def render(blocks: Iterable[Block]) -> str:
    """The text of a file."""
    return "\n\n".join(map(_block, blocks)) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_text(text)}"
        case Paragraph(text):
            return _opened(_text(text))
        case Items(texts):
            return "\n".join(f"* {_opened(_text(text))}" for text in texts)
        case Equations(rows):
            formula = " \\\\\n".join(map(_row, rows))
            return f"$$\n\\begin{{aligned}}\n{formula}\n\\end{{aligned}}\n$$"
        case Table(head, _, rows):
            # A bar ends a cell, even in a formula.
            cells = [[_text(z).replace("|", "\\|") for z in line] for line in (head, *rows)]
            top, *lines = (f"| {' | '.join(line)} |" for line in cells)
            return "\n".join([top, "|---" * len(head) + "|", *lines])
        case Note(inner):
            return "\n".join(f"> {line}".rstrip() for line in render(inner).splitlines())


def _row(row: tuple[str, ...]) -> str:
    left, *right = row
    return " \\\\\n&\\quad ".join([f"{left} &= {right[0]}", *right[1:]]) if right else left


def _opened(text: str) -> str:
    """A text whose beginning is no mark of a block."""
    return OPENING.sub(lambda found: f"{found[0]}\\", text)


def _text(text: str) -> str:
    return "".join(map(_span, spans(text)))


def _span(span: Span) -> str:
    match span:
        case Words(text):
            marked = MARKUP.sub(lambda found: "".join(f"\\{z}" for z in found[0]), text)
            return unshielded(marked.replace(DOLLAR, "\\$"), _spelled)
        case Math(latex):
            return f"${latex}$"
        case Code(text):
            return f"`{text}`"
        case Emphasis(inner, strong):
            mark = "**" if strong else "*"
            return f"{mark}{''.join(map(_span, inner))}{mark}"
        case Link(words, target):
            return f"[{words}]({target})"


def _spelled(character: str) -> str:
    """A character of somebody's words, which is no markup."""
    return f"\\{character}" if character in "\\`*_<&[]$~" else character
