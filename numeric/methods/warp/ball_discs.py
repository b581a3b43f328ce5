"""Discs on which the output and the pull are known by their Taylor coefficients and a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, arb_series, ctx

from numeric.methods.warp.ball_series import Taylor, terms
from numeric.methods.warp.ball_zero import exact
from numeric.namespaces import UndecidedError

SPREAD = 8  # share of the bits that a disc may cost, where the kernel or the pull change on it


class Expansion:
    """The output around a place, as a Taylor series in x with a bound.

    Args:
        gained: at the place.
        gain: coefficients of what is gained from there, from the first on.
        room: radius of a disc.
        bound: of the kernel on it.
    """

    def __init__(self, gained: arb, gain: list[arb], room: arb, bound: arb) -> None:
        self.gained, self.gain, self.room = gained, gain, room
        kernel = [abs(c).upper() * (k + 1) for k, c in enumerate(gain)]
        self._kernel, self._majorant = gain[0], Taylor(kernel, room, bound)

    def change(self, radius: arb) -> arb:
        """At least how far the output may be from that at the place, on a disc."""
        return arb(self._majorant.primitive(radius).upper())

    def invertible(self, radius: arb) -> arb:
        """How far from the output at the place x is a function of it, with values on a disc.

        As far as the radius times the least size of the kernel there; 0 where that is less than half of
        the kernel at the place: smaller discs are better, then.
        """
        slowest = self.slowest(radius)
        return radius * slowest if slowest > self._kernel / 2 else arb(0)

    def slowest(self, radius: arb) -> arb:
        """At most the size of the kernel on a disc."""
        return arb((2 * self._kernel - self._majorant.value(radius)).lower())


class Steady:
    """How far from a place an analytic function P keeps from zero.

    P(z) exp(λz), with λ = −P′/P at the place, is almost constant: there it is bounded from below by the
    sizes of its Taylor coefficients, and the exponential is known everywhere.

    Args:
        function: of complex balls and series, positive at the place.
        place: real.
        width: of the disc around it that is looked at first.
    """

    def __init__(self, function: Callable[[Any], Any], place: arb, width: arb) -> None:
        with terms(4):
            series = arb_series(function(arb_series([place, 1])))
            start, slope = series[0], series[1]
            if not start > 0:
                raise UndecidedError("whether a place is before the equilibrium at this precision")
            self._rate = abs(slope / start).upper()
            flat = list((series * arb_series([0, -slope / start]).exp()).coeffs())
        self._start, width = start, exact(width)
        for _ in range(ctx.prec):
            bound = abs(acb(function(place + square(width)))).upper()
            if bound < self._start * arb(2) ** ctx.prec:
                break
            width = width / 2
        else:
            raise UndecidedError("no disc on which the pull is bounded at this precision")
        sizes = [arb(abs(c).upper()) for c in flat]
        self._majorant = Taylor(sizes, width, bound * (self._rate * width).exp())

    def least(self, radius: arb) -> arb:
        """At most |P| up to a radius; 0 where that is not told, or too little of P."""
        if not 2 * radius < self._majorant.disc:
            return arb(0)
        flat = arb((2 * self._start - self._majorant.value(radius)).lower())
        least = arb((flat * (-self._rate * radius).exp()).lower())
        return least if least > self._start * arb(2) ** (-ctx.prec // SPREAD) else arb(0)


def square(radius: Any) -> acb:
    """Around 0."""
    return acb(arb(0, radius), arb(0, radius))


__all__ = ["SPREAD", "Expansion", "Steady", "square"]
