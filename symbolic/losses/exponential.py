"""Exponential loss, e^(−y f), of targets y = ±1: without a minimum at a point."""

import sympy

from symbolic.network.losses import Loss, Targets

LOSS = Loss(
    name="exponential",
    title="exponential loss",
    value=lambda f, y: sympy.exp(-y * f),
    targets=Targets.SIGNS,
)
