"""2M t of a motion in balls, as a function of its coordinate: λ = log(x*/e), or x without equilibrium.

Three ways, in this order: the sum of logarithms over the roots, where the output is rational in s or in
the tangent of one frequency (`logarithms`); next to the equilibrium the Taylor series of 1/G,
whose logarithm is λ itself; elsewhere Taylor series of 1/R, panel by panel. Every series has a bound
for what it leaves out.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable

from flint import arb, ctx, fmpq

from numeric.methods.warp import logarithms
from numeric.methods.warp.ball_neurons import (
    SERIES_BITS,
    Equilibrium,
    Taylor,
    Unreachable,
    around,
    residual,
    xp,
)

EARLY = 0.5  # of λ, up to which x has more digits than the distance to the equilibrium
Motion = Equilibrium | Unreachable
Elapsed = Callable[[arb], arb]


def elapsed_time(motion: Motion, residual: fmpq, target: fmpq) -> Elapsed:
    """2M t as a function of the coordinate.

    Args:
        motion: towards an equilibrium, or without end.
        residual: y − f(0).
        target: y.
    """
    closed = logarithms.elapsed(motion.neurons, residual, target)
    if closed is not None:
        return _by_logarithms(motion, closed)
    if isinstance(motion, Equilibrium):
        return _Series(motion)
    return _March(motion)


def _by_logarithms(motion: Motion, closed: logarithms.LogarithmicTime) -> Elapsed:
    sign = motion.sign
    if isinstance(motion, Unreachable):
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


class _March:
    """∫_0^x dx/R by panels, each a Taylor series with its bound, made as far as they are asked for."""

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        self._edges, self._panels = [arb(0)], list[tuple[arb, Taylor, arb]]()
        self._total = arb(0)
        self._guess = around(motion, arb(0)).disc

    def __call__(self, x: arb) -> arb:
        while not x <= self._edges[-1]:
            if (end := self._settled()) is not None:
                return self._total + (x - self._edges[-1]) / end
            self._extend()
        found = bisect.bisect_right([float(edge) for edge in self._edges], float(x)) - 1
        index = max(0, min(found, len(self._panels) - 1))
        if not self._panels:
            return arb(0)
        centre, taylor, before = self._panels[index]
        return before + taylor.primitive(x - centre) - taylor.primitive(self._edges[index] - centre)

    def _settled(self) -> arb | None:
        """The residual, from here on, where it is as good as its limit |y|: it only falls."""
        if isinstance(self._motion, Equilibrium):
            return None
        here = residual(self._motion, self._edges[-1], xp)
        limit = abs(arb(self._motion.target))
        if not here - limit < limit * arb(2) ** (16 - ctx.prec):
            return None
        return here.union(limit)

    def _extend(self) -> None:
        left, guess = self._edges[-1], self._guess
        step = guess / 2 ** (SERIES_BITS + 1)
        while True:
            centre = arb((left + step).mid())
            taylor = around(self._motion, centre, guess)
            reach = taylor.disc / 2**SERIES_BITS
            if centre - left <= reach:
                break
            step = step / 2
        self._guess = 2 * taylor.disc
        right = arb((centre + (centre - left)).mid())
        self._panels.append((centre, taylor, self._total))
        self._total += taylor.primitive(right - centre) - taylor.primitive(left - centre)
        self._edges.append(right)


class _Series:
    """∫ dx/R: by panels up to a distance r of the equilibrium, by the series of 1/G inside."""

    def __init__(self, motion: Equilibrium) -> None:
        self._motion, self._march = motion, _March(motion)
        self._near = motion.near
        self._edge = arb((motion.x - self._near.disc / 2**SERIES_BITS).mid())
        self._radius = motion.x - self._edge

    def __call__(self, coordinate: arb) -> arb:
        e = self._motion.x * (-coordinate).exp()
        if e < self._radius:
            # log(r/e) = λ − log(x*/r): no digit of a late time is lost.
            logarithm = coordinate - (self._motion.x / self._radius).log()
            inside = self._near.primitive(self._radius, 1) - self._near.primitive(e, 1)
            outside = self._march(self._edge)
            return outside + self._near.coefficients[0] * logarithm + inside
        return self._march(-self._motion.x * (-coordinate).expm1())


__all__ = ["Elapsed", "Motion", "elapsed_time"]
