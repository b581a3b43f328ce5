"""What a loss says of its own data: derivatives of ℒ and ℒ′ by targets and scales, term by term.

ℒ(f) = unit · Σ w ℓ(c f, y). The derivative of ℓ by its target is known by what kind of loss it is: of
f − y, of the margin y f, or linear in y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numeric.data.effective_loss import EffectiveLoss
from numeric.errors import InputError

Floats = NDArray[np.float64]
LINEAR = "from 0 to 1"  # targets of a loss that is linear in them
MARGIN = "-1 or 1"


@dataclass(frozen=True)
class DataLoss:
    """A loss over data, of the output f at the point they amount to.

    Attributes:
        loss: the mean.
        unit: by which it is multiplied.
    """

    loss: EffectiveLoss
    unit: float

    def slope(self, f: Floats) -> Floats:
        """ℒ′."""
        return np.asarray(self.unit * self.loss.slope(f))

    def curvature(self, f: Floats) -> Floats:
        """ℒ″."""
        return np.asarray(self.unit * self.loss.curvature(f))

    def _terms(self, name: str, f: Floats, y: Any = None) -> Floats:
        targets = self.loss.targets if y is None else y
        outputs = f[:, None] * self.loss.scales
        with np.errstate(all="ignore"):
            found = getattr(self.loss.module, name)(outputs, targets)
        return np.broadcast_to(found, outputs.shape)

    def value_by_data(self, f: Floats, cotangents: Floats) -> tuple[Floats, Floats]:
        """Cotangents of scales and targets, from those of ℒ at outputs that do not move."""
        slope = self._terms("slope", f)
        if self.loss.module.SHIFTS:
            by_y = -slope
        elif self.loss.module.TARGETS == LINEAR:
            by_y = self._terms("loss", f, 1.0) - self._terms("loss", f, 0.0)
        else:
            by_y = slope * f[:, None] * self.loss.scales / self._labels()
        weights = self.unit * self.loss.weights
        return weights * ((cotangents * f) @ slope), weights * (cotangents @ by_y)

    def slope_by_data(self, f: Floats, cotangents: Floats) -> tuple[Floats, Floats]:
        """The same from cotangents of ℒ′."""
        slope, curvature = self._terms("slope", f), self._terms("curvature", f)
        outputs = f[:, None] * self.loss.scales
        if self.loss.module.SHIFTS:
            by_y = -curvature
        elif self.loss.module.TARGETS == LINEAR:
            by_y = self._terms("slope", f, 1.0) - self._terms("slope", f, 0.0)
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
        at = np.array([f])
        curvature = float(self.curvature(at)[0])
        if curvature > 0:
            return self.slope_by_data(at, np.array([-cotangent / curvature]))
        # Where ℒ″ = 0 there, terms agree: c f = y, or c f y = 1.
        alive = np.flatnonzero(self.loss.scales)[:1]
        by_c, by_y = np.zeros_like(self.loss.scales), np.zeros_like(self.loss.targets)
        c, y = self.loss.scales[alive], self.loss.targets[alive]
        by_c[alive] = -cotangent * f / c
        by_y[alive] = cotangent / c if self.loss.module.SHIFTS else -cotangent * f / y
        return by_c, by_y
