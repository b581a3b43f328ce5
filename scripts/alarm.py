"""A bound on the time of a long computation, which leaves what was found so far."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from symbolic.proof.certificate import OutOfTime

AGAIN = 5.0  # seconds, after which what went on is interrupted once more

SOON = 1e-3  # seconds, to a timer that should have rung meanwhile


class Alarm:
    """When the time is over.

    Args:
        seconds: from now.

    Attributes:
        said: what was said when it was over, as reasons of what was not reached.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, time.monotonic() + seconds
        self.said = (f"not reached in {seconds:g} s", f"not decided in {seconds:g} s")

    def check(self) -> None:
        """Raise, where it is over.

        Raises:
            OutOfTime: then.
        """
        if time.monotonic() >= self._end:
            raise OutOfTime(self.said[0])

    def rings(self, _signal: int, _frame: FrameType | None) -> None:
        """What the system calls."""
        raise OutOfTime(self.said[1])


@contextmanager
def alarm(seconds: float) -> Iterator[Alarm]:
    """Raise `OutOfTime` in what runs when the time is over, where the system can interrupt it."""
    found = Alarm(seconds)
    interrupts = (
        hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    )
    if not interrupts:
        yield found
        return
    start, before = time.monotonic(), signal.signal(signal.SIGALRM, found.rings)
    left, again = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:  # somebody else's timer goes on
            signal.setitimer(
                signal.ITIMER_REAL, max(left - (time.monotonic() - start), SOON), again
            )
