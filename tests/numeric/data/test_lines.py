"""Effective points of many data sets are those of each, to twice the digits."""

from __future__ import annotations

import numpy as np
import pytest

from numeric.data import line, lines
from numeric.generated import linear

FIELDS = ("direction", "strength", "target", "floor")


@pytest.mark.parametrize("points", [1, 2, 5])
@pytest.mark.parametrize("inputs", [1, 2, 7])
@pytest.mark.parametrize("own", [(True, True), (True, False), (False, True)])
def test_points_are_those_of_each(points, inputs, own):
    draw = np.random.default_rng([points, inputs])
    number = 20
    along = 10 ** draw.uniform(-6, 6, (number, 1)) * draw.standard_normal((number, inputs))
    X = draw.standard_normal((number, points))[..., None] * along[:, None]
    targets = 10 ** draw.uniform(-6, 6, (number, 1)) * draw.standard_normal((number, points))
    X, targets = (z if is_own else z[:1] for z, is_own in zip((X, targets), own, strict=True))
    found = lines.of(X, targets, linear, 1e-12)
    assert found.is_plain.all()
    for b in range(number):
        x, goal = (z[b if len(z) > 1 else 0] for z in (X, targets))
        one = line.of_point(x[0], float(goal[0])) if points == 1 else line.of_set(x, goal)
        for name in FIELDS:
            many = getattr(found, name)
            high, low = (z[b if len(z) > 1 else 0] for z in (many.hi, many.lo + 0.0 * many.hi))
            expected = one.precise_direction if name == "direction" else getattr(one, name)
            off = (high - expected.hi) + (low - expected.lo)
            assert np.all(np.abs(off) <= 1e-30 * np.abs(expected.hi)), name


def test_what_is_on_no_line_or_nowhere_is_told():
    X = np.array([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0], [2.0, 4.1]], [[0.0, 0.0], [0.0, 0.0]]])
    assert lines.of(X, np.ones((1, 2)), linear, 1e-12).is_plain.tolist() == [True, False, False]
    assert lines.of(X[:, :1], np.ones((1, 1)), linear, 1e-12).is_plain.tolist() == [
        True,
        True,
        False,
    ]
    near = np.array([[[1.0, 2.0], [1.0, 2.0 + 1e-7]]])  # a tolerance is for each alone to judge
    assert not lines.of(near, np.ones((1, 2)), linear, 1e-3).is_plain.any()
