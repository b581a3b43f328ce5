"""A flow that was pickled, or copied, answers as the flow itself, bit by bit, whatever it was asked."""

from __future__ import annotations

import copy
import math
import pickle
import threading
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric import GradientFlow
from numeric.catalogue import Network, load, losses, names
from numeric.errors import InputError, InternalCheckError
from numeric.flow import METHODS
from numeric.pickling import Lock

U0, W0 = np.array([0.5, -0.7, 0.9]), np.array([[0.4, 0.3], [0.8, -0.2], [-0.3, 0.6]])
X0 = np.array([1.0, -0.5])
ON_A_RAY = np.outer([1.0, 0.5, 2.0], X0)
SPREAD = np.array([[1.0, -0.5], [0.3, 1.2], [-0.7, 0.4]])  # on no line
DATA = {
    "one point": (X0, 1.0),
    "a ray": (ON_A_RAY, [1.0, -1.0, 1.0]),
    "no line": (SPREAD, [1.0, -1.0, 1.0]),
}
SCALARS = ("output", "loss", "kernel", "kernel_change", "norm_u", "distance_W")


def answers(flow, times):
    """Everything that is asked, as bytes; a refusal in its words."""
    found = [flow.method, flow.why, flow.limit_kind, repr(flow.t_c)]
    for t in times:
        for name in ("u", "W", *SCALARS):
            try:
                found.append((name, t, np.asarray(getattr(flow, name)(t)).tobytes()))
            except (InputError, InternalCheckError) as error:
                found.append((name, t, str(error)))
    return found


def made(network, loss, data, scale=1.0):
    x, y = DATA[data]
    y = np.maximum(y, 0.0) if loss == "binary_cross_entropy" else y  # classes are 0 and 1 there
    return GradientFlow(scale * U0, scale * W0, x, y, network=network, loss=loss, eta_u=0.7)


@settings(max_examples=100)
@given(
    network=st.sampled_from([*names(), "power5"]),
    loss=st.sampled_from(losses()),
    data=st.sampled_from([*DATA]),
    scale=st.sampled_from([1.0, 1e-3, 1e-30]),
    before=st.lists(st.floats(1e-3, 1e2), max_size=2),
    after=st.lists(st.floats(1e-3, 1e2), min_size=1, max_size=3),
    copied=st.sampled_from([lambda flow: pickle.loads(pickle.dumps(flow)), copy.deepcopy]),
)
@pytest.mark.slow
def test_a_copy_answers_bit_by_bit_as_the_flow(network, loss, data, scale, before, after, copied):
    try:
        flow = made(network, loss, data, scale)
        if flow.method == "march":
            before, after = ([min(t, 1.0) for t in times] for times in (before, after))
        for t in before:
            flow.W(t)
    except (InputError, InternalCheckError):
        return
    other = copied(flow)
    ask = values if flow.method == "march" else answers
    assert ask(other, after) == ask(flow, after)


def values(flow, times):
    """Of a flow whose end may take long to come to."""
    return [
        np.asarray(getattr(flow, name)(t)).tobytes() for t in times for name in ("u", "W", "loss")
    ]


@pytest.mark.parametrize(
    ("network", "loss", "data", "method"),
    [
        ("linear", "square", "one point", "explicit"),
        ("linear", "half_square", "a ray", "explicit"),
        ("tanh", "square", "one point", "warp"),
        ("relu", "hinge", "a ray", "warp"),
        ("cubic", "logistic", "one point", "warp"),
        ("tanh", "square", "no line", "march"),
    ],
)
@pytest.mark.parametrize("copied", [lambda z: pickle.loads(pickle.dumps(z)), copy.deepcopy])
def test_every_method_is_copied(network, loss, data, method, copied):
    flow = made(network, loss, data)
    assert flow.method == method
    fresh = copied(flow)
    assert type(fresh) is METHODS[method]
    assert isinstance(fresh, GradientFlow)
    times = [3.0, 0.1, math.inf] if loss != "logistic" else [3.0, 0.1]
    expected = answers(flow, times)
    assert answers(fresh, times) == expected
    assert answers(copied(flow), times) == expected
    assert answers(copied(copied(flow)), times) == expected


def test_a_copy_has_its_own_weights_and_its_own_lock():
    flow = made("tanh", "square", "one point")
    other = copy.deepcopy(flow)
    assert other.u0 is not flow.u0
    assert other._lock is not flow._lock
    with flow._lock:
        copied = pickle.loads(pickle.dumps(flow))
        seen = []
        thread = threading.Thread(target=lambda: seen.append(float(copied.loss(0.5))))
        thread.start()
        thread.join(60)
    assert seen == [float(flow.loss(0.5))]


def test_a_lock_keeps_others_out_and_lets_its_own_thread_in():
    lock, seen = Lock(), []

    def enter():
        with lock:
            seen.append("other")

    with lock, lock:
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join(0.05)
        seen.append("own")
    thread.join(60)
    assert seen == ["own", "other"]


def test_evaluators_that_have_no_name_are_refused_by_name():
    module = ModuleType("evaluators_of_my_own")
    module.__dict__.update({k: v for k, v in vars(load("tanh").module).items() if k[:2] != "__"})
    flow = GradientFlow(U0, W0, X0, 1.0, network=Network("own", module, None))
    with pytest.raises(pickle.PicklingError, match="'evaluators_of_my_own': it cannot be imported"):
        pickle.dumps(flow)
