"""A claim of a paper and what is found about it.

A verdict says whether a claim holds, its evidence says how that is known; the two are separate axes. The
verdict is computed from the printed formula and the derivation; what is expected is pinned beside it, and
a difference is an error of the audit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a claim holds as printed."""

    HOLDS = "HOLDS"
    HOLDS_IF = "HOLDS_IF"  # under a condition, or a convention other than the one stated
    FAILS = "FAILS"
    UNDECIDED = "UNDECIDED"
    NOT_TESTABLE = "NOT_TESTABLE"  # a definition, or prose
    UNREADABLE = "UNREADABLE"  # a user's statement that is none


class Evidence(StrEnum):
    """How a verdict is known, the strongest first."""

    PROVED = "proved"
    ENCLOSED = "enclosed"
    SAMPLED = "sampled"
    SIMULATED = "simulated"
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """What a test says of a printed statement.

    Attributes:
        verdict, evidence: both axes.
        why: one line.
        condition: under which it holds, for HOLDS_IF.
        witness: exact values within the stated assumptions at which it does not hold.
        ball: what the difference of both sides is there, an enclosure that excludes 0.
    """

    verdict: Verdict
    evidence: Evidence
    why: str
    condition: str = ""
    witness: Mapping[str, str] = field(default_factory=dict)
    ball: str = ""


@dataclass(frozen=True)
class Siding:
    """A network that torch trained: what it measures, what is printed, what the correction says.

    Attributes:
        quantity: what is compared.
        measured, printed, corrected: its three values.
        error: of the measurement.
    """

    quantity: str
    measured: float
    printed: float
    corrected: float
    error: float

    @property
    def with_correction(self) -> bool:
        """Whether the measurement agrees with the correction, and not with what is printed."""
        near = abs(self.corrected - self.measured) <= 10 * self.error
        return near and abs(self.printed - self.measured) > 100 * self.error


class Test(ABC):
    """A printed statement that can be judged, and changed to see whether the judge would notice."""

    @abstractmethod
    def judge(self) -> Finding:
        """The verdict."""

    @abstractmethod
    def transcription(self, names: Mapping[str, str] | None = None) -> str:
        """What is judged, as LaTeX; with the LaTeX of names that the notation table does not have."""

    def mutants(self) -> list[tuple[str, Test]]:
        """Statements with one small change each, and what was changed."""
        return []

    def unneeded(self, names: Mapping[str, str] | None = None) -> list[str]:
        """Hypotheses of the text, as LaTeX, without which a claim that holds does so too."""
        return []

    def siding(self) -> Siding | None:
        """What torch says, where a network can."""
        return None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim.

    Attributes:
        id: permanent.
        loci: where it stands: "Eq. 7", "Table 1: Xavier, c_eta*", "Sec. 3.2".
        says: what is claimed, in words.
        printed: the formula as it stands, LaTeX; empty for prose.
        test: judges it.
        expected: the pinned verdict.
        severity: of what does not hold as printed: "typo", "convention", "degenerate" (a
            case of measure zero is missing) or "substantive".
        correction: what holds instead, LaTeX or words.
        note: a line more: what follows, what is sharper.
        uses: ids it rests on.
        added: whether it is the audit's own statement about that place, and not the paper's.
        place, statement: where it stands in a user's file, and what.
    """

    id: str
    loci: tuple[str, ...]
    says: str
    test: Test
    printed: str = ""
    expected: Verdict = Verdict.HOLDS
    severity: str = ""
    correction: str = ""
    note: str = ""
    uses: tuple[str, ...] = ()
    added: bool = False
    place: str = ""
    statement: str = ""


@dataclass(frozen=True)
class Judged:
    """A claim and its finding.

    Attributes:
        mutants: how many small changes of a claim that holds were refuted, of how many.
        survivors: what was changed in those that were not.
        unneeded: hypotheses, as LaTeX, without which it holds too.
    """

    claim: Claim
    finding: Finding
    siding: Siding | None
    mutants: tuple[int, int] = (0, 0)
    survivors: tuple[str, ...] = ()
    unneeded: tuple[str, ...] = ()

    @property
    def is_as_expected(self) -> bool:
        """Whether the verdict is the pinned one, with torch on the side of the correction."""
        sided = self.siding is None or self.siding.with_correction
        return self.finding.verdict == self.claim.expected and sided
