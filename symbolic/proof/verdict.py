"""The three answers to whether something is so: proved, refuted with a witness, undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Proved:
    """The difference is zero, by the normal form."""

    how: str = "normal form"


@dataclass(frozen=True)
class Refuted:
    """The difference is not zero: `ball` encloses it at `witness` and excludes 0."""

    witness: Mapping[str, str]
    ball: str


@dataclass(frozen=True)
class Undecided:
    """Neither proved nor refuted; `tried` says what was done."""

    tried: str


Verdict = Proved | Refuted | Undecided


def is_proved(verdict: Verdict) -> bool:
    """Whether a verdict is *proved*: undecided counts as no."""
    return isinstance(verdict, Proved)
