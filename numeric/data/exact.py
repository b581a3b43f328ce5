"""Input without rounding: rational numbers, and what exact data on a line amount to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import NamedTuple

from flint import fmpq

from numeric.catalogue import Network
from numeric.data.training import TrainingProblem, read
from numeric.errors import InputError

Vector = tuple[fmpq, ...]
Matrix = tuple[Vector, ...]
SMALL = 10**6  # denominators of what modules are generated with


@dataclass(frozen=True, kw_only=True)
class ExactProblem:
    """What is trained, every number exact: the counterpart of `numeric.data.training`.

    Attributes:
        network: evaluators of the network.
        u0, W0: initial weights, one row of W0 per neuron.
        X, targets: the data, one row per input.
        is_set: whether they are a data set; else one point.
        loss: module of the loss ℓ.
        reduction: L is the "mean" or the "sum" of ℓ over the data.
        gamma, eta_u, eta_w: output scale and learning rates.
    """

    network: Network
    u0: Vector
    W0: Matrix
    X: Matrix
    targets: Vector
    is_set: bool
    loss: ModuleType
    reduction: str = "mean"
    gamma: fmpq
    eta_u: fmpq
    eta_w: fmpq

    @property
    def is_square(self) -> bool:
        """Whether the loss is a multiple c (f − y)² of the square."""
        return self.loss.FACTOR is not None

    @property
    def unit(self) -> fmpq:
        """By which the mean over the data is multiplied, of (f − y)² or of a loss that is no square."""
        factor = small_fraction(self.loss.FACTOR) if self.is_square else fmpq(1)
        return factor * len(self.targets) if self.reduction == "sum" else factor

    def rounded(self) -> TrainingProblem:
        """The same in float64.

        Raises:
            OverflowError: for numbers beyond float64.
        """
        X, targets = _floats(self.X), [rounded(y) for y in self.targets]
        return read(
            [rounded(u) for u in self.u0],
            _floats(self.W0),
            X if self.is_set else X[0],
            targets if self.is_set else targets[0],
            network=self.network,
            loss=self.loss,
            reduction=self.reduction,
            gamma=rounded(self.gamma),
            eta_u=rounded(self.eta_u),
            eta_w=rounded(self.eta_w),
        )

    def point(self) -> ExactPoint:
        """What the data amount to under a square.

        Raises:
            InputError: for rows that are not on one line exactly.
        """
        if len(self.X) > 1:
            return exact_set(self.X, self.targets, self.network.degree)
        return exact_point(self.X[0], self.targets[0])


class ExactPoint(NamedTuple):
    """Data on a line, exactly: inputs are coordinates times `direction`, which need not be unit.

    Attributes:
        direction: rational vector m along the line.
        second_moment: mean of the squared coordinates along m.
        cross_moment: mean of coordinate times target.
        floor: smallest mean squared error.
    """

    direction: tuple[fmpq, ...]
    second_moment: fmpq
    cross_moment: fmpq
    floor: fmpq


class Along(NamedTuple):
    """Inputs that are multiples of one, exactly.

    Attributes:
        direction: m.
        coordinates: a of each input a m.
    """

    direction: Vector
    coordinates: Vector


def rational(value: Fraction | float) -> fmpq:
    """The exact value of a fraction or of a float."""
    fraction = Fraction(value)
    return fmpq(fraction.numerator, fraction.denominator)


def rounded(value: fmpq) -> float:
    """The float64 next to a rational number.

    Raises:
        OverflowError: beyond float64.
    """
    return float(Fraction(int(value.p), int(value.q)))


def small_fraction(value: float) -> fmpq:
    """A number of a generated module, which is a quotient of small whole numbers, rounded."""
    return rational(Fraction(value).limit_denominator(SMALL))


def dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    """Σ a b."""
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def _floats(rows: Matrix) -> list[list[float]]:
    return [[rounded(z) for z in row] for row in rows]


def rational_rows(rows: Iterable[Iterable[Fraction | float]]) -> Matrix:
    """The exact values of rows."""
    return tuple(tuple(map(rational, row)) for row in rows)


def exact_point(x: Vector, y: fmpq) -> ExactPoint:
    """One data point."""
    return ExactPoint(x, fmpq(1), y, fmpq(0))


def exact_set(rows: Matrix, targets: Vector, degree: int = 1) -> ExactPoint:
    """A data set whose rows lie exactly on one line.

    Args:
        rows: inputs.
        targets: one per row.
        degree: β of the activation; moments are of the β-th powers of the coordinates.

    Raises:
        InputError: naming a row that does not.
    """
    size = fmpq(len(rows))
    total = sum((z * z for z in targets), fmpq(0)) / size
    direction, along = on_a_line(rows)
    coordinates = [a**degree for a in along]
    second = sum((a * a for a in coordinates), fmpq(0)) / size
    if second == 0:
        return ExactPoint(direction, fmpq(0), fmpq(0), total)
    cross = sum((a * z for a, z in zip(coordinates, targets, strict=True)), fmpq(0)) / size
    return ExactPoint(direction, second, cross, total - cross * cross / second)


def on_a_line(rows: Matrix) -> Along:
    """Rows as multiples of the first that is not zero.

    Raises:
        InputError: naming a row that is no multiple of it.
    """
    direction = next((row for row in rows if any(row)), None)
    if direction is None:
        return Along(rows[0], (fmpq(0),) * len(rows))
    # The sign convention of numeric.data.line: the first nonzero component is positive.
    first = next(index for index, value in enumerate(direction) if value)
    if direction[first] < 0:
        direction = tuple(-value for value in direction)
    along = tuple(row[first] / direction[first] for row in rows)
    for number, (a, row) in enumerate(zip(along, rows, strict=True)):
        if any(value != a * m for value, m in zip(row, direction, strict=True)):
            raise InputError(
                f"X[{number}]",
                "a row that is not an exact multiple of the others (rounded data)",
                "rows exactly on one line, e.g. numbers as decimal strings; rounded data have no digits "
                "to be certified: leave out --digits",
            )
    return Along(direction, along)
