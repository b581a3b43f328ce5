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

import functools
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.errors import InputError
from numeric.methods.warp.course import Course
from numeric.methods.warp.pace import LATEST, Ending, Pace
from numeric.methods.warp.panels import Panel, Place, Places, grid, unit_nodes
from numeric.methods.warp.stack import Stack
from numeric.methods.warp.units import scale
from numeric.methods.warp.way import Way

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

NODES = 24
ROUNDINGS = 1e6  # of what rounding allows: a smooth function's next polynomial is sharp
GAINS = 16  # by a halving, that a smooth function gains at the least
FINEST = 1e-13  # of a panel, one that is kept as it is
VANISHED = 1e3  # of λ, where exp(−λ) is 0
SMALLEST = 1e-300  # R, of which float64 has digits still: times are beyond it, too
MOST = 20_000  # panels of 1/R that are tried: ordinary networks need some dozens
STEPS = 60  # of Newton in λ
SETTLED = 3e-9  # change of λ by a step of Newton, which squares it: it stays then
AT_ONCE = 12  # panels of 1/R that are tried together
STRETCH = 2.0  # of λ, that a panel covers where the end is slow


class _Stretch(NamedTuple):
    """A part of a panel of K, on which 1/R is a panel; by distances to the end of the panel of K.

    Attributes:
        panel: of K, by its number.
        near: where it ends.
        width: its length.
        gap: from its end to x*, in the panel's coordinate.
        stop: where it begins at the latest.
    """

    panel: int
    near: float
    width: float
    gap: float
    stop: float

    @property
    def far(self) -> float:
        """Where it begins."""
        return self.stop if self.width == self.stop - self.near else self.near + self.width


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
        self.way, self.pace, self._rate = Way(course), pace, pace.rate
        way = self.way
        self._tried = 0
        self._known_stops: dict[int, list[float]] = {}
        self._length = self._last_stretch()
        self._slope_at_end = float(way.slope(way.last, 0.0))
        self._kernel_at_end = course.kernel_at_end / self._slope_at_end
        # 2M t next to the equilibrium is of the last panel's x/f.
        self._slow = int(way.x_units[-1] - way.f_units[-1])
        self.decay_rate = scale(self._kernel_at_end, -self._slow)
        self._clock()
        if pace.ending is Ending.EXPONENTIAL:
            self._near = self._near_equilibrium()
        else:
            self.decay_rate = 0.0 if pace.ending is Ending.SLOW else math.inf
        self._slow_panels: list[Panel] = []
        self._slow_times = [0.0]

    @property
    def equilibrium(self) -> float:
        """x*."""
        return self.way.equilibrium

    def _last_stretch(self) -> float:
        """How far from the equilibrium its own variable is used.

        Not beyond the first bend, and no further than a polynomial is sharp: a loss may have a scale of
        its own, many of which are on the last panel of K.
        """
        way = self.way
        length = 0.0 if self.pace.ending is Ending.ARRIVAL else float(way.ends[-1]) / 2
        while self.pace.bends.size and way.residual(way.last, length) > self.pace.bends[0] / 2:
            length /= 2
        if length:
            self._last_slowness = self._sharpest(self._slowness_near, length)
            length = self._last_slowness.width
        return length

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
            panel = Panel(width, at_nodes)
            roughness = panel.roughness
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
        made: list[tuple[_Stretch, Panel]] = []
        gap = self._length or float(self.way.ends[-1]) / 2
        ahead = self._stretches(self.way.last, self._length, gap)
        while todo := list(itertools.islice(ahead, AT_ONCE)):
            # All are tried as they are; the first that is not sharp is halved, and the rest moves.
            for stretch, panel in zip(todo, self._slowness(todo), strict=True):
                if panel.roughness <= 1:
                    made.append((stretch, panel))
                    continue
                values = functools.partial(self._halved, stretch)
                sharp = self._sharpest(values, stretch.width)
                halved = stretch._replace(width=sharp.width)
                made.append((halved, sharp))
                ahead = self._stretches(stretch.panel, halved.far, stretch.gap + sharp.width)
                break
        made.reverse()
        self._index = np.array([stretch.panel for stretch, _ in made])
        self._before = np.array([stretch.far for stretch, _ in made])
        self._times = Stack.of([panel for _, panel in made])
        steps = np.ldexp(self._times.totals, self.way.x_units[self._index])
        self._elapsed = np.concatenate([[0.0], np.cumsum(steps)])

    def _stretches(self, index: int, near: float, gap: float) -> Iterator[_Stretch]:
        """Stretches as long as they may be, backward from a distance to the end of a panel of K on.

        Args:
            index: of the panel of K.
            near: distance to its end.
            gap: distance from there to x*, in the panel's coordinate.
        """
        while True:
            for stop in self._stops(index):
                while near < stop:
                    stretch = _Stretch(index, near, min(gap, stop - near), gap, stop)
                    yield stretch
                    near, gap = stretch.far, gap + stretch.width
            if index == 0:
                return
            index, near = index - 1, 0.0
            gap = self._gap(gap, index)

    def _stops(self, index: int) -> list[float]:
        """Distances to the end of a panel of K where a stretch has to stop: bends, and its start."""
        if index not in self._known_stops:
            near, end = self._length if index == self.way.last else 0.0, float(self.way.ends[index])
            self._known_stops[index] = [*self._bends(index, near, end), end]
        return self._known_stops[index]

    def _bends(self, index: int, near: float, end: float) -> list[float]:
        """Distances to the end of a panel of K, beyond `near`, where the speed is not smooth."""
        found = []
        for bend in self.pace.bends:
            low, high = near, end
            if not self.way.residual(index, low) < bend < self.way.residual(index, high):
                continue
            while low < (middle := (low + high) / 2) < high:
                below = self.way.residual(index, middle) < bend
                low, high = (middle, high) if below else (low, middle)
            found.append(high)
        return sorted(set(found) - {near, end})

    def _gap(self, gap: float, index: int) -> float:
        """The distance to x* from the end of a panel, in its coordinate, of that in the next panel's."""
        if index == self.way.last:
            return gap
        units = self.way.x_units
        return scale(gap / float(self.way.slope(index, 0.0)), int(units[index + 1] - units[index]))

    def _slowness(self, stretches: Sequence[_Stretch]) -> list[Panel]:
        """(dx/dz)/R on stretches, as panels.

        Beyond a bend K may be far smaller than before: there R, continued from the left, vanishes
        close by, and only a narrow panel is sharp.
        """
        self._tried += len(stretches)
        near, width = (
            np.array([getattr(z, name) for z in stretches]) for name in ("near", "width")
        )
        behind = near[:, None] + width[:, None] * unit_nodes(NODES)[::-1]
        index = np.array([stretch.panel for stretch in stretches])
        every = np.repeat(index[:, None], NODES, axis=1)
        sizes = np.maximum(self.way.residual(every, behind), SMALLEST)
        values = self.way.slope(every, behind) / (sizes * self.pace.factor(sizes))
        return [Panel(stretch.width, z) for stretch, z in zip(stretches, values, strict=True)]

    def _halved(self, stretch: _Stretch, width: float) -> Floats:
        """The values on a part of a stretch."""
        return self._slowness([stretch._replace(width=width)])[0].values

    def _near_equilibrium(self) -> Floats:
        """By the part e/ℓ of the last stretch, at nodes: three smooth functions.

        The means from ℓ down to e of (x′/G(e) − x′*/K*)/e, the smooth part of the integrand, with G(e) =
        R/e and x′ = dx/dz; e dt/de; and the mean of K over the last e.
        """
        e, slowness = self._length * unit_nodes(NODES), self._last_slowness.values
        last = self._slope_at_end / self.way.last_kernel
        smooth = (slowness - last) / e
        near = (grid(NODES).means @ smooth[::-1])[::-1]
        return np.array([near, slowness, self.way.average(e)])

    def _at_the_end(self, part: Floats) -> Floats:
        """The three at parts of the last stretch."""
        basis, total = grid(NODES).basis(part)
        return np.asarray(np.einsum("pn,cn->cp", basis, self._near) / total)

    def _slowness_by_e(self, e: ArrayLike) -> Floats:
        """E (dx/dz)/(speed/rate) on the last panel: a constant at e = 0, if the end is exponential."""
        distance, way = np.asarray(e, dtype=float), self.way
        average = way.average(distance)
        sizes = np.ldexp(distance * average, way.f_units[-1])
        return np.asarray(way.slope(way.last, distance) / (average * self.pace.factor(sizes)))

    def x(self, places: Places) -> Floats:
        """|s| of places."""
        return self.way.x(*places)

    def gained(self, places: Places) -> Floats:
        """|f − f(0)| = ∫_0^x K, a sum of positive terms too."""
        return self.way.gained(*places)

    @np.errstate(all="ignore")
    def places(self, t: Floats) -> tuple[Places, Floats]:
        """Where the flow is at times t, and R, which keeps its digits where x* − x has none.

        What is found for a time does not depend on the others, but for the last digits.
        """
        elapsed = np.minimum(t * self._rate, LATEST)
        panel = np.full(t.shape, self.way.last)
        offset, size = np.full(t.shape, float(self.way.ends[-1])), np.zeros(t.shape)
        start = elapsed == 0  # the first panels may take a time that underflows
        forever = np.isinf(t)
        late = (elapsed >= self._elapsed[-1]) & ~(start | forever)  # all panels may take none
        early = ~(start | late | forever)
        panel[start], offset[start], size[start] = 0, 0.0, self.way.distance
        if early.any():
            panel[early], offset[early], size[early] = self._early(elapsed[early])
        late &= self.pace.ending is not Ending.ARRIVAL
        if late.any():
            part = np.exp(-self._log_ratio(elapsed[late]))
            e = self._length * part
            is_slow = self.pace.ending is Ending.SLOW
            mean = self.way.average(e) if is_slow else self._at_the_end(part)[2]
            offset[late] = self.way.ends[-1] - e
            size[late] = np.ldexp(e * mean, self.way.f_units[-1])
        return Places(panel, offset), size

    def _early(self, elapsed: Floats) -> tuple[Indices, Floats, Floats]:
        k = np.searchsorted(self._elapsed, elapsed, side="right") - 1
        index, start = self._index[k], self._before[k]
        amount = np.ldexp(elapsed - self._elapsed[k], -self.way.x_units[index])
        gone = self._times.crossing(k, amount)
        offset = (self.way.ends[index] - start) + gone
        return index, offset, np.minimum(self.way.residual(index, start - gone), self.way.distance)

    @np.errstate(all="ignore")
    def times(self, residuals: Floats) -> Floats:
        """Times at which R has fallen to values between 0 and that of the start: the inverse of `places`.

        Not where the end is slower than exponential.
        """
        panel, behind = self.way.place_of(residuals)
        elapsed = np.empty(residuals.shape)
        late = (panel == self.way.last) & (behind <= self._length)
        if late.any():
            part = behind[late] / self._length
            near = self._at_the_end(part)[0]
            gone = self._length * (1 - part) * near - np.log(part) / self._kernel_at_end
            elapsed[late] = self._elapsed[-1] + np.ldexp(gone, self._slow)
        early = np.flatnonzero(~late)
        if early.size:
            elapsed[early] = self._elapsed_at(panel[early], behind[early])
        return elapsed / self._rate

    def _elapsed_at(self, panel: Indices, behind: Floats) -> Floats:
        """Elapsed time at distances to the ends of panels of K, before the last stretch."""
        index, start = self._index[:, None], self._before[:, None]
        begun = (index < panel) | ((index == panel) & (start >= behind))
        k = np.maximum(begun.sum(axis=0) - 1, 0)
        gone = np.clip(self._before[k] - behind, 0.0, self._times.widths[k])
        return np.asarray(
            self._elapsed[k] + np.ldexp(gone * self._times.means(k, gone), self.way.x_units[panel])
        )

    def place(self, t: float) -> tuple[Place, float]:
        """`places` of one time."""
        found, size = self.places(np.array([t], dtype=float))
        return Place(int(found.panel[0]), float(found.offset[0])), float(size[0])

    def log_distance(self, t: float) -> float:
        """Log((x* − x)/x*) at time t, of full accuracy at both ends."""
        elapsed = min(t * self._rate, LATEST)
        if elapsed > 0 and elapsed >= self._elapsed[-1]:
            if self.pace.ending is Ending.ARRIVAL:
                return -math.inf
            ratio = float(self._log_ratio(np.array([elapsed]))[0])
            # x* − x = e x′* (1 + …), where e may underflow.
            left = self.way.left(self._length * math.exp(-ratio))
            length = scale(self._length * left, int(self.way.x_units[-1]))
            return math.log(length / self.equilibrium) - ratio
        place, _ = self.place(t)
        return math.log1p(-float(self.way.x(*place)) / self.equilibrium)

    def _log_ratio(self, elapsed: Floats) -> Floats:
        """λ at 2M t: Newton from the tangent at e = 0; its slope is 1/G."""
        late = np.ldexp(elapsed - self._elapsed[-1], -self._slow)
        if self.pace.ending is Ending.SLOW:
            return self._slow_log_ratio(late)
        value = late * self._kernel_at_end
        done = value > VANISHED  # e = 0
        beyond = self._length * float(self._at_the_end(np.zeros(1))[0, 0]) * self._kernel_at_end
        value = np.where(done, value - beyond, value)
        for _ in range(STEPS):
            part = np.exp(-value)
            near, slowness, _ = self._at_the_end(part)
            now = value / self._kernel_at_end + self._length * (1 - part) * near
            step = np.where(done, 0.0, (now - late) / slowness)
            following = np.maximum(value - step, 0.0)
            done |= np.abs(following - value) <= SETTLED
            value = following
            if done.all():
                break
        return value

    def _slow_log_ratio(self, late: Floats) -> Floats:
        """λ where the end is slower than exponential: t by panels in λ, as far as a time asks for.

        dt/dλ grows exponentially in λ; of a panel of a few units in λ a polynomial has all digits.
        """
        self._extend(float(late.max()))
        count = len(self._slow_panels)
        if not count:
            return np.zeros(late.shape)
        stack = Stack.of(self._slow_panels)
        found = np.searchsorted(self._slow_times, late, side="right") - 1
        k = np.minimum(found, count - 1)
        within = stack.crossing(k, late - np.array(self._slow_times)[k])
        return np.where(found < count, k * STRETCH + within, count * STRETCH)

    def _extend(self, late: float) -> None:
        """Panels in λ up to a time."""
        while self._slow_times[-1] < late and len(self._slow_panels) * STRETCH < VANISHED:
            left = len(self._slow_panels) * STRETCH
            e = self._length * np.exp(-(left + STRETCH * unit_nodes(NODES)))
            values = self._slowness_by_e(e)
            if not (np.all(np.isfinite(values)) and np.all(values > 0)):
                break  # e has no digits any more
            panel = Panel(STRETCH, values)
            self._slow_panels.append(panel)
            self._slow_times.append(self._slow_times[-1] + panel.total)
