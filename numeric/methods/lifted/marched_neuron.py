"""A single neuron on any data by its raw equations: the observables of `neuron`, to about ten digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.lifted import observed
from numeric.methods.lifted.marched import Raw, march, time_to
from numeric.methods.lifted.white import RANK, Data, Vector


class MarchedNeuron:
    """The flow of a and w, integrated.

    Args:
        a0, w0, eta_a, eta_w: exact, rounded here.
        data: any.

    Attributes:
        target: β*, the least-squares solution of least norm.
        least: the least loss: 0 where only XᵀX and Xᵀy are known.
    """

    def __init__(
        self, a0: Fraction, w0: Vector, eta_a: Fraction, eta_w: Fraction, data: Data
    ) -> None:
        self._a0, self._w0 = float(a0), np.array([float(z) for z in w0])
        self._rates = float(eta_a), float(eta_w)
        self._gram = np.array([[float(z) for z in row] for row in data.gram])
        self._cross = np.array([float(z) for z in data.cross])
        values, vectors = np.linalg.eigh(self._gram)
        kept = values > RANK * values[-1]
        self._vectors, self._roots = vectors[:, kept], np.sqrt(values[kept])
        self._projector = self._vectors @ self._vectors.T
        self.target: Floats = self._vectors @ (self._vectors.T @ self._cross / values[kept])
        squares = None if data.squares is None else float(data.squares)
        self.least = (
            0.0 if squares is None else max(squares - float(self.target @ self._cross), 0) / 2
        )

    def time_to_loss(self, loss: float) -> float:
        """When the loss has fallen to a value, as `numeric.methods.lifted.marched.time_to`."""
        eta_a, eta_w = self._rates
        raw = Raw(
            self._w0[None, :], np.array([[self._a0]]), (eta_w, eta_a), self._gram,
            self._cross[None, :],
        )  # fmt: skip

        def of(w: Floats, a: Floats) -> float:
            return float(self._loss(self._left(a[0, 0], w[0])))

        return time_to(raw, of, loss, self.least)

    def observables(self, t: Any) -> dict[str, Any]:
        """a, w, mu, phi, loss, residual and kernel_distance (from t = 0) at float64 times."""
        times = np.asarray(t, dtype=np.float64)
        eta_a, eta_w = self._rates
        moved = march(
            self._w0[None, :], np.array([[self._a0]]), (eta_w, eta_a), self._gram,
            self._cross[None, :], times.ravel(),
        )  # fmt: skip
        w = np.array([first[0] for first, _ in moved]).reshape(*times.shape, -1)
        a = np.array([second[0, 0] for _, second in moved]).reshape(times.shape)
        return self._seen(a, w, self._left(a, w))

    def _left(self, a: Any, w: Floats) -> Floats:
        return (np.asarray(a)[..., None] * w - self.target) @ self._projector

    def _loss(self, left: Floats) -> Any:
        return self.least + np.einsum("...i,ij,...j", left, self._gram, left) / 2

    def at_end(self, a: float, w: Floats) -> dict[str, Any]:
        """The same where nothing moves any more: the residual is 0."""
        return self._seen(np.asarray(a), w, np.zeros_like(w))

    def _seen(self, a: Floats, w: Floats, left: Floats) -> dict[str, Any]:
        parts = list(np.moveaxis(w, -1, 0))
        with np.errstate(all="ignore"):
            return {
                "a": a,
                "w": parts,
                "mu": a * observed.norm(parts, np),
                "phi": observed.alignment(parts, [z + 0 * a for z in self.target], np),
                "loss": self._loss(left),
                "residual": list(np.moveaxis(left, -1, 0)),
                "kernel_distance": self._distance(a, w),
            }

    def _distance(self, a: Floats, w: Floats) -> Any:
        begun = [z + 0 * a for z in self._kernel(np.asarray(self._a0), self._w0)]
        return observed.distance(begun, self._kernel(a, w), np)

    def _kernel(self, a: Floats, w: Floats) -> list[Any]:
        """The tangent kernel in the axes of XᵀX, as a list of entries."""
        eta_a, eta_w = self._rates
        seen = (w @ self._vectors) * self._roots
        outer = eta_a * seen[..., :, None] * seen[..., None, :]
        full = outer + eta_w * (a * a)[..., None, None] * np.diag(self._roots**2)
        return list(np.moveaxis(full.reshape(*full.shape[:-2], -1), -1, 0))
