"""Here a declared network becomes the network of an activation, and all stages of that one follow."""

from __future__ import annotations

from symbolic.declared.two_layer import TwoLayer
from symbolic.network.model import Model


def derive(two_layer: TwoLayer) -> Model:
    """The network that its neurons are those of."""
    return two_layer.network
