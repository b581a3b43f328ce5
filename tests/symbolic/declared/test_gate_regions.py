"""Laws and ranks of regions of gates, against floats: gradients and brackets of torch at real data."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import torch

from symbolic.architecture.cells import NotEnumeratedError
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.regions import regions as drawn_regions
from symbolic.declared.count import Count
from symbolic.declared.gate_regions import Regions
from symbolic.declared.one_field import OneField
from symbolic.declared.summary import Summary
from symbolic.derivation import derive
from symbolic.laws.lie_rank import Rank
from symbolic.laws.regions import patterns_in
from symbolic.models.shelf import load
from symbolic.proof.certificate import CertificateError


def declared(layers, output, inputs=None, **data):
    return Model(
        name="tried", title="", source="own",
        layers={n: Layer(*s, rate=f"eta_{n}") for n, s in layers.items()},
        inputs={"x": ("n",)} if inputs is None else inputs, output=output, **data,
    )  # fmt: skip


POINTS = {"data": "points", "points": ({"x": [1, 2]}, {"x": [3, -1]})}
TWO_LAYERS = {"U": ("h",), "W": ("h", "n")}
ONE = {"u": (), "w": ("n",)}
TWO = {"u": (), "v": (), "w": ("n",)}
PAIR = {"u": (), "w": ("n",), "v": ("n",)}


def two_layers(w, x, F):
    return w.U @ F.relu(w.W @ x.x)


# Laws everywhere, the largest rank in a region, gap; by hand in the comments.
NETWORKS = {
    "tied": (  # (u + v) w in one region, u w and v w in the others
        declared(TWO, lambda w, x, F: F.relu(w.u * (w.w @ x.x)) + F.relu(w.v * (w.w @ x.x))),
        {"n": 2}, (1, 3, 0),
    ),
    "line": (declared(TWO_LAYERS, two_layers, data="line"), {"n": 2, "h": 3}, (6, 2, 1)),
    "points": (declared(TWO_LAYERS, two_layers, **POINTS), {"n": 2, "h": 2}, (2, 3, 1)),
    "alone": (declared({"w": ("n",)}, lambda w, x, F: F.relu(w.w @ x.x)), {"n": 2}, (0, 2, 0)),
    "not linear": (
        declared({"u": (), "A": ("n", "n")}, lambda w, x, F: w.u * F.relu(x.x @ (w.A @ x.x))),
        {"n": 2}, (2, 3, 0),
    ),
    "clipped": (
        declared(ONE, lambda w, x, F: w.u * (F.relu(w.w @ x.x) - F.relu(w.w @ x.x - 1))),
        {"n": 2}, (0, 3, 0),
    ),
    "nested": (
        declared({**TWO, "b": ()}, lambda w, x, F: F.relu(w.v * F.relu(w.w @ x.x) + w.b)),
        {"n": 2}, (2, 3, 0),
    ),
    "product": (
        declared(PAIR, lambda w, x, F: F.relu(w.w @ x.x) * F.relu(w.v @ x.x)), {"n": 2}, (2, 3, 0),
    ),
    "maximum": (
        declared(PAIR, lambda w, x, F: w.u * (w.v @ x.x + F.relu((w.w - w.v) @ x.x))),
        {"n": 2}, (1, 4, 0),
    ),
    "no data": (
        declared({"b": (), "c": ()}, lambda w, x, F: (F.relu(w.b) + w.c) * x.x, {"x": ()}),
        {}, (1, 1, 0),
    ),
    "shared": (
        declared({"W": ("n", "n"), "u": ("n",)}, lambda w, x, F: w.u @ F.relu(w.W @ F.relu(w.W @ x.x))),
        {"n": 2}, (1, 5, 0),
    ),
    "deep alone": (
        declared(
            {"V": ("k", "h"), "W": ("h", "n")}, lambda w, x, F: F.relu(w.V @ F.relu(w.W @ x.x)).sum()
        ),
        {"n": 2, "h": 2, "k": 2}, (2, 6, 0),
    ),
    "absolute": (
        declared(TWO_LAYERS, lambda w, x, F: w.U @ F.abs(w.W @ x.x)), {"n": 2, "h": 2}, (2, 4, 0),
    ),
    "leaky": (
        declared(TWO_LAYERS, lambda w, x, F: w.U @ F.leaky_relu(w.W @ x.x), data="line"),
        {"n": 2, "h": 2}, (4, 2, 0),
    ),
    "larger": (
        declared(PAIR, lambda w, x, F: w.u * F.maximum(w.v @ x.x, w.w @ x.x)), {"n": 2}, (1, 4, 0),
    ),
    "pattern that never occurs": (  # u is conserved in all regions, and by no law of all patterns
        declared(
            {"u": (), "w": ()},
            lambda w, x, F: w.u * F.relu(w.w * x.x) * F.relu(-1 - w.w * x.x) + w.w * x.x, {"x": ()},
        ),
        {}, (0, 1, 1),
    ),
    "biased on a line": (
        declared(
            {**TWO_LAYERS, "b": ("h",)}, lambda w, x, F: w.U @ F.relu(w.W @ x.x + w.b), data="line"
        ),
        {"n": 2, "h": 2}, (4, 4, 0),
    ),
    "deep": (load("deep_relu"), load("deep_relu").sizes[0], (4, 6, 0)),
}  # fmt: skip


@cache
def derived(name):
    model, sizes, _ = NETWORKS[name]
    return derive(Instance(model, sizes), wanted={Count, Regions, OneField})


@pytest.mark.parametrize("name", NETWORKS)
def test_counts(name):
    count = derived(name)[Count]
    assert (count.independent, count.rank, count.gap) == NETWORKS[name][2]
    assert not count.wrong
    undecided = name == "pattern that never occurs"
    assert (count.is_complete or count.is_complete_across) is not undecided
    assert (Regions in derived(name)) != (OneField in derived(name))


class Torch:
    """F of a declaration."""

    relu = staticmethod(torch.relu)
    abs = staticmethod(torch.abs)
    maximum = staticmethod(torch.maximum)

    @staticmethod
    def leaky_relu(z):
        return torch.where(z > 0, z, z / 100)


class Arrays:
    """Arrays by name."""

    def __init__(self, arrays):
        vars(self).update(arrays)


def float_rank(model, sizes, region, inputs, tries=12):
    """Of gradients at data, and brackets of two and three of them, by torch."""
    layers = {n: tuple(s.at(sizes) for s in layer.shape) for n, layer in model.layers.items()}
    theta = torch.tensor([float(v) for n in layers for v in region.weights[n]], dtype=torch.float64)

    def output(weights, x):
        parts, place = {}, 0
        for name, shape in layers.items():
            size = int(np.prod(shape))
            parts[name] = weights[place : place + size].reshape(shape)
            place += size
        return model.output(Arrays(parts), Arrays(x), Torch).sum()

    def field(x):
        gradient = torch.func.grad(lambda weights: output(weights, x))
        size = gradient(theta).norm()
        return (lambda weights: gradient(weights) / size) if size > 0 else None

    generator = np.random.default_rng(0)
    fields = [one for x in inputs if (one := field(x)) is not None]
    rows, last = [one(theta) for one in fields], fields
    if not fields:
        return 0
    for level in (1, 2):
        new, usual = [], theta.norm() ** -level
        for _ in range(tries):
            f = fields[generator.integers(len(fields))]
            g = last[generator.integers(len(last))]

            def bracket(weights, f=f, g=g):
                one, other = (
                    torch.func.jacrev(b)(weights) @ a(weights) for a, b in ((f, g), (g, f))
                )
                return one - other

            value = bracket(theta)
            if value.norm() > 1e-6 * usual:  # else it is 0, or noise
                rows.append(value / value.norm())
                new.append(bracket)
        if not new:
            break
        last = new
    return int(torch.linalg.matrix_rank(torch.stack(rows), rtol=1e-6))


def data_of(model, sizes, there, generator):
    """Data in each cell, close to what is known there and further away."""
    if model.data == "points":
        return [{"x": torch.tensor(p["x"], dtype=torch.float64)} for p in model.points]
    found = []
    for cell in there:
        for width in (0, 1e-4, 0.02, 0.5, 0.5):
            x = {}
            for name, entries in cell.inputs.items():
                shape = tuple(s.at(sizes) for s in model.graph.inputs[name])
                plain = np.array([float(v) for v in entries])
                if model.data == "line":
                    moved = plain * (1 + width * generator.uniform(-1, 1))
                else:
                    moved = plain + width * np.abs(plain).max() * generator.normal(size=len(plain))
                x[name] = torch.tensor(moved).reshape(shape)
            found.append(x)
    return found


@pytest.mark.parametrize("name", [n for n in NETWORKS if n != "no data"])
def test_ranks_of_regions_are_those_of_floats(name):
    model, sizes, _ = NETWORKS[name]
    record = derived(name)[Regions]
    generator = np.random.default_rng(1)
    for one in record.others:
        x = data_of(model, sizes, one.cells, generator)
        assert float_rank(model, sizes, one.region, x) == one.rank
        assert one.number == record.instance.weights - one.rank
    for n in record.whole[:1]:
        x = data_of(model, sizes, record.patterns[n], generator)
        assert float_rank(model, sizes, record.drawn[n], x) == record.best.value


def test_a_region_that_ties_its_gates_has_a_law_of_its_own():
    record = derived("tied")[Regions]
    (one,) = record.others
    assert (one.number, one.rank) == (2, 2)
    signs = {one.region.weights[n][0] > 0 for n in "uv"}
    assert len(signs) == 1
    assert [law.replace(" ", "") for law in record.said[1].split(": ")[-1:]] == ["u/eta_u−v/eta_v"]


def test_laws_of_a_region_are_said_of_one_and_not_of_all_with_its_counts():
    """On a line any two of three neurons may have one sign: the products of these two stay."""
    record = derived("line")[Regions]
    of_one = [words for words in record.said if "more than everywhere" in words]
    assert len(record.drawn) > len(record.others)  # some have the counts of another
    assert of_one
    assert all(words.startswith("Around one of them, where ") for words in of_one)


def test_what_is_said_of_a_line():
    found = derived("line")
    summary = Summary(found.given, dict(found), {})
    assert summary.complete == "across gates"
    assert found[Regions].across == 3
    assert any("no law with one formula in all regions" in words for words in found[Regions].said)


def test_json_has_the_regions():
    """By hand: (u + v) w x where both gates are open or shut together has 4 weights and rank 2."""
    model, sizes, _ = NETWORKS["tied"]
    found = derive(Instance(model, sizes), wanted={Count, Regions})
    (one,) = (given := Summary(found.given, dict(found), {}).as_json()["regions"])["others"]
    assert (given["lie_rank"], given["complete"], given["with_all_fields"] > 0) == (3, True, True)
    assert (one["independent"], one["lie_rank"], one["number"]) == (2, 2, 2)
    assert one["more_laws"] == [r"\frac{u}{\eta_{u}} - \frac{v}{\eta_{v}}"]
    u, v = (Fraction(one["weights"][name][0]) for name in "uv")
    assert u * v > 0
    json.dumps(given)
    linear = derive(Instance(load("chain_2"), {}), wanted={Count})
    assert Summary(linear.given, dict(linear), {}).as_json()["regions"] is None


def test_a_changed_record_is_refused():
    record = derived("deep")[Regions]
    one = record.others[0]
    gate = next(iter(one.cells[0].open))
    flipped = replace(one.cells[0], open={**one.cells[0].open, gate: 1 - one.cells[0].open[gate]})
    n = next(k for k, there in enumerate(record.patterns) if there == one.cells)
    patterns = list(record.patterns)
    patterns[n] = (flipped, *one.cells[1:])
    changed = [
        {"patterns": tuple(patterns)},
        {"whole": tuple(range(6))},
        {"others": (replace(one, independent=one.independent + 1),)},
        {"others": (replace(one, laws=record.others[1].laws),)},
        {"others": (replace(one, reached=Rank(one.rank + 1, (), 1)),)},
    ]
    for fields in changed:
        with pytest.raises(CertificateError):
            replace(record, **fields)


def test_functions_of_gates_are_not_enumerated():
    model = Model(
        name="nested", title="a function of gates", source="own",
        layers={"W": Layer("h", "n"), "V": Layer("k", "h"), "U": Layer("k")}, inputs={"x": ("n",)},
        output=lambda w, x, F: w.U @ F.tanh(w.V @ F.relu(w.W @ x.x)),
    )  # fmt: skip
    sizes = {"n": 1, "h": 1, "k": 1}
    with pytest.raises(NotEnumeratedError, match="is of gates"):
        patterns_in(Instance(model, sizes), next(iter(drawn_regions(model, sizes))), 20)
