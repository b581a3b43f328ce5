"""Patterns of gates that occur: against numbers that are known, dense data, and what torch computes."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from symbolic.architecture.cells import NotEnumeratedError, cells
from symbolic.architecture.gates import Gates, UnknownSignError
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.regions import Region, Seen, regions
from symbolic.models.shelf import load


def declared(layers, output, inputs=None, **data):
    return Model(
        name="tried", title="", source="own", layers={n: Layer(*s) for n, s in layers.items()},
        inputs={"x": ("n",)} if inputs is None else inputs, output=output, **data,
    )  # fmt: skip


TWO_LAYERS = {"U": ("h",), "W": ("h", "n"), "b": ("h",)}
CENTRAL = declared(TWO_LAYERS, lambda w, x, F: w.U @ F.relu(w.W @ x.x))
BIASED = declared(TWO_LAYERS, lambda w, x, F: w.U @ F.relu(w.W @ x.x + w.b))
ON_A_LINE = declared(TWO_LAYERS, lambda w, x, F: w.U @ F.relu(w.W @ x.x), data="line")
SQUARE = declared({"A": ("n", "n")}, lambda w, x, F: F.relu(x.x @ (w.A @ x.x)))


@pytest.mark.parametrize(
    ("model", "sizes", "number"),
    [
        (CENTRAL, {"n": 2, "h": 3}, 6),  # lines through 0
        (CENTRAL, {"n": 1, "h": 3}, 2),
        (CENTRAL, {"n": 3, "h": 3}, 8),
        (BIASED, {"n": 1, "h": 3}, 4),
        (BIASED, {"n": 2, "h": 3}, 7),  # lines in general position
        (ON_A_LINE, {"n": 3, "h": 4}, 2),
        (
            declared({"w": ("n",)}, lambda w, x, F: F.relu(w.w @ x.x) - F.relu(w.w @ x.x - 1)),
            {"n": 2}, 3,
        ),
        (
            declared({"b": ()}, lambda w, x, F: F.relu(w.b) * x.x, {"x": ()}), {}, 1,
        ),
    ],
)  # fmt: skip
def test_how_many_patterns_occur(model, sizes, number):
    instance = Instance(model, sizes)
    for region in islice(regions(model, sizes, 3), 2):
        assert len(cells(instance, region)) == number


@pytest.mark.parametrize(
    ("form", "number"),
    [([1, 0, 0, 1], 1), ([1, 3, 0, 1], 2), ([-2, 1, 1, -2], 1), ([1, 0, 0, -1], 2)],
)
def test_a_form_that_is_definite_has_one_sign(form, number):
    found = cells(Instance(SQUARE, {"n": 2}), Region({"A": form}))
    assert len(found) == number


def torch_gates(region, x):
    """Of the shelf's network of three layers, 2-2-2-1, by hand."""
    W, V = (torch.tensor(region.weights[n], dtype=torch.float64).reshape(2, 2) for n in "WV")
    first = x @ W.T
    second = torch.relu(first) @ V.T
    return torch.cat([first > 0, second > 0], dim=1).int()


def test_all_patterns_of_nested_gates_are_those_of_dense_data():
    model = load("deep_relu")
    instance = Instance(model, model.sizes[0])
    angles = torch.linspace(0, 2 * torch.pi, 40001, dtype=torch.float64)
    x = torch.stack([torch.cos(angles), torch.sin(angles)], dim=1)
    for region in islice(regions(model, model.sizes[0], 5), 5):
        dense = {tuple(row) for row in torch_gates(region, x).tolist()}
        found, at = set(), Gates(model, model.sizes[0], region.weights)
        for cell in cells(instance, region):
            gates = at.pattern(cell.inputs)
            found.add(gates[0] + gates[1])
            here = torch.tensor([[float(v) for v in cell.inputs["x"]]], dtype=torch.float64)
            assert torch_gates(region, here).tolist() == [list(gates[0] + gates[1])]
        assert dense <= found
        assert len(found) - len(dense) <= 1  # a cell thinner than the step


def test_patterns_that_are_met_are_among_them():
    model, sizes = BIASED, {"n": 2, "h": 2}
    instance = Instance(model, sizes)
    for region in islice(regions(model, sizes), 3):
        there = {tuple(cell.open.values()) for cell in cells(instance, region)}
        met = {one[0] for one in Seen(model, sizes, region).met}
        assert met <= there
        assert len(met) > 1


def test_a_sign_that_holds_in_no_open_set_is_refused():
    model = declared({"w": ("n",)}, lambda w, x, F: F.relu(w.w @ x.x))
    with pytest.raises(UnknownSignError):
        Gates(model, {"n": 2}, {"w": [1, 1]}).pattern({"x": [1, -1]})
    nested = declared(
        {"w": (), "v": ()}, lambda w, x, F: F.relu(w.v * F.relu(w.w * x.x)), {"x": ()}
    )
    assert Gates(nested, {}, {"w": [-1], "v": [1]}).pattern({"x": [2]}) == ((0,), (0,))


def test_gates_of_functions_are_not_enumerated():
    model = declared({"w": ("n",), "b": ()}, lambda w, x, F: F.relu(F.tanh(w.w @ x.x) + w.b))
    with pytest.raises(NotEnumeratedError, match="a gate is of a function"):
        cells(Instance(model, {"n": 2}), next(regions(model, {"n": 2})))
    assert len(Seen(model, {"n": 2}, Region({"w": [1, 2], "b": [1]})).met) == 1
