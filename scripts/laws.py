"""`run.py laws`: what gradient flow conserves in a network of your own, whether that is all, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.errors import InputError
from numeric.hints import nearest
from scripts.command import ROOT, one_line, parser, progress, run, whole, write_whole

if TYPE_CHECKING:
    from symbolic.architecture.model import Model
    from symbolic.declared.summary import Summary
    from verify.properties.declared.report import Report

DESCRIPTION = """\
Say what gradient flow conserves in a declared network, whatever the loss and the data are: laws of whole
matrices that hold at all sizes and for all rates; at each of some sizes all polynomial, rational and
product laws, whether any is missing (independent laws and the rank of the Lie algebra of all gradients
add up to the weights), which symmetry gives them, and how many variables no loss can do without.

FILE.py is your own: it defines MODEL, a symbolic.Model (CONTRIBUTING.md shows one), and is run as the
Python program that it is, in this process. A NAME is one of --list. What is not decided, or not reached
in the time given, is said to be so."""
LARGEST = 10_000
SHELF = ROOT / "verify" / "reports" / "shelf.md"


def arguments() -> argparse.ArgumentParser:
    """The command line of `laws`."""
    command = parser("laws", DESCRIPTION, "laws linear_attention --sizes d=2,k=1,v=1")
    command.add_argument("network", metavar="FILE.py|NAME", nargs="?", help="a declaration")
    command.add_argument("--list", action="store_true", help="list the networks that have a name")
    command.add_argument(
        "--shelf", action="store_true",
        help=f"derive all of them, and write {SHELF.relative_to(ROOT)} (--check: compare only)",
    )  # fmt: skip
    command.add_argument("--check", action="store_true", help="with --shelf: write nothing")
    command.add_argument(
        "--sizes", action="append", metavar="d=2,k=1", help="look at these sizes (may be repeated)"
    )
    command.add_argument(
        "--loss", help='"any", "softmax" or a loss by name, instead of the declared'
    )
    command.add_argument("--data", help='"any", "line" or "white", instead of the declared')
    command.add_argument(
        "--seconds", type=whole(1, 86400), default=60, metavar="S",
        help="for each of the sizes (60); what is not reached then is left undecided",
    )  # fmt: skip
    command.add_argument(
        "--verify", action="store_true",
        help="hold all of it against gradient descent that torch runs, altered laws too",
    )  # fmt: skip
    command.add_argument("--seed", type=whole(0), default=0, help="of the problems of --verify (0)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--latex", action="store_true", help="print the derivation as LaTeX")
    command.add_argument(
        "--report", type=Path, metavar="FILE", help="write the derivation (.md, .tex or .html)"
    )
    return command


def main(argv: list[str]) -> int:
    """Load, derive, print."""
    options = arguments().parse_args(argv)
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


def reported(options: argparse.Namespace) -> int:
    """What was asked for."""
    from symbolic.writing import declared
    from symbolic.writing.formats import RENDER

    if options.shelf:
        return shelf_page(options.seconds, options.check)
    if options.list or options.network is None:
        if not options.list:
            raise InputError("FILE.py|NAME", "none", "a declaration, or --list")
        listed()
        return 0
    if options.report and options.report.suffix.lower() not in RENDER:
        raise InputError("--report", options.report, f"a file ending in {', '.join(RENDER)}")
    model = chosen(options)
    sizes = (
        [read(text) for text in options.sizes]
        if options.sizes
        else [dict(one) for one in model.sizes]
    )
    if not sizes and not model.symbols:
        sizes = [{}]
    if not sizes:
        raise InputError("--sizes", "none", f"numbers for {', '.join(model.symbols)}")
    found = [at(model, one, options.seconds) for one in sizes]
    if options.report:
        make = RENDER[options.report.suffix.lower()]
        write_whole(options.report, make(declared.document(model, found)))
        print(f"exactflow: wrote {options.report}", file=sys.stderr)
    checked = [verified(one, options.seed) for one in found] if options.verify else []
    if options.json:
        report = as_json(model, found)
        if options.verify:
            report["verified"] = [one.as_json() for one in checked]
        print(json.dumps(report, ensure_ascii=False))
    elif options.latex:
        print(RENDER[".tex"](declared.document(model, found)), end="")
    else:
        print("\n".join(declared.lines(model, found)))
        for one in checked:
            print("\n".join(["", *one.lines()]))
    return 0 if all(one.passed for one in checked) else 1


def verified(one: Summary, seed: int) -> Report:
    """What torch's descent says of an instance, with progress on stderr."""
    from verify.properties.declared.check import verify_model

    with progress() as bar:
        task = bar.add_task("verifying", total=None)
        return verify_model(
            one.instance.model, one.instance.sizes, seed,
            lambda words: bar.update(task, description=f"verifying: {words}"),
        )  # fmt: skip


def listed() -> None:
    """Names and titles of the networks on the shelf."""
    from symbolic.models import shelf

    names = shelf.names()
    width = max(map(len, names))
    print("\n".join(f"{name:<{width}}  {shelf.load(name).title}" for name in names))


def shelf_page(seconds: int, only_compare: bool) -> int:
    """Derive every network that has a name, and write the page; or say whether it is another one."""
    from symbolic.models import shelf
    from symbolic.writing import markdown
    from symbolic.writing.shelf import page

    found = {}
    for name in shelf.names():
        model = shelf.load(name)
        found[name] = model, [at(model, dict(sizes), seconds) for sizes in model.sizes]
    text, place = markdown.render(page(found)), SHELF.relative_to(ROOT)
    if not only_compare:
        write_whole(SHELF, text)
        print(place)
        return 0
    if SHELF.exists() and SHELF.read_text(encoding="utf-8") == text:
        return 0
    print(f"exactflow: {place} is not what is derived; laws --shelf mends it", file=sys.stderr)
    return 1


def chosen(options: argparse.Namespace) -> Model:
    """The declaration, with the loss and the data that were asked for."""
    from symbolic.architecture.loading import load_file
    from symbolic.models import shelf

    given = options.network
    if given.endswith(".py"):
        model = load_file(Path(given).resolve())
    elif given in shelf.names():
        model = shelf.load(given)
    else:
        near = nearest(given, shelf.names(), {})
        perhaps = f"{near}, perhaps; or " if near else ""
        raise InputError(
            "FILE.py|NAME", given, f"{perhaps}a name from --list, or a file ending in .py"
        )
    changed = {name: getattr(options, name) for name in ("loss", "data") if getattr(options, name)}
    if changed.get("data") == "points":
        raise InputError("--data", "points", "any, line or white; points are listed in the file")
    if "data" in changed:
        changed["points"] = ()
    model = replace(model, **changed) if changed else model
    from symbolic import losses

    if model.loss not in (known := ("any", "softmax", *losses.names())):
        raise InputError("loss", model.loss, f"one of {', '.join(known)}")
    return model


def read(text: str) -> dict[str, int]:
    """Sizes as they are given: d=2,k=1.

    Raises:
        InputError: where they are not.
    """
    found: dict[str, int] = {}
    for part in text.split(","):
        name, equals, number = (z.strip() for z in part.partition("="))
        fits = name.isidentifier() and equals and number.isascii() and number.isdecimal()
        if not fits or name in found or not 1 <= int(number[:6]) <= LARGEST or len(number) > 5:
            raise InputError("--sizes", text, "a number for each size once, as in d=2,k=1")
        found[name] = int(number)
    return found


def at(model: Model, sizes: dict[str, int], seconds: int) -> Summary:
    """The derivation at some sizes, with progress on stderr."""
    from scripts.alarm import alarm
    from symbolic.architecture.instance import Instance
    from symbolic.declared.summary import Summary
    from symbolic.derivation import derive, made_in
    from symbolic.proof.certificate import OutOfTime

    model.check(sizes)
    with progress() as bar, alarm(seconds) as rings:
        words = ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())
        task = bar.add_task(words, total=len(made_in("declared")) + 1)

        def say(stage: str) -> None:
            bar.update(task, advance=1, description=f"{words}: {stage.replace('_', ' ')}")
            rings.check()

        try:
            instance = Instance(model, sizes)
        except OutOfTime as error:
            raise InputError(
                "--seconds", seconds, f"more, or smaller sizes than {words}"
            ) from error
        derived = derive(instance, say, made_in("declared"))
    return Summary(instance, derived, derived.reasons)


def as_json(model: Model, found: Sequence[Summary]) -> dict[str, Any]:
    """For `json.dumps`."""
    from symbolic.declared.written import LATEX

    return {
        "model": model.name,
        "title": model.title,
        "loss": model.loss,
        "data": model.data,
        "all_sizes": [law for law, _ in found[0].at_all_sizes(LATEX)],
        "instances": [one.as_json() for one in found],
    }


if __name__ == "__main__":
    run(main)
