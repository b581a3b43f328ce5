"""A single neuron on any data by its raw equations: the observables of `neuron`, to about ten digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.lifted import observed
from numeric.methods.lifted.marched import Raw, march, time_to
from numeric.methods.lifted.span import dot, independent, least_squares, projected
from numeric.methods.lifted.white import Data, Vector


class MarchedNeuron:
    """The flow of a and w, integrated.

    Args:
        a0, w0, eta_a, eta_w: exact, rounded here.
        data: any.

    Attributes:
        target: β*, the least-squares solution of least norm; it and the row space are found exactly, so
            a faint input counts as any other.
        least: the least loss: 0 where only XᵀX and Xᵀy are known.
    """

    def __init__(
        self, a0: Fraction, w0: Vector, eta_a: Fraction, eta_w: Fraction, data: Data
    ) -> None:
        self._a0, self._w0 = float(a0), np.array([float(z) for z in w0])
        self._rates = float(eta_a), float(eta_w)
        self._gram = np.array([[float(z) for z in row] for row in data.gram])
        self._cross = np.array([float(z) for z in data.cross])
        values, self._vectors = np.linalg.eigh(self._gram)
        self._roots = np.sqrt(np.maximum(values, 0))
        basis = independent(data.gram)
        unit = [[Fraction(int(i == j)) for j in range(len(w0))] for i in range(len(w0))]
        self._projector = np.array([[float(z) for z in projected(row, basis)] for row in unit])
        aim = least_squares(data.gram, data.cross)
        self.target: Floats = np.array([float(z) for z in aim])
        rest = Fraction(0) if data.squares is None else data.squares - dot(aim, data.cross)
        self.least = max(float(rest), 0.0) / 2

    def _raw(self) -> Raw:
        eta_a, eta_w = self._rates
        return Raw(
            self._w0[None, :], np.array([[self._a0]]), (eta_w, eta_a), self._gram,
            self._cross[None, :],
        )  # fmt: skip

    def time_to_loss(self, loss: float) -> float:
        """When the loss has fallen to a value, as `numeric.methods.lifted.marched.time_to`."""

        def of(w: Floats, a: Floats) -> float:
            return float(self._loss(self._left(a[0, 0], w[0])))

        return time_to(self._raw(), of, loss, self.least)

    def sign_change(self, end: int) -> float | None:
        """When a passes 0, given its sign at the end; None where it never does.

        The loss falls all the way and at a = 0 is always the same, so it is at most once, at that loss.
        """
        if self._a0 * end >= 0:
            return None
        return self.time_to_loss(float(self._loss(self._left(0.0, self._w0))))

    def observables(self, t: Any, since: float = 0.0) -> dict[str, Any]:
        """a, w, mu, phi, loss, residual and kernel_distance (from a time) at float64 times."""
        times = np.asarray(t, dtype=np.float64)
        a, w = self._at(np.append(times.ravel(), since))
        begun = a[-1], w[-1]
        a, w = a[:-1].reshape(times.shape), w[:-1].reshape(*times.shape, self._w0.size)
        return self._seen(a, w, self._left(a, w), begun)

    def _at(self, times: Floats) -> tuple[Floats, Floats]:
        raw = self._raw()
        moved = march(raw.W1, raw.W2, raw.rates, raw.sigma, raw.gamma, times)
        return np.array([C[0, 0] for _, C in moved]), np.array([A[0] for A, _ in moved])

    def kernel_distance(self, first: float, second: Any) -> Any:
        """S between a time and other times."""
        return self.observables(second, first)["kernel_distance"]

    def _left(self, a: Any, w: Floats) -> Floats:
        return (np.asarray(a)[..., None] * w - self.target) @ self._projector

    def _loss(self, left: Floats) -> Any:
        return self.least + np.einsum("...i,ij,...j", left, self._gram, left) / 2

    def at_end(self, a: float, w: Floats, since: float = 0.0) -> dict[str, Any]:
        """The same where nothing moves any more: the residual is 0."""
        ((begun,), (start,)) = self._at(np.array([since]))
        return self._seen(np.asarray(a), w, np.zeros_like(w), (begun, start))

    def _seen(
        self, a: Floats, w: Floats, left: Floats, begun: tuple[Any, Floats]
    ) -> dict[str, Any]:
        parts = list(np.moveaxis(w, -1, 0))
        with np.errstate(all="ignore"):
            return {
                "a": a,
                "w": parts,
                "mu": a * observed.norm(parts, np),
                "phi": observed.alignment(parts, [z + 0 * a for z in self.target], np),
                "loss": self._loss(left),
                "residual": list(np.moveaxis(left, -1, 0)),
                "kernel_distance": self._distance(a, w, begun),
            }

    def _distance(self, a: Floats, w: Floats, begun: tuple[Any, Floats]) -> Any:
        first = [z + 0 * a for z in self._kernel(np.asarray(begun[0]), begun[1])]
        return observed.distance(first, self._kernel(a, w), np)

    def _kernel(self, a: Floats, w: Floats) -> list[Any]:
        """The tangent kernel in the axes of XᵀX, as a list of entries."""
        eta_a, eta_w = self._rates
        seen = (w @ self._vectors) * self._roots
        outer = eta_a * seen[..., :, None] * seen[..., None, :]
        full = outer + eta_w * (a * a)[..., None, None] * np.diag(self._roots**2)
        return list(np.moveaxis(full.reshape(*full.shape[:-2], self._w0.size**2), -1, 0))
