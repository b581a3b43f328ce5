"""Laws at rates that differ, along velocities by torch."""

import numpy as np
import pytest
import sympy
import torch
from flint import fmpq

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.at_rates import are_homogeneous, is_law_at_rates, law_at_rates
from symbolic.models.shelf import load, names
from symbolic.proof.verdict import is_proved

FORWARD = {
    "layer_normalisation": lambda w, x: (
        w["u"] @ torch.nn.functional.layer_norm(w["W"] @ x["x"], (3,), eps=0.0)
    ),
    "residual_full": lambda w, x: (
        (torch.eye(2, dtype=torch.float64) + w["W2"])
        @ ((torch.eye(2, dtype=torch.float64) + w["W1"]) @ x["x"])
    ),
    "two_layer_linear": lambda w, x: w["U"] @ (w["V"] @ x["x"]),
}


def found(name):
    model = load(name)
    instance = Instance(model, model.sizes[0])
    generating = fields(instance)
    return instance, generating, polynomial_laws(generating, instance.weights)


@pytest.mark.parametrize("name", [name for name in names() if "line" not in name])
def test_every_law_of_the_shelf_is_one_at_all_rates(name):
    instance, generating, laws = found(name)
    homogeneous = are_homogeneous(generating, instance.rates)
    for law in laws:
        verdict = is_law_at_rates(instance, generating, law, homogeneous)
        known = law_at_rates(instance, law, homogeneous) is not None
        assert is_proved(verdict) == known


@pytest.mark.parametrize("name", ["layer_normalisation", "residual_full", "two_layer_linear"])
def test_against_velocities_by_torch(name):
    """Shifts of weights beside the identity are over the rate, and not over its root."""
    instance, generating, laws = found(name)
    homogeneous = are_homogeneous(generating, instance.rates)
    model, sizes = instance.model, instance.sizes
    draw = torch.Generator().manual_seed(2)
    weights = {
        n: torch.randn(
            [s.at(sizes) for s in layer.shape], generator=draw, dtype=torch.float64
        ).requires_grad_(True)
        for n, layer in model.layers.items()
    }
    x = {
        n: torch.randn([s.at(sizes) for s in shape], generator=draw, dtype=torch.float64)
        for n, shape in model.graph.inputs.items()
    }
    f = FORWARD[name](weights, x)
    (f**3 + f).sum().backward()
    rates = dict(zip(dict.fromkeys(instance.rates), (0.7, 1.9), strict=True))
    slopes = np.concatenate([w.grad.numpy().ravel() for w in weights.values()])
    velocity = -np.array([rates[r] for r in instance.rates]) * slopes
    theta = np.concatenate([w.detach().numpy().ravel() for w in weights.values()])
    symbols = [sympy.Symbol(n, real=True) for n in instance.names]
    values = dict(zip(symbols, theta, strict=True))
    values |= {sympy.Symbol(n, positive=True): v for n, v in rates.items()}
    assert laws
    for law in laws:
        h = law_at_rates(instance, law, homogeneous)
        gradient = np.array([float(sympy.diff(h, s).xreplace(values)) for s in symbols])
        assert velocity @ gradient == pytest.approx(0, abs=1e-11)


def test_roots_of_rates_do_not_do_where_outputs_are_not_homogeneous():
    instance, generating, laws = found("residual_full")
    assert not are_homogeneous(generating, instance.rates)
    with_shift = [law for law in laws if any(len(m) == 1 for m in law)]
    assert with_shift
    for law in with_shift:
        assert is_proved(is_law_at_rates(instance, generating, law, False))
        for place in law:
            altered = law | {place: law[place] * fmpq(2)}
            assert not is_proved(is_law_at_rates(instance, generating, altered, False))


def test_where_weights_of_different_rates_meet_nothing_is_said():
    """Of the square of a law that is a difference, where outputs are not homogeneous."""
    instance, generating, laws = found("modular_addition")
    homogeneous = are_homogeneous(generating, instance.rates)
    assert not homogeneous
    meeting = [
        law for law in laws if any(len({instance.rates[i] for i in factors}) > 1 for factors in law)
    ]
    assert meeting
    for law in meeting:
        assert law_at_rates(instance, law, homogeneous) is None
