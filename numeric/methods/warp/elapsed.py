"""Elapsed time t(s) of the scalar equation ds/dt = 2M (y − f(s)), and its inverse, by quadrature.

Warped time is measured from the start in the direction of motion, x = |s| ≥ 0. The residual
R(x) = |y − f| falls with slope −K(x), where the tangent kernel K is a sum of squares, sampled on panels
(`course`). Then

    R(x) = ∫_x^{x*} K,   t(x) = ∫_0^x dx / (2M R)

need no further evaluation of the network (each panel has units and a coordinate z of its own, see
`course`; there K stands for K dx/dz): R is a sum of positive terms from the equilibrium x*
backward, so it keeps its relative accuracy however small it is, and next to x*, with e = x* − x,

    2M t = λ / K(x*) + (a smooth function of e),   λ = log(ℓ/e),

is inverted in λ, so that times far past convergence are ordinary. Every place is an offset on a panel
(`panels`): x alone would lose the digits of x* − x next to a pole of K.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.errors import InputError
from numeric.methods.warp.course import Course
from numeric.methods.warp.pace import LATEST, Ending, Pace
from numeric.methods.warp.panels import GAUSS, GAUSS_WEIGHTS, Panel, Place, unit_nodes
from numeric.methods.warp.units import scale

Floats = NDArray[np.float64]

NODES = 24
ROUNDINGS = 1e6  # of what rounding allows: a smooth function's next polynomial is sharp
GAINS = 16  # by a halving, that a smooth function gains at the least
FINEST = 1e-13  # of a panel, one that is kept as it is
VANISHED = 1e3  # of λ, where exp(−λ) is 0
SMALLEST = 1e-300  # R, of which float64 has digits still: times are beyond it, too
MOST = 20_000  # panels of 1/R that are tried: ordinary networks need some dozens
STRETCH = 2.0  # of λ, that a panel covers where the end is slow


class Elapsed:
    """t(x) and its inverse, for an equation that has an equilibrium.

    Args:
        course: K, from the start to the equilibrium.
        pace: the speed ds/dt by R.

    Attributes:
        pace: as given.
        equilibrium: x*.
        decay_rate: K(x*), at which the residual falls in rate · t; 0 and ∞ where it does not end
            exponentially.
    """

    def __init__(self, course: Course, pace: Pace) -> None:
        self._panels, self.pace, self._rate = course.panels, pace, pace.rate
        self._x, self._f = [z.x for z in course.units], [z.f for z in course.units]
        self._approaches = course.approaches
        self._ends = [panel.width for panel in self._panels[:-1]] + [course.end]
        whole = [
            scale(float(approach.x(end)), k)
            for approach, end, k in zip(self._approaches, self._ends, self._x, strict=True)
        ]
        self._lefts = np.concatenate([[0.0], np.cumsum(whole)])
        self.equilibrium = float(self._lefts[-1])
        steps = [
            scale(float(panel.integral(0.0, end)), k)
            for panel, end, k in zip(self._panels, self._ends, self._f, strict=True)
        ]
        self._heads = np.concatenate([[0.0], np.cumsum(steps)])
        self._tails = [*course.residuals, 0.0]
        self._last = self._panels[-1]
        self._tried = 0
        self._length = self._last_stretch()
        self._slope_at_end = float(self._approaches[-1].slope(course.end))
        self._kernel_at_end = course.kernel_at_end / self._slope_at_end
        # 2M t next to the equilibrium is of the last panel's x/f.
        self._slow = self._x[-1] - self._f[-1]
        self.decay_rate = scale(self._kernel_at_end, -self._slow)
        self._clock()
        if pace.ending is Ending.EXPONENTIAL:
            self._near = self._near_equilibrium()
        else:
            self.decay_rate = 0.0 if pace.ending is Ending.SLOW else math.inf
        self._slow_panels: list[Panel] = []
        self._slow_times = [0.0]

    def _last_stretch(self) -> float:
        """How far from the equilibrium its own variable is used.

        Not beyond the first bend, and no further than a polynomial is sharp: a loss may have a scale of
        its own, many of which are on the last panel of K.
        """
        length = 0.0 if self.pace.ending is Ending.ARRIVAL else self._ends[-1] / 2
        last = len(self._panels) - 1
        while self.pace.bends.size and self._residual(last, length) > self.pace.bends[0] / 2:
            length /= 2
        return length and self._sharpest(self._slowness_near, length).width

    def _slowness_near(self, length: float) -> Floats:
        """The slowness at nodes up to that far from the equilibrium; in λ where the end is slow."""
        nodes = unit_nodes(NODES)
        is_slow = self.pace.ending is Ending.SLOW
        return self._slowness_by_e(length * (np.exp(-STRETCH * nodes) if is_slow else nodes))

    def _sharpest(self, values: Callable[[float], Floats], width: float) -> Panel:
        """The widest panel, of this width or halves of it, that is sharp.

        What is smooth gains all its digits at once by a halving, from some width on. Where it does not,
        these are roundings of the values: narrower panels would only have more of them.
        """
        finest, wider, before = FINEST * width, None, math.inf
        while True:
            self._tried += 1
            if self._tried > MOST:
                found = f"a time that takes more than {MOST} evaluations"
                raise InputError("the start", found, "weights and a target of nearer sizes")
            at_nodes = values(width)
            panel = Panel.of(at_nodes, width)
            roughness = panel.roughness(at_nodes)
            if roughness <= 1 or width <= finest:
                return panel
            if wider is not None and before < ROUNDINGS and roughness > before / GAINS:
                return wider
            width, wider, before = width / 2, panel, roughness

    def _clock(self) -> None:
        """Panels of 1/R up to the last stretch, no longer than their distance to x*.

        They are made backward from the end of each panel of K: next to a bend that is almost the
        equilibrium R changes over distances of which an offset from the left has no digit.
        """
        self._times: list[Panel] = []
        self._starts: list[tuple[int, float]] = []  # panel of K, distance of the start to its end
        gap = self._length or self._ends[-1] / 2
        for index in range(len(self._panels) - 1, -1, -1):
            gap = self._gap(gap, index)
            near = self._length if index == len(self._panels) - 1 else 0.0
            stops = [*self._bends(index, near), self._ends[index]]
            while near < self._ends[index]:
                rest = stops[0] - near
                panel = self._slowness(index, near, min(gap, rest))
                near = stops.pop(0) if panel.width == rest else near + panel.width
                gap += panel.width
                self._times.append(panel)
                self._starts.append((index, near))
        self._times.reverse()
        self._starts.reverse()
        steps = [
            scale(float(panel.integral(0.0, panel.width)), self._x[index])
            for panel, (index, _) in zip(self._times, self._starts, strict=True)
        ]
        self._elapsed = np.concatenate([[0.0], np.cumsum(steps)])

    def _bends(self, index: int, near: float) -> list[float]:
        """Distances to the end of a panel of K, beyond `near`, where the speed is not smooth."""
        found = []
        for bend in self.pace.bends:
            low, high = near, self._ends[index]
            if not float(self._residual(index, low)) < bend < float(self._residual(index, high)):
                continue
            while low < (middle := (low + high) / 2) < high:
                below = float(self._residual(index, middle)) < bend
                low, high = (middle, high) if below else (low, middle)
            found.append(high)
        return sorted(set(found) - {near, self._ends[index]})

    def _gap(self, gap: float, index: int) -> float:
        """The distance to x* from the end of a panel, in its coordinate, of that in the next panel's."""
        if index == len(self._x) - 1:
            return gap
        slope = float(self._approaches[index].slope(self._ends[index]))
        return scale(gap / slope, self._x[index + 1] - self._x[index])

    def _slowness(self, index: int, near: float, width: float) -> Panel:
        """(dx/dz)/R on a panel that ends `near` the end of a panel of K.

        Beyond a bend K may be far smaller than before: there R, continued from the left, vanishes
        close by, and only a narrow panel is sharp.
        """

        def values(width: float) -> Floats:
            backward = near + width * unit_nodes(NODES)[::-1]
            slopes = self._approaches[index].slope(self._ends[index] - backward)
            sizes = np.maximum(self._residual(index, backward), SMALLEST)
            return np.asarray(slopes / (sizes * self.pace.factor(sizes)))

        return self._sharpest(values, width)

    def _residual(self, index: int, backward: ArrayLike) -> Floats:
        """R = ∫ of K to the equilibrium, from a distance to the end of a panel of K."""
        panel, end = self._panels[index], self._ends[index]
        half = np.asarray(backward, dtype=float) / 2
        values = panel(end - half[..., None] * (1 + GAUSS))
        return np.ldexp(half * (values @ GAUSS_WEIGHTS), self._f[index]) + self._tails[index + 1]

    def _slope_average(self, e: ArrayLike) -> Floats:
        """G(e) = R/e = ∫_0^1 K(x* − eθ) dθ, for e within the last panel; no cancellation."""
        theta, weights = (GAUSS + 1) / 2, GAUSS_WEIGHTS / 2
        inner = self._ends[-1] - np.asarray(e, dtype=float)[..., None] * theta
        return np.asarray(self._last(inner) @ weights)

    def _near_equilibrium(self) -> Panel:
        """(x′/G(e) − x′*/K*)/e on [0, ℓ], x′ = dx/dz: the smooth part of the integrand."""
        e = self._length * unit_nodes(NODES)
        last = self._slope_at_end / float(self._last(self._ends[-1]))
        return Panel.of((self._slowness_by_e(e) - last) / e, self._length)

    def _slowness_by_e(self, e: ArrayLike) -> Floats:
        """E (dx/dz)/(speed/rate) on the last panel: a constant at e = 0, if the end is exponential."""
        distance = np.asarray(e, dtype=float)
        average = self._slope_average(distance)
        sizes = np.ldexp(distance * average, self._f[-1])
        return np.asarray(self._slope(distance) / (average * self.pace.factor(sizes)))

    def _slope(self, e: ArrayLike) -> Floats:
        """dx/dz at e on the last panel."""
        return self._approaches[-1].slope(self._ends[-1] - np.asarray(e, dtype=float))

    def x(self, place: Place) -> float:
        """|s| of a place."""
        gone = float(self._approaches[place.panel].x(place.offset))
        return float(self._lefts[place.panel]) + scale(gone, self._x[place.panel])

    def gained(self, place: Place) -> float:
        """|f − f(0)| = ∫_0^x K, a sum of positive terms too."""
        panel = self._panels[place.panel]
        within = scale(float(panel.integral(0.0, place.offset)), self._f[place.panel])
        return float(self._heads[place.panel]) + within

    def place(self, t: float) -> tuple[Place, float]:
        """Where the flow is at time t, and R, which keeps its digits where x* − x has none."""
        last = len(self._panels) - 1
        if math.isinf(t):
            return Place(last, self._ends[-1]), 0.0
        elapsed = min(t * self._rate, LATEST)
        if elapsed == 0:  # the first panels may take a time that underflows
            return Place(0, 0.0), self._tails[0]
        if elapsed >= self._elapsed[-1]:
            if self.pace.ending is Ending.ARRIVAL:
                return Place(last, self._ends[-1]), 0.0
            e = self._length * math.exp(-self._log_ratio(elapsed))
            size = scale(e * float(self._slope_average(e)), self._f[-1])
            return Place(last, self._ends[-1] - e), size
        k = int(np.searchsorted(self._elapsed, elapsed, side="right")) - 1
        index, start = self._starts[k]
        gone = self._times[k].crossing(scale(elapsed - float(self._elapsed[k]), -self._x[index]))
        place = Place(index, (self._ends[index] - start) + gone)
        return place, float(self._residual(index, start - gone))

    def log_distance(self, t: float) -> float:
        """Log((x* − x)/x*) at time t, of full accuracy at both ends."""
        elapsed = min(t * self._rate, LATEST)
        if elapsed >= self._elapsed[-1]:
            if self.pace.ending is Ending.ARRIVAL:
                return -math.inf
            ratio = self._log_ratio(elapsed)
            # x* − x = e x′* (1 + …), where e may underflow.
            e = self._length * math.exp(-ratio)
            left = (
                self._approaches[-1].behind(self._ends[-1], e) / e if e > 0 else self._slope_at_end
            )
            length = scale(self._length * left, self._x[-1])
            return math.log(length / self.equilibrium) - ratio
        return math.log1p(-self.x(self.place(t)[0]) / self.equilibrium)

    def _late(self, e: float, log_ratio: float) -> float:
        """2M t since the last stretch began, in its units, at e = ℓ exp(−λ)."""
        return float(log_ratio / self._kernel_at_end + self._near.integral(e, self._length))

    def _log_ratio(self, elapsed: float) -> float:
        """λ at 2M t: Newton from the tangent at e = 0; its slope is 1/G."""
        late = scale(elapsed - float(self._elapsed[-1]), -self._slow)
        if self.pace.ending is Ending.SLOW:
            return self._slow_log_ratio(late)
        value = late * self._kernel_at_end
        if value > VANISHED:  # e = 0
            return value - self._kernel_at_end * float(self._near.integral(0.0, self._length))
        for _ in range(60):
            e = self._length * math.exp(-value)
            slope = float(self._slowness_by_e(e))
            following = max(value - (self._late(e, value) - late) / slope, 0.0)
            if abs(following - value) <= 1e-15 * max(1.0, following):
                return following
            value = following
        return value

    def _slow_log_ratio(self, late: float) -> float:
        """λ where the end is slower than exponential: t by panels in λ, as far as a time asks for.

        dt/dλ grows exponentially in λ; of a panel of a few units in λ a polynomial has all digits.
        """
        while self._slow_times[-1] < late and len(self._slow_panels) * STRETCH < VANISHED:
            left = len(self._slow_panels) * STRETCH
            e = self._length * np.exp(-(left + STRETCH * unit_nodes(NODES)))
            values = self._slowness_by_e(e)
            if not (np.all(np.isfinite(values)) and np.all(values > 0)):
                break  # e has no digits any more
            panel = Panel.of(values, STRETCH)
            self._slow_panels.append(panel)
            self._slow_times.append(self._slow_times[-1] + float(panel.integral(0.0, STRETCH)))
        k = int(np.searchsorted(self._slow_times, late, side="right")) - 1
        if k >= len(self._slow_panels):
            return len(self._slow_panels) * STRETCH
        return k * STRETCH + self._slow_panels[k].crossing(late - self._slow_times[k])
