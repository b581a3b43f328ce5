"""Paths of β = a w of Figure 4: theory, descent beside it, and ends by the potential."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numeric.methods.lifted.interpolator import Interpolator
from numeric.picture import Floats, dense
from verify.papers.figure import Track, untracked
from verify.papers.kunin.neuron import ONE, Start, from_delta, together, weights
from verify.papers.kunin.simulated import crowded, descend

# As the authors' public notebook has it.
DELTAS = (4.0, 2.0, 1.0, 0.0, -1.0, -2.0, -4.0)
FAR = 1e6  # |δ| of both limits
END, STEP, RECORDED = 32.0, 0.005, 33
ENDLESS = 1e8  # a time after which nothing moves, |δ| = FAR included


@dataclass(frozen=True)
class Panel:
    """One of both panels.

    Attributes:
        words: over it.
        X, targets: the data.
        beta: β₀.
        span: limits of both axes.
    """

    words: str
    X: tuple[tuple[float, float], ...]
    targets: tuple[float, ...]
    beta: tuple[float, float]
    span: tuple[tuple[float, float], tuple[float, float]]

    def start(self, delta: float) -> Start:
        """The weights of δ and β₀."""
        return from_delta(delta, self.beta, self.X, self.targets)


WHITE = Panel(
    r"whitened inputs: one end $\beta_*$",
    ((1.0, 0.0), (0.0, 1.0)), (0.0, 1.0), (-1.0, 0.0), ((-1.12, 0.12), (-0.12, 1.12)),
)  # fmt: skip
LOW_RANK = Panel(
    r"one datum: ends where the potential $\Psi_\delta$ says",
    ((0.5, 1.0),), (1.1,), (0.4, 0.05), ((0.3, 1.9), (-0.35, 1.25)),
)  # fmt: skip


@dataclass(frozen=True)
class Path:
    """Theory and descent from one δ.

    Attributes:
        delta: δ.
        start: the weights.
        recorded: times at which descent was measured; none where it was not run.
        descent: β there, a row each.
    """

    delta: float
    start: Start
    recorded: Floats
    descent: Floats

    def theory(self, t: Floats) -> Floats:
        """β at times, a row each."""
        found = weights(self.start.flow(), t)
        return found[:, -1:] * found[:, :-1]

    def line(self) -> Floats:
        """β from 0 to the end, so dense that straight lines between are the path; a column each."""
        flow = self.start.flow()

        def curves(places: Floats) -> Floats:
            found = weights(flow, np.exp(places))
            return (found[:, -1:] * found[:, :-1]).T

        return dense(curves, np.linspace(np.log(1e-3 / FAR), np.log(ENDLESS), 400))[1]

    def end(self) -> Floats:
        """β(∞) as the potential selects it: where Ψ_δ, tilted by w₀, is least on Xβ = y."""
        start = self.start
        w0 = list(map(Fraction, start.w))
        a, w = Interpolator(Fraction(start.a), w0, ONE, ONE, start.data()).limit()
        return np.array([float(a * z) for z in w])

    def deviation(self) -> float:
        """The largest distance of a point from where theory is at its time."""
        apart = self.theory(self.recorded) - self.descent
        return float(np.linalg.norm(apart, axis=-1).max())


def paths(
    panel: Panel,
    deltas: Sequence[float] = DELTAS,
    step: float = STEP,
    refine: int = 1,
    track: Track = untracked,
) -> list[Path]:
    """Theory and descent of every δ, descent `refine` times as fine as it is recorded."""
    starts = [panel.start(delta) for delta in deltas]
    steps, lengths = crowded(END, step, RECORDED), np.full(len(starts), step / refine)
    found = descend(together(starts), lengths, [refine * z for z in steps], track).beta
    return [
        Path(delta, start, step * np.array(steps, dtype=np.float64), found[:, k])
        for k, (delta, start) in enumerate(zip(deltas, starts, strict=True))
    ]


def limits(panel: Panel) -> list[Path]:
    """Theory alone near both limits of δ."""
    none = np.empty(0)
    return [Path(delta, panel.start(delta), none, np.empty((0, 2))) for delta in (FAR, -FAR)]
