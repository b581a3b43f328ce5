"""Effective points of many data sets at once: `line` for arrays with a leading axis of networks.

The same arithmetic in the same order. What is not plain (data off their line, or all zero) is told, and
left to `line`.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from numeric.data.arrays import Bools, Floats
from numeric.data.line import LINE_TOLERANCE
from numeric.double_double import DoubleDouble, Precise


class EffectivePoints(NamedTuple):
    """What data amount to, of each network, or of all in one row.

    Attributes:
        direction: unit vectors, shape (B or 1, d0).
        strength, target, floor: shape (B or 1,).
        is_plain: whether each is known here, shape (B or 1,).
    """

    direction: DoubleDouble
    strength: DoubleDouble
    target: DoubleDouble
    floor: DoubleDouble
    is_plain: Bools


@np.errstate(all="ignore")
def of(X: Floats, targets: Floats, evaluators: ModuleType, tolerance: float) -> EffectivePoints:
    """Effective points.

    Args:
        X: inputs, shape (B or 1, n, d0).
        targets: shape (B or 1, n).
        evaluators: the generated module that computes.
        tolerance: as of `line.of_set`.
    """
    sizes, units = _in_units(X)
    if X.shape[1] == 1:
        unit = units[:, 0]
        length = DoubleDouble.product(unit, unit).sum(axis=-1).sqrt()
        strength, none = _times(length, sizes), np.zeros(len(targets))
        target, floor = DoubleDouble(targets[:, 0], none), DoubleDouble(none, none)
        return EffectivePoints(DoubleDouble(unit) / _column(length), strength, target, floor,
                               length.hi > 0)  # fmt: skip
    direction, a = _lines(units)
    off = DoubleDouble(units) - _column(a) * direction[:, None]
    deviation = np.linalg.norm(off.hi, axis=(1, 2)) / np.linalg.norm(a.hi, axis=1)
    goal_sizes, goals = _in_units(targets)
    n, xp = float(X.shape[1]), Precise()
    second, cross = (a * a).sum(axis=-1) / n, (a * goals).sum(axis=-1) / n
    rest = goals - _column(cross / second) * a
    return EffectivePoints(
        direction,
        _times(evaluators.strength(second, xp), sizes),
        _times(evaluators.target(second, cross, xp), goal_sizes),
        _times((rest * rest).sum(axis=-1) / n, 2 * goal_sizes),
        deviation <= min(tolerance, LINE_TOLERANCE),
    )


def _lines(X: Floats) -> tuple[DoubleDouble, DoubleDouble]:
    """Unit vectors along rows, their first nonzero component positive, and coordinates on them."""
    lengths = np.linalg.norm(X, axis=2)
    every = np.arange(len(X))
    place = np.argmax(lengths, axis=1)
    longest = X[every, place]
    guess = longest / np.linalg.norm(longest, axis=1)[:, None]
    vector = (DoubleDouble(X) * guess[:, None]).sum(axis=-1)
    direction = (DoubleDouble(np.swapaxes(X, 1, 2)) * vector[:, None]).sum(axis=-1)
    direction = direction / _column((direction * direction).sum(axis=-1).sqrt())
    leading = direction.hi[every, np.argmax(direction.hi != 0, axis=1)]
    direction = direction * np.sign(leading)[:, None]
    return direction, (DoubleDouble(X) * direction[:, None]).sum(axis=-1)


def _column(value: DoubleDouble) -> DoubleDouble:
    return value[..., None]


def _in_units(values: Floats) -> tuple[Any, Floats]:
    """Exponents of two, and values divided by them so that the largest of each row is about 1."""
    axes = tuple(range(1, values.ndim))
    exponents = np.frexp(np.abs(values).max(axis=axes, initial=0.0))[1].astype(np.int64)
    return exponents, np.ldexp(values, -exponents.reshape(-1, *(1,) * len(axes)))


def _times(value: DoubleDouble, exponents: Any) -> DoubleDouble:
    return DoubleDouble(np.ldexp(value.hi, exponents), np.ldexp(value.lo, exponents))
