"""A two-layer linear network from any start by its raw equations: the products of `layers`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.lifted.marched import Raw, march, time_to
from numeric.methods.lifted.observed_layers import alignments_of_arrays, distances
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
        self._exact_target = target
        self._start = [np.array([[float(z) for z in row] for row in M]) for M in (W1, W2)]
        self._target = np.array([[float(z) for z in row] for row in target])
        self._rates, self._scale = (float(rates[0]), float(rates[1])), float(scale)

    def _raw(self) -> Raw:
        sigma = self._scale * np.eye(self._target.shape[1])
        W1, W2 = self._start
        return Raw(W1, W2, self._rates, sigma, self._scale * self._target)

    def time_to_loss(self, loss: float) -> float:
        """When the loss has fallen to a value, as `numeric.methods.lifted.marched.time_to`."""

        def of(W1: Floats, W2: Floats) -> float:
            return self._scale / 2 * float(np.sum((W2 @ W1 - self._target) ** 2))

        return time_to(self._raw(), of, loss)

    def singular_values(self, t: Any) -> Any:
        """Of W₂W₁, decreasing, to ten digits of the largest."""
        return np.linalg.svd(self.observables(t)["product"], compute_uv=False)

    def alignments(self, t: Any) -> Any:
        """As `numeric.methods.lifted.layers.TwoLayers.alignments`."""
        return alignments_of_arrays(self.observables(t)["product"], self._exact_target)

    def kernel_distance(self, first: Any, second: Any) -> Any:
        """S between a time and other times."""
        return distances(self.observables(first), self.observables(second), self._rates)

    def weights(self, t: Any) -> tuple[Floats, Floats]:
        """W₁ and W₂ at float64 times, to about ten digits."""
        times, raw = np.asarray(t, dtype=np.float64), self._raw()
        moved = march(raw.W1, raw.W2, raw.rates, raw.sigma, raw.gamma, times.ravel())
        first = np.array([A for A, _ in moved]).reshape(*times.shape, *raw.W1.shape)
        return first, np.array([C for _, C in moved]).reshape(*times.shape, *raw.W2.shape)

    def observables(self, t: Any) -> dict[str, Any]:
        """product, gram_in, gram_out, loss, residual at float64 times."""
        first, second = self.weights(t)
        product = second @ first
        left = product - self._target
        return {
            "product": product,
            "gram_in": np.swapaxes(first, -1, -2) @ first,
            "gram_out": second @ np.swapaxes(second, -1, -2),
            "loss": self._scale / 2 * np.sum(left**2, axis=(-2, -1)),
            "residual": left,
        }
