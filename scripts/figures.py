"""`run.py figures`: the paper's Figures 1 and 7 for the linear network, and the pictures of phases."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, parser, progress, run, whole, write_whole

if TYPE_CHECKING:
    from verify.papers.xu_ziyin.figure_one import Run

FIGURES = ROOT / "figures"
NAME, SEVEN = "figure1_linear", "figure7_linear"
H = Fraction(1, 2)
DESCRIPTION = """\
Draw the linear panels of Xu & Ziyin's Figure 1: the alignment of two layers of width 10 000 during
training, theory as lines and gradient descent that torch runs as points, for Gaussian, orthogonal
and near-orthogonal initial weights in the kernel and in the feature-learning phase. The same while
two Gaussians are told apart under binary cross-entropy (Figure 7, whose data are numbers). And the
phases: the diagram over c_gamma and c_eta, flows of alignment, kernel and norms in each phase, and
exponents measured on sampled networks beside the derived ones. Writes PNG and PDF."""
WHICH = ("all", "figure1", "figure7", "phases")
TITLE = "Alignment of two linear layers during training"
TITLE_SEVEN = (
    "Classes $N(0,1)$, $N(4,1)$, numbers: on a line as they are\n"
    "Linear network under binary cross-entropy"
)

PHASES = {
    "kernel phase, γ = 1/√d": r"kernel phase, $\gamma=1/\sqrt{d}$",
    "feature learning, γ = 1/d": r"feature learning, $\gamma=1/d$",
}
MARKERS = {"Gaussian": "o", "orthogonal": "s", "near-orthogonal": "^"}
STARTS = {"orthogonal": "$W=u\\,e^T$", "near-orthogonal": "$W\\approx u\\,e^T$"}


def arguments() -> argparse.ArgumentParser:
    """The command line of `figures`."""
    command = parser("figures", DESCRIPTION, "figures --output figures")
    command.add_argument("--output", type=Path, default=FIGURES, help="folder (default: figures/)")
    command.add_argument(
        "--width", type=whole(1, 10**7), default=10_000, help="width d (default: 10000)"
    )
    command.add_argument(
        "--seed", type=whole(0), default=0, help="of data and weights (default: 0)"
    )
    command.add_argument("--only", choices=WHICH, default="all", help="some of them (default: all)")
    command.add_argument("--json", action="store_true", help="print the curves' deviations as JSON")
    return command


def main(argv: list[str]) -> int:
    """Run theory and descent, draw, report how far points are from lines."""
    options = arguments().parse_args(argv)
    try:  # before the work, not after it
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(options.output), error.strerror or str(error), "a folder") from None
    curves, paths = [], []
    for which, name, title in (("figure1", NAME, TITLE), ("figure7", SEVEN, TITLE_SEVEN)):
        if options.only in ("all", which):
            here = alignment_curves(which, options)
            curves += here
            for kind in ("png", "pdf"):
                paths.append(options.output / f"{name}.{kind}")
                write_whole(paths[-1], draw(here, options.width, kind, title))
    if options.only in ("all", "phases"):
        for name, draw_as in phases():
            for kind in ("png", "pdf"):
                paths.append(options.output / f"{name}.{kind}")
                write_whole(paths[-1], draw_as(f".{kind}"))
    if options.json:
        rows = [{"start": c.start, "phase": c.phase, "deviation": c.deviation} for c in curves]
        print(json.dumps({"files": list(map(str, paths)), "curves": rows}, ensure_ascii=False))
    else:
        for curve in curves:
            print(
                f"{curve.start:<16} {curve.phase:<28} largest |theory - descent| = {curve.deviation:.1e}"
            )
        print(*paths, sep="\n", file=sys.stdout)
    return 0


def alignment_curves(which: str, options: argparse.Namespace) -> list[Run]:
    """Theory and descent of one of the paper's figures, with progress on stderr."""
    from verify.papers.xu_ziyin import figure_one, figure_seven

    runs = figure_one.runs if which == "figure1" else figure_seven.runs
    curves = []
    total = len(figure_one.STARTS) * len(figure_one.PHASES)
    with progress() as bar:
        task = bar.add_task("descent", total=total)
        for curve in runs(options.width, options.seed):
            curves.append(curve)
            bar.advance(task)
    return curves


def phases() -> Iterator[tuple[str, Callable[[str], bytes]]]:
    """The pictures of phases: name, and what draws it for a suffix."""
    from numeric.limits.courses import flows
    from numeric.limits.diagram import diagram
    from numeric.limits.exponents import MOVES, PRESETS, classify, moved, scales
    from verify.measurements import widths
    from verify.measurements.exponents_picture import exponents

    span = (-3.0, 3.0)
    wide, fixed = scales(1, 0, 0, 0), scales(0, 0, 0, 0)
    yield (
        "phase_diagram",
        partial(diagram, wide, "independent", "c_gamma", "c_eta", span),
    )
    yield (
        "phase_diagram_fixed_width",
        partial(diagram, fixed, "independent", "c_gamma", "c_w", span),
    )
    stable = moved(PRESETS["mean-field"].scales, MOVES["both learning rates"], Fraction(1))
    columns = []
    for words, c in (
        ("NTK: $c_\\gamma=-1/2$, $c_\\eta=0$", PRESETS["ntk"].scales),
        ("mean field: $c_\\gamma=-1$, $c_\\eta=1$", stable),
        ("$c_\\gamma=-3/2$, $c_\\eta=3/2$", scales(1, -H * 3, 0, 0, H * 3, H * 3)),
    ):  # fmt: skip
        networks = [(f"$10^{k}$", widths.sampled(c, "independent", 10.0**k)) for k in (2, 4, 6)]
        columns.append((f"{words}\n{classify(c).phase} phase", networks))
    title = "Linear networks of three widths, layers drawn independently: exact flow"
    yield (
        "phase_flows",
        partial(flows, columns, title=title, legend="width $d=\\kappa$"),
    )
    ntk = PRESETS["ntk"].scales
    found = list(widths.samples(ntk, "independent", [10.0**k for k in range(2, 8)], range(8)))
    rows = widths.slopes(found, lambda sample: sample.closed)
    yield "phase_exponents_ntk", partial(exponents, found, rows, ntk, "independent")


def draw(curves: list[Run], width: int, kind: str, title: str = TITLE) -> bytes:
    """Two panels: alignment from Gaussian weights, disalignment from parallel ones."""
    from numeric.picture import BLUE, ORANGE, picture

    colours = dict(zip(PHASES, (BLUE, ORANGE), strict=True))
    with picture(f".{kind}", nrows=2, ncols=1, figsize=(5.4, 6.6), sharex=True) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for curve in curves:
            axis = axes[0] if curve.start == "Gaussian" else axes[1]
            colour, dashed = colours[curve.phase], curve.start == "orthogonal"
            start = f"{STARTS[curve.start]}, " if curve.start in STARTS else ""
            axis.plot(curve.steps, curve.theory, color=colour, linestyle="--" if dashed else "-")
            kernel = "kernel" in curve.phase
            axis.plot(
                curve.recorded, curve.descent, MARKERS[curve.start], color=colour,
                label=start + PHASES[curve.phase],
                # Hollow and larger: seen around the filled ones where curves coincide.
                markersize=7 if kernel else 4, markerfacecolor="none" if kernel else colour,
            )  # fmt: skip
        axes[0].set_title("Gaussian weights: alignment", fontsize=10)
        axes[1].set_title("Parallel and nearly parallel weights: disalignment", fontsize=10)
        axes[1].set_xlabel("gradient-descent steps")
        for axis in axes:
            axis.set_ylabel(r"alignment $\zeta$")
            axis.grid(alpha=0.3)
            axis.set_ylim(-0.04, 1.04)
        axes[0].legend(fontsize=8, loc="center right")
        # Below the panel, where it covers no curve.
        axes[1].legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
        size = f"$d={width:,}$".replace(",", "\\,")
        figure.suptitle(f"{title}, {size}\nlines: theory, points: gradient descent", fontsize=10)
    return buffer.getvalue()


if __name__ == "__main__":
    run(main)
