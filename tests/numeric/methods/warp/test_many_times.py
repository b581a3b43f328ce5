"""Many times in one call: what is found for each does not depend on the others, nor on their order.

Sums over neurons may be taken in another order, which is felt in the last digits.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from numeric import GradientFlow, catalogue
from numeric.methods import inverse
from numeric.methods.trajectory import Trajectory
from numeric.methods.warp.stack import Stack

NETWORKS = [*catalogue.names(), "power4"]
TIMES = np.concatenate([[0.0, math.inf], 10.0 ** np.linspace(-12, 10, 60), [1e-300, 1e200]])
LOSSES = {
    "square": 0.7,
    "quartic": -0.4,
    "log_cosh": 12.0,
    "logistic": 1.0,
    "hinge": -1.0,
    "huber": 3.0,
}


def drawn(name, loss):
    generator = np.random.default_rng([*f"{name} {loss}".encode()])
    u0, W0 = generator.normal(size=5) * 0.7, generator.normal(size=(5, 2)) * 0.7
    x = generator.normal(size=2)
    return GradientFlow(u0, W0, x, LOSSES[loss], network=name, loss=loss, method="warp")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_time_is_answered_alike_alone_and_among_others(name, loss):
    flow = drawn(name, loss)
    mixed = np.random.default_rng(3).permutation(TIMES).reshape(4, -1)
    for observable in (*flow.observables, "u", "W", "warped_time"):
        ask = getattr(flow, observable)
        together = ask(mixed)
        for index in [*np.ndindex(mixed.shape)][::5]:
            np.testing.assert_allclose(
                together[index], ask(mixed[index]), rtol=1e-13, atol=1e-15, err_msg=observable
            )


def test_the_work_for_many_times_is_a_little_for_each(monkeypatch):
    """One of thousands that went to and fro between two neighbours in float64 kept all of them going."""
    flow, evaluated, call = drawn("cubic", "quartic"), [], Stack.__call__

    def counted(self, panel, offset):
        evaluated.append(np.size(offset))
        return call(self, panel, offset)

    monkeypatch.setattr(Stack, "__call__", counted)
    times = np.sort(10.0 ** np.random.default_rng(0).uniform(-5, 3, 50_000))
    flow.loss(times)
    assert sum(evaluated) < 40 * times.size


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", ["quadratic", "cubic", "power4", "tanh", "relu"])
def test_times_to_many_losses_are_those_that_a_root_finder_finds(name, loss):
    flow = drawn(
        name, loss if (name, loss) != ("tanh", "hinge") else "huber"
    )  # no loss at the start
    start, end = flow.loss(np.array([0.0, math.inf]))
    shares = np.array([1 - 1e-9, 0.9, 0.5, 0.1, 1e-3, 1e-6])
    goals = (end + shares * (start - end)).reshape(2, 3)
    found = flow.time_to_loss(goals)
    assert np.all(np.diff(found.ravel()) > 0)
    # Where it arrives in finite time, the last losses have the digits of what is left until then.
    rounding = np.spacing(found) * np.abs(np.gradient(goals.ravel(), found.ravel())).reshape(2, 3)
    np.testing.assert_array_less(np.abs(flow.loss(found) - goals), 1e-12 * goals + 10 * rounding)
    again = Trajectory.time_to_loss(flow, goals)
    # A goal has 16 digits: what they tell of the time where it is next to the start or the end.
    felt = 4e-15 * (start / (start - goals) + goals / (goals - end))
    np.testing.assert_array_less(np.abs(found / again - 1), 1e-13 + felt)


@pytest.mark.parametrize("name", ["cubic", "tanh"])
def test_times_to_many_losses_are_found_together(name, monkeypatch):
    flow = drawn(name, "log_cosh")
    monkeypatch.setattr(inverse, "time_of", None)
    start, end = flow.loss(np.array([0.0, math.inf]))
    found = flow.time_to_loss([2 * start, math.nan, start, (start + end) / 2, end / 2 - 1])
    np.testing.assert_array_equal(found[[0, 1, 2, 4]], [math.nan, math.nan, 0.0, math.inf])
    assert 0 < found[3] < math.inf


def test_a_loss_with_a_floor_is_reached_and_none_below_it():
    x = np.array([[1.0], [2.0], [-1.5]])
    flow = GradientFlow([0.4, 0.2], [[0.5], [0.3]], x, [0.9, 0.2, 1.0], network="quadratic")
    floor = float(flow.loss(math.inf))
    assert floor > 0.1
    goals = floor + (flow.loss(0.0) - floor) * np.array([0.5, 1e-3])
    np.testing.assert_allclose(flow.loss(flow.time_to_loss(goals)), goals, rtol=1e-14)
    assert flow.time_to_loss(floor * (1 - 1e-12)) == math.inf
