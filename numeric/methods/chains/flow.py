"""Gradient flow of a scalar chain, L = ½ (∏ a_l − y)², at any time.

flow = ChainFlow([0.5, -1, "0.75"], y=2, eta=[1, 1, 2])
flow.at(1.5).a, flow.at(1.5).residual, flow.limit.a
flow.balls("1.5", digits=30)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, fmpq

from numeric.data.decimals import number, shown
from numeric.data.exact import rational
from numeric.errors import InputError
from numeric.methods.chains import clock
from numeric.methods.chains.balls import ball
from numeric.methods.chains.exact import Chain, chain
from numeric.methods.chains.march import marched
from numeric.methods.chains.state import Motion, State
from numeric.methods.digits import BITS_OF_A_DIGIT, GUARD_BITS, has_bits
from numeric.methods.inverse import time_of
from numeric.namespaces import UndecidedError, precision

FLOAT_BITS = 56
SPARE = 64
MULTIPLES = 64  # of the bits wanted, at which no more are tried
Number = float | int | str | Fraction


@dataclass(frozen=True)
class ChainState:
    """A chain at one time, in float64: 1e-13 of its norm, the residual to 1e-12 of itself.

    Attributes:
        a: factors.
        product: ∏ a_l.
        residual: ∏ a_l − y; its own digits, however small it is.
        loss: half its square.
    """

    a: tuple[float, ...]
    product: float
    residual: float
    loss: float


class ChainFlow:
    """A chain and its flow a_l′ = −η_l ∂L/∂a_l.

    Args:
        a0: factors at the start, of any sign, and 0; a string is the exact decimal.
        y: target.
        eta: rate of each, or of all.

    Attributes:
        method: "at rest", "closed form", or "march": in floats, where no closed form is known.
        why: what is marched, and what would be solved; else "".

    Raises:
        InputError: for what is no number, no factor, or a rate that is not positive.
    """

    def __init__(self, a0: Sequence[Number], y: Number, eta: Number | Sequence[Number] = 1) -> None:
        a = [exact(one, f"a0[{k}]") for k, one in enumerate(a0)]
        if not a:
            raise InputError("a0", a0, "one factor or more")
        several = isinstance(eta, Sequence) and not isinstance(eta, str)
        given = list(eta) if several else [eta] * len(a)  # type: ignore[arg-type]
        rates = [exact(one, f"eta[{k}]") for k, one in enumerate(given)]
        if len(rates) != len(a):
            raise InputError("eta", eta, f"{len(a)} rates, one of each factor")
        for k, one in enumerate(rates):
            if not one > 0:
                raise InputError(f"eta[{k}]", given[k], "a positive number")
        self._begin(chain(a, rates, exact(y, "y")))

    @classmethod
    def of(cls, chain: Chain) -> ChainFlow:
        """The flow of a chain that is reduced already."""
        flow = cls.__new__(cls)
        cls._begin(flow, chain)
        return flow

    def _begin(self, chain: Chain) -> None:
        self.chain = chain
        self._motions = dict[int, Motion]()
        self.method, self.why = "closed form", ""
        if self.chain.is_at_rest:
            self.method = "at rest"
        elif self.chain.depth > 1:
            try:
                with precision(FLOAT_BITS + SPARE):
                    clock.antiderivative(self.chain)
            except clock.NoClockError as reason:
                self.method, self.why = "march", str(reason)

    def at(self, t: Number) -> ChainState:
        """The state at a time t ≥ 0, or ∞, in floats.

        Raises:
            InputError: for a negative time.
        """
        if t == math.inf:
            return self.limit
        time = _time(t)
        if self.method == "march" and time > 0:
            return _floats(marched(self.chain, time))
        return _floats(self._balls(time, FLOAT_BITS, normwise=True))

    def balls(self, t: Number, digits: int) -> State:
        """The state at a time, every number to so many digits; a number that is 0 as a ball around it.

        Args:
            t: t ≥ 0, exact; or ∞.
            digits: correct decimal digits.

        Raises:
            InputError: where only floats are known; the message says what would be solved.
            InputError: where no precision decides what has to be decided.
        """
        if self.method == "march":
            raise InputError("--digits", digits, f"no digits: marched in floats. {self.why}")
        wanted = int(digits * BITS_OF_A_DIGIT) + GUARD_BITS
        return self._balls(None if t == math.inf else _time(t), wanted, normwise=False)

    @property
    def limit(self) -> ChainState:
        """The state at t = ∞."""
        return _floats(self._balls(None, FLOAT_BITS, normwise=True))

    @property
    def limit_kind(self) -> str:
        """What the flow ends at: "target", "saddle" or "at rest"."""
        if self.chain.is_at_rest:
            return "at rest"
        return "saddle" if self.chain.ends_at_saddle else "target"

    def time_to_loss(self, loss: Number) -> float:
        """The time at which the loss has fallen to a value, in floats; of a chain that is marched, too.

        NaN above the loss at the start, 0 at it, ∞ where it never comes there.
        """
        if self.method == "march":
            start = self.at(0).loss
            return time_of(
                lambda t: self.at(t).loss,
                float(exact(loss, "loss")),
                start,
                self.limit.loss,
                1.0,
                False,
            )
        return float(self._time_to(loss, FLOAT_BITS))

    def time_to_loss_in_balls(self, loss: Number, digits: int) -> arb:
        """The same to so many digits.

        Raises:
            InputError: where only floats are known; the message says what would be solved.
        """
        if self.method == "march":
            raise InputError("--digits", digits, f"no digits: marched in floats. {self.why}")
        return self._time_to(loss, int(digits * BITS_OF_A_DIGIT) + GUARD_BITS)

    def _time_to(self, loss: Number, wanted: int) -> arb:
        goal = exact(loss, "loss")
        rest = self.chain.product - self.chain.y
        start = rest * rest / 2
        if goal > start:
            return arb("nan")
        if goal == start:
            return arb(0)
        end = self.chain.y * self.chain.y / 2 if self.chain.ends_at_saddle else fmpq(0)
        if self.method == "at rest" or goal <= end:
            return arb("inf")
        for bits in _precisions(wanted):
            with precision(bits):
                try:
                    found = self._motion(bits).time_to((2 * ball(goal)).sqrt())
                except UndecidedError:
                    continue
                if has_bits(found, wanted):
                    return found
        raise InputError(
            "the case", f"a time to the loss {shown(float(goal))} that {bits} bits do not decide",
            "numbers that are less extreme",
        )  # fmt: skip

    def _motion(self, bits: int) -> Motion:
        if bits not in self._motions:
            self._motions[bits] = Motion(self.chain)
        return self._motions[bits]

    def _balls(self, time: fmpq | None, wanted: int, normwise: bool) -> State:
        """At ever more bits until there are enough; None is t = ∞."""
        bits = 0
        *tried, last = _precisions(wanted)
        for bits in (*tried, last):
            with precision(bits):
                try:
                    found = self._at(time, bits)
                except UndecidedError:
                    continue
                if _is_enough(found, wanted, normwise) or bits == last:
                    return found
        at = "∞" if time is None else f"{int(time.p) / int(time.q):.3g}"
        found_ = f"a state at t = {at} that {bits} bits do not decide"
        raise InputError("the case", found_, "numbers that are less extreme")

    def _at(self, time: fmpq | None, bits: int) -> State:
        if time == 0 or self.method == "at rest":
            product, rest = self.chain.product, self.chain.product - self.chain.y
            return State(
                tuple(map(ball, self.chain.a)), ball(product), ball(rest), ball(rest * rest / 2)
            )
        if time is None:
            return Motion(self.chain, solved=False).limit
        return self._motion(bits).at(time)


def exact(value: object, field: str) -> fmpq:
    """The exact fraction of a number or of its text.

    Raises:
        InputError: for what is no finite number.
    """
    plain = float(value) if isinstance(value, np.floating) else value
    return rational(plain if isinstance(plain, Fraction) else number(field, plain))


def _time(t: Number) -> fmpq:
    time = exact(t, "t")
    if time < 0:
        raise InputError("t", t, "a time that is not negative")
    return time


def _precisions(wanted: int) -> Iterator[int]:
    bits = wanted + SPARE
    while bits <= MULTIPLES * (wanted + SPARE):
        yield bits
        bits *= 2


def _is_enough(found: State, wanted: int, normwise: bool) -> bool:
    if not normwise:
        return all(has_bits(one, wanted) for one in (*found.a, found.product, found.residual))
    norm = sum((abs(one) for one in found.a), arb(0))
    allowed = norm.mid() * arb(2) ** -wanted
    close = all(one.rad() <= allowed for one in found.a)
    return close and has_bits(found.residual, wanted) and has_bits(found.product, wanted - 10)


def _floats(state: State) -> ChainState:
    return ChainState(
        tuple(map(float, state.a)), float(state.product), float(state.residual), float(state.loss)
    )
