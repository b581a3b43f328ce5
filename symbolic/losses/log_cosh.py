"""Logarithm of the hyperbolic cosine of the error, log cosh(f − y): smooth, and linear far away."""

import sympy

from symbolic.network.losses import Loss

LOSS = Loss(
    name="log_cosh",
    title="log-cosh loss",
    value=lambda f, y: sympy.log(sympy.cosh(f - y)),
)
