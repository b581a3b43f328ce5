"""`run.py verify`: properties against simulated descent, and the mutants they must refute."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from numeric.errors import InputError
from scripts.command import parser, run, whole

if TYPE_CHECKING:
    from rich.console import Console

    from verify.mutants import Verdict
    from verify.properties import Outcome

DESCRIPTION = """\
Check the evaluators against gradient descent that torch runs on random and degenerate networks
(order of convergence, Richardson extrapolation, exact drift of the quadratic laws, symmetries,
limits), then against mutants of every derived formula, each of which must be refuted. Exit code 1
if a property fails or a mutant survives."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `verify`."""
    command = parser("verify", DESCRIPTION, "verify --problems 100 --seed 3")
    command.add_argument(
        "--problems", type=whole(0, 10_000), default=30, metavar="N", help="random networks (30)"
    )
    command.add_argument("--seed", type=whole(0), default=0, help="of the random networks (0)")
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
    outcomes, verdicts = judge(options)
    report = mutant_report(verdicts)
    if options.json:
        properties = [outcome.as_json() for outcome in outcomes]
        print(json.dumps({"properties": properties, "mutants": report}))
    else:
        show(outcomes, report if options.mutants else None)
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    tried = not options.mutants or report["of"] > 0
    holds = all(outcome.holds for outcome in outcomes)
    return 0 if tried and holds and not report["survivors"] else 1


def judge(options: argparse.Namespace) -> tuple[list[Outcome], list[Verdict]]:
    """Outcomes of the properties and, where they hold, verdicts on the mutants."""
    from rich.progress import Progress

    from symbolic.codegen.evaluators import program
    from symbolic.derivation import derivation
    from verify.mutants import judge_all, mutants
    from verify.problems import problems
    from verify.properties import check
    from verify.reference import build_reference

    verdicts = []
    with Progress(console=_stderr(), transient=True) as progress:
        task = progress.add_task("descent", total=None)
        reference = build_reference(problems(options.problems, options.seed, options.spread))
        outcomes = check(reference)
        progress.remove_task(task)
        if options.mutants and all(outcome.holds for outcome in outcomes):
            made = program(derivation("linear"))
            task = progress.add_task("mutants", total=sum(1 for _ in mutants(made)))
            # A few problems refute as well as many do, and a mutant is tried on each.
            few = build_reference(problems(8, options.seed, options.spread))
            for verdict in judge_all(few, made):
                verdicts.append(verdict)
                progress.advance(task)
    return outcomes, verdicts


def mutant_report(verdicts: list[Verdict]) -> dict[str, Any]:
    """How many mutants were refuted, of how many, and which were not."""
    survivors = [str(verdict.mutant) for verdict in verdicts if verdict.survived]
    unchanged = sum(verdict.is_no_change for verdict in verdicts)
    total = len(verdicts) - unchanged
    return {
        "refuted": total - len(survivors),
        "of": total,
        "proved_no_change": unchanged,
        "survivors": survivors,
    }


def show(outcomes: list[Outcome], report: dict[str, Any] | None) -> None:
    """The property table and the kill rate."""
    from scripts.derive import show_outcomes

    show_outcomes(outcomes)
    if report is None:
        return
    rate = 100 * report["refuted"] / report["of"] if report["of"] else 0.0
    print(
        f"mutants: {report['refuted']} of {report['of']} refuted ({rate:.1f} %); "
        f"{report['proved_no_change']} more were proved to change nothing"
    )
    for survivor in report["survivors"]:
        print(f"SURVIVED {survivor}")


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True)


if __name__ == "__main__":
    run(main)
