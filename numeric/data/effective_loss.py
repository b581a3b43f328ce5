"""The loss over the data as a loss of one number: ℒ(g) = Σₙ wₙ ℓ(cₙ g, yₙ), g the output at m.

For inputs aₙ m and an activation homogeneous of degree β the output at an input is cₙ g with cₙ = aₙ^β
(`symbolic.network.datasets`); a single point has c = w = 1. ℓ is convex (`symbolic.network.convexity`),
and so is ℒ: it has one minimum, or none at a finite g.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numeric.pickling import NamesModules

Floats = NDArray[np.float64]

FURTHEST = 1e300  # output beyond which no minimum is looked for
NEXT_TO = 1e-290  # distance up to which the minimum itself may be on another branch
AGREES = 2e-15  # relative difference of two rules for ∫ ℓ″, below which it is exact
ROUNDED = 1e-15  # of an output: a bend so near to the minimum is the minimum
HALVINGS = 90  # of the distance to a minimum, by which it has all digits
RULES = [tuple(np.array(z) / 2 for z in np.polynomial.legendre.leggauss(n)) for n in (20, 14)]


@dataclass(frozen=True)
class EffectiveLoss(NamesModules):
    """A convex loss of the output g.

    Attributes:
        module: of the loss ℓ.
        scales, targets, weights: cₙ, yₙ and wₙ.
    """

    module: ModuleType
    scales: Floats
    targets: Floats
    weights: Floats

    def value(self, g: ArrayLike) -> Floats:
        """ℒ(g); at an infinite output as far out as float64 goes, where terms are at their limits."""
        return self._summed(self.module.loss, np.clip(g, -FURTHEST, FURTHEST), self.weights)

    def slope(self, g: ArrayLike) -> Floats:
        """ℒ′(g)."""
        return self._summed(self.module.slope, g, self.weights * self.scales)

    def curvature(self, g: ArrayLike) -> Floats:
        """ℒ″(g)."""
        return self._summed(self.module.curvature, g, self.weights * self.scales**2)

    def _summed(self, function: Callable[..., Floats], g: ArrayLike, weights: Floats) -> Floats:
        outputs = np.asarray(g, dtype=float)[..., None] * self.scales
        with np.errstate(all="ignore"):
            terms = np.broadcast_to(function(outputs, self.targets), outputs.shape)
            return np.asarray(np.sum(weights * terms, axis=-1))

    @property
    def inputs_bends(self) -> Floats:
        """Outputs at the inputs at which ℓ′ is not smooth, a row per bend of ℓ."""
        bends = np.array(self.module.BENDS, dtype=float)[:, None]
        with np.errstate(all="ignore"):
            return np.asarray(bends + self.targets if self.module.SHIFTS else bends / self.targets)

    @property
    def bends(self) -> Floats:
        """Outputs g at which ℒ′ is not smooth, increasing."""
        with np.errstate(all="ignore"):
            found = self.inputs_bends / self.scales
        return np.unique(found[np.isfinite(found)])

    def ahead(self, g: float) -> Ahead | None:
        """The minimum that lies ahead of an output, on the way down; None where the slope is 0 there."""
        sign = -float(np.sign(self.slope(g)))
        return Ahead(self, sign, self._minimum(g, sign)) if sign else None

    def _minimum(self, g: float, sign: float) -> float:
        single = self._single()
        if single is not None:
            return single
        near, step = g, max(1.0, abs(g))
        while sign * float(self.slope(near + sign * step)) < 0:
            near, step = near + sign * step, 2 * step
            if step > FURTHEST:
                return sign * math.inf
        far = near + sign * step
        while min(near, far) < (middle := (near + far) / 2) < max(near, far):
            still = sign * float(self.slope(middle)) < 0
            near, far = (middle, far) if still else (near, middle)
        return far

    def _single(self) -> float | None:
        """The minimum of one term, or of terms that agree; None where they do not."""
        alive = (self.scales != 0) & (self.weights != 0)
        if not self.module.BOUNDED:
            ways = np.unique(np.sign(self.targets[alive] * self.scales[alive]))
            return float(ways[0]) * math.inf if ways.size == 1 else None
        with np.errstate(all="ignore"):
            places = np.unique(self.module.minimum(self.targets[alive]) / self.scales[alive])
        return float(places[0]) if places.size == 1 else None


@dataclass(frozen=True)
class Ahead:
    """The loss on the way to its minimum: everything by the distance from there, with all digits.

    Attributes:
        loss: of the output.
        sign: of the way: the output is minimum − sign · distance.
        minimum: where the slope becomes 0, as near as float64 has it; ±∞ where it never does.
    """

    loss: EffectiveLoss
    sign: float
    minimum: float

    @cached_property
    def bends(self) -> Floats:
        """Distances at which the slope is not smooth, increasing."""
        distances = self.sign * (self.minimum - self.loss.bends)
        return np.sort(distances[distances > ROUNDED * abs(self.minimum)])

    @cached_property
    def _at_minimum(self) -> Floats:
        """Outputs at the inputs; at a bend itself, where the minimum is there."""
        outputs = self.minimum * self.loss.scales
        for bend in self.loss.inputs_bends:
            outputs = np.where(np.abs(outputs - bend) <= ROUNDED * np.abs(outputs), bend, outputs)
        return np.asarray(outputs)

    @property
    def curvature(self) -> float:
        """ℒ″ at the minimum, on the side of the way."""
        loss = self.loss
        with np.errstate(all="ignore"):
            terms = self._at(loss.module.curvature, np.asarray(NEXT_TO))
        return float(np.sum(loss.weights * loss.scales**2 * terms))

    def pull(self, distance: ArrayLike) -> Floats:
        """|ℒ′| at a distance, of full relative accuracy next to the minimum.

        All terms' slopes have changed in one direction since the minimum, where their sum is 0: of
        changes nothing cancels, as slopes of different inputs do.
        """
        size, loss = np.asarray(distance, dtype=float), self.loss
        with np.errstate(all="ignore"):
            slopes = self._at(loss.module.slope, size)
            terms = slopes @ (-self.sign * loss.weights * loss.scales)
            summed = self._changes(size, slopes) @ (loss.weights * np.abs(loss.scales))
        smooth = (summed > 0) & ~self._bends_before(size)
        return np.asarray(np.where(smooth, summed, np.maximum(terms, 0.0)))

    def _changes(self, size: Floats, slopes: Floats) -> Floats:
        """|ℓ′(f) − ℓ′(f*)| of each term: ∫ ℓ″ where quadrature is exact, for ℓ′ (a soft label's) cancels.

        Of one term both rules see where ℓ″ is not 0; of a sum they may both miss the one term that is
        on a scale of its own.
        """
        loss = self.loss
        found, again = (self._integrals(size, *rule) for rule in RULES)
        is_exact = (np.abs(found - again) <= AGREES * found) & (found > 0)
        start = self._at(loss.module.slope, np.minimum(size, NEXT_TO))
        differences = np.abs(slopes - start)
        return np.where(is_exact, found, differences)

    def _integrals(self, size: Floats, nodes: Floats, weights: Floats) -> Floats:
        """∫ ℓ″ of each term from the minimum to a distance, by Gauss quadrature."""
        places = size[..., None] * (nodes + 0.5)
        means = np.einsum("...kn,k->...n", self._at(self.loss.module.curvature, places), weights)
        return np.asarray(size[..., None] * np.abs(self.loss.scales) * means)

    def _bends_before(self, size: Floats) -> NDArray[np.bool_]:
        """Whether there is a bend between the minimum and a distance."""
        first = float(self.bends[0]) if self.bends.size else math.inf
        return np.asarray(size > first)

    def value(self, distance: ArrayLike) -> Floats:
        """ℒ at a distance."""
        with np.errstate(all="ignore"):
            terms = self._at(self.loss.module.loss, np.asarray(distance, dtype=float))
        return np.asarray(terms @ self.loss.weights)

    def distances(self, values: Floats, furthest: float) -> Floats:
        """Distances up to the furthest at which ℒ is so large: the inverse of `value`, by bisection."""
        low, high = np.zeros(values.shape), np.full(values.shape, furthest)
        for _ in range(HALVINGS):
            # By the geometric mean once it is far from 0: distances may be of any size.
            middle = np.where(low > 0, np.sqrt(low) * np.sqrt(high), high / 1024)
            middle = np.where(
                (low < middle) & (middle < high) & (low < high / 2), middle, low / 2 + high / 2
            )
            below = self.value(middle) < values
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high

    def _at(self, function: Callable[..., Floats], size: Floats) -> Floats:
        """A function of the loss, term by term: by f − y where that is all it needs."""
        loss = self.loss
        moved, at_minimum = -self.sign * size[..., None] * loss.scales, self._at_minimum
        if loss.module.SHIFTS:
            left = np.where(at_minimum == loss.targets, 0.0, at_minimum - loss.targets)
            found = function(left + moved, np.zeros_like(loss.targets))
        else:
            # Where it is nothing beside the minimum it still is on its side of it.
            beside = np.nextafter(at_minimum, at_minimum + np.copysign(np.inf, moved))
            lost = (at_minimum + moved == at_minimum) & (moved != 0)
            found = function(np.where(lost, beside, at_minimum + moved), loss.targets)
        return np.broadcast_to(found, moved.shape)
