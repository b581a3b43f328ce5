"""A single neuron f = a wᵀx under ½‖X a w − y‖² with XᵀX a multiple of a projector, in closed form.

The part of w off the row space is frozen; the other and a are a Riccati flow of one hidden unit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.catalogue import load_lift
from numeric.errors import InputError
from numeric.methods.lifted import observed
from numeric.methods.lifted.adapter import lifted_flow
from numeric.methods.lifted.falling import time_to
from numeric.methods.lifted.observed_layers import regime
from numeric.methods.lifted.span import dot
from numeric.methods.lifted.white import Data, Vector
from numeric.methods.riccati.balls import Enclosed, ball, enclosed
from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.given import product
from numeric.methods.riccati.spectrum import number
from numeric.namespaces import Mpmath

ALMOST = 1e-9  # a cosine at the end that may be 0 but for roundings


class SingleNeuron:
    """The flow of a and w, at rates η_a and η_w.

    Args:
        a0, w0, eta_a, eta_w: exact.
        data: white.

    Attributes:
        delta: η_w a² − η_a‖w‖².
        delta_seen: the same of the part of w in the row space.
        regime: "upstream", "balanced" or "downstream", by the sign of that.
        target: β*, the interpolator of least norm.

    Raises:
        InputError: for data that are not white.
    """

    def __init__(
        self, a0: Fraction, w0: Vector, eta_a: Fraction, eta_w: Fraction, data: Data
    ) -> None:
        if data.scale is None:
            found = f"XᵀX off a multiple of a projector by {float(data.off):.3g} of its size"
            raise InputError("the data", found, "white inputs, or a rank they fill evenly")
        self.data, self._a0, self._rates = data, a0, (eta_a, eta_w)
        self._projector = data.projector
        self._seen = [row[0] for row in product(self._projector, [[z] for z in w0])]
        self._frozen = [z - s for z, s in zip(w0, self._seen, strict=True)]
        self.target = [z / data.scale for z in data.cross]
        self.delta = eta_w * a0 * a0 - eta_a * sum(z * z for z in w0)
        self.flow = lifted_flow(
            load_lift("single_neuron"),
            {"a": [[a0]], "w": [[z] for z in self._seen]},
            {"eta_a": eta_a, "eta_w": eta_w},
            data.scale,
            [self.target],
            ("w", "a"),
        )
        assert self.flow.given.law is not None
        self.delta_seen = self.flow.given.law.value
        self.regime = regime(self.delta_seen)
        self._offset = [-z for z in self.flow.lacking()[-1, :-1]]

    def observables(self, t: Any, since: float = 0.0) -> dict[str, Any]:
        """a, w, mu, phi, loss, residual and kernel_distance (from a time) at float64 times."""
        t = np.asarray(t, dtype=np.float64)
        *seen, a = np.moveaxis(self.flow.state(t), -1, 0)
        rest = self.flow.remaining(t)[..., -1, :-1]
        left = [rest[..., j] + z for j, z in enumerate(self._offset)]
        with np.errstate(all="ignore"):
            return self._observed(a, seen, left, self._begun(since), float, np)

    def _begun(self, since: float) -> list[float]:
        """The state that kernels are compared with: w in the row space, and a."""
        if since:
            return list(self.flow.state(since))
        return [*map(float, self._seen), float(self._a0)]

    def kernel_distance(self, first: float, second: Any) -> Any:
        """S between a time and other times, all float64."""
        return self.observables(second, first)["kernel_distance"]

    def limit(self, since: float = 0.0) -> dict[str, Any]:
        """The same at t = ∞."""
        *seen, a = self.flow.limit_state()
        left = [np.float64(z) for z in self._offset]
        with np.errstate(all="ignore"):
            found = self._observed(a, seen, left, self._begun(since), float, np)
        if abs(found["phi"]) < ALMOST and not self.exactly(None, BITS)["phi"]:
            found["phi"] = np.float64(0)
        return found

    def exactly(
        self, t: Fraction | None, bits: int, since: Fraction = Fraction(0)
    ) -> dict[str, Any]:
        """The same in mpmath numbers of so many bits; None stands for t = ∞."""
        at = self.flow.exactly(t or Fraction(0), bits)
        state = at.limit_state() if t is None else at.state()
        left = [-z for z in at.lacking()[-1][:-1]]
        rests_across = self._rests_across or (t is None and any(left))
        if t is not None:
            left = [z + y for z, y in zip(at.remaining()[-1], left, strict=False)]
        context = at.context
        begun = self.flow.exactly(since, bits).state()
        found = self._observed(
            state[-1], state[:-1], left, begun, lambda z: number(z, context), Mpmath(context)
        )
        if rests_across:
            found["phi"] = context.nan if context.isnan(found["phi"]) else context.zero
        return found

    def enclosed(self, t: Fraction, digits: int) -> dict[str, Any]:
        """State a and w, loss and residual in Arb balls that contain them, each to so many digits.

        Raises:
            InputError: for times too long.
        """

        def read(at: Enclosed) -> dict[str, Any]:
            *seen, a = at.state()
            left = [a * z - ball(aim) for z, aim in zip(seen, self.target, strict=True)]
            half = ball((self.data.scale or Fraction(0)) / 2)
            return {
                "a": a,
                "w": [z + ball(y) for z, y in zip(seen, self._frozen, strict=True)],
                "loss": half * sum(z * z for z in left) + ball(self.data.least),
                "residual": left,
            }

        return enclosed(self.flow.given, t, digits, read)

    @property
    def _rests_across(self) -> bool:
        """Whether it begins, and rests, at a = 0 and w across β*."""
        return not self._a0 and not dot(self._seen, self.target)

    def sign_change(self, bits: int = BITS) -> Any:
        """When a passes 0, an mpmath number; None where it never does."""
        return self.flow.zero(len(self._seen), bits)

    def time_to_loss(self, loss: float) -> float:
        """When the loss has fallen to a value: 0 where it begins there, NaN above, ∞ if never."""
        return float(self.time_to(Fraction(loss), BITS))

    def time_to(self, loss: Fraction, bits: int) -> Any:
        """The same as an mpmath number, right to about half so many bits."""
        pace = max((abs(f) for f in self.flow.constants.exponents), default=0.0)
        guess = 1 / Fraction(pace) if pace else Fraction(1)
        return time_to(lambda t, n: self.exactly(t, n)["loss"], loss, guess, bits)

    def _observed(
        self, a: Any, seen: Any, left: Any, begun: list[Any], convert: Any, xp: Any
    ) -> dict[str, Any]:
        def of(values: Vector) -> list[Any]:
            return [convert(z) for z in values]

        rates = tuple(of(list(self._rates)))
        P = [of(row) for row in self._projector]
        w = [z + frozen for z, frozen in zip(seen, of(self._frozen), strict=True)]
        none = 0 * a
        aims = [z + none for z in of(self.target)]
        first = observed.kernel(begun[-1] + none, begun[:-1], (rates[0], rates[1]), P)
        now = observed.kernel(a, seen, (rates[0], rates[1]), P)
        c, least = of([self.data.scale or Fraction(0), self.data.least])
        return {
            "a": a,
            "w": w,
            "mu": a * observed.norm(w, xp),
            "phi": observed.alignment(w, aims, xp),
            "loss": c / 2 * sum(z * z for z in left) + least,
            "residual": left,
            "kernel_distance": observed.distance(first, now, xp),
        }
