"""Tables that never cut what they show: rows where they fit, else a block of lines per row."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence

from scripts.command import console

PIPED = 1 << 30  # a pipe gets whole rows: no wrapping to a terminal that is not there


def width() -> int:
    """Columns of the terminal (COLUMNS overrides), as many as it takes where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED


def show(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    last: Sequence[str] | None = None,
    title: str | None = None,
) -> None:
    """Print rows under a header.

    Args:
        header: names of the columns; the first one names the row.
        rows: cells, as many as the header has.
        last: a row below a line.
        title: above the table.
    """
    from rich.cells import cell_len
    from rich.table import Column, Table
    from rich.text import Text

    body = [list(row) for row in rows]
    every = [list(header), *body, *([list(last)] if last is not None else [])]
    widths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    needed = sum(widths) + 3 * len(widths) + 1
    if needed > width():
        _blocks(header, every[1:], title)
        return
    table = Table(
        *(Column(Text(name)) for name in header), title=None if title is None else Text(title)
    )
    for row in body:
        table.add_row(*map(Text, row))
    if last is not None:
        table.add_section()
        table.add_row(*map(Text, last))
    # The title may need more room than the rows; a piped table is as wide as it is.
    console(width=max(needed, cell_len(title or ""))).print(table)


def _blocks(header: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
    """Each row as lines "name  value"; a value longer than the line stays in one piece."""
    if title is not None:
        print(title)
    if len(header) == 2:
        pad = max(len(row[0]) for row in (header, *rows))
        for row in (header, *rows):
            print(f"{row[0]:<{pad}}  {row[1]}".rstrip())
        return
    pad = max(map(len, header[1:]), default=0)
    for row in rows:
        print(f"{header[0]} = {row[0]}")
        for name, cell in zip(header[1:], row[1:], strict=True):
            if cell:
                print(f"  {name:<{pad}}  {cell}")
