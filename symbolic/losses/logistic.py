"""Logistic loss, log(1 + e^(−y f)), of targets y = ±1: without a minimum at a point."""

import sympy

from symbolic.network.losses import Loss, Targets

LOSS = Loss(
    name="logistic",
    title="logistic loss",
    value=lambda f, y: sympy.log(1 + sympy.exp(-y * f)),
    targets=Targets.SIGNS,
)
