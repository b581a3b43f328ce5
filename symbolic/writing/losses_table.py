"""For which networks and losses t(s) is elementary: a table read off the records, and why not.

| network | square | logistic | … |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from symbolic import losses, models
from symbolic.derivation import Derivation
from symbolic.network import convexity
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.proof.certificate import DoesNotApply, Record
from symbolic.warp import constant_speed, elapsed, exponential_losses, rational_time, transcendence
from symbolic.warp.clock import Clock
from symbolic.warp.elapsed import ANY_WIDTH, ElapsedTime
from symbolic.warp.exponential_losses import NotElementaryLoss
from symbolic.warp.flow_map import FlowMap
from symbolic.writing.document import Block, Items, Paragraph, Table, plain

INTRODUCTION = """\
t(s) = ∫ ds/(−∂ℓ/∂f) of one data point, by its loss. **Yes**: proved elementary, **no**: proved not to be,
under the condition that is named; **open**: neither, t is a quadrature. Each cell is a record with
certificates, their number in brackets; no cell rests on an integrator that did not find an integral."""


@cache
def convex_loss(name: str) -> ConvexLoss:
    """The record of a loss by its name, derived once per process."""
    return convexity.derive(replace(models.load("linear"), loss=losses.load(name)))


def records(derivation: Derivation, name: str) -> tuple[list[Record], dict[str, str]]:
    """What is proved of t(s) under a loss, and what each stage said that refused."""
    loss, warp = convex_loss(name), derivation.get(FlowMap)
    flow, clock = derivation[Flow], derivation[Clock]
    stages: dict[str, Callable[[], Record]] = {
        "constant speed": partial(constant_speed.derive, loss),
        "elapsed": partial(_elapsed, derivation, loss),
        "rational time": partial(rational_time.derive, loss, flow, clock),
        "transcendence": partial(transcendence.derive, loss, flow, warp),
        "exponential losses": partial(exponential_losses.derive, loss, flow, warp),
    }
    found, reasons = list[Record](), dict[str, str]()
    for stage, make in stages.items():
        try:
            found.append(make())
        except DoesNotApply as refusal:
            reasons[stage] = str(refusal)
    return found, reasons


def _elapsed(derivation: Derivation, loss: ConvexLoss) -> ElapsedTime:
    """The record that the derivation has, where it is of that loss."""
    if loss.factor == 1 and ElapsedTime in derivation:
        known: ElapsedTime = derivation[ElapsedTime]
        return known
    return elapsed.derive(loss, derivation[Flow], derivation[Clock], derivation.get(FlowMap))


def cell(found: Sequence[Record]) -> str:
    """What the records say, the strongest first."""
    said = [_said(record) for record in found]
    if (words := next((one for one in said if ANY_WIDTH in one), None)) is not None:
        return words
    return "; ".join(said) or "open"


def _said(record: Record) -> str:
    count = len(record.certificates)
    if isinstance(record, constant_speed.ConstantSpeed):
        return f"yes: linear in s, {ANY_WIDTH} [{count}]"
    if isinstance(record, ElapsedTime):
        return f"yes: {_conditions((*record.closes, *record.rational))} [{count}]"
    if isinstance(record, rational_time.RationalTime):
        return f"yes: width 1 [{count}]"
    if isinstance(record, NotElementaryLoss):
        return f"no: {_conditions(record.places)} [{count}]"
    assert isinstance(record, transcendence.NotElementary)
    return f"no: incommensurable frequencies [{count}]"


def _conditions(names: Sequence[str]) -> str:
    """Without the signs that tell orbits apart."""
    kinds = [ANY_WIDTH] if ANY_WIDTH in names else [name.split(",")[0] for name in names]
    return ", ".join(dict.fromkeys(kinds))


@dataclass(frozen=True)
class LossesRow:
    """One network under every loss.

    Attributes:
        network: its name.
        cells: by the loss, what is known.
        reasons: by the loss, what each stage said, of what is open.
    """

    network: str
    cells: dict[str, str]
    reasons: dict[str, str]


def row(derivation: Derivation) -> LossesRow:
    """A network's row of the table."""
    cells, reasons = dict[str, str](), dict[str, str]()
    for name in losses.names():
        found, why = records(derivation, name)
        cells[name] = cell(found)
        if not found:
            reasons[name] = "; ".join(f"{stage}: {reason}" for stage, reason in why.items())
    return LossesRow(derivation.model.name, cells, reasons)


def blocks(rows: Sequence[LossesRow]) -> list[Block]:
    """The table, and of what is open the reasons."""
    names = losses.names()
    cells = tuple((one.network, *(one.cells[name] for name in names)) for one in rows)
    width = round(0.92 / (len(names) + 1), 3)
    reasons = dict[str, list[str]]()
    for one in rows:
        for name, words in one.reasons.items():
            reasons.setdefault(words, []).append(f"{one.network}, {name}")
    return [
        Paragraph(INTRODUCTION),
        Table(("network", *names), (width,) * (len(names) + 1), cells),
        Paragraph("Open, and what each stage said:"),
        Items(tuple(f"{'; '.join(pairs)} — {plain(words)}." for words, pairs in reasons.items())),
    ]
