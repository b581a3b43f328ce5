"""What `laws` is asked about: a declaration with its loss, data and sizes, and its derivation."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.errors import InputError
from numeric.hints import nearest
from scripts.command import progress

if TYPE_CHECKING:
    from symbolic.architecture.model import Model
    from symbolic.declared.summary import Summary, Unreached
    from symbolic.derivation import Derivation
    from symbolic.laws.all_sizes import LawsAtAllSizes

LARGEST = 10_000  # of a size
SECONDS = 60  # for each of the sizes
FOR_WORDS = 2  # seconds, beside them
Known = Mapping[str, Any]


def chosen(options: argparse.Namespace) -> Model:
    """The declaration, with the loss and the data that were asked for."""
    from symbolic.architecture.loading import load_file
    from symbolic.models import shelf

    given = options.network
    if given.endswith(".py"):
        model = load_file(Path(given))
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


def sizes_of(model: Model, texts: list[str] | None) -> list[dict[str, int]]:
    """Those that were asked for, else those of the declaration; all of them fit."""
    found = [read(text) for text in texts] if texts else [dict(one) for one in model.sizes]
    if not found and not model.symbols:
        found = [{}]
    if not found:
        raise InputError("--sizes", "none", f"numbers for {', '.join(model.symbols)}")
    for one in found:
        model.check(one)
    return found


def read(text: str) -> dict[str, int]:
    """Sizes as they are given: d=2,k=1.

    Raises:
        InputError: where they are not.
    """
    found: dict[str, int] = {}
    for part in text.split(","):
        name, equals, number = (z.strip() for z in part.partition("="))
        written = number.removeprefix("-")
        if not (name.isidentifier() and equals and written.isascii() and written.isdecimal()):
            raise InputError("--sizes", text, "a number for each size, as in d=2,k=1")
        if name in found:
            raise InputError("--sizes", text, f"{name} once, as in d=2,k=1")
        if number != written or len(written) > 9 or not 1 <= int(written) <= LARGEST:
            raise InputError("--sizes", part, f"a size from 1 to {LARGEST}, as in d=2,k=1")
        found[name] = int(number)
    return found


def at(model: Model, sizes: dict[str, int], seconds: int) -> Summary | Unreached:
    """The derivation at some sizes, with progress on stderr; words of laws where there was no time."""
    from symbolic.declared.matrix_laws import MatrixLaws
    from symbolic.declared.summary import Unreached

    found = _in_time(model, sizes, seconds)
    if isinstance(found, Unreached) or MatrixLaws in found.undecided:
        return replace(found, by_words=_by_words(model))
    return found


def _by_words(model: Model) -> LawsAtAllSizes | None:
    """Laws at all sizes, for which nothing is expanded; None where they take long, too."""
    from scripts.alarm import alarm
    from symbolic.laws.all_sizes import laws_at_all_sizes
    from symbolic.proof.certificate import OutOfTime

    try:
        with alarm(FOR_WORDS):
            return laws_at_all_sizes(model)
    except OutOfTime:
        return None


def _in_time(model: Model, sizes: dict[str, int], seconds: int) -> Summary | Unreached:
    from scripts.alarm import alarm
    from symbolic.architecture.instance import Instance
    from symbolic.declared.summary import Summary, Unreached
    from symbolic.derivation import derive, made_in
    from symbolic.proof.certificate import OutOfTime

    with progress() as bar, alarm(seconds) as rings:
        words = ", ".join(f"{symbol} = {n}" for symbol, n in sizes.items())
        task = bar.add_task(words, total=len(made_in("declared")) + 1)

        def say(stage: str) -> None:
            bar.update(task, advance=1, description=f"{words}: {stage.replace('_', ' ')}")
            rings.check()

        try:
            instance = Instance(model, sizes)
        except OutOfTime as over:
            return Unreached(model, sizes, str(over))
        derived = derive(instance, say, made_in("declared"))
    return Summary(instance, derived, derived.reasons, undecided(derived, rings.said))


def undecided(derived: Derivation, said: tuple[str, ...]) -> dict[type, str]:
    """Stages that say nothing of the network, and why: their time was over, or what they need is missing.

    Args:
        derived: what was derived.
        said: reasons of stages whose time was over.
    """
    from symbolic.architecture.fields import UNWRITTEN
    from symbolic.declared.count import Count
    from symbolic.derivation import made_in, stages_of

    stages = {one.makes: one for one in stages_of(derived.given)}
    needed, waiting = set[type](), list[type]([Count])
    while waiting:  # what refuses a count leaves open what is not counted
        one = waiting.pop()
        needed.add(one)
        waiting += [z for z in stages[one].needs if z in stages and z not in stages[one].optional]
    open_ = {*said, UNWRITTEN, *(derived.reasons[one] for one in needed if one in derived.reasons)}
    return {
        kind: why
        for kind in made_in("declared")
        if kind not in derived and (why := derived.why(kind)).endswith(tuple(open_))
    }
