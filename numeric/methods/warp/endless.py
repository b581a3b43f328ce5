"""Elapsed time where the flow has no equilibrium at finite warped time, and its inverse.

Where all neurons come to rest, or weights go to infinity and the output does not, R = |y − f| falls to a
limit ≥ 0 as x = |s| goes to infinity, and t(x) = ∫_0^x dx / (2M R) is made as far as a time asks for.
"""

from __future__ import annotations

import math
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from numeric.errors import InputError
from numeric.methods.warp.approach import Approach
from numeric.methods.warp.course import Path, Paver
from numeric.methods.warp.pace import Slowness
from numeric.methods.warp.panels import Panel, Place, Places
from numeric.methods.warp.stack import Stack
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
        slowness: rate · dt/ds at an output.
        width: of the first panel that is tried.
    """

    def __init__(self, path: Path, slowness: Slowness, width: float) -> None:
        self._path, self._of_output, self._rate = path, slowness, slowness.rate
        self._paver = Paver(path, self._slowness, width, NODES, self._conditioning, self._limit)
        self._panels: list[Panel] = []
        self._x: list[int] = []
        self._approaches: list[Approach] = []
        self._lefts, self._elapsed = [0.0], [0.0]
        self._settled = self._stuck = False
        self._stack = Stack(np.zeros(0), np.zeros((0, 1)))

    def _slowness(self, ahead: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return self._path.approach.slope(ahead) * self._of_output(self._path.output(ahead))

    def _conditioning(self) -> float:
        with np.errstate(all="ignore"):
            return self._of_output.conditioning(self._path.output_here(), self._path.spread())

    def _limit(self, width: float) -> float:
        """Up to the next bend of the loss, where a panel ends."""
        here, there = self._path.output_here(), float(self._path.output(np.full(1, width))[0])
        bend = self._of_output.next_bend(here, there)
        if bend is None:
            return width
        low, high = 0.0, width
        while low < (middle := (low + high) / 2) < high:
            before = abs(float(self._path.output(np.full(1, middle))[0]) - here) < abs(bend - here)
            low, high = (middle, high) if before else (low, middle)
        return high

    @np.errstate(all="ignore")
    def _extend(self) -> None:
        panel = self._paver.panel()
        speeds = panel.values
        if not np.all(np.isfinite(speeds)):  # f = y, or beyond float64
            self._stuck = True
            return
        exponent = self._path.units.x
        self._panels.append(panel)
        self._x.append(exponent)
        self._approaches.append(self._path.approach)
        gone = float(self._path.approach.x(panel.width))
        self._lefts.append(self._lefts[-1] + scale(gone, exponent))
        step = scale(panel.total, exponent)
        self._elapsed.append(self._elapsed[-1] + step)
        self._stuck = bool(speeds.max() > self._of_output.largest)
        self._path.advance(panel.width)
        constant = bool(np.ptp(speeds) <= SETTLED * speeds.min())
        self._settled = constant and self._of_output.has_settled(self._path.output_here())

    def _onward(self, elapsed: Floats) -> Floats:
        """Distance ahead of the last panel where R has its limit: t goes on linearly."""
        speed = self._panels[-1].end
        return np.asarray(np.ldexp((elapsed - self._elapsed[-1]) / speed, -self._path.units.x))

    def _reaches(self, elapsed: float) -> bool:
        if elapsed <= self._elapsed[-1] or self._stuck:
            return True
        if not self._settled:
            return False
        onward = float(self._onward(np.asarray(elapsed)))
        return self._path.reach(onward) >= onward

    def x(self, place: Place) -> float:
        """|s| of a place."""
        made = place.panel < len(self._x)
        exponent = self._x[place.panel] if made else self._path.units.x
        approach = self._approaches[place.panel] if made else self._path.approach
        return self._lefts[place.panel] + scale(float(approach.x(place.offset)), exponent)

    @np.errstate(all="ignore")
    def comes(self, t: float, until: float = math.inf) -> bool:
        """Make panels up to a time; whether the clock (`time.monotonic`) let them all be made."""
        elapsed = min(t * self._rate, self._of_output.latest)
        while not self._reaches(elapsed):
            if monotonic() > until:
                return False
            self._extend()
        return True

    @np.errstate(all="ignore")
    def places(self, t: Floats) -> Places:
        """Where the flow is at times t; at the latest time of float64 for t = ∞.

        Raises:
            InputError: for a finite time at which the slope of a loss has underflown.
        """
        self.comes(float(t.max(initial=0.0)))
        elapsed = np.minimum(t * self._rate, self._of_output.latest)
        beyond = elapsed > self._elapsed[-1]
        if self._stuck and self._of_output.vanishes and np.any(beyond & np.isfinite(t)):
            raise self._too_late(float(t[beyond & np.isfinite(t)].min()))
        panel, offset = np.full(t.shape, len(self._panels)), np.zeros(t.shape)
        if beyond.any() and not self._stuck:
            offset[beyond] = self._onward(elapsed[beyond])
        before = ~beyond & bool(self._panels)
        if before.any():
            panel[before], offset[before] = self._within(elapsed[before])
        return Places(panel, offset)

    def _within(self, elapsed: Floats) -> tuple[NDArray[np.intp], Floats]:
        """Panels and offsets at times that panels have been made for."""
        if len(self._stack.widths) < len(self._panels):
            self._stack = Stack.of(self._panels)
        starts, exponents = np.array(self._elapsed), np.array(self._x)
        k = np.searchsorted(starts, elapsed, side="right") - 1
        k = np.clip(k, 0, len(self._panels) - 1)
        amounts = np.ldexp(elapsed - starts[k], -exponents[k])
        return k, self._stack.crossing(k, amounts)

    def _too_late(self, t: float) -> InputError:
        latest = self._elapsed[-1] / self._rate
        expected = f"times before {latest:.3g}: beyond, float64 does not hold the slope of the loss"
        return InputError("t", t, expected)
