r"""A document: blocks of text with formulas, of one shape for every writer and every format.

A text is prose with formulas in dollars, code in backticks, *emphasis* and links, "instead:
$\rho=\|x\|$, see [Eq. 3](#eq-3)"; `spans` reads it. How it looks is for `markdown`, `latex` and `html`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from symbolic.writing.prose import DOLLAR, shielded


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (the title) to 3."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Equations:
    """Displayed formulas, one below the other.

    Attributes:
        rows: LaTeX of each: the left side, the right side, and further lines of the right side; or
            the whole formula alone.
        numbered: whether LaTeX numbers them.
    """

    rows: tuple[tuple[str, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a head.

    Attributes:
        head: one word per column.
        widths: of the columns, as parts of the line in LaTeX; together less than 1.
        rows: cells, as many as the head has.
        kinds: one word per row, its style in HTML; or none.
    """

    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.widths, *self.rows):
            if len(line) != len(self.head):
                raise ValueError(f"found {len(line)} cells {line}; expected {len(self.head)}")
        if sum(self.widths) >= 1:
            raise ValueError(f"found columns as wide as {self.widths}; expected less than a line")
        if self.kinds and len(self.kinds) != len(self.rows):
            raise ValueError(f"found {len(self.kinds)} kinds; expected {len(self.rows)} or none")


@dataclass(frozen=True)
class Note:
    """Blocks in a box."""

    blocks: tuple[Block, ...]


Block = Heading | Paragraph | Items | Equations | Table | Note
KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Items, Equations, Table, Note)
}


def code(text: str) -> str:
    """A text as it was written, on one line."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def plain(text: str) -> str:
    """A text that is not written for documents, as it stands: nothing in it is markup."""
    return text.replace("`", "'").replace("$", DOLLAR).replace("*", r"\*")


def verbatim(text: str) -> str:
    """Words of a user: no sign in them is markup or mathematics, in no format."""
    return shielded(text)


def anchor(heading: str) -> str:
    """What a link to a heading names, without its #: as Markdown's readers make it of the words."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with those in notes in their place."""
    for block in blocks:
        if isinstance(block, Note):
            yield from flat(block.blocks)
        else:
            yield block


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text of a document, in order."""
    for block in flat(blocks):
        match block:
            case Heading(_, text) | Paragraph(text):
                yield text
            case Items(items):
                yield from items
            case Table(head, _, rows):
                for line in (head, *rows):
                    yield from line


def linked(blocks: Iterable[Block]) -> set[str]:
    """Anchors that a document links to."""
    return {target for text in texts(blocks) for target in re.findall(r"\]\(#([^)]*)\)", text)}


def formulas(blocks: Iterable[Block]) -> list[str]:
    """LaTeX of every formula of a document: first those displayed, then those in texts."""
    blocks = list(blocks)
    displayed = [
        " = ".join((row[0], " ".join(row[1:]))) if len(row) > 1 else row[0]
        for block in flat(blocks)
        if isinstance(block, Equations)
        for row in block.rows
    ]
    inline = [formula for text in texts(blocks) for formula in text.split("$")[1::2]]
    return [*displayed, *inline]


def dumps(blocks: Iterable[Block]) -> str:
    """A document as JSON."""
    return json.dumps([_plain(block) for block in blocks], ensure_ascii=False)


def _plain(block: Block) -> list[Any]:
    if isinstance(block, Note):
        return ["Note", {"blocks": [_plain(one) for one in block.blocks]}]
    return [type(block).__name__, asdict(block)]


def loads(content: str) -> list[Block]:
    """The inverse of `dumps`."""
    return [_block(kind, fields) for kind, fields in json.loads(content)]


def _block(kind: str, fields: dict[str, Any]) -> Block:
    if kind == "Note":
        return Note(tuple(_block(*one) for one in fields["blocks"]))
    found: Block = KINDS[kind](**{name: _frozen(value) for name, value in fields.items()})
    return found


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
