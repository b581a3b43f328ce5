"""Problems in fewer dimensions: the same outputs and velocities, the same flow, and what is refused."""

from __future__ import annotations

import math
import pickle
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric import GradientFlow, catalogue
from numeric.errors import InputError
from numeric.methods.declared.equations import Equations
from numeric.methods.declared.flow import DeclaredFlow
from numeric.methods.declared.problem import read, symbols_of, value_of
from numeric.methods.declared.turned import Turned, _basis

TURNED = [(name, z) for name in catalogue.declared() for z in catalogue.load_declared(name).TURNS]
LARGE = 20


def drawn(module, generator, sizes=None, points=2):
    """A problem, of sizes 2 but for those given."""
    shapes = [*module.WEIGHTS.values(), *module.INPUTS.values(), *module.FROZEN.values()]
    symbols = dict.fromkeys(s for shape in shapes for size in shape for s in symbols_of(size))
    sizes = dict.fromkeys(symbols, 2) | (sizes or {})

    def array(shape, *lead):
        size = (*lead, *(value_of(one, sizes, "drawn") for one in shape))
        return generator.normal(size=size) * 10 ** generator.uniform(-0.5, 0.2)

    targets = array(module.OUTPUT, points)
    if module.LOSS == "softmax":
        targets = np.arange(points) % targets.shape[-1]
    return {
        "weights": {z: array(shape) for z, shape in module.WEIGHTS.items()},
        "x": {z: array(shape, points) for z, shape in module.INPUTS.items()},
        "y": targets,
        "frozen": {z: array(shape) for z, shape in module.FROZEN.items()},
        "rates": {z: generator.uniform(0.2, 2) for z in set(module.RATES.values())},
    }


def apart(module, size, generator):
    """How far output and velocities are off at weights that some motion has led to, and their sizes."""
    problem = read(**drawn(module, generator, {size: LARGE}), network=module)
    turned = Turned(problem)
    assert turned.sizes[size][0] == LARGE
    small, whole = Equations(turned.problem), Equations(problem)
    theta = small.joined(turned.problem.weights)
    theta = theta + generator.normal(size=theta.shape) * 0.3
    at = small.split(theta)
    lifted = turned.lifted(at)
    outputs = small.output(at), whole.output(lifted)
    slow = small.split(small.velocity(theta, small.start(theta)))
    start = whole.joined(lifted)
    fast = whole.velocity(start, whole.start(start))
    step = 1e-3 / (np.abs(fast).max() or 1.0)
    ahead = turned.lifted({z: at[z] + step * slow[z] for z in at})
    moved = (whole.joined(ahead) - start) / step
    return (
        np.abs(outputs[0] - outputs[1]).max() / (np.abs(outputs[1]).max() or 1.0),
        np.abs(moved - fast).max() / (np.abs(fast).max() or 1.0),
    )


@pytest.mark.parametrize(("name", "size"), TURNED)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_outputs_and_velocities_are_those_of_all_dimensions(name, size, seed):
    """Both exact but for rounding, the velocity by a difference of what is affine in it."""
    output, velocity = apart(catalogue.load_declared(name), size, np.random.default_rng(seed))
    assert output <= 1e-11
    assert velocity <= 1e-9


@pytest.mark.parametrize(
    ("name", "size", "array"),
    [("two_layer_linear", "h", "U"), ("lora", "n", "x"), ("dora", "n", "W"), ("dora", "n", "A")],
)
def test_without_an_array_that_spans_it_is_another_flow(name, size, array):
    """And so the test above finds a table that is wrong."""
    module, altered = catalogue.load_declared(name), ModuleType("altered")
    vars(altered).update(vars(module))
    slots = [(*one[:3], one[3] and one[1] != array) for one in module.TURNS[size]]
    altered.TURNS = {size: tuple(slots)}
    found = [apart(altered, size, np.random.default_rng(seed)) for seed in range(3)]
    assert all(max(pair) > 1e-6 for pair in found)


CASES = {
    "two_layer_linear": ({"h": 40, "n": 3, "m": 2}, {"h": (40, 4), "n": (3, 2)}),
    "three_layer_linear": ({"h": 4, "k": 30, "n": 3, "m": 2}, {"k": (30, 6), "n": (3, 2)}),
    "softmax_attention": ({"d": 2, "k": 25, "t": 3}, {"k": (25, 4)}),
    "relu": ({"n": 30, "h": 4, "m": 1}, {"n": (30, 2)}),
    "lora": ({"n": 20, "r": 12, "m": 3}, {"n": (20, 2), "r": (12, 5)}),
    "convolution": ({"n": 4, "k": 2, "c": 12}, {"c": (12, 5)}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_flow_in_fewer_dimensions_is_the_flow(name):
    sizes, fewer = CASES[name]
    given_ = drawn(catalogue.load_declared(name), np.random.default_rng(3), sizes)
    given_["rates"] = 0.1
    short = GradientFlow(**given_, network=name)
    long = GradientFlow(**given_, network=name, reduced=False)
    assert short.turned.sizes == fewer
    assert not long.turned.sizes
    assert all(f"{z} = {after} for {before}" in short.why for z, (before, after) in fewer.items())
    for t in (0.0, 1.0):
        for z, array in long.weights(t).items():
            assert np.abs(short.weight(z, t) - array).max() <= 1e-8 * np.abs(array).max()
            assert short.norm(z, t) == pytest.approx(long.norm(z, t), rel=1e-9)
        for one, other in (
            (short.loss(t), long.loss(t)),
            (short.output(t), long.output(t)),
            (short.predict(given_["x"], t), long.output(t)),
            (short.kernel(np.ones_like(long.output(t)), t), long.kernel(np.ones_like(long.output(t)), t)),
        ):  # fmt: skip
            assert np.abs(one - other).max() <= 1e-8 * (1 + np.abs(other).max())
    assert any(
        np.abs(long.weight(z, 1.0) - long.weight(z, 0.0)).max() > 1e-2 for z in given_["weights"]
    )
    assert short.t_c == long.t_c
    for formula, values in short.laws([0.0, 1.0]).items():
        whole = long.laws(1.0)[formula]
        assert values.shape[1:] == whole.shape
        assert np.abs(values - whole).max() <= 1e-8 * (1 + np.abs(whole).max())


def test_other_inputs_see_what_has_not_moved():
    """A part of the weights that no point of the data sees stays as it is, and is seen elsewhere."""
    given_ = drawn(catalogue.load_declared("relu"), np.random.default_rng(5), {"n": 12, "h": 3})
    short, long = (GradientFlow(**given_, network="relu", reduced=one) for one in (True, False))
    x = np.random.default_rng(6).normal(size=(4, 12))
    assert np.abs(short.predict(x, 1.0) - long.predict(x, 1.0)).max() <= 1e-9
    W = short.weight("W", [0.0, 1.0])
    aside = np.linalg.qr(given_["x"]["x"].T, mode="complete")[0][:, 2:]
    assert np.abs(W[1] - W[0]).max() > 1e-3
    assert np.abs((W[1] - W[0]) @ aside).max() <= 1e-12
    assert np.array_equal(W[0], given_["weights"]["W"])


def test_weights_that_are_zero_or_the_same_need_no_dimension():
    generator = np.random.default_rng(7)
    weights = {"B": np.zeros((6, 4)), "A": generator.normal(size=(4, 3))}
    given_ = {
        "weights": weights,
        "x": generator.normal(size=(5, 3)),
        "y": generator.normal(size=(5, 6)),
    }
    flow = DeclaredFlow(**given_, frozen={"W": generator.normal(size=(6, 3))}, network="lora")
    assert flow.turned.sizes == {"r": (4, 3)}
    rows = np.tile(generator.normal(size=(2, 4)), (3, 1))
    flow = DeclaredFlow({"U": rows.T, "V": rows[:, :2].copy()}, generator.normal(size=(9, 2)),
                        generator.normal(size=(9, 4)), network="two_layer_linear")  # fmt: skip
    assert flow.turned.sizes == {"h": (6, 4)}  # 4 vectors and 2, which are among them
    x = np.zeros((9, 5))
    x[:, :2] = generator.normal(size=(9, 2))
    flow = DeclaredFlow({"W": generator.normal(size=(2, 5)), "U": np.ones((1, 2))}, x,
                        generator.normal(size=9), network="relu")  # fmt: skip
    assert flow.turned.sizes == {"n": (5, 2)}


def test_small_weights_are_not_taken_for_zero():
    """1e-30 beside 1 escapes from a saddle like any other start: nothing is left out by a tolerance."""
    generator = np.random.default_rng(8)
    U, V = 1e-30 * generator.normal(size=(1, 9)), 1e-30 * generator.normal(size=(9, 2))
    x, y = np.eye(2), np.array([[40.0], [0.0]])
    short, long = (
        DeclaredFlow({"U": U, "V": V}, x, y, network="two_layer_linear", reduced=one)
        for one in (True, False)
    )
    for t in (1.7, 3.0):
        assert short.loss(t) == pytest.approx(long.loss(t), rel=1e-6)
    assert long.loss(3.0) < 1e-3 * long.loss(0.0)


def test_what_cannot_be_reduced_is_refused_in_a_line():
    weights = {"U": np.ones((2, 2)), "V": np.eye(2)}
    with pytest.raises(InputError, match="reduced: found True; expected None or False: no size"):
        GradientFlow(
            weights=weights, x=np.eye(2), y=np.eye(2), network="two_layer_linear", reduced=True
        )
    with pytest.raises(InputError, match="reduced: found a value; expected none"):
        GradientFlow(np.ones(2), np.ones((2, 2)), np.ones(2), 1.0, reduced=True)


def test_a_reduced_flow_is_pickled_and_ends():
    given_ = drawn(
        catalogue.load_declared("two_layer_linear"), np.random.default_rng(10), {"n": 3, "h": 30}
    )
    flow = GradientFlow(**given_ | {"rates": 1.0}, network="two_layer_linear")
    again = pickle.loads(pickle.dumps(flow))
    assert np.array_equal(again.weight("U", 0.5), flow.weight("U", 0.5))
    assert flow.loss(math.inf) <= 1e-12
    assert flow.limit_kind == "target"


def test_no_basis_is_looked_for_among_more_than_half_a_gigabyte_of_vectors():
    """At 2²⁶ numbers one is, at one more none: what stands for so many here says how many it is."""

    class Vectors:
        def __init__(self, size):
            self.size = size

        def reshape(self, *_):
            return np.zeros((1, 5))

    assert _basis([Vectors(1 << 26)], 5).shape == (5, 1)
    assert _basis([Vectors((1 << 26) + 1)], 5) is None
