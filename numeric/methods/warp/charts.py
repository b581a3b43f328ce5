"""Coordinates in which neurons are integrated.

On its orbit a neuron of a homogeneous network has u² = E + κ² h², with E and κ² of its conserved
quantity. One coordinate and E say everything: h where E ≥ 0, u where E < 0, so that the other layer is a
root of a sum of positive terms. How close an orbit passes to the saddle at u = h = 0, and on which side
of it, is then in E alone, which is conserved, and exact from the start; u and h themselves have no digit
left of it.

Without homogeneity the coordinates are u and h.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp import collocation
from numeric.pickling import NamesModules

Floats = NDArray[np.float64]
Some = slice | NDArray[np.intp]
NEAR = 0.5  # of a coordinate, a step of Newton that is taken
SMALLEST_ROOT = 1e-130  # whose square is far above what underflows
ROUNDED = 1e-13  # of h, times the slope of σ′ where it rests
STRUCTURE = 2.0  # of 1 + |h|, that counts as a change of h by itself
TINY = 1e-300  # a preactivation next to zero, on one side of it


class Chart(Protocol):
    """Coordinates, an array (…, 2, neurons)."""

    def coordinates(self, u: Floats, h: Floats) -> Floats:
        """Coordinates of weights and preactivations."""
        ...

    def weights(self, coordinates: Floats, which: Some = slice(None)) -> tuple[Floats, Floats]:
        """Weights and preactivations at coordinates."""
        ...

    def velocity(self, u: Floats, h: Floats, which: Some) -> Floats:
        """Velocity of the coordinates in x."""
        ...

    def sweep(self, u: Floats, h: Floats, start: Floats, table: Floats, which: Some) -> Floats:
        """Start + table · velocity, with what is known already of the other coordinate."""
        ...

    def rates(self, u: Floats, h: Floats) -> Floats:
        """How fast each neuron changes, of its own size; NaN or infinite where it has none."""
        ...


class PlainChart(NamesModules):
    """u and h.

    Args:
        module: the generated one.
        parameters: hyperparameters.
        sign: direction of motion in s.
    """

    def __init__(self, module: Any, parameters: Any, sign: float) -> None:
        self._module, self._parameters, self._sign = module, parameters, sign

    def coordinates(self, u: Floats, h: Floats) -> Floats:
        """Both."""
        return np.stack([u, h], axis=-2)

    def weights(self, coordinates: Floats, which: Some = slice(None)) -> tuple[Floats, Floats]:
        """Both."""
        return coordinates[..., 0, :], coordinates[..., 1, :]

    def velocity(self, u: Floats, h: Floats, which: Some) -> Floats:
        """Both."""
        by_u = self._module.velocity_u(h, self._parameters)
        by_h = self._module.velocity_h(u, h, self._parameters)
        return self._sign * np.stack(np.broadcast_arrays(by_u, by_h), axis=-2)

    def sweep(self, u: Floats, h: Floats, start: Floats, table: Floats, which: Some) -> Floats:
        """First u, which moves by h alone; then h, by the new u."""
        found, signed = np.empty((len(table), *start.shape)), self._sign * table
        of_u, of_h = found[:, 0], found[:, 1]
        np.add(start[0], signed @ self._module.velocity_u(h, self._parameters), out=of_u)
        np.add(start[1], signed @ self._module.velocity_h(of_u, h, self._parameters), out=of_h)
        return found

    def rates(self, u: Floats, h: Floats) -> Floats:
        """The length of the velocity of that of the vector, h in units of u; or h beside itself.

        σ changes where h changes by about 1 + |h|: beside a large u a panel would reach beyond all of
        that, and a polynomial through points that all lie beyond it is smooth, and wrong.
        """
        given = self._parameters
        kappa = np.sqrt(given.eta_u / (given.eta_w * given.rho_2)) if given.rho_2 else 1.0
        by_u, moved = self._module.velocity_u(h, given), self._module.velocity_h(u, h, given)
        together = np.hypot(by_u, kappa * moved) / np.hypot(u, kappa * h)
        # An h that rests where σ′ = 0 has the velocity of its rounding, which grows with u.
        noise = ROUNDED * np.abs(given.eta_w * given.gamma * given.rho_2 * u)
        alone = np.maximum(np.abs(moved) - noise, 0) / (STRUCTURE * (1 + np.abs(h)))
        return np.asarray(np.maximum(together, alone))


class OrbitChart(NamesModules):
    """One layer, and the other by the conserved quantity.

    Args:
        module: of a homogeneous network.
        parameters: hyperparameters.
        sign: direction of motion in s.
        u: a place on the orbit, for its sign, which it keeps where E ≥ 0.
        side: of h = 0, on which the neuron is, ±1.
        law: E, the conserved quantity in units of u².
    """

    def __init__(
        self, module: Any, parameters: Any, sign: float, u: Floats, side: Floats, law: Floats
    ) -> None:
        self._module, self._parameters, self._sign = module, parameters, sign
        # κ is 0 on a side where σ vanishes: nothing moves there.
        self._kappa = np.sqrt(-module.conserved(np.zeros_like(u), side, parameters))
        self._by_h, self._root = law >= 0, np.sqrt(np.abs(law))
        self._side_u, self._side_h = np.sign(u), side
        self._all_by_h = bool(self._by_h.all())
        self._slope = self._kappa if self._all_by_h else np.where(self._by_h, self._kappa, 1.0)
        # Beside roots of such size nothing is lost where a square underflows, and none overflows.
        self._squares = bool(np.all(self._root > SMALLEST_ROOT))

    def coordinates(self, u: Floats, h: Floats) -> Floats:
        """The coordinate, and 0."""
        return np.stack([np.where(self._by_h, h, u), np.zeros_like(u)], axis=-2)

    def weights(self, coordinates: Floats, which: Some = slice(None)) -> tuple[Floats, Floats]:
        """The coordinate and the root."""
        z = coordinates[..., 0, :]
        other = self._beside(z, which)
        if self._all_by_h:
            return self._side_u[which] * other, z
        by_h = self._by_h[which]
        with np.errstate(all="ignore"):
            u = np.where(by_h, self._side_u[which] * other, z)
            h = np.where(by_h, z, self._side_h[which] / self._kappa[which] * other)
        return u, h

    def _beside(self, z: Floats, which: Some) -> Floats:
        """√(root² + (slope z)²)."""
        root, along = self._root[which], self._slope[which] * z
        if not self._squares:
            return np.hypot(root, along)
        along *= along
        along += root * root
        return np.sqrt(along, out=along)

    def velocity(self, u: Floats, h: Floats, which: Some) -> Floats:
        """Of the coordinate, and 0."""
        found = np.zeros((*h.shape[:-1], 2, h.shape[-1]))
        found[..., 0, :] = self._sign * self._moved(u, h, which)
        return found

    def _moved(self, u: Floats, h: Floats, which: Some) -> Floats:
        """Velocity of the coordinate in s."""
        if self._all_by_h:
            return np.asarray(self._module.velocity_h(u, h, self._parameters))
        by_h = self._by_h[which]
        by_u = self._module.velocity_u(h, self._parameters)
        if not by_h.any():
            return np.asarray(by_u)
        return np.where(by_h, self._module.velocity_h(u, h, self._parameters), by_u)

    def sweep(self, u: Floats, h: Floats, start: Floats, table: Floats, which: Some) -> Floats:
        """The coordinate, by Newton's method where it is near, and 0."""
        found, moved = np.zeros((len(table), *start.shape)), self._sign * self._moved(u, h, which)
        z = h if self._all_by_h else np.where(self._by_h[which], h, u)
        following = start[0] + table @ moved
        if (
            not self._module.BENDS
        ):  # beyond one the velocity is held, and tells nothing of its slope
            step = collocation.newton(moved, following - z)
            near = np.abs(step) <= NEAR * np.abs(following)
            np.add(following, step, out=following, where=near)
        found[:, 0] = following
        return found

    def rates(self, u: Floats, h: Floats) -> Floats:
        """The velocity of the coordinate, of h or of the part of u that is not conserved: κh.

        Where h moves at h = 0, too (β = 1), that part of its velocity counts of the whole neuron.
        """
        given = self._parameters
        by_u = self._module.velocity_u(h, given) / (self._kappa * h)
        at_zero = self._module.velocity_h(u, TINY * self._side_h, given)
        by_h = np.abs(self._module.velocity_h(u, h, given) - at_zero) / np.abs(h)
        both = by_h + np.abs(at_zero) * self._kappa / np.hypot(u, self._kappa * h)
        return np.asarray(np.where(self._by_h, both, np.abs(by_u)))
