"""Losses of outputs with any number of entries: sums over entries of a named loss, or cross-entropy.

L is the mean or the sum over data points of Σ_k ℓ(f_k, y_k), or of −Σ_k y_k log softmax(f)_k.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from numeric import catalogue
from numeric.data.arrays import Floats, float64
from numeric.data.shapes import require_targets
from numeric.errors import InputError
from numeric.pickling import NamesModules

SOFTMAX = "softmax"
JUMPS = 1e-6  # of the slopes on both sides of a bend, from which it is one that jumps
BESIDE = 1e-9


class Loss(Protocol):
    """Of all outputs, shape (points, …)."""

    def value(self, f: Floats, y: Floats) -> Floats:
        """At each point, shape (points,)."""

    def slope(self, f: Floats, y: Floats) -> Floats:
        """By each output."""


@dataclass(frozen=True)
class Entrywise(NamesModules):
    """Σ over entries of a loss of one number.

    Attributes:
        module: of the loss.
    """

    module: ModuleType

    def value(self, f: Floats, y: Floats) -> Floats:
        """At each point."""
        found = np.broadcast_to(self.module.loss(f, y), f.shape)
        return float64(found.reshape(len(f), -1).sum(-1))

    def slope(self, f: Floats, y: Floats) -> Floats:
        """By each output."""
        return np.broadcast_to(self.module.slope(f, y), f.shape)


@dataclass(frozen=True)
class CrossEntropy:
    """−Σ_k y_k log softmax(f)_k along the last axis, y ≥ 0 with sum 1."""

    def value(self, f: Floats, y: Floats) -> Floats:
        """At each point."""
        shifted = f - f.max(-1, keepdims=True)
        found = np.log(np.exp(shifted).sum(-1)) - np.sum(y * shifted, axis=-1)
        return float64(found.reshape(len(f), -1).sum(-1))

    def slope(self, f: Floats, y: Floats) -> Floats:
        """Softmax(f) − y."""
        powers = np.exp(f - f.max(-1, keepdims=True))
        return float64(powers / powers.sum(-1, keepdims=True) - y)


def named(loss: str | ModuleType) -> Loss:
    """A loss by its name, or from a module like theirs.

    Raises:
        InputError: for a name that none has, and for a loss whose slope jumps.
    """
    if loss == SOFTMAX:
        return CrossEntropy()
    module = catalogue.load_loss(loss) if isinstance(loss, str) else loss
    for bend in module.BENDS:  # y = 1 has every loss a meaning for
        low, high = (float(module.slope(bend + module.SHIFTS + z, 1.0)) for z in (-BESIDE, BESIDE))
        if abs(high - low) > JUMPS:
            name = module.__name__.rpartition(".")[2]
            expected = "a loss whose slope does not jump, of which the flow of a declared network"
            raise InputError("loss", f"{name}, whose slope jumps", f"{expected} is integrated")
    return Entrywise(module)


def targets(loss: Loss, values: Any, shape: tuple[int, ...]) -> Floats:
    """Targets of the shape of the outputs; classes by number become one-hot.

    Raises:
        InputError: for other shapes, and for targets that the loss has no meaning for.
    """
    if isinstance(loss, CrossEntropy):
        return _shares(values, shape)
    if values.shape != shape and values.size == np.prod(shape) and 1 in (*values.shape, *shape):
        values = values.reshape(shape)
    if values.shape != shape:
        raise InputError("y", f"shape {values.shape}", f"shape {shape}, as the output has")
    if isinstance(loss, Entrywise):
        require_targets(values, loss.module)
    return float64(values)


def _shares(values: Any, shape: tuple[int, ...]) -> Floats:
    if len(shape) < 2:
        raise InputError("loss", "softmax of a single output", "an output with a class an entry")
    if values.shape == shape:
        if np.any(values < 0) or not np.allclose(values.sum(-1), 1.0, rtol=0, atol=1e-9):
            raise InputError("y", "shares that do not add up to 1", "shares of classes, or numbers")
        return float64(values)
    classes = shape[-1]
    is_whole = bool(np.all((values == np.floor(values)) & (values >= 0) & (values < classes)))
    if values.shape != shape[:-1] or not is_whole:
        found = f"shape {values.shape}" if is_whole else "numbers that are no classes"
        raise InputError("y", found, f"classes 0 to {classes - 1}, shape {shape[:-1]}, or {shape}")
    return float64(np.eye(classes)[values.astype(int)])
