"""Networks whose activation is linear on either side of zero, under one point: in mpmath, by hand.

Neurons are hyperbolic functions of warped time until they pass zero; time is an integral over pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from mpmath import mp, mpf

Number = Any


@dataclass(frozen=True)
class Ray:
    """One network on its way to a target that it reaches.

    Attributes:
        u, h: initial weights and preactivations.
        y: target.
        slope: of σ below zero; above it is 1.
        gamma, eta_u, eta_w, rho_2: hyperparameters, and the squared norm of the data point.
    """

    u: Sequence[float]
    h: Sequence[float]
    y: float
    slope: Number
    gamma: float = 1.0
    eta_u: float = 1.0
    eta_w: float = 1.0
    rho_2: float = 1.0

    @cached_property
    def sign(self) -> int:
        """The direction of motion of the output."""
        return 1 if mpf(self.y) > self.output(mpf(0)) else -1

    def neuron(self, i: int, x: Number) -> tuple[Number, Number]:
        """Its u and h at warped time x."""
        u, h = mpf(self.u[i]), mpf(self.h[i])
        side = 1 if h > 0 or (h == 0 and self.sign_of_motion * u * self.slope > 0) else -1
        x = mpf(x)
        if not x:
            return u, h
        passes = self.meeting(i)
        if passes is None or x <= passes:
            return self._linear(u, h, side, x)
        u, _ = self._linear(u, h, side, passes)
        return self._linear(u, mpf(0), -side, x - passes)

    @property
    def sign_of_motion(self) -> int:
        """The same as `sign`, asked for while it is computed."""
        return self.sign

    def _rates(self, side: int) -> tuple[Number, Number]:
        slope = mpf(1) if side > 0 else mpf(self.slope)
        by = self.sign * mpf(self.gamma) * slope
        return mpf(self.eta_u) * by, mpf(self.eta_w) * mpf(self.rho_2) * by

    def _linear(self, u: Number, h: Number, side: int, x: Number) -> tuple[Number, Number]:
        a, b = self._rates(side)
        if a == 0:
            return u, h
        rate = mp.sqrt(a * b)
        c, s = mp.cosh(rate * x), mp.sinh(rate * x) / rate
        return u * c + a * h * s, h * c + b * u * s

    def meeting(self, i: int) -> Number | None:
        """Warped time at which a neuron passes zero."""
        u, h = mpf(self.u[i]), mpf(self.h[i])
        a, b = self._rates(1 if h > 0 else -1)
        if h == 0 or a == 0 or u == 0:
            return None
        rate = mp.sqrt(a * b)
        part = -h * rate / (b * u)
        return mp.atanh(part) / rate if 0 < part < 1 else None

    def output(self, x: Number) -> Number:
        """F at warped time x."""
        pairs = (
            ((mpf(u), mpf(h)) for u, h in zip(self.u, self.h, strict=True))
            if not x
            else (self.neuron(i, x) for i in range(len(self.u)))
        )
        slope = mpf(self.slope)
        return mpf(self.gamma) * mp.fsum(u * (h if h > 0 else slope * h) for u, h in pairs)

    def left(self, x: Number) -> Number:
        """|y − f|."""
        return self.sign * (mpf(self.y) - self.output(x))

    @cached_property
    def meetings(self) -> list[Number]:
        """Where neurons pass zero, before the equilibrium or after it."""
        found = (self.meeting(i) for i in range(len(self.u)))
        return sorted(x for x in found if x is not None)

    @cached_property
    def end(self) -> Number:
        """The equilibrium."""
        low, high = mpf(0), mpf(1)
        while self.left(high) > 0:
            low, high = high, 2 * high
        while high - low > high * mpf(10) ** (2 - mp.dps):
            middle = (low + high) / 2
            low, high = (middle, high) if self.left(middle) > 0 else (low, middle)
        return (low + high) / 2

    def times(self, places: Sequence[Number]) -> list[Number]:
        """Times at which the flow is at increasing places before the equilibrium."""
        total, begun, found = mpf(0), mpf(0), []
        for place in places:
            stop = self._far(place)
            cuts = [self._far(x) for x in self.meetings if x < self.end]
            cuts = [begun, *(v for v in cuts if begun < v < stop), stop]
            total += mp.quad(self._pull, self._refined(cuts))
            found.append(total)
            begun = stop
        return found

    def _far(self, x: Number) -> Number:
        return -mp.log(1 - x / self.end)

    @staticmethod
    def _refined(cuts: Sequence[Number]) -> list[Number]:
        found = [cuts[0]]
        for left, right in pairwise(cuts):
            parts = int(mp.ceil((right - left) / 2)) or 1
            found += [left + (right - left) * (k + 1) / parts for k in range(parts)]
        return found

    def _pull(self, v: Number) -> Number:
        ahead = self.end * mp.exp(-v)
        return ahead / (2 * self.left(self.end - ahead))
