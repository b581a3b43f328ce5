"""A document as LaTeX; it needs nothing beyond the base distribution."""

from __future__ import annotations

from collections.abc import Sequence

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
from symbolic.writing.prose import DOLLAR, SPECIAL, to_latex, unshielded
from symbolic.writing.spans import Code, Emphasis, Link, Math, Span, Words, one_line, spans

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{amsmath,amssymb,longtable,array}
\usepackage[margin=22mm]{geometry}
\usepackage[colorlinks,allcolors=blue,bookmarksdepth=3]{hyperref}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt}\setlength{\emergencystretch}{3em}
\newcommand{\dense}{\setlength{\itemsep}{0pt}\setlength{\parskip}{0pt}}
\setcounter{secnumdepth}{0}
\allowdisplaybreaks
\raggedright
"""
SPELLED = {
    **SPECIAL, "$": r"\$", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "`": r"\textasciigrave{}",
}  # fmt: skip
SECTIONS = {2: "section", 3: "subsection"}


def render(blocks: Sequence[Block]) -> str:
    """The text of a file; the first block is the title."""
    title, *rest = blocks
    if not isinstance(title, Heading):
        raise ValueError(f"found {type(title).__name__} first; expected the title")
    targets = linked(blocks)
    body = _blocks(rest, targets)
    head = f"{PREAMBLE}\\title{{{_text(title.text)}}}\n\\author{{exactflow}}\\date{{}}\n"
    return f"{head}\\begin{{document}}\\maketitle\n\n{body}\n\n\\end{{document}}\n"


def _blocks(blocks: Sequence[Block], targets: set[str]) -> str:
    """With an empty line between two, but for a formula, which belongs to the text before it."""
    text = ""
    for block in blocks:
        joint = "\n" if isinstance(block, Equations) else "\n\n"
        text += (joint if text else "") + _block(block, targets)
    return text


def _block(block: Block, targets: set[str]) -> str:
    match block:
        case Heading(level, text):
            name = anchor(text)
            label = rf"\label{{{name}}}" if name in targets else ""
            return rf"\{SECTIONS[level]}{{{_text(text)}}}{label}"
        case Paragraph(text):
            return _text(text)
        case Items(texts):
            items = "\n".join(rf"\item {_text(text)}" for text in texts)
            return f"\\begin{{itemize}}\\dense\n{items}\n\\end{{itemize}}"
        case Equations(rows, numbered):
            name = "align" if numbered else "align*"
            lines = " \\\\\n".join(map(_row, rows))
            return f"\\begin{{{name}}}\n{lines}\n\\end{{{name}}}"
        case Table():
            return _table(block)
        case Note(inner):
            text = _blocks(inner, targets)
            box = f"\\fbox{{\\begin{{minipage}}{{0.94\\linewidth}}\n{text}\n\\end{{minipage}}}}"
            return f"\\begin{{center}}{box}\\end{{center}}"


def _row(row: tuple[str, ...]) -> str:
    left, *right = row
    if not right:
        return f"  {left}"
    return " \\notag\\\\\n  &\\quad ".join([f"  {left} &= {right[0]}", *right[1:]])


def _table(table: Table) -> str:
    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" for width in table.widths
    )
    lines = "\n".join(" & ".join(map(_text, row)) + r" \\[2pt]" for row in table.rows)
    top = " & ".join(rf"\textbf{{{_text(z)}}}" for z in table.head)
    return (
        f"{{\\small\\begin{{longtable}}{{{columns}}}\n{top} \\\\ \\hline\\endhead\n"
        f"{lines}\n\\end{{longtable}}}}"
    )


def _text(text: str) -> str:
    return "".join(map(_span, spans(one_line(text))))


def _span(span: Span) -> str:
    match span:
        case Words(text):
            return unshielded(to_latex(text), _spelled)
        case Math(latex):
            return f"${latex.replace(DOLLAR, chr(92) + '$')}$"
        case Code(text):
            return rf"\texttt{{{_verbatim(text)}}}"
        case Emphasis(inner, strong):
            command = "textbf" if strong else "emph"
            return rf"\{command}{{{''.join(map(_span, inner))}}}"
        case Link(words, target):
            if target.startswith("#"):
                return rf"\hyperref[{target[1:]}]{{{to_latex(words)}}}"
            return rf"\href{{{_address(target)}}}{{{to_latex(words)}}}"


def _spelled(character: str) -> str:
    """A character of somebody's words; one that base LaTeX has not, as a question mark."""
    return SPELLED.get(character, character if character.isascii() else "?")


def _address(target: str) -> str:
    return target.replace("%", r"\%").replace("#", r"\#")


def _verbatim(text: str) -> str:
    """Characters as they are, with room to break a line behind operators."""
    signs = {**SPECIAL, "$": r"\$", "~": r"\textasciitilde{}"}
    spelled = (signs.get(z, z) if z.isascii() else to_latex(z) for z in text)
    return "".join(
        (sign if sign.isascii() else "?") + (r"\allowbreak{}" if z in "+-*/=,()" else "")
        for z, sign in zip(text, spelled, strict=True)
    )
