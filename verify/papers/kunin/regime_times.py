"""Lazy, rich and delayed rich in numbers: when a neuron aligns, when it fits, how far its kernel goes.

Inputs are whitened, rates are 1, ‖β*‖ = 1, and w₀ is orthogonal to β*. A start is said by its
overall scale τ and its δ: |a₀|‖w₀‖ = τ², as of one neuron of Figure 1, and a₀ > 0, so that φ = cos
∠(w, β*) rises from 0 to 1 for every δ, and L = ½‖aw − β*‖² falls to 0. All is read off the closed
form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numeric.picture import Floats
from verify.papers.kunin.neuron import Start, from_delta

ALIGNED = 0.99  # the time to align: when φ first is this
FITTED = 1e-2  # the time to fit: when L first is this part of ½‖β*‖², the loss of β = 0
X, TARGETS = ((1.0, 0.0), (0.0, 1.0)), (0.0, 1.0)
SOONEST, LATEST = 1e-12, 1e12  # between which times are looked for
COARSE, FINE, ROUNDS = 121, 501, 2  # times at first, then within each bracket, so often


@dataclass(frozen=True)
class Regime:
    """What one start comes to.

    Attributes:
        align: the first time at which φ ≥ `ALIGNED`.
        fit: the first time at which L ≤ `FITTED`/2.
        distance: S(0, ∞).
    """

    align: float
    fit: float
    distance: float


def start(delta: float, scale: float) -> Start:
    """The weights of a δ and a τ."""
    return from_delta(delta, (-(scale**2), 0.0), X, TARGETS)


def regime(begun: Start) -> Regime:
    """The three numbers of one start."""
    flow = begun.flow()

    def courses(times: Floats) -> Floats:
        """Both rising courses that pass 0, one in each row of times."""
        found = flow.observables(times)
        return np.stack([found["phi"][0] - ALIGNED, FITTED / 2 - found["loss"][1]])

    times = np.tile(np.geomspace(SOONEST, LATEST, COARSE), (2, 1))
    for _ in range(ROUNDS):
        times = np.geomspace(*_bracket(courses(times), times), FINE).T
    values = courses(times)
    low, high = _bracket(values, times)
    below, above = _bracket(values, values)
    align, fit = low + (high - low) * below / (below - above)  # a straight line
    return Regime(float(align), float(fit), float(flow.limit()["kernel_distance"]))


def _bracket(values: Floats, of: Floats) -> tuple[Floats, Floats]:
    """What stands, in each row, where rising values pass 0: before and after."""
    after = np.argmax(values >= 0, axis=1)
    rows = np.arange(len(values))
    return of[rows, after - 1], of[rows, after]


def chart(deltas: Floats, scales: Floats) -> Iterator[list[Regime]]:
    """Regimes of every δ, for one scale after the other."""
    for scale in scales:
        yield [regime(start(delta, scale)) for delta in deltas]
