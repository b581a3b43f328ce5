"""Lift P in words, against gradients that SymPy takes of the loss at sizes that are drawn."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from sympy import Matrix, Rational, Symbol

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared import lift as stage
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided


def of_scalars():
    return Model(
        name="scalar_output",
        title="two layers and one output",
        source="own",
        layers={"a": Layer("h", rate="eta_a"), "W": Layer("h", "n", rate="eta_w")},
        inputs={"x": ("n",)},
        output=lambda w, x, F: 3 * (w.a @ (w.W @ x.x)),
        sizes=({"n": 2, "h": 2},),
    )


MODELS = {
    "two layers": (
        shelf.load("two_layer_linear"),
        ({"m": 2, "h": 3, "n": 4}, {"m": 3, "h": 1, "n": 1}),
    ),
    "one output": (of_scalars(), ({"h": 3, "n": 2},)),
    "one neuron": (shelf.load("single_neuron"), ({"n": 3},)),
    "symmetric": (shelf.load("symmetric_factorisation"), ({"n": 3, "r": 2},)),
    "adapter": (shelf.load("lora"), ({"m": 3, "r": 2, "n": 2},)),
    "chain": (shelf.load("chain_2"), ({},)),
}
CASES = [(name, k) for name, (_, sizes) in MODELS.items() for k in range(len(sizes))]


def block(layer, axes, entries):
    """Entries of a layer, row by row, as rows of Q."""
    if axes in ("", "r"):
        return Matrix(len(entries), 1, entries)
    if axes == "h":
        return Matrix(1, len(entries), entries)
    rows = layer[0]
    found = Matrix(rows, len(entries) // rows, entries)
    return found.T if axes == "hr" else found


def of_layers(model, sizes, lift, entries):
    """Blocks of Q of all weights, or of their velocities, in order."""
    shapes = {name: [s.at(sizes) for s in layer.shape] for name, layer in model.layers.items()}
    found, start = {}, 0
    for name, shape in shapes.items():
        count = int(sympy.prod(shape))
        found[name] = (shape, entries[start : start + count])
        start += count
    return [block(*_ordered(found[one.layer], one.axes)) for one in lift.words.blocks]


def _ordered(found, axes):
    shape, entries = found
    return shape, axes, entries


@pytest.mark.parametrize(("name", "k"), CASES)
def test_words_are_gradient_flow(name, k):
    """m, rates, targets and weights are drawn; the loss is that of the outputs as they are declared."""
    model, every = MODELS[name]
    sizes, lift, draw = every[k], lift_at_all_sizes(model), random.Random(f"{name} {k}")
    instance = Instance(model, sizes)
    weights = sympy.symbols(instance.names, real=True)
    rates = {r: Rational(draw.randrange(1, 9), 3) for r in dict.fromkeys(instance.rates)}
    at = {w: Rational(draw.randrange(-5, 6), 2) for w in weights}
    m = Rational(5, 3)
    entries = [entry for output in instance.outputs for entry in output.entries]
    inputs = len(instance.ring.gens()) - instance.weights
    target = Matrix(len(entries), inputs, lambda i, j: draw.randrange(-5, 6))
    P = Matrix(len(entries), inputs, lambda i, j: coefficient(entries[i], weights, j))
    loss = m * sum((p - b) ** 2 for p, b in zip(P, target, strict=True)) / 2
    moved = [
        -rates[r] * sympy.diff(loss, w).subs(at)
        for w, r in zip(weights, instance.rates, strict=True)
    ]
    frozen = P.subs(dict.fromkeys(weights, 0))
    Q = Matrix.vstack(*of_layers(model, sizes, lift, [at[w] for w in weights]))
    truth = Matrix.vstack(*of_layers(model, sizes, lift, moved))
    rows = [one.rows for one in of_layers(model, sizes, lift, moved)]
    assert claimed(lift, target - frozen, m, rates, Q, rows) == truth


def coefficient(entry, weights, j):
    total = sympy.Integer(0)
    for exponents, c in entry.to_dict().items():
        data = [int(e) for e in exponents[len(weights) :]]
        assert sum(data) == 1
        if data[j]:
            powers = (w ** int(e) for w, e in zip(weights, exponents, strict=False))
            total += Rational(int(c.p), int(c.q)) * sympy.prod(powers)
    return total


def claimed(lift, B, m, rates, Q, rows):
    """F Q − Q Qᵀ S Q + G Q (Qᵀ J Q)."""
    values = {Symbol(name, positive=True): value for name, value in rates.items()}
    F = sympy.zeros(sum(rows))
    starts = [sum(rows[:i]) for i in range(len(rows))]
    for (i, j), (plain, turned) in lift.force.items():
        part = sympy.zeros(rows[i], rows[j])
        for factor, matrix in ((plain, B), (turned, B.T)):
            if factor != 0:
                part += factor.subs(values) * matrix
        F[starts[i] : starts[i] + rows[i], starts[j] : starts[j] + rows[j]] = m * part

    def diagonal(numbers):
        return sympy.diag(
            *(c.subs(values) for c, n in zip(numbers, rows, strict=True) for _ in range(n))
        )

    found = F * Q - Q * Q.T * (m * diagonal(lift.S)) * Q
    if lift.J:
        found += m * diagonal(lift.G) * Q * (Q.T * diagonal(lift.J) * Q)
    return found


def _verdicts(lift):
    return {one.claim: one.verdict for one in lift.certificates()}


@pytest.mark.parametrize("name", MODELS)
def test_altered_lifts_are_refuted(name):
    lift = lift_at_all_sizes(MODELS[name][0])
    assert all(isinstance(one.verdict, Proved) for one in lift.certificates())
    for field in ("S", "G", "J"):
        values = getattr(lift, field)
        for k in range(len(values)):
            wrong = replace(lift, **{field: (*values[:k], values[k] + 1, *values[k + 1 :])})
            assert any(isinstance(one.verdict, Undecided) for one in wrong.certificates()), (
                field,
                k,
            )
            for claim, own in (
                ("S F is symmetric", "S"),
                ("Q^T J Q is conserved at all sizes", "J"),
            ):
                if field == own and len(values) > 1:
                    assert isinstance(_verdicts(wrong)[claim], Undecided)
    for place in lift.words.product:
        words = replace(lift.words, product={**lift.words.product, place: Fraction(7)})
        wrong = replace(lift, words=words)
        assert any(isinstance(one.verdict, Undecided) for one in wrong.certificates())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("three_layer_linear", "no product of two layers"),
        ("diagonal", "do not share one axis alone"),
        ("diagonal_classes", "the loss is softmax"),
        ("two_layer_linear_on_a_line", "data are line"),
        ("tanh_any_data", "no polynomials in words"),
        ("residual", "no product of two layers"),
    ],
)
def test_refusals_say_why(name, reason):
    with pytest.raises(DoesNotApply, match=reason):
        lift_at_all_sizes(shelf.load(name))


@pytest.mark.parametrize(
    "output",
    [
        lambda w, x, F: w.U @ (w.U @ x.x),
        lambda w, x, F: w.U @ (w.V @ x.x) + w.V @ (w.U @ x.x),
    ],
)
def test_a_layer_that_is_used_both_ways_is_no_block(output):
    """Its rows and its columns would be blocks that move apart, each with certificates of its own."""
    model = Model(
        name="both_ways", title="a layer used both ways", source="own",
        layers={name: Layer("n", "n", rate="eta") for name in "UV"}, inputs={"x": ("n",)},
        output=output,
    )  # fmt: skip
    with pytest.raises(DoesNotApply, match="on either axis"):
        lift_at_all_sizes(model)


def test_the_record_holds_it_and_refuses_another():
    record = stage.derive(Instance(shelf.load("two_layer_linear"), {"n": 2, "h": 2, "m": 1}))
    lift = record.at_all_sizes
    assert [(one.layer, one.axes) for one in lift.words.blocks] == [("U", "rh"), ("V", "hr")]
    with pytest.raises(CertificateError):
        replace(record, at_all_sizes=replace(lift, S=tuple(2 * s for s in lift.S)))
