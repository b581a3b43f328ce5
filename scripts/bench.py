"""`run.py bench`: the record of speed, ours and peers side by side in one run."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, parser, run, whole, write_whole

if TYPE_CHECKING:
    from verify.measurements.bench.record import Record

LETTERS = "abcdefgh"
PLOT_KINDS = (".png", ".pdf", ".svg")
README, REPORT, RECORD, PICTURE = (
    ROOT / name
    for name in (
        "README.md", "verify/reports/bench.md", "verify/reports/bench.json", "figures/speed.png",
    )
)  # fmt: skip
THREADS = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "MKL", "OMP", "VECLIB", "NUMBA")}
THREADS["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
DESCRIPTION = """\
Measure how fast we are, cell by cell, beside peers in the same run, and say which goals are met.

  a  linear: loss and alignment at 1000 times      e  every warped network, at equal error
  b  linear: 100 full states                       f  a flow of 10 neurons and one loss of it
  c  a million networks of 10 neurons              g  `solve` of a small case, the whole process
  d  the gradient of a loss curve                  h  balls, 25 digits

A ratio is our time over the peer's, below 1 where ours is faster; all of a row run in turns, and
least, median and most of the turns are shown. Peers that are always there: the paper's formula typed
by hand in numpy, plain reads and writes of the weights, SciPy's DOP853. --peers adds LSODA, gradient
descent in torch, and what the extra `peers` brings: numba, heyoka, diffrax, torchdiffeq. What a peer
compiles is not counted, nor what we do. All on one thread. A goal that is missed is no error: this
is a record."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `bench`."""
    command = parser("bench", DESCRIPTION, "bench --quick --cells a,e --json speed.json")
    command.add_argument("--peers", action="store_true", help="ask all peers that are installed")
    command.add_argument(
        "--quick", action="store_true", help="fewer sizes and networks, in two minutes"
    )
    command.add_argument(
        "--cells", default=",".join(LETTERS), help="comma-separated letters (default: all)"
    )
    command.add_argument(
        "--largest", type=whole(1, 10**9), default=10**9, metavar="N",
        help="leave out networks of more neurons",
    )  # fmt: skip
    command.add_argument("--seed", type=whole(0), default=0, help="of all weights")
    command.add_argument("--from", type=Path, dest="record", metavar="FILE",
                         help="show the record in this file instead of measuring")  # fmt: skip
    command.add_argument("--json", type=Path, metavar="FILE", help="write the record")
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw it (.png, .pdf or .svg)")
    command.add_argument(
        "--write",
        action="store_true",
        help="make it the project's: README, verify/reports/bench.*, figures/speed.png",
    )
    return command


def main(argv: list[str]) -> int:
    """Parse, measure, print, write."""
    options = arguments().parse_args(argv)
    # Threads that wait for each other on a busy machine are no property of a method.
    for name, value in THREADS.items():
        os.environ.setdefault(name, value)
    if options.plot and options.plot.suffix.lower() not in PLOT_KINDS:
        raise InputError("--plot", options.plot, f"a file ending in {', '.join(PLOT_KINDS)}")
    letters = parse_cells(options.cells)
    record = read(options.record) if options.record else measure(letters, options)
    show(record)
    if options.json:
        write_whole(options.json, record.dumps())
    if options.plot:
        from verify.measurements.bench.picture import draw

        write_whole(options.plot, draw(record, options.plot.suffix.lower()))
    if options.write:
        from verify.measurements.bench.picture import draw

        for path, text in texts(record, README.read_text(encoding="utf-8")).items():
            write_whole(path, text)
        write_whole(PICTURE, draw(record, PICTURE.suffix))
    return 0


def parse_cells(text: str) -> list[str]:
    """Comma-separated letters, in the order of the cells."""
    asked = [part.strip() for part in text.split(",")]
    for letter in asked:
        if len(letter) != 1 or letter not in LETTERS:
            raise InputError("--cells", repr(letter), f"letters among {', '.join(LETTERS)}")
    return sorted(set(asked))


def read(path: Path) -> Record:
    """A record that was written before."""
    from verify.measurements.bench.record import loads

    try:
        return loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error), "a record of speed") from None
    except ValueError as error:
        raise InputError(str(path), str(error), "a record of speed") from None


def measure(letters: list[str], options: argparse.Namespace) -> Record:
    """All cells that are asked for, with progress on stderr."""
    from verify.measurements.bench import peers
    from verify.measurements.bench.session import gather
    from verify.measurements.bench.setting import Setting

    begun = time.monotonic()

    def say(line: str) -> None:
        seconds = f"{time.monotonic() - begun:.0f} s"
        print(f"exactflow: {seconds}: {line}", file=sys.stderr, flush=True)

    if options.peers and (missing := peers.missing()):
        say(f"not installed: {', '.join(missing)}; pip install '.[{peers.EXTRA}]' brings them")
    given = Setting(options.seed, options.quick, options.peers, options.largest, say)
    return gather(letters, given)


def show(record: Record) -> None:
    """The rows of every cell, ratios first, and a line per cell at the end."""
    from scripts import table
    from verify.measurements.bench import report
    from verify.measurements.bench.cells.registry import CELLS

    print(report.about(record))
    for cell in CELLS.values():
        here = [row for row in record.rows if row.cell == cell.letter]
        for case in dict.fromkeys(row.case for row in here):
            found = report.table([row for row in here if row.case == case])
            table.show(found.head, found.rows, title=f"({cell.letter}) {case}")
    found = report.summary(record, CELLS)
    table.show(found.head, found.rows, title="goals")


def texts(record: Record, readme: str) -> dict[Path, str]:
    """The project's files that a record makes, by their paths."""
    from symbolic.writing import markdown
    from verify.measurements.bench import report
    from verify.measurements.bench.cells.registry import CELLS

    return {
        RECORD: record.dumps(),
        REPORT: markdown.render(report.report(record, CELLS)),
        README: report.with_summary(readme, record, CELLS),
    }


if __name__ == "__main__":
    run(main)
