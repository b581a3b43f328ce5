"""What is taken for granted of functions, and where that is seen to be wrong."""

from __future__ import annotations

import pytest

from symbolic.architecture.independence import assumptions, reasons_against_all_patterns
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load, names

POINTS = {"data": "points", "points": ({"x": [1, 2]},)}


def instance(output, **given):
    model = Model(
        name="tried", title="", source="own",
        layers={"u": Layer(), "v": Layer(), "w": Layer("n"), "y": Layer("n")},
        inputs={"x": ("n",)}, output=output, **given,
    )  # fmt: skip
    return Instance(model, {"n": 2})


def of(output, **given):
    return assumptions(instance(output, **given))


@pytest.mark.parametrize("name", names())
def test_those_of_the_shelf_hold(name):
    model = load(name)
    assert assumptions(Instance(model, model.sizes[0])).hold


@pytest.mark.parametrize(
    ("output", "made"),
    [
        (lambda w, x, F: w.u * (w.w @ x.x) ** 2, 0),
        (lambda w, x, F: w.u * F.relu(w.w @ x.x) + F.relu(w.y @ x.x), 1),
        (lambda w, x, F: w.u * F.tanh(w.w @ x.x) + w.v * F.tanh(w.y @ x.x), 1),
        (lambda w, x, F: w.u * F.tanh(w.w @ x.x) + w.v * F.relu(w.w @ x.x), 2),
        (lambda w, x, F: w.u * F.sin(w.w @ x.x) + w.v * F.cos(w.y @ x.x), 1),
        (lambda w, x, F: w.u * F.sin(w.w @ x.x) + w.v * F.exp(w.w @ x.x), 1),
        (lambda w, x, F: F.softmax(w.w * x.x) @ w.y, 1),
        (lambda w, x, F: w.u * F.swish(w.w @ x.x) + w.v * F.sigmoid(w.w @ x.x), 1),
        (lambda w, x, F: w.u * F.erf(w.w @ x.x) + w.v * F.exp(w.w @ x.x), 1),
        (lambda w, x, F: w.u * F.tanh(w.w @ x.x + w.v), 1),
        (lambda w, x, F: F.tanh(w.u * F.tanh(w.w @ x.x)), 1),
        (lambda w, x, F: F.relu(w.w @ x.x + w.u) + F.relu(w.w @ x.x + w.v), 1),
        (lambda w, x, F: F.relu(w.w @ x.x) + F.relu(2 * (w.w @ x.x)), 1),
    ],
)
def test_what_is_taken_for_granted(output, made):
    found = of(output)
    assert found.hold
    assert len(found.made) == made


@pytest.mark.parametrize(
    ("output", "given", "wrong"),
    [
        (lambda w, x, F: w.u * F.tanh(w.w @ x.x) + w.v * F.tanh(-(w.w @ x.x)), {}, "linearly dep"),
        (lambda w, x, F: w.u * F.exp(w.w @ x.x) + w.v * F.exp(2 * (w.w @ x.x)), {}, "linearly dep"),
        (lambda w, x, F: w.u * F.exp(w.w @ x.x) + F.sigmoid(w.w @ x.x), {}, "linearly dep"),
        (
            lambda w, x, F: F.exp(w.w @ x.x) + F.exp(w.y @ x.x) + F.exp((w.w + w.y) @ x.x),
            {},
            "line",
        ),
        (lambda w, x, F: F.exp(w.w @ x.x + w.u) + F.exp(w.w @ x.x), {}, "linearly dependent"),
        (lambda w, x, F: F.sin(w.w @ x.x) + F.cos(2 * (w.w @ x.x)), {}, "linearly dependent"),
        (lambda w, x, F: F.erf(w.w @ x.x) + F.exp((w.w @ x.x) ** 2), {}, "linearly dependent"),
        (lambda w, x, F: F.tanh(w.u) * (w.w @ x.x), {}, "a function of u does not depend on the"),
        (lambda w, x, F: w.u * F.tanh(w.w @ x.x), POINTS, "a function of w_1 + 2*w_2 does not"),
        (lambda w, x, F: F.exp(F.exp(w.u)) * (w.w @ x.x), {}, "does not depend on the data"),
    ],
)
def test_what_is_seen_to_be_wrong(output, given, wrong):
    found = of(output, **given)
    assert not found.hold
    assert wrong in found.wrong[0]


@pytest.mark.parametrize(
    ("output", "given", "reason"),
    [
        (lambda w, x, F: w.u * F.relu(w.w @ x.x) + w.v * F.relu(w.y @ x.x), {}, None),
        (lambda w, x, F: F.relu(w.w @ x.x + w.u) + F.relu(w.w @ x.x), {}, None),
        (lambda w, x, F: F.relu(w.u) * (w.w @ x.x), {}, "a gate of u does not depend on the data"),
        (lambda w, x, F: F.relu(w.u * (w.w @ x.x)) + F.relu(w.v * (w.w @ x.x)), {}, "are tied"),
        (lambda w, x, F: F.relu(w.w @ x.x) + F.relu(w.y @ x.x), {"data": "line"}, "are tied"),
        (lambda w, x, F: w.u * F.relu(w.w @ x.x), POINTS, "a gate of w_1 + 2*w_2 does not"),
        (lambda w, x, F: F.relu(w.u * F.relu(w.w @ x.x)), {}, "may be known: a gate of a function"),
        (lambda w, x, F: F.relu((w.w @ x.x) ** 2), {}, "it is not linear in the data"),
    ],
)
def test_gates_that_may_not_be_in_all_patterns(output, given, reason):
    """It is asked where a width is left open; a count is of a region, and asks nothing of them."""
    one = instance(output, **given)
    found = next(reasons_against_all_patterns(one), None)
    assert found is None if reason is None else reason in found
    assert assumptions(one).hold
