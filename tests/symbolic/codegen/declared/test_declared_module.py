"""Generated modules of declared networks against torch: forward passes written by hand, and autograd.

Sizes are drawn, and are none of the declared instances'.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import torch

from numeric import catalogue
from numeric.errors import InputError
from symbolic.architecture.model import DeclarationError, Layer, Model
from symbolic.architecture.sizes import Size, SizeError, shape_of
from symbolic.codegen.declared import activations, compiled, declared_module
from symbolic.codegen.declared.text import NoSizeError
from symbolic.models.shelf import load, names
from verify.networks import shelf as by_hand

POINTS = 4
NEEDS_TWO = {"layer_normalisation": "h", "layer_normalisation_with_gain": "h"}


def committed(name):
    return importlib.import_module(f"numeric.generated.declared.{name}")


def drawn_sizes(model, generator):
    """Sizes that no declared instance has."""
    while True:
        sizes = {symbol: int(generator.integers(1, 6)) for symbol in model.symbols}
        if model.name in NEEDS_TWO:
            sizes[NEEDS_TWO[model.name]] = max(sizes[NEEDS_TWO[model.name]], 3)
        try:
            model.check(sizes)
            _ = [size.at(sizes) for size in model.graph.output.shape]
        except (DeclarationError, SizeError):
            continue
        if not sizes or sizes not in [dict(one) for one in model.sizes]:
            return sizes


class Drawn:
    """Weights, inputs and all else that the functions of a module take, as numpy arrays."""

    def __init__(self, model, module, seed):
        generator = np.random.default_rng(seed)
        self.module, self.sizes = module, drawn_sizes(model, generator)

        def array(shape, *lead):
            sizes = [size.at(self.sizes) for size in shape_of(shape)]
            return generator.normal(size=(*lead, *sizes))

        self.weights = {name: array(layer.shape) for name, layer in model.layers.items()}
        self.inputs = {name: array(shape, POINTS) for name, shape in model.inputs.items()}
        self.frozen = {name: array(shape) for name, shape in model.graph.frozen.items()}
        self.rates = {r: float(generator.uniform(0.5, 2)) for r in module.RATES.values()}
        self.directions = {name: array(layer.shape) for name, layer in model.layers.items()}
        lead = (POINTS,) if module.POINTWISE else ()
        self.signal = array(model.graph.output.shape, *lead)

    @property
    def given(self):
        return {"frozen": self.frozen} if self.module.FROZEN else {}

    def tensors(self, grad=False):
        return {z: torch.tensor(a, requires_grad=grad) for z, a in self.weights.items()}

    def torch_given(self):
        return {k: {n: torch.tensor(a) for n, a in v.items()} for k, v in self.given.items()}

    def velocity(self):
        return self.module.velocity(
            self.weights, self.inputs, self.signal, self.rates, **self.given
        )


def close(found, expected, size):
    """To rounding, of what terms of both may be as large as."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max(initial=0.0) <= 1e-12 * size


def require_velocity(drawn, output, weights):
    """Velocities are minus rates times autograd's slopes of Σ signal · output."""
    (output * torch.tensor(drawn.signal)).sum().backward()
    velocity = drawn.velocity()
    for name, weight in weights.items():
        slope = np.zeros(weight.shape) if weight.grad is None else weight.grad.numpy()
        expected = -drawn.rates[drawn.module.RATES[name]] * slope
        close(velocity[name], expected, 1 + 100 * np.abs(expected).max(initial=0.0))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", names())
def test_output_and_velocity_are_those_of_a_network_written_by_hand(name, seed):
    drawn = Drawn(load(name), committed(name), seed)
    weights = drawn.tensors(grad=True)
    inputs = [{z: torch.tensor(a[k]) for z, a in drawn.inputs.items()} for k in range(POINTS)]
    frozen = {z: torch.tensor(a) for z, a in drawn.frozen.items()}
    forward = by_hand.load(name)
    output = torch.stack([forward(weights, x, frozen) for x in inputs])
    found = drawn.module.output(drawn.weights, drawn.inputs, **drawn.given)
    expected = output.detach().numpy()
    close(found, expected, 1 + 100 * np.abs(expected).max())
    require_velocity(drawn, output, weights)


@pytest.mark.parametrize("name", names())
def test_the_same_text_serves_torch(name):
    drawn = Drawn(load(name), committed(name), 3)
    weights = drawn.tensors(grad=True)
    inputs = {z: torch.tensor(a) for z, a in drawn.inputs.items()}
    given = drawn.torch_given() | {"xp": torch}
    output = drawn.module.output(weights, inputs, **given)
    velocity = drawn.module.velocity(
        weights, inputs, torch.tensor(drawn.signal), drawn.rates, **given
    )
    own = drawn.velocity()
    for z in own:
        close(velocity[z].detach().numpy(), own[z], 1 + 100 * np.abs(own[z]).max())
    require_velocity(drawn, output, weights)


def require_change(drawn):
    """Σ signal · change along directions is Σ slope · direction: one mode is the other's transpose."""
    change = drawn.module.change(drawn.weights, drawn.inputs, drawn.directions, **drawn.given)
    unit = dict.fromkeys(drawn.rates, 1.0)
    generator = np.random.default_rng(1)
    for _ in range(3):
        signal = generator.normal(size=drawn.signal.shape)
        moved = drawn.module.velocity(drawn.weights, drawn.inputs, signal, unit, **drawn.given)
        parts = [-np.sum(moved[z] * drawn.directions[z]) for z in moved]
        sizes = sum(np.sum(np.abs(moved[z] * drawn.directions[z])) for z in moved)
        assert abs(np.sum(change * signal) - sum(parts)) <= 1e-11 * (1 + sizes)


@pytest.mark.parametrize("name", names())
def test_changes_along_directions(name):
    require_change(Drawn(load(name), committed(name), 5))


@pytest.mark.parametrize("name", ["relu", "deep_relu", "relu_classifier", "relu_with_bias"])
def test_bends_and_how_they_change(name):
    drawn = Drawn(load(name), committed(name), 7)
    step = 1e-6
    ends = [
        drawn.module.bends(
            {z: a + sign * step * drawn.directions[z] for z, a in drawn.weights.items()},
            drawn.inputs,
        )
        for sign in (-1, 1)
    ]
    found = drawn.module.bends_change(drawn.weights, drawn.inputs, drawn.directions)
    assert len(found) == drawn.module.BENDS
    for one, low, high in zip(found, *ends, strict=True):
        np.testing.assert_allclose(one, (high - low) / (2 * step), rtol=1e-6, atol=1e-6)


def test_gates_that_are_given_are_taken():
    drawn = Drawn(load("relu"), committed("relu"), 7)
    (heights,) = drawn.module.bends(drawn.weights, drawn.inputs)
    natural = [(heights > 0).astype(float)]
    plain = drawn.module.output(drawn.weights, drawn.inputs)
    assert np.array_equal(drawn.module.output(drawn.weights, drawn.inputs, gates=natural), plain)
    all_open = drawn.module.output(drawn.weights, drawn.inputs, gates=[np.ones_like(heights)])
    linear = drawn.inputs["x"] @ drawn.weights["W"].T @ drawn.weights["U"].T
    np.testing.assert_allclose(all_open, linear, rtol=1e-12)


def test_every_declared_network_has_its_module():
    assert catalogue.declared() == names()
    with pytest.raises(InputError, match="'lora', perhaps"):
        catalogue.load_declared("LoRa!")


def test_laws_of_large_instances_are_left_out():
    model = load("relu_classifier")
    large = replace(model, sizes=({"n": 6, "h": 5, "m": 3},))
    assert all(not sizes for _, sizes in compiled(large).LAWS.values())


# ------------------------------------------------------------ declarations of one's own


def own(**given):
    return Model(name="own", title="of its own", source="own", **given)


OWN = {
    "no input": own(
        layers={"A": Layer("n", "r"), "B": Layer("r", "m")}, inputs={},
        output=lambda w, x, F: w.A @ w.B,
    ),
    "weights in the signal": own(
        layers={"a": Layer("c", "k"), "b": Layer("d", "c", "l")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.conv1d(w.b, F.tanh(F.conv1d(w.a, x.x))),
    ),
    "three axes": own(
        layers={"T": Layer("p", "q", "n"), "v": Layer("q")}, inputs={"x": ("n",), "y": ("q",)},
        output=lambda w, x, F: (w.T @ x.x) @ (w.v * x.y),
    ),
    "tied": own(
        layers={"W": Layer("n", "n"), "s": Layer()}, inputs={"x": ("n",)},
        output=lambda w, x, F: w.s * (w.W @ F.gelu(w.W.T @ x.x)) + w.W @ x.x - 3 * w.s,
    ),
    "not in the output": own(
        layers={"W": Layer("m", "n"), "idle": Layer("n", rate="slow")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.sigmoid(w.W @ x.x),
    ),
    "means": own(
        layers={"W": Layer("h", "n")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.softplus(F.layer_norm(w.W @ x.x)).sum() / 4 + (w.W @ x.x).sum() ** 2,
    ),
    "outer sums": own(
        layers={"a": Layer("n"), "B": Layer("n", "m")}, inputs={"x": ("n",)},
        output=lambda w, x, F: (w.B.T @ w.a) * ((w.a * x.x).sum() ** 2 + F.exp(w.a @ x.x)),
    ),
    "matrices": own(
        layers={"W": Layer("k", "n"), "V": Layer("k", "n")}, inputs={"X": ("t", "n"), "M": ("t", "t")},
        output=lambda w, x, F: F.softmax((x.X @ w.W.T) @ (w.V @ x.X.T) + x.M) @ x.X,
    ),
    "repeated": own(
        layers={"v": Layer("n"), "s": Layer()}, inputs={"X": ("n", "m"), "Y": ("m",)},
        output=lambda w, x, F: (
            (w.v.repeat(Size.of("m")) * x.X).sum() + w.v.repeat(Size.of("m")).sum()
            + (w.s.repeat(Size.of("m")).repeat(Size.of("n")).T @ x.Y).sum()
        ),
    ),
    "identity": own(
        layers={"W": Layer("n", "n"), "V": Layer("n", "n")}, inputs={"x": ("n",)},
        output=lambda w, x, F: (F.identity("n") + w.W @ F.identity("n")).T @ (
            (F.identity("n") - 2 * w.V) @ x.x
        ),
    ),
    "bends behind bends": own(
        layers={"W": Layer("h", "n"), "V": Layer("h", "h"), "b": Layer("h")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.relu(w.V @ F.relu(w.W @ x.x + w.b)) * F.relu(w.W @ x.x) ** 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
def test_a_declaration_of_ones_own(kind):
    """Reverse and forward mode against autograd of the module's output, which torch computes."""
    model = OWN[kind]
    module = compiled(model)
    for seed in range(3):
        drawn = Drawn(model, module, seed)
        weights = drawn.tensors(grad=True)
        inputs = {z: torch.tensor(a) for z, a in drawn.inputs.items()}
        output = module.output(weights, inputs, xp=torch)
        require_velocity(drawn, output, weights)
        require_change(drawn)


def test_the_output_of_a_declaration_is_what_numpy_gives():
    module = compiled(OWN["matrices"])
    drawn = Drawn(OWN["matrices"], module, 1)
    X, M, W, V = (*drawn.inputs.values(), *drawn.weights.values())
    scores = X @ W.T @ V @ np.swapaxes(X, 1, 2) + M
    shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    np.testing.assert_allclose(module.output(drawn.weights, drawn.inputs), shares @ X, rtol=1e-12)


def test_a_softmax_of_large_arguments_does_not_overflow():
    module = committed("softmax_attention")
    drawn = Drawn(load("softmax_attention"), module, 0)
    drawn.weights = {z: 60 * a for z, a in drawn.weights.items()}
    weights = drawn.tensors(grad=True)
    X, q = (torch.tensor(a) for a in drawn.inputs.values())
    scores = torch.einsum("ptd,kd,ke,pe->pt", X, weights["K"], weights["Q"], q)
    assert scores.detach().abs().max() > 1e3
    output = torch.einsum("pt,ptd,ed->pe", torch.softmax(scores, -1), X, weights["V"])
    found = module.output(drawn.weights, drawn.inputs)
    np.testing.assert_allclose(found, output.detach().numpy(), rtol=1e-9)
    require_velocity(drawn, output, weights)


def test_repeated_arrays_are_summed_as_often():
    module = compiled(OWN["repeated"])
    drawn = Drawn(OWN["repeated"], module, 1)
    (v, s), (X, Y) = drawn.weights.values(), drawn.inputs.values()
    n, m = X.shape[1:]
    expected = np.einsum("i,pij->p", v, X) + m * v.sum() + n * s * Y.sum(-1)
    np.testing.assert_allclose(module.output(drawn.weights, drawn.inputs), expected, rtol=1e-12)


NASTY = Model(
    name="own",
    title='a title with """ and \\ in it"""\nimport os',
    source='a source """',
    layers={
        "print": Layer("in", "is", rate="class"),
        "weights": Layer("is"),
        "xp": Layer(rate="rates"),
        "h_1": Layer("in"),
    },
    inputs={"sum": ("is",), "signal": ("is",)},
    output=lambda w, x, F: (
        F.tanh(w.print @ (x.sum * w.weights)) * w.h_1 * w.xp
        + w.print @ F.exp(x.signal)
        + F.frozen("exec", "in")
    ),
)


def test_names_of_a_user_are_data_and_no_text():
    module = compiled(NASTY)
    drawn = Drawn(NASTY, module, 0)
    weights = drawn.tensors(grad=True)
    inputs = {z: torch.tensor(a) for z, a in drawn.inputs.items()}
    output = module.output(weights, inputs, xp=torch, **drawn.torch_given())
    require_velocity(drawn, output, weights)
    assert not hasattr(module, "os")
    assert module.__doc__.startswith("A title with")


def test_a_size_that_no_array_tells_is_named():
    model = own(
        layers={"W": Layer("a+b", "n")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.layer_norm(w.W @ x.x),
    )  # fmt: skip
    with pytest.raises(NoSizeError, match="a"):
        declared_module(model)


def test_sizes_within_sums_are_read():
    model = own(
        layers={"W": Layer("2*k+1", "n")}, inputs={"x": ("n",)},
        output=lambda w, x, F: F.layer_norm(w.W @ x.x),
    )  # fmt: skip
    module = compiled(model)
    drawn = Drawn(model, module, 1)
    hidden = drawn.inputs["x"] @ drawn.weights["W"].T
    centred = hidden - hidden.mean(-1, keepdims=True)
    expected = centred / np.sqrt((centred**2).mean(-1, keepdims=True))
    found = module.output(drawn.weights, drawn.inputs)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


# ------------------------------------------------------------ activations

TORCH = {
    "exp": torch.exp,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "swish": torch.nn.functional.silu,
    "softplus": lambda h: torch.nn.functional.softplus(h, threshold=1e9),
    "erf": torch.erf,
    "gelu": torch.nn.functional.gelu,
    "sin": torch.sin,
    "cos": torch.cos,
}


@pytest.mark.parametrize("name", TORCH)
def test_activations_and_slopes_keep_their_digits(name):
    model = own(
        layers={"w": Layer()}, inputs={"x": ()}, output=lambda w, x, F: getattr(F, name)(w.w * x.x)
    )
    module = compiled(model)
    largest = 300.0 if name != "exp" else 30.0
    h = np.concatenate([np.linspace(-largest, largest, 81), np.linspace(-8, 8, 33), [0.0]])
    tensor = torch.tensor(h, requires_grad=True)
    value = TORCH[name](tensor)
    value.sum().backward()
    with np.errstate(under="ignore", over="ignore"):
        found = module.output({"w": np.array(1.0)}, {"x": h})
        slopes = module.change({"w": np.array(1.0)}, {"x": np.ones_like(h)}, {"w": 1.0})
        along = [
            module.change({"w": np.array(one)}, {"x": np.ones(1)}, {"w": np.array(1.0)})[0]
            for one in h
        ]
    assert np.ndim(slopes) <= 1
    # torch's own tails of erf cancel: there values are compared as they are, not by their digits
    np.testing.assert_allclose(found, value.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(along, tensor.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_a_stable_form_keeps_what_a_sum_loses():
    """1 + erf cancels below 0; gelu(−10) has all its digits."""
    text = activations.written(activations.value("gelu"))
    assert "_erfc" in text
    model = own(layers={"w": Layer()}, inputs={"x": ()}, output=lambda w, x, F: F.gelu(w.w * x.x))
    found = compiled(model).output({"w": np.array(1.0)}, {"x": np.array([-10.0])})[0]
    assert found == pytest.approx(-7.619853024160527e-23, rel=1e-12)  # −10 Φ(−10), Φ by mpmath


# ------------------------------------------------------------ laws


def slopes_of(function, weights, number, entry):
    """Autograd of an entry of a law."""
    tensors = {z: torch.tensor(a, requires_grad=True) for z, a in weights.items()}
    value = torch.as_tensor(function(tensors)[number])
    value.reshape(-1)[entry].backward()
    return {z: np.zeros(a.shape) if a.grad is None else a.grad.numpy() for z, a in tensors.items()}


@pytest.mark.parametrize("name", names())
def test_velocities_leave_laws_at_all_sizes_alone(name):
    """At sizes and rates that are drawn: d law/dt = Σ slope · velocity is rounding."""
    module = committed(name)
    drawn = Drawn(load(name), module, 11)
    general = [key for key, (_, sizes) in module.LAWS.items() if sizes is None]
    for key in general:
        require_law(drawn, getattr(module, key), 0)


def require_law(drawn, law, number):
    value = np.asarray(law(drawn.weights, drawn.rates)[number])
    velocity = drawn.velocity()

    def function(weights):
        return law(weights, drawn.rates, xp=torch)

    for entry in range(value.size):
        slopes = slopes_of(function, drawn.weights, number, entry)
        parts = [np.sum(slopes[z] * velocity[z]) for z in slopes]
        assert abs(sum(parts)) <= 1e-11 * (sum(map(abs, parts)) + 1)


INSTANCES = [
    (name, key, number)
    for name in names()
    for key, (formulas, sizes) in committed(name).LAWS.items()
    for number in range(len(formulas))
    if sizes is not None
]


def of_instance(name, key):
    """Arrays of the instance that laws are of, for losses and data that they hold for."""
    module, model = committed(name), load(name)
    sizes = module.LAWS[key][1] or model.sizes[0]  # some need the loss or the data, not the sizes
    only = replace(model, sizes=())
    drawn = Drawn(only, module, 1)
    generator = np.random.default_rng(2)

    def array(shape, *lead):
        return generator.normal(size=(*lead, *(size.at(sizes) for size in shape_of(shape))))

    drawn.weights = {z: array(layer.shape) for z, layer in model.layers.items()}
    drawn.inputs = {z: array(shape, POINTS) for z, shape in model.inputs.items()}
    if module.DATA == "points":
        drawn.inputs = {
            z: np.array([p[z] for p in module.LISTED], dtype=float) for z in module.INPUTS
        }
    shape = module.output(drawn.weights, drawn.inputs).shape
    drawn.signal = generator.normal(size=shape)
    if module.LOSS == "softmax":
        drawn.signal -= drawn.signal.mean(-1, keepdims=True)
    return drawn


@pytest.mark.parametrize(("name", "key", "number"), INSTANCES)
def test_velocities_leave_laws_of_instances_alone(name, key, number):
    require_law(of_instance(name, key), getattr(committed(name), key), number)


@pytest.mark.parametrize("name", ["lora", "relu", "convolution", "diagonal", "residual_full"])
def test_a_law_that_is_altered_changes(name):
    """With one more term, or another rate, the same check finds it wrong."""
    module = committed(name)
    key = next(iter(module.LAWS))
    sizes = module.LAWS[key][1]
    drawn = Drawn(load(name), module, 11) if sizes is None else of_instance(name, key)
    layer = next(iter(drawn.weights))

    def altered(weights, rates, xp=np):
        extra = (weights[layer] ** 2).sum()
        return tuple(value + 0.01 * extra for value in getattr(module, key)(weights, rates, xp=xp))

    with pytest.raises(AssertionError):
        require_law(drawn, altered, 0)
    rate = module.RATES[layer]

    def rescaled(weights, rates, xp=np):
        return getattr(module, key)(weights, rates | {rate: 1.01 * rates[rate]}, xp=xp)

    with pytest.raises(AssertionError):
        require_law(drawn, rescaled, 0)


def test_a_wrong_velocity_is_found():
    """The check of velocities fails where one layer's is off by a part in 10⁹."""
    module = committed("lora")
    drawn = Drawn(load("lora"), module, 0)
    wrong = ModuleType("wrong")
    vars(wrong).update(vars(module))
    wrong.velocity = lambda *given, **more: {
        z: a * (1 + 1e-9 * (z == "A")) for z, a in module.velocity(*given, **more).items()
    }
    drawn.module = wrong
    weights = drawn.tensors(grad=True)
    inputs = {z: torch.tensor(a) for z, a in drawn.inputs.items()}
    output = module.output(weights, inputs, xp=torch, **drawn.torch_given())
    with pytest.raises(AssertionError):
        require_velocity(drawn, output, weights)
