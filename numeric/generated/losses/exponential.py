"""Exponential loss: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/exponential.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: 5cebddfe8ff824ad.

Every function is elementwise: arguments broadcast, shapes are the caller's choice, and what is the same
everywhere is a plain number. `xp` is the namespace that computes: numpy (the default), torch, or any
object with the same function names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TARGETS = "-1 or 1"  # what a target may be
FACTOR = None  # c where the loss is c (f − y)² + const; None where it is another function
SHIFTS = False  # whether it is a function of f − y alone
BENDS = ()  # f − y, or y f, at which the slope is not smooth
BOUNDED = False  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The exponential loss.

        loss = exp(-f*y)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/exponential.py.
    """
    margin = f * y
    return xp.exp(-margin)


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = -y*exp(-f*y)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/exponential.py.
    """
    margin = f * y
    return -y * xp.exp(-margin)


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = y**2*exp(-f*y)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/exponential.py.
    """
    margin = f * y
    return xp.exp(-margin)
