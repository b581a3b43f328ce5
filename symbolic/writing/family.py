"""The family in one table: what is closed for which network, read off the records.

| network | law of a neuron | neuron in warped time | t(s) | certificates |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy
from sympy import Integral

from symbolic.derivation import Derivation, Explicit
from symbolic.laws.conservation import unit_law
from symbolic.notation.symbols import beta
from symbolic.warp.elapsed import ANY_WIDTH

HEADER = ("network", "σ(h)", "law of a neuron: u² − …", "neuron in warped time", "t(s)", "proofs")


@dataclass(frozen=True)
class Row:
    """One network.

    Attributes:
        network, activation: name and σ(h).
        law: what is subtracted from u² in the neuron's conserved quantity.
        neuron: how the neuron is solved in warped time.
        time: how t(s) is.
        certificates: how many statements were proved.
    """

    network: str
    activation: str
    law: str
    neuron: str
    time: str
    certificates: int


def row(derivation: Derivation) -> Row:
    """The row of a network."""
    h = sympy.Symbol("h", real=True)
    return Row(
        derivation.model.name,
        str(derivation.model.activation(h)),
        _law(derivation),
        _neuron(derivation),
        _time(derivation),
        sum(len(record.certificates) for _, record in derivation.records()),
    )


def table(derivations: Iterable[Derivation]) -> list[Row]:
    """All rows: what is solved furthest first."""
    return [row(one) for one in sorted(derivations, key=lambda one: (_left(one), one.model.name))]


def _left(derivation: Derivation) -> int:
    """How much is left to numbers: nothing, inverting t(s), t(s) in general, the neurons too."""
    if isinstance(derivation, Explicit):
        return 0
    if derivation.elapsed is not None and ANY_WIDTH in derivation.elapsed.closes:
        return 1
    if derivation.warp is not None:
        return 2
    return 3 if derivation.elapsed is not None else 4


def markdown(rows: Iterable[Row]) -> str:
    """The table in Markdown."""
    lines = ["| " + " | ".join(HEADER) + " |", "|---" * len(HEADER) + "|"]
    for entry in rows:
        cells = (
            entry.network, f"`{entry.activation}`", entry.law, entry.neuron, entry.time,
            str(entry.certificates),
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _law(derivation: Derivation) -> str:
    law = unit_law(derivation.conservation)
    if law.has(Integral):
        return "integral (no closed form found)"
    return "closed (dilogarithm)" if law.has(sympy.polylog) else "closed"


def _neuron(derivation: Derivation) -> str:
    if derivation.warp is None:
        return "its own equation, integrated"
    return f"closed: h^({derivation.warp.exponent}) is linear"


def _time(derivation: Derivation) -> str:
    if isinstance(derivation, Explicit):
        return "explicit, and so is s(t)"
    if derivation.elapsed is None:
        return "quadrature"
    closes = derivation.elapsed.closes
    if ANY_WIDTH in closes:
        return "a sum of logarithms, any width"
    if derivation.transcendence is not None:
        return (
            "logarithms at width 1, commensurable or zero frequencies; "
            "no elementary formula for all starts"
        )
    powers = " for every integer β" if derivation.flow.output_i.has(beta) else ""
    return f"logarithms at width 1{powers}; else quadrature"
