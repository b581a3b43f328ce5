r"""A document of headings, paragraphs, lists and tables, as Markdown, LaTeX and HTML.

Text is prose with formulas in dollars, "instead: $\rho=\|x\|$", and code in backticks. HTML needs
nothing from elsewhere: its formulas are MathML.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from latex2mathml.converter import convert

from symbolic.writing.prose import DOLLAR, SPECIAL, in_dollars, to_latex


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
class Table:
    """Rows under a head.

    Attributes:
        head: one word per column.
        widths: of the columns, as parts of the line in LaTeX; together less than 1.
        rows: cells.
        kinds: one word per row, its style in HTML; or none.
    """

    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...] = ()


Block = Heading | Paragraph | Items | Table


def code(text: str) -> str:
    """A text as it was written, on one line."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def markdown(blocks: Iterable[Block]) -> str:
    """Markdown with tables and formulas in dollars."""
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Items(texts):
            return "\n".join(f"* {text}" for text in texts)
        case Table(head, _, rows):
            lines = [head, ("---",) * len(head), *rows]
            # A bar ends a cell, even in a formula.
            cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
            return "\n".join(f"| {' | '.join(line)} |" for line in cells)


PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{amsmath,amssymb,longtable,array}
\usepackage[margin=22mm]{geometry}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt}\setlength{\emergencystretch}{3em}
\newcommand{\dense}{\setlength{\itemsep}{0pt}\setlength{\parskip}{0pt}}
\raggedright
"""


def latex(blocks: Sequence[Block]) -> str:
    """A LaTeX document for the base distribution; the first block is its title."""
    title, *rest = blocks
    assert isinstance(title, Heading)
    head = f"{PREAMBLE}\\title{{{_as_latex(title.text)}}}\n\\author{{exactflow}}\\date{{}}\n"
    body = "\n\n".join(map(_latex, rest))
    return f"{head}\\begin{{document}}\\maketitle\n\n{body}\n\n\\end{{document}}\n"


def _latex(block: Block) -> str:
    match block:
        case Heading(level, text):
            name = {2: "section*", 3: "subsection*"}[level]
            return rf"\{name}{{{_as_latex(text)}}}"
        case Paragraph(text):
            return _as_latex(text)
        case Items(texts):
            items = "\n".join(rf"\item {_as_latex(text)}" for text in texts)
            return f"\\begin{{itemize}}\\dense\n{items}\n\\end{{itemize}}"
        case Table(head, widths, rows):
            columns = "".join(
                rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" for width in widths
            )
            lines = "\n".join(" & ".join(map(_as_latex, row)) + r" \\[2pt]" for row in rows)
            top = " & ".join(rf"\textbf{{{_as_latex(z)}}}" for z in head)
            return (
                f"{{\\small\\begin{{longtable}}{{{columns}}}\n{top} \\\\ \\hline\\endhead\n"
                f"{lines}\n\\end{{longtable}}}}"
            )


STYLE = """
body{font:16px/1.45 Georgia,serif;max-width:64em;margin:2em auto;padding:0 1em;color:#222}
h1,h2,h3{font-family:sans-serif;line-height:1.2}h3{margin:1.6em 0 .3em}p,ul{margin:.4em 0}
table{border-collapse:collapse;font-size:.9em;margin:1em 0}
td,th{border-bottom:1px solid #bbb;padding:.3em .5em;vertical-align:top;text-align:left}
th{position:sticky;top:0;background:#fff}math{font-size:1.05em}
.FAILS,.substantive{background:#fbe3d0}.HOLDS_IF,.degenerate{background:#fff6d0}.UNDECIDED,.UNREADABLE{background:#ddd}
"""


def as_html(blocks: Sequence[Block]) -> str:
    """One page."""
    title = next(z.text for z in blocks if isinstance(z, Heading))
    body = "\n".join(map(_html, blocks))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{_spans(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{_spans(text)}</p>"
        case Items(texts):
            return f"<ul>{''.join(f'<li>{_spans(z)}</li>' for z in texts)}</ul>"
        case Table(head, _, rows, kinds):
            top = "".join(f"<th>{_spans(z)}</th>" for z in head)
            lines = "\n".join(
                f'<tr class="{kind}">{"".join(f"<td>{_spans(z)}</td>" for z in row)}</tr>'
                for row, kind in zip(rows, kinds or ("",) * len(rows), strict=True)
            )
            return f"<table><thead><tr>{top}</tr></thead><tbody>\n{lines}\n</tbody></table>"


def _parts(text: str) -> list[str]:
    """Prose and code in turn; a backtick without another is an apostrophe."""
    return (text.replace("`", "'") if text.count("`") % 2 else text).split("`")


def _as_latex(text: str) -> str:
    """Prose, formulas and code."""
    parts = _parts(text)
    parts[::2] = map(to_latex, parts[::2])
    parts[1::2] = (rf"\texttt{{{_verbatim(part)}}}" for part in parts[1::2])
    return "".join(parts)


def _verbatim(text: str) -> str:
    """Characters as they are, with room to break a line behind operators."""
    signs = {**SPECIAL, "$": r"\$", "~": r"\textasciitilde{}"}
    spelled = (signs.get(z, z) if z.isascii() else to_latex(z) for z in text)
    return "".join(
        (sign if sign.isascii() else "?") + (r"\allowbreak{}" if z in "+-*/=,()" else "")
        for z, sign in zip(text, spelled, strict=True)
    )


def _spans(text: str) -> str:
    parts = _parts(text)
    parts[::2] = map(_prose, parts[::2])
    parts[1::2] = (f"<code>{html.escape(part)}</code>" for part in parts[1::2])
    return "".join(parts)


def _prose(text: str) -> str:
    parts = in_dollars(text).split("$")
    parts[::2] = (html.escape(part).replace(DOLLAR, "$") for part in parts[::2])
    parts[1::2] = map(_mathml, parts[1::2])
    return "".join(parts)


@cache
def _mathml(formula: str) -> str:
    try:
        # Arrows are set without room around them.
        return convert(formula.replace(r"\iff", r"\;\Leftrightarrow\;").replace(DOLLAR, r"\$"))
    except Exception:  # whatever it makes of a user's formula that is none
        return f"<code>{html.escape(formula)}</code>"
