"""Where the loss of a set is least: in a valley that is flat, at a kink, far away, nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from verify.oracle.effective import minimum
from verify.oracle.problem import Problem


def problem(loss, targets, xs=None, network="linear"):
    """A set on a line; x = 1 at all targets if not given."""
    targets = np.array(targets, dtype=float)
    X = np.ones((targets.size, 1)) if xs is None else np.array(xs, dtype=float)[:, None]
    return Problem("a set", np.ones(1), np.ones((1, 1)), X, targets, 1.0, 1.0, 1.0, network, loss)


@pytest.mark.parametrize(
    ("targets", "start", "least"),
    [
        ([5, 1], 4.6, 4.0),  # flat from 2 to 4
        ([5, 1], 6e5, 4.0),
        ([5, 1], 4 + 1e-9, 4.0),
        ([5, 1], 1.4, 2.0),
        ([5, 1], -1e6, 2.0),
        ([3, -1], 7.0, 2.0),
        ([3, -1], -7.0, 0.0),  # the valley ends at 0
        ([1e6, 1 - 1e6], 3e6, 1e6 - 1),
        ([1e6, 1 - 1e6], -3e6, 2 - 1e6),
        ([2.5, 1], 10.0, 1.75),  # not flat: each pulls in proportion
    ],
)
def test_a_valley_of_two_targets(targets, start, least):
    found = minimum(problem("huber", targets), start)
    assert found == pytest.approx(least, rel=1e-12, abs=1e-12)


def test_a_valley_between_inputs_of_a_line():
    """Both inputs are 2, targets 10 and 2: the slopes are opposite where 2f is 3 … 9."""
    of_a_line = problem("huber", [10, 2], [2, 2])
    assert minimum(of_a_line, 40.0) == pytest.approx(4.5, rel=1e-12)


@pytest.mark.parametrize("start", [-1e9, -40.0, 0.0, 1.0, 30.0, 700.0])
@pytest.mark.parametrize("loss", ["logistic", "exponential"])
@pytest.mark.parametrize("x", [1e-3, 1.0, 1e3])
def test_a_slope_that_fades_leads_to_infinity(loss, start, x):
    places = problem(loss, [1, 1], [x, x])
    assert minimum(places, start / x) == np.inf
    assert minimum(problem(loss, [-1, -1], [x, x]), -start / x) == -np.inf


def test_a_slope_that_jumps_is_a_kink():
    assert minimum(problem("hinge", [1, 1]), -3.0) == 1.0
