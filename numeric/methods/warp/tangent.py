"""The coordinate z = 2 tanh(ω s/2)/ω, in which neurons of commensurable frequencies are rational.

A neuron's S and T are rational in 2 tanh(√μ s/2)/√μ (`rational_place`). If all √μ are multiples kω of
one frequency by positive integers, those are rational in z: with (1 + ωz/2)^k = A + ωB, where A and B
are polynomials in z over the rationals, 2 tanh(kωs/2)/(kω) = 2B/(kA). That both obey the same
equation is proved for every k in `symbolic.warp.elapsed`. At ω = 0 the coordinate is s itself, and for
ω² < 0 the tangent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, fmpq, fmpq_poly

Z = fmpq_poly([0, 1])


@dataclass(frozen=True)
class Tangent:
    """A coordinate, and what each neuron's frequency is in units of its own.

    Attributes:
        square: ω², of any sign.
        multiples: k > 0 of each neuron, with μ = k² ω².
    """

    square: fmpq
    multiples: tuple[int, ...]

    @property
    def velocity(self) -> fmpq_poly:
        """dz/ds = 1 − ω² z²/4."""
        return fmpq_poly([1, 0, -self.square / 4])

    def multiple(self, k: int) -> tuple[fmpq_poly, fmpq_poly]:
        """Numerator 2B and denominator kA of 2 tanh(kωs/2)/(kω)."""
        a, b = fmpq_poly([1]), fmpq_poly([0])
        for _ in range(k):
            a, b = a + self.square * b * Z / 2, b + a * Z / 2
        return 2 * b, k * a

    def at(self, s: arb) -> arb:
        """Z at warped time s; for ω² < 0 up to |ω s| < π."""
        if self.square == 0:
            return s
        root = abs(arb(self.square)).sqrt()
        angle = root * s / 2
        return 2 * (angle.tanh() if self.square > 0 else angle.tan()) / root

    def shrinkage(self, e: arb, x: arb) -> arb:
        """(1 − z(x − e)/z(x)) / (e/x), to full relative accuracy for small e > 0."""
        if self.square == 0:
            return arb(1)
        half = abs(arb(self.square)).sqrt() / 2
        if self.square > 0:
            size, start, step = ((half * z) for z in (x, x - e, e))
            return x * step.sinh() / (e * size.sinh() * start.cosh())
        size, start, step = ((half * z) for z in (x, x - e, e))
        return x * step.sin() / (e * size.sin() * start.cos())


def common(values: Sequence[fmpq]) -> Tangent | None:
    """The coordinate of neurons with these μ; None where frequencies are not commensurable.

    The growth of a neuron with μ < 0 ends before |√μ s| = 2π. The coordinate's frequency is half the
    largest common one there, so that it is finite all the way.
    """
    if all(value == 0 for value in values):
        return Tangent(fmpq(0), (1,) * len(values))
    ratios = [_square_root(value / values[0]) if values[0] != 0 else None for value in values]
    found = [ratio for ratio in ratios if ratio]
    if len(found) < len(values):
        return None
    bottom = math.lcm(*(int(ratio.q) for ratio in found))
    tops = [int((ratio * bottom).p) for ratio in found]
    divisor = math.gcd(*tops)
    double = 1 if values[0] > 0 else 2
    unit = fmpq(divisor, bottom * double)
    return Tangent(values[0] * unit * unit, tuple(double * top // divisor for top in tops))


def _square_root(value: fmpq) -> fmpq | None:
    """The rational root of a number, or None."""
    if value < 0:
        return None
    top, bottom = (math.isqrt(int(part)) for part in (value.p, value.q))
    root = fmpq(top, bottom)
    return root if root * root == value else None
