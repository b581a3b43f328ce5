"""One criterion of absorbed rates, for laws and for the reduced flow."""

from __future__ import annotations

import pytest
import sympy

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.laws.absorbed import absorbed, absorption_of_potentials, expression
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.absorption import absorption
from symbolic.laws.reduced_flow import reduced_flow
from symbolic.laws.reduction import potentials
from symbolic.laws.ring import Ring
from symbolic.models.shelf import load, names
from symbolic.proof.certificate import DoesNotApply

LAYERS = {name: Layer(rate=f"eta_{name}") for name in "abc"}


def instance(output, inputs=("x", "y"), used="abc"):
    model = Model(
        name="tried", title="tried", source="own", layers={n: LAYERS[n] for n in used},
        inputs=dict.fromkeys(inputs, ()), output=output,
    )  # fmt: skip
    return Instance(model, {})


def one_reference():
    """A + a b: scaled by a it is a multiple, by b it is not."""
    return instance(lambda w, x, F: (w.a + w.a * w.b) * x.x, ("x",), "ab")


def mixed():
    """A + b c beside a: the parts are coefficients, though the first is not homogeneous."""
    return instance(lambda w, x, F: (w.a + w.b * w.c) * x.x + w.a * x.y)


def not_any():
    return instance(lambda w, x, F: (w.a + w.b) * x.x, ("x",), "ab")


def coefficients(one):
    return potentials(one, Ring(one.names, fields(one)))


@pytest.mark.parametrize("name", names())
def test_gradients_and_coefficients_decide_alike(name):
    model = load(name)
    one = Instance(model, model.sizes[0])
    if one.generated or model.loss == "softmax" or len(set(one.rates)) == 1:
        return
    by_fields = absorption(fields(one), one.rates)
    assert by_fields == absorption_of_potentials(one, coefficients(one))


@pytest.mark.parametrize("make", [one_reference, mixed])
def test_coefficients_are_those_of_absorbed_weights(make):
    one = make()
    found = coefficients(one)
    rates = absorbed(one, found, mixed=True)
    for k, row in enumerate(rates.mixing):
        there = expression(found[k].value, rates.weights)
        here = sum(c * rates.written(found[l].value) for l, c in row.items())
        assert sympy.simplify(there - here) == 0
    for name, unit in zip(one.rates, rates.units, strict=True):
        assert sympy.simplify(sympy.Symbol(name, positive=True) / unit**2 - rates.speed) == 0


def test_the_second_ring_mixes_as_the_first():
    one = mixed()
    found, ring = coefficients(one), AbsorbedRing(one)
    written = [
        (p, sum((R * ring.at_weights(found[l].value) for l, R in row.items()), ring.zero))
        for p, row in zip(found, ring.mixing(found), strict=True)
    ]
    assert ring.outputs_are(written)
    swapped = [(p, value) for (p, _), (_, value) in zip(written, reversed(written), strict=True)]
    assert type(ring.outputs_are(written)) is not type(ring.outputs_are(swapped))


def test_a_rate_of_reference_is_no_reason_to_refuse_a_reduced_flow():
    """It was one, while laws were found at all rates."""
    one = one_reference()
    assert absorption(fields(one), one.rates).reference == "eta_b"
    rates = absorbed(one, coefficients(one))
    assert rates.scales == (sympy.sqrt(sympy.Symbol("eta_a", positive=True) / rates.speed),)
    same = instance(lambda w, x, F: w.a * x.x + w.b * x.y, ("x", "y"), "ab")
    assert reduced_flow(same).certificates


def test_what_is_not_absorbed_is_refused_by_both():
    one = not_any()
    found = absorption(fields(one), one.rates)
    assert (found.holds, found.reference, set(found.kept)) == (False, None, {"eta_a", "eta_b"})
    with pytest.raises(DoesNotApply, match="eta_a, eta_b"):
        absorbed(one, coefficients(one), mixed=True)
    with pytest.raises(DoesNotApply, match="combination of several"):
        absorbed(mixed(), coefficients(mixed()))
