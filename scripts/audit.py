"""`run.py audit`: every numbered equation of a paper, proved or refuted."""

from __future__ import annotations

import argparse
import difflib
import json
import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from numeric.errors import InputError
from scripts.command import ROOT, console, one_line, parser, progress, run, write_whole

if TYPE_CHECKING:
    from verify.claims.claim import Claim, Judged
    from verify.papers.paper import Paper

KINDS = (".md", ".tex", ".html")
DESCRIPTION = """\
Hold every numbered equation, table entry, proposition, theorem, corollary and checkable sentence of
a paper (a folder of verify/papers) against the derivation: HOLDS, HOLDS_IF (under a condition, or a
convention other than the one stated), FAILS (with exact values at which it does, the correction, and
gradient descent that torch ran), UNDECIDED, or NOT_TESTABLE (a definition).

Claims that hold are changed in one place, and the change has to be refuted. Exit code 1: a verdict is not
the expected one, or a change survived.

--claims FILE.toml judges your own claims about the same network, in a small notation (an example with all
names: examples/claims.toml); each is expected to hold. Equations and inequalities between quotients and
roots of them are proved or refuted exactly, others are tried at exact points. What is not decided within
--seconds is UNDECIDED, what is not in the notation UNREADABLE (exit code 2; the others are judged):

  [[claim]]
  id = "alignment grows"
  statement = "zeta >= zeta_0 if y > f_0 and gamma > 0"
"""


def arguments() -> argparse.ArgumentParser:
    """The command line of `audit`."""
    command = parser("audit", DESCRIPTION, 'audit --only "Eq. 7"')
    names = sorted(one.parent.name for one in (ROOT / "verify" / "papers").glob("*/__init__.py"))
    command.add_argument(
        "--paper",
        metavar="NAME",
        help=f"which one: {', '.join(names)}; the first published, if not given",
    )
    command.add_argument("--only", metavar="LOCUS", help='one place or id, as "Eq. 7" or "Table 1"')
    command.add_argument(
        "--claims", type=Path, metavar="FILE.toml", help="judge a file of your own claims instead"
    )
    command.add_argument(
        "--seconds", type=float, metavar="S",
        help="of computing, for each of your own claims and what it takes to change it; else 6",
    )  # fmt: skip
    command.add_argument("--no-mutants", action="store_true", help="do not change claims that hold")
    command.add_argument(
        "--report", type=Path, metavar="FILE", help="write it (.md, .tex or .html)"
    )
    command.add_argument(
        "--check", action="store_true", help="compare the committed report, write nothing"
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return command


def main(argv: list[str]) -> int:
    """Judge, print, write."""
    options = arguments().parse_args(argv)
    if options.report and options.report.suffix.lower() not in KINDS:
        raise InputError("--report", options.report, f"a file ending in {', '.join(KINDS)}")
    if options.paper is not None and options.claims is not None:
        raise InputError("--paper", "--claims with it", "one of them: a file's claims are your own")
    if options.seconds is not None and options.claims is None:
        raise InputError(
            "--seconds", "no --claims with it", "a file: a paper's have the time they need"
        )
    if options.seconds is not None and not 0 < options.seconds < math.inf:
        raise InputError("--seconds", options.seconds, "a time of computing, more than 0")
    if options.check and (options.only or options.claims or options.no_mutants):
        others = "--only, --claims or --no-mutants"
        raise InputError("--check", f"{others} with it", "all claims, as the committed report has")
    paper = None if options.claims is not None else wanted(options.paper)
    found = gather(options, paper)
    from symbolic.writing.formats import RENDER
    from verify.audit.as_json import as_json
    from verify.audit.report import report

    if options.report:
        make = RENDER[options.report.suffix.lower()]
        write_whole(options.report, make(report(found, paper)))
        print(f"exactflow: wrote {options.report}", file=sys.stderr)
    if options.json:
        print(json.dumps([as_json(one, paper) for one in found], ensure_ascii=False))
    else:
        show(found, own=paper is None)
    stale = options.check and paper is not None and is_stale(found, paper)
    if unreadable(found, options.claims):
        return 2
    return 0 if all(one.is_as_expected and not one.survivors for one in found) and not stale else 1


def wanted(name: str | None) -> Paper:
    """The paper of that name; the first published, without one."""
    from verify.papers.paper import load

    try:
        return load(name)
    except InputError as error:
        raise InputError("--paper", error.found, error.expected) from None


def is_stale(found: list[Judged], paper: Paper) -> bool:
    """Whether the committed report is another one; a line on stderr says what mends it."""
    from symbolic.writing import markdown
    from verify.audit.report import report

    path = ROOT / "verify" / "reports" / f"{paper.name}.md"
    if path.exists() and path.read_text(encoding="utf-8") == markdown.render(report(found, paper)):
        return False
    place = path.relative_to(ROOT)
    mends = f"audit --paper {paper.name} --report {place} mends it"
    print(f"exactflow: {place} is not what the audit finds; {mends}", file=sys.stderr)
    return True


def unreadable(found: list[Judged], path: Path | None) -> bool:
    """Whether a claim could not be read; a line on stderr for each."""
    amiss = [one for one in found if one.finding.verdict == "UNREADABLE"]
    for one in amiss:
        claim = one.claim
        line = f"{path}, {claim.place} ({claim.id}) is not readable: {one.finding.why}"
        print(f"exactflow: {one_line(line)}", file=sys.stderr)
    return bool(amiss)


def gather(options: argparse.Namespace, paper: Paper | None) -> list[Judged]:
    """All findings on a paper, or else on a user's claims, with progress on stderr."""
    from verify.audit import judge as audit
    from verify.audit.bounded import SECONDS, Judges
    from verify.claims.file import load

    power = not options.no_mutants
    if paper is None:
        with Judges(SECONDS if options.seconds is None else options.seconds) as judge:
            return follow(select(load(options.claims), options.only), partial(judge, power=power))
    chosen = select(paper.claims(), options.only)
    return follow(chosen, partial(audit.judge, paper=paper, power=power))


def follow(chosen: Sequence[Claim], judge: Callable[[Claim], Judged]) -> list[Judged]:
    """Judge, with progress on stderr."""
    with progress() as bar:
        return list(bar.track(map(judge, chosen), total=len(chosen), description="auditing"))


def select(everything: Sequence[Claim], only: str | None) -> list[Claim]:
    """The claims at one place.

    Raises:
        InputError: where there are none, with places near it.
    """
    from verify.audit import judge as audit

    if chosen := audit.select(everything, only):
        return chosen
    assert only is not None
    loci = [locus for claim in everything for locus in claim.loci]
    near = difflib.get_close_matches(only, loci, n=3, cutoff=0.3) or loci[:3]
    expected = "a place such as " + ", ".join(map(repr, near))
    raise InputError("--only", repr(only[:40]), expected)


def show(found: list[Judged], own: bool) -> None:
    """The table: where, what, verdict, evidence, why."""
    from rich.table import Table

    from verify.audit.reasons import counts, power

    table = Table("where", "claim", "verdict", "evidence", "why")
    for one in found:
        wrong = "" if own or one.is_as_expected else f" (expected {one.claim.expected})"
        why = one.finding.condition or one.finding.why
        if one.finding.verdict == "FAILS" and one.finding.witness:
            why += f" (at {', '.join(f'{k} = {v}' for k, v in one.finding.witness.items())})"
        if one.survivors:
            why = f"survived: {', '.join(one.survivors)}"
        if one.siding is not None:
            why += f"; torch: {one.siding.measured:.4g}, printed {one.siding.printed:.4g}"
        table.add_row(
            one_line(", ".join(one.claim.loci)), one_line(one.claim.says),
            f"{one.finding.verdict}{wrong}", one.finding.evidence, one_line(why),
        )  # fmt: skip
    out = console()
    out.print(table)
    refuted, total = power(found)
    words = ", ".join(f"{number} {verdict}" for verdict, number in counts(found).items())
    claims = "claim" if len(found) == 1 else "claims"
    changes = f"; changes refuted: {refuted} of {total}" if total else ""
    out.print(f"{len(found)} {claims}: {words}{changes}")


if __name__ == "__main__":
    run(main)
