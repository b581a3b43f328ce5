"""Elapsed time where the flow has no equilibrium at finite warped time, and its inverse.

Where all neurons die, or the kernel fades, R = |y − f| falls to a limit ≥ 0 as x = |s| goes to infinity,
and t(x) = ∫_0^x dx / (2M R) is made as far as a time asks for.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from numeric.course import FADED, LONGEST, Path, Paver
from numeric.panels import Panel, Place

Floats = NDArray[np.float64]

NODES = 24


class Endless:
    """t(x) and its inverse where the flow has no equilibrium at finite x: R falls to a limit ≥ 0.

    Panels of 1/(2M R), each twice as wide as the one before where R allows it, are made as far as a
    time asks for.

    Args:
        path: at its start.
        target: y; R = |y − f|.
        rate: 2M.
        width: of the first panel that is tried.
    """

    def __init__(self, path: Path, target: float, rate: float, width: float) -> None:
        self._path, self._target, self._rate = path, target, rate
        self._paver = Paver(path, self._slowness, width, NODES)
        self._panels: list[Panel] = []
        self._lefts, self._elapsed = [0.0], [0.0]
        self._ended = False

    def _slowness(self, ahead: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return 1 / (self._rate * np.abs(self._target - self._path.output(ahead)))

    def _extend(self) -> None:
        x = self._lefts[-1]
        panel, speeds = self._paver.panel()
        if not np.all(np.isfinite(speeds)) or x > LONGEST:
            self._ended = True
            return
        self._panels.append(panel)
        self._lefts.append(x + panel.width)
        self._elapsed.append(self._elapsed[-1] + float(panel.integral(0.0, panel.width)))
        self._path.advance(panel.width)
        self._ended = bool(np.ptp(speeds) <= FADED * speeds.min())

    def x(self, place: Place) -> float:
        """|s| of a place."""
        return self._lefts[place.panel] + place.offset

    def place(self, t: float) -> Place:
        """Where the flow is at time t; at an infinite offset for t = ∞."""
        while self._elapsed[-1] < t < math.inf and not self._ended:
            self._extend()
        if t >= self._elapsed[-1]:  # R has its limit: t goes on linearly
            if not self._panels or math.isinf(t):
                return Place(len(self._panels), t)
            last = self._panels[-1]
            onward = (t - self._elapsed[-1]) / float(last(last.width))
            return Place(len(self._panels), onward)
        k = max(int(np.searchsorted(self._elapsed, t, side="right")) - 1, 0)
        return Place(k, self._panels[k].crossing(t - self._elapsed[k]))
