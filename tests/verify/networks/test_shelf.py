"""One output of every declared network, read by hand, by its graph in torch and by the exact ring."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import torch

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.tensor import number
from symbolic.models import shelf as declared
from verify.networks import graph, shelf

INSTANCES = [(name, k) for name in declared.names() for k in range(len(declared.load(name).sizes))]
DRAWS = 20


def drawn(model, sizes, seed):
    """Weights, inputs and untrained weights, of sizes that differ."""
    generator = torch.Generator().manual_seed(seed)
    layers = {name: layer.shape for name, layer in model.layers.items()}
    of_graph = model.graph
    return [
        {
            name: torch.randn(
                [size.at(sizes) for size in shape], dtype=torch.float64, generator=generator
            )
            * 10 ** torch.empty(1).uniform_(-1, 1, generator=generator).item()
            for name, shape in shapes.items()
        }
        for shapes in (layers, of_graph.inputs, of_graph.frozen)
    ]


def error(found, expected):
    assert found.shape == expected.shape
    return float((found - expected).abs().max() / expected.abs().max())


def test_every_declared_network_is_written_by_hand():
    assert shelf.names() == declared.names()
    assert all(shelf.is_by_hand(declared.load(name)) for name in shelf.names())


@pytest.mark.parametrize(("name", "k"), INSTANCES)
def test_the_graph_is_the_network_by_hand(name, k):
    model = declared.load(name)
    for more in (0, 1, 2):
        sizes = {symbol: n + more * (j + 1) for j, (symbol, n) in enumerate(model.sizes[k].items())}
        by_graph, by_hand = graph.forward(model, sizes), shelf.forward(model, sizes)
        assert by_hand is shelf.load(name)
        worst = max(
            error(by_graph(*given), by_hand(*given))
            for given in (drawn(model, sizes, seed) for seed in range(DRAWS))
        )
        assert worst < 1e-12


def at(polynomial, values):
    total = Fraction(0)
    for m, c in polynomial.to_dict().items():
        term = Fraction(int(c.p), int(c.q))
        for value, exponent in zip(values, m, strict=True):
            term *= value ** int(exponent)
        total += term
    return total


def exact(name, k):
    model = declared.load(name)
    return Instance(model, model.sizes[k])


POLYNOMIAL = [one for one in INSTANCES if not exact(*one).generated]


@pytest.mark.parametrize(("name", "k"), POLYNOMIAL)
def test_the_exact_outputs_are_those_by_hand(name, k):
    """At whole numbers, where float64 is exact."""
    instance = exact(name, k)
    model = instance.model
    generator = torch.Generator().manual_seed(k)
    shapes = {n: [s.at(model.sizes[k]) for s in one.shape] for n, one in model.layers.items()}

    def whole(shape):
        return torch.randint(-4, 5, shape, generator=generator).to(torch.float64)

    weights = {n: whole(shape) for n, shape in shapes.items()}
    frozen = {n: as_tensor(one) for n, one in instance.frozen.items()}
    by_hand = shelf.forward(model, model.sizes[k])
    for point, output in enumerate(instance.outputs):
        inputs, data = inputs_of(model, instance, point, whole)
        flat = [*torch.cat([one.reshape(-1) for one in weights.values()]).tolist(), *data]
        values = [Fraction(value) for value in flat]
        values += [Fraction(0)] * (len(instance.ring.gens()) - len(values))
        expected = [at(entry, values) for entry in output.entries]
        found = by_hand(weights, inputs, frozen)
        assert tuple(found.shape) == output.shape
        assert found.reshape(-1).tolist() == expected


def as_tensor(array):
    return torch.tensor(array.entries, dtype=torch.float64).reshape(array.shape)


def inputs_of(model, instance, point, whole):
    shapes = {
        n: [size.at(instance.sizes) for size in shape] for n, shape in model.graph.inputs.items()
    }
    if model.data == "points":
        listed = model.points[point]
        return {n: torch.tensor(listed[n], dtype=torch.float64) for n in shapes}, []
    if model.data == "line":
        found, data = {}, []
        for n, one in instance.directions.items():
            z = float(whole([1])[0])
            data.append(z)
            found[n] = z * as_tensor(one)
        return found, data
    found = {n: whole(shape) for n, shape in shapes.items()}
    return found, torch.cat([one.reshape(-1) for one in found.values()]).tolist()


def test_a_network_of_another_is_not_taken_for_that_of_the_shelf():
    relu = declared.load("relu")
    other = replace(relu, output=lambda w, x, F: 2 * (w.U @ F.relu(w.W @ x.x)))
    assert shelf.is_by_hand(replace(relu, loss="softmax"))
    assert not shelf.is_by_hand(other)
    sizes = relu.sizes[0]
    given = drawn(relu, sizes, 0)
    assert error(shelf.forward(other, sizes)(*given), 2 * shelf.load("relu")(*given)) < 1e-15


def everything(w, x, F):
    """Every operation of a graph at once."""
    filtered = F.conv1d(w.T, x.X).sum_last()  # (c)
    single = F.conv1d(w.k, x.s).sum() + F.conv1d(w.C, x.s).sum()
    applied = (w.T @ x.s3).sum()
    normal = F.layer_norm(w.M) * F.weight_norm(w.M, w.g)
    mixed = F.softmax(F.gelu(normal) + F.softplus(w.M)) - F.sigmoid(w.M) / 3
    curved = F.sin(w.M) * F.cos(w.M.T.T) + F.erf(w.M) ** 3 + F.exp(w.M) ** -2
    return (mixed + F.identity("n") @ curved).sum() + filtered.sum() * single - applied


EVERYTHING = Model(
    name="everything",
    title="every operation",
    source="own",
    layers={
        "T": Layer("c", "d", "k"), "C": Layer("c", "k"), "k": Layer("k"), "M": Layer("n", "m"),
        "g": Layer("n"),
    },
    inputs={"X": ("d", "l"), "s": ("l",), "s3": ("k",)},
    output=everything,
    sizes=({"c": 2, "d": 3, "k": 2, "n": 3, "m": 4, "l": 5},),
)  # fmt: skip


def test_every_operation_by_loops():
    """Against numpy's own, written with loops."""
    import numpy as np
    from scipy.special import erf

    sizes = EVERYTHING.sizes[0]
    w, x, _ = drawn(EVERYTHING, sizes, 5)
    W, X = ({n: v.numpy() for n, v in one.items()} for one in (w, x))
    places = range(sizes["l"] - sizes["k"] + 1)
    filtered = sum(
        W["T"][c, d, j] * X["X"][d, p + j]
        for c in range(2) for d in range(3) for j in range(2) for p in places
    )  # fmt: skip
    single = sum((W["k"][j] + W["C"][:, j].sum()) * X["s"][p + j] for j in range(2) for p in places)
    M = W["M"]
    centred = M - M.mean(1, keepdims=True)
    layered = centred / np.sqrt((centred**2).mean(1, keepdims=True))
    normal = layered * (W["g"][:, None] * M / np.linalg.norm(M, axis=1, keepdims=True))
    gelu = normal * (1 + erf(normal / np.sqrt(2))) / 2
    e = np.exp(gelu + np.log1p(np.exp(M)))
    mixed = e / e.sum(1, keepdims=True) - 1 / (1 + np.exp(-M)) / 3
    curved = np.sin(M) * np.cos(M) + erf(M) ** 3 + np.exp(-2 * M)
    applied = np.einsum("cdk,k->", W["T"], X["s3"])
    expected = mixed.sum() + curved.sum() + filtered * single - applied
    found = graph.forward(EVERYTHING, sizes)(w, x, {})
    assert float(found) == pytest.approx(float(expected), rel=1e-12)


def test_a_value_of_another_shape_is_refused():
    model = declared.load("relu")
    w, x, _ = drawn(model, {"n": 2, "h": 2, "m": 1}, 0)
    w["U"] = w["U"].expand(3, -1)  # torch would go on
    with pytest.raises(ValueError, match=r"shape \(3, 2\), not \(1, 2\)"):
        graph.forward(model, {"n": 2, "h": 2, "m": 1})(w, x, {})


def test_sizes_enter_numbers():
    """The 1/n of a mean is a number with a power of a size."""
    powers = ((Size.of("n"), -1),)
    model = Model(
        name="mean", title="mean", source="own", layers={"w": Layer("n")}, inputs={"x": ()},
        output=lambda w, x, F: number(Fraction(3, 2), powers) * w.w.sum() * x.x,
    )  # fmt: skip
    given = {"w": torch.arange(5.0, dtype=torch.float64)}, {"x": torch.tensor(2.0)}, {}
    assert float(graph.forward(model, {"n": 5})(*given)) == pytest.approx(6.0)


def test_untrained_weights_and_lines_are_those_of_the_exact_outputs():
    instance = Instance(declared.load("lora"), {"n": 2, "r": 1, "m": 1})
    (entry,) = instance.outputs[0].entries
    slopes = [entry.derivative(4 - 1 + j) for j in range(2)]  # of x, after B (1) and A (2)
    constants = [slope.to_dict().get((0,) * len(instance.ring.gens())) for slope in slopes]
    assert constants == list(instance.frozen["W"].entries)
    line = Instance(declared.load("two_layer_linear_on_a_line"), {"n": 2, "h": 1, "m": 1})
    (entry,) = line.outputs[0].entries
    assert set(map(int, entry.to_dict().values())) == set(line.directions["x"].entries)
