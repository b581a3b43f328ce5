"""Binary cross-entropy of logits: ℓ(f, y) of an output f at a target y.

Generated, do not edit. To change it, change symbolic/losses/binary_cross_entropy.py and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: cd2981fb5772013a.

Every function is elementwise: arguments broadcast, shapes are the caller's choice, and what is the same
everywhere is a plain number. `xp` is the namespace that computes: numpy (the default), torch, or any
object with the same function names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TARGETS = "from 0 to 1"  # what a target may be
FACTOR = None  # c where the loss is c (f − y)² + const; None where it is another function
SHIFTS = False  # whether it is a function of f − y alone
BENDS = ()  # f − y, or y f, at which the slope is not smooth
BOUNDED = True  # whether the minimum is at a finite output


def loss(f: Any, y: Any, xp: Any = np) -> Any:
    """The binary cross-entropy of logits.

        loss = -f*y + log(exp(f) + 1)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/binary_cross_entropy.py.
    """
    missing = 1 - y
    return missing * xp.where(
        xp.greater(f, 0), f + xp.log1p(xp.exp(-xp.abs(f))), xp.log1p(xp.exp(-xp.abs(f)))
    ) + y * xp.where(
        xp.greater(f, 0), xp.log1p(xp.exp(-xp.abs(f))), -f + xp.log1p(xp.exp(-xp.abs(f)))
    )


def slope(f: Any, y: Any, xp: Any = np) -> Any:
    """Its slope ∂ℓ/∂f.

        slope = (-y*(exp(f) + 1) + exp(f))/(exp(f) + 1)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/binary_cross_entropy.py.
    """
    missing = 1 - y
    return missing * xp.where(
        xp.greater(f, 0),
        1 / (1 + xp.exp(-xp.abs(f))),
        xp.exp(-xp.abs(f)) / (1 + xp.exp(-xp.abs(f))),
    ) + y * xp.where(
        xp.greater(f, 0),
        -xp.exp(-xp.abs(f)) / (1 + xp.exp(-xp.abs(f))),
        -1 / (1 + xp.exp(-xp.abs(f))),
    )


def curvature(f: Any, y: Any, xp: Any = np) -> Any:
    """Its second derivative, not negative.

        curvature = 1/(4*cosh(f/2)**2)

    Args:
        f: output at the effective point.
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/binary_cross_entropy.py.
    """
    return 1 / (2 * (xp.cosh(f) + 1))


def minimum(y: Any, xp: Any = np) -> Any:
    """The output at which the slope is 0, or begins to be.

        minimum = log(-y/(y - 1))

    Args:
        y: effective target.
        xp: the namespace that computes.

    Source: symbolic/losses/binary_cross_entropy.py.
    """
    return xp.log(y) - xp.log1p(-y)
