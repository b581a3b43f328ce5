"""Trajectories of (w, a) on the level sets of Figure 2: theory, and descent beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from numeric.picture import Floats
from verify.papers.figure import Track, untracked
from verify.papers.kunin.neuron import Start, from_delta, together, weights
from verify.papers.kunin.simulated import crowded, descend

# As the authors' public notebook has it: whitened inputs, three starts of one β₀.
BETA, X, TARGETS = (-1.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), (0.0, 1.0)
DELTAS = (-2.0, 0.0, 2.0)
HEIGHT = 2.6  # of what is drawn of a level set
END, STEP, RECORDED = 14.0, 0.004, 22


@dataclass(frozen=True)
class Trajectory:
    """Theory and descent from one start.

    Attributes:
        delta: δ of the panel.
        start: the weights.
        is_named: whether it starts at β₀.
        recorded: times at which descent was measured.
        descent: (w, a) there, a row each.
    """

    delta: float
    start: Start
    is_named: bool
    recorded: Floats
    descent: Floats

    def theory(self, t: Floats) -> Floats:
        """(w, a) at times, a row each."""
        return weights(self.start.flow(), t)

    def deviation(self) -> float:
        """The largest distance of a point from where theory is at its time."""
        return float(np.linalg.norm(self.theory(self.recorded) - self.descent, axis=-1).max())

    def crossing(self) -> Floats | None:
        """(w, a) where a passes 0."""
        flow = self.start.flow()
        time = flow.sign_change()
        return None if time is None else weights(flow, np.array([float(time)]))[0]


def starts(delta: float) -> list[tuple[Start, bool]]:
    """Those at β₀, with a > 0 and a < 0, and others around the level set."""
    named = from_delta(delta, BETA, X, TARGETS)
    opposite = Start(-named.a, tuple(-z for z in named.w), named.X, named.targets)
    rest = [_at(delta, HEIGHT - 0.15, angle) for angle in range(-170, 190, 45)]
    rest += [_at(delta, -HEIGHT + 0.15, angle) for angle in range(-155, 205, 60)]
    if delta < 0:  # towards −β*, from where a passes 0
        rest += [_at(delta, 0.9, angle) for angle in (-130, -90, -50)]
    return [(named, True), (opposite, True), *((one, False) for one in rest)]


def _at(delta: float, a: float, degrees: float) -> Start:
    radius, angle = math.sqrt(a * a - delta), math.radians(degrees)
    return Start(a, (radius * math.cos(angle), radius * math.sin(angle)), X, TARGETS)


def trajectories(
    delta: float,
    step: float = STEP,
    end: float = END,
    refine: int = 1,
    track: Track = untracked,
) -> list[Trajectory]:
    """Theory and descent from every start; descent `refine` times as fine as it is recorded."""
    begun = starts(delta)
    steps = crowded(end, step, RECORDED)
    lengths = np.full(len(begun), step / refine)
    found = descend(together([z for z, _ in begun]), lengths, [refine * z for z in steps], track)
    both = np.concatenate([found.w, found.a[..., None]], -1)
    return [
        Trajectory(delta, one, is_named, step * np.array(steps, dtype=np.float64), both[:, k])
        for k, (one, is_named) in enumerate(begun)
    ]
