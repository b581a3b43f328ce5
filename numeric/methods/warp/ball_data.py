"""Exact data on a line: the loss as one of the output at one input, under a square and under any loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flint import arb, ctx, fmpq

from numeric.data.exact import ExactProblem, Vector
from numeric.methods.warp.ball_ways import LossWay, SquareWay, Way, slope_sign
from numeric.methods.warp.ball_zero import off_zero
from numeric.methods.warp.exact_loss import exact_loss
from numeric.namespaces import UndecidedError, precision

Answer = TypeVar("Answer")
FIRST, LARGEST = 128, 1 << 14  # bits at which signs are decided


class DataInBalls(Protocol):
    """What data amount to.

    Attributes:
        direction: the input m.
        measure: by which outputs at m are multiplied where they are shown.
        length: by which those at the unit vector are multiplied that floats take for m.
        least: the loss in the end, where that is at an infinite output.
    """

    direction: Vector

    @property
    def measure(self) -> arb: ...  # noqa: D102

    @property
    def length(self) -> arb: ...  # noqa: D102

    @property
    def least(self) -> arb: ...  # noqa: D102

    def slope_sign(self, output: fmpq) -> int:
        """The sign of the slope of the loss."""

    def way(self, output: fmpq) -> Way:
        """The loss ahead of an output at which its slope is not zero."""

    def loss(self, output: arb | fmpq, left: Any, minimum: Any) -> arb:
        """The loss of an output, which is minimum − left where that is finite."""


class _OnALine:
    """What both have in common."""

    direction: Vector

    def __init__(self, problem: ExactProblem, is_line: bool) -> None:
        self._problem, self._is_line = problem, is_line

    @property
    def length(self) -> arb:
        """‖m‖^β of inputs on a line; one input is its own m."""
        squared = sum((z * z for z in self.direction), fmpq(0))
        if not self._is_line or not squared:
            return arb(1)
        root: arb = arb(squared).sqrt()
        return root**self._problem.network.degree


class SquareData(_OnALine):
    """A multiple of the square: M (f − y)² + floor."""

    def __init__(self, problem: ExactProblem) -> None:
        super().__init__(problem, len(problem.X) > 1)
        self._point = problem.point()
        self.direction = self._point.direction
        self._target = fmpq(0)
        if self._point.second_moment:
            self._target = self._point.cross_moment / self._point.second_moment

    @property
    def measure(self) -> arb:
        """√M."""
        return arb(self._point.second_moment).sqrt()

    @property
    def least(self) -> arb:
        """The floor."""
        return arb(self._problem.unit * self._point.floor)

    def slope_sign(self, output: fmpq) -> int:
        """The sign of f − y, where there is anything to learn."""
        if not self._point.second_moment:
            return 0
        return (output > self._target) - (output < self._target)

    def way(self, output: fmpq) -> SquareWay:
        """The square ahead of an output that is not y."""
        return SquareWay(output, self._target, 2 * self._point.second_moment * self._problem.unit)

    def loss(self, output: arb | fmpq, left: Any, minimum: Any) -> arb:
        """M left² + floor."""
        square = off_zero(arb(left)) ** 2
        return self._problem.unit * (self._point.floor + self._point.second_moment * square)


class LossData(_OnALine):
    """Any loss."""

    def __init__(self, problem: ExactProblem) -> None:
        super().__init__(problem, len(problem.X) > 1)
        self.direction, self._loss = exact_loss(problem)
        self._ways = dict[tuple[int, fmpq], LossWay]()

    @property
    def measure(self) -> arb:
        """1/‖m‖^β: outputs are shown at the unit vector."""
        return 1 / self.length

    @property
    def least(self) -> arb:
        """Every term at its minimum, which is at infinity."""
        return self._problem.unit * self._loss.least()

    def slope_sign(self, output: fmpq) -> int:
        """The sign of ℒ′."""
        return slope_sign(self._loss, output)

    def way(self, output: fmpq) -> LossWay:
        """The loss ahead of an output; made once at a precision."""
        key = ctx.prec, output
        if key not in self._ways:
            self._ways = {key: LossWay(self._loss, output, self._problem.unit)}
        return self._ways[key]

    def loss(self, output: arb | fmpq, left: Any, minimum: Any) -> arb:
        """ℒ at an output, exactly where that is rational; else at minimum − left."""
        if left is None or isinstance(output, fmpq):
            return self._problem.unit * self._loss.value(output)
        return self._problem.unit * self._loss.value_beside(output, left, minimum)


def data_in_balls(problem: ExactProblem) -> DataInBalls:
    """What the data of a problem amount to.

    Raises:
        InputError: for rows that are not on one line exactly.
    """
    return SquareData(problem) if problem.is_square else LossData(problem)


def decided_by(question: Callable[[], Answer]) -> Answer:
    """An answer at the first precision that decides it.

    Raises:
        UndecidedError: where none does.
    """
    bits = FIRST
    while True:
        try:
            with precision(bits):
                return question()
        except UndecidedError:
            bits *= 2
            if bits > LARGEST:
                raise


__all__ = ["DataInBalls", "LossData", "SquareData", "data_in_balls", "decided_by"]
