"""A document as one HTML page that needs nothing from elsewhere: its formulas are MathML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape

from latex2mathml.converter import convert

from symbolic.writing.document import (
    Block,
    Equations,
    Heading,
    Items,
    Note,
    Paragraph,
    Table,
    anchor,
    linked,
)
from symbolic.writing.prose import DOLLAR, in_dollars, unshielded
from symbolic.writing.spans import Code, Emphasis, Link, Math, Span, Words, one_line, spans

WORDS = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")
STYLE = """
body{font:16px/1.45 Georgia,serif;max-width:64em;margin:2em auto;padding:0 1em;color:#222}
h1,h2,h3{font-family:sans-serif;line-height:1.2}h3{margin:1.6em 0 .3em}p,ul{margin:.4em 0}
table{border-collapse:collapse;font-size:.9em;margin:1em 0}
td,th{border-bottom:1px solid #bbb;padding:.3em .5em;vertical-align:top;text-align:left}
th{position:sticky;top:0;background:#fff}math{font-size:1.05em}math[display=block]{margin:.6em 0}
.note{border:1px solid #888;padding:.4em 1em;margin:1em 0}.equations{overflow-x:auto}
.FAILS,.substantive{background:#fbe3d0}.HOLDS_IF,.degenerate{background:#fff6d0}.UNDECIDED,.UNREADABLE{background:#ddd}
"""


def render(blocks: Sequence[Block]) -> str:
    """The text of a file; its first heading is the title."""
    title = escape(unshielded(next(z.text for z in blocks if isinstance(z, Heading)), str))
    targets = linked(blocks)
    body = "\n".join(_block(block, targets) for block in blocks)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _block(block: Block, targets: set[str]) -> str:
    match block:
        case Heading(level, text):
            name = anchor(text)
            label = f' id="{escape(name)}"' if name in targets else ""
            return f"<h{level}{label}>{_text(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Items(texts):
            return f"<ul>{''.join(f'<li>{_text(z)}</li>' for z in texts)}</ul>"
        case Equations(rows):
            lines = r" \\ ".join(map(_row, rows))
            shown = _mathml(rf"\begin{{align*}}{lines}\end{{align*}}", "block")
            return f'<div class="equations">{shown}</div>'
        case Table(head, _, rows, kinds):
            top = "".join(f"<th>{_text(z)}</th>" for z in head)
            lines = "\n".join(
                f'<tr class="{kind}">{"".join(f"<td>{_text(z)}</td>" for z in row)}</tr>'
                for row, kind in zip(rows, kinds or ("",) * len(rows), strict=True)
            )
            return f"<table><thead><tr>{top}</tr></thead><tbody>\n{lines}\n</tbody></table>"
        case Note(inner):
            text = "\n".join(_block(one, targets) for one in inner)
            return f'<div class="note">\n{text}\n</div>'


def _row(row: tuple[str, ...]) -> str:
    left, *right = row
    return r" \\ &\quad ".join([f"{left} &= {right[0]}", *right[1:]]) if right else left


def _text(text: str) -> str:
    return "".join(map(_span, spans(one_line(text))))


def _span(span: Span) -> str:
    match span:
        case Words(text):
            return _words(text)
        case Math(latex):
            return _mathml(latex)
        case Code(text):
            return f"<code>{escape(text)}</code>"
        case Emphasis(inner, strong):
            tag = "strong" if strong else "em"
            return f"<{tag}>{''.join(map(_span, inner))}</{tag}>"
        case Link(words, target):
            return f'<a href="{escape(target)}">{_words(words)}</a>'


def _words(text: str) -> str:
    parts = in_dollars(text).split("$")
    parts[::2] = (escape(part).replace(DOLLAR, "$") for part in parts[::2])
    parts[1::2] = map(_mathml, parts[1::2])
    return unshielded("".join(parts), escape)


@cache
def _mathml(formula: str, display: str = "inline") -> str:
    try:
        # Arrows are set without room around them.
        spaced = formula.replace(r"\iff", r"\;\Leftrightarrow\;").replace(DOLLAR, r"\$")
        spaced = WORDS.sub(_apart, spaced)
        return convert(spaced, display=display)
    except Exception:  # whatever it makes of a user's formula that is none
        return f"<code>{escape(formula)}</code>"


def _apart(words: re.Match[str]) -> str:
    """Words within a formula, with their own formulas beside them: MathML has none inside."""
    parts = words[1].split("$")
    parts[::2] = (rf"\text{{{part}}}" if part else "" for part in parts[::2])
    return "".join(parts)
