"""The family in one table: what is closed for which network, read off the records.

| network | law of a neuron | neuron in warped time | t(s) | certificates |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy
from sympy import Integral

from symbolic.derivation import Derivation
from symbolic.explicit.closed_form import ClosedForm
from symbolic.laws.conservation import Conservation, unit_law
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import beta
from symbolic.warp.elapsed import ANY_WIDTH, ElapsedTime
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.transcendence import NotElementary
from symbolic.writing.document import Table, code

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
        left: how much is left to numbers; what is solved furthest has the least.
    """

    network: str
    activation: str
    law: str
    neuron: str
    time: str
    certificates: int
    left: int


def row(derivation: Derivation) -> Row:
    """The row of a network."""
    h = sympy.Symbol("h", real=True)
    return Row(
        derivation.model.name,
        str(derivation.model.activation(h)),
        _law(derivation),
        _neuron(derivation),
        _time(derivation),
        sum(len(record.certificates) for record in derivation.values()),
        _left(derivation),
    )


def _left(derivation: Derivation) -> int:
    """How much is left to numbers: nothing, inverting t(s), t(s) in general, the neurons too."""
    if ClosedForm in derivation:
        return 0
    if ElapsedTime in derivation and ANY_WIDTH in derivation[ElapsedTime].closes:
        return 1
    if FlowMap in derivation:
        return 2
    return 3 if ElapsedTime in derivation else 4


def table(rows: Iterable[Row]) -> Table:
    """The table: what is solved furthest first."""
    cells = tuple(
        (
            entry.network, code(entry.activation), entry.law, entry.neuron, entry.time,
            str(entry.certificates),
        )
        for entry in sorted(rows, key=lambda one: (one.left, one.network))
    )  # fmt: skip
    return Table(HEADER, (0.12, 0.16, 0.13, 0.16, 0.23, 0.06), cells)


def _law(derivation: Derivation) -> str:
    law = unit_law(derivation[Conservation])
    if law.has(Integral):
        return "integral (no closed form found)"
    return "closed (dilogarithm)" if law.has(sympy.polylog) else "closed"


def _neuron(derivation: Derivation) -> str:
    if FlowMap not in derivation:
        return "its own equation, integrated"
    return f"closed: h^({derivation[FlowMap].exponent}) is linear"


def _time(derivation: Derivation) -> str:
    if ClosedForm in derivation:
        return "explicit, and so is s(t)"
    if ElapsedTime not in derivation:
        return "quadrature"
    closes = derivation[ElapsedTime].closes
    if ANY_WIDTH in closes:
        return "a sum of logarithms, any width"
    if NotElementary in derivation:
        return (
            "logarithms at width 1, commensurable or zero frequencies; "
            "no elementary formula for all starts"
        )
    powers = " for every integer β" if derivation[Flow].output_i.has(beta) else ""
    return f"logarithms at width 1{powers}; else quadrature"
