"""`run.py verify`: properties against simulated descent, and the mutants they must refute."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from scripts.command import parser, run

if TYPE_CHECKING:
    from rich.console import Console

DESCRIPTION = """\
Check the evaluators against gradient descent that torch runs on random and degenerate networks
(order of convergence, Richardson extrapolation, exact drift of the quadratic laws, symmetries,
limits), then against mutants of every derived formula, each of which must be refuted. Exit code 1
if a property fails or a mutant survives."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `verify`."""
    command = parser("verify", DESCRIPTION, "verify --problems 100 --seed 3")
    command.add_argument(
        "--problems", type=int, default=30, metavar="N", help="random networks (30)"
    )
    command.add_argument("--seed", type=int, default=0, help="of the random networks (0)")
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
    from numeric.errors import InputError

    if options.problems < 0:
        raise InputError("--problems", options.problems, "a whole number of at least 0")
    from rich.progress import Progress

    from scripts.derive import show_outcomes
    from symbolic.codegen.evaluators import program
    from symbolic.derivation import derivation
    from verify.mutants import judge_all, mutants
    from verify.problems import problems
    from verify.properties import build_reference, check

    terminal = _stderr()
    start = time.perf_counter()
    with Progress(console=terminal, transient=True) as progress:
        task = progress.add_task("descent", total=None)
        reference = build_reference(problems(options.problems, options.seed, options.spread))
        outcomes = check(reference)
        progress.remove_task(task)
        verdicts = []
        if options.mutants and all(outcome.holds for outcome in outcomes):
            made = program(derivation("linear"))
            task = progress.add_task("mutants", total=sum(1 for _ in mutants(made)))
            # Few problems refute as well as many, and a mutant is tried on each.
            small = build_reference(problems(8, options.seed, options.spread))
            for verdict in judge_all(small, made):
                verdicts.append(verdict)
                progress.advance(task)
    survivors = [verdict.mutant for verdict in verdicts if verdict.survived]
    unchanged = sum(verdict.is_no_change for verdict in verdicts)
    killed, total = len(verdicts) - unchanged - len(survivors), len(verdicts) - unchanged
    if options.json:
        print(
            json.dumps(
                {
                    "properties": [
                        {
                            "name": o.name,
                            "holds": o.holds,
                            "cases": o.cases,
                            "worst": float(o.worst),
                            "where": o.where,
                        }
                        for o in outcomes
                    ],
                    "mutants": {
                        "refuted": killed,
                        "of": total,
                        "proved_no_change": unchanged,
                        "survivors": [str(mutant) for mutant in survivors],
                    },
                }
            )
        )
    else:
        show_outcomes(outcomes)
        if options.mutants:
            rate = 100 * killed / total if total else 0.0
            print(
                f"mutants: {killed} of {total} refuted ({rate:.1f} %); "
                f"{unchanged} more were proved to change nothing"
            )
        for mutant in survivors:
            print(f"SURVIVED {mutant}")
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr)
    tried = not options.mutants or total > 0
    return 0 if tried and not survivors and all(outcome.holds for outcome in outcomes) else 1


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True)


if __name__ == "__main__":
    run(main)
