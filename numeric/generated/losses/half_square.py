"""Half the squared error: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/half_square.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: 5e1e8c25b84fa713.

Every function is elementwise: arguments broadcast, shapes are the caller's choice, and what is the same
everywhere is a plain number. `xp` is the namespace that computes: numpy (the default), torch, or any
object with the same function names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TARGETS = "any number"  # what a target may be
FACTOR = 1 / 2  # c where the loss is c (f − y)² + const; None where it is another function
SHIFTS = True  # whether it is a function of f − y alone
BENDS = ()  # f − y, or y f, at which the slope is not smooth
BOUNDED = True  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The half the squared error.

        loss = (f - y)**2/2

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/half_square.py.
    """
    error = f - y
    return error**2 / 2


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = f - y

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/half_square.py.
    """
    error = f - y
    return error


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = 1

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/half_square.py.
    """
    return 1


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = y

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/half_square.py.
    """
    return y
