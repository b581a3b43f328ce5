"""Random small declarations: laws against derivatives by SymPy, and counts that never exceed the weights.

The exact ring finds laws; SymPy differentiates the output that is written out here by itself, entry by
entry, at weights and data that are drawn: Σ_i ∂_i h ∂_i f = 0 for every output (or differences).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import sympy
from flint import fmpq, fmpq_mat
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symbolic.architecture.fields import fields
from symbolic.architecture.independence import assumptions
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.walk import in_order
from symbolic.laws.all_sizes import diagonal_laws, matrix_laws
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.entries import entries
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import at, drawn, with_rates

SIZES = {"a": 2, "b": 1, "c": 2}
SYMBOLS = st.sampled_from(sorted(SIZES))


def sizes(model):
    return {symbol: SIZES[symbol] for symbol in model.symbols}


FUNCTIONS = st.sampled_from(("relu", "tanh", "exp", "sin", "sigmoid"))


KINDS = (
    "matrix", "bias", "apply", "scale", "square", "tied", "skip", "residual", "ratio", "root",
)  # fmt: skip
POINTS = {"a": [[1, 2], [-3, 1], [2, 4]], "b": [[1], [-2], [3]], "c": [[0, 0], [1, 1], [1, 0]]}


@st.composite
def declarations(draw):
    """A vector that layers, activations, products and tied layers are applied to, one after the other."""
    layers, steps, size = {}, [], draw(SYMBOLS)
    first = size
    nonlinear = 0
    for k in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(KINDS))
        if kind == "matrix":
            to = draw(SYMBOLS)
            layers[f"W{k}"] = (to, size)
            steps.append((kind, f"W{k}"))
            size = to
        elif kind in ("bias", "scale"):
            layers[f"v{k}"] = (size,)
            steps.append((kind, f"v{k}"))
        elif kind == "apply" and not nonlinear and k:
            nonlinear += 1
            steps.append((kind, draw(FUNCTIONS)))
        elif kind == "tied" and layers:
            fit = [n for n, shape in layers.items() if len(shape) == 2 and shape[0] == size]
            if fit:
                steps.append((kind, fit[-1]))
                size = layers[fit[-1]][1]
        elif kind == "residual":
            layers[f"R{k}"] = (size, size)
            steps.append((kind, f"R{k}"))
        elif kind in ("ratio", "root") and not nonlinear and k:
            nonlinear += 1
            steps.append((kind, None))
        elif kind in ("square", "skip") and not nonlinear:
            steps.append((kind, None))
    layers["U"] = (draw(SYMBOLS), size)
    steps.append(("matrix", "U"))
    data = draw(st.sampled_from(("any", "any", "line", "points")))
    rates = draw(st.lists(st.sampled_from(("eta_1", "eta_2")), min_size=5, max_size=5))
    return Model(
        name="tried", title="", source="own",
        layers={
            n: Layer(*shape, rate=rate)
            for (n, shape), rate in zip(layers.items(), rates, strict=False)
        },
        inputs={"x": (first,)},
        output=lambda w, x, F: _output(steps, w, x, F),
        loss=draw(st.sampled_from(("any", "softmax"))),
        data=data,
        points=[{"x": x} for x in POINTS[first]] if data == "points" else (),
    )  # fmt: skip


def _output(steps, w, x, F):
    z = x.x
    for kind, name in steps:
        layer = getattr(w, name) if name and kind != "apply" else None
        z = {
            "matrix": lambda z=z, layer=layer: layer @ z,
            "tied": lambda z=z, layer=layer: layer.T @ z,
            "bias": lambda z=z, layer=layer: z + layer,
            "scale": lambda z=z, layer=layer: layer * z,
            "apply": lambda z=z, name=name: getattr(F, name)(z),
            "square": lambda z=z: z * z,
            "skip": lambda z=z: z + 2 * z,
            "residual": lambda z=z, layer=layer: z + layer @ z,
            "ratio": lambda z=z: z / (2 + z @ z),
            "root": lambda z=z: z / F.sqrt(2 + z @ z),
        }[kind]()
    return z


# ------------------------------------------------------------------ the same output in SymPy


def written_out(model, weights, data):
    """The output as a list, by the operations of the graph on arrays of SymPy."""
    values = {}
    for t in in_order(model.graph.output):
        of = [values[id(part)] for part in t.of]
        values[id(t)] = {
            "leaf": lambda t=t: (weights if t.detail[0] == "weight" else data)[t.detail[1]],
            "number": lambda t=t: np.array(sympy.Rational(t.detail[0])),
            "matmul": lambda of=of: of[0] @ of[1],
            "transpose": lambda of=of: of[0].T,
            "add": lambda of=of: of[0] + of[1],
            "multiply": lambda of=of: of[0] * of[1],
            "power": lambda t=t, of=of: of[0] ** t.detail,
            "apply": lambda t=t, of=of: np.vectorize(of_sympy(t.detail), otypes=[object])(of[0]),
        }[t.operation]()
    return list(np.ravel(values[id(model.graph.output)]))


def of_sympy(name):
    return {
        "relu": lambda h: sympy.Max(h, 0),
        "sqrt": sympy.sqrt,
        "tanh": sympy.tanh,
        "exp": sympy.exp,
        "sin": sympy.sin,
        "sigmoid": lambda h: 1 / (1 + sympy.exp(-h)),
    }[name]


def symbols_of(model, prefix, shapes):
    return {
        name: np.array(
            [sympy.Symbol(f"{prefix}{name}_{k}", real=True) for k in range(math.prod(shape))],
            dtype=object,
        ).reshape(shape)
        for name, shape in shapes.items()
    }


def gradients(model, rates, seed):
    """Weights, and rates ∘ ∇f at them for some data: numbers."""
    generator = np.random.default_rng(seed)
    shapes = {n: tuple(s.at(SIZES) for s in layer.shape) for n, layer in model.layers.items()}
    weights = symbols_of(model, "w", shapes)
    flat = [symbol for array in weights.values() for symbol in np.ravel(array)]
    theta = {symbol: sympy.Rational(int(generator.integers(-9, 10)) or 1, 7) for symbol in flat}
    (n,) = (s.at(SIZES) for s in model.graph.inputs["x"])
    direction = None
    if model.data == "line":
        z = Instance(model, sizes(model))
        direction = [int(c) for c in _direction(z, n)]
    found = []
    for point in range(3):
        scale = int(generator.integers(1, 9)) * (-1) ** int(generator.integers(2))
        entries_ = (
            [sympy.Rational(d * scale, 50) for d in direction]
            if direction
            else list(map(sympy.Integer, model.points[point]["x"]))
            if model.points
            else [sympy.Rational(int(v), 5) for v in generator.integers(-9, 10, n)]
        )
        outputs = written_out(model, weights, {"x": np.array(entries_, dtype=object)})
        if model.loss == "softmax":
            outputs = [one - outputs[-1] for one in outputs[:-1]]
        for one in outputs:
            row = [sympy.diff(one, symbol).subs(theta) for symbol in flat]
            found.append([float(v.evalf(30)) * float(r) for v, r in zip(row, rates, strict=True)])
    return [float(theta[symbol]) for symbol in flat], found


def _direction(instance, n):
    """The direction of the data that an instance has drawn: of a layer applied to the input."""
    probe = Model(
        name="probe", title="", source="own", layers={"P": Layer(*instance.model.inputs["x"])},
        inputs={"x": tuple(instance.model.inputs["x"])}, output=lambda w, x, F: w.P @ x.x,
        data="line",
    )  # fmt: skip
    (output,) = Instance(probe, sizes(probe)).outputs[0].entries
    by_weight = {m.index(1): c for m, c in output.to_dict().items()}
    return [by_weight[k].p for k in range(n)]


def slope(law, theta):
    row = [0.0] * len(theta)
    for factors, c in law.items():
        for i in set(factors):
            rest = list(factors)
            rest.remove(i)
            row[i] += (
                float(Fraction(int(c.p), int(c.q)))
                * factors.count(i)
                * math.prod(theta[j] for j in rest)
            )
    return row


def annihilates(law, theta, moving):
    row = slope(law, theta)
    for one in moving:
        terms = [a * b for a, b in zip(row, one, strict=True)]
        if abs(sum(terms)) > 1e-9 * max(1e-9, math.fsum(map(abs, terms))):
            return False
    return True


@settings(max_examples=60, deadline=None, derandomize=True)
@given(declarations(), st.integers(0, 2**16))
def test_laws_are_annihilated_and_counts_never_exceed_the_weights(model, seed):
    D = model.number_of_weights(SIZES)
    assume(D <= 14)
    instance = Instance(model, sizes(model))
    values = drawn(instance.rates, seed)
    moving = with_rates(fields(instance), instance.rates, values)
    laws = polynomial_laws(moving, D)
    theta, exact = gradients(model, [values[name] for name in instance.rates], seed)
    assert all(annihilates(law, theta, exact) for law in laws)
    assume(assumptions(instance).hold)
    number = independent(laws, (), D)
    rank = lie_rank(model, SIZES, D + 1, depth=3, seeds=2, rates=values).value
    assert number + rank <= D


@settings(max_examples=60, deadline=None, derandomize=True)
@given(declarations(), st.integers(0, 2**16))
def test_laws_at_all_sizes_are_in_the_span_of_those_of_the_instance(model, seed):
    D = model.number_of_weights(SIZES)
    assume(D <= 20)
    instance = Instance(model, sizes(model))
    values = drawn(instance.rates, seed)
    laws = polynomial_laws(with_rates(fields(instance), instance.rates, values), D)
    for law in (*matrix_laws(model), *diagonal_laws(model)):
        for entry in entries(law, model, sizes(model)):
            assert in_span(at(entry, values), laws)


def in_span(one, laws):
    places = {f: k for k, f in enumerate({f for law in (*laws, one) for f in law})}
    rows = [[law.get(f, fmpq(0)) for f in places] for law in (*laws, one)]
    return fmpq_mat(rows).rank() == (fmpq_mat(rows[:-1]).rank() if laws else 0)
