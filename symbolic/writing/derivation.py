"""The written derivation: the main result in a box, then every step with its law, proof and statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Basic, Expr

from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.network.losses import SQUARE
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Step
from symbolic.warp.flow_map import FlowMap
from symbolic.writing import document, glossary
from symbolic.writing.document import Block, Equations, Heading, Note, Paragraph, anchor
from symbolic.writing.formulas import meanings

RATES = """\
Each layer has its own learning rate. The certificates counted below were proved by the program that wrote
this text."""
OF_A_LOSS = {
    r"\ell": "loss of the output f at the target y; an integer where β is written in it",
    r"\tilde L": "mean loss over the data set",
}
LONG = 300  # characters of LaTeX that may not fit a line


def written(derivation: Derivation) -> list[Block]:
    """The whole derivation."""
    model = derivation.model
    title, loss = f"Exact gradient flow of the {model.title}", r"The loss has no factor $\tfrac12$."
    if model.loss is not SQUARE:
        title += f", {model.loss.title}"
        loss = (
            rf"The loss is the {model.loss.title}, $\ell$, of targets {model.loss.targets.value}."
        )
    blocks: list[Block] = [
        Heading(1, title),
        Paragraph(f"{_linked(str(model.source))}. {loss} {RATES}"),
        theorem(derivation),
        Heading(2, "Derivation"),
    ]
    headings = numbered(derivation)
    for record in derivation.values():
        for item in record.steps:
            blocks += step(item, headings[item.law])
        count = len(record.certificates)
        blocks.append(Paragraph(f"*{count} certificate{'s' * (count != 1)} proved.*"))
    return [*blocks, *notation(blocks)]


def numbered(derivation: Derivation) -> dict[str, str]:
    """The heading of every step, by its law."""
    laws = (item.law for record in derivation.values() for item in record.steps)
    return {law: f"Step {number}. {law}" for number, law in enumerate(laws, 1)}


def step(item: Step, heading: str) -> list[Block]:
    """A step: the name of the law, the proof, the statement."""
    return [
        Heading(3, heading),
        Paragraph(item.proof),
        Equations(rows(item.statement), numbered=True),
    ]


def rows(statement: Iterable[tuple[str | Basic, Expr | str]]) -> tuple[tuple[str, ...], ...]:
    """Equations as they are displayed."""
    return tuple((typeset(left), *_broken(right)) for left, right in statement)


def _broken(expression: Expr | str) -> tuple[str, ...]:
    """A long sum on several lines."""
    text = typeset(expression)
    if isinstance(expression, str) or not expression.is_Add or len(text) < LONG:
        return (text,)
    return tuple(
        term if not number or term.lstrip().startswith("-") else f"+ {term}"
        for number, term in enumerate(typeset(z) for z in expression.as_ordered_terms())
    )


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


def theorem(derivation: Derivation) -> Note:
    """The main result, in a box, with links to the steps that prove it."""
    steps = {item.law: item for record in derivation.values() for item in record.steps}
    result = (
        EXPLICIT if ClosedForm in derivation
        else FLOW_MAP if FlowMap in derivation
        else LAWS
    )  # fmt: skip
    laws = {law: kept for law, kept in result.laws.items() if law in steps}
    statement = [
        row
        for law, kept in laws.items()
        for number, row in enumerate(steps[law].statement)
        if not kept or number in kept
    ]
    headings = numbered(derivation)
    links = ", ".join(f"[{_number(headings[law])}](#{anchor(headings[law])})" for law in laws)
    return Note(
        (
            Paragraph(f"**Theorem.** {result.words}"),
            Equations(rows(statement)),
            Paragraph(f"*Proof: steps {links}.* All symbols: [notation](#{anchor(NOTATION)})."),
        )
    )


def _number(heading: str) -> str:
    return heading.split(".")[0].removeprefix("Step ")


NOTATION = "Notation"


def notation(blocks: Iterable[Block]) -> list[Block]:
    """The symbols that occur in formulas, with their meaning."""
    formulas = document.formulas(blocks)
    symbols = dict(glossary.symbols(formulas))
    if any(r"\partial\ell" in formula for formula in formulas):
        symbols |= OF_A_LOSS
    return [Heading(2, NOTATION), meanings(symbols)]


def _linked(text: str) -> str:
    """With a link to a paper that is named."""
    return re.sub(r"arXiv (\d{4}\.\d{5})", r"[arXiv \1](https://arxiv.org/abs/\1)", text)
