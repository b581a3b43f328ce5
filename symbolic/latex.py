r"""Records to LaTeX: the whole derivation as numbered steps, and each formula alone.

The document needs nothing beyond the base distribution (article, amsmath, longtable, geometry).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from sympy import Basic, Expr, Symbol

from symbolic.codegen.program import Program
from symbolic.derivation import Derivation
from symbolic.notation import TABLE
from symbolic.prose import to_latex
from symbolic.record import Step

PREAMBLE = r"""\documentclass[11pt]{{article}}
\usepackage{{amsmath,amssymb,longtable}}
\usepackage[margin=22mm]{{geometry}}
\newcounter{{step}}
\newcommand{{\step}}[1]{{\refstepcounter{{step}}\paragraph{{Step \thestep. #1.}}}}
\allowdisplaybreaks
\title{{Exact gradient flow of the {title}}}
\author{{derived by exactflow}}
\date{{}}
\begin{{document}}
\maketitle
\noindent {source}.
The loss has no factor $\tfrac12$; each layer has its own learning rate.
The certificates counted below were proved by the program that wrote this text.
"""


def typeset(expression: Basic | str, other: Mapping[Symbol, str] | None = None) -> str:
    """LaTeX of an expression in the symbols of the notation table, and in other names where given.

    A string is LaTeX already.
    """
    if isinstance(expression, str):
        return expression
    names = {z: TABLE[z.name].latex for z in expression.atoms(Symbol) if z.name in TABLE} | {
        row.symbol: row.latex for row in TABLE.values()
    }
    names |= other or {}
    return str(sympy.latex(expression, symbol_names=names, ln_notation=True))


def equation(left: Basic | str, right: Expr | str) -> str:
    """One equation."""
    return f"{typeset(left)} = {typeset(right)}"


def step(item: Step) -> str:
    """One numbered step: the name of the law, the statement, the proof."""
    rows = " \\\\\n  ".join(
        f"{typeset(left)} &= {typeset(right)}" for left, right in item.statement
    )
    # A citation in the prose may hold an ampersand.
    proof = item.proof.replace(" & ", r" \& ")
    return f"\\step{{{item.law}}} {proof}\n\\begin{{align}}\n  {rows}\n\\end{{align}}\n"


def document(derivation: Derivation) -> str:
    """The whole derivation as a LaTeX document."""
    model = derivation.model
    parts = [PREAMBLE.format(title=model.title, source=_escaped(model.source))]
    for _, record in derivation.records():
        parts += [step(item) for item in record.steps]
        count = len(record.certificates)
        word = "certificate" if count == 1 else "certificates"
        parts.append(f"\\emph{{{count} {word} proved.}}\n")
    parts.append(notation_table(parts))
    return "\n".join([*parts, "\\end{document}\n"])


def notation_table(parts: list[str]) -> str:
    """The symbols that occur, with their meaning."""
    text = "\n".join(parts)
    rows = "\n".join(
        f"${row.latex}$ & {to_latex(row.meaning)} \\\\"
        for row in TABLE.values()
        if len(row.latex) > 2 and row.latex in text
    )
    return (
        "\\section*{Notation}\n\\begin{flushleft}\\small\n"
        f"\\begin{{longtable}}[l]{{ll}}\n{rows}\n\\end{{longtable}}\n\\end{{flushleft}}\n"
    )


def _escaped(text: str) -> str:
    return text.replace("&", r"\&").replace("_", r"\_")


def formulas(program: Program) -> Iterator[tuple[str, str, str]]:
    """Every formula that is evaluated: name, what it is, LaTeX."""
    for function in program.functions:
        for left, right in function.equations.items():
            name = function.name if len(function.equations) == 1 else f"{function.name}.{left}"
            yield name, function.summary, equation(_left(left, function.name), right)


BRANCHES: Mapping[str, str] = {
    "up": r"\big|_{s\ge0}",
    "down": r"\big|_{s<0}",
    "larger": r"1+2|B|/R",
    "smaller": r"1-2|B|/R",
}
WEIGHTS: Mapping[str, str] = {"weight_u": "u_i(t)", "weight_omega": r"\omega_i(t)"}


def _left(name: str, function: str) -> str:
    if name in BRANCHES:
        return WEIGHTS.get(function, "") + BRANCHES[name]
    spelled = {"progress": r"1-\varrho", "norm": _norm(function), "slope": r"\frac{d\zeta}{d\alpha}",
               "time": "t", "residual": "f-y", "K": "K(x_1,x_2)"}  # fmt: skip
    return spelled.get(name) or (TABLE[name].latex if name in TABLE else rf"\mathrm{{{name}}}")


def _norm(function: str) -> str:
    return {"norm_u": r"\|u\|", "norm_omega": r"\|\omega\|", "norm_W": r"\|W\|"}.get(function, "")
