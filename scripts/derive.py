"""`run.py derive`: derive networks, write evaluators and LaTeX, verify a sample."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.catalogue import OPEN
from numeric.errors import InputError
from scripts.command import ROOT, UNFINISHED, console, parser, run, whole, write_whole

if TYPE_CHECKING:
    from symbolic.artefacts.jobs import Texts
    from symbolic.artefacts.pool import Pool
    from verify.properties.outcome import Outcome

STORED = "build/derived"
SAMPLE_POWER = "power4"
LONG = ("gelu", "linear", "swish", "erf")  # samples to begin with
MEND = "python3 scripts/run.py derive"
PRELOADED = ("symbolic.artefacts.jobs", "torch")

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
    from symbolic.artefacts.jobs import RefusedError
    from symbolic.artefacts.making import make
    from symbolic.artefacts.pool import Pool, cores
    from symbolic.artefacts.stored import Store

    jobs = _wanted(options.network, options.loss)
    networks = [name for kind, _, name in (job.partition(" ") for job in jobs) if kind == "network"]
    _require_oracles(networks)
    settings = ROOT / "pyproject.toml"
    store = None
    if not (options.check or options.no_cache):
        store = Store(ROOT / STORED, write_whole, settings=[settings])
    with Pool(options.jobs or cores(), PRELOADED) as pool:
        try:
            with _Status("deriving", len(jobs)) as done:
                made, unchanged = make(jobs, pool, settings, store, done)
        except RefusedError as error:
            raise InputError(error.file, error.found, error.expected) from None
        if options.check:
            return _compared(made, options)
        files = write(made, ROOT)
        outcomes = _verify_sample(networks, pool)
    by_network = {texts.row.network: texts for texts in made.values() if texts.row is not None}
    if options.json:
        print(json.dumps(_as_json(by_network, files, outcomes)))
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


def _require_oracles(networks: Sequence[str]) -> None:
    """Before anything is derived: torch must know every activation."""
    from verify.networks import activation

    for name in networks:
        if name == OPEN:
            continue
        try:
            activation(name)
        except ValueError:
            found = f"no function {name} in torch to verify it by"
            expected = f"activation(h) in a file verify/networks/{name}.py"
            raise InputError(f"symbolic/models/{name}.py", found, expected) from None


def _compared(made: Mapping[str, Texts], options: argparse.Namespace) -> int:
    problems = check(made, ROOT)
    networks = [texts.row.network for texts in made.values() if texts.row is not None]
    report = {"networks": networks, "differences": problems}
    print(json.dumps(report) if options.json else "\n\n".join(problems) or "up to date", flush=True)
    if problems and not options.json:
        print(f"\nto mend: {MEND}", file=sys.stderr)
    return 1 if problems else 0


def check(made: Mapping[str, Texts], root: Path) -> list[str]:
    """Differences between what is committed and what is derived, as text.

    Args:
        made: what jobs made, by job: all of them, or some alone.
        root: of the project.
    """
    from symbolic.artefacts import files
    from symbolic.artefacts.jobs import THEOREMS

    expected = files.modules(made.values(), root)
    problems = []
    if made.keys() >= THEOREMS.keys():
        expected |= files.summaries(made, root)
        extra = files.extra(expected, root, UNFINISHED)
        problems = [f"{path}: extra, {why}" for path, why in extra.items()]
    return problems + files.differences(expected, root)


def write(made: Mapping[str, Texts], root: Path) -> dict[str, str]:
    """Write what differs; of a whole derivation also clear what is extra. Returns path → what it is.

    Args:
        made: what jobs made, by job: all of them, or some alone.
        root: of the project.
    """
    from symbolic.artefacts import files
    from symbolic.artefacts.jobs import THEOREMS

    is_whole = made.keys() >= THEOREMS.keys()
    modules = files.modules(made.values(), root)
    changed = _written(modules, root)
    for texts in made.values():
        if len(texts.modules) > 1 and texts.row is not None and changed & texts.modules.keys():
            _measure_accuracy(texts.row.network, root)
            _written(files.modules([texts], root), root)
    found = {path: _meaning(path) for path in modules}
    others = files.documents(made.values()) | (files.summaries(made, root) if is_whole else {})
    _written(others, root)
    if is_whole:
        for path in files.extra(modules, root, UNFINISHED):
            (root / path).unlink()
    return found | {path: _meaning(path) for path in others if path != files.README}


def _written(texts: Mapping[str, str], root: Path) -> set[str]:
    """Write the files that differ, and say which."""
    changed = set()
    for path, text in texts.items():
        file = root / path
        if not file.exists() or file.read_bytes() != text.encode():
            write_whole(file, text)
            changed.add(path)
    return changed


def _meaning(path: str) -> str:
    from symbolic.artefacts.files import FOLDERS, REPORT
    from symbolic.artefacts.jobs import LATEX

    return {
        FOLDERS[0]: "evaluators (numpy, torch, mpmath, arb)",
        FOLDERS[1]: "exponents of scaling limits",
        FOLDERS[2]: "a loss (numpy, torch, mpmath, arb)",
        LATEX: "the derivation (run.py latex --pdf compiles it)",
        str(Path(REPORT).parent): "the family: what is solved, and every proof",
    }[str(Path(path).parent)]


def _measure_accuracy(name: str, root: Path) -> None:
    """Store measured errors of the evaluators of a network that was just written."""
    from symbolic.artefacts import files
    from verify.measurements.accuracy import bounds

    stored = files.accuracy(root)
    with _Status("measuring the accuracy of the evaluators"):
        stored[name] = bounds(stored.get(name, {}))
    write_whole(root / files.ACCURACY, json.dumps(stored, indent=1, sort_keys=True) + "\n")


def _verify_sample(networks: Sequence[str], pool: Pool) -> dict[str, list[Outcome]]:
    """Outcomes by network; of the powers one that has no module of its own."""
    from verify.sample import verify_sample

    wanted = sorted(name for name in networks if name != OPEN)
    wanted += [SAMPLE_POWER] * (OPEN in networks)
    with _Status("verifying a sample against gradient descent", len(wanted)) as done:
        return dict(zip(wanted, pool.map(verify_sample, wanted, LONG, done), strict=True))


def show_lines(
    made: Mapping[str, Texts],
    unchanged: Collection[str],
    outcomes: Mapping[str, Sequence[Outcome]],
) -> None:
    """One line per network, and per loss that was made; then the properties that do not hold."""
    width = max((len(texts.row.network) for texts in made.values() if texts.row), default=0)
    for job, texts in made.items():
        kind, _, name = job.partition(" ")
        how = "unchanged" if job in unchanged else "derived"
        if texts.row is not None:
            seconds = sum(stage.seconds for stage in texts.stages)
            how = how if job in unchanged else f"in {seconds:.1f} s"
            found = outcomes[SAMPLE_POWER if name == OPEN else name]
            held = sum(one.cases for one in found if one.holds)
            counts = f"{texts.row.certificates:4d} proved, {how:<10}  {held:5d}"
            print(f"{name:<{width}}  {counts} comparisons with descent")
        elif kind == "loss" and job not in unchanged:
            print(f"{name:<{width}}  a loss, {how}")
    if failed := {
        name: [one for one in found if not one.holds]
        for name, found in outcomes.items()
        if not all(one.holds for one in found)
    }:
        show_outcomes(failed)


def show_stages(texts: Texts) -> None:
    """The stage table with times."""
    from rich.table import Table

    table = Table(title=texts.title)
    for column, justify in (("stage", "left"), ("seconds", "right"), ("certificates", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for stage in texts.stages:
        table.add_row(stage.name, f"{stage.seconds:.2f}", f"{len(stage.certificates)} proved")
    table.add_section()
    total = sum(len(stage.certificates) for stage in texts.stages)
    table.add_row("all", f"{sum(stage.seconds for stage in texts.stages):.2f}", f"{total} proved")
    console().print(table)


def show_outcomes(outcomes: Mapping[str, Sequence[Outcome]]) -> None:
    """The property table, by network."""
    from rich.table import Table

    table = Table("network", "property", "holds", "comparisons", "worst error / allowed", "where")
    for network, found in outcomes.items():
        for outcome in found:
            table.add_row(
                network,
                outcome.name.replace("_", " "),
                "yes" if outcome.holds else "NO",
                str(outcome.cases),
                f"{outcome.worst:.2g}",
                outcome.where,
            )
        table.add_section()
    console().print(table)


def _as_json(
    networks: Mapping[str, Texts],
    files: Mapping[str, str],
    outcomes: Mapping[str, Sequence[Outcome]],
) -> dict[str, Any]:
    stages = {
        name: {
            stage.name: {"seconds": round(stage.seconds, 3), "certificates": stage.certificates}
            for stage in texts.stages
        }
        for name, texts in networks.items()
    }
    properties = {name: [one.as_json() for one in found] for name, found in outcomes.items()}
    return {"stages": stages, "files": files, "properties": properties}


class _Status:
    """One changing line on a terminal's stderr while something runs; silent elsewhere."""

    def __init__(self, words: str, total: int = 0) -> None:
        self.words, self.total, self.count = words, total, 0

    def __enter__(self) -> Callable[[str], None]:
        self._show("")
        return self._done

    def _done(self, what: str) -> None:
        """One more is done."""
        self.count += 1
        self._show(f": {self.count} of {self.total}, {what}")

    def _show(self, detail: str) -> None:
        if sys.stderr.isatty():
            print(f"\r{self.words}{detail}", end="\033[K", file=sys.stderr, flush=True)

    def __exit__(self, *error: object) -> None:
        if sys.stderr.isatty():
            print("\r", end="\033[K", file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
