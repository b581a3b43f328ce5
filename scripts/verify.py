"""`run.py verify`: properties against simulated descent, and the mutants they must refute."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numeric import catalogue
from numeric.errors import InputError
from scripts.command import console, parser, progress, run, whole

if TYPE_CHECKING:
    from rich.progress import Progress

    from verify.properties.mutants import Verdict
    from verify.properties.outcome import Outcome

DESCRIPTION = """\
Check the evaluators of every network against gradient descent that torch runs on random and
degenerate problems (order of convergence, Richardson extrapolation, conservation laws, symmetries,
limits, digits), then against mutants of every derived formula, each of which must be refuted. With
--loss under that loss, of torch where it has one, and against mutants of its formulas. Exit code 1 if
a property fails, a mutant survives, or no problem reaches some branch of a power."""
POWERS = ("power4", "power5")  # of the networks with a parameter
SQUARE = "square"
FEW = 2  # random problems that mutants are tried on: a few refute as well as many do
FEW_EXPLICIT = 8


@dataclass
class Found:
    """What was found of one network under one loss.

    Attributes:
        outcomes: of its properties.
        branches: how many neurons and targets are on each branch of a power.
        verdicts: on its mutants; None where none were tried.
    """

    outcomes: list[Outcome]
    branches: dict[str, int]
    verdicts: list[Verdict] | None = None
    seconds: float = field(default=0.0)

    @property
    def holds(self) -> bool:
        """Whether everything that was tried is as it must be."""
        return (
            all(outcome.holds for outcome in self.outcomes)
            and all(self.branches.values())
            and (self.verdicts is None or self._refuted)
        )

    @property
    def _refuted(self) -> bool:
        report = mutant_report(self.verdicts or [])
        return report["of"] > 0 and not report["survivors"]

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`."""
        return {
            "properties": [outcome.as_json() for outcome in self.outcomes],
            "branches": self.branches,
            "left_out": {o.name: o.left_out for o in self.outcomes if o.left_out},
        }


def arguments() -> argparse.ArgumentParser:
    """The command line of `verify`."""
    command = parser("verify", DESCRIPTION, "verify --network cubic --problems 100 --seed 3")
    command.add_argument(
        "--network",
        action="append",
        metavar="NAME",
        help="a network to verify, may be given again (all, and power4 and power5)",
    )
    command.add_argument(
        "--loss",
        action="append",
        metavar="NAME",
        help='a loss to verify under, may be given again, or "all" (square)',
    )
    command.add_argument(
        "--reduction", choices=("mean", "sum"), default="mean", help="over the data (mean)"
    )
    command.add_argument(
        "--problems", type=whole(0, 10_000), default=30, metavar="N", help="random problems (30)"
    )
    command.add_argument("--seed", type=whole(0), default=0, help="of the random problems (0)")
    command.add_argument("--spread", type=float, default=0.5, help="scales over 10^±SPREAD (0.5)")
    command.add_argument(
        "--mutants",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also try the mutants",
    )
    command.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    return command


def main(argv: list[str]) -> int:
    """Parse, simulate, judge."""
    options = arguments().parse_args(argv)
    if not 0 <= options.spread <= 3:
        raise InputError("--spread", options.spread, "a number of decades from 0 to 3")
    names, losses = wanted(options.network), wanted_losses(options.loss)
    start = time.perf_counter()
    found = judge(itertools.product(names, losses), options)
    reports = loss_reports(losses) if options.loss and options.mutants else {}
    if options.json:
        print(json.dumps(as_json(found, reports)))
    else:
        show(found)
        for name, report in reports.items():
            _show_mutants(name, report)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    refuted = all(report["of"] and not report["survivors"] for report in reports.values())
    return 0 if refuted and all(one.holds for one in found.values()) else 1


def wanted(given: list[str] | None) -> list[str]:
    """The networks to verify, each once; raises InputError for one that is not known."""
    names = list(dict.fromkeys(given or [*catalogue.names(), *POWERS]))
    for name in names:
        try:
            catalogue.load(name)
        except InputError as error:
            raise InputError("--network", error.found, error.expected) from None
    return names


def wanted_losses(given: list[str] | None) -> list[str]:
    """The losses to verify under, each once; raises InputError for one that is not known."""
    if given and "all" in given:
        return catalogue.losses()
    names = list(dict.fromkeys(given or [SQUARE]))
    for name in names:
        try:
            catalogue.load_loss(name)
        except InputError as error:
            raise InputError("--loss", error.found, error.expected) from None
    return names


def label(network: str, loss: str, reduction: str = "mean") -> str:
    """What a pair is called in tables: the network alone under the mean squared error."""
    if (loss, reduction) == (SQUARE, "mean"):
        return network
    return f"{network}, {loss}" + (f" ({reduction})" if reduction != "mean" else "")


def judge(pairs: Iterable[tuple[str, str]], options: argparse.Namespace) -> dict[str, Found]:
    """What is found of every pair: outcomes and, where they all hold, verdicts on mutants."""
    found = {}
    with progress() as bar:
        for network, loss in pairs:
            start, name = time.perf_counter(), label(network, loss, options.reduction)
            found[name] = _judge(network, loss, options, bar)
            found[name].seconds = time.perf_counter() - start
    return found


def _judge(network: str, loss: str, options: argparse.Namespace, bar: Progress) -> Found:
    from verify.oracle.problems import branch_counts, problems
    from verify.oracle.reference import build_reference
    from verify.properties.check import check

    kind = loss, options.reduction
    drawn = problems(options.problems, options.seed, options.spread, network, *kind)
    name = label(network, *kind)
    by_default = kind == (SQUARE, "mean")
    task = bar.add_task(f"{name}: descent", total=None)
    reference = build_reference(drawn)
    outcomes = check(
        reference,
        progress=lambda one: bar.update(task, description=f"{name}: {one.replace('_', ' ')}"),
    )
    bar.remove_task(task)
    # Which branch a neuron is on is decided for squares.
    found = Found(outcomes, branch_counts(drawn) if by_default else {})
    # Mutants of a network's formulas do not notice the loss.
    if options.mutants and by_default and all(outcome.holds for outcome in outcomes):
        found.verdicts = _verdicts(network, options, bar)
    return found


def _verdicts(name: str, options: argparse.Namespace, bar: Progress) -> list[Verdict]:
    from symbolic.codegen.evaluators import program
    from symbolic.derivation import derivation
    from verify.oracle.problems import problems
    from verify.oracle.reference import build_reference
    from verify.properties.mutants import judge_all, mutants

    network = catalogue.load(name)
    is_solved = "state" in network.module.CAPABILITIES
    few = FEW_EXPLICIT if is_solved else FEW
    task = bar.add_task(f"{name}: derivation", total=None)
    made = program(derivation(name if network.power is None else catalogue.OPEN))
    reference = build_reference(problems(few, options.seed, options.spread, name), balls=is_solved)
    total = sum(1 for _ in mutants(made))
    bar.update(task, description=f"{name}: mutants", total=total)
    verdicts = []
    for verdict in judge_all(reference, made):
        verdicts.append(verdict)
        bar.advance(task)
    bar.remove_task(task)
    return verdicts


def loss_reports(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What became of the mutants of the formulas of losses."""
    from verify.properties.loss_mutants import judge_all

    return {f"loss {name}": mutant_report(judge_all(name)) for name in names}


def mutant_report(verdicts: list[Verdict]) -> dict[str, Any]:
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


def as_json(
    found: dict[str, Found], of_losses: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Everything, for `json.dumps`."""
    reports = {
        name: mutant_report(one.verdicts) for name, one in found.items() if one.verdicts is not None
    }
    reports |= of_losses or {}
    return {"networks": {name: one.as_json() for name, one in found.items()}, "mutants": reports}


def show(found: dict[str, Found]) -> None:
    """The tables of properties, branches, what was left out, and mutants."""
    from scripts.derive_tables import show_outcomes

    show_outcomes({name: one.outcomes for name, one in found.items()})
    _show_branches({name: one.branches for name, one in found.items() if one.branches})
    for name, one in found.items():
        reasons = Counter[str]()
        for outcome in one.outcomes:
            reasons.update(outcome.left_out)
        for reason, count in reasons.items():
            print(f"{name}: left out {count}: {reason}")
    for name, one in found.items():
        if one.verdicts is not None:
            _show_mutants(name, mutant_report(one.verdicts))


def _show_branches(counts: dict[str, dict[str, int]]) -> None:
    from rich.table import Table

    if not counts:
        return
    table = Table("branch", *counts, title="how often the problems reach each branch")
    for label in next(iter(counts.values())):
        numbers = (str(branches[label] or "NONE") for branches in counts.values())
        table.add_row(label, *numbers)
    console().print(table)


def _show_mutants(name: str, report: dict[str, Any]) -> None:
    rate = 100 * report["refuted"] / report["of"] if report["of"] else 0.0
    print(
        f"{name}: mutants: {report['refuted']} of {report['of']} refuted ({rate:.1f} %): "
        f"{report['by_property']} violate a property, {report['by_exception']} raise, "
        f"{report['by_time']} do not end; {report['proved_no_change']} more were proved to change nothing"
    )
    for survivor in report["survivors"]:
        print(f"{name}: SURVIVED {survivor}")


if __name__ == "__main__":
    run(main)
