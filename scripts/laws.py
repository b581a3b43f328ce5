"""`run.py laws`: what gradient flow conserves in a network of your own, whether that is all, and why."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.errors import InputError
from scripts.command import ROOT, one_line, parser, progress, run, whole, write_whole
from scripts.laws_given import SECONDS, at, chosen, sizes_of
from scripts.laws_tables import FEW, NOTEBOOK, SHELF, listed, notebook_page, shelf_page

if TYPE_CHECKING:
    from symbolic.architecture.model import Model
    from symbolic.declared.summary import Summary, Unreached
    from verify.properties.declared.report import Report

DESCRIPTION = """\
Say what gradient flow conserves in a declared network, whatever the loss and the data are: laws of whole
matrices that hold at all sizes and for all rates; at each of some sizes all polynomial laws of degree 2
at most, rational and product laws and, where one variable is left, separable ones, which are integrals;
whether any is missing (independent laws and the rank of the Lie algebra of all gradients add up to the
weights), which symmetry gives them, and how many variables no loss can do without.

FILE.py is your own: it defines MODEL, a symbolic.Model (CONTRIBUTING.md shows one), and is run as the
Python program that it is, in this process. A NAME is one of --list. What is not decided, or not reached
in the time given, is said to be so."""
EXAMPLES = """\
laws linear_attention --sizes d=2,k=1,v=1
  python3 scripts/run.py laws adapter.py --seconds 10 --report adapter.html
  python3 scripts/run.py laws --benchmark --quick"""
FITS = {
    "list": (),
    "shelf": ("check", "seconds"),
    "benchmark": ("check", "seconds", "quick", "seed", "json"),
    "network": (
        "sizes", "loss", "data", "seconds", "verify", "seed", "json", "latex", "report",
    ),
}  # fmt: skip


def arguments() -> argparse.ArgumentParser:
    """The command line of `laws`."""
    command = parser("laws", DESCRIPTION, EXAMPLES)
    command.add_argument("network", metavar="FILE.py|NAME", nargs="?", help="a declaration")
    command.add_argument("--list", action="store_true", help="list the networks that have a name")
    command.add_argument(
        "--shelf", action="store_true",
        help=f"derive all of them, and write {SHELF.relative_to(ROOT)} (--check: compare only)",
    )  # fmt: skip
    command.add_argument(
        "--benchmark", action="store_true",
        help="count the 100 networks of a public notebook, in which time beside its own, and write "
        f"{NOTEBOOK.relative_to(ROOT)} (--check: compare only)",
    )  # fmt: skip
    command.add_argument(
        "--check", action="store_true", help="with --shelf or --benchmark: write no page"
    )
    command.add_argument(
        "--quick", action="store_true",
        help=f"with --benchmark: {FEW} of each kind, drawn by --seed, and no page",
    )  # fmt: skip
    command.add_argument(
        "--sizes", action="append", metavar="d=2,k=1", help="look at these sizes (may be repeated)"
    )
    command.add_argument(
        "--loss", help='"any", "softmax" or a loss by name, instead of the declared'
    )
    command.add_argument("--data", help='"any", "line" or "white", instead of the declared')
    command.add_argument(
        "--seconds", type=whole(1, 86400), metavar="S",
        help=f"for each of the sizes ({SECONDS}); what is not reached then is left undecided",
    )  # fmt: skip
    command.add_argument(
        "--verify", action="store_true",
        help="hold all of it against gradient descent that torch runs, altered laws too",
    )  # fmt: skip
    command.add_argument(
        "--seed", type=whole(0), metavar="N", help="of what --verify and --quick draw (0)"
    )
    command.add_argument(
        "--json", nargs="?", const="", metavar="FILE.json", help="print JSON, or write it"
    )
    command.add_argument("--latex", action="store_true", help="print the derivation as LaTeX")
    command.add_argument(
        "--report", type=Path, metavar="FILE",
        help="write the derivation (.md, .tex or .html); folders that are not there are made",
    )  # fmt: skip
    return command


def main(argv: list[str]) -> int:
    """Load, derive, print."""
    options = parsed(argv)
    from symbolic.architecture.model import DeclarationError
    from symbolic.architecture.sizes import SizeError
    from symbolic.architecture.tensor import ShapeError
    from symbolic.proof.certificate import CertificateError

    try:
        return reported(options)
    except (DeclarationError, ShapeError, SizeError) as error:
        print(f"exactflow: {one_line(str(error))}", file=sys.stderr)
        return 2
    except CertificateError as error:  # a fault of ours; what is not proved is not shown
        print(f"exactflow: not proved: {one_line(str(error))}", file=sys.stderr)
        return 3


def width() -> int | None:
    """Of the lines of a report: the terminal's; none where there is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def parsed(argv: list[str]) -> argparse.Namespace:
    """The options; those that nothing would look at are refused."""
    options = arguments().parse_args(argv)
    if options.json and not options.json.endswith(".json"):
        if options.network is not None:
            raise InputError("--json", options.json, "a file ending in .json, or none to print")
        options.network, options.json = options.json, ""  # laws --json NAME
    asked = [kind for kind in FITS if getattr(options, kind)]
    if not asked:
        raise InputError("FILE.py|NAME", "none", "a declaration, or --list")
    if len(asked) > 1:
        names = " and ".join("a network" if one == "network" else f"--{one}" for one in asked)
        raise InputError("laws", names, "one of them")
    (kind,) = asked
    for name, value in vars(options).items():
        if name in FITS or name in FITS[kind] or value is None or value is False:
            continue
        fits = [one for one in FITS if name in FITS[one]]
        with_ = " or ".join("a network" if one == "network" else f"--{one}" for one in fits)
        raise InputError(f"--{name}", "it alone", f"{with_} beside it")
    if options.latex and options.json == "":
        raise InputError("--latex", "--json with it", "one of them")
    if options.seed is not None and not (options.verify or options.quick):
        raise InputError("--seed", "nothing that is drawn", "--verify or --quick beside it")
    return options


def reported(options: argparse.Namespace) -> int:
    """What was asked for."""
    from symbolic.declared.summary import Summary
    from symbolic.writing import declared, declared_document
    from symbolic.writing.formats import RENDER

    seconds, seed = options.seconds or SECONDS, options.seed or 0
    if options.list:
        listed()
        return 0
    if options.shelf:
        return shelf_page(seconds, options.check)
    if options.benchmark:
        return notebook_page(seconds, seed if options.quick else None, options.check, options.json)
    if options.report and options.report.suffix.lower() not in RENDER:
        raise InputError("--report", options.report, f"a file ending in {', '.join(RENDER)}")
    model = chosen(options)
    found = [at(model, one, seconds) for one in sizes_of(model, options.sizes)]
    if options.report:
        make = RENDER[options.report.suffix.lower()]
        write_whole(options.report, make(declared_document.document(model, found)))
        print(f"exactflow: wrote {options.report}", file=sys.stderr)
    reached = [one for one in found if isinstance(one, Summary)]
    checked = [verified(one, seed) for one in reached] if options.verify else []
    report = as_json(model, found)
    if options.verify:
        report["verified"] = [one.as_json() for one in checked]
    if options.json:
        write_whole(Path(options.json), json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        print(f"exactflow: wrote {options.json}", file=sys.stderr)
    if options.json == "":
        print(json.dumps(report, ensure_ascii=False))
    elif options.latex:
        print(RENDER[".tex"](declared_document.document(model, found)), end="")
    else:
        print("\n".join(declared.lines(model, found, width())))
        for one in checked:
            print("\n".join(["", *one.lines()]))
    is_checked = not options.verify or len(reached) == len(found)
    return 0 if is_checked and all(one.passed for one in checked) else 1


def verified(one: Summary, seed: int) -> Report:
    """What torch's descent says of an instance, with progress on stderr."""
    from symbolic.proof.certificate import DoesNotApply
    from verify.oracle.declared.drawing import StillError
    from verify.properties.declared.check import verify_model

    with progress() as bar:
        task = bar.add_task("verifying", total=None)
        try:
            return verify_model(
                one.instance.model, one.instance.sizes, seed,
                lambda words: bar.update(task, description=f"verifying: {words}"),
            )  # fmt: skip
        except StillError as still:
            raise InputError("--verify", still, "a network that descent moves") from None
        except DoesNotApply as reason:
            raise InputError("--verify", reason, "smaller sizes") from None


def as_json(model: Model, found: Sequence[Summary | Unreached]) -> dict[str, Any]:
    """For `json.dumps`."""
    from symbolic.declared.summary import laws_at_all_sizes
    from symbolic.declared.written import LATEX

    laws = laws_at_all_sizes(found, LATEX)
    return {
        "model": model.name,
        "title": model.title,
        "loss": model.loss,
        "data": model.data,
        "all_sizes": [law for law, _ in laws],
        "all_sizes_are": [shape for _, shape in laws],
        "instances": [one.as_json() for one in found],
    }


if __name__ == "__main__":
    run(main)
