"""A two-layer linear network under ½ c‖W₂W₁ − B‖² on an isotropic leaf: its products in closed form.

QQᵀ has the products W₂W₁, W₁ᵀW₁ and W₂W₂ᵀ, and not how hidden units turn: weights are closed where they
do not, and marched elsewhere.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from numeric.catalogue import load_lift
from numeric.methods.lifted.adapter import lifted_flow
from numeric.methods.lifted.falling import time_to
from numeric.methods.lifted.observed_layers import (
    alignments,
    alignments_of_arrays,
    distances,
    kernel_distance,
    regime,
    singular_values,
    target_pairs,
)
from numeric.methods.riccati.balls import Enclosed, ball, enclosed
from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.given import Matrix, transposed
from numeric.methods.riccati.spectrum import number
from numeric.namespaces import Mpmath


class TwoLayers:
    """The products of W₁ (h × d) and W₂ (o × h), at rates η₁ and η₂.

    Args:
        W1, W2, rates, scale, target: exact.

    Attributes:
        law: λ.
        regime: "upstream", "balanced" or "downstream", by the sign of λ.

    Raises:
        InputError: for a start off the leaf η₁ W₂ᵀW₂ − η₂ W₁W₁ᵀ = λ 1, with how far it is off.
    """

    def __init__(
        self,
        W1: Matrix,
        W2: Matrix,
        rates: tuple[Fraction, Fraction],
        scale: Fraction,
        target: Matrix,
    ) -> None:
        self._inputs, self._scale, self._target = len(W1[0]), scale, target
        self._rates, self._rank = rates, min(len(W1), len(W2), len(W1[0]))
        self.flow = lifted_flow(
            load_lift("two_layer_linear"),
            {"U": W2, "V": transposed(W1)},
            {"eta_U": rates[1], "eta_V": rates[0]},
            scale,
            target,
            ("V", "U"),
        )
        assert self.flow.given.law is not None
        self.law = self.flow.given.law.value
        self.regime = regime(self.law)
        self._offset = -self.flow.lacking()[self._inputs :, : self._inputs]

    def observables(self, t: Any) -> dict[str, Any]:
        """The product (W₂W₁), gram_in (W₁ᵀW₁), gram_out (W₂W₂ᵀ), loss, residual at float64 times."""
        d = self._inputs
        square, rest = self.flow.square(t), self.flow.remaining(t)
        return self._seen(square, rest[..., d:, :d] + self._offset)

    def limit(self) -> dict[str, Any]:
        """The same at t = ∞."""
        target: Any = np.array([[float(z) for z in row] for row in self._target])
        seen = self._seen(self.flow.limit(), self._offset)
        return seen | {"product": target + self._offset}

    def _seen(self, square: Any, left: Any) -> dict[str, Any]:
        d = self._inputs
        return {
            "product": square[..., d:, :d],
            "gram_in": square[..., :d, :d],
            "gram_out": square[..., d:, d:],
            "loss": float(self._scale) / 2 * np.sum(left**2, axis=(-2, -1)),
            "residual": left,
        }

    @property
    def has_closed_weights(self) -> bool:
        """Whether hidden units do not turn: one unit, one input and one output, aligned starts."""
        return self.flow.is_decoupled

    def weights(self, t: Any) -> tuple[Any, Any]:
        """W₁ and W₂ at float64 times: closed, or with the turn of the hidden units marched to 1e-10."""
        return self._layers(self.flow.weights(t))

    def limit_weights(self) -> tuple[Any, Any]:
        """Where closed weights end."""
        return self._layers(self.flow.limit_weights())

    def _layers(self, Q: Any) -> tuple[Any, Any]:
        d = self._inputs
        return np.swapaxes(Q[..., :d, :], -1, -2), Q[..., d:, :]

    def weights_exactly(self, t: Fraction | None, bits: int) -> dict[str, Any]:
        """W1 and W2 where they are closed, in mpmath numbers; None stands for t = ∞."""
        at = self.flow.exactly(t or Fraction(0), bits)
        Q = at.limit_weights() if t is None else at.weights()
        d = self._inputs
        return {"W1": [list(column) for column in zip(*Q[:d], strict=True)], "W2": Q[d:]}

    def singular_values(self, t: Any) -> Any:
        """Of W₂W₁, decreasing, to 1e-13 of the largest: what is smaller has no digits in floats."""
        return np.linalg.svd(self.observables(t)["product"], compute_uv=False)

    def alignments(self, t: Any) -> Any:
        """uₖᵀ W₂W₁ vₖ/‖W₂W₁ vₖ‖ with the singular vectors of the target: 1 where aligned.

        NaN where the target's value is 0 or repeated, and its vectors are not defined.
        """
        return alignments_of_arrays(self.observables(t)["product"], self._target)

    def kernel_distance(self, first: Any, second: Any) -> Any:
        """S between a time and other times, all float64."""
        return distances(self.observables(first), self.observables(second), self._rates)

    def time_to_loss(self, loss: float) -> float:
        """When the loss has fallen to a value: 0 where it begins there, NaN above, ∞ if never."""
        return float(self.time_to(Fraction(loss), BITS))

    def time_to(self, loss: Fraction, bits: int) -> Any:
        """The same as an mpmath number, right to about half so many bits."""
        pace = max((abs(f) for f in self.flow.constants.exponents), default=0.0)
        guess = 1 / Fraction(pace) if pace else Fraction(1)
        return time_to(lambda t, n: self.exactly(t, n)["loss"], loss, guess, bits)

    def all_exactly(self, t: Fraction | None, since: Fraction, bits: int) -> dict[str, Any]:
        """`exactly` with singular_values, alignments, and kernel_distance from another time."""
        seen, begun = self.exactly(t, bits), self.exactly(since, bits)
        mp = self.flow.exactly(Fraction(0), bits).context
        rates = number(self._rates[0], mp), number(self._rates[1], mp)
        return seen | {
            "singular_values": singular_values(seen["product"], self._rank, mp),
            "alignments": alignments(seen["product"], target_pairs(self._target, mp), mp),
            "kernel_distance": kernel_distance(begun, seen, rates, Mpmath(mp)),
        }

    def exactly(self, t: Fraction | None, bits: int) -> dict[str, Any]:
        """`observables` in mpmath numbers of so many bits; None stands for t = ∞."""
        d = self._inputs
        at = self.flow.exactly(t or Fraction(0), bits)
        left = [[-z for z in row[:d]] for row in at.lacking()[d:]]
        if t is None:
            square, aims = (
                at.limit(),
                [[number(z, at.context) for z in row] for row in self._target],
            )
            product = _sum(left, aims)
        else:
            square = at.square()
            product, left = [row[:d] for row in square[d:]], _sum(left, at.remaining()[d:])
        half = number(self._scale, at.context) / 2
        return {
            "product": product,
            "gram_in": [row[:d] for row in square[:d]],
            "gram_out": [row[d:] for row in square[d:]],
            "loss": half * sum(z * z for row in left for z in row),
            "residual": left,
        }

    def enclosed(self, t: Fraction, digits: int) -> dict[str, Any]:
        """`observables` in Arb balls that contain them, each to so many digits of its largest entry.

        Raises:
            InputError: for a start off its leaf, and for times too long.
        """
        d = self._inputs

        def read(at: Enclosed) -> dict[str, Any]:
            left = [[z - ball(aim) for z, aim in zip(row, aims, strict=False)]
                    for row, aims in zip(at.square[d:], self._target, strict=True)]  # fmt: skip
            return {
                "product": [row[:d] for row in at.square[d:]],
                "gram_in": [row[:d] for row in at.square[:d]],
                "gram_out": [row[d:] for row in at.square[d:]],
                "loss": ball(self._scale / 2) * sum(z * z for row in left for z in row),
                "residual": left,
            }

        return enclosed(self.flow.given, t, digits, read)


def _sum(first: list[list[Any]], second: list[list[Any]]) -> list[list[Any]]:
    """Entry by entry, of as many columns as the first has."""
    return [
        [x + y for x, y in zip(*rows, strict=False)] for rows in zip(first, second, strict=True)
    ]
