"""`run.py phase CASE.json`: which phase one actual network is in, by its exact numbers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from numeric.cases import case as cases
from numeric.data import line
from numeric.errors import InputError
from numeric.generated.scaling.linear import Scales
from numeric.limits import case_report, steps
from numeric.limits.extent import Extent
from numeric.limits.report import finite
from scripts.command import write_whole

if TYPE_CHECKING:
    import argparse


def of_case(options: argparse.Namespace, wanted: str | None) -> int:
    """Read, classify, print.

    Args:
        options: the command line of `phase`.
        wanted: the phase that advice is asked for.
    """
    named = [
        n
        for n in ("preset", "start", "diagram", *Scales._fields, "c_eta")
        if getattr(options, n) is not None
    ]
    if named or options.measure:
        option = "--" + (named[0] if named else "measure").replace("_", "-")
        raise InputError(option, "a CASE.json beside it", "one of the two")
    if not 0 < options.threshold < float("inf"):
        raise InputError("--threshold", options.threshold, "a positive number")
    flow = cases.load(options.case).explicit()
    if (doubt := line.doubt(flow.point.deviation)) is not None:
        print(f"exactflow: {doubt}", file=sys.stderr)
    extent = Extent.of(flow)
    report = case_report.as_json(extent, steps.descend(flow), options.threshold)
    if wanted is not None:
        report["want"] = case_report.wanted(flow, extent, wanted, options.threshold)
    if options.plot:
        from numeric.limits.courses import flows

        if extent.is_frozen or not 0 < extent.t_c < float("inf"):
            found = "a network that does not move, or has no time scale"
            raise InputError("--plot", found, "one whose t_c is finite")
        d, d0 = flow.W0.shape
        title = f"Gradient flow of a linear network of {d} neurons, {d0} input{'s' * (d0 > 1)}"
        words = f"{report['phase']} phase; descent with these rates: {report['stability']}"
        suffix = options.plot.suffix.lower()
        image = flows([(words, [("", flow)])], suffix, title)
        write_whole(options.plot, image)
        print(f"exactflow: wrote {options.plot}", file=sys.stderr)
    if options.json:
        print(json.dumps(finite(report), ensure_ascii=False))
    else:
        show_case(report)
    return 0


def show_case(report: dict[str, Any]) -> None:
    """The answer in a few lines and a table."""
    from scripts import table

    lines = [f"{report['stability'].upper()}, {report['phase'].upper()} PHASE", report["because"]]
    lines += [f"! {line}" for line in report["warnings"]]
    if "want" in report:
        lines.append(f"for the {report['want']['phase']} phase: {report['want']['advice']}")
    print(*lines, sep="\n")
    numbers = report["numbers"].items()
    rows = [(name, "-" if value is None else f"{value:.10g}") for name, value in numbers]
    table.show(("quantity", "value (outputs at the effective point)"), rows)
