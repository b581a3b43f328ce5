"""What a loss says of its own data: derivatives of ℒ and ℒ′ by targets and scales, term by term.

ℒ(f) = unit · Σ w ℓ(c f, y). The derivative of ℓ by its target is known by what kind of loss it is: of
f − y, of the margin y f, or linear in y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.data.effective_loss import Ahead, EffectiveLoss
from numeric.errors import InputError

Floats = NDArray[np.float64]
LINEAR = "from 0 to 1"  # targets of a loss that is linear in them
MARGIN = "-1 or 1"
NEXT_TO, ROOM = 1e-9, 1e-6  # of a bend, and of what a smooth slope changes there


class Outputs(NamedTuple):
    """Outputs f, and how far they are from that with the least loss, where there is one.

    Of f alone a loss that is flat there has lost the digits.
    """

    f: Floats
    left: Floats | None = None


@dataclass(frozen=True)
class DataLoss:
    """A loss over data, of the output f at the point they amount to.

    Attributes:
        loss: the mean.
        unit: by which it is multiplied.
        ahead: the same by the distance from its minimum, if it is no square.
    """

    loss: EffectiveLoss
    unit: float
    ahead: Ahead | None = None

    @property
    def jumps(self) -> bool:
        """Whether ℓ′ jumps at a bend, as a hinge's does."""
        bends = np.array(self.loss.module.BENDS, dtype=float)
        y = 0.0 if self.loss.module.SHIFTS else 1.0
        sides = (self.loss.module.slope(bends + side * NEXT_TO, y) + 0 * bends for side in (1, -1))
        return bool(np.any(np.abs(np.subtract(*sides)) > ROOM))

    def slope(self, f: Floats) -> Floats:
        """ℒ′."""
        return np.asarray(self.unit * self.loss.slope(f))

    def curvature(self, at: Outputs) -> Floats:
        """ℒ″."""
        weights = self.loss.weights * self.loss.scales**2
        return np.asarray(self.unit * (self._terms("curvature", at) @ weights))

    def _terms(self, name: str, at: Outputs, y: Any = None) -> Floats:
        """A function of the loss at every output and input, (outputs, inputs)."""
        function = getattr(self.loss.module, name)
        if self.ahead is not None and at.left is not None and y is None:
            return self.ahead._at(function, at.left)
        targets = self.loss.targets if y is None else y
        outputs = at.f[:, None] * self.loss.scales
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(outputs, targets), outputs.shape)

    def value_by_data(self, at: Outputs, cotangents: Floats) -> tuple[Floats, Floats]:
        """Cotangents of scales and targets, from those of ℒ at outputs that do not move."""
        slope = self._terms("slope", at)
        if self.loss.module.SHIFTS:
            by_y = -slope
        elif self.loss.module.TARGETS == LINEAR:
            by_y = self._terms("loss", at, 1.0) - self._terms("loss", at, 0.0)
        else:
            by_y = slope * at.f[:, None] * self.loss.scales / self._labels()
        weights = self.unit * self.loss.weights
        return weights * ((cotangents * at.f) @ slope), weights * (cotangents @ by_y)

    def slope_by_data(self, at: Outputs, cotangents: Floats) -> tuple[Floats, Floats]:
        """The same from cotangents of ℒ′."""
        slope, curvature = self._terms("slope", at), self._terms("curvature", at)
        outputs = at.f[:, None] * self.loss.scales
        if self.loss.module.SHIFTS:
            by_y = -curvature
        elif self.loss.module.TARGETS == LINEAR:
            by_y = self._terms("slope", at, 1.0) - self._terms("slope", at, 0.0)
        else:
            by_y = (slope + outputs * curvature) / self._labels()
        weights = self.unit * self.loss.weights
        by_c = weights * (cotangents @ (slope + outputs * curvature))
        return by_c, weights * self.loss.scales * (cotangents @ by_y)

    def _labels(self) -> Floats:
        if self.loss.module.TARGETS != MARGIN:
            found = f"the loss {self.loss.module.__name__.rpartition('.')[2]}"
            raise InputError(
                "y", found, "a loss of f − y, of y f, or linear in y, for a derivative"
            )
        return self.loss.targets

    def minimum_by_data(self, f: float, cotangent: float) -> tuple[Floats, Floats]:
        """Cotangents of scales and targets, from that of the output with the least loss."""
        at = Outputs(np.array([f]))
        curvature = float(self.curvature(at)[0])
        if curvature > 0:
            return self.slope_by_data(at, np.array([-cotangent / curvature]))
        # Where ℒ″ = 0 there, a term bends, or all agree.
        return self.bend_by_data(f, cotangent)

    def bend_by_data(self, f: float, cotangent: float) -> tuple[Floats, Floats]:
        """Cotangents of scales and targets, from that of the output at which a term bends.

        There c f − y, or c f y, is a number; of several terms one is taken.
        """
        c, y, shifts = self.loss.scales, self.loss.targets, self.loss.module.SHIFTS
        by_c, by_y = np.zeros_like(c), np.zeros_like(y)
        if not np.any(c):
            return by_c, by_y
        bends = np.array(self.loss.module.BENDS or (0.0 if shifts else 1.0,), dtype=float)
        places = c * f - y if shifts else c * f * y
        off = np.abs(places[:, None] - bends).min(axis=1)
        term = int(np.argmin(np.where(c != 0, off, np.inf)))
        by_c[term] = -cotangent * f / c[term]
        by_y[term] = cotangent / c[term] if shifts else -cotangent * f / y[term]
        return by_c, by_y
