"""Words: what stands in them, what is cut, and laws that are read off them."""

from __future__ import annotations

import math
import zlib
from fractions import Fraction

import pytest
import torch

from symbolic.architecture.model import Layer, Model
from symbolic.architecture.walk import in_order
from symbolic.architecture.words import LESS_MEAN, MANY, Words
from symbolic.laws.all_sizes import diagonal_laws, matrix_laws
from symbolic.models.shelf import load, names
from verify.networks import shelf


def declared(layers, output, inputs=None):
    return Model(
        name="tried", title="", source="own",
        layers={name: Layer(*shape, rate=f"eta_{name}") for name, shape in layers.items()},
        inputs=inputs or {"x": ("n",), "y": ("n",)}, output=output,
    )  # fmt: skip


def said(laws):
    return [
        (str(law.size), {(part.layer, part.kind): part.factor for part in law.parts})
        for law in laws
    ]


def test_gates_are_letters_and_nothing_is_cut():
    relu = declared({"U": ("m", "h"), "W": ("h", "n")}, lambda w, x, F: w.U @ F.relu(w.W @ x.x))
    assert not Words(relu).cut
    assert Words(declared({"U": ("m", "n")}, lambda w, x, F: F.tanh(w.U @ x.x))).cut


def test_what_has_too_many_terms_is_cut():
    """Twenty residual layers have 2¹⁹ terms; a cut leaves two sums, none longer than is allowed."""
    names = [f"A{k}" for k in range(20)]

    def output(w, x, F):
        found = w.A0 @ x.x
        for name in names[1:]:
            found = found + getattr(w, name) @ found
        return found

    words = Words(declared(dict.fromkeys(names, ("n", "n")), output))
    assert words.cut
    assert MANY < len(words.closed) <= 20 * MANY


def value(closed, tensors, sizes):
    """Σ of contractions, as numbers."""
    total = 0.0
    for one, c in closed.items():
        operands = []
        for letter, indices in one.factors:
            operands += [tensors(letter.name), list(indices)]
        number = torch.einsum(*operands, []).item() if operands else 1.0
        scale = math.prod(float(size.at(sizes)) ** power for size, power in one.scales)
        total += float(c) * scale * number
    return total


def is_word(model):
    operations = {(t.operation, t.detail) for t in in_order(model.graph.output)}
    functions = any(kind == "apply" for kind, _ in operations)
    return not functions and not any(kind == "power" and n < 0 for kind, n in operations)


@pytest.mark.parametrize("name", [name for name in names() if is_word(load(name))])
@pytest.mark.parametrize("seed", range(3))
def test_words_are_the_output(name, seed):
    """Against torch by hand: Σ r·f at numbers that are drawn."""
    model = load(name)
    sizes = {symbol: 5 + k if symbol == "n" else 2 + k for k, symbol in enumerate(model.symbols)}
    draw = torch.Generator().manual_seed(zlib.crc32(name.encode()) + seed)
    groups = [
        {
            key: torch.randn([s.at(sizes) for s in shape], generator=draw, dtype=torch.float64)
            for key, shape in shapes.items()
        }
        for shapes in (model.graph.weights, model.graph.inputs, model.graph.frozen)
    ]
    output = shelf.load(name)(*groups)
    if model.loss == "softmax":  # signals that a loss of differences has sum to 0
        output = output - output.mean(-1, keepdim=True)
    signal = torch.randn(output.shape, generator=draw, dtype=torch.float64)
    weights, inputs, frozen = groups

    def tensors(letter):
        if letter == LESS_MEAN:
            return torch.ones((), dtype=torch.float64)
        kind, _, rest = letter.rpartition(" ")
        if letter.startswith("shift"):
            n, k = (sizes[symbol] for symbol in ("n", "k"))
            i, j, at = torch.meshgrid(*map(torch.arange, (n - k + 1, k, n)), indexing="ij")
            return (at == i + j).double()
        if letter.startswith("?"):
            return signal
        return {"": weights, "input": inputs, "frozen": frozen}[kind][rest]

    words = Words(model)
    assert not words.cut
    expected = (signal * output).sum().item()
    assert value(words.closed, tensors, sizes) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("layers", "output", "matrices", "diagonals"),
    [
        (
            {"U": ("m", "h"), "W": ("h", "n")},
            lambda w, x, F: w.U @ F.relu(w.W @ x.x),
            [],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a linear layer above a ReLU keeps its whole law
            {"A": ("m", "k"), "U": ("k", "h"), "W": ("h", "n")},
            lambda w, x, F: w.A @ (w.U @ F.relu(w.W @ x.x)),
            [("k", {("A", "inner"): -1, ("U", "outer"): 1})],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a skip around the ReLU: nothing but what both allow
            {"U": ("m", "h"), "W": ("h", "n")},
            lambda w, x, F: w.U @ F.relu(w.W @ x.x) + w.U @ (w.W @ x.x),
            [],
            [("h", {("U", "inner"): -1, ("W", "outer"): 1})],
        ),
        (  # a scalar
            {"a": (), "b": ()},
            lambda w, x, F: w.a * F.relu(w.b * (x.x @ x.x)),
            [("None", {("a", "norm"): -1, ("b", "norm"): 1})],
            [],
        ),
        (
            {"T": ("n", "m", "k"), "u": ("m",), "v": ("n",)},
            lambda w, x, F: ((w.T @ F.frozen("s", "k")) @ w.u) @ w.v,
            [
                ("None", {("T", "norm"): -1, ("u", "norm"): 1}),
                ("None", {("T", "norm"): -1, ("v", "norm"): 1}),
            ],
            [],
        ),
        (  # entries of a tied layer, three times
            {"U": ("m", "h"), "W": ("h", "n")},
            lambda w, x, F: w.U @ ((w.W @ x.x) * F.tanh(F.frozen("c", "h")) * (w.W @ x.x) ** 2),
            [],
            [("h", {("U", "inner"): -3, ("W", "outer"): 1})],
        ),
        (  # by entries within a block, by matrices between blocks
            {"A": ("m", "k"), "g": ("k",), "B": ("k", "h"), "C": ("h", "n")},
            lambda w, x, F: w.A @ (w.g * (w.B @ (w.C @ x.x))),
            [("h", {("B", "inner"): -1, ("C", "outer"): 1})],
            [
                ("k", {("A", "inner"): -1, ("g", "outer"): 1}),
                ("k", {("A", "inner"): -1, ("B", "outer"): 1}),
            ],
        ),
        (  # what is multiplied by a vector by entries is added to without it
            {"u": ("n",), "v": ("n",)},
            lambda w, x, F: (w.u * w.v * x.x + w.v * x.y).sum(),
            [],
            [],
        ),
        (  # a gain of 1 + g
            {"U": ("m", "h"), "g": ("h",), "W": ("h", "n")},
            lambda w, x, F: w.U @ ((1 + w.g) * (w.W @ x.x)),
            [],
            [
                ("h", {("U", "inner"): -1, ("W", "outer"): 1}),
                ("h", {("U", "inner"): -1, ("g", "outer"): 1, ("g", "entries"): 2}),
            ],
        ),
        (  # numbers, one of them 3 + 2 b
            {"a": (), "b": ()},
            lambda w, x, F: w.a * (3 + 2 * w.b) * (x.x @ x.x),
            [("None", {("a", "norm"): 1, ("b", "norm"): -1, ("b", "entries"): -3})],
            [],
        ),
        (  # of a sum the difference
            {"u": ("n",), "v": ("n",)},
            lambda w, x, F: F.tanh((w.u + w.v) * x.x),
            [],
            [("n", {("u", "entries"): 1, ("v", "entries"): -1})],
        ),
        (  # a row each has its own norm, without a gain too; the readout is tied to the gain alone
            {"U": ("m", "h"), "g": ("h",), "W": ("h", "n")},
            lambda w, x, F: w.U @ (F.weight_norm(w.W, w.g) @ x.x),
            [],
            [("h", {("W", "outer"): 1}), ("h", {("U", "inner"): -1, ("g", "outer"): 1})],
        ),
        (  # the root is of degree 1 in all that is in it
            {"u": ("n",), "v": ("n",), "a": ()},
            lambda w, x, F: w.a * F.sqrt((w.u * w.u) @ x.x + (w.v * w.v) @ x.y),
            [("None", {("a", "norm"): 1, ("u", "norm"): -1, ("v", "norm"): -1})],
            [],
        ),
        (  # a number under the root is of degree 0
            {"v": ("n",), "a": ()},
            lambda w, x, F: w.a * F.sqrt(1 + w.v @ w.v),
            [],
            [],
        ),
        (  # a ratio
            {"a": ("n",), "b": ("n",), "c": ()},
            lambda w, x, F: w.c * (w.a @ x.x) / (w.b @ x.x),
            [
                ("None", {("a", "norm"): 1, ("b", "norm"): 1}),
                ("None", {("c", "norm"): 1, ("a", "norm"): -1}),
            ],
            [],
        ),
        (  # a high power is not written out
            {"u": ("h",), "V": ("h", "n"), "W": ("h", "n")},
            lambda w, x, F: w.u @ (w.V @ x.x + w.W @ x.y) ** 30,
            [],
            [("h", {("u", "outer"): -30, ("V", "outer"): 1, ("W", "outer"): 1})],
        ),
        (  # a convolution and a readout, by filters
            {"u": ("c", "n-k+1"), "w": ("c", "k")},
            lambda w, x, F: (w.u * F.conv1d(w.w, x.x + x.y)).sum(),
            [("c", {("u", "outer"): -1, ("w", "outer"): 1})],
            [],
        ),
        (
            {"A": ("n", "n"), "B": ("n", "n")},
            lambda w, x, F: (F.identity("n") + w.A) @ (w.B @ x.x),
            [("n", {("A", "inner"): -1, ("A", "sum"): -1, ("B", "outer"): 1})],
            [],
        ),
        (  # the square of 1 + A is not that of A
            {"A": ("n", "n"), "B": ("n", "n")},
            lambda w, x, F: (F.identity("n") + 2 * w.A) @ (w.B @ x.x),
            [("n", {("A", "inner"): -1, ("A", "sum"): Fraction(-1, 2), ("B", "outer"): 1})],
            [],
        ),
    ],
)
def test_laws_that_words_say(layers, output, matrices, diagonals):
    model = declared(layers, output)

    def sign(laws):
        """The last factor is 1, in any order."""
        found = []
        for size, parts in laws:
            last = Fraction(parts[max(parts)])
            found.append((size, sorted((part, c / last) for part, c in parts.items())))
        return sorted(found)

    assert sign(said(matrix_laws(model))) == sign(matrices)
    assert sign(said(diagonal_laws(model))) == sign(diagonals)
