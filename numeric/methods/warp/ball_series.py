"""The integrand of the elapsed time as a Taylor series with a bound for what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flint import arb, arb_series, ctx

from numeric.methods.warp.ball_neurons import SERIES_BITS
from numeric.namespaces import UndecidedError


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
        return total + arb(0, self._rest(distance, number).upper())

    def primitive(self, distance: arb, first: int = 0) -> arb:
        """Σ_{k ≥ first} c_k z^(k+1−first)/(k+1−first), z = distance, |z| < ϱ.

        That is the integral of what is left of the function over z^first without its terms below.
        """
        total, number = arb(0), len(self.coefficients)
        for k in range(number - 1, first - 1, -1):
            total = (total + self.coefficients[k] / (k + 1 - first)) * distance
        rest = self._rest(distance, number) * abs(distance) ** (1 - first)
        return total + arb(0, rest.upper())

    def _rest(self, distance: arb, number: int) -> arb:
        """Σ_{k ≥ number} M |z/ϱ|^k, which bounds what the coefficients leave out."""
        ratio = abs(distance) / self.disc
        if not ratio < 1:
            raise UndecidedError("a place beyond the disc of a series at this precision")
        return self.bound * ratio**number / (1 - ratio)


@dataclass(frozen=True)
class Laurent:
    """One over a function with a zero at the centre: z^(−order) times a Taylor series.

    Attributes:
        taylor: of the rest.
        order: of the zero, at least 1.
    """

    taylor: Taylor
    order: int

    def value(self, z: arb) -> arb:
        """At a distance z > 0, z < ϱ."""
        return self.taylor.value(z) / z**self.order

    def integral(self, z: arb, radius: arb, logarithm: arb) -> arb:
        """From z to a radius, 0 < z < radius < ϱ, of which log(radius/z) is given."""
        total = self.taylor.primitive(radius, self.order) - self.taylor.primitive(z, self.order)
        total += self.taylor.coefficients[self.order - 1] * logarithm
        for k in range(self.order - 1):
            power = self.order - 1 - k
            total += self.taylor.coefficients[k] * (z**-power - radius**-power) / power
        return total


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
