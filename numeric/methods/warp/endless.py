"""Elapsed time where the flow has no equilibrium at finite warped time, and its inverse.

Where all neurons come to rest, or weights go to infinity and the output does not, R = |y − f| falls to a
limit ≥ 0 as x = |s| goes to infinity, and t(x) = ∫_0^x dx / (2M R) is made as far as a time asks for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp.course import Path, Paver
from numeric.methods.warp.elapsed import LATEST
from numeric.methods.warp.panels import Panel, Place
from numeric.methods.warp.units import scale

Floats = NDArray[np.float64]

NODES = 24
SETTLED = 1e-17  # relative change of R on a panel, after which it has its limit


class Endless:
    """t(x) and its inverse where the flow has no equilibrium at finite x: R falls to a limit ≥ 0.

    Panels of 1/R, each wider than the one before where R allows it, are made as far as a time asks for:
    one thread at a time may ask.

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
        self._x: list[int] = []
        self._lefts, self._elapsed = [0.0], [0.0]
        self._settled = self._stuck = False

    def _slowness(self, ahead: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return 1 / np.abs(self._target - self._path.output(ahead))

    @np.errstate(all="ignore")
    def _extend(self) -> None:
        panel, speeds = self._paver.panel()
        if not np.all(np.isfinite(speeds)):  # f = y, or beyond float64
            self._stuck = True
            return
        exponent = self._path.units.x
        self._panels.append(panel)
        self._x.append(exponent)
        self._lefts.append(self._lefts[-1] + scale(panel.width, exponent))
        step = scale(float(panel.integral(0.0, panel.width)), exponent)
        self._elapsed.append(self._elapsed[-1] + step)
        self._path.advance(panel.width)
        self._settled = bool(np.ptp(speeds) <= SETTLED * speeds.min())

    def _onward(self, elapsed: float) -> float:
        """Distance ahead of the last panel where R has its limit: t goes on linearly."""
        last = self._panels[-1]
        speed = float(last(last.width))
        return scale((elapsed - self._elapsed[-1]) / speed, -self._path.units.x)

    def _reaches(self, elapsed: float) -> bool:
        if elapsed <= self._elapsed[-1] or self._stuck:
            return True
        if not self._settled:
            return False
        onward = self._onward(elapsed)
        return self._path.reach(onward) >= onward

    def x(self, place: Place) -> float:
        """|s| of a place."""
        exponent = self._x[place.panel] if place.panel < len(self._x) else self._path.units.x
        return self._lefts[place.panel] + scale(place.offset, exponent)

    @np.errstate(all="ignore")
    def place(self, t: float) -> Place:
        """Where the flow is at time t; at the latest time of float64 for t = ∞."""
        elapsed = min(t * self._rate, LATEST)
        while not self._reaches(elapsed):
            self._extend()
        if elapsed > self._elapsed[-1]:
            onward = 0.0 if self._stuck else self._onward(elapsed)
            return Place(len(self._panels), onward)
        k = max(int(np.searchsorted(self._elapsed, elapsed, side="right")) - 1, 0)
        k = min(k, len(self._panels) - 1)
        if k < 0:
            return Place(0, 0.0)
        amount = scale(elapsed - self._elapsed[k], -self._x[k])
        return Place(k, self._panels[k].crossing(amount))
