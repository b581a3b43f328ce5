"""`run.py compare`: our solution and integrators of the raw weights, side by side."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import console, parser, progress, run, whole, write_whole

if TYPE_CHECKING:
    from verify.measurements.compare import Row, Skipped

NETWORKS, WIDTHS = "cubic,quadratic,tanh", "1,10,100,1000,10000,100000"
LIMIT = 200
WIDEST = 10**6
PLOT_KINDS = (".png", ".pdf", ".svg")
DESCRIPTION = """\
Time our solution and integrators of all d(d0 + 1) raw weights on the same networks, in one run.

Ours: preparation, loss and output at 50 times, weights at the last. The peers, SciPy's DOP853, and
heyoka and Diffrax where they are installed, give the same numbers, at the tolerance (1e-13,
heyoka's 1e-16, to 1e-3) whose error is next above a third of ours; "no" says that the peer never
came within three times our error, and its tightest tolerance is shown. Errors are the largest of
outputs and last weights, in units of the largest, against Taylor series of 30 digits (powers, up to
5 neurons), extrapolation in extended precision (up to 20 000) or a tighter run of DOP853, whose own
error both columns then include. What Diffrax compiles counts, what heyoka compiled is kept. Seconds
are medians of an odd number of runs on one thread; a ratio above 1 says that ours is faster."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `compare`."""
    command = parser("compare", DESCRIPTION, "compare --network cubic --widths 1,100 --json")
    command.add_argument(
        "--network", default=NETWORKS, help=f"comma-separated networks (default: {NETWORKS})"
    )
    command.add_argument(
        "--widths", default=WIDTHS, help=f"comma-separated numbers of neurons (default: {WIDTHS})"
    )
    command.add_argument(
        "--repeats", type=whole(1, 99), default=3, help="runs of each, an odd number (default: 3)"
    )
    command.add_argument(
        "--seconds", type=whole(1, 10**6), default=LIMIT, metavar="N",
        help=f"skip what would take longer than this in all (default: {LIMIT})",
    )  # fmt: skip
    command.add_argument("--seed", type=whole(0), default=0, help="of data and weights")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw it (.png, .pdf or .svg)")
    command.add_argument("--report", type=Path, metavar="FILE.md", help="write it as Markdown")
    return command


def main(argv: list[str]) -> int:
    """Parse, compare, print."""
    options = arguments().parse_args(argv)
    # Threads that wait for each other on a busy machine are no property of a method.
    for library in ("OPENBLAS", "MKL", "OMP", "VECLIB"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    if options.plot and options.plot.suffix.lower() not in PLOT_KINDS:
        raise InputError("--plot", options.plot, f"a file ending in {', '.join(PLOT_KINDS)}")
    if options.repeats % 2 == 0:
        raise InputError("--repeats", options.repeats, "an odd number, which has a median")
    widths = parse_widths(options.widths)
    networks = parse_networks(options.network)
    from verify.measurements import peers

    there = [name for name in peers.PEERS if peers.is_installed(name)]
    missing = [name for name in peers.PEERS if name not in there]
    if missing:
        print(f"exactflow: not installed: {', '.join(missing)}", file=sys.stderr)
    found = gather(networks, widths, there, options)
    rows, skipped = (list(map(asdict, part)) for part in found)
    if options.plot:
        from verify.measurements.compare_picture import draw

        write_whole(options.plot, draw(found[0], options.plot.suffix.lower()))
        print(f"exactflow: wrote {options.plot}", file=sys.stderr)
    if options.report:
        from symbolic.writing import markdown
        from verify.measurements.compare_report import report

        how = DESCRIPTION.split("\n\n", 1)[1]
        write_whole(options.report, markdown.render(report(*found, how)))
        print(f"exactflow: wrote {options.report}", file=sys.stderr)
    if options.json:
        about = {"seed": options.seed, "missing": missing}
        print(json.dumps(about | {"rows": rows, "skipped": skipped}, ensure_ascii=False))
    else:
        show(*found)
    return 0


def parse_widths(text: str) -> list[int]:
    """Comma-separated widths."""
    try:
        return [whole(1, WIDEST)(part.strip()) for part in text.split(",")]
    except argparse.ArgumentTypeError as error:
        found, _, expected = str(error).partition("; expected ")
        raise InputError("--widths", found.removeprefix("found "), expected) from None


def parse_networks(text: str) -> list[str]:
    """Comma-separated networks that both sides know."""
    from numeric import catalogue
    from verify.measurements import peers

    names = [part.strip() for part in text.split(",")]
    for name in names:
        if "state" in catalogue.load(name).module.CAPABILITIES:
            raise InputError("--network", repr(name), "a network that is not linear")
        try:
            peers.activation(name)
        except ValueError as error:
            raise InputError("--network", repr(name), str(error).partition(": ")[2]) from None
    return names


def gather(
    networks: list[str], widths: list[int], names: list[str], options: argparse.Namespace
) -> tuple[list[Row], list[Skipped]]:
    """All comparisons, with progress on stderr."""
    from verify.measurements.compare import Skipped, comparisons

    rows: list[Row] = []
    skipped: list[Skipped] = []
    with progress() as bar:
        task = bar.add_task("comparing", total=len(networks) * len(set(widths)) * len(names))
        for one in comparisons(
            networks, widths, names,
            seed=options.seed, repeats=options.repeats, limit=float(options.seconds),
        ):  # fmt: skip
            if isinstance(one, Skipped):
                skipped.append(one)
            else:
                rows.append(one)
            bar.advance(task)
    return rows, skipped


def show(rows: list[Row], skipped: list[Skipped]) -> None:
    """A table, one row per comparison, and what was left out."""
    from rich.table import Table

    table = Table("network", "width", "weights", "t", "ours s", "peer s", "peer", "rtol",
                  "peer/ours", "our error", "peer error", "equal", "reference")  # fmt: skip
    for row in rows:
        table.add_row(
            row.network, str(row.width), str(row.weights), f"{row.time:.3g}",
            f"{row.seconds:.2g}", f"{row.peer_seconds:.2g}", row.peer, f"{row.tolerance:.0e}",
            f"{row.ratio:.2g}", f"{row.error:.1e}", f"{row.peer_error:.1e}",
            "yes" if row.reached else "no", row.reference,
        )  # fmt: skip
    out = console()
    out.print(table)
    for one in skipped:
        line = f"skipped: {one.network}, width {one.width}, {one.peer}: {one.reason}"
        out.print(line)


if __name__ == "__main__":
    run(main)
