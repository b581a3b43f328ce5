"""The audit of a paper: every claim judged, its mutants refuted, torch asked where a claim fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from verify.claims.claim import Claim, Judged, Verdict
from verify.papers.paper import Paper

REFUTED = (Verdict.FAILS,)


def equation_numbers(claim: Claim) -> list[int]:
    """Numbers of the equations that a claim is about."""
    found = (re.fullmatch(r"Eq\. (\d+)", locus) for locus in claim.loci)
    return [int(match[1]) for match in found if match]


def missing_equations(all_claims: Sequence[Claim], paper: Paper) -> list[int]:
    """Numbered equations of a paper that no claim is about."""
    covered = {number for claim in all_claims for number in equation_numbers(claim)}
    return [number for number in paper.equations if number not in covered]


def select(all_claims: Sequence[Claim], only: str | None) -> list[Claim]:
    """Those with a locus that is, or begins with, the given one, or of that id."""
    if only is None:
        return list(all_claims)
    return [
        claim
        for claim in all_claims
        if claim.id == only or any(z == only or z.startswith(only + ":") for z in claim.loci)
    ]


def judge(claim: Claim, paper: Paper | None = None, *, power: bool = True) -> Judged:
    """The finding on one claim.

    A claim that holds, and one of whose mutants is not refuted, is UNDECIDED: its test has no power.

    Args:
        claim: what is claimed.
        paper: which one claims it; None for a user's claim.
        power: whether mutants are tried.
    """
    finding = claim.test.judge()
    holds = finding.verdict in (Verdict.HOLDS, Verdict.HOLDS_IF)
    amiss = finding.verdict in (Verdict.FAILS, Verdict.HOLDS_IF)
    siding = claim.test.siding() if amiss else None
    if siding is not None and siding.printed == siding.corrected:
        siding = None  # measured under the condition with which the printed text holds
    died, total, survivors = tried(claim) if power and holds else (0, 0, ())
    if survivors:
        why = f"holds, but so does it with a change: {survivors[0]}"
        finding = replace(finding, verdict=Verdict.UNDECIDED, why=why)
    unneeded = tuple(claim.test.unneeded(paper.latex if paper else None)) if power and holds else ()
    return Judged(claim, finding, siding, (died, total), survivors, unneeded)


def tried(claim: Claim) -> tuple[int, int, tuple[str, ...]]:
    """Changes of a claim: how many are refuted, of how many, and those that are not."""
    changes = claim.test.mutants()
    survivors = tuple(change for change, mutant in changes if mutant.judge().verdict not in REFUTED)
    return len(changes) - len(survivors), len(changes), survivors
