"""`run.py compare`: errors and seconds of the Riccati family beside public codes' numbers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, parser, progress, run, whole, write_whole

if TYPE_CHECKING:
    from verify.measurements.riccati.record import Record

PAGE, RECORD = (ROOT / "verify" / "reports" / name for name in ("riccati.md", "riccati.json"))
DESCRIPTION = """\
Measure how exact the single neuron and two linear layers on a balanced leaf are in float64: states,
observables and residuals at |δ| up to 1e12, λ from 1e-15 to 1e6 and times to 1e6 scales, over drawn
starts, against a Taylor series of the raw equations where it reaches and else the solver at 60 digits;
the same of the formula as it is published; and how long states take. Beside it stands what is quoted of
two public codes, which are not run. It takes minutes. A goal that is missed is no error: this is a
record."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `compare`."""
    command = parser("compare", DESCRIPTION, "compare --starts 1 --json riccati.json")
    command.add_argument(
        "--starts",
        type=whole(1, 1000),
        default=2,
        help="drawn for each law and each of the sizes (2)",
    )
    command.add_argument("--seed", type=whole(0), default=0, help="of the first start (0)")
    command.add_argument("--json", type=Path, metavar="FILE", help="write the record")
    does = command.add_mutually_exclusive_group()
    does.add_argument(
        "--write", action="store_true", help="make it the project's: verify/reports/riccati.*"
    )
    does.add_argument(
        "--check", action="store_true",
        help="measure the project's record again; 1 where errors are larger, or its page differs",
    )  # fmt: skip
    return command


def main(argv: list[str]) -> int:
    """Parse, measure, print, write."""
    options = arguments().parse_args(argv)
    if not options.check:
        found = measure(options.starts, options.seed)
        show(found)
        if options.json:
            write_whole(options.json, found.dumps())
        if options.write:
            write_whole(RECORD, found.dumps())
            write_whole(PAGE, page(found))
        return 0
    if options.json:
        raise InputError("--json", "--check with it", "one of them")
    kept = read(RECORD)
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(kept):
        print(
            f"exactflow: {PAGE.name} is not its record's page; compare --write mends it",
            file=sys.stderr,
        )
        return 1
    return checked(measure(kept.starts, kept.seed), kept)


def checked(fresh: Record, kept: Record) -> int:
    """Whether errors are those of the record; the exit code."""
    from verify.measurements.riccati.record import worse

    said = list(worse(fresh, kept))
    for line in said:
        print(f"exactflow: {line}", file=sys.stderr)
    return 1 if said else 0


def read(path: Path) -> Record:
    """A record that was written before."""
    from verify.measurements.riccati.record import loads

    try:
        return loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error), "a record") from None
    except ValueError as error:
        raise InputError(str(path), str(error), "a record") from None


def measure(starts: int, seed: int) -> Record:
    """Errors, then seconds, with progress on stderr."""
    from verify.measurements.bench.machine import about
    from verify.measurements.riccati import errors, seconds
    from verify.measurements.riccati.record import Record

    with progress() as bar:
        task = bar.add_task("measuring", total=len(errors.DELTAS) + len(errors.LAMBDAS) + 1)

        def say(words: str) -> None:
            bar.update(task, advance=1, description=f"measuring {words}")

        rows = tuple(errors.measure(starts, seed, say))
        say("seconds")
        return Record(starts, seed, rows, seconds.measure(seed), about())


def show(record: Record) -> None:
    """Goals, and the tables but the last, which has all rows."""
    from scripts import table
    from symbolic.writing.document import Heading, Table, plain
    from verify.measurements.riccati import report

    title = ""
    for block in report.page(record)[:-2]:
        if isinstance(block, Heading):
            title = plain(block.text)
        if isinstance(block, Table):
            table.show(block.head, block.rows, title=title)


def page(record: Record) -> str:
    """As Markdown."""
    from symbolic.writing import markdown
    from verify.measurements.riccati import report

    return markdown.render(report.page(record))


if __name__ == "__main__":
    run(main)
