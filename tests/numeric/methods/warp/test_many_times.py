"""Many times in one call: what is found for each does not depend on the others, nor on their order.

Sums over neurons may be taken in another order, which is felt in the last digits.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from numeric import GradientFlow, catalogue
from numeric.methods.warp.stack import Stack

NETWORKS = [*catalogue.names(), "power4"]
TIMES = np.concatenate([[0.0, math.inf], 10.0 ** np.linspace(-12, 10, 60), [1e-300, 1e200]])
LOSSES = {"square": 0.7, "quartic": -0.4, "log_cosh": 12.0, "logistic": 1.0, "hinge": -1.0}


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
