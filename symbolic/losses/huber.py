"""Huber's loss with δ = 1: ½ (f − y)² up to |f − y| = 1, and |f − y| − ½ beyond (Huber 1964)."""

import sympy

from symbolic.network.losses import Loss

LOSS = Loss(
    name="huber",
    title="Huber's loss",
    value=lambda f, y: sympy.Piecewise(
        (-(f - y) - sympy.Rational(1, 2), f - y < -1),
        ((f - y) ** 2 / 2, f - y <= 1),
        ((f - y) - sympy.Rational(1, 2), True),
    ),
)
