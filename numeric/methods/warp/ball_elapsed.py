"""∫ ds/|ℒ′| of a motion in balls, as a function of its coordinate: λ = log(x*/e), or x.

Four ways, in this order: the sum of logarithms over the roots, where the output is rational in s or in
the tangent of one frequency (`logarithms`); a quadrature in λ towards an equilibrium, where few times are
asked for (`ball_quadrature`); next to an equilibrium the Laurent series of 1/pull, whose
logarithm is λ itself; elsewhere Taylor series of 1/pull, panel by panel, in x, or in the output where
that grows without bound. Every series has a bound for
what it leaves out.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from functools import reduce

from flint import arb, ctx

from numeric.methods.warp import logarithms
from numeric.methods.warp.ball_motion import AnyMotion, Arrival, Endless, Equilibrium
from numeric.methods.warp.ball_neurons import SERIES_BITS, xp
from numeric.methods.warp.ball_quadrature import Quadrature
from numeric.methods.warp.ball_series import Laurent, Taylor
from numeric.methods.warp.ball_zero import exact
from numeric.namespaces import UndecidedError

SAFE = 0.8  # of a step that would just fit
WIDER = (
    20  # than half a panel is the disc looked at first: halves of it fit with something to spare
)
EARLY = 0.5  # of λ, up to which x has more digits than the distance to the equilibrium
BITS_OF_A_TIME = 8  # panels, which serve all times, answer more than one for so many bits faster
Elapsed = Callable[[arb], arb]


def elapsed_time(motion: AnyMotion, times: int) -> Elapsed:
    """The rate times the elapsed time, as a function of the coordinate.

    Args:
        motion: of the network.
        times: how many are asked for.
    """
    closed = motion.way.closed_time(motion.neurons)
    if closed is not None:
        return _by_logarithms(motion, closed)
    if not isinstance(motion, Equilibrium):
        return Panels(motion)
    if Quadrature.serves(motion) and times * BITS_OF_A_TIME <= ctx.prec:
        return QuadratureFirst(motion)
    if motion.near is not None:
        return Series(motion, motion.near)
    panels, end = Panels(motion), motion.x
    return lambda coordinate: panels(-end * (-coordinate).expm1())


def _by_logarithms(motion: AnyMotion, closed: logarithms.LogarithmicTime) -> Elapsed:
    sign = motion.sign
    if not isinstance(motion, Equilibrium):
        return lambda x: closed.at(sign * x)
    equilibrium = motion.x
    own = closed.index_of(sign * equilibrium)
    residue = closed.terms[own][1].real

    def value(coordinate: arb) -> arb:
        x = -equilibrium * (-coordinate).expm1()
        if coordinate < EARLY:
            return closed.at(sign * x)
        e = equilibrium * (-coordinate).exp()
        # The equilibrium's own logarithm is −λ but for the bending of z between there and here.
        logarithm = closed.tangent.shrinkage(e, equilibrium).log() - coordinate
        return closed.at(sign * (equilibrium - e), own) + residue * logarithm

    return value


class Panels:
    """∫_0^x dx/pull by panels, each a Taylor series with its bound, made as far as they are asked for.

    A panel ends at every edge, where the loss bends. Next to one both neighbours say what they have.
    """

    def __init__(self, motion: AnyMotion) -> None:
        self._motion = motion
        self._edges, self._totals = [arb(0)], [arb(0)]
        self._panels = list[tuple[arb, Taylor]]()
        self._piece = 0
        self._step = motion.expansion(arb(0)).room / WIDER

    def __call__(self, x: arb) -> arb:
        """The integral up to x; beyond the last edge of all the last panel is continued."""
        while not x <= self._edges[-1]:
            if (end := self._settled()) is not None:
                return self._totals[-1] + (x - self._edges[-1]) / end
            if x.overlaps(self._edges[-1]) and self._is_whole():
                break
            self._extend()
        if not self._panels:
            return arb(0)
        return reduce(arb.union, (self._on(k, x) for k in self._met(x)))

    def integrand(self, x: arb) -> arb:
        """What is integrated, on the panels that x meets: no neuron is asked for it."""
        while not self._panels or not x <= self._edges[-1]:
            self._extend()
        measure = self._motion.measure
        found = (self._panels[k] for k in self._met(x))
        return reduce(arb.union, (f.value(measure(x) - measure(centre)) for centre, f in found))

    def _met(self, x: arb) -> range:
        """Which panels a ball meets."""
        first = self._number(lambda edge: not edge <= x) - 1
        return range(first, max(first, self._number(lambda edge: bool(x <= edge)) - 1) + 1)

    def _number(self, is_beyond: Callable[[arb], bool]) -> int:
        """How many edges are not beyond a place, but as many as there are panels."""
        return max(1, min(bisect.bisect_left(self._edges, True, key=is_beyond), len(self._panels)))

    def _on(self, index: int, x: arb) -> arb:
        """By one panel."""
        (centre, taylor), left = self._panels[index], self._edges[index]
        middle, begin, end = (self._motion.measure(z) for z in (centre, left, x))
        gone = taylor.primitive(end - middle) - taylor.primitive(begin - middle)
        return self._totals[index] + gone

    def around(self, amount: arb) -> tuple[arb, arb]:
        """Two places between which the integral is an amount; the second may be infinite."""
        while not self._totals[-1] > amount:
            if self._settled() is not None:
                return self._edges[-1], arb("inf")
            if self._is_whole():
                break
            self._extend()
        last = bisect.bisect_left(self._totals, True, key=lambda total: bool(total > amount))
        last = max(1, min(last, len(self._panels)))
        first = last - 1
        while first and not self._totals[first] < amount:
            first -= 1
        return self._edges[first], self._edges[last]

    def _is_whole(self) -> bool:
        """Whether the last panel is made."""
        return isinstance(self._motion, Arrival) and self._piece == len(self._motion.edges)

    def to_the_last_edge(self) -> arb:
        """The whole way to where the loss bends for the last time."""
        while self._piece < len(self._motion.edges):
            self._extend()
        return self._totals[-1]

    def _settled(self) -> arb | None:
        """The pull, from here on, where it is as good as its limit: it only falls."""
        if not isinstance(self._motion, Endless) or self._motion.rest is None:
            return None
        if self._piece < len(self._motion.edges):
            return None
        limit, here = self._motion.rest, self._pull_here()
        if not here - limit < limit * arb(2) ** (16 - ctx.prec):
            return None
        return here.union(limit)

    def _pull_here(self) -> arb:
        motion = self._motion
        gained = motion.neurons.gained(self._edges[-1], motion.sign, xp)
        return arb(motion.way.pull(gained, self._piece))

    def _extend(self) -> None:
        """One more panel: narrower where the last one's step is too wide for it, or beyond a pole."""
        left, motion = self._edges[-1], self._motion
        bend = motion.edges[self._piece] if self._piece < len(motion.edges) else None
        step, narrowest = self._step, self._step / 2**ctx.prec
        while True:
            last = bend is not None and not left + 2 * step < bend
            centre = exact((left + bend) / 2 if last else left + step)
            right = bend if last else exact(centre + (centre - left))
            try:
                taylor, begin, end = self._panel(left, centre, right)
            except UndecidedError:
                if step < narrowest:
                    raise
                step = step / 2
                continue
            fits = taylor.disc / 2**SERIES_BITS / max(-begin, end, key=float)
            if fits >= 1:
                break
            step = exact(max(fits * SAFE, arb(SAFE) / 64, key=float) * (centre - left))
        self._step = exact(min(fits * SAFE, arb(2), key=float) * (centre - left))
        self._panels.append((centre, taylor))
        self._totals.append(self._totals[-1] + taylor.primitive(end) - taylor.primitive(begin))
        self._edges.append(right)
        self._piece += last

    def _panel(self, left: arb, centre: arb, right: arb) -> tuple[Taylor, arb, arb]:
        """The series around a centre, and where the ends of its panel are from there."""
        motion = self._motion
        # Discs of half of it are asked for, and smaller ones; the panel has a quarter of its disc.
        around = motion.expansion(centre, WIDER * (centre - left))
        taylor = motion.integrand(around, self._piece)
        middle = motion.measure(centre)
        return taylor, motion.measure(left) - middle, motion.measure(right) - middle


class Series:
    """∫ dx/pull: by panels up to a distance r of the equilibrium, by the series of 1/pull inside."""

    def __init__(self, motion: Equilibrium, near: Laurent) -> None:
        self._motion, self._panels, self._near = motion, Panels(motion), near
        self._edge = exact(motion.x - motion.radius)
        self._radius = motion.x - self._edge

    def __call__(self, coordinate: arb) -> arb:
        """The integral up to λ."""
        e = self._motion.x * (-coordinate).exp()
        if e < self._radius:
            # log(r/e) = λ − log(x*/r): no digit of a late time is lost.
            logarithm = coordinate - (self._motion.x / self._radius).log()
            return self._panels(self._edge) + self._near.integral(e, self._radius, logarithm)
        return self._panels(-self._motion.x * (-coordinate).expm1())

    def slowness(self, coordinate: arb) -> arb:
        """dt/dλ in units of 1/rate."""
        e = self._motion.x * (-coordinate).exp()
        if e < self._radius:
            return e * self._near.value(e)
        return e * self._panels.integrand(-self._motion.x * (-coordinate).expm1())


class QuadratureFirst:
    """By quadrature until that was cut off, then by series."""

    def __init__(self, motion: Equilibrium) -> None:
        self._motion, self._quadrature = motion, Quadrature(motion)
        self._series: Series | None = None

    def __call__(self, coordinate: arb) -> arb:
        """The integral up to λ."""
        if self._series is None:
            found = self._quadrature(coordinate)
            if coordinate == 0 or found.rel_accuracy_bits() > ctx.prec // 2:
                return found
            assert self._motion.near is not None  # it has a simple zero
            self._series = Series(self._motion, self._motion.near)
        return self._series(coordinate)


__all__ = ["AnyMotion", "Elapsed", "Panels", "QuadratureFirst", "Series", "elapsed_time"]
