r"""Records to LaTeX: the main result in a box, the derivation as numbered steps, and each formula alone.

The documents need nothing beyond the base distribution (article, amsmath, longtable, geometry, hyperref).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Basic, Expr

from symbolic.codegen.program import Program
from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.network.losses import SQUARE
from symbolic.notation.symbols import TABLE
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Step
from symbolic.warp.flow_map import FlowMap
from symbolic.writing import glossary
from symbolic.writing.prose import to_latex

PREAMBLE = r"""\documentclass[11pt]{{article}}
\usepackage{{amsmath,amssymb,longtable}}
\usepackage[margin=22mm]{{geometry}}
\usepackage[colorlinks,allcolors=blue,bookmarksdepth=2]{{hyperref}}
\newcounter{{step}}
\newcommand{{\step}}[1]{{\refstepcounter{{step}}\addcontentsline{{toc}}{{subsection}}{{\thestep. #1}}%
\paragraph{{Step \thestep. #1.}}}}
\allowdisplaybreaks
\title{{{title}}}
\author{{derived by exactflow}}
\date{{}}
\begin{{document}}
\maketitle
"""
OPENING = r"""\noindent {source}.
{loss} Each layer has its own learning rate.
The certificates counted below were proved by the program that wrote this text.
"""


def equation(left: Basic | str, right: Expr | str) -> str:
    """One equation."""
    return f"{typeset(left)} = {typeset(right)}"


def step(item: Step) -> str:
    """One numbered step: the name of the law, the statement, the proof."""
    # A citation in the prose may hold an ampersand.
    proof = item.proof.replace(" & ", r" \& ")
    head = f"\\step{{{item.law}}}\\label{{{_label(item.law)}}} {proof}"
    return f"{head}\n\\begin{{align}}\n  {_rows(item.statement)}\n\\end{{align}}\n"


def _rows(statement: Iterable[tuple[str | Basic, Expr | str]]) -> str:
    return " \\\\\n  ".join(f"{typeset(left)} &= {_broken(right)}" for left, right in statement)


OF_A_LOSS = {
    r"\ell": "loss of the output f at the target y; an integer where β is written in it",
    r"\tilde L": "mean loss over the data set",
}
LONG = 300  # characters of LaTeX that may not fit a line


def _broken(expression: Expr | str) -> str:
    """A long sum on several lines."""
    text = typeset(expression)
    if isinstance(expression, str) or not expression.is_Add or len(text) < LONG:
        return text
    lines = [
        term if not number or term.lstrip().startswith("-") else f"+ {term}"
        for number, term in enumerate(typeset(z) for z in expression.as_ordered_terms())
    ]
    return " \\notag\\\\\n  &\\quad ".join(lines)


def _label(law: str) -> str:
    return "step:" + re.sub(r"\W+", "-", law.lower())


def document(derivation: Derivation) -> str:
    """The whole derivation as a LaTeX document."""
    model = derivation.model
    title = f"Exact gradient flow of the {model.title}"
    loss = r"The loss has no factor $\tfrac12$."
    if model.loss is not SQUARE:
        title += f", {model.loss.title}"
        loss = (
            rf"The loss is the {model.loss.title}, $\ell$, of targets {model.loss.targets.value}."
        )
    source = _linked(_escaped(str(model.source)))
    parts = [OPENING.format(source=source, loss=loss), theorem(derivation)]
    for record in derivation.values():
        parts += [step(item) for item in record.steps]
        count = len(record.certificates)
        word = "certificate" if count == 1 else "certificates"
        parts.append(f"\\emph{{{count} {word} proved.}}\n")
    parts.append(notation_table(parts))
    return "\n".join([PREAMBLE.format(title=title), *parts, "\\end{document}\n"])


@dataclass(frozen=True)
class Result:
    """What the main result of a derivation is.

    Attributes:
        words: what it says.
        laws: steps that hold it.
        rows: of each of them the rows that belong to it, by position; none for all.
    """

    words: str
    laws: Mapping[str, tuple[int, ...]]


EXPLICIT = Result(
    r"Let $p_i$, $q_i$ be the coordinates of neuron $i$ at $t=0$, $P=\frac1d\sum_ip_i^2$ and "
    r"$Q=\frac1d\sum_iq_i^2$. For every width, every start and all $t\ge0$ (at $R=0$: $E=1$, "
    r"$\tau=2t$, $m_\pm=1$),",
    {
        "Chart": (0, 1), "Warped time": (1,), "Riccati equation": (1, 2, 3),
        "Projective coordinates": (1,), "Closed form": (0, 1, 2, 3, 5, 6, 7), "Residual": (0,),
        "Weights": (), "Limits and time scale": (1,),
    },
)  # fmt: skip
FLOW_MAP = Result(
    r"In warped time $s$ every neuron follows its own field, solved in closed form, and the output is "
    r"monotone; $t(s)$ is one integral. On the right stand initial values:",
    {
        "Linear equation in the warp": (2,), "Flow map of a neuron": (),
        "The network in warped time": (), "Elapsed time": (0, 1),
    },
)  # fmt: skip
LAWS = Result(
    r"In warped time $s$ every neuron follows its own field, with a conserved quantity $E_i$ and a clock "
    r"$F_i$ that all neurons share; the network is one scalar equation, and its output is monotone:",
    {"Clock of a neuron": (), "The network in warped time": ()},
)


def theorem(derivation: Derivation) -> str:
    """The main result, in a box, with links to the steps that prove it."""
    steps = {item.law: item for record in derivation.values() for item in record.steps}
    result = (
        EXPLICIT if ClosedForm in derivation
        else FLOW_MAP if FlowMap in derivation
        else LAWS
    )  # fmt: skip
    laws = {law: rows for law, rows in result.laws.items() if law in steps}
    statement = [
        row
        for law, rows in laws.items()
        for number, row in enumerate(steps[law].statement)
        if not rows or number in rows
    ]
    links = ", ".join(f"\\ref{{{_label(law)}}}" for law in laws)
    return (
        "\\begin{center}\\fbox{\\begin{minipage}{0.94\\linewidth}\n"
        f"\\textbf{{Theorem.}} {result.words}\n"
        f"\\begin{{align*}}\n  {_rows(statement)}\n\\end{{align*}}\n"
        f"\\emph{{Proof: steps {links}.}} All symbols: \\hyperref[notation]{{notation}}.\n"
        "\\end{minipage}}\\end{center}\n"
    )


def notation_table(parts: Iterable[str]) -> str:
    """The symbols that occur, with their meaning."""
    text = "\n".join(parts)
    symbols = dict(glossary.symbols(mathematics(text)))
    if r"\partial\ell" in text:
        symbols |= OF_A_LOSS
    rows = _meanings(symbols)
    return (
        "\\section*{Notation}\\label{notation}\\addcontentsline{toc}{section}{Notation}\n"
        "\\begin{flushleft}\\small\n"
        f"\\begin{{longtable}}[l]{{ll}}\n{rows}\n\\end{{longtable}}\n\\end{{flushleft}}\n"
    )


def _meanings(symbols: Mapping[str, str]) -> str:
    return "\n".join(f"${latex}$ & {to_latex(words)} \\\\" for latex, words in symbols.items())


def mathematics(text: str) -> list[str]:
    """The formulas of a document, in dollars or displayed."""
    text = re.sub(r"\\(?:label|ref|hyperref\[[^]]*\]|href)\{[^}]*\}", "", text)
    displayed = re.compile(r"\\begin\{align\*?\}(.*?)\\end\{align\*?\}", re.DOTALL)
    inline = displayed.sub("", text).split("$")[1::2]
    return [*displayed.findall(text), *inline]


def _escaped(text: str) -> str:
    return text.replace("&", r"\&").replace("_", r"\_")


def _linked(text: str) -> str:
    """With a link to a paper that is named."""
    return re.sub(r"arXiv (\d{4}\.\d{5})", r"\\href{https://arxiv.org/abs/\1}{arXiv \1}", text)


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


def _displayed(latex: str) -> str:
    return f"\\begin{{equation*}}\n  {latex}\n\\end{{equation*}}"


def sheet(formula: Formula) -> str:
    """One formula as a document."""
    return "\n".join(
        [
            PREAMBLE.format(title=to_latex(formula.meaning)),
            *(_displayed(latex) for latex in (*formula.definitions, formula.latex)),
            "where\n",
            f"\\begin{{longtable}}[l]{{ll}}\n{_meanings(formula.where)}\n\\end{{longtable}}\n",
            "\\end{document}\n",
        ]
    )


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
