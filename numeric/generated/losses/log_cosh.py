"""Log-cosh loss: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/log_cosh.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: bf0ee9a4b43d8133.

Every function is elementwise: arguments broadcast, shapes are the caller's choice, and what is the same
everywhere is a plain number. `xp` is the namespace that computes: numpy (the default), torch, or any
object with the same function names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TARGETS = "any number"  # what a target may be
FACTOR = None  # c where the loss is c (f − y)² + const; None where it is another function
SHIFTS = True  # whether it is a function of f − y alone
BENDS = ()  # f − y, or y f, at which the slope is not smooth
BOUNDED = True  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The log-cosh loss.

        loss = log(cosh(f - y))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/log_cosh.py.
    """
    error = f - y
    return xp.where(
        xp.less(xp.abs(error), 1),
        xp.log1p(2 * xp.sinh(error / 2) ** 2),
        xp.abs(error) + xp.log1p(xp.expm1(-2 * xp.abs(error)) / 2),
    )


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = tanh(f - y)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/log_cosh.py.
    """
    error = f - y
    return xp.tanh(error)


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = cosh(f - y)**(-2)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/log_cosh.py.
    """
    error = f - y
    return 1 / xp.cosh(error) ** 2


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = y

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/log_cosh.py.
    """
    return y
