"""Fourth power of the error: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/quartic.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: a4a975c2d9255c21.

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
    """The fourth power of the error.

        loss = (f - y)**4

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/quartic.py.
    """
    error = f - y
    return (error**2) ** 2


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = 4*(f - y)**3

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/quartic.py.
    """
    error = f - y
    return 4 * (error * error**2)


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = 12*(f - y)**2

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/quartic.py.
    """
    error = f - y
    return 12 * error**2


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = y

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/quartic.py.
    """
    return y
