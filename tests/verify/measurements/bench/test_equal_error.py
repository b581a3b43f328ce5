"""The tolerance of equal error, with peers whose error is known."""

from __future__ import annotations

import numpy as np
import pytest

from verify.measurements.bench.equal_error import error, error_between, tolerance
from verify.measurements.bench.record import EQUAL, ROUNDING


@pytest.mark.parametrize(
    ("goal", "tightest", "expected"),
    [
        (1e-8, 1e-13, 10**-8.0),
        (2.9e-8, 1e-13, 1e-8),
        (4e-8, 1e-13, 10**-7.5),
        (1e-15, 1e-13, 1e-13),  # it never comes close: its tightest
        (1.0, 1e-13, 1e-3),  # it is never so bad: its loosest
        (0.0, 1e-16, 10**-15.0),  # no digits are asked that rounding takes
    ],
)
def test_it_is_the_tightest_that_does_not_beat_ours_by_much(goal, tightest, expected):
    rtol, found = tolerance(lambda rtol: rtol, tightest, goal)
    assert rtol == found == pytest.approx(expected, rel=1e-12, abs=0)


def test_no_run_is_made_beyond_the_one_that_is_taken():
    asked = []
    tolerance(lambda rtol: asked.append(rtol) or 1.0, 1e-13, 1e-8)
    assert asked == pytest.approx([1e-13], abs=0)
    assert EQUAL * ROUNDING < 1e-14


def test_an_error_is_relative_to_the_largest():
    assert error(np.array([1.2, 4.0]), np.array([1.0, 4.0])) == pytest.approx(0.05)
    assert error(np.array([1.0, np.nan]), np.array([1.0, 4.0])) == np.inf
    assert error(np.array([1.0, np.inf]), np.array([1.0, 4.0])) == np.inf


@pytest.mark.parametrize("number", [1, 5, 10, 50])
def test_times_that_both_have_are_compared(number):
    def at(n):
        return np.arange(1, n + 1) / n

    assert error_between(at(number), at(10)) == 0
    assert error_between(at(number) + 0.5, at(10)) == pytest.approx(0.5)
