"""Hinge loss, max(0, 1 − y f), of targets y = ±1: it ends at the margin, in finite time."""

import sympy

from symbolic.network.losses import Loss, Targets

LOSS = Loss(
    name="hinge",
    title="hinge loss",
    value=lambda f, y: sympy.Max(0, 1 - y * f),
    targets=Targets.SIGNS,
)
