"""`run.py figures`: the papers' figures, theory over descent."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, parser, progress, run, whole, write_whole
from verify.papers.figure import Figure, Row, Setting, T, figures

if TYPE_CHECKING:
    from rich.progress import Progress

FIGURES = ROOT / "figures"
KINDS = ("png", "pdf")
DESCRIPTION = """\
Draw the figures of both papers anew: what the closed form says as lines and maps, gradient descent
that torch runs as points on them, and how far these are from those. Writes PNG and PDF.

"""


def arguments() -> argparse.ArgumentParser:
    """The command line of `figures`."""
    known = list(figures())
    command = parser(
        "figures", DESCRIPTION + listed(known), "figures --paper kunin --only figure3 --output /tmp"
    )
    command.add_argument("--output", type=Path, default=FIGURES, help="folder (default: figures/)")
    papers = list(dict.fromkeys(one.paper for one in known))
    command.add_argument("--paper", choices=papers, help="of one paper (default: of all)")
    names = list(dict.fromkeys(one.name for one in known))
    command.add_argument(
        "--only", choices=["all", *names], default="all", metavar="NAME",
        help=f"one of {', '.join(names)} (default: all)",
    )  # fmt: skip
    command.add_argument(
        "--width", type=whole(1, 10**7), default=Setting.width,
        help="width d of Figures 1 and 7 of xu_ziyin (default: 10000)",
    )  # fmt: skip
    command.add_argument(
        "--seed", type=whole(0), default=Setting.seed,
        help="of their data and weights (default: 0)",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print the curves' deviations as JSON")
    return command


def listed(known: Iterable[Figure]) -> str:
    """A line on each figure, under its paper."""
    lines: list[str] = []
    for one in known:
        heading = f"{one.paper}:"
        lines += [] if heading in lines else [heading]
        lines.append(f"  {one.name:<9}{one.says}")
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Run theory and descent, draw, report how far points are from lines."""
    options = arguments().parse_args(argv)
    chosen = [
        one for one in figures()
        if options.paper in (None, one.paper) and options.only in ("all", one.name)
    ]  # fmt: skip
    if not chosen:
        found = f"{options.only} of {options.paper}"
        names = [one.name for one in figures() if one.paper == options.paper]
        raise InputError("--only", found, f"one of its figures: {', '.join(names)}")
    try:  # before the work, not after it
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(options.output), error.strerror or str(error), "a folder") from None
    setting = Setting(options.width, options.seed)
    rows: list[Row] = []
    paths: list[Path] = []
    with progress() as bar:
        for figure in chosen:
            drawn = figure.make(setting, Tracker(bar, f"{figure.paper} {figure.name}"))
            of: Row = {"paper": figure.paper, "figure": figure.name}
            rows += [of | row for row in drawn.curves]
            for name, draw in drawn.pictures.items():
                for kind in KINDS:
                    paths.append(options.output / f"{name}.{kind}")
                    write_whole(paths[-1], draw(f".{kind}"))
    show(rows, paths, as_json=options.json)
    return 0


class Tracker:
    """A line of the bar for each figure."""

    def __init__(self, bar: Progress, words: str) -> None:
        self._bar, self._words = bar, words

    def __call__(self, things: Iterable[T], total: int) -> Iterable[T]:
        """The things, counted."""
        return self._bar.track(things, total=total, description=self._words)


def show(rows: list[Row], paths: list[Path], as_json: bool) -> None:
    """Deviations and files."""
    if as_json:
        print(json.dumps({"files": list(map(str, paths)), "curves": rows}, ensure_ascii=False))
        return
    for row in rows:
        words = "  ".join(str(z) for key, z in row.items() if key != "deviation")
        print(f"{words:<64} largest |theory - descent| = {row['deviation']:.1e}")
    print(*paths, sep="\n")


if __name__ == "__main__":
    run(main)
