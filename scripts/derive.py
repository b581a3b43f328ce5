"""`run.py derive`: derive networks, write evaluators and LaTeX, verify a sample."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, UNFINISHED, parser, run, whole, write_whole
from scripts.derive_tables import Status, as_json, show_lines, show_outcomes, show_stages

if TYPE_CHECKING:
    from symbolic.artefacts.jobs import Texts
    from symbolic.artefacts.pool import Pool
    from verify.properties.outcome import Outcome

STORED = "build/derived"
MEND = "python3 scripts/run.py derive"
PRELOADED = ("symbolic.artefacts.jobs",)
SAMPLING = ("torch", "verify.oracle.reference", "verify.properties.check")

DESCRIPTION = """\
Derive every network from its loss, write the evaluators (numeric/generated/) and the LaTeX
(build/latex/), and verify a sample of networks against gradient descent.

A network whose definition did not change, and nothing it is derived with, is not derived again: its texts
are kept in build/derived/ under a digest of all that they were made from.

With --check everything is derived anew and nothing is written: the committed evaluators and the README's
table of networks are compared with what the derivation gives now, and a missing, an extra or a different
file fails with its diff."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `derive`."""
    command = parser("derive", DESCRIPTION, "derive --network tanh --loss huber")
    command.add_argument(
        "--network", action="append", metavar="NAME",
        help="derive this network alone (may be repeated); report and README's table stay",
    )  # fmt: skip
    command.add_argument(
        "--loss", action="append", metavar="NAME", help="the same for a loss (may be repeated)"
    )
    command.add_argument("--check", action="store_true", help="compare, write nothing")
    command.add_argument("--no-cache", action="store_true", help="derive what did not change too")
    command.add_argument(
        "--jobs", type=whole(1, 256), metavar="N", help="processes (default: one per core)"
    )
    command.add_argument("--verbose", action="store_true", help="show stages, properties, files")
    command.add_argument(
        "--json", action="store_true", help="print stages, files and verdicts as JSON"
    )
    return command


def main(argv: list[str]) -> int:
    """Derive, then write and verify, or compare."""
    options = arguments().parse_args(argv)
    from symbolic.artefacts.jobs import LOSS, NETWORK, RefusedError
    from symbolic.artefacts.making import make
    from symbolic.artefacts.pool import Pool, cores
    from symbolic.artefacts.stored import Store
    from verify.sample import require_oracles

    jobs = _wanted(options.network, options.loss)
    networks, losses = (_named(kind, jobs) for kind in (NETWORK, LOSS))
    settings = ROOT / "pyproject.toml"
    store = None
    if not (options.check or options.no_cache):
        store = Store(ROOT / STORED, write_whole, settings=[settings])
    preloaded = PRELOADED if options.check else (*PRELOADED, *SAMPLING)
    with Pool(options.jobs or cores(), preloaded) as pool:
        require_oracles(networks, losses)
        try:
            with Status("deriving", len(jobs)) as done:
                made, unchanged = make(jobs, pool, settings, store, done)
        except RefusedError as error:
            raise InputError(error.file, error.found, error.expected) from None
        if options.check:
            return _compared(made, options)
        files = write(made, ROOT)
        outcomes = _verify_sample(networks, pool)
    by_network = {texts.row.network: texts for texts in made.values() if texts.row is not None}
    if options.json:
        print(json.dumps(as_json(by_network, files, outcomes)))
    elif options.verbose:
        for texts in by_network.values():
            show_stages(texts)
        show_outcomes(outcomes)
        print("\n".join(f"{path}  {what}" for path, what in files.items()))
    else:
        show_lines(made, unchanged, outcomes)
    return 0 if all(one.holds for found in outcomes.values() for one in found) else 1


def _wanted(networks: Sequence[str] | None, losses: Sequence[str] | None) -> list[str]:
    """The jobs: all of them where none is named."""
    from symbolic import losses as all_losses
    from symbolic import models
    from symbolic.artefacts.jobs import LOSS, NETWORK, every_job

    try:
        for name in networks or ():
            models.load(name)
        for name in losses or ():
            all_losses.load(name)
    except models.UnknownNetworkError as error:
        raise InputError("--network", repr(error.name), error.expected) from None
    except all_losses.UnknownLossError as error:
        raise InputError("--loss", repr(error.name), error.expected) from None
    named = {NETWORK + name for name in networks or ()} | {LOSS + name for name in losses or ()}
    return [job for job in every_job() if not named or job in named]


def _named(kind: str, jobs: Sequence[str]) -> list[str]:
    """The names in jobs of a kind."""
    return [job.removeprefix(kind) for job in jobs if job.startswith(kind)]


def _compared(made: Mapping[str, Texts], options: argparse.Namespace) -> int:
    problems = check(made, ROOT)
    networks = [texts.row.network for texts in made.values() if texts.row is not None]
    report = {"networks": networks, "differences": problems}
    print(json.dumps(report) if options.json else "\n\n".join(problems) or "up to date", flush=True)
    if problems and not options.json:
        print(f"\nto mend: {MEND}", file=sys.stderr)
    return 1 if problems else 0


def check(made: Mapping[str, Texts], root: Path) -> list[str]:
    """Differences between what is committed and what is derived, as text."""
    from symbolic.artefacts.committed import differences

    return differences(made, root, UNFINISHED)


def write(made: Mapping[str, Texts], root: Path) -> dict[str, str]:
    """Write what differs, and measure what evaluators that changed are accurate to."""
    from symbolic.artefacts import committed

    return committed.write(made, root, UNFINISHED, write_whole, _measure_accuracy)


def _measure_accuracy(name: str, root: Path) -> None:
    """Store measured errors of the evaluators of a network that was just written."""
    from symbolic.artefacts import files
    from verify.measurements.accuracy import bounds

    stored = files.accuracy(root)
    with Status("measuring the accuracy of the evaluators"):
        stored[name] = bounds(stored.get(name, {}))
    write_whole(root / files.ACCURACY, json.dumps(stored, indent=1, sort_keys=True) + "\n")


def _verify_sample(networks: Sequence[str], pool: Pool) -> dict[str, list[Outcome]]:
    """Outcomes by network."""
    from verify.sample import LONG, samples, verify_sample

    wanted = samples(networks)
    with Status("verifying a sample against gradient descent", len(wanted)) as done:
        return dict(zip(wanted, pool.map(verify_sample, wanted, LONG, done), strict=True))


if __name__ == "__main__":
    run(main)
