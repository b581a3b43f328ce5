"""The layers of a deep linear network at any time, from an aligned start.

    W_l(t) = W_l(0) + Σ_k (a_lk(t) − a_lk(0)) F_lk F_(l−1)kᵀ / √(ν_lk ν_(l−1)k)

under L = ½ c ‖W_L…W_1 − B‖², with the chains a_lk of `modes` at rates c η_l.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from numeric.data.exact import rational
from numeric.methods.aligned.modes import Mode, NotAlignedError, modes
from numeric.methods.aligned.rings import Array, IrrationalError, Rational, Ring, Rounded
from numeric.methods.chains import ChainFlow
from numeric.methods.chains.balls import ball
from numeric.methods.chains.exact import chain_of_squares
from numeric.methods.digits import BITS_OF_A_DIGIT, GUARD_BITS, has_bits
from numeric.methods.inverse import time_of
from numeric.namespaces import precision

Matrix = Sequence[Sequence[Fraction]]
SAME = 1e-13  # of squares that rounding makes apart
FURTHER = (10, 40, 160)  # digits of the modes beyond those wanted, tried in turn


@dataclass(frozen=True)
class Layers:
    """A deep linear network at one time: arrays of float64, or of balls.

    Attributes:
        weights: W_1 … W_L.
        product: W_L…W_1.
        residual: W_L…W_1 − B, factored in the modes: it has its own digits, however small it is.
        loss: ½ c ‖residual‖².
        modes: the singular values of the product that move, with signs, one of each mode.
    """

    weights: tuple[Array, ...]
    product: Array
    residual: Array
    loss: Any
    modes: tuple[Any, ...]


class AlignedLayers:
    """A deep linear network and its gradient flow from an aligned start.

    Args:
        layers: W_1 … W_L.
        rates: η_l of each.
        scale: c.
        target: B, of the shape of W_L…W_1.

    Attributes:
        flows: the chain of each mode that moves.
        targets: s_k of each, |s_k| a singular value of B.
        multiplicities: how many modes are one.
        method: "closed form", "march" where a chain is marched, or "at rest".
        is_exact: whether alignment is proved, in rational numbers; else it is so up to rounding.
        why: what is marched, and what would be solved; else "".

    Raises:
        NotAlignedError: where the layers and the target share no singular vectors.
    """

    def __init__(
        self, layers: Sequence[Matrix], rates: Sequence[Fraction], scale: Fraction, target: Matrix
    ) -> None:
        self._scale = rational(scale)
        ring: Ring = Rational()
        try:
            self._read(ring, layers, target)
        except (IrrationalError, NotAlignedError):  # what is aligned but for rounding is, too
            ring = Rounded()
            self._read(ring, layers, target)
        self.is_exact = isinstance(ring, Rational)
        eta = [self._scale * rational(rate) for rate in rates]
        self.flows = [ChainFlow.of(_chain(mode, eta)) for mode in self._modes]
        self.targets = [float(ball(flow.chain.y)) for flow in self.flows]
        self.multiplicities = [round(float(np.trace(mode.onto))) for mode in self._modes]
        self.why = "; ".join(sorted({flow.why for flow in self.flows if flow.why}))
        self.method = "march" if self.why else "closed form" if self.flows else "at rest"

    def _read(self, ring: Ring, layers: Sequence[Matrix], target: Matrix) -> None:
        W, B = [ring.matrix(rows) for rows in layers], ring.matrix(target)
        self._modes = modes(ring, W, B)
        self._fixed = [
            one - sum(mode.steps[k] / mode.sizes[k] * _between(mode, k) for mode in self._modes)
            for k, one in enumerate(W)
        ]
        product = W[0]
        for one in W[1:]:
            product = one @ product
        still = _unit(product.shape[1], product) - sum(mode.onto for mode in self._modes)
        self._still = product @ still, (product - B) @ still

    def at(self, t: float | Fraction) -> Layers:
        """The network at a time t ≥ 0, or ∞, in float64."""
        states = [flow.at(t) for flow in self.flows]
        return self._put(states, float, lambda z: np.asarray(z, dtype=np.float64), math.sqrt)

    def balls(self, t: Fraction | float, digits: int) -> Layers:
        """The same, every number to so many digits; a number that is 0 as a ball around it.

        Raises:
            InputError: where a mode is marched.
        """
        wanted = int(digits * BITS_OF_A_DIGIT) + GUARD_BITS
        for further in FURTHER:
            states = [flow.balls(t, digits + further) for flow in self.flows]
            with precision(wanted + int(further * BITS_OF_A_DIGIT)):
                found = self._put(states, arb_of, _balls, lambda z: z.sqrt())
                numbers = [*np.ravel(found.product), *np.ravel(found.residual), found.loss]
                numbers += [z for W in found.weights for z in np.ravel(W)]
                if all(has_bits(z, wanted) for z in numbers):
                    break
        return found

    def target_modes(self, digits: int) -> list[arb]:
        """The targets s_k as balls of so many digits."""
        with precision(int(digits * BITS_OF_A_DIGIT) + GUARD_BITS):
            return [ball(flow.chain.y) for flow in self.flows]

    def time_to_loss(self, loss: Fraction) -> float:
        """When the loss has fallen to a value: NaN above it at the start, ∞ where it is never reached."""
        start, end = self.at(0).loss, self.at(math.inf).loss
        return time_of(lambda t: self.at(t).loss, float(loss), start, end, 1.0, False)

    def _put(
        self,
        states: Sequence[Any],
        number: Callable[[Any], Any],
        array: Callable[[Array], Array],
        root: Callable[[Any], Any],
    ) -> Layers:
        """The layers of chains, in one kind of number."""
        weights = [array(one) for one in self._fixed]
        product, residual = map(array, self._still)
        loss = (residual * residual).sum()
        for mode, state, many in zip(self._modes, states, self.multiplicities, strict=True):
            for k in range(len(weights)):
                size = root(number(mode.sizes[k] * mode.sizes[k + 1]))
                weights[k] = weights[k] + array(_between(mode, k)) * (state.a[k] / size)
            across = array(mode.frames[-1]) * (1 / root(number(mode.sizes[-1])))
            product = product + across * state.product
            residual = residual + across * state.residual
            loss = loss + many * state.residual**2
        loss = loss * number(self._scale) / 2
        return Layers(tuple(weights), product, residual, loss, tuple(z.product for z in states))


def arb_of(value: Any) -> arb:
    """A number as a ball at the present precision."""
    return ball(value if isinstance(value, fmpq) else rational(float(value)))


def _balls(array: Array) -> Array:
    found = np.empty(array.shape, dtype=object)
    for place, value in np.ndenumerate(array):
        found[place] = arb_of(value)
    return found


def _between(mode: Mode, k: int) -> Array:
    """F_l F_(l−1)ᵀ."""
    return mode.frames[k + 1] @ mode.frames[k].T


def _unit(size: int, like: Array) -> Array:
    unit = np.eye(size, dtype=int)
    return unit.astype(object) if like.dtype == object else unit.astype(np.float64)


def _chain(mode: Mode, eta: Sequence[fmpq]) -> Any:
    """The chain of a mode, by squares; frames have the signs that give all layers factors ≥ 0."""
    ratios = zip(mode.steps, mode.sizes, mode.sizes[1:], strict=False)
    exact = isinstance(mode.steps[0], fmpq)
    squares = [_exactly(x * x * after / before) for x, before, after in ratios]
    squares = squares if exact else _balanced(squares, eta)
    goal, size = mode.goal, mode.sizes[-1]
    y_2, side = _exactly(goal * goal * size), int(goal > 0) - int(goal < 0)
    return chain_of_squares(squares, eta, y_2, side)


def _balanced(squares: list[fmpq], eta: Sequence[fmpq]) -> list[fmpq]:
    """The same, where a_l²/η_l are equal but for rounding, of one value: the chain is balanced."""
    paces = [one / rate for one, rate in zip(squares, eta, strict=True)]
    if max(paces) - min(paces) > rational(SAME) * max(paces):
        return squares
    return [min(paces) * rate for rate in eta]


def _exactly(value: Any) -> fmpq:
    return value if isinstance(value, fmpq) else rational(float(value))


__all__ = ["AlignedLayers", "Layers", "NotAlignedError"]
