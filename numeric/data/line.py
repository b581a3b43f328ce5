"""Data on a line through the origin: its direction, coordinates and effective point.

x̃ₙ = aₙ e. The sign of e is a convention: its first nonzero component is positive. One input, of a set
or alone, is its own point (`of_point`), and keeps its sign.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from numeric.data.arrays import UNITS, Floats
from numeric.double_double import DoubleDouble, Precise, precise
from numeric.errors import InputError
from numeric.generated import linear

LINE_TOLERANCE = 1e-12
"""Largest second singular value, relative to the first, that rounding is taken to explain."""
ROUNDINGS = 6
"""Roundings of the type that data came in, of each entry, that may have taken them off the line."""


class OffLineError(InputError):
    """Data that no single point stands for: off one line or ray, or not equal where they must be."""


class EffectivePoint(NamedTuple):
    """What a data set on a line amounts to (Xu & Ziyin 2025, Proposition 1).

    Attributes:
        direction: unit vector e, shape (d0,).
        strength: ρ, the norm of the effective point.
        target: y.
        floor: the part of the mean squared error that no weights can remove.
        deviation: how far off the line the data are, ‖X − a eᵀ‖ / ‖X‖. The answers are those of the
            data on the line; over the first few t_c they are off by about that share of the size of the
            weights, ten times it at worst (30 random networks, against descent). Later the data off
            the line are learned, too, at a rate that is smaller by its square.
        direction_rest: what rounding took away from `direction`.
    """

    direction: Floats
    strength: DoubleDouble
    target: DoubleDouble
    floor: DoubleDouble
    deviation: float
    direction_rest: Floats

    @property
    def precise_direction(self) -> DoubleDouble:
        """The unit vector with twice the digits."""
        return DoubleDouble(self.direction, self.direction_rest)


def of_point(x: Floats, y: float) -> EffectivePoint:
    """One data point is its own effective point; x = 0 has no direction and nothing moves."""
    size, unit = _in_units(np.asarray(x, dtype=np.float64))
    length = DoubleDouble.product(unit, unit).sum().sqrt()
    direction = unit / length if length.hi > 0 else precise(0 * unit)
    return _effective(direction, _times(length, size), DoubleDouble(y), DoubleDouble(0.0))


def of_set(
    X: Floats,
    targets: Floats,
    tolerance: float = LINE_TOLERANCE,
    evaluators: ModuleType = linear,
    roundoff: float = 0.0,
) -> EffectivePoint:
    """Effective point of a data set.

    Args:
        X: inputs, shape (n, d0).
        targets: shape (n,).
        tolerance: on the ratio of the second to the first singular value. Unless it is less than
            `LINE_TOLERANCE`, rounded data may be further off (see `is_rounding`).
        evaluators: the generated module that computes.
        roundoff: of the type that the inputs came in.

    Raises:
        OffLineError: when the rows do not lie on one line; it tells the second singular value.
    """
    X, targets = np.asarray(X, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    (size, unit), (goal_size, goals) = _in_units(X), _in_units(targets)
    if not unit.any():
        none, squares = np.zeros(X.shape[1]), DoubleDouble.product(goals, goals)
        floor = _times(squares.sum() / float(len(goals)), 2 * goal_size)
        return _effective(precise(none), DoubleDouble(0.0), DoubleDouble(0.0), floor)
    direction, a = _line(unit)
    on_line = np.outer(a.hi, direction.hi)
    off = DoubleDouble(unit) - a[:, None] * direction
    deviation = float(np.linalg.norm(off.hi) / np.linalg.norm(a.hi))
    if deviation > tolerance and not is_rounding(X, np.ldexp(on_line, size), tolerance, roundoff):
        first, second = np.linalg.svd(X, compute_uv=False)[:2]
        raise OffLineError(
            "X",
            f"rows off one line: singular values {first:.6g} and {second:.6g}",
            f"a second singular value of at most {tolerance:g} times the first; "
            f"{remedy(deviation)} as they are on the nearest line",
        )
    n, xp = float(len(goals)), Precise()
    second_moment, cross_moment = (a * a).sum() / n, (a * goals).sum() / n
    rest = goals - cross_moment / second_moment * a
    # One point can always be fitted; rounding shall not say otherwise.
    floor = (rest * rest).sum() / n if len(goals) > 1 else DoubleDouble(0.0)
    return _effective(
        direction,
        _times(evaluators.strength(second_moment, xp), size),
        _times(evaluators.target(second_moment, cross_moment, xp), goal_size),
        _times(floor, 2 * goal_size),
        deviation,
    )


def _line(X: Floats) -> tuple[DoubleDouble, DoubleDouble]:
    """The unit vector along rows, its first nonzero component positive, and their coordinates on it."""
    longest = X[np.argmax(np.linalg.norm(X, axis=1))]
    # One step of power iteration: the right singular vector, up to the square of the deviation.
    guess = longest / np.linalg.norm(longest)
    vector = (DoubleDouble(X) * guess).sum(axis=-1)
    direction = (DoubleDouble(X.T) * vector).sum(axis=-1)
    direction = direction / (direction * direction).sum().sqrt()
    direction = direction * np.sign(direction.hi[np.flatnonzero(direction.hi)[0]])
    return direction, (DoubleDouble(X) * direction).sum(axis=-1)


def _in_units(values: Floats) -> tuple[int, Floats]:
    """An exponent of two, and values divided by it so that the largest is about 1."""
    exponent = int(np.frexp(np.abs(values).max(initial=0.0))[1])
    return exponent, np.ldexp(values, -exponent)


def _times(value: DoubleDouble, exponent: int) -> DoubleDouble:
    """Value · 2^exponent; infinite beyond float64."""
    with np.errstate(over="ignore"):
        high, low = (float(np.ldexp(z, exponent)) for z in (value.hi, value.lo))
    return DoubleDouble(high, low)


def _effective(
    direction: DoubleDouble,
    strength: DoubleDouble,
    target: DoubleDouble,
    floor: DoubleDouble,
    deviation: float = 0.0,
) -> EffectivePoint:
    vector, rest = np.asarray(direction.hi), np.zeros(np.shape(direction.hi)) + direction.lo
    for array in (vector, rest):
        array.setflags(write=False)
    return EffectivePoint(vector, strength, target, floor, deviation, rest)


def remedy(deviation: float) -> str:
    """What to do about data that rounding or noise took off a line."""
    above = 1.06 * deviation  # so that two digits of it are enough
    return f"if that is rounding or noise, a line_tolerance of {above:.1e} takes them"


def doubt(deviation: float) -> str | None:
    """How far answers may be off, where data were taken off their line; None where they were not."""
    if deviation <= LINE_TOLERANCE:
        return None
    return (
        f"the data are off one line by {deviation:.1e} of their size: the answer is that of the nearest "
        "data on a line, and may be off by some ten times that share over the first few t_c"
    )


def is_rounding(X: Floats, model: Floats, tolerance: float, roundoff: float = 0.0) -> bool:
    """Whether a few roundings of each entry explain how far the data are from what they should be.

    Roundings of float64 are within `LINE_TOLERANCE`; a tolerance below it allows no others. Those of
    shorter types are known by the type that the data came in, or by the values: numbers that are all
    float32 numbers are roundings to float32. Whole numbers are exact.

    Args:
        X: the data.
        model: what they should be.
        tolerance: that the user set.
        roundoff: of the type that the data came in.
    """
    if tolerance < LINE_TOLERANCE:
        return False
    with np.errstate(over="ignore", under="ignore"):
        are_short = np.all(X.astype(np.float32) == X)
    unit = max(roundoff, UNITS["float32"] if are_short else 0.0)
    if unit == 0 or np.all(np.rint(X) == X):
        return False
    return bool(np.all(np.abs(X - model) <= ROUNDINGS * unit * np.abs(model)))
