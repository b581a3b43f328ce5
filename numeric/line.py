"""Data on a line through the origin: its direction, coordinates and effective point.

x̃ₙ = aₙ e. The sign of e is a convention: its first nonzero component is positive.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.errors import InputError
from numeric.generated import linear

Array = NDArray[np.floating]
extended = np.longdouble

LINE_TOLERANCE = 1e-12
"""Largest second singular value, relative to the first, that rounding is taken to explain."""


class EffectivePoint(NamedTuple):
    """What a data set on a line amounts to (Xu & Ziyin 2025, Proposition 1).

    Attributes:
        direction: unit vector e, shape (d0,).
        strength: ρ, the norm of the effective point.
        target: y.
        floor: the part of the mean squared error that no weights can remove.
    """

    direction: Array
    strength: np.floating
    target: np.floating
    floor: np.floating


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
) -> EffectivePoint:
    """Effective point of a data set.

    Args:
        X: inputs, shape (n, d0).
        targets: shape (n,).
        tolerance: on the ratio of the second to the first singular value.
        evaluators: the generated module that computes.

    Raises:
        InputError: when the rows do not lie on one line; it tells the second singular value.
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
    deviation = norm(X - np.outer(a, direction))
    if deviation > tolerance * norm(a):
        first, second = np.linalg.svd(np.asarray(X, dtype=np.float64), compute_uv=False)[:2]
        raise InputError(
            "X",
            f"rows off one line: singular values {first:.6g} and {second:.6g}",
            f"a second singular value of at most {tolerance:g} times the first",
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
    )


def norm(values: Array) -> np.floating:
    """Euclidean norm, without overflow or underflow of the squares."""
    largest = np.max(np.abs(values)) if values.size else extended(0)
    if largest == 0 or not np.isfinite(largest):
        return extended(largest)
    return extended(largest * np.sqrt(np.sum((values / largest) ** 2)))
