"""Flows of declared networks: against scipy on gradients by torch, descent, and what they conserve."""

from __future__ import annotations

import itertools
import math
import pickle
from types import ModuleType

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from numeric import GradientFlow, catalogue
from numeric.errors import InputError, InternalCheckError
from numeric.methods.declared import laws as watched
from numeric.methods.declared import marched
from numeric.methods.declared.flow import DeclaredFlow
from numeric.methods.declared.problem import value_of
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled
from symbolic.models import shelf
from verify.networks import shelf as by_hand

TIME = 1.5


def normal(seed):
    return np.random.default_rng(seed).normal


class Case:
    """A network with data, at sizes that are none of the declared instances'."""

    def __init__(self, network, shapes, inputs, targets, seed=0, loss=None, frozen=None, scale=0.8):
        draw = normal(seed)
        self.network, self.loss = network, loss
        self.weights = {z: scale * draw(size=shape) for z, shape in shapes.items()}
        self.inputs = {z: draw(size=shape) for z, shape in inputs.items()}
        self.frozen = {z: draw(size=shape) for z, shape in (frozen or {}).items()}
        names = dict.fromkeys(catalogue.load_declared(network).RATES.values())
        self.rates = {name: 0.3 + 0.25 * k for k, name in enumerate(names)}
        self.targets = draw(size=targets) if isinstance(targets, tuple) else np.array(targets)

    def flow(self):
        return DeclaredFlow(
            self.weights, self.inputs, self.targets, network=self.network, rates=self.rates,
            frozen=self.frozen, loss=self.loss,
        )  # fmt: skip

    def gradient(self, theta):
        """dθ/dt by autograd of the network as it is written by hand."""
        tensors, place = {}, 0
        for name, array in self.weights.items():
            part = theta[place : place + array.size].reshape(array.shape)
            tensors[name] = torch.tensor(part, requires_grad=True)
            place += array.size
        frozen = {z: torch.tensor(a) for z, a in self.frozen.items()}
        forward, total = by_hand.load(self.network), 0.0
        for k, y in enumerate(self.targets):
            x = {z: torch.tensor(a[k]) for z, a in self.inputs.items()}
            output = forward(tensors, x, frozen)
            if self.loss == "softmax":
                total = total + torch.nn.functional.cross_entropy(output, torch.tensor(y))
            elif self.loss == "logistic":
                total = total + torch.nn.functional.softplus(-output * torch.tensor(y)).sum()
            else:
                total = total + ((output - torch.tensor(y)) ** 2).sum()
        (total / len(self.targets)).backward()
        rates = catalogue.load_declared(self.network).RATES
        return np.concatenate(
            [-self.rates[rates[z]] * t.grad.numpy().ravel() for z, t in tensors.items()]
        )

    @property
    def start(self):
        return np.concatenate([array.ravel() for array in self.weights.values()])


def joined(weights):
    return np.concatenate([array.ravel() for array in weights.values()])


SMOOTH = {
    "lora": Case("lora", {"B": (4, 3), "A": (3, 2)}, {"x": (5, 2)}, (5, 4), frozen={"W": (4, 2)}),
    "linear_attention": Case(
        "linear_attention", {"Q": (3, 2), "K": (3, 2), "V": (1, 2), "O": (2, 1)},
        {"a": (3, 2), "b": (3, 2), "q": (3, 2)}, (3, 2),
    ),
    "softmax_attention": Case(
        "softmax_attention", {"Q": (2, 3), "K": (2, 3), "V": (3, 3)}, {"X": (3, 4, 3), "q": (3, 3)},
        (3, 3),
    ),
    "convolution": Case("convolution", {"w": (3, 2), "u": (3, 4)}, {"x": (4, 5)}, (4,)),
    "layer_normalisation_with_gain": Case(
        "layer_normalisation_with_gain", {"W": (4, 3), "s": (4,), "u": (4,)}, {"x": (5, 3)}, (5,)
    ),
    "cp_tensor": Case(
        "cp_tensor", dict.fromkeys("ABC", (3, 2)), dict.fromkeys("xyz", (4, 2)), (4,)
    ),
    "diagonal_classes": Case(
        "diagonal_classes", {"u": (5,), "v": (5,)}, {"x": (4,)}, [0, 3, 1, 1], loss="softmax"
    ),
    "swiglu": Case(
        "swiglu", {"G": (3, 2), "W": (3, 2), "U": (1, 3)}, {"x": (4, 2)}, [[1], [-1], [-1], [1]],
        loss="logistic",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SMOOTH)
def test_a_flow_is_that_of_gradients_by_torch(name):
    """Integrated by scipy's method of order 8: agreement within what both promise."""
    case = SMOOTH[name]
    flow = case.flow()
    way = solve_ivp(
        lambda _, theta: case.gradient(theta), (0, TIME), case.start, method="DOP853",
        rtol=1e-11, atol=1e-12,
    )  # fmt: skip
    found = joined(flow.weights(TIME))
    assert np.abs(found - way.y[:, -1]).max() <= 1e-8 * np.abs(found).max()
    assert float(flow.error(TIME)) <= 1e-7
    assert np.abs(found - case.start).max() > 1e-2  # it has moved


def descended(case, steps):
    theta, step = case.start, TIME / steps
    for _ in range(steps):
        theta = theta + step * case.gradient(theta)
    return theta


@pytest.mark.parametrize("name", ["lora", "diagonal_classes"])
def test_descent_comes_nearer_with_order_one_and_extrapolates_to_the_flow(name):
    case = SMOOTH[name]
    found = joined(case.flow().weights(TIME))
    steps = [25 * 2**k for k in range(5)]
    ways = [descended(case, n) for n in steps]
    errors = [np.abs(way - found).max() for way in ways]
    slopes = np.diff(np.log(errors)) / np.diff(np.log(1 / np.array(steps)))
    assert np.all(np.abs(slopes[1:] - 1) <= 0.15)
    table = ways
    for order in range(1, len(ways)):  # Richardson: errors in h, h², …
        table = [
            (2**order * fine - coarse) / (2**order - 1)
            for coarse, fine in itertools.pairwise(table)
        ]
    assert np.abs(table[0] - found).max() <= 1e-3 * errors[-1]


@pytest.mark.parametrize("name", catalogue.declared())
def test_every_declared_network_is_integrated_and_keeps_its_laws(name):
    """At the sizes of its first instance, against scipy on its own velocities."""
    module, draw = catalogue.load_declared(name), normal(8)
    sizes = dict(shelf.load(name).sizes[0])

    def array(shape, *lead):
        return draw(size=(*lead, *(value_of(size, sizes, name) for size in shape)))

    weights = {z: array(shape) for z, shape in module.WEIGHTS.items()}
    inputs = {z: array(shape, 3) for z, shape in module.INPUTS.items()}
    frozen = {z: array(shape) for z, shape in module.FROZEN.items()}
    if module.DATA == "points":
        inputs = None
    points = len(module.LISTED) if inputs is None else 3
    targets = array(module.OUTPUT, points)
    if module.LOSS == "softmax":
        targets = np.arange(points) % targets.shape[-1]
    flow = DeclaredFlow(weights, inputs, targets, network=name, rates=0.2, frozen=frozen)
    found = joined(flow.weights(0.2))
    if not module.BENDS:
        way = solve_ivp(
            lambda _, z: flow._equations.velocity(z, flow._equations.start(z)), (0, 0.2),
            flow._way.start, method="DOP853", rtol=1e-11, atol=1e-12,
        )  # fmt: skip
        assert np.abs(found - way.y[:, -1]).max() <= 1e-8 * np.abs(found).max()
    for values in flow.laws([0.0, 0.2]).values():
        assert np.abs(values[1] - values[0]).max() <= 1e-7 * (1 + np.abs(values[0]).max())


# ------------------------------------------------------------ laws


@pytest.mark.parametrize("name", ["lora", "linear_attention", "softmax_attention"])
def test_laws_are_constant_along_the_flow(name):
    flow = SMOOTH[name].flow()
    at = flow.laws([0.0, TIME / 2, TIME])
    assert at
    for values in at.values():
        assert np.abs(values - values[0]).max() <= 1e-8 * (1 + np.abs(values[0]).max())


def test_laws_of_an_instance_are_watched_at_its_sizes():
    draw = normal(4)
    weights = {"G": draw(size=(2, 2)), "E": draw(size=(2, 2))}
    flow = DeclaredFlow(weights, draw(size=(3, 2)), draw(size=3), network="experts")
    assert {name: np.shape(values) for name, values in flow.laws(0.0).items()} == {
        "1ᵀ G/eta_G": (2,)
    }
    for values in flow.laws([0.0, 2.0]).values():
        assert np.abs(values[1] - values[0]).max() <= 1e-8


def altered(name, change):
    """A module whose first law is another."""
    module = catalogue.load_declared(name)
    found = ModuleType("altered")
    vars(found).update(vars(module))
    key = next(iter(module.LAWS))
    law = getattr(module, key)
    setattr(found, key, lambda weights, rates, xp=np: change(law(weights, rates), weights, rates))
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda value, w, rates: (value[0] + 1e-4 * w["A"] @ w["A"].T,),
        lambda value, w, rates: (value[0] + 1e-4 * (w["B"] ** 2).sum(),),
        lambda value, w, rates: (value[0] - 2e-4 * w["B"].T @ w["B"] / rates["eta_B"],),
    ],
)
def test_a_law_that_does_not_hold_is_noticed(change):
    case = SMOOTH["lora"]
    flow = DeclaredFlow(
        case.weights, case.inputs, case.targets, network=altered("lora", change),
        rates=case.rates, frozen=case.frozen,
    )  # fmt: skip
    with pytest.raises(InternalCheckError, match="is conserved and has drifted"):
        flow.weights(TIME)


def test_where_a_law_drifts_the_way_is_gone_again_more_finely(monkeypatch):
    """A tolerance of laws that the first run does not meet, and the second does."""
    case = SMOOTH["linear_attention"]
    plain, drift = case.flow(), 0.0
    for values in plain.laws([0.0, TIME]).values():
        drift = max(drift, float(np.abs(values[1] - values[0]).max()))
    assert not plain._way.is_tight
    tight = case.flow()
    sizes = max(tight._way.laws._slopes.values())
    monkeypatch.setattr(watched, "ACCEPTED", drift / sizes / watched.LEEWAY / 20)
    assert np.abs(joined(tight.weights(TIME)) - joined(plain.weights(TIME))).max() < 1e-8
    assert tight._way.is_tight


def test_laws_for_listed_data_are_watched_on_these_alone():
    draw = normal(2)
    weights = {"W": draw(size=(2, 3)), "V": draw(size=(2, 3)), "U": draw(size=(3, 2))}
    targets = draw(size=(9, 3))
    flow = DeclaredFlow(weights, None, targets, network="modular_addition", rates=0.1)
    assert sorted(np.shape(values) for values in flow.laws(0.0).values()) == [(2,), (2,)]
    for values in flow.laws([0.0, 1.0]).values():
        assert np.abs(values[1] - values[0]).max() <= 1e-8
    other = {"a": draw(size=(9, 3)), "b": draw(size=(9, 3))}
    (one,) = DeclaredFlow(weights, other, targets, network="modular_addition").laws(0.0)
    assert one == "diagonal(2 Uᵀ U/eta_U - W Wᵀ/eta_W - V Vᵀ/eta_V)"  # for any data


def test_laws_for_a_loss_of_differences_are_watched_under_it_alone():
    draw = normal(3)
    weights = {
        "W": draw(size=(2, 2)), "b": draw(size=2), "U": draw(size=(3, 2)), "a": draw(size=3)
    }  # fmt: skip
    x = draw(size=(4, 2))
    classes = DeclaredFlow(weights, x, [0, 2, 1, 0], network="relu_classifier")
    square = DeclaredFlow(weights, x, draw(size=(4, 3)), network="relu_classifier", loss="square")
    more = classes.laws(0.0).keys() - square.laws(0.0).keys()
    assert sum(np.size(classes.laws(0.0)[name]) for name in more) == 3
    assert square.laws(0.0).keys() < classes.laws(0.0).keys()
    classes.weights([0.5, 1.0])


# ------------------------------------------------------------ bends

BENT = [
    ("relu", {"W": (4, 3), "U": (2, 4)}, {"x": (6, 3)}, (6, 2)),
    ("relu_with_bias", {"W": (5, 2), "b": (5,), "U": (1, 5)}, {"x": (8, 2)}, (8, 1)),
    ("deep_relu", {"W": (4, 3), "V": (3, 4), "U": (2, 3)}, {"x": (6, 3)}, (6, 2)),
]


@pytest.mark.parametrize("seed", [1, 2, 4])
@pytest.mark.parametrize("case", BENT, ids=lambda case: case[0])
def test_beyond_bends_and_along_them_the_flow_is_the_limit_of_descent(case, seed):
    """The error of descent is of order one in its step, whatever bends are met."""
    network, shapes, inputs, targets = case
    require_limit_of_descent(Case(network, shapes, inputs, targets, seed=seed, scale=1.0), TIME)


@pytest.mark.parametrize(("number", "seed"), [(0, 0), (2, 2)])
def test_bends_that_are_met_together(number, seed):
    """What slides leaves its bend as another begins to; what is behind what slides rests."""
    network, shapes, inputs, targets = BENT[number]
    made = Case(network, shapes, inputs, targets, seed=seed, scale=1.0)
    made.rates = dict.fromkeys(made.rates, 1.0)
    require_limit_of_descent(made, 0.5)


def test_a_layer_that_closes_for_several_inputs_at_once():
    """A weight behind which one neuron stands alone crosses 0, and all its inputs' bends are met."""
    shapes = {"W": (3, 2), "V": (3, 3), "U": (1, 3)}
    made = Case("deep_relu", shapes, {"x": (5, 2)}, (5, 1), seed=289, scale=1.0)
    made.rates = dict.fromkeys(made.rates, 1.0)
    require_limit_of_descent(made, TIME)


def require_limit_of_descent(case, time):
    flow = case.flow()
    found, start = joined(flow.weights(time)), case.start
    errors = []
    equations = flow._equations
    for steps in (500, 4000):
        theta = start
        for _ in range(steps):  # in torch's convention: σ′(0) = 0
            theta = theta + time / steps * equations.velocity(theta, equations.start(theta))
        errors.append(np.abs(theta - found).max())
    assert errors[1] <= errors[0] / 3
    assert errors[1] <= 5e-3
    assert float(flow.error(time)) <= 1e-6


def test_what_slides_stays_at_its_bend():
    """One input pulls a neuron up, another pushes it down as soon as it is open: h = 0 from then on."""
    weights = {"W": np.array([[0.5, 0.2]]), "U": np.array([[1.0]])}
    x, y = np.array([[1.0, 0.0], [0.3, 1.0]]), np.array([[3.0], [-1.0]])
    flow = DeclaredFlow(weights, x, y, network="relu", rates={"eta_W": 1.0, "eta_U": 1e-3})
    t = np.array([0.0, 2.0, 5.0])
    h = np.einsum("tij,nj->tn", flow.weight("W", t), x)
    assert np.array_equal(flow._way.runs[0]._regime.kept, [False, True])
    assert h[0, 1] > 0.3
    assert np.all(np.abs(h[1:, 1]) <= 1e-11)
    # Along the bend only what is across the second input moves: dw/dt = (3 − u w₁) u P x₁ for u ≈ 1.
    across = 1 - 0.09 / 1.09
    (value,) = (z for formula, z in flow.laws(t).items() if "diagonal" in formula)
    assert np.abs(value - value[0]).max() <= 1e-8 * np.abs(value).max()
    u, w = flow.weight("U", 2.0)[0, 0], flow.weight("W", 2.0)[0]
    step = 1e-4
    moved = (flow.weight("W", 2.0 + step)[0] - flow.weight("W", 2.0 - step)[0]) / (2 * step)
    assert moved[0] == pytest.approx((3 - u * w[0]) * u * across, rel=1e-5)


def test_weights_that_start_at_a_bend_start_before_it():
    weights = {"W": np.zeros((2, 2)), "U": np.ones((1, 2))}
    flow = DeclaredFlow(weights, np.eye(2), np.ones((2, 1)), network="relu")
    assert flow.limit_kind == "at rest"  # as in torch, whose slope at 0 is 0
    assert np.array_equal(flow.weight("U", 3.0), weights["U"])


# ------------------------------------------------------------ what can be asked


def test_observables_are_those_of_the_weights():
    case = SMOOTH["lora"]
    flow, t = case.flow(), np.array([[0.0, 0.3], [0.7, TIME]])
    at = flow.weights(t)
    outputs = np.einsum("nd,ed->ne", case.inputs["x"], case.frozen["W"]) + np.einsum(
        "...er,...rd,nd->...ne", at["B"], at["A"], case.inputs["x"]
    )
    np.testing.assert_allclose(flow.output(t), outputs, rtol=1e-12, atol=1e-12)
    residual = outputs - case.targets
    np.testing.assert_allclose(flow.residual(t), residual, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(flow.loss(t), (residual**2).sum(-1).mean(-1), rtol=1e-9)
    np.testing.assert_allclose(flow.weight("B", t), at["B"])
    np.testing.assert_allclose(flow.norm("A", t), np.linalg.norm(at["A"], axis=(-2, -1)))
    moved = np.linalg.norm(at["A"] - case.weights["A"], axis=(-2, -1))
    np.testing.assert_allclose(flow.distance("A", t), moved, atol=1e-12)
    assert flow.predict(case.inputs["x"][0], t).shape == (2, 2, 4)
    np.testing.assert_allclose(flow.predict(case.inputs["x"], t), outputs, rtol=1e-12, atol=1e-12)
    signal = normal(1)(size=(5, 4))
    kernel = flow.kernel(signal, 0.0)
    by_hand_ = (
        case.rates["eta_A"]
        * case.inputs["x"]
        @ case.inputs["x"].T
        @ (signal @ case.weights["B"])
        @ case.weights["B"].T
        + case.rates["eta_B"]
        * (case.inputs["x"] @ case.weights["A"].T @ case.weights["A"] @ case.inputs["x"].T)
        @ signal
    )
    np.testing.assert_allclose(kernel, by_hand_, rtol=1e-10, atol=1e-12)
    # df/dt = −K ∂L/∂f
    step = 1e-5
    slope = (flow.output(step) - flow.output(0.0)) / step
    expected = -flow.kernel(2 * flow.residual(0.0) / 5, 0.0)
    np.testing.assert_allclose(slope, expected, rtol=1e-2, atol=1e-3 * np.abs(expected).max())


def test_the_loss_falls_to_its_limit():
    draw = normal(5)
    weights = {"U": draw(size=(2, 3)), "V": draw(size=(3, 2))}
    x, y = draw(size=(4, 2)), draw(size=(4, 2))
    flow = GradientFlow(weights=weights, x=x, y=y, network="two_layer_linear")
    best = np.sum((x @ np.linalg.lstsq(x, y, rcond=None)[0] - y) ** 2) / 4
    assert float(flow.loss(math.inf)) == pytest.approx(best, rel=1e-6)
    assert flow.limit_kind == "stationary"
    exact = GradientFlow(weights=weights, x=x, y=x @ draw(size=(2, 2)), network="two_layer_linear")
    assert exact.limit_kind == "target"
    assert float(exact.loss(math.inf)) <= 1e-10


def test_gradient_flow_hands_declared_networks_over():
    case = SMOOTH["lora"]
    flow = GradientFlow(
        weights=case.weights, x=case.inputs["x"], y=case.targets, network="lora",
        rates=case.rates, frozen=case.frozen,
    )  # fmt: skip
    assert isinstance(flow, DeclaredFlow)
    assert isinstance(flow, GradientFlow)
    assert np.array_equal(joined(flow.weights(1.0)), joined(case.flow().weights(1.0)))
    with pytest.raises(InputError, match="gamma"):
        GradientFlow(weights=case.weights, x=case.inputs["x"], y=1.0, network="lora", gamma=2.0)
    with pytest.raises(InputError, match="rates"):
        GradientFlow([1.0], [[1.0]], [1.0], 1.0, rates=0.1)
    with pytest.raises(TypeError, match="x, y"):
        GradientFlow([1.0], [[1.0]])


def test_a_network_of_ones_own_is_integrated():
    model = Model(
        name="factorisation", title="a matrix as a product", source="own",
        layers={"A": Layer("n", "r"), "B": Layer("r", "m")}, inputs={},
        output=lambda w, x, F: w.A @ w.B,
    )  # fmt: skip
    draw = normal(6)
    weights, target = {"A": draw(size=(3, 2)), "B": draw(size=(2, 4))}, draw(size=(3, 4))
    flow = GradientFlow(weights=weights, y=target, network=compiled(model), rates=0.5)
    way = solve_ivp(
        lambda _, z: _factors(z, target), (0, 2), joined(weights), method="DOP853", rtol=1e-12,
        atol=1e-12,
    )  # fmt: skip
    np.testing.assert_allclose(joined(flow.weights(2.0)), way.y[:, -1], rtol=0, atol=1e-8)
    assert flow.output(2.0).shape == (3, 4)
    assert list(flow.laws(0.0)) == ["B Bᵀ/eta - Aᵀ A/eta"]


def _factors(z, target):
    A, B = z[:6].reshape(3, 2), z[6:].reshape(2, 4)
    left = 2 * (A @ B - target)
    return -0.5 * np.concatenate([(left @ B.T).ravel(), (A.T @ left).ravel()])


def test_one_point_is_a_set_of_one_without_its_axis():
    case = SMOOTH["lora"]
    given = {"network": "lora", "frozen": case.frozen, "rates": case.rates}
    one = DeclaredFlow(case.weights, case.inputs["x"][0], case.targets[0], **given)
    set_ = DeclaredFlow(case.weights, case.inputs["x"][:1], case.targets[:1], **given)
    assert np.array_equal(one.output(1.0), set_.output(1.0)[0])
    assert one.residual([0.0, 1.0]).shape == (2, 4)


def test_sums_are_means_at_other_rates():
    case = SMOOTH["cp_tensor"]
    given = (case.weights, case.inputs, case.targets)
    rates = {z: rate / len(case.targets) for z, rate in case.rates.items()}
    summed = DeclaredFlow(*given, network="cp_tensor", rates=rates, reduction="sum")
    difference = joined(summed.weights(1.0)) - joined(case.flow().weights(1.0))
    assert np.abs(difference).max() <= 1e-8


def test_a_flow_survives_a_copy():
    flow = SMOOTH["lora"].flow()
    before = joined(flow.weights(1.0))
    copied = pickle.loads(pickle.dumps(flow))
    assert np.array_equal(joined(copied.weights(1.0)), before)


def test_what_was_given_may_change_later():
    case = SMOOTH["lora"]
    weights = {z: array.copy() for z, array in case.weights.items()}
    flow = DeclaredFlow(weights, case.inputs["x"], case.targets, network="lora", frozen=case.frozen)
    before = joined(flow.weights(0.5))
    weights["A"][:] = 7
    flow.weights(0.0)["A"][:] = 7
    assert np.array_equal(joined(flow.weights(0.5)), before)


# ------------------------------------------------------------ bad input

LORA = {"weights": {"B": np.ones((2, 1)), "A": np.ones((1, 3))}, "frozen": {"W": np.ones((2, 3))}}
GOOD = {**LORA, "x": np.ones((4, 3)), "y": np.ones((4, 2)), "network": "lora"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"network": "lorra"}, "'lora', perhaps"),
        ({"network": np}, "a name or a module"),
        ({"weights": {"B": np.ones((2, 1))}}, r"weights\['A'\]: found nothing"),
        ({"weights": {**LORA["weights"], "C": np.ones(2)}}, "'C'"),
        ({"weights": {"B": np.ones((2, 1)), "A": np.ones((2, 3))}}, "1, as r is elsewhere"),
        ({"weights": {"B": np.ones((2, 1)), "A": np.ones(3)}}, "2 dimension"),
        (
            {"weights": {"B": [[1.0], [math.nan]], "A": np.ones((1, 3))}},
            r"weights\['B'\]\[1\]\[0\]",
        ),
        ({"weights": [1.0]}, "arrays by name"),
        ({"frozen": None}, r"frozen\['W'\]"),
        ({"x": np.ones((4, 2))}, "3, as n is elsewhere"),
        ({"x": np.ones((4, 3, 1))}, "for a point, or"),
        (
            {"rates": {"eta_B": 0.1}},
            r"rates\['eta_A'\]: found nothing; expected a positive number: there are ",
        ),
        ({"x": {"y": np.ones((4, 3))}}, r"x\['x'\]: found nothing"),
        ({"y": np.ones((3, 2))}, r"shape \(4, 2\), as the output has"),
        ({"rates": {"eta_A": 1.0}}, r"rates\['eta_B'\]"),
        ({"rates": -1.0}, "a positive number"),
        ({"loss": "hinge"}, "whose slope jumps"),
        ({"loss": "mse"}, "'square'"),
        ({"loss": "logistic", "y": np.full((4, 2), 0.5)}, "targets -1 or 1"),
        ({"loss": "softmax", "y": [0, 1, 2, 0]}, "classes 0 to 1"),
        ({"loss": "softmax", "y": np.ones((4, 2))}, "add up to 1"),
        ({"reduction": "max"}, "one of mean, sum"),
        ({"weights": {"B": np.full((2, 1), 1e200), "A": np.full((1, 3), 1e200)}}, "beyond float64"),
    ],
)
def test_bad_input_is_told_in_a_line(change, says):
    given = {**GOOD, **change}
    with pytest.raises(InputError, match=says) as raised:
        DeclaredFlow(given.pop("weights"), given.pop("x"), given.pop("y"), **given)
    assert "\n" not in str(raised.value)


def test_a_layer_or_time_that_is_not_there_is_refused():
    given = dict(GOOD)
    flow = DeclaredFlow(given.pop("weights"), given.pop("x"), given.pop("y"), **given)
    with pytest.raises(InputError, match="one of B, A"):
        flow.norm("C", 1.0)
    with pytest.raises(InputError, match="t >= 0"):
        flow.loss(-1.0)


def test_a_way_without_an_end_is_not_followed_for_long(monkeypatch):
    """Cross-entropy of a class that is always right has no minimum: the loss falls about like 1/t."""

    def flow():
        weights = {"u": [0.5, 0.4, 0.3], "v": [0.2, 0.1, 0.6]}
        return DeclaredFlow(weights, [1.0, 2.0], [0, 0], network="diagonal_classes")

    long = flow()
    assert long.limit_kind == "not reached"
    late = long._way.rest[0]
    assert late > 1e6
    assert long._way.runs[0].steps < 10_000
    assert long.loss(math.inf) == long.loss(late)
    assert long.loss(late) == pytest.approx(long.loss(late / 2) / 2, rel=0.2)
    monkeypatch.setattr(marched, "EACH", 5)
    short = flow()
    assert short._way.rest[0] < late
    assert not short._way.rest[1]
