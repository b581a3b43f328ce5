"""Fields of an instance: two ways that share no code, and what torch says of functions."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic.architecture.fields import potentials, terms
from symbolic.architecture.instance import Instance
from symbolic.architecture.jets import Field, P, Values
from symbolic.architecture.walk import in_order
from symbolic.laws.lie_rank import bracket
from symbolic.models.shelf import load, names


def is_polynomial(model):
    nodes = list(in_order(model.graph.output))
    return not any(
        t.operation == "apply" or (t.operation == "power" and t.detail < 0) for t in nodes
    )


POLYNOMIAL = [
    name for name in names() if load(name).data in ("any", "white") and is_polynomial(load(name))
]


def modulo(polynomial, at):
    total = 0
    for m, c in terms(polynomial).items():
        term = int(c.p) * pow(int(c.q), -1, P) % P
        for value, exponent in zip(at, m, strict=False):
            term = term * pow(int(value), exponent, P) % P
        total += term
    return total % P


def expanded(instance, at, signals):
    """The same field from polynomials."""
    found = [0] * instance.weights
    for signal, potential in zip(signals, potentials(instance), strict=True):
        for i, slope in instance.gradient(potential).items():
            found[i] += int(signal) * modulo(slope, at)
    return np.array([value % P for value in found])


def at_a_point(name, seed):
    model = load(name)
    sizes = model.sizes[0]
    field, instance = Field(model, sizes, Values(seed), seed), Instance(model, sizes)
    theta = np.random.default_rng(seed).integers(1, P, (1, instance.weights))
    data = np.concatenate([np.ravel(field.inputs[n]) for n in model.inputs])
    return field, instance, theta, data


@pytest.mark.parametrize("name", POLYNOMIAL)
@pytest.mark.parametrize("seed", [0, 1])
def test_jets_have_the_gradient_of_the_polynomials(name, seed):
    field, instance, theta, data = at_a_point(name, seed)
    signals = np.ravel(field.signals)
    if instance.model.loss == "softmax":
        assert int(signals.sum()) % P == 0
        signals = signals[:-1]
    at = [*theta[0], *data]
    assert (field(theta)[0] == expanded(instance, at, signals)).all()


@pytest.mark.parametrize("name", POLYNOMIAL)
def test_a_jet_has_the_slope_of_the_polynomials(name):
    """v′ w from the coefficient of ε, and from second derivatives of the expanded outputs."""
    field, instance, theta, data = at_a_point(name, 3)
    signals = np.ravel(field.signals)
    signals = signals[:-1] if instance.model.loss == "softmax" else signals
    along = np.random.default_rng(4).integers(1, P, (1, instance.weights))
    found = field(np.concatenate([theta, along]))[1]
    at, expected = [*theta[0], *data], [0] * instance.weights
    for signal, potential in zip(signals, potentials(instance), strict=True):
        for i, slope in instance.gradient(potential).items():
            for j, second in instance.gradient(slope).items():
                expected[i] += int(signal) * int(along[0, j]) * modulo(second, at)
    assert (found == np.array([value % P for value in expected])).all()


def test_a_bracket_changes_its_sign_and_meets_jacobi():
    model = load("cubic_any_data")
    fields = [Field(model, model.sizes[0], Values(5), k) for k in range(3)]
    theta = np.random.default_rng(5).integers(1, P, (1, 6))
    f, g, h = fields
    assert (bracket(f, g)(theta) == -bracket(g, f)(theta) % P).all()
    assert bracket(f, g)(theta).any()
    cyclic = [bracket(a, bracket(b, c))(theta) for a, b, c in ((f, g, h), (g, h, f), (h, f, g))]
    assert (sum(cyclic) % P == 0).all()
    assert all(one.any() for one in cyclic)
