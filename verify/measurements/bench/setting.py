"""How a run is asked for, and what every cell is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from verify.measurements.bench.record import Point, Row
from verify.measurements.bench.timing import Turns

Found = Iterator[Row | Point]


def _silent(line: str) -> None:
    """Progress that nobody asked for."""


@dataclass(frozen=True)
class Setting:
    """What a run is to be.

    Attributes:
        seed: of all weights.
        quick: fewer sizes, networks and turns.
        peers: whether the optional peers are asked.
        largest: number of weights of a layer beyond which nothing is measured.
        say: told what is measured now.
    """

    seed: int = 0
    quick: bool = False
    peers: bool = False
    largest: int = 10**9
    say: Callable[[str], None] = field(default=_silent, compare=False)

    @property
    def turns(self) -> Turns:
        """How often calls are repeated."""
        return Turns(3, 1.0) if self.quick else Turns(7, 10.0)

    @property
    def limit(self) -> float:
        """Seconds after which a run of a peer is cut off."""
        return 1.0 if self.quick else 10.0

    def sizes(self, full: Sequence[int], quick: Sequence[int]) -> list[int]:
        """Those that are measured."""
        return [size for size in (quick if self.quick else full) if size <= self.largest]


@dataclass(frozen=True)
class Cell:
    """A cell of the record.

    Attributes:
        letter: by which it is asked for.
        title: what is measured, in words.
        about: how, and what its errors are of.
        measure: rows and points, one after the other.
        limit: what stands between us and a goal that is missed; empty where none is.
    """

    letter: str
    title: str
    about: str
    measure: Callable[[Setting], Found]
    limit: str = ""
