"""Laws at all sizes: those of every instance and no fewer, and what torch's gradients say of them."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
import torch

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.written import matrix_law, shape
from symbolic.derivation import derive
from symbolic.laws.all_sizes import DiagonalLaw, laws_at_all_sizes
from symbolic.laws.entries import entries
from symbolic.laws.rank import independent
from symbolic.laws.rates import at, laws_with_rates
from symbolic.models.shelf import load, names
from symbolic.proof.certificate import CertificateError
from verify.networks import shelf

# Polynomial laws of the first two sizes, of which words say fewer, and what they are.
MORE = {
    "quadratic_on_a_line": [(4, 2)],  # W beside the line, for these data
    "two_layer_linear_on_a_line": [(2, 1), (15, 10)],  # V beside the line, for these data
}


@pytest.mark.parametrize("name", names())
def test_they_span_the_polynomial_laws_of_instances(name):
    """With rates as symbols where they are absorbed, else at rates that are drawn."""
    model = load(name)
    found, counts = laws_at_all_sizes(model).all, []
    for sizes in model.sizes[:2]:
        instance = Instance(model, sizes)
        known = laws_with_rates(fields(instance), instance.rates, instance.weights)
        values = dict.fromkeys(instance.rates, 1) if known.absorbed else dict(known.draws[0])
        every = [at(law, values) for law in known.laws]
        said = [at(one, values) for law in found for one in entries(law, model, sizes)]
        both = independent([*said, *every], (), instance.weights)
        assert both == independent(every, (), instance.weights)
        counts.append((both, independent(said, (), instance.weights)))
    assert counts == MORE.get(name, [(n, n) for n, _ in counts])


def value(law, weights, rates, model, ones=lambda n: torch.ones(n, dtype=torch.float64)):
    """Of a law; `ones` is the constant vector of its sums, or an altered one."""
    total = 0
    for part in law.parts:
        P = weights[part.layer]
        square = {
            "outer": lambda P=P: P.reshape(len(P), -1) @ P.reshape(len(P), -1).T,
            "inner": lambda P=P: P.T @ P,
            "norm": lambda P=P: (P**2).sum(),
            "sum": lambda P=P: P + P.T,
            "entries": lambda P=P: P.diag() if P.dim() else P,
            "rows": lambda P=P: (P @ ones(P.shape[1])).diag(),
            "columns": lambda P=P: (ones(len(P)) @ P).diag(),
            "total": lambda P=P: P.flatten() @ ones(P.numel()),
        }[part.kind]()
        square = square.diagonal() if isinstance(law, DiagonalLaw) else square
        total = total + float(part.factor) * square / rates[model.layers[part.layer].rate]
    return total


@pytest.mark.parametrize("name", names())
def test_torch_gradients_leave_them_alone(name):
    """At other sizes and rates: h(θ + v) − h(θ − v) = 0 for v = −η ∂ℓ/∂θ, as h has degree 2."""
    model = load(name)
    found = laws_at_all_sizes(model).all
    # Of two entries layer normalisation leaves the signs alone: a gradient of nothing but rounding.
    sizes = {symbol: 8 if symbol == "n" else 3 + k for k, symbol in enumerate(model.symbols)}
    if model.points:
        sizes["p"] = 3
    draw = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def drawn(shapes):
        return {
            key: torch.randn([s.at(sizes) for s in shape], generator=draw, dtype=torch.float64)
            for key, shape in shapes.items()
        }

    weights, frozen = drawn(model.graph.weights), drawn(model.graph.frozen)
    rates = {layer.rate: 0.5 + k for k, layer in enumerate(model.layers.values())}
    leaves = {key: P.clone().requires_grad_() for key, P in weights.items()}
    for _ in range(8):
        inputs = drawn(model.graph.inputs)
        if model.points:  # one-hot: of these words know the sum
            inputs = {key: x - x.mean() + 1 / len(x) for key, x in inputs.items()}
        output = shelf.load(name)(leaves, inputs, frozen)
        signal = torch.randn(output.shape, generator=draw, dtype=torch.float64)
        if model.loss == "softmax":
            signal = signal - signal.mean(-1, keepdim=True)
        (signal * output).sum().backward()
    step = {
        key: rates[model.layers[key].rate] * P.grad if P.grad is not None else 0 * P.detach()
        for key, P in leaves.items()
    }
    moved = [{key: P + sign * step[key] for key, P in weights.items()} for sign in (1, -1)]

    def drift(law, *ones):
        ahead, behind = (value(law, there, rates, model, *ones) for there in moved)
        size = sum((P**2).sum().item() for there in moved for P in there.values())
        return (ahead - behind).abs().max().item() / size

    for law in found:
        assert drift(law) <= 1e-14
        first, *others = law.parts
        if {part.kind for part in law.parts} <= {"rows", "columns", "total"}:  # not 1 but 1 … n
            assert drift(law, lambda n: torch.arange(1, n + 1, dtype=torch.float64)) > 1e-9
        if not others:  # a multiple of a norm is conserved as well
            continue
        altered = replace(law, parts=(replace(first, factor=2 * first.factor), *others))
        assert drift(altered) > 1e-9


def test_what_is_conserved_on_the_diagonal_alone_is_no_matrix_law():
    bilinear = laws_at_all_sizes(load("bilinear"))
    assert not bilinear.matrices
    assert [{(p.layer, p.kind, p.factor) for p in law.parts} for law in bilinear.diagonals] == [
        {("W", "outer", -1), ("V", "outer", 1)},
        {("W", "outer", -1), ("P", "inner", 1)},
    ]


@pytest.mark.parametrize("depth", range(1, 7))
def test_a_diagonal_network_of_any_depth_has_a_law_less_than_layers(depth):
    layers = {f"u{k}": Layer("n", rate=f"eta_{k}") for k in range(depth)}

    def output(w, x, F):
        found = x.x
        for name in layers:
            found = getattr(w, name) * found
        return found.sum()

    model = Model(
        name="tried", title="", source="own", layers=layers, inputs={"x": ("n",)}, output=output
    )
    assert len(laws_at_all_sizes(model).diagonals) == depth - 1


def test_a_layer_that_is_a_factor_as_often_as_power_says():
    """Σ u_i v_i^k: u² − v²/k."""
    for power in range(1, 8):
        model = Model(
            name="tried", title="", source="own",
            layers={"u": Layer("n", rate="eta_u"), "v": Layer("n", rate="eta_v")},
            inputs={"x": ("n",)}, output=lambda w, x, F, k=power: (w.u * w.v**k * x.x).sum(),
        )  # fmt: skip
        (law,) = laws_at_all_sizes(model).diagonals
        by_layer = {part.layer: part.factor for part in law.parts}
        assert by_layer["u"] == -power * by_layer["v"]


def test_laws_say_which_need_the_loss_or_the_points():
    """A shift of all classes needs a loss of differences, a shift of both arguments one-hot points."""
    model = load("modular_addition_classes")
    found = {
        frozenset((part.layer, part.kind) for part in law.parts): law.needs
        for law in laws_at_all_sizes(model).all
    }
    assert found == {
        frozenset({("U", "columns")}): ("loss",),
        frozenset({("W", "rows"), ("V", "rows")}): ("data",),
        frozenset({("W", "outer"), ("V", "outer"), ("U", "inner")}): (),
    }
    assert laws_at_all_sizes(replace(model, loss="any")).all != laws_at_all_sizes(model).all
    other = [{"a": [1, 2, 0], "b": [0, 1, 0]}, {"a": [0, 1, 0], "b": [1, 0, 0]}]
    kinds = {
        part.kind
        for law in laws_at_all_sizes(replace(model, points=other)).all
        for part in law.parts
    }
    assert "rows" not in kinds


def test_they_are_written_as_sums():
    """With brackets where a rate follows a 1."""
    model = load("modular_addition_classes")
    plain = [matrix_law(law, model.layers, False) for law in laws_at_all_sizes(model).all]
    assert "1ᵀ U" in plain
    assert "(W 1)/eta_W − (V 1)/eta_V" in plain
    latex = [matrix_law(law, model.layers, True) for law in laws_at_all_sizes(model).all]
    assert r"\mathbf{1}^{\top} U" in latex
    shapes = [shape(law) for law in laws_at_all_sizes(model).all]
    assert "h numbers; for losses of the differences of outputs" in shapes
    assert "h numbers; for the inputs that are listed" in shapes
    u = Model(
        name="tried", title="", source="own", layers={"u": Layer("h", rate="eta_u")},
        inputs={"x": ("h", "n"), "q": ("n",)},
        output=lambda w, x, F: F.softmax(x.x @ x.q + 2 * w.u) @ (x.x @ x.q),
    )  # fmt: skip
    (law,) = laws_at_all_sizes(u).all
    assert matrix_law(law, u.layers, False) == "1ᵀ u"


@pytest.mark.parametrize("name", ["relu_classifier", "modular_addition_classes"])
def test_a_law_that_needs_a_loss_or_data_is_not_accepted_for_others(name):
    model = load(name)
    found = derive(Instance(model, model.sizes[0]), wanted={MatrixLaws})[MatrixLaws]
    needing = [law for law in found.diagonals if law.needs]
    assert needing
    for law in needing:
        for needs in {(), ("loss",), ("data",)} - {law.needs}:
            others = tuple(
                replace(one, needs=needs) if one is law else one for one in found.diagonals
            )
            with pytest.raises(CertificateError):
                replace(found, diagonals=others)
