"""Data of a linear neuron, exactly: XᵀX and Xᵀy, and whether XᵀX is a multiple of a projector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat

from numeric.errors import InputError
from numeric.methods.riccati.given import Matrix, product, transposed

Vector = list[Fraction]
ROUNDING = Fraction(1, 10**13)  # by which rounded data may be off white, relative to their size
RANK = 1e-12  # of the largest eigenvalue of XᵀX, below which one is none
OFF = 1e-9  # of Xᵀy, below which a part of it off the range of XᵀX is rounding


@dataclass(frozen=True)
class Data:
    """XᵀX and Xᵀy.

    Attributes:
        gram: XᵀX, d × d.
        cross: Xᵀy.
        squares: ‖y‖²; None where only gram and cross are known.
        scale: c with XᵀX = c · projector, and Xᵀy in its range; None where there is none.
        off: how far XᵀX is off that, relative; 0 for exact data.
    """

    gram: Matrix
    cross: Vector
    squares: Fraction | None
    scale: Fraction | None
    off: Fraction

    @property
    def projector(self) -> Matrix:
        """Onto the row space of white data."""
        assert self.scale is not None
        return [[z / self.scale for z in row] for row in self.gram]

    @property
    def least(self) -> Fraction:
        """The least loss of white data: ½(‖y‖² − ‖Xᵀy‖²/c), 0 where ‖y‖² is not known."""
        if self.squares is None or self.scale is None:
            return Fraction(0)
        return (self.squares - sum(z * z for z in self.cross) / self.scale) / 2


def of_set(X: Matrix, targets: Vector) -> Data:
    """Of inputs, a row each, and one target a row."""
    columns = transposed(X)
    cross = [row[0] for row in product(columns, [[y] for y in targets])]
    return _read(product(columns, X), cross, sum((y * y for y in targets), Fraction(0)))


def of_moments(gram: Matrix, cross: Vector) -> Data:
    """Of XᵀX and Xᵀy.

    Raises:
        InputError: for a gram that is not symmetric or has a negative eigenvalue, and for a cross outside
            of its range: no data have these, and no loss is least.
    """
    if gram != transposed(gram):
        raise InputError("gram", "no symmetric matrix", "XᵀX")
    values = np.linalg.eigvalsh(np.array([[float(z) for z in row] for row in gram]))
    if values[0] < -RANK * np.abs(values).max():
        found = f"a matrix with the eigenvalue {values[0]:.3g}"
        raise InputError("gram", found, "XᵀX, which has none below 0")
    data = _read(gram, cross, None)
    worst = max((_along(cross, one) for one in _null_space(gram)), default=0.0)
    if worst > OFF * float(max(map(abs, cross))):
        found = f"a vector off the range of gram by {worst:.3g}"
        raise InputError("cross", found, "Xᵀy, which is in the range of XᵀX")
    return data


def _null_space(gram: Matrix) -> list[Vector]:
    """Of the exact matrix: one that is singular but for a rounding has none."""
    entries = [[fmpq(z.numerator, z.denominator) for z in row] for row in gram]
    reduced, rank = fmpq_mat(entries).rref()
    size = range(len(gram))
    pivots = [next(j for j in size if reduced[i, j] != 0) for i in range(rank)]
    found = []
    for free in (j for j in size if j not in pivots):
        one = [Fraction(int(j == free)) for j in size]
        for i, pivot in enumerate(pivots):
            one[pivot] = -Fraction(int(reduced[i, free].p), int(reduced[i, free].q))
        found.append(one)
    return found


def _along(cross: Vector, direction: Vector) -> float:
    """How much of it there is along a direction."""
    share = sum((a * b for a, b in zip(cross, direction, strict=True)), Fraction(0))
    return abs(float(share)) / math.hypot(*(float(z) for z in direction))


def _read(gram: Matrix, cross: Vector, squares: Fraction | None) -> Data:
    trace = sum((gram[i][i] for i in range(len(gram))), Fraction(0))
    if trace <= 0:
        raise InputError("the data", "inputs that are all 0", "an input that is not")
    square = product(gram, gram)
    scale = sum((square[i][i] for i in range(len(gram))), Fraction(0)) / trace
    apart = [abs(a - scale * b) for one, two in zip(square, gram, strict=True)
             for a, b in zip(one, two, strict=True)]  # fmt: skip
    off = max(apart) / scale**2
    pulled = product(gram, [[z] for z in cross])
    missed = max(abs(z - p / scale) for z, (p,) in zip(cross, pulled, strict=True))
    # A direction that is none but for 1e-14 is one to a cross that has more than a rounding of it.
    is_white = off <= ROUNDING and missed <= ROUNDING * max(map(abs, cross))
    return Data(gram, cross, squares, scale if is_white else None, off)
