"""Formulas that are evaluated, each alone: its equation, its symbols, and what it needs before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Basic, Expr

from symbolic.codegen.program import Program
from symbolic.notation.typesetting import typeset
from symbolic.vocabulary import TABLE
from symbolic.writing import glossary
from symbolic.writing.document import Block, Equations, Heading, Paragraph, Table


def equation(left: Basic | str, right: Expr | str) -> str:
    """One equation."""
    return f"{typeset(left)} = {typeset(right)}"


@dataclass(frozen=True)
class Formula:
    """A formula that is evaluated.

    Attributes:
        name: how it is asked for.
        meaning: what it is.
        latex: the equation.
        where: its symbols, as LaTeX, and what they mean.
        definitions: equations of those on its right that are evaluated before it, and of theirs.
    """

    name: str
    meaning: str
    latex: str
    where: Mapping[str, str]
    definitions: tuple[str, ...] = ()


def formulas(program: Program) -> Iterator[Formula]:
    """Every formula that is evaluated."""
    known: dict[str, tuple[str, str]] = {}  # of what is on the left: the equation, and its right
    for function in program.functions:
        several = len(function.equations) > 1
        for left, right in function.equations.items():
            name = f"{function.name}.{left}" if several else function.name
            symbol = _left(left, function.name)
            latex, meaning = equation(symbol, right), function.summary
            if several and symbol in (own := glossary.symbols([symbol])):
                meaning = f"{own[symbol]}. {meaning}"
            definitions = tuple(_before(typeset(right), known, glossary.scan(symbol)[0]))
            symbols = glossary.symbols([*definitions, latex])
            yield Formula(name, meaning, latex, symbols, definitions)
            if function.name in DEFINED_FIRST:
                known.setdefault(symbol, (latex, typeset(right)))


def _before(right: str, known: Mapping[str, tuple[str, str]], own: Iterable[str]) -> Iterator[str]:
    """Equations of the symbols of a right-hand side that are not its own, those that they need first."""
    found: dict[str, str] = dict.fromkeys(own, "")

    def visit(text: str) -> None:
        for symbol in glossary.scan(text)[0]:
            if symbol in known and symbol not in found:
                found[symbol] = ""
                visit(known[symbol][1])
                found[symbol] = found.pop(symbol) or known[symbol][0]

    visit(right)
    yield from filter(None, found.values())


def sheet(formula: Formula) -> list[Block]:
    """One formula as a document."""
    return [
        Heading(1, formula.meaning),
        Equations(tuple((latex,) for latex in (*formula.definitions, formula.latex))),
        Paragraph("where"),
        meanings(formula.where),
    ]


def meanings(symbols: Mapping[str, str]) -> Table:
    """What symbols, as LaTeX, stand for."""
    rows = tuple((f"${latex}$", words) for latex, words in symbols.items())
    return Table(("symbol", "meaning"), (0.2, 0.7), rows)


DEFINED_FIRST = ("constants", "at")  # what formulas are written in, at a time
BRANCHES: Mapping[str, str] = {
    "up": r"\big|_{s\ge0}",
    "down": r"\big|_{s<0}",
    "larger": r"1+2|B|/R",
    "smaller": r"1-2|B|/R",
}
WEIGHTS: Mapping[str, str] = {"weight_u": "u_i(t)", "weight_omega": r"\omega_i(t)"}
# What an evaluator returns, where its name is one of code.
LEFT: Mapping[str, str] = {
    "progress": r"1-\varrho", "slope": r"\frac{d\zeta}{d\alpha}", "time": "t", "residual": "f-y",
    "K": "K(x_1,x_2)", "change": r"\frac{K-K_0}{K_0}", "activation": r"\sigma(h)",
    "output": r"\gamma u\,\sigma(h)", "velocity_u": "v_u", "velocity_h": "v_h", "kernel": "K_i",
    "kernel_by_u": r"\frac{\partial K_i}{\partial u}", "kernel_by_h": r"\frac{\partial K_i}{\partial h}",
   
    "conserved": "E_i", "orbit_slope": r"\frac{u\,du}{dh}",
    "gain": r"\gamma u\,\sigma(h)-\gamma u(0)\,\sigma(h(0))",
    "overlap": r"u\cdot\omega",
}  # fmt: skip
OF_FUNCTION: Mapping[tuple[str, str], str] = {
    ("norm", "norm_u"): r"\|u\|", ("norm", "norm_omega"): r"\|\omega\|", ("norm", "norm_W"): r"\|W\|",
    ("distance", "distance_u"): r"\|u(t)-u(0)\|", ("distance", "distance_W"): r"\|W(t)-W(0)\|",
    ("denominator", "place"): "D_i", ("denominator", "entire_place"): "D_i",
    ("w", "weight_w"): "w_{ij}(t)",
}  # fmt: skip


def _left(name: str, function: str) -> str:
    if name in BRANCHES:
        return WEIGHTS.get(function, "") + BRANCHES[name]
    spelled = OF_FUNCTION.get((name, function)) or LEFT.get(name)
    return spelled or TABLE[name].latex
