"""Neurons without a closed flow map, or too close to a saddle for it: integrated panel by panel.

Each panel is a polynomial in one or two coordinates of a neuron (`charts`), found by collocation
(`collocation`). Panels end where a neuron meets a bend of σ; beyond it the other branch is
solved. On the way units are changed with the size of the weights, so that a start of 1e-300 and its end
at 1 are numbers alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from numeric.catalogue import Network
from numeric.errors import InputError, InternalCheckError
from numeric.methods.warp import collocation
from numeric.methods.warp.approach import STRAIGHT, Approach
from numeric.methods.warp.charts import Chart, OrbitChart, PlainChart
from numeric.methods.warp.neurons import Neurons, State
from numeric.methods.warp.start import Start
from numeric.methods.warp.units import Rates, Units, fitting, scale

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

SMOOTH = 4.0  # times that in which a neuron changes by itself: the widest panel tried
TOWARDS_A_POLE = 3.4  # of the distance to it, at most
STEEPEST = 4.6  # powers of e, by which K dx/dz may grow on a panel
BY_ITSELF = 0.4  # of the same distance, where neurons come to rest
WIDER = 4.0  # the next panel tried, of the last
UNDERFLOW = 1e-305  # a coordinate below has no digits of its own either
FADED = 1e-6  # of a neuron's size, a coordinate whose digits are no longer its own
SUDDEN = 1e-10  # of a coordinate, by what its polynomial's slope may miss the velocity at the start
SHAKEN = 2.0**-50  # of a coordinate, what its rounding may be
AT_MOST = 1e6  # by which a panel is narrower where it is sudden
MARGIN = 1.1  # by which a panel is narrower than its last coefficients ask for
LEAST, MOST_AT_ONCE = 1.25, 4.0  # by which it is narrower at the least, and at the most
NARROWEST = 2.0**-200  # of the first panel tried: what changes within less is sudden
BISECTIONS = 1100  # from the largest float64 down to the smallest
STRANGE = 16  # powers of two by which weights may leave the size that units are made for
TOGETHER_AT_MOST = 1 << 20  # neurons times places
MOST = 25_000  # evaluations of the equations of all neurons: ordinary networks need some hundreds
ALIKE = 1e3  # times its start, up to which the course of a panel is a guess for the next
TOGETHER = 1e-12  # neurons that reach a bend this close to one another reach it at once


@dataclass
class _Stretch:
    """A panel's start, and its solution as far as it was found.

    Attributes:
        units: of the panel.
        chart: coordinates of a neuron.
        law: E of each neuron in these units.
        side: index of the branch of σ, for each neuron.
        start: coordinates at the start.
        kappa: √(η_u/(η_w ρ²)): κh compares with u.
        approach: the coordinate of the panel.
        natural: the widest panel tried.
        width: of the polynomial.
        reach: up to where it is good: a neuron may meet a bend on the way.
        slopes: the change since the start over the place, at the Radau points; None before it is solved,
            and where nothing moves.
    """

    units: Units
    chart: Chart
    law: Floats
    side: Indices
    start: Floats
    kappa: float = 1.0
    approach: Approach = STRAIGHT
    natural: float = math.inf
    width: float = 0.0
    reach: float = 0.0
    slopes: Floats | None = None

    def pace(self, width: float) -> Floats:
        """What velocities in x count at the points of a panel."""
        return width * self.approach.slope(width * collocation.RADAU)

    @cached_property
    def size(self) -> Floats:
        """Of each neuron, at the start."""
        u, h = self.chart.weights(self.start)
        return np.hypot(u, self.kappa * h)

    @property
    def least(self) -> Floats:
        """Of the coordinates of each neuron that comes to rest: h of u, on its orbit."""
        faded = FADED if isinstance(self.chart, OrbitChart) else 0.0
        return np.maximum(faded * self.size, UNDERFLOW)


class MarchedNeurons(Neurons):
    """Neurons whose equations are integrated."""

    def __init__(self, network: Network, rates: Rates, begun: Start, sign: float) -> None:
        super().__init__(network, rates, begun, sign)
        self._bends = np.array([float(bend) for bend in self._module.BENDS])
        self._here = self._begin()
        self._guess = math.inf
        self._shape: Floats | None = None
        self._spent = 0
        self._kept: dict[int, _Stretch] = {0: self._here}

    @property
    def units(self) -> Units:
        """Units of the present panel."""
        return self._here.units

    @property
    def approach(self) -> Approach:
        """Coordinate of the present panel."""
        return self._here.approach

    def _begin(self) -> _Stretch:
        units = self._begun.units
        u, h = units.scaled(self._begun.u, self._begun.h)
        edges = np.ldexp(self._bends, -units.h)
        side = np.searchsorted(edges, h, side="left")
        with np.errstate(all="ignore"):
            moved = self._sign * self._module.velocity_h(u, h, units.parameters)
        # At a bend, the branch that it moves to; one that does not move is on the left one.
        at_bend = np.isin(h, edges)
        side = side + (at_bend & (moved > 0))
        return self._stretch(units, u, h, self._begun.law, side)

    def _stretch(self, units: Units, u: Floats, h: Floats, law: Floats, side: Indices) -> _Stretch:
        given = (self._module, units.parameters, self._sign)
        chart: Chart = PlainChart(*given)
        if self._network.ray_degree:
            at_bend = np.where(side > 0, 1.0, -1.0)
            chart = OrbitChart(*given, u, np.where(h == 0, at_bend, np.sign(h)), law)
        kappa = (
            math.sqrt(units.parameters.eta_u / (units.parameters.eta_w * units.parameters.rho_2))
            if units.parameters.rho_2
            else 1.0
        )
        stretch = _Stretch(units, chart, law, side, chart.coordinates(u, h), kappa)
        stretch.approach, stretch.natural = self._natural(stretch)
        return stretch

    def _branch(self, stretch: _Stretch, which: collocation.Some) -> tuple[Floats, Floats]:
        """The bends between which a neuron is; at one of them it may be on either side."""
        edges = np.concatenate([[-np.inf], np.ldexp(self._bends, -stretch.units.h), [np.inf]])
        side = stretch.side[which]
        return edges[side], edges[side + 1]

    def _weights(
        self, stretch: _Stretch, states: Floats, which: collocation.Some
    ) -> tuple[Floats, Floats]:
        """Weights at states of an iteration; the field beyond a bend is that at the bend.

        An iteration that looks ahead finds no kink there.
        """
        self._spend()
        u, h = stretch.chart.weights(states, which)
        if self._bends.size:
            low, high = self._branch(stretch, which)
            h = np.clip(h, np.nextafter(low, np.inf), np.nextafter(high, -np.inf))
        return u, h

    def _field(self, stretch: _Stretch) -> collocation.Field:
        def velocity(states: Floats, which: collocation.Some) -> Floats:
            return stretch.chart.velocity(*self._weights(stretch, states, which), which)

        return velocity

    def _sweep(self, stretch: _Stretch) -> collocation.Sweep:
        def sweep(states: Floats, start: Floats, table: Floats, which: collocation.Some) -> Floats:
            u, h = self._weights(stretch, states, which)
            return stretch.chart.sweep(u, h, start, table, which)

        return sweep

    def reach(self, width: float) -> float:
        """As far as polynomials are sharp; up to where the first neuron meets a bend."""
        if not self._here.reach:
            self._solve(self._here, width)
        return min(width, self._here.reach)

    def _solve(self, stretch: _Stretch, widest: float) -> None:
        field, sweep = self._field(stretch), self._sweep(stretch)
        begun = field(stretch.start, slice(None))
        if not np.any(begun):  # nothing moves, ever
            stretch.reach = math.inf
            return
        width = min(widest, stretch.natural, self._guess)
        if not math.isfinite(width):
            width = 1.0
        finest = NARROWEST * width
        guess = None if self._shape is None else stretch.start * self._shape
        while width > finest:
            pace = stretch.pace(width)
            states = collocation.solve(field, stretch.start, pace, stretch.least, guess, sweep)
            guess, narrower = None, 2.0
            if states is not None:
                self._shape = None if self.is_wide else _shape(states)
                narrower = self._too_wide(stretch, width, states, begun)
                if narrower <= 1:
                    stretch.slopes, stretch.width = collocation.slopes(states), width
                    stretch.reach = self._before_bends(stretch, states)
                    return
            width /= narrower
        raise _too_far_apart("changes too sudden for float64")

    def _too_wide(self, stretch: _Stretch, width: float, states: Floats, begun: Floats) -> float:
        """By what to divide the width of a panel; at most 1 where it is good.

        Args:
            stretch: its start.
            width: of the panel.
            states: of its polynomials, which obey the equations at the Radau points.
            begun: velocities at the start.
        """
        roughness = collocation.roughness(states, stretch.least)
        if not roughness <= 1:
            return _narrower(roughness)
        pace = width * float(stretch.approach.slope(0.0))
        sudden = collocation.defect(states, pace * begun, 0.0, stretch.least)
        if sudden > SUDDEN:  # unless it rests: then its velocity is that of its rounding
            noise = pace * self._shaken(stretch, begun)
            sudden = collocation.defect(states, pace * begun, noise, stretch.least)
        return 1.0 if sudden <= SUDDEN else min(max(2.0, sudden), AT_MOST)

    def _shaken(self, stretch: _Stretch, begun: Floats) -> Floats:
        """By what velocities at the start change with the rounding of coordinates."""
        field, found = self._field(stretch), np.zeros_like(begun)
        for signs in ([[1.0], [1.0]], [[1.0], [-1.0]]):
            moved = field(stretch.start * (1 + SHAKEN * np.array(signs)), slice(None))
            found = np.maximum(found, np.abs(moved - begun))
        return found

    def _spend(self) -> None:
        self._spent += 1
        if self._spent > MOST:
            raise _too_far_apart(f"more than {MOST} evaluations of the neurons' equations")

    def _natural(self, stretch: _Stretch) -> tuple[Approach, float]:
        """The coordinate, and how far a panel may reach: by the time in which a neuron changes by itself.

        Towards a pole, |h| ~ (x* − x)^(−1/(β−1)), that is β − 1 times the distance to it.
        """
        power = max(self._network.degree - 1, 0)
        with np.errstate(all="ignore"):
            rates = stretch.chart.rates(*stretch.chart.weights(stretch.start))
        fastest = float(np.max(rates[np.isfinite(rates)], initial=0.0))
        if not fastest > 0:
            return STRAIGHT, math.inf
        if not power:
            return STRAIGHT, SMOOTH / fastest
        pole = 1 / (power * fastest)
        if not (self.escapes and math.isfinite(pole)):
            return STRAIGHT, BY_ITSELF * pole
        # There K = |df/dx| is like |h|^(2β), and K dx/dz like exp((β + 1)/(β − 1) z/P).
        steep = STEEPEST * power / (power + 2)
        return Approach(pole), min(TOWARDS_A_POLE, steep) * pole

    def _before_bends(self, stretch: _Stretch, states: Floats) -> float:
        """Width up to the first neuron that changes its branch."""
        if not self._bends.size:
            return stretch.width
        _, h = stretch.chart.weights(states)
        outside = self._outside(stretch, h, slice(None))
        first = int(np.argmax(outside.any(axis=1)))
        if not first:
            return stretch.width
        # Only those that are beyond their bend at this point may be the first to have met it.
        which = np.flatnonzero(outside[first])
        ends = collocation.RADAU[first - 2] if first > 1 else 0.0, collocation.RADAU[first - 1]
        return min(stretch.width, self._meeting(stretch, which, *(z * stretch.width for z in ends)))

    def _outside(self, stretch: _Stretch, h: Floats, which: collocation.Some) -> NDArray[np.bool_]:
        """Which neurons have left their branch; none at the start of a panel."""
        low, high = self._branch(stretch, which)
        found = (h < low) | (h > high)
        if found.ndim > 1:
            found[0] = False
        return np.asarray(found)

    def _meeting(self, stretch: _Stretch, which: Indices, left: float, right: float) -> float:
        """Where the first of some neurons leaves its branch, by bisection between two offsets."""
        assert stretch.slopes is not None
        slopes, start = stretch.slopes[..., which], stretch.start[..., which]

        def any_outside(x: float) -> NDArray[np.bool_]:
            places = np.full(which.size, x / stretch.width)
            _, h = stretch.chart.weights(collocation.evaluate_each(slopes, start, places), which)
            return self._outside(stretch, h, which)

        for _ in range(BISECTIONS):
            middle = (left + right) / 2
            if not left < middle < right:
                break
            outside = any_outside(middle)
            if not outside.any():
                left = middle
                continue
            right = middle
            which, slopes, start = which[outside], slopes[..., outside], start[..., outside]
        return right

    def _evaluate(self, stretch: _Stretch, offsets: Floats) -> State:
        """Weights and preactivations at offsets, shape (offsets, neurons)."""
        if stretch.slopes is None or not offsets.any():
            states = np.repeat(stretch.start[None], offsets.size, axis=0)
        else:
            states = collocation.evaluate(stretch.slopes, stretch.start, offsets / stretch.width)
        u, h = stretch.chart.weights(states)
        if self._bends.size:
            h = np.clip(h, *self._branch(stretch, np.arange(h.shape[-1])))
        return u, h

    def _now(self) -> State:
        u, h = self._here.chart.weights(self._here.start)
        if self._bends.size:
            h = np.clip(h, *self._branch(self._here, np.arange(h.size)))
        return u, h

    def _ahead(self, distances: Floats) -> Iterator[State]:
        furthest = float(distances.max())
        if furthest > 0 and self.reach(furthest) < furthest:
            raise InternalCheckError("a place beyond the panel was asked for")
        together = max(1, TOGETHER_AT_MOST // self._here.start.shape[-1])
        for first in range(0, distances.size, together):
            yield self._evaluate(self._here, distances[first : first + together])

    def advance(self, width: float) -> None:
        """Go on to the start of the next panel."""
        self.reach(width)
        following = self._next(self._here, width)
        self._guess = scale(WIDER * width, self._here.units.x - following.units.x)
        self._here = following
        size = following.start.size * (collocation.POINTS + 2)
        self._kept = self._keep(self._kept, width, following, size)

    def _next(self, stretch: _Stretch, width: float) -> _Stretch:
        """The start of the panel after `width` of this one."""
        u, h = (z[0] for z in self._evaluate(stretch, np.array([width])))
        side = stretch.side
        if self._bends.size:
            side, h = self._beyond(stretch, h)
        units, law = stretch.units, stretch.law
        u, h = (
            np.where(given == 0, 0.0, z) for given, z in zip(units.given(u, h), (u, h), strict=True)
        )
        feels = h != 0 if self._network.degree > 1 else np.full(h.shape, True)
        fit = fitting(self._network, self._rates, *units.given(u[feels], h[feels]))
        if max(abs(fit.u - units.u), abs(fit.h - units.h)) > STRANGE and feels.any():
            u, h = np.ldexp(u, units.u - fit.u), np.ldexp(h, units.h - fit.h)
            law, units = np.ldexp(law, 2 * (units.u - fit.u)), fit
        return self._stretch(units, u, h, law, side)

    def _beyond(self, stretch: _Stretch, h: Floats) -> tuple[Indices, Floats]:
        """Branches and preactivations where those that have just reached a bend are beyond it."""
        _, before = stretch.chart.weights(stretch.start)
        gone, side = h - before, stretch.side
        low, high = self._branch(stretch, np.arange(h.size))
        room = TOGETHER * np.abs(gone)
        down = (gone < 0) & (h <= low + room)
        up = (gone > 0) & (h >= high - room)
        return side - down + up, np.where(down, low, np.where(up, high, h))

    def _found(self, panel: int, offsets: Floats) -> tuple[State, Units, Approach]:
        base = max(k for k in self._kept if k <= panel)
        stretch = self._kept[base]
        for width in self._steps[base:panel]:
            self._solve_again(stretch, width)
            stretch = self._next(stretch, width)
        if panel < len(self._steps):
            self._solve_again(stretch, self._steps[panel])
        elif stretch.slopes is None and offsets.max() > 0:
            self._solve(stretch, float(offsets.max()))
        return self._evaluate(stretch, offsets), stretch.units, stretch.approach

    def _solve_again(self, stretch: _Stretch, width: float) -> None:
        """Of a panel whose solution was not kept; it was found before, as far as this."""
        if stretch.slopes is not None or math.isinf(stretch.reach):
            return
        pace = stretch.pace(width)
        states = collocation.solve(
            self._field(stretch), stretch.start, pace, stretch.least, sweep=self._sweep(stretch)
        )
        if states is None:
            raise InternalCheckError("a panel that was solved before could not be solved again")
        stretch.slopes, stretch.width, stretch.reach = collocation.slopes(states), width, width


def _narrower(roughness: float) -> float:
    """By what to divide a width: the last coefficients are like its power of their degree."""
    if not roughness < math.inf:
        return 2.0
    return min(max(MARGIN * roughness ** (1 / collocation.POINTS), LEAST), MOST_AT_ONCE)


def _too_far_apart(found: str) -> InputError:
    """Such as softplus neurons of 1e20, which bend within a distance of 1."""
    expected = "weights whose size is nearer to the scale on which the activation bends"
    return InputError("the start", found, expected)


def _shape(states: Floats) -> Floats:
    """The course of a panel in units of its start: the next one, far from its end, is much alike."""
    with np.errstate(all="ignore"):
        shape = states[1:] / states[0]
    return np.where(np.abs(shape) <= ALIKE, shape, 1.0)
