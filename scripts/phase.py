"""`run.py phase`: which phase a scaling limit is in, and what would change it."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.errors import InputError
from numeric.generated.scaling.linear import Scales
from numeric.limits.exponents import (
    FEATURE,
    KERNEL,
    PRESETS,
    STARTS,
    Classification,
    classify,
    preset,
    scales,
)
from numeric.limits.report import as_json, wanted
from scripts.command import parser, progress, run, whole, write_whole

if TYPE_CHECKING:
    from verify.measurements.widths import Sample, Slope

WANTED = {"feature": FEATURE, "kernel": KERNEL}
FRACTION = re.compile(r"[+-]?(\d{1,9}(/\d{1,9}|\.\d{1,9})?|\.\d{1,9})", re.ASCII)
DESCRIPTION = """\
Say which phase a two-layer linear network is in: whether learning is stable, frozen or unstable, and
whether it learns features or stays in the kernel phase; why; and, with --want, which output scale and
learning rates would put it in the other.

A scaling limit: every hyperparameter is a power of kappa, d ~ kappa^c_d, gamma ~ kappa^c_gamma,
variances of u and W ~ kappa^c_u and kappa^c_w, learning rates ~ kappa^c_eta_u and kappa^c_eta_w.
Exponents are exact fractions; those not given are those of the preset, or 0. Results are exponents too:
t_c ~ kappa^0 is stable, and a relative change of the tangent kernel ~ kappa^-1 is the kernel phase.

An actual network: CASE.json as for solve (power 1). The closed form gives the numbers themselves: how
far gradient flow will have changed kernel, weights and alignment. It counts as kernel phase where K
changes by at most --threshold on the way. Descent with these rates, one step per unit of time, is
stable (K < 1 all along), or converges by the catapult (it leaves the flow for a smaller kernel), or is
divergent; with step times curvature eta lambda = 2K at the start the borders are 2 and, for a small
target, 4. The steps are taken, exactly, to tell.

A loss without a factor 1/2, one output, a fixed input dimension; the theory is that of the linear
network."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `phase`."""
    command = parser("phase", DESCRIPTION, "phase --preset kaiming --want feature")
    command.add_argument("case", metavar="CASE.json", type=Path, nargs="?")
    command.add_argument("--preset", metavar="NAME", help="one of " + ", ".join(PRESETS))
    command.add_argument("--start", choices=tuple(STARTS), help="how the layers start")
    for name, words in (
        ("c-d", "width"), ("c-gamma", "output scale"), ("c-u", "variance of u"),
        ("c-w", "variance of W"), ("c-eta", "learning rates, both"),
        ("c-eta-u", "learning rate of u"), ("c-eta-w", "learning rate of W"),
    ):  # fmt: skip
        command.add_argument(f"--{name}", metavar="P/Q", help=f"exponent of the {words}")
    command.add_argument("--want", choices=tuple(WANTED), help="say what would lead there")
    command.add_argument(
        "--measure", action="store_true",
        help="sample networks over decades of kappa and measure the exponents, with torch beside",
    )  # fmt: skip
    command.add_argument("--seeds", type=whole(1, 1000), default=8, help="networks per kappa (8)")
    command.add_argument(
        "--decades", type=whole(1, 20), default=5, metavar="N",
        help="kappa from 10^2 over N decades, and to 10^7 neurons (default 5)",
    )  # fmt: skip
    command.add_argument(
        "--threshold", type=float, default=0.1, help="relative change of K of a kernel phase (0.1)"
    )
    command.add_argument(
        "--diagram", metavar="X,Y", help="two exponents, as c_gamma,c_eta; needs --plot"
    )
    command.add_argument(
        "--span", default="-3,3", metavar="A,B", help="of both exponents of --diagram (-3,3)"
    )
    command.add_argument(
        "--plot", type=Path, metavar="FILE",
        help="draw it (.png, .pdf or .svg): the diagram, the measurement, or the flow",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return command


def main(argv: list[str]) -> int:
    """Parse, classify, print."""
    options = arguments().parse_args(joined(argv))
    if options.plot and options.plot.suffix.lower() not in (".png", ".pdf", ".svg"):
        raise InputError("--plot", options.plot, "a file ending in .png, .pdf, .svg")
    if options.diagram and not options.plot:
        raise InputError("--diagram", "no --plot FILE", "a file to draw it to")
    if options.diagram and (options.want or options.measure):
        raise InputError("--diagram", "--want or --measure beside it", "one of them")
    if options.case is not None:
        from scripts.phase_case import of_case

        return of_case(options, WANTED.get(options.want))
    given, start = limit(options)
    found = classify(given, start)
    if options.diagram:
        return draw_diagram(options, given, start)
    report = as_json(found)
    if options.want:
        report["want"] = wanted(found, WANTED[options.want])
    samples, rows = measure(options, found) if options.measure else ([], [])
    if options.measure:
        from verify.measurements import decades

        report["measured"] = decades.as_json(samples)
    if options.plot:
        draw(options, found, samples, rows)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        show(found, report)
    return 0


def joined(argv: list[str]) -> list[str]:
    """`--c-gamma -1/2` as one word: what starts with a dash is no value to argparse."""
    words: list[str] = []
    for word in argv:
        if words and re.fullmatch(r"--(c-[a-z-]+|span)", words[-1]) and re.match(r"-\.?\d", word):
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def exponent(option: str, text: str) -> Fraction:
    """An exact fraction."""
    if not FRACTION.fullmatch(text.strip()) or text.strip().endswith("/0"):
        raise InputError(option, repr(text[:40]), "an exact number such as 1, -1/2 or 0.25")
    try:
        return Fraction(text.strip())
    except ZeroDivisionError:
        raise InputError(option, repr(text[:40]), "a denominator other than 0") from None


def limit(options: argparse.Namespace) -> tuple[Scales, str]:
    """The exponents that the options name, and the start."""
    base = preset(options.preset) if options.preset is not None else None
    texts = {name: getattr(options, name) for name in (*Scales._fields, "c_eta")}
    if base is None and all(text is None for text in texts.values()) and not options.diagram:
        raise InputError(
            "phase", "nothing to classify", "a CASE.json, --preset or exponents --c-..."
        )
    given = {n: exponent("--" + n.replace("_", "-"), z) for n, z in texts.items() if z is not None}
    if "c_eta" in given:
        both = given.pop("c_eta")
        given = {"c_eta_u": both, "c_eta_w": both} | given
    start = options.start or (base.start if base is not None else "independent")
    return (base.scales if base is not None else scales(0, 0, 0, 0))._replace(**given), start


def show(found: Classification, report: dict[str, Any]) -> None:
    """The answer in a few lines and a table."""
    from scripts import table

    given = ", ".join(f"{name} = {value}" for name, value in report["scales"].items())
    width = "; κ is the width" if found.scales.c_d == 1 else ""
    print(f"{given}; {found.start} start{width}")
    print(f"{found.stability.upper()}, {found.phase.upper()} PHASE")
    print(report["because"])
    for line in report["warnings"]:
        print(f"! {line}")
    if "want" in report:
        print(f"for the {report['want']['phase']} phase: {report['want']['advice']}")
    kinds = ("closed_form", "descent") if "measured" in report else ()
    rows = []
    for name, value in report["exponents"].items():
        cells = [spelled(report["measured"].get(name, {}).get(kind)) for kind in kinds]
        rows.append((name, value, *cells))
    table.show(("quantity", "κ^", *(("measured", "torch") if kinds else ())), rows)


def spelled(slope: dict[str, Any] | None) -> str:
    """A measured exponent with its interval."""
    if slope is None:
        return ""
    if isinstance(slope["slope"], str):
        return str(slope["slope"])
    width = "?" if slope["half_width"] is None else f"{slope['half_width']:.3f}"
    return f"{slope['slope']:.3f} ± {width}"


def measure(options: argparse.Namespace, found: Classification) -> tuple[list[Sample], list[Slope]]:
    """Sampled networks, with progress on stderr, and the slopes of the closed form."""
    from verify.measurements import widths
    from verify.measurements.decades import decades

    kappas = decades(found.scales, options.decades)
    samples = []
    with progress() as bar:
        task = bar.add_task("sampling networks", total=len(kappas) * options.seeds)
        for sample in widths.samples(found.scales, found.start, kappas, range(options.seeds)):
            samples.append(sample)
            bar.advance(task)
    return samples, widths.slopes(samples, lambda sample: sample.closed)


def draw(
    options: argparse.Namespace, found: Classification, samples: list[Sample], rows: list[Slope]
) -> None:
    """The measurement where there is one, else flows of sampled networks of this limit."""
    from numeric.limits.courses import flows
    from numeric.limits.diagram import LABELS
    from verify.measurements.decades import decades
    from verify.measurements.exponents_picture import exponents
    from verify.measurements.widths import sampled

    suffix = options.plot.suffix.lower()
    if samples:
        image = exponents(samples, rows, found.scales, found.start, suffix)
    else:
        networks = [
            (f"$10^{{{math.log10(kappa):.3g}}}$", sampled(found.scales, found.start, kappa))
            for kappa in decades(found.scales, options.decades)[:4]
        ]
        width = "width $d=\\kappa$" if found.scales.c_d == 1 else r"$\kappa$"
        given = [f"{LABELS[n]}$={value}$" for n, value in found.scales._asdict().items()]
        words = f"{', '.join(given[:4])}\n{', '.join(given[4:])}, {found.start} start"
        title = f"Sampled linear networks: {found.phase} phase, {found.stability}"
        image = flows([(words, networks)], suffix, title, width)
    write_whole(options.plot, image)
    print(f"exactflow: wrote {options.plot}", file=sys.stderr)


def draw_diagram(options: argparse.Namespace, given: Scales, start: str) -> int:
    """The phase diagram over two exponents."""
    from numeric.limits.diagram import AXES, diagram

    axes = options.diagram.split(",")
    if len(axes) != 2 or any(z not in AXES for z in axes) or (
        set(AXES[axes[0]]) & set(AXES[axes[1]])
    ):  # fmt: skip
        known = ", ".join(AXES)
        raise InputError("--diagram", repr(options.diagram[:40]), f"two different ones of {known}")
    span = [float(exponent("--span", z)) for z in options.span.split(",")]
    if len(span) != 2 or not span[0] < span[1]:
        raise InputError("--span", repr(options.span[:40]), "two increasing numbers, as -3,3")
    if "c_d" in axes and not span[1] > 0:
        raise InputError(
            "--span", repr(options.span[:40]), "one that reaches widths that grow, c_d > 0"
        )
    image = diagram(given, start, axes[0], axes[1], (span[0], span[1]), options.plot.suffix.lower())
    write_whole(options.plot, image)
    if options.json:
        print(json.dumps({"files": [str(options.plot)]}))
    else:
        print(options.plot)
    return 0


if __name__ == "__main__":
    run(main)
