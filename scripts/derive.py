"""`run.py derive`: derive every network, write evaluators and LaTeX, verify a sample."""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numeric.catalogue import OPEN
from numeric.errors import InputError
from scripts.command import ROOT, UNFINISHED, console, parser, run, write_whole

if TYPE_CHECKING:
    from symbolic.derivation import Derivation
    from symbolic.laws.counting import LawCounts
    from symbolic.warp.clock import Clock
    from symbolic.warp.linear_powers import Powers

GENERATED = ROOT / "numeric" / "generated"
SCALING = GENERATED / "scaling"
LOSSES = GENERATED / "losses"
LATEX = ROOT / "build" / "latex"
README = ROOT / "README.md"
REPORT = ROOT / "verify" / "reports" / "family.md"
ACCURACY = "accuracy.json"
SAMPLE_POWER = "power4"
SAMPLE = (
    "has_the_measured_field", "keeps_its_laws", "maps_its_neurons", "agrees_with_descent",
    "starts_at_the_start", "names_its_limit",
)  # fmt: skip
KEPT = {"__init__.py", ACCURACY}
BEGIN, END = "<!-- family: written by derive -->", "<!-- end of family -->"
MEND = "python3 scripts/run.py derive"

DESCRIPTION = """\
Derive every network from its loss, write the evaluators (numeric/generated/) and the LaTeX
(build/latex/), and verify a sample of networks against gradient descent.

With --check nothing is written: the committed evaluators and the README's table of networks are compared
with what the derivation gives now, and a missing, an extra or a different file fails with its diff."""


def arguments() -> argparse.ArgumentParser:
    """The command line of `derive`."""
    command = parser("derive", DESCRIPTION, "derive --check")
    command.add_argument("--check", action="store_true", help="compare, write nothing")
    command.add_argument(
        "--json", action="store_true", help="print stages, files and verdicts as JSON"
    )
    return command


def main(argv: list[str]) -> int:
    """Derive, then write and verify, or compare."""
    options = arguments().parse_args(argv)
    from symbolic.derivation import NotDerivedError, derive
    from symbolic.models import load, names
    from symbolic.proof.certificate import CertificateError
    from symbolic.warp.clock import Clock

    derivations = []
    for name in names():
        with _status(f"deriving {name}") as say:
            try:
                derived = derive(load(name), progress=say)
                derived[Clock]  # a neuron without one has nothing that could be computed
                derivations.append(derived)
            except (CertificateError, NotDerivedError) as error:
                found = f"an activation that is not certified ({str(error)[:200]})"
                expected = "sigma in SymPy's functions, with exact numbers and not constant"
                raise InputError(f"symbolic/models/{name}.py", found, expected) from None
    if options.check:
        problems = check(derivations)
        report = {"networks": names(), "differences": problems}
        print(
            json.dumps(report) if options.json else "\n\n".join(problems) or "up to date",
            flush=True,
        )
        if problems and not options.json:
            print(f"\nto mend: {MEND}", file=sys.stderr)
        return 1 if problems else 0
    _require_oracles(derivations)
    files = write(derivations)
    outcomes = _verify_sample()
    if options.json:
        print(json.dumps(_as_json(derivations, files, outcomes)))
    else:
        for derived in derivations:
            show_stages(derived)
        show_outcomes(outcomes)
        print("\n".join(f"{path}  {what}" for path, what in files.items()))
    return 0 if all(one.holds for found in outcomes.values() for one in found) else 1


def evaluators(derived: Derivation, accuracy: Mapping[str, str]) -> str:
    """The text of a network's generated module, formatted as the project is."""
    from symbolic.codegen.evaluators import program
    from symbolic.codegen.module import render

    return _formatted(render(program(derived), accuracy))


@cache
def loss_modules() -> dict[str, str]:
    """The text of every loss's generated module, by name.

    Raises:
        InputError: for a loss that is not found to be convex, or not certified.
    """
    from symbolic import losses
    from symbolic.codegen.loss_module import render
    from symbolic.models import load
    from symbolic.network import convexity
    from symbolic.proof.certificate import CertificateError, DoesNotApply

    texts = {}
    for name in losses.names():
        model = replace(load("linear"), loss=losses.load(name))
        try:
            texts[name] = _formatted(render(convexity.derive(model)))
        except (CertificateError, DoesNotApply) as error:
            found = f"a loss that is not certified ({str(error)[:200]})"
            expected = "one that is convex in f, in SymPy's functions, with exact numbers"
            raise InputError(f"symbolic/losses/{name}.py", found, expected) from None
    return texts


def exponents(derived: Derivation) -> str:
    """The text of the module of a network's scaling exponents."""
    from symbolic.codegen.scaling_module import render
    from symbolic.limits.exponents import Scaling
    from symbolic.limits.phases import Phases

    model = derived.model
    return _formatted(render(model.title, model.source, derived[Scaling], derived[Phases]))


def _formatted(text: str) -> str:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--quiet",
        "--stdin-filename",
        "generated.py",
        "-",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout


def check(derivations: list[Derivation]) -> list[str]:
    """Differences between what is committed and what is derived, as text."""
    from symbolic.limits.exponents import Scaling

    accuracy = _stored_accuracy()
    expected = {
        GENERATED / f"{derived.model.name}.py": evaluators(
            derived, accuracy.get(derived.model.name, {})
        )
        for derived in derivations
    }
    expected |= {
        SCALING / f"{derived.model.name}.py": exponents(derived)
        for derived in derivations
        if Scaling in derived
    }
    expected |= {LOSSES / f"{name}.py": text for name, text in loss_modules().items()}
    expected[README] = _readme_with_family(derivations)
    expected[REPORT] = family_report(derivations)
    problems = [f"{_short(path)}: extra, {why}" for path, why in sorted(_extra(expected).items())]
    for path, text in expected.items():
        if not path.exists():
            problems.append(f"{_short(path)}: missing")
        elif (present := path.read_bytes().decode()) != text:
            names = (f"{_short(path)} (committed)", f"{_short(path)} (derived)")
            lines = difflib.unified_diff(
                present.splitlines(), text.splitlines(), *names, lineterm=""
            )
            problems.append("\n".join(lines) or f"{_short(path)}: other line ends")
    return problems


def _extra(expected: Collection[Path]) -> dict[Path, str]:
    """Files that no network generates, and those that a killed run left, with what they are."""
    found = {
        path: "no network generates it"
        for folder in (GENERATED, SCALING, LOSSES)
        for path in folder.iterdir()
        if path.is_file() and path.name not in KEPT and path not in expected
    }
    for folder in {GENERATED, SCALING, LOSSES, LATEX, README.parent, REPORT.parent}:
        unfinished = folder.glob(f"{UNFINISHED}*")
        found |= dict.fromkeys(unfinished, "left by a run that was stopped")
    return found


def write(derivations: list[Derivation]) -> dict[str, str]:
    """Write evaluators, LaTeX and the README's table, clear what is extra; returns path → what it is."""
    from symbolic.limits.exponents import Scaling
    from symbolic.writing.derivation import document

    files = {}
    for derived in derivations:
        name = derived.model.name
        target = GENERATED / f"{name}.py"
        write_whole(target, evaluators(derived, _stored_accuracy().get(name, {})))
        if Scaling in derived:
            _measure_accuracy(name)
            write_whole(SCALING / f"{name}.py", exponents(derived))
            files[_short(SCALING / f"{name}.py")] = "exponents of scaling limits"
        write_whole(target, evaluators(derived, _stored_accuracy().get(name, {})))
        write_whole(LATEX / f"{name}.tex", document(derived))
        files[_short(target)] = "evaluators (numpy, torch, mpmath, arb)"
        files[_short(LATEX / f"{name}.tex")] = "the derivation (run.py latex --pdf compiles it)"
    for name, text in loss_modules().items():
        write_whole(LOSSES / f"{name}.py", text)
        files[_short(LOSSES / f"{name}.py")] = "a loss (numpy, torch, mpmath, arb)"
    for path in _extra({ROOT / name for name in files}):
        path.unlink()
    write_whole(REPORT, family_report(derivations))
    files[_short(REPORT)] = "the family: what is solved, and every proof"
    if README.exists():
        write_whole(README, _readme_with_family(derivations))
    return files


def family_report(derivations: list[Derivation]) -> str:
    """The report on all networks, with the counts of laws and the theorem on powers."""
    from symbolic.writing.report import report

    return report(derivations, *_family_facts())


@cache
def _family_facts() -> tuple[LawCounts, Powers, dict[int, Clock]]:
    from symbolic.laws import counting
    from symbolic.warp import linear_powers

    return counting.derive(), linear_powers.derive(), linear_powers.clocks()


def _stored_accuracy() -> dict[str, dict[str, str]]:
    path = GENERATED / ACCURACY
    content: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return {
        network: {name: _accuracy_text(*bounds) for name, bounds in functions.items()}
        for network, functions in content.items()
    }


def _accuracy_text(median: float, worst: float) -> str:
    return f"worst relative error {worst:.0e}, median {median:.0e}, in float64"


def _measure_accuracy(name: str) -> None:
    """Store measured errors, rounded up; a stored bound that still holds within a factor 5 stays."""
    from verify.measurements.accuracy import measure, rounded_up

    path = GENERATED / ACCURACY
    content = json.loads(path.read_text()) if path.exists() else {}
    stored = content.get(name, {})
    fresh = {}
    with _status("measuring the accuracy of the evaluators"):
        for function, found in sorted(measure().items()):
            bounds = [rounded_up(found.median), rounded_up(found.worst)]
            old = stored.get(function)
            keep = old is not None and all(
                b <= o <= 5 * b for b, o in zip(bounds, old, strict=True)
            )
            fresh[function] = old if keep else bounds
    content[name] = fresh
    write_whole(path, json.dumps(content, indent=1, sort_keys=True) + "\n")


def _readme_with_family(derivations: list[Derivation]) -> str:
    """The README with the table of networks as the derivations give it."""
    from symbolic.writing.family import markdown, table

    text = README.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{markdown(table(derivations))}\n{END}{tail}"


def _require_oracles(derivations: list[Derivation]) -> None:
    """Before anything is written: torch must know every activation."""
    from verify.networks import activation

    for name in (derived.model.name for derived in derivations):
        if name == OPEN:
            continue
        try:
            activation(name)
        except ValueError:
            found = f"no function {name} in torch to verify it by"
            expected = f"activation(h) in a file verify/networks/{name}.py"
            raise InputError(f"symbolic/models/{name}.py", found, expected) from None


def _verify_sample() -> dict[str, list[Any]]:
    """Outcomes of a few random problems and the degenerate ones, by network; nothing with balls."""
    from numeric.catalogue import names
    from verify.oracle.problems import problems
    from verify.oracle.reference import build_reference
    from verify.properties.check import check as check_properties
    from verify.properties.check import properties

    outcomes = {}
    for name in [*names(), SAMPLE_POWER]:
        with _status(f"verifying a sample of {name} against gradient descent"):
            reference = build_reference(problems(2, 0, network=name), limits=False, balls=False)
            wanted = [one for one in properties(name) if one.__name__ in SAMPLE]
            outcomes[name] = check_properties(reference, wanted=wanted)
    return outcomes


def show_stages(derived: Derivation) -> None:
    """The stage table with times."""
    from rich.table import Table

    from symbolic.derivation import stage_name

    table = Table(title=f"{derived.model.title}: {derived.model.source}")
    for column, justify in (("stage", "left"), ("seconds", "right"), ("certificates", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for kind, record in derived.items():
        table.add_row(
            stage_name(kind), f"{derived.seconds[kind]:.2f}", f"{len(record.certificates)} proved"
        )
    table.add_section()
    total = sum(len(record.certificates) for record in derived.values())
    table.add_row("all", f"{sum(derived.seconds.values()):.2f}", f"{total} proved")
    console().print(table)


def show_outcomes(outcomes: Mapping[str, list[Any]]) -> None:
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
    derivations: list[Derivation], files: dict[str, str], outcomes: Mapping[str, list[Any]]
) -> dict[str, Any]:
    from symbolic.derivation import stage_name

    stages = {
        derived.model.name: {
            stage_name(kind): {
                "seconds": round(derived.seconds[kind], 3),
                "certificates": [c.claim for c in record.certificates],
            }
            for kind, record in derived.items()
        }
        for derived in derivations
    }
    properties = {name: [one.as_json() for one in found] for name, found in outcomes.items()}
    return {"stages": stages, "files": files, "properties": properties}


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


class _status:
    """One changing line on a terminal's stderr while something runs; silent elsewhere."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __enter__(self) -> _status:
        self("")
        return self

    def __call__(self, detail: str) -> None:
        """Show what is being done now."""
        if sys.stderr.isatty():
            text = f"{self.words}: {detail}" if detail else self.words
            print(f"\r{text}", end="\033[K", file=sys.stderr, flush=True)

    def __exit__(self, *error: object) -> None:
        if sys.stderr.isatty():
            print("\r", end="\033[K", file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
