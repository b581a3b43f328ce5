"""Everything about one network under one loss: its properties, the branches it reaches, its mutants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from numeric import catalogue
from symbolic.codegen.evaluators import program
from symbolic.derivation import derivation
from verify.oracle.branches import branch_counts
from verify.oracle.problems import problems
from verify.oracle.reference import build_reference
from verify.properties import loss_mutants, mutants
from verify.properties.check import Violation, check
from verify.properties.mutants import Verdict
from verify.properties.outcome import Outcome

DEFAULT = ("square", "mean")  # loss and reduction
FEW = 2  # random problems that mutants are tried on: a few refute as well as many do
FEW_EXPLICIT = 8


class Judged(Protocol):
    """A verdict on a mutant."""

    @property
    def mutant(self) -> object:
        """What says in words what was changed."""

    @property
    def refuted_by(self) -> Violation | None:
        """The comparison that it violates."""

    @property
    def is_no_change(self) -> bool:
        """Whether it was seen to change nothing."""

    @property
    def survived(self) -> bool:
        """Neither of both."""


class Watch(Protocol):
    """What is told while something lasts."""

    def begin(self, words: str, total: int | None = None) -> None:
        """Something begins, of so many parts if that is known."""

    def advance(self) -> None:
        """One part is done."""


@dataclass
class Found:
    """What was found of one network under one loss.

    Attributes:
        outcomes: of its properties.
        branches: how many neurons and targets are on each branch of a power.
        verdicts: on its mutants; None where none were tried.
        seconds: how long it took.
    """

    outcomes: list[Outcome]
    branches: dict[str, int]
    verdicts: Sequence[Judged] | None = None
    seconds: float = field(default=0.0)

    @property
    def holds(self) -> bool:
        """Whether everything that was tried is as it must be."""
        return (
            all(outcome.holds for outcome in self.outcomes)
            and all(self.branches.values())
            and (self.verdicts is None or is_refuted(mutant_report(self.verdicts)))
        )

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`."""
        return {
            "properties": [outcome.as_json() for outcome in self.outcomes],
            "branches": self.branches,
            "left_out": {o.name: o.left_out for o in self.outcomes if o.left_out},
        }


@dataclass(frozen=True)
class Draw:
    """Which problems are drawn.

    Attributes:
        count: random ones, beside the degenerate ones.
        seed, spread: of the random ones; scales over 10^±spread.
        reduction: of the loss over the data.
    """

    count: int
    seed: int
    spread: float
    reduction: str = "mean"


def label(network: str, loss: str, reduction: str = "mean") -> str:
    """What a pair is called in tables: the network alone under the mean squared error."""
    if (loss, reduction) == DEFAULT:
        return network
    return f"{network}, {loss}" + (f" ({reduction})" if reduction != "mean" else "")


def judge(network: str, loss: str, draw: Draw, *, with_mutants: bool, watch: Watch) -> Found:
    """Outcomes and, where they all hold, verdicts on mutants."""
    kind = loss, draw.reduction
    drawn = problems(draw.count, draw.seed, draw.spread, network, *kind)
    name = label(network, *kind)
    watch.begin(f"{name}: descent")
    reference = build_reference(drawn)
    outcomes = check(
        reference, progress=lambda one: watch.begin(f"{name}: {one.replace('_', ' ')}")
    )
    # Which branch a neuron is on is decided for squares.
    found = Found(outcomes, branch_counts(drawn) if kind == DEFAULT else {})
    # Mutants of a network's formulas do not notice the loss.
    if with_mutants and kind == DEFAULT and all(outcome.holds for outcome in outcomes):
        found.verdicts = judge_mutants(network, draw, watch)
    return found


def judge_mutants(name: str, draw: Draw, watch: Watch) -> list[Verdict]:
    """A verdict on every mutant of a network's formulas, from a few problems."""
    network = catalogue.load(name)
    is_solved = "state" in network.module.CAPABILITIES
    few = FEW_EXPLICIT if is_solved else FEW
    watch.begin(f"{name}: derivation")
    made = program(derivation(name if network.power is None else catalogue.OPEN))
    reference = build_reference(problems(few, draw.seed, draw.spread, name), balls=is_solved)
    watch.begin(f"{name}: mutants", sum(1 for _ in mutants.mutants(made)))
    verdicts = []
    for verdict in mutants.judge_all(reference, made):
        verdicts.append(verdict)
        watch.advance()
    return verdicts


def loss_reports(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What became of the mutants of the formulas of losses."""
    return {f"loss {name}": mutant_report(loss_mutants.judge_all(name)) for name in names}


def mutant_report(verdicts: Sequence[Judged]) -> dict[str, Any]:
    """How many mutants were refuted and by what, of how many, and which were not."""
    survivors = [str(verdict.mutant) for verdict in verdicts if verdict.survived]
    unchanged = sum(verdict.is_no_change for verdict in verdicts)
    causes = Counter(v.refuted_by.cause for v in verdicts if v.refuted_by is not None)
    return {
        "refuted": sum(causes.values()),
        "of": len(verdicts) - unchanged,
        "by_property": causes["property"],
        "by_exception": causes["exception"],
        "by_time": causes["time"],
        "proved_no_change": unchanged,
        "survivors": survivors,
    }


def is_refuted(report: dict[str, Any]) -> bool:
    """Whether mutants were tried, and all of them refuted."""
    return bool(report["of"]) and not report["survivors"]
