"""The integrand of the elapsed time as a Taylor series with a bound for what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flint import arb, arb_series, ctx

from numeric.methods.warp.ball_neurons import SERIES_BITS


@dataclass(frozen=True)
class Taylor:
    """An analytic function around a centre, by its Taylor coefficients.

    Attributes:
        coefficients: at the centre.
        disc: radius ϱ on which it is analytic.
        bound: M, of its size there: coefficient k is at most M/ϱ^k.
    """

    coefficients: list[arb]
    disc: arb
    bound: arb

    def value(self, distance: arb) -> arb:
        """Σ c_k z^k, z = distance, |z| < ϱ."""
        total, number = arb(0), len(self.coefficients)
        for coefficient in reversed(self.coefficients):
            total = total * distance + coefficient
        ratio = abs(distance) / self.disc
        return total + arb(0, (self.bound * ratio**number / (1 - ratio)).upper())

    def primitive(self, distance: arb, first: int = 0) -> arb:
        """Σ_{k ≥ first} c_k z^(k+1−first)/(k+1−first), z = distance, |z| < ϱ.

        With `first` = 1 that is the integral of the function without its value at the centre, over the
        distance.
        """
        total, number = arb(0), len(self.coefficients)
        for k in range(number - 1, first - 1, -1):
            total = (total + self.coefficients[k] / (k + 1 - first)) * distance
        ratio = abs(distance) / self.disc
        rest = self.bound * ratio**number / (1 - ratio)
        rest = rest if first else rest * abs(distance)
        return total + arb(0, rest.upper())


def inverse(coefficients: list[arb]) -> list[arb]:
    """The coefficients of 1/g, as many as are known: those that are zero at the end, too."""
    with terms(3):
        found = list((1 / arb_series(coefficients)).coeffs())
        return found + [arb(0)] * (ctx.cap - len(found))


@contextmanager
def terms(spare: int) -> Iterator[None]:
    """Within, power series have as many terms as the precision needs."""
    before, ctx.cap = ctx.cap, ctx.prec // SERIES_BITS + spare
    try:
        yield
    finally:
        ctx.cap = before
