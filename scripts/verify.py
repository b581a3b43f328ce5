"""`run.py verify`: properties against simulated descent, and the mutants they must refute."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from numeric import catalogue
from numeric.errors import InputError
from scripts import verify_models
from scripts.command import console, parser, progress, run, whole

if TYPE_CHECKING:
    from rich.progress import Progress

    from verify.properties.judge import Found

DESCRIPTION = """\
Check the evaluators of every network against gradient descent that torch runs on random and
degenerate problems (order of convergence, Richardson extrapolation, conservation laws, symmetries,
limits, digits), then against mutants of every derived formula, each of which must be refuted. With
--loss under that loss, of torch where it has one, and against mutants of its formulas. Exit code 1 if
a property fails, a mutant survives, or no problem reaches some branch of a power.

"""
POWERS = ("power4", "power5")  # of the networks with a parameter
SQUARE = "square"
EXAMPLES = """\
verify --network cubic --problems 100 --seed 3
  python3 scripts/run.py verify --model chain --problems 10"""


def arguments() -> argparse.ArgumentParser:
    """The command line of `verify`."""
    words = DESCRIPTION + verify_models.DESCRIPTION
    command = parser("verify", words, EXAMPLES)
    command.add_argument(
        "--network",
        action="append",
        metavar="NAME",
        help="a network to verify, may be given again (all, and power4 and power5)",
    )
    verify_models.add_to(command)
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
    start = time.perf_counter()
    if options.model:
        verify_models.refuse_others(options)
        losses, models = [], verify_models.wanted(options.model)
        found = verify_models.judge(models, options, _Bar)
    else:
        names, losses = wanted(options.network), wanted_losses(options.loss)
        found = judge(itertools.product(names, losses), options)
    from verify.properties.judge import is_refuted, loss_reports

    reports = loss_reports(losses) if options.loss and options.mutants else {}
    if options.json:
        print(json.dumps(as_json(found, reports)))
    else:
        show(found)
        for name, report in reports.items():
            _show_mutants(name, report)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    refuted = all(map(is_refuted, reports.values()))
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


def judge(pairs: Iterable[tuple[str, str]], options: argparse.Namespace) -> dict[str, Found]:
    """What is found of every pair, with progress on stderr."""
    from verify.properties import judge as logic

    draw = logic.Draw(options.problems, options.seed, options.spread, options.reduction)
    found = {}
    with progress() as bar:
        watch = _Bar(bar)
        for network, loss in pairs:
            start, name = time.perf_counter(), logic.label(network, loss, options.reduction)
            found[name] = logic.judge(
                network, loss, draw, with_mutants=options.mutants, watch=watch
            )
            found[name].seconds = time.perf_counter() - start
    return found


class _Bar:
    """One task of a progress bar, for what lasts just now."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._task = bar, bar.add_task("", total=None)

    def begin(self, words: str, total: int | None = None) -> None:
        self._bar.remove_task(self._task)
        self._task = self._bar.add_task(words, total=total)

    def advance(self) -> None:
        self._bar.advance(self._task)


def as_json(
    found: dict[str, Found], of_losses: Mapping[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Everything, for `json.dumps`."""
    from verify.properties.judge import mutant_report

    reports = {
        name: mutant_report(one.verdicts) for name, one in found.items() if one.verdicts is not None
    }
    reports |= of_losses or {}
    return {"networks": {name: one.as_json() for name, one in found.items()}, "mutants": reports}


def show(found: dict[str, Found]) -> None:
    """The tables of properties, branches, what was left out, and mutants."""
    from scripts.derive_tables import show_outcomes
    from verify.properties.judge import mutant_report

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
