"""Elapsed time t(s) of the scalar equation ds/dt = 2M (y − f(s)), and its inverse, by quadrature.

Warped time is measured from the start in the direction of motion, x = |s| ≥ 0. The residual
R(x) = |y − f| falls with slope −K(x), where the tangent kernel K is a sum of squares, sampled on panels
(`numeric.course`). Then

    R(x) = ∫_x^{x*} K,   t(x) = ∫_0^x dx / (2M R)

need no further evaluation of the network: R is a sum of positive terms from the equilibrium x*
backward, so it keeps its relative accuracy however small it is, and next to x*, with e = x* − x,

    2M t = λ / K(x*) + (a smooth function of e),   λ = log(ℓ/e),

is inverted in λ, so that times far past convergence are ordinary. Every place is an offset on a panel
(`numeric.panels`): x alone would lose the digits of x* − x next to a pole of K.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.course import FINEST, Course
from numeric.panels import GAUSS, GAUSS_WEIGHTS, Panel, Place, unit_nodes

Floats = NDArray[np.float64]

NODES = 24


class Elapsed:
    """t(x) and its inverse, for an equation that has an equilibrium.

    Args:
        course: K, from the start to the equilibrium.
        rate: 2M.

    Attributes:
        equilibrium: x*.
        kernel_at_equilibrium: K(x*).
    """

    def __init__(self, course: Course, rate: float) -> None:
        self._panels, self._rate = course.panels, rate
        self._ends = [panel.width for panel in self._panels[:-1]] + [course.end]
        self._lefts = np.concatenate([[0.0], np.cumsum(self._ends)])
        self.equilibrium = float(self._lefts[-1])
        self._length = course.end / 2
        steps = [
            float(panel.integral(0.0, end))
            for panel, end in zip(self._panels, self._ends, strict=True)
        ]
        self._heads = np.concatenate([[0.0], np.cumsum(steps)])
        self._tails = [*course.residuals, 0.0]
        self._last = self._panels[-1]
        self.kernel_at_equilibrium = course.kernel_at_end
        self._clock()
        self._near = self._near_equilibrium()

    def _clock(self) -> None:
        """Panels of 1/(2M R) up to the last stretch, no longer than their distance to x*.

        They are made backward from the end of each panel of K: next to a bend that is almost the
        equilibrium R changes over distances of which an offset from the left has no digit.
        """
        self._times: list[Panel] = []
        self._starts: list[tuple[int, float]] = []  # panel of K, distance of the start to its end
        gap = self._length
        for index in range(len(self._panels) - 1, -1, -1):
            near = self._length if index == len(self._panels) - 1 else 0.0
            while near < self._ends[index]:
                rest = self._ends[index] - near
                panel = self._slowness(index, near, min(gap, rest))
                near = self._ends[index] if panel.width == rest else near + panel.width
                gap += panel.width
                self._times.append(panel)
                self._starts.append((index, near))
        self._times.reverse()
        self._starts.reverse()
        steps = [float(panel.integral(0.0, panel.width)) for panel in self._times]
        self._elapsed = np.concatenate([[0.0], np.cumsum(steps)])

    def _slowness(self, index: int, near: float, width: float) -> Panel:
        """1/(2M R) on a panel that ends `near` the end of a panel of K.

        Beyond a bend K may be far smaller than before: there R, continued from the left, vanishes
        close by, and only a narrow panel is sharp.
        """
        finest = FINEST * width
        while True:
            backward = near + width * unit_nodes(NODES)[::-1]
            values = 1 / (self._rate * self._residual(index, backward))
            panel = Panel.of(values, width)
            if panel.is_sharp(values) or width <= finest:
                return panel
            width /= 2

    def _residual(self, index: int, backward: ArrayLike) -> Floats:
        """R = ∫ of K to the equilibrium, from a distance to the end of a panel of K."""
        panel, end = self._panels[index], self._ends[index]
        half = np.asarray(backward, dtype=float) / 2
        values = panel(end - half[..., None] * (1 + GAUSS))
        return np.asarray(half * (values @ GAUSS_WEIGHTS)) + self._tails[index + 1]

    def _slope_average(self, e: ArrayLike) -> Floats:
        """G(e) = R/e = ∫_0^1 K(x* − eθ) dθ, for e within the last panel; no cancellation."""
        theta, weights = (GAUSS + 1) / 2, GAUSS_WEIGHTS / 2
        inner = self._ends[-1] - np.asarray(e, dtype=float)[..., None] * theta
        return np.asarray(self._last(inner) @ weights)

    def _near_equilibrium(self) -> Panel:
        """(1/G(e) − 1/K*)/e on [0, ℓ], the smooth part of the integrand."""
        e = self._length * unit_nodes(NODES)
        smooth = (1 / self._slope_average(e) - 1 / float(self._last(self._ends[-1]))) / e
        return Panel.of(smooth, self._length)

    def x(self, place: Place) -> float:
        """|s| of a place."""
        return float(self._lefts[place.panel] + place.offset)

    def gained(self, place: Place) -> float:
        """|f − f(0)| = ∫_0^x K, a sum of positive terms too."""
        panel = self._panels[place.panel]
        return float(self._heads[place.panel] + panel.integral(0.0, place.offset))

    def place(self, t: float) -> tuple[Place, float]:
        """Where the flow is at time t, and R, which keeps its digits where x* − x has none."""
        if t >= self._elapsed[-1]:
            last = len(self._panels) - 1
            if math.isinf(t):
                return Place(last, self._ends[-1]), 0.0
            e = self._length * math.exp(-self._log_ratio(t))
            return Place(last, self._ends[-1] - e), e * float(self._slope_average(e))
        k = int(np.searchsorted(self._elapsed, t, side="right")) - 1
        index, start = self._starts[k]
        gone = self._times[k].crossing(t - float(self._elapsed[k]))
        place = Place(index, (self._ends[index] - start) + gone)
        return place, float(self._residual(index, start - gone))

    def log_distance(self, t: float) -> float:
        """Log((x* − x)/x*) at time t, of full accuracy at both ends."""
        if t >= self._elapsed[-1]:
            return math.log(self._length / self.equilibrium) - self._log_ratio(t)
        return math.log1p(-self.x(self.place(t)[0]) / self.equilibrium)

    def _late(self, e: float, log_ratio: float) -> float:
        """Time at e = ℓ exp(−λ)."""
        smooth = float(self._near.integral(e, self._length))
        late = (log_ratio / self.kernel_at_equilibrium + smooth) / self._rate
        return float(self._elapsed[-1] + late)

    def _log_ratio(self, t: float) -> float:
        """λ with t = t(ℓ e^{−λ}): Newton from the tangent at e = 0; dt/dλ = 1/(2M G)."""
        value = float((t - self._elapsed[-1]) * self._rate * self.kernel_at_equilibrium)
        for _ in range(60):
            e = self._length * math.exp(-value)
            slope = 1 / (self._rate * float(self._slope_average(e)))
            following = max(value - (self._late(e, value) - t) / slope, 0.0)
            if abs(following - value) <= 1e-15 * max(1.0, following):
                return following
            value = following
        return value
