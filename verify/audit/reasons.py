"""Findings of the audit, gathered: claims that do not hold as printed for one reason are one finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verify.claims.claim import Judged, Verdict


def counts(found: Iterable[Judged]) -> Mapping[str, int]:
    """How many of each verdict."""
    return Counter(one.finding.verdict.value for one in found)


def power(found: Iterable[Judged]) -> tuple[int, int]:
    """Mutants refuted, of how many."""
    died = [one.mutants for one in found]
    return sum(refuted for refuted, _ in died), sum(total for _, total in died)


@dataclass(frozen=True)
class Reason:
    """Claims with one verdict for one reason.

    Attributes:
        members: in printed order.
    """

    members: tuple[Judged, ...]

    @property
    def first(self) -> Judged:
        """In printed order."""
        return self.members[0]

    @property
    def place(self) -> str:
        """Where all of it stands."""
        return places(locus for one in self.members for locus in one.claim.loci)

    def common(self, name: str) -> str:
        """An attribute of the claims where it is one for all of them."""
        values = {getattr(one.claim, name) for one in self.members}
        return str(values.pop()) if len(values) == 1 else ""


def reasons(found: Iterable[Judged], *verdicts: Verdict) -> list[Reason]:
    """Those with one of the verdicts, by reason: the condition, or else the correction."""
    gathered: dict[tuple[str, ...], list[Judged]] = {}
    for one in found:
        claim, finding = one.claim, one.finding
        if finding.verdict in verdicts:
            reason = finding.condition or claim.correction or claim.id
            gathered.setdefault((finding.verdict, claim.severity, reason), []).append(one)
    return [Reason(tuple(members)) for members in gathered.values()]


def places(loci: Iterable[str]) -> str:
    """Loci, each once, those of one kind together in their order: "Eq. 8, 9, Table 2"."""
    kinds: dict[str, list[str]] = {}
    for locus in dict.fromkeys(loci):
        kind, _, number = locus.rpartition(" ")
        is_equation = kind == "Eq." and number.isdecimal()
        kinds.setdefault(kind if is_equation else locus, []).append(number)
    return ", ".join(
        f"{kind} {', '.join(sorted(numbers, key=int))}" if kind == "Eq." else kind
        for kind, numbers in kinds.items()
    )


def used_by(found: Iterable[Judged]) -> dict[str, list[str]]:
    """Claim → loci of the claims that use it."""
    result: dict[str, list[str]] = {}
    for one in found:
        for used in one.claim.uses:
            result.setdefault(used, []).extend(one.claim.loci)
    return result
