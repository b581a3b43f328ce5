"""Data on a line through the origin as tensors: the effective point, differentiable in the data.

The formulas are those of `numeric.data.line`. Derivatives by inputs of a set are those of the nearest
line: the direction is a right singular vector up to the square of the deviation, its derivative too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from numeric.data import line
from numeric.data.line import ROUNDINGS
from numeric.generated import linear
from numeric.methods.tensors.library import Library


class TensorPoint(NamedTuple):
    """What a data set on a line amounts to (Xu & Ziyin 2025, Proposition 1).

    Attributes:
        direction: unit vector e, shape (d0,).
        strength: ρ, the norm of the effective point.
        target: y.
        floor: the part of the mean squared error that no weights can remove.
    """

    direction: Any
    strength: Any
    target: Any
    floor: Any


def of_point(x: Any, y: Any, xp: Any) -> TensorPoint:
    """One data point; x = 0 has no direction, nothing moves, and no derivative by x exists."""
    strength = norm(x, xp)
    direction = x / xp.where(strength > 0, strength, 1)
    return TensorPoint(direction, strength, y, 0 * y)


def of_set(X: Any, targets: Any, library: Library, tolerance: float) -> TensorPoint:
    """Effective point of a data set; NaN for one off a line whose values cannot be read.

    Raises:
        OffLineError: for rows that do not lie on one line.
    """
    xp = library.xp
    direction = direction_of(X, library)
    along = X @ direction
    unit = float(xp.finfo(X.dtype).eps) / 2
    read = library.to_numpy(X)
    if read is not None:
        line.of_set(read, np.zeros(len(read)), tolerance, linear, unit if unit > 1e-10 else 0.0)
    else:
        deviation = norm(X - along[:, None] * direction, xp)
        allowed = max(tolerance, ROUNDINGS * unit) * norm(along, xp)
        direction = xp.where(deviation <= allowed, direction, xp.nan)
    second, cross = xp.mean(along * along), xp.mean(along * targets)
    slope = cross / xp.where(second > 0, second, 1)
    return TensorPoint(
        direction,
        norm(along, xp) / len(targets) ** 0.5,
        linear.target(second, cross, xp),
        xp.mean((targets - slope * along) ** 2),
    )


def direction_of(X: Any, library: Library) -> Any:
    """The unit vector along rows on one line, its first nonzero component positive."""
    xp = library.xp
    longest = library.row(X, xp.argmax(xp.sum(X * X, -1)))
    direction = (X @ longest) @ X
    length = norm(direction, xp)
    direction = direction / xp.where(length > 0, length, 1)
    first = library.row(direction, xp.argmax(xp.where(direction != 0, 1, 0)))
    return xp.where(first < 0, -direction, direction)


def norm(values: Any, xp: Any) -> Any:
    """Euclidean norm of all entries; its derivative is 0 where it is 0."""
    square = xp.sum(values * values)
    return xp.where(square > 0, xp.sqrt(xp.where(square > 0, square, 1)), 0)
