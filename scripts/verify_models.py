"""`run.py verify --model`: models that a case can name, against descent, and their mutants."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from numeric import hints
from numeric.errors import InputError
from scripts.command import progress

if TYPE_CHECKING:
    from verify.properties.judge import Found, Watch

DESCRIPTION = """\
With --model a network that `solve` names: the neuron a w.x on any data, two linear layers, a scalar
chain, a ReLU neuron, for every sign of delta and lambda over many decades: conserved quantities step
by step, the tangent kernel by autograd, events, ends and symmetries, digits by Taylor series, and
mutants."""


def add_to(command: argparse.ArgumentParser) -> None:
    """The option."""
    command.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help="a model of `solve` that descent is run for, to verify instead of networks; may be "
        'given again, or "all"',
    )


def wanted(given: list[str]) -> list[str]:
    """The models to verify, each once; raises InputError for one that is not known."""
    from verify.properties.named.judge import names as verified

    known = sorted(verified())
    if "all" in given:
        return known
    names = list(dict.fromkeys(given))
    for name in names:
        if name not in known:
            raise InputError("--model", repr(name), hints.suggestion(name, known, "models"))
    return names


def refuse_others(options: argparse.Namespace) -> None:
    """A model has its own loss and no network; raises InputError where both are named."""
    for name in ("network", "loss"):
        if getattr(options, name):
            raise InputError(
                f"--{name}", "it beside --model", "one of them: a model has its own loss"
            )


def judge(names: list[str], options: argparse.Namespace, watch_of: type) -> dict[str, Found]:
    """What is found of every model, with progress on stderr."""
    from verify.properties.named import judge as logic

    found = {}
    with progress() as bar:
        watch: Watch = watch_of(bar)
        for name in names:
            start = time.perf_counter()
            found[name] = logic.judge(
                name, options.problems, options.seed, with_mutants=options.mutants, watch=watch
            )
            found[name].seconds = time.perf_counter() - start
    return found
