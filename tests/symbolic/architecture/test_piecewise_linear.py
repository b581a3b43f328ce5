"""Activations that are made of ReLUs, by name: what they are, and that gates of z and −z are one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symbolic.architecture.arrays import Array
from symbolic.architecture.gates import Reals, ball
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.tensor import ShapeError
from symbolic.architecture.walk import computed


def declared(output):
    return Model(
        name="tried", title="", source="own", layers={"a": Layer(), "b": Layer()}, inputs={},
        output=output,
    )  # fmt: skip


OUTPUTS = {
    "abs": (lambda w, x, F: F.abs(w.a), lambda a, b: abs(a)),
    "leaky_relu": (lambda w, x, F: F.leaky_relu(w.a), lambda a, b: a if a > 0 else a / 100),
    "steep": (
        lambda w, x, F: F.leaky_relu(w.a, Fraction(1, 3)), lambda a, b: a if a > 0 else a / 3,
    ),
    "maximum": (lambda w, x, F: F.maximum(w.a, w.b), lambda a, b: max(a, b)),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize(("a", "b"), [(2, 5), (-3, 7), (4, -1), (-2, -6)])
def test_values(name, a, b):
    output, expected = OUTPUTS[name]
    model = declared(output)
    given = {"weight": {n: Array((), [ball(v)]) for n, v in (("a", a), ("b", b))}}
    (found,) = computed(model.graph.output, Reals({}, given)).entries
    assert abs(float(found) - float(expected(Fraction(a), Fraction(b)))) < 1e-15


@pytest.mark.parametrize("name", OUTPUTS)
def test_one_gate(name):
    gates = [
        one for one in Instance(declared(OUTPUTS[name][0]), {}).generated if one.kind == "gate"
    ]
    assert len(gates) == 1


def test_numbers_are_refused():
    with pytest.raises(ShapeError, match="abs is of tensors, not of int"):
        _ = declared(lambda w, x, F: F.abs(3)).graph
