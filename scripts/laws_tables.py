"""Pages of `laws`: all networks that have a name, and those of a public notebook, with progress."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, progress, write_whole
from scripts.laws_given import at

if TYPE_CHECKING:
    from symbolic.architecture.model import Model
    from verify.measurements.notebook.counts import Counted

SHELF = ROOT / "verify" / "reports" / "shelf.md"
NOTEBOOK = ROOT / "verify" / "reports" / "notebook.md"
FEW = 10  # networks of each kind with --quick


def listed() -> None:
    """Names and titles of the networks on the shelf."""
    from symbolic.models import shelf

    names = shelf.names()
    width = max(map(len, names))
    print("\n".join(f"{name:<{width}}  {shelf.load(name).title}" for name in names))


def shelf_page(seconds: int, only_compare: bool) -> int:
    """Derive every network that has a name, and write the page; or say whether it is another one."""
    from symbolic.declared.summary import Summary
    from symbolic.models import shelf
    from symbolic.writing import markdown
    from symbolic.writing.shelf import page

    found = {}
    for name in shelf.names():
        model = shelf.load(name)
        every = [at(model, dict(sizes), seconds) for sizes in model.sizes]
        reached = [one for one in every if isinstance(one, Summary)]
        if len(reached) < len(every):
            raise InputError("--seconds", seconds, f"more: {name} is not expanded in them")
        found[name] = model, reached
    return kept(SHELF, markdown.render(page(found)), only_compare, "laws --shelf")


def notebook_page(seconds: int, few: int | None, only_compare: bool, json_to: str | None) -> int:
    """Count the networks of the notebook, say what was found, and write the page of all of them.

    Args:
        seconds: for each.
        few: the seed by which a few of each kind are drawn, which are no page; None for all.
        only_compare: whether the page is compared, not written.
        json_to: a file for JSON, "" to print it, None for lines.
    """
    from symbolic.writing import markdown
    from verify.measurements.notebook import report
    from verify.measurements.notebook.networks import PRINTED, notebook_networks

    models = notebook_networks()
    if few is not None:
        draw = random.Random(few)
        kinds = ([one.name for one in models if one.name.startswith(kind)] for kind in PRINTED)
        drawn = {name for names in kinds for name in draw.sample(names, FEW)}
        models = [one for one in models if one.name in drawn]
    done = _counted(models, seconds)
    if json_to:
        write_whole(Path(json_to), json.dumps(report.as_json(done), indent=1) + "\n")
        print(f"exactflow: wrote {json_to}", file=sys.stderr)
    if json_to == "":
        print(json.dumps(report.as_json(done)))
    else:
        print("\n".join(report.lines(done)))
    code = 0 if all(one.complete for one in done) else 1
    if few is not None or code:  # what was not decided in the time given is no page
        return code
    return kept(NOTEBOOK, markdown.render(report.page(done)), only_compare, "laws --benchmark")


def _counted(models: Sequence[Model], seconds: int) -> list[Counted]:
    """Each in its time, with progress on stderr."""
    from scripts.alarm import alarm
    from symbolic.proof.certificate import OutOfTime
    from verify.measurements.notebook.counts import Counted, counted

    done = []
    with progress() as bar:
        for model in bar.track(models, description="counting"):
            try:
                with alarm(seconds):
                    done.append(counted(model))
            except OutOfTime:
                D = model.number_of_weights(model.sizes[0])
                done.append(Counted(model, D, None, None, float(seconds)))
    return done


def kept(path: Path, text: str, only_compare: bool, mends: str) -> int:
    """Write a page, or say whether it is another one; the exit code.

    Args:
        path: of the page.
        text: what it is to be.
        only_compare: whether nothing is written.
        mends: the command that writes it.
    """
    place = path.relative_to(ROOT)
    if not only_compare:
        write_whole(path, text)
        print(f"exactflow: wrote {place}", file=sys.stderr)
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"exactflow: {place} is not what is derived; {mends} mends it", file=sys.stderr)
    return 1
