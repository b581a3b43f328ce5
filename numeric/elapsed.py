"""Elapsed time t(s) of the scalar equation ds/dt = 2M (y − f(s)), and its inverse, by quadrature.

Warped time is measured from the start in the direction of motion, x = |s| ≥ 0. The residual
R(x) = |y − f| falls with slope −K(x), where the tangent kernel K is a sum of squares. K is sampled at
Chebyshev nodes of panels that fit it to rounding; then

    R(x) = ∫_x^{x*} K,   t(x) = ∫_0^x dx / (2M R)

need no further evaluation of the network: R is a sum of positive terms from the equilibrium x*
backward, so it keeps its relative accuracy however small it is (at the start of a panel where y − f does
not cancel it is taken from there, so that roundings do not add up), and next to x*, with e = x* − x,

    2M t = λ / K(x*) + (a smooth function of e),   λ = log(ℓ/e),

is inverted in λ, so that times far past convergence are ordinary. Every place is an offset on a panel
(`numeric.panels`): x alone would lose the digits of x* − x next to a pole of K.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.panels import GAUSS, GAUSS_WEIGHTS, Function, Panel, Place, unit_nodes

Floats = NDArray[np.float64]

NODES = 16
FINE_NODES = 24
SHORTEST = 1e-13  # a panel shorter than this, relative to its place, is kept as it is; twice this
# after each such panel: where K is noisy they shall not become many
FADED = 1e-17  # what K would add, of the distance, on as long a way again when it is given up
LONGEST = 1e140
ROUNDED = 1e-15
CANCELLED = 16  # terms of y − f larger than it by this factor: their roundings would be felt


class Path(Protocol):
    """The way through warped time, taken panel by panel, as `numeric.neurons` goes it."""

    escapes: bool  # whether there is a pole ahead: then the kernel cannot fade for good

    def reach(self, width: float) -> float:
        """The widest panel from here, at most `width`, on which all is smooth."""
        ...

    def kernel(self, ahead: Floats) -> Floats:
        """K at increasing distances ahead."""
        ...

    def output(self, ahead: Floats) -> Floats:
        """The output at increasing distances ahead."""
        ...

    def advance(self, width: float) -> None:
        """Go on; `ahead` is counted from there."""
        ...

    def spread(self) -> float:
        """Sum of the sizes of the terms of the output here."""
        ...


class Course(NamedTuple):
    """K from the start to the equilibrium.

    Attributes:
        panels: K.
        residuals: |y − f| at the start of each panel.
        end: offset of the equilibrium on the last panel.
        kernel_at_end: K there, of better accuracy than the panel's.
    """

    panels: list[Panel]
    residuals: list[float]
    end: float
    kernel_at_end: float


def next_panel(
    path: Path, function: Function, width: float, nodes: int, shortest: float
) -> tuple[Panel, Floats]:
    """The widest panel from here, at most `width`, that a positive function fits to rounding.

    Returns:
        The panel and the values it was made from; one that is not sharp is no wider than `shortest`,
        or its values are not finite and positive there.
    """
    unit = unit_nodes(nodes)
    while True:
        width = path.reach(width)
        values = function(width * unit)
        panel = Panel.of(values, width)
        if panel.is_sharp(values) or width <= shortest:
            return panel, values
        width /= 2


def find_course(path: Path, target: float, distance: float) -> Course | None:
    """K as panels from x = 0 until ∫K reaches `distance`.

    Args:
        path: at its start; it is asked panel by panel.
        target: y.
        distance: |y − f(0)|, which the integral of K has to reach.

    Returns:
        The course, or None where K fades before the distance is reached.
    """
    start = float(path.kernel(np.zeros(1))[0])
    if not start > 0:
        return None
    panels: list[Panel] = []
    residuals = [distance]
    x, width = 0.0, path.reach(distance / start / 8)
    first, patience = width, SHORTEST
    while x < LONGEST:
        panel, values = next_panel(path, path.kernel, width, NODES, patience * max(x, first))
        patience *= 1 if panel.is_sharp(values) else 2
        step = float(panel.integral(0.0, panel.width))
        if not step > 0:
            return None
        panels.append(panel)
        if step >= residuals[-1] * (1 - ROUNDED):  # a bend may be the equilibrium itself
            end = panel.crossing(residuals[-1])
            return Course(panels, residuals, end, _kernel_at(path, panel, end))
        x += panel.width
        if not path.escapes and x * float(panel(panel.width)) <= FADED * distance:
            return None
        path.advance(panel.width)
        residuals.append(_residual(path, target, residuals[-1] - step))
        width = 2 * panel.width
    return None


def _kernel_at(path: Path, panel: Panel, end: float) -> float:
    """K at the end: itself, or the panel's where a bend begins another branch there."""
    direct, fitted = float(path.kernel(np.array([end]))[0]), float(panel(end))
    return direct if abs(direct - fitted) <= 1e-6 * fitted else fitted


def _residual(path: Path, target: float, summed: float) -> float:
    """|y − f| here: itself, or as summed along the path where it cancels."""
    direct = abs(target - float(path.output(np.zeros(1))[0]))
    return direct if path.spread() + abs(target) <= CANCELLED * direct else summed


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
        """Panels of 1/(2M R) up to the last stretch, no longer than their distance to x*."""
        self._places, self._times = [], []
        gap = self._length
        for index in range(len(self._panels) - 1, -1, -1):
            right = self._ends[index] - (self._length if index == len(self._panels) - 1 else 0.0)
            while right > 0:
                width = min(gap, right)
                left = min(right - width, math.nextafter(right, 0)) if width < right else 0.0

                def slowness(ahead: Floats, index: int = index, left: float = left) -> Floats:
                    return 1 / (self._rate * self._residual(index, left + ahead))

                nodes = (right - left) * unit_nodes(FINE_NODES)
                self._times.append(Panel.of(slowness(nodes), right - left))
                self._places.append(Place(index, left))
                gap += right - left
                right = left
        self._times.reverse()
        self._places.reverse()
        steps = [float(panel.integral(0.0, panel.width)) for panel in self._times]
        self._elapsed = np.concatenate([[0.0], np.cumsum(steps)])

    def _residual(self, index: int, offset: ArrayLike) -> Floats:
        """R = ∫ of K from an offset to the equilibrium."""
        panel, end = self._panels[index], self._ends[index]
        return panel.integral(offset, np.full(np.shape(offset), end)) + self._tails[index + 1]

    def _slope_average(self, e: ArrayLike) -> Floats:
        """G(e) = R/e = ∫_0^1 K(x* − eθ) dθ, for e within the last panel; no cancellation."""
        theta, weights = (GAUSS + 1) / 2, GAUSS_WEIGHTS / 2
        inner = self._ends[-1] - np.asarray(e, dtype=float)[..., None] * theta
        return np.asarray(self._last(inner) @ weights)

    def _near_equilibrium(self) -> Panel:
        """(1/G(e) − 1/K*)/e on [0, ℓ], the smooth part of the integrand."""
        e = self._length * unit_nodes(FINE_NODES)
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
        index, left = self._places[k]
        offset = left + self._times[k].crossing(t - float(self._elapsed[k]))
        return Place(index, offset), float(self._residual(index, offset))

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
        self._width = self._first = path.reach(width)
        self._panels: list[Panel] = []
        self._lefts, self._elapsed = [0.0], [0.0]
        self._ended = False
        self._patience = SHORTEST

    def _slowness(self, ahead: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return 1 / (self._rate * np.abs(self._target - self._path.output(ahead)))

    def _extend(self) -> None:
        x = self._lefts[-1]
        shortest = self._patience * max(x, self._first)
        panel, speeds = next_panel(self._path, self._slowness, self._width, FINE_NODES, shortest)
        self._patience *= 1 if panel.is_sharp(speeds) else 2
        if not np.all(np.isfinite(speeds)) or x > LONGEST:
            self._ended = True
            return
        self._panels.append(panel)
        self._lefts.append(x + panel.width)
        self._elapsed.append(self._elapsed[-1] + float(panel.integral(0.0, panel.width)))
        self._path.advance(panel.width)
        self._ended = bool(np.ptp(speeds) <= FADED * speeds.min())
        self._width = 2 * panel.width

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
