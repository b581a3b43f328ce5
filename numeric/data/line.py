"""Data on a line through the origin: its direction, coordinates and effective point.

x̃ₙ = aₙ e. The sign of e is a convention: its first nonzero component is positive. One input, of a set
or alone, is its own point (`of_point`), and keeps its sign.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.data.arrays import UNITS
from numeric.errors import InputError
from numeric.generated import linear

Array = NDArray[np.floating]
extended = np.longdouble

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
    """

    direction: Array
    strength: np.floating
    target: np.floating
    floor: np.floating
    deviation: float = 0.0


def of_point(x: Array, y: float) -> EffectivePoint:
    """One data point is its own effective point; x = 0 has no direction and nothing moves."""
    wide = np.asarray(x, dtype=extended)
    strength = norm(wide)
    direction = wide / strength if strength > 0 else wide.copy()
    direction.setflags(write=False)
    return EffectivePoint(direction, strength, extended(y), extended(0))


def of_set(
    X: Array,
    targets: Array,
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
    X, targets = np.asarray(X, dtype=extended), np.asarray(targets, dtype=extended)
    lengths = np.sqrt(np.sum(X * X, axis=1))
    longest = int(np.argmax(lengths))
    if lengths[longest] == 0:
        return EffectivePoint(X[longest].copy(), extended(0), extended(0), np.mean(targets**2))
    direction = X[longest] / lengths[longest]
    # One step of power iteration: the right singular vector, up to the square of the deviation.
    direction = (X @ direction) @ X
    direction = direction / norm(direction) * np.sign(direction[np.flatnonzero(direction)[0]])
    a = X @ direction
    on_line = np.outer(a, direction)
    deviation = norm(X - on_line)
    if deviation > tolerance * norm(a) and not is_rounding(X, on_line, tolerance, roundoff):
        first, second = np.linalg.svd(np.asarray(X, dtype=np.float64), compute_uv=False)[:2]
        raise OffLineError(
            "X",
            f"rows off one line: singular values {first:.6g} and {second:.6g}",
            f"a second singular value of at most {tolerance:g} times the first; "
            f"{remedy(float(deviation / norm(a)))} as they are on the nearest line",
        )
    direction.setflags(write=False)
    second_moment, cross_moment = np.mean(a * a), np.mean(a * targets)
    slope = cross_moment / second_moment
    return EffectivePoint(
        direction,
        evaluators.strength(second_moment),
        evaluators.target(second_moment, cross_moment)[()],
        # One point can always be fitted; rounding shall not say otherwise.
        np.mean((targets - slope * a) ** 2) if len(targets) > 1 else extended(0),
        float(deviation / norm(a)),
    )


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


def is_rounding(X: Array, model: Array, tolerance: float, roundoff: float = 0.0) -> bool:
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


def norm(values: Array) -> np.floating:
    """Euclidean norm, without overflow or underflow of the squares."""
    largest = np.max(np.abs(values)) if values.size else extended(0)
    if largest == 0 or not np.isfinite(largest):
        return extended(largest)
    return extended(largest * np.sqrt(np.sum((values / largest) ** 2)))
