"""What a run of the cells found, as data: rows with goals, the machine, and the file that keeps both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from verify.measurements.bench.timing import Spread, ratios

EQUAL = 3.0  # times our error, up to which a peer's error is equal to it
ROUNDING = 1e-15  # an error below it is rounding: no smaller one is better


class Verdict(Enum):
    """Whether a goal is met."""

    MET = "met"
    MISSED = "missed"
    UNEQUAL = "not at equal error"  # a peer was faster, and further off the solution
    UNKNOWN = "not measured"
    NONE = ""  # no goal was set


@dataclass(frozen=True)
class Goal:
    """A quantity that is to be at most so much.

    Attributes:
        quantity: "ratio" (ours over the peer's) or "seconds" (ours).
        most: the largest value that meets it.
        at_equal_error: whether it is said of peers that come within `EQUAL` times our error.
    """

    quantity: str
    most: float
    at_equal_error: bool = False


@dataclass(frozen=True)
class Row:
    """One measurement, ours beside a peer's or alone.

    Attributes:
        cell: letter of the cell.
        case: what is measured, in words.
        network, width, times: of the network; 0 where there is none.
        peer: what ours is compared with; empty for none.
        goal: of the medians; None where none is set.
        ours, theirs, ratio: seconds of both and ours over theirs, turn by turn; None if not measured.
        slower_than: whether the peer was cut off: it takes longer than `theirs`.
        error, peer_error: against a reference; what they are of is said in the cell.
        memory, peer_memory: bytes at the height of the call.
        setting: of the peer, e.g. its tolerance.
        note: what else is to be said.
    """

    cell: str
    case: str
    network: str = ""
    width: int = 0
    times: int = 0
    peer: str = ""
    goal: Goal | None = None
    ours: Spread | None = None
    theirs: Spread | None = None
    ratio: Spread | None = None
    slower_than: bool = False
    error: float | None = None
    peer_error: float | None = None
    memory: int | None = None
    peer_memory: int | None = None
    setting: str = ""
    note: str = ""

    def timed(self, ours: Sequence[float], theirs: Sequence[float] = ()) -> Row:
        """The same row with these seconds, and their ratio where there is a peer."""
        if not theirs:
            return replace(self, ours=Spread.of(ours))
        both = Spread.of(ours), Spread.of(theirs)
        return replace(self, ours=both[0], theirs=both[1], ratio=Spread.of(ratios(ours, theirs)))

    @property
    def equal(self) -> bool | None:
        """Whether the peer came within `EQUAL` times our error, or its rounding; None without errors."""
        if self.error is None or self.peer_error is None:
            return None
        return self.peer_error <= EQUAL * max(self.error, ROUNDING)

    @property
    def verdict(self) -> Verdict:
        """Whether the median meets the goal."""
        if self.goal is None:
            return Verdict.NONE
        reached = self.ratio if self.goal.quantity == "ratio" else self.ours
        if reached is None:
            return Verdict.UNKNOWN
        if reached.median <= self.goal.most:
            return Verdict.MET
        if self.slower_than:  # the ratio is smaller than this, and nobody knows by how much
            return Verdict.UNKNOWN
        return Verdict.UNEQUAL if self.goal.at_equal_error and not self.equal else Verdict.MISSED


@dataclass(frozen=True)
class Point:
    """What an integrator reaches at one tolerance: error against time.

    Attributes:
        network, width: of the network.
        method: "ours", or the peer.
        setting: its tolerance.
        seconds, error: of one run.
    """

    network: str
    width: int
    method: str
    setting: str
    seconds: float
    error: float


@dataclass(frozen=True)
class Record:
    """A run.

    Attributes:
        machine: what it ran on, and the versions of what ran.
        options: how it was asked.
        copy, read: gigabytes a second that an array is copied at (read and written bytes), and summed.
        rows: all measurements.
        points: errors against times of some integrators.
        missing: peers that are not installed.
    """

    machine: dict[str, str]
    options: dict[str, Any]
    copy: Spread
    read: Spread
    rows: tuple[Row, ...]
    points: tuple[Point, ...] = ()
    missing: tuple[str, ...] = field(default=())

    def dumps(self) -> str:
        """As JSON."""
        content = asdict(self)
        for one, row in zip(content["rows"], self.rows, strict=True):
            one["verdict"] = row.verdict.value
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> Record:
    """A record from JSON.

    Raises:
        ValueError: for text that is no record.
    """
    try:
        content = json.loads(text)
        rows = tuple(_row(row) for row in content["rows"])
        points = tuple(Point(**point) for point in content["points"])
        copy, read = (Spread(**content[name]) for name in ("copy", "read"))
        return Record(
            content["machine"],
            content["options"],
            copy,
            read,
            rows,
            points,
            tuple(content["missing"]),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no record of speed: {error}") from None


def _row(content: dict[str, Any]) -> Row:
    content.pop("verdict")
    for name, kind in (("goal", Goal), ("ours", Spread), ("theirs", Spread), ("ratio", Spread)):
        if content[name] is not None:
            content[name] = kind(**content[name])
    return Row(**content)
