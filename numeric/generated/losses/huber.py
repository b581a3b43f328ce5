"""Huber's loss: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/huber.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: a1ddf80266c876a4.

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
BENDS = (
    -1,
    1,
)  # f − y, or y f, at which the slope is not smooth
BOUNDED = True  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The Huber's loss.

        loss = Piecewise((-f + y - 1/2, f - y < -1), ((f - y)**2/2, f - y <= 1), (f - y - 1/2,
            True))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/huber.py.
    """
    error = f - y
    return xp.where(
        xp.less(error, -1),
        (-2 * error - 1) / 2,
        xp.where(xp.less_equal(error, 1), error**2 / 2, (2 * error - 1) / 2),
    )


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = Piecewise((-1, f - y < -1), (f - y, f - y <= 1), (1, True))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/huber.py.
    """
    error = f - y
    return xp.where(xp.less(error, -1), -1, xp.where(xp.less_equal(error, 1), error, 1))


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = Piecewise((0, f - y < -1), (1, f - y <= 1), (0, True))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/huber.py.
    """
    error = f - y
    return xp.where(xp.less(error, -1), 0, xp.where(xp.less_equal(error, 1), 1, 0))


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = y

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/huber.py.
    """
    return y
