"""What an integrator is here: made ready for a problem once, then run as often as it is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify.measurements.bench.problems import Drawn, Floats
from verify.measurements.bench.timing import Deadline

Run = Callable[[], Floats]
FLOOR = 1e-4  # absolute tolerance over relative tolerance


@dataclass(frozen=True)
class Integrator:
    """A peer.

    Attributes:
        name, package: as it is shown; what must be importable.
        prepare: from a problem, times, a relative tolerance and what ends a run, the run: outputs at the
            times. What it compiles is compiled here, and not timed.
        tightest: relative tolerance.
        widest: number of neurons beyond which it is not tried, for the reason `why`.
        why: in words.
        counts: numbers of times it is asked for.
    """

    name: str
    package: str
    prepare: Callable[[Drawn, Floats, float, Deadline], Run]
    tightest: float
    widest: int
    why: str
    counts: tuple[int, ...] = (1, 50, 1000)
