"""Answers that cannot be are errors: mutants of the generated module, and what is right passes."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from numeric import GradientFlow, catalogue
from numeric.errors import InternalCheckError
from numeric.generated import linear

U0 = np.array([0.07, -0.04, 0.09])  # small: they grow by much, and what has decayed is seen
W0 = np.array([[0.03, -0.01], [0.02, 0.05], [-0.04, 0.02]])
X = np.array([0.5, -1.2])
TIMES = np.array([0.0, 0.05, 0.3, 1.0, 3.0, np.inf])
SCALARS = [
    "alpha", "output", "residual", "loss", "overlap", "alignment", "alignment_slope", "norm_u",
    "norm_omega", "norm_W", "kernel", "kernel_change", "distance_u", "distance_W", "u", "W",
]  # fmt: skip


def made_with(**changed):
    """A flow whose module has some functions replaced."""
    module = ModuleType("mutant")
    module.__dict__.update(linear.__dict__, **changed)

    network = replace(catalogue.load("linear"), module=module)
    return GradientFlow(U0, W0, X, 1.3, network=network, gamma=0.8, eta_u=1.5, eta_w=0.4)


def everything(flow):
    for name in SCALARS:
        getattr(flow, name)(TIMES)
    flow.time_to_loss(0.3 * flow.loss(0))


def state_with(field, change):
    def at(t, c, xp=np):
        state = linear.at(t, c, xp)
        return state._replace(**{field: change(getattr(state, field))})

    return at


@pytest.mark.parametrize("field", linear.State._fields)
@pytest.mark.parametrize(
    "change", [lambda z: -z, lambda z: 2 * z, lambda z: 1.001 * z, lambda z: z * np.nan],
    ids=["sign", "factor 2", "one in a thousand", "NaN"],
)  # fmt: skip
def test_a_wrong_state_is_no_answer(field, change):
    everything(made_with())
    with pytest.raises(InternalCheckError, match="internal check failed: "):
        everything(made_with(at=state_with(field, change)))


RESULTS = [
    "residual", "loss", "overlap", "alignment", "norm_u", "norm_omega", "norm_W", "kernel_x",
    "kernel_change", "distance_u", "distance_W", "weight_u", "weight_omega", "weight_w",
    "change_omega", "time_to_loss", "balance",
]  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("factor", [-1.0, 3.0, np.nan])
def test_a_wrong_observable_is_no_answer(name, factor):
    def wrong(*arguments, **named):
        return factor * getattr(linear, name)(*arguments, **named)

    with pytest.raises(InternalCheckError):
        everything(made_with(**{name: wrong}))


def test_the_error_says_what_and_when():
    flow = made_with(at=state_with("f", lambda f: f + 500))
    with pytest.raises(InternalCheckError, match=r"output = [0-9.]+ at t = 0\.3 is not between"):
        flow.output([0.3])


def test_an_unchecked_flow_answers():
    flow = made_with(at=state_with("f", lambda f: f + 500))
    flow.checked = False
    assert flow.output(0.3) > 5


def test_a_residual_that_grows_between_two_times_is_no_answer():
    def at(t, c, xp=np):
        state = linear.at(t, c, xp)
        wave = 1 - 0.1 * np.cos(40 * np.asarray(t, dtype=np.longdouble))
        return state._replace(residual_ratio=state.residual_ratio * wave)

    flow = made_with(at=at)
    with pytest.raises(InternalCheckError, match=r"residual = .*(larger than before|not -)"):
        flow.residual(np.linspace(0.2, 0.3, 50))


@pytest.mark.parametrize("t", [1e-300, 1e-250, 1e-230, 1e-100])
def test_a_layer_of_zeros_may_move_by_less_than_float64_holds(t):
    flow = GradientFlow([0.0], [[1e-80]], [1.0], 1.0)
    assert flow.u(t)[0] == pytest.approx(2e-80 * t, rel=1e-12, abs=5e-324)
    flow = GradientFlow([-1.85e-163], [[0.0, 0.0]], [1.0, 2.0], -1.0, gamma=0.1)
    assert flow.W(t)[0, 0] == pytest.approx(0.1 * 2 * 1.85e-163 * t, rel=1e-12, abs=5e-324)
