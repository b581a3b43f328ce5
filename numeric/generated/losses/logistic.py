"""Logistic loss: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/logistic.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: cbfe430de0c9f145.

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
    """The logistic loss.

        loss = log(1 + exp(-f*y))

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/logistic.py.
    """
    margin = f * y
    return xp.where(
        xp.greater(margin, 0),
        xp.log1p(xp.exp(-xp.abs(margin))),
        -margin + xp.log1p(xp.exp(-xp.abs(margin))),
    )


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = -y/(exp(f*y) + 1)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/logistic.py.
    """
    margin = f * y
    return xp.where(
        xp.greater(margin, 0),
        -y * xp.exp(-xp.abs(margin)) / (1 + xp.exp(-xp.abs(margin))),
        -y / (1 + xp.exp(-xp.abs(margin))),
    )


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = y**2/(4*cosh(f*y/2)**2)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/logistic.py.
    """
    margin = f * y
    return 1 / (4 * xp.cosh(margin / 2) ** 2)
