"""One claim of the audit as an object of JSON."""

from __future__ import annotations

from typing import Any

from verify.claims.claim import Judged
from verify.papers.paper import Paper


def as_json(judged: Judged, paper: Paper | None = None) -> dict[str, Any]:
    """Everything that is known of a claim, of a paper or of a user; formulas are LaTeX."""
    claim, finding, siding = judged.claim, judged.finding, judged.siding
    return {
        "id": claim.id,
        "locus": claim.loci[0],
        "loci": list(claim.loci),
        "claim": claim.says,
        "added": claim.added,
        "verdict": finding.verdict.value,
        "evidence": finding.evidence.value,
        "expected": claim.expected.value,
        "severity": claim.severity,
        "condition": finding.condition,
        "printed": claim.printed,
        "transcription": claim.test.transcription(paper.latex if paper else None),
        "correction": claim.correction,
        "witness": dict(finding.witness),
        "difference": finding.ball,
        "why": finding.why,
        "note": claim.note,
        "uses": list(claim.uses),
        "unneeded": list(judged.unneeded),
        "mutants": {
            "refuted": judged.mutants[0],
            "of": judged.mutants[1],
            "survivors": list(judged.survivors),
        },
        "torch": None
        if siding is None
        else {
            "quantity": siding.quantity,
            "measured": siding.measured,
            "error": siding.error,
            "printed": siding.printed,
            "corrected": siding.corrected,
            "with_correction": siding.with_correction,
        },
    }
