"""What a property says: ratios of error to allowed error, what was left out, and the worst of them."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from verify.oracle.problem import Floats

FLOOR = 1e-11  # of a comparison with an extrapolation, relative to the size of the observable


@dataclass(frozen=True)
class LeftOut:
    """A comparison that was not made, and why: counted, never passed over in silence."""

    reason: str


@dataclass(frozen=True)
class Raised:
    """A theory that gave no value: what it raised, or that it took too long."""

    place: str
    error: Exception

    def __str__(self) -> str:
        return f"{self.place}: {type(self.error).__name__}: {self.error}"[:160]


Comparison = tuple[str, float]
Result = Comparison | LeftOut | Raised
Results = Iterator[Result]


@dataclass(frozen=True)
class Outcome:
    """The worst case of one property.

    Attributes:
        name: of the property.
        worst: the largest ratio of error to allowed error; the property holds when it is ≤ 1.
        cases: how many comparisons were made.
        where: the problem and quantity of the worst case.
        left_out: reason → how many comparisons, or problems, were left out for it.
    """

    name: str
    worst: float
    cases: int
    where: str
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every comparison was within its bound, and there was at least one."""
        return self.cases > 0 and self.worst <= 1

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`; an infinite ratio, which JSON has not, is None."""
        return {
            "name": self.name,
            "holds": bool(self.holds),
            "cases": self.cases,
            "worst": float(self.worst) if np.isfinite(self.worst) else None,
            "where": self.where,
        }


def fold(name: str, results: Iterable[Result]) -> Outcome:
    """The worst of all comparisons; one that is not a number is the worst there is."""
    worst, cases, where, left_out = 0.0, 0, "", Counter[str]()
    for result in results:
        if isinstance(result, LeftOut):
            left_out[result.reason] += 1
            continue
        place, ratio = (str(result), np.inf) if isinstance(result, Raised) else result
        cases += 1
        if not ratio <= worst:
            worst, where = (ratio if ratio == ratio else np.inf), place
    return Outcome(name, worst, cases, where, dict(left_out))


def ratio(value: Floats, measured: Floats, error: Floats, size: float) -> float:
    """Error over allowed error; infinite where only one of the two is a number."""
    value, measured = np.asarray(value, dtype=float), np.asarray(measured, dtype=float)
    if not np.array_equal(np.isnan(value), np.isnan(measured)):
        return np.inf
    if np.isnan(value).all():
        return 0.0
    # Of single components the estimate may vanish by accident.
    allowed = FLOOR * size + 1e-300 + 2 * float(np.nanmax(error))
    return float(np.nanmax(np.abs(value - measured) / allowed))


class TooSlowError(Exception):
    """A computation that ran past its time limit."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what computes here after so many seconds; the main thread of a process only.

    They are of the processor, so that no verdict depends on what else the machine does. A limit inside a
    limit ends first, and the outer one goes on with what is left of it.

    Raises:
        TooSlowError: when the time is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlowError(f"no result after {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        # What was left of the outer limit is a little more than it should be, never less.
        signal.setitimer(signal.ITIMER_PROF, left)
        signal.signal(signal.SIGPROF, before)
