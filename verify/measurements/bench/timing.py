"""Seconds of calls side by side: what disturbs the machine disturbs all of them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

SHORT, LONG = 2e-3, 2e-2  # seconds that are timed at once, of calls that take less: from, to
MANY = 10_000  # such calls at most
SLOW = 1.5  # seconds beyond which one run says enough
Call = Callable[[], object]


class TooSlowError(Exception):
    """A peer was cut off."""


@dataclass(frozen=True)
class Spread:
    """Of repeated measurements: the least, the median and the most."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(min(values), statistics.median(values), max(values))


class Deadline:
    """What ends a call that takes too long, as often as the call asks.

    Args:
        seconds: that a call may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self._end = seconds, math.inf

    @contextmanager
    def running(self) -> Iterator[None]:
        """From now on, until this ends; outside of it nothing is too slow."""
        self._end = time.perf_counter() + self.seconds
        try:
            yield
        finally:
            self._end = math.inf

    def check(self) -> None:
        """Raise what ends the call, when it is time.

        Raises:
            TooSlowError: after the time.
        """
        if time.perf_counter() > self._end:
            raise TooSlowError


@dataclass(frozen=True)
class Turns:
    """How often calls are repeated.

    Attributes:
        number: of turns, at most.
        seconds: after which a call is left out of further turns: one that lasts does not keep the others
            from theirs.
    """

    number: int
    seconds: float


def interleaved(calls: Mapping[str, Call], turns: Turns) -> dict[str, list[float]]:
    """Seconds of each call, in turns: one of each, and again.

    The first turn warms up and is not counted. A call that is longer than `SLOW` also when it is made
    again (the first may have compiled) is not made a third time.
    Of short calls so many are made at once that the clock sees them, and as long as the longest lasts, up
    to `LONG`: else a busy machine would interrupt the long ones alone.

    Args:
        calls: by name.
        turns: how often.
    """
    first = {name: _warm(call) for name, call in calls.items()}
    lasting = min(LONG, max((SHORT, *first.values())))
    number = {name: min(MANY, math.ceil(lasting / max(t, 1e-9))) for name, t in first.items()}
    found: dict[str, list[float]] = {name: [t] if t > SLOW else [] for name, t in first.items()}
    spent = dict.fromkeys(calls, 0.0)
    for turn in range(turns.number):
        for name, call in calls.items():
            if first[name] > SLOW or (turn and spent[name] > turns.seconds):
                continue
            found[name].append(_seconds(call, number[name]))
            spent[name] += found[name][-1] * number[name]
    return found


def _warm(call: Call) -> float:
    """Seconds of a call, of the second where the first is slow."""
    once = _seconds(call, 1)
    return once if once <= SLOW else _seconds(call, 1)


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours over theirs, in each turn of both; of a call made once, over every turn of the other."""
    turns = max(len(ours), len(theirs))
    one, other = (list(z) * turns if len(z) == 1 else list(z) for z in (ours, theirs))
    return [a / b for a, b in zip(one, other, strict=False)]


def _seconds(call: Call, number: int) -> float:
    start = time.perf_counter()
    for _ in range(number):
        call()
    return (time.perf_counter() - start) / number
