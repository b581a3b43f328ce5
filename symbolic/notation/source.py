"""Where something is printed: a paper, and a place in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A paper and a place in it.

    Attributes:
        paper: in words, with its identifier.
        place: equation, section or theorem, and what is different here; empty for the whole paper.
    """

    paper: str
    place: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.paper, self.place) if part)

    def at(self, place: str) -> Source:
        """A place in the same paper."""
        return Source(self.paper, place)

    def cite(self, printed: Source | None) -> Source:
        """Where a formula is printed, if it is in this paper; else this source."""
        return printed if printed is not None and printed.paper == self.paper else self


XU_ZIYIN = Source("Xu & Ziyin 2025 (arXiv 2401.07085)")
