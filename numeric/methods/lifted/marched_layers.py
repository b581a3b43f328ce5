"""A two-layer linear network from any start by its raw equations: the products of `layers`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.methods.lifted.marched import march
from numeric.methods.riccati.given import Matrix


class MarchedLayers:
    """The products of W₁ and W₂, integrated; arguments as `numeric.methods.lifted.layers.TwoLayers`."""

    def __init__(
        self,
        W1: Matrix,
        W2: Matrix,
        rates: tuple[Fraction, Fraction],
        scale: Fraction,
        target: Matrix,
    ) -> None:
        self._start = [np.array([[float(z) for z in row] for row in M]) for M in (W1, W2)]
        self._target = np.array([[float(z) for z in row] for row in target])
        self._rates, self._scale = (float(rates[0]), float(rates[1])), float(scale)

    def observables(self, t: Any) -> dict[str, Any]:
        """product, gram_in, gram_out, loss, residual at float64 times."""
        times = np.asarray(t, dtype=np.float64)
        W1, W2 = self._start
        sigma = self._scale * np.eye(W1.shape[1])
        moved = march(W1, W2, self._rates, sigma, self._scale * self._target, times.ravel())
        first = np.array([A for A, _ in moved]).reshape(*times.shape, *W1.shape)
        second = np.array([C for _, C in moved]).reshape(*times.shape, *W2.shape)
        product = second @ first
        left = product - self._target
        return {
            "product": product,
            "gram_in": np.swapaxes(first, -1, -2) @ first,
            "gram_out": second @ np.swapaxes(second, -1, -2),
            "loss": self._scale / 2 * np.sum(left**2, axis=(-2, -1)),
            "residual": left,
        }
