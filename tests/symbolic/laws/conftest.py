"""Small declarations for tests, and their counts."""

from __future__ import annotations

import pytest

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent


@pytest.fixture(scope="session")
def declared():
    def made(layers, inputs, output, **given):
        own = {
            name: layer if isinstance(layer, Layer) else Layer(*layer, rate=f"eta_{name}")
            for name, layer in layers.items()
        }
        return Model(
            name="tried", title="", source="own", layers=own, inputs=inputs, output=output, **given
        )

    return made


@pytest.fixture(scope="session")
def counts():
    def counted(model, sizes=None, depth=4, seeds=2):
        """Weights, independent laws of degree 2, rank."""
        sizes = sizes or {}
        instance = Instance(model, sizes)
        laws = independent(
            polynomial_laws(fields(instance), instance.weights), (), instance.weights
        )
        rank = lie_rank(model, sizes, instance.weights - laws, depth, seeds).value
        return instance.weights, laws, rank

    return counted
