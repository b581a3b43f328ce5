"""∫ ds/|ℒ′| of a motion in balls, as a function of its coordinate: λ = log(x*/e), or x.

Three ways, in this order: the sum of logarithms over the roots, where the output is rational in s or in
the tangent of one frequency (`logarithms`); next to an equilibrium the Taylor series of e/pull, whose
logarithm is λ itself; elsewhere Taylor series of 1/pull, panel by panel. Every series has a bound for
what it leaves out.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable

from flint import arb, ctx

from numeric.methods.warp import logarithms
from numeric.methods.warp.ball_motion import Arrival, Endless, Equilibrium
from numeric.methods.warp.ball_neurons import SERIES_BITS, xp
from numeric.methods.warp.ball_series import Taylor
from numeric.methods.warp.ball_zero import exact
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError

EARLY = 0.5  # of λ, up to which x has more digits than the distance to the equilibrium
AnyMotion = Equilibrium | Arrival | Endless
Elapsed = Callable[[arb], arb]


def elapsed_time(motion: AnyMotion) -> Elapsed:
    """The rate times the elapsed time, as a function of the coordinate."""
    closed = motion.way.closed_time(motion.neurons)
    if closed is not None:
        return _by_logarithms(motion, closed)
    if not isinstance(motion, Equilibrium):
        return Panels(motion)
    if motion.way.ending is Ending.EXPONENTIAL:
        return _Series(motion)
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

    A panel ends at every edge, where the loss bends.
    """

    def __init__(self, motion: AnyMotion) -> None:
        self._motion = motion
        self._edges, self._panels = [arb(0)], list[tuple[arb, Taylor, arb]]()
        self._total, self._piece = arb(0), 0
        self._guess = motion.around(arb(0), 0).disc

    def __call__(self, x: arb) -> arb:
        """The integral up to x.

        Raises:
            UndecidedError: next to a bend of the loss, where this precision does not tell on which side.
        """
        while not x <= self._edges[-1]:
            if (end := self._settled()) is not None:
                return self._total + (x - self._edges[-1]) / end
            if x.overlaps(self._edges[-1]) and not self._edges[-1].is_exact():
                raise UndecidedError("the place is at a bend of the loss at this precision")
            self._extend()
        found = bisect.bisect_right([float(edge) for edge in self._edges], float(x)) - 1
        index = max(0, min(found, len(self._panels) - 1))
        if not self._panels:
            return arb(0)
        centre, taylor, before = self._panels[index]
        return before + taylor.primitive(x - centre) - taylor.primitive(self._edges[index] - centre)

    def to_the_last_edge(self) -> arb:
        """The whole way to where the loss bends for the last time."""
        while self._piece < len(self._motion.edges):
            self._extend()
        return self._total

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
        left, guess = self._edges[-1], self._guess
        edges = self._motion.edges
        bend = edges[self._piece] if self._piece < len(edges) else None
        step = guess / 2 ** (SERIES_BITS + 1)
        while True:
            last = bend is not None and not left + 2 * step < bend
            centre = exact((left + bend) / 2 if last else left + step)
            right = bend if last else exact(centre + (centre - left))
            taylor = self._motion.around(centre, self._piece, guess)
            reach = taylor.disc / 2**SERIES_BITS
            if centre - left <= reach and right - centre <= reach:
                break
            step = step / 2
        self._guess = 2 * taylor.disc
        self._panels.append((centre, taylor, self._total))
        self._total += taylor.primitive(right - centre) - taylor.primitive(left - centre)
        self._edges.append(right)
        self._piece += last


class _Series:
    """∫ dx/pull: by panels up to a distance r of the equilibrium, by the series of e/pull inside."""

    def __init__(self, motion: Equilibrium) -> None:
        self._motion, self._panels = motion, Panels(motion)
        self._near = motion.near
        self._edge = exact(motion.x - self._near.disc / 2**SERIES_BITS)
        self._radius = motion.x - self._edge

    def __call__(self, coordinate: arb) -> arb:
        e = self._motion.x * (-coordinate).exp()
        if e < self._radius:
            # log(r/e) = λ − log(x*/r): no digit of a late time is lost.
            logarithm = coordinate - (self._motion.x / self._radius).log()
            inside = self._near.primitive(self._radius, 1) - self._near.primitive(e, 1)
            outside = self._panels(self._edge)
            return outside + self._near.coefficients[0] * logarithm + inside
        return self._panels(-self._motion.x * (-coordinate).expm1())


__all__ = ["AnyMotion", "Elapsed", "Panels", "elapsed_time"]
