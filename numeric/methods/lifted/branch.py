"""Which sign the second layer of a linear neuron has at the end of its flow.

Exact numbers tell it where δ of the weights that move is positive or 0, and wherever the loss begins
below that of a = 0: the loss never rises to that again. Elsewhere a and the displacement z = w − w(0)
are integrated until it has fallen so far,

    a′ = −η_a (a wᵀXᵀX w − w·Xᵀy),   z′ = −η_w (a XᵀX w − Xᵀy) a,   w·Xᵀy = w(0)·Xᵀy + z·Xᵀy,

with w(0)·Xᵀy exact: where δ is far below 0 the sign hangs on z, which is smaller than w by powers of δ.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.lifted.span import dot
from numeric.methods.lifted.white import Data, Vector

SADDLE = "a start that is not on the way to a saddle"
STEPS = 20_000
RELATIVE, ABSOLUTE = (
    1e-11,
    1e-13,
)  # tolerances; absolute in what moves in the time of the fastest rate
DOUBT = 1e-8  # of what the pull w·Xᵀy is a sum of: nearer to a saddle the march's errors may decide
BELOW = 1e-6  # of the loss's two parts, by which it is below that of a = 0 for certain


def exact_sign(a0: Fraction, v0: Vector, moving: Fraction, data: Data) -> int | None:
    """By exact numbers: 1, −1, or 0 where nothing moves; None where they do not tell.

    Args:
        a0: a(0).
        v0: the part of w(0) in the row space of the inputs.
        moving: of the sign of η_w a² − η_a‖v‖².
        data: XᵀX and Xᵀy.

    Raises:
        InputError: where the flow falls to a = 0: where δ is not above 0 and Xᵀy is 0, and where δ is 0
            and w falls along an eigenvector of XᵀX. From δ = 0 other starts, of one curve, fall there
            too, which is not told.
    """
    pull = dot(v0, data.cross)
    if a0 == 0:
        return (pull > 0) - (pull < 0)  # at 0 nothing moves: a saddle
    sign = 1 if a0 > 0 else -1
    falls = sign * pull < 0 and _along(v0, data.cross) and _along(_moved(v0, data), v0)
    if (moving <= 0 and not any(_moved(data.cross, data))) or (moving == 0 and falls):
        raise InputError("the end of the flow", "a fall to a = 0", SADDLE)
    above = a0 * dot(v0, _moved(v0, data)) / 2 - pull  # the loss less that of a = 0, over a
    return sign if moving >= 0 or sign * above < 0 else None


def _moved(v: Vector, data: Data) -> Vector:
    return [dot(row, v) for row in data.gram]


def _along(one: Vector, other: Vector) -> bool:
    """Whether two vectors are parallel."""
    return dot(one, other) ** 2 == dot(one, one) * dot(other, other)


class March:
    """The flow of a and v until the loss is below that of a = 0.

    Args:
        a0, v0, eta_a, eta_w: exact; v is the part of w that moves, not 0.
        data: XᵀX and Xᵀy.
    """

    def __init__(
        self, a0: Fraction, v0: Vector, eta_a: Fraction, eta_w: Fraction, data: Data
    ) -> None:
        self._gram = np.array([[float(z) for z in row] for row in data.gram])
        self._cross = np.array([float(z) for z in data.cross])
        self._a0, self._v0 = float(a0), np.array([float(z) for z in v0])
        self._rates, self._pull = (float(eta_a), float(eta_w)), float(dot(v0, data.cross))

    def sign(self) -> int:
        """Of a at the end.

        Raises:
            InputError: where it falls to a saddle, or passes it too near for a march to tell the side.
        """
        from scipy.integrate import LSODA  # slow to load

        start = np.array([self._a0, *np.zeros_like(self._v0)])
        solver = LSODA(self._velocity, 0.0, start, np.inf, rtol=RELATIVE, atol=self._tolerance())
        for _ in range(STEPS):
            solver.step()
            if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
                break
            a = solver.y[0]
            curve, pull, terms = self._parts(solver.y)
            if a * (a * curve / 2 - pull) < -BELOW * abs(a) * (abs(a) * curve / 2 + abs(pull)):
                return 1 if a > 0 else -1
            if abs(a) * curve + abs(pull) < DOUBT * terms:
                break
        found = f"a loss above that of a = 0 until t = {solver.t:.3g}"
        raise InputError("the end of the flow", found, SADDLE)

    def _tolerance(self) -> Floats:
        """Absolute ones, of a and of z: what they come to while a forgets where it began."""
        size, force = float(np.linalg.norm(self._gram)), float(np.linalg.norm(self._cross))
        square = float(self._v0 @ self._v0)
        moved = self._rates[1] * abs(self._a0) * force / (self._rates[0] * size * square)
        tiny = float(np.finfo(float).tiny)
        allowed = [moved * force / (size * square), *[moved] * self._v0.size]
        return np.maximum(ABSOLUTE * np.array(allowed), tiny)

    def _parts(self, state: Any) -> tuple[float, float, float]:
        """wᵀXᵀX w, w·Xᵀy, and the size of what that is a sum of."""
        z = state[1:]
        v, along = self._v0 + z, float(z @ self._cross)
        terms = float(np.linalg.norm(z) * np.linalg.norm(self._cross)) + abs(self._pull)
        return float(v @ self._gram @ v), self._pull + along, terms

    def _velocity(self, _: float, state: Any) -> Floats:
        a, z = state[0], state[1:]
        curve, pull, _size = self._parts(state)
        force = a * (self._gram @ (self._v0 + z)) - self._cross
        return np.array([-self._rates[0] * (a * curve - pull), *(-self._rates[1] * a * force)])
