"""The loss on the way to its minimum, in balls: what is left to the minimum, and how it pulls there.

The output is f = f(0) + sign · gained = f* − sign · left. The pull is |ℒ′|, in units of `rate`.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, Protocol

from flint import acb_series, arb, arb_series, fmpq

from numeric.methods.warp import logarithms
from numeric.methods.warp.ball_series import terms
from numeric.methods.warp.ball_zero import zero
from numeric.methods.warp.exact_loss import ExactLoss, Piecewise
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError

OUTWARD = 4096  # doublings on the way to a minimum


class Way(Protocol):
    """A convex loss ahead of an output.

    Attributes:
        sign: of the way.
        output: f(0).
        minimum: f*; None where it is infinite.
        distance: |f* − f(0)|, or None.
        rate: ds/dt = rate · pull.
        ending: how the flow comes to the minimum.
        order: of the zero that the pull has at the minimum; None where it has none, or is not analytic.
        bends: gained outputs at which the pull is not smooth, increasing, before the minimum.
        keeps_digits: whether `near` has all digits of what is left, however little that is.
    """

    sign: int
    output: fmpq
    minimum: Any
    distance: Any
    rate: fmpq
    ending: Ending
    bends: tuple[fmpq, ...]

    @property
    def keeps_digits(self) -> bool: ...  # noqa: D102

    @property
    def order(self) -> int | None: ...  # noqa: D102

    def pull(self, gained: Any, piece: int = 0) -> Any:
        """The pull on a piece, the last one beyond it, as an analytic function of what was gained."""

    def near(self, left: Any) -> Any:
        """The pull on the last piece, by what is left."""

    def steepness(self, left: Any) -> Any:
        """Its derivative of that order over order!, ℒ″ where it is 1."""

    def closed_time(self, neurons: Any) -> logarithms.LogarithmicTime | None:
        """The elapsed time as a sum of logarithms, where it is one."""


class SquareWay:
    """(f − y)²: the pull is what is left."""

    ending, bends, order, keeps_digits = Ending.EXPONENTIAL, (), 1, True

    def __init__(self, output: fmpq, target: fmpq, rate: fmpq) -> None:
        self.sign = 1 if target > output else -1
        self.output, self.minimum, self.rate = output, target, rate
        self.distance = abs(target - output)

    def pull(self, gained: Any, piece: int = 0) -> Any:
        """What is left."""
        return self.distance - gained

    def near(self, left: Any) -> Any:
        """What is left."""
        return left

    def steepness(self, left: Any) -> Any:
        """One."""
        return arb(1)

    def closed_time(self, neurons: Any) -> logarithms.LogarithmicTime | None:
        """A sum over the roots of f = y, where the output is rational."""
        return logarithms.elapsed(neurons, self.minimum - self.output, self.minimum)


class LossWay:
    """Any convex loss, piece by piece between its bends.

    Args:
        loss: of the output.
        output: f(0), at which its slope is not zero.
        unit: by which it is multiplied.

    Raises:
        UndecidedError: where this precision does not tell signs.
    """

    def __init__(self, loss: ExactLoss, output: fmpq, unit: fmpq) -> None:
        self._loss, self.output, self.rate = loss, output, unit
        self.sign = -slope_sign(loss, output)
        self._slopes: list[Piecewise] = []
        self._places: list[Any] = []
        self.minimum, self.ending, bends = None, Ending.EXPONENTIAL, list[fmpq]()
        self._search(bends)
        self.bends = tuple(abs(bend - output) for bend in bends)
        self.distance = None if self.minimum is None else self.sign * (self.minimum - output)
        self._curved = loss.piece("curvature", self._places[-1], 2)

    def _search(self, bends: list[fmpq]) -> None:
        """Pieces up to the minimum, which is a bend at which the slope jumps, or a zero of a piece."""
        ahead = [bend for bend in self._loss.bends if self.sign * (bend - self.output) > 0]
        left: fmpq = self.output
        for right in [*sorted(ahead, reverse=self.sign < 0), None]:
            place = left + self.sign if right is None else (left + right) / 2
            slope = self._loss.piece("slope", place, 1)
            if left != self.output:
                if decided(self.sign * slope(left)) >= 0:
                    self._arrive(left)
                    return
                bends.append(left)
            self._slopes.append(slope)
            self._places.append(place)
            if self._ends_within(slope, left, right):
                return
            left = right if right is not None else left

    def _arrive(self, bend: fmpq) -> None:
        """The minimum is a bend: the pull falls to zero before it, or jumps there."""
        self.minimum = bend
        if decided(self._slopes[-1](bend)) != 0:
            self.ending = Ending.ARRIVAL
        else:
            self._ending_by_curvature()

    def _ending_by_curvature(self) -> None:
        curvature = self._loss.piece("curvature", self._places[-1], 2)(self.minimum)
        self.ending = Ending.EXPONENTIAL if decided(curvature) > 0 else Ending.SLOW

    def _ends_within(self, slope: Piecewise, left: fmpq, right: fmpq | None) -> bool:
        """Whether the minimum is on a piece; it is found, then."""
        minima = self._loss.minima()
        if right is None and all(place == self.sign * math.inf for place in minima):
            return True
        last: Any = left
        # Slopes of a symmetric set cancel at the output 0: exactly, which a ball around it cannot tell.
        exact = [fmpq(0), *(z for z in minima if isinstance(z, fmpq))]
        within = [z for z in exact if self.sign * (z - left) > 0]
        for place in sorted(within, reverse=self.sign < 0):
            if right is not None and self.sign * (right - place) <= 0:
                break
            uphill = decided(self.sign * slope(place))
            if uphill == 0:
                self.minimum = place
                self._ending_by_curvature()
                return True
            if uphill > 0:
                return self._enclose(slope, last, place)
            last = place
        if right is None:
            return self._enclose(slope, last, self._outward(slope, last))
        return decided(self.sign * slope(right)) > 0 and self._enclose(slope, last, right)

    def _outward(self, slope: Piecewise, start: fmpq) -> fmpq:
        step = max(fmpq(1), abs(start))
        for _ in range(OUTWARD):
            if self.sign * arb(slope(start + self.sign * step)) > 0:
                return start + self.sign * step
            step *= 2
        raise UndecidedError("no output past the minimum found at this precision")

    def _enclose(self, slope: Piecewise, before: fmpq, after: fmpq) -> bool:
        """The zero of the slope between two outputs, by its distance from the start of the way."""
        curved = self._loss.piece("curvature", self._places[-1], 2)
        found = zero(
            lambda x: self.sign * arb(slope(self.output + self.sign * x)),
            lambda x: arb(curved(self.output + self.sign * x)),
            arb(abs(before - self.output)), arb(abs(after - self.output)),
        )  # fmt: skip
        self.minimum = self.output + self.sign * found
        self._ending_by_curvature()
        return True

    def pull(self, gained: Any, piece: int = 0) -> Any:
        """The slope against the way."""
        slope = self._slopes[min(piece, len(self._slopes) - 1)]
        return -self.sign * slope(arb(self.output) + self.sign * gained)

    def near(self, left: Any) -> Any:
        """The slope against the way, next to its zero."""
        return -self.sign * self._slopes[-1].beside(self.minimum, -self.sign * left)

    @property
    def keeps_digits(self) -> bool:
        """With one term of f − y, which is zero at the minimum; the slopes of several only cancel."""
        one = self._loss.module.SHIFTS and len(self._loss.terms) == 1
        return bool(one and isinstance(self.minimum, fmpq))

    @cached_property
    def order(self) -> int | None:
        """By the first coefficient of the pull's power series that is not exactly zero."""
        if self.ending is not Ending.SLOW:
            return 1 if self.ending is Ending.EXPONENTIAL else None
        with terms(0):
            coefficients = list(arb_series(self.near(arb_series([0, 1]))).coeffs())
        if not all(c.is_finite() for c in coefficients):
            return None
        return next(k for k, c in enumerate(coefficients) if decided(c))

    def steepness(self, left: Any) -> Any:
        """The curvature, or what is in its place."""
        if self.order == 1:
            return self._curved.beside(self.minimum, -self.sign * left)
        with terms(0):
            return acb_series(self.near(acb_series([left, 1]))).coeffs()[self.order]

    def closed_time(self, neurons: Any) -> logarithms.LogarithmicTime | None:
        """None: for which losses it is elementary is said in the family report, nothing is emitted."""
        return None


def slope_sign(loss: ExactLoss, output: fmpq) -> int:
    """The sign of ℒ′ at an output; at a bend 0, unless ℒ falls to one of its sides.

    Raises:
        UndecidedError: where this precision does not tell it.
    """
    before, after = (decided(loss.piece("slope", z, 1)(output)) for z in loss.beside(output))
    return after if after < 0 else max(before, 0)


def decided(value: Any) -> int:
    """The sign of a number.

    Raises:
        UndecidedError: of a ball that meets zero.
    """
    ball = arb(value)
    if ball == 0:
        return 0
    if ball.contains(0):
        raise UndecidedError(f"the sign of {ball}")
    return 1 if ball > 0 else -1


__all__ = ["LossWay", "SquareWay", "Way", "decided", "slope_sign"]
