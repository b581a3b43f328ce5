"""Hinge loss: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/hinge.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: 29f153f2eee18912.

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
BENDS = (1,)  # f − y, or y f, at which the slope is not smooth
BOUNDED = True  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The hinge loss.

        loss = Piecewise((0, f*y >= 1), (-f*y + 1, True))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/hinge.py.
    """
    margin = f * y
    return xp.where(xp.greater_equal(margin, 1), 0, 1 - margin)


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = Piecewise((0, f*y >= 1), (-y, True))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/hinge.py.
    """
    margin = f * y
    return xp.where(xp.greater_equal(margin, 1), 0, -y)


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = 0

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/hinge.py.
    """
    return 0


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = 1/y

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/hinge.py.
    """
    return 1 / y
