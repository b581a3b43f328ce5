"""One ReLU neuron on orthonormal inputs, event by event.

L = ½ Σᵢ (a relu(vᵢ) − yᵢ)², vᵢ the preactivation on input i, both rates 1. Inputs with vᵢ > 0 are active:
they and a are the flow of a linear neuron on white inputs, with the lift of that; vᵢ of the others rests.
An input leaves as its vᵢ reaches 0, which it does at a zero of three exponentials. None enters while a
keeps its sign; where a changes it and some vᵢ is 0 with a target on the new side, two flows go on from
there, and that time and all later ones are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mpmath import MPContext

from numeric.catalogue import load_lift
from numeric.errors import InputError
from numeric.methods.lifted.adapter import lifted_flow
from numeric.methods.lifted.falling import time_to
from numeric.methods.riccati.flow import RiccatiFlow
from numeric.methods.riccati.spectrum import fraction, number

ONE = Fraction(1)
GUARD = 64  # bits beyond those wanted, which the events pass on


@dataclass(frozen=True)
class Segment:
    """Between two events.

    Attributes:
        start: its time.
        end: of its last moment; None where it has none.
        active: inputs with vᵢ > 0.
        resting: vᵢ of the others, exact.
        a: at the start, exact.
        flow: of the active vᵢ and a; None where nothing moves.
        leaves: the inputs that leave at the end.
        fork: why two flows go on at the end; empty where none does.
    """

    start: Any
    end: Any
    active: tuple[int, ...]
    resting: dict[int, Fraction]
    a: Fraction
    flow: RiccatiFlow | None
    leaves: tuple[int, ...]
    fork: str = ""


class ReluNeuron:
    """The flow of a and v.

    Args:
        a0, v0, y: exact.

    Raises:
        InputError: for a start with vᵢ = 0 from which two flows go on.
    """

    def __init__(self, a0: Fraction, v0: Sequence[Fraction], y: Sequence[Fraction]) -> None:
        self._a0, self._v0, self._y = a0, list(v0), list(y)
        for i, (v, target) in enumerate(zip(v0, y, strict=True)):
            if v == 0 and a0 * target > 0:
                raise InputError(f"v0, entry {i}", "0", _APART)
        self.segments = lru_cache(maxsize=4)(self._segments)

    def _segments(self, bits: int) -> list[Segment]:
        """All of them, at a precision."""
        mp = MPContext()
        mp.prec = bits
        active = tuple(i for i, v in enumerate(self._v0) if v > 0)
        v, a, time = dict(enumerate(self._v0)), self._a0, mp.zero
        found: list[Segment] = []
        while True:
            flow = self._flow(active, a, v)
            leaves, lasts = self._event(flow, active, bits)
            resting = {i: v[i] for i in v if i not in active}
            change, fork = self._fork(flow, active, resting, a, lasts, time, bits)
            if fork:
                found.append(
                    Segment(time, time + mp.mpf(change), active, resting, a, flow, (), fork)
                )
                return found
            end = None if lasts is None else time + mp.mpf(lasts)
            found.append(Segment(time, end, active, resting, a, flow, leaves))
            if flow is None or not leaves:
                return found
            *state, last = map(fraction, flow.exactly(fraction(lasts), bits).state())
            v |= dict(zip(active, state, strict=True)) | dict.fromkeys(leaves, Fraction(0))
            active = tuple(i for i in active if i not in leaves)
            a, time = last, end

    def _flow(
        self, active: Sequence[int], a: Fraction, v: dict[int, Fraction]
    ) -> RiccatiFlow | None:
        if not active:
            return None
        return lifted_flow(
            load_lift("single_neuron"),
            {"a": [[a]], "w": [[v[i]] for i in active]},
            {"eta_a": ONE, "eta_w": ONE},
            ONE,
            [[self._y[i] for i in active]],
            ("w", "a"),
        )

    def _event(
        self, flow: RiccatiFlow | None, active: Sequence[int], bits: int
    ) -> tuple[tuple[int, ...], Any]:
        """The inputs that leave first, and after how long.

        Those whose v and target have one ratio keep it, and leave together: roundings do not order them.
        """
        if flow is None:
            return (), None
        times = ((flow.zero(row, bits), i) for row, i in enumerate(active))
        found = [(t, i) for t, i in times if t is not None]
        if not found:
            return (), None
        t, first = min(found)
        v, y = self._v0, self._y
        return tuple(i for i in active if v[i] * y[first] == v[first] * y[i]), t

    def _fork(
        self,
        flow: RiccatiFlow | None,
        active: Sequence[int],
        resting: dict[int, Fraction],
        a: Fraction,
        lasts: Any,
        time: Any,
        bits: int,
    ) -> tuple[Any, str]:
        """Where a changes its sign before the event, with an input at 0 that it would call in."""
        change = None if flow is None else flow.zero(len(active), bits)
        if change is None or (lasts is not None and lasts < change):
            return None, ""
        edge = [i for i, v in resting.items() if v == 0 and a * self._y[i] < 0]
        if not edge:
            return None, ""
        return (
            change,
            f"a passes 0 at t = {float(time + change):.6g} with v of input {edge[0]} at 0",
        )

    def fork(self, bits: int) -> tuple[Any, str]:
        """The time from which two flows go on, and why; None and nothing where there is none."""
        last = self.segments(bits)[-1]
        return (last.end, last.fork) if last.fork else (None, "")

    @property
    def crossings(self) -> list[tuple[int, Any]]:
        """Inputs and times at which they leave, in float64's precision and more."""
        return self.crossings_at(53 + GUARD)

    def crossings_at(self, bits: int) -> list[tuple[int, Any]]:
        """The same at a precision."""
        return [(i, one.end) for one in self.segments(bits) for i in one.leaves]

    def time_to(self, loss: Fraction, bits: int) -> Any:
        """When the loss has fallen to a value: 0 where it begins there, NaN above, ∞ if never."""
        pace = max((abs(z) for z in (self._a0, *self._v0, *self._y)), default=ONE) or ONE
        return time_to(lambda t, n: self.exactly(t, n)["loss"], loss, 1 / pace, bits)

    def exactly(self, t: Fraction | None, bits: int) -> dict[str, Any]:
        """a, v, residual and loss in mpmath numbers of so many bits; None stands for t = ∞.

        Raises:
            InputError: from the time on at which two flows go on.
        """
        mp = MPContext()
        mp.prec = bits
        segments = self.segments(bits)
        at = None if t is None else number(t, mp)
        one = segments[-1] if at is None else next(
            (s for s in segments if s.end is None or at < s.end), segments[-1]
        )  # fmt: skip
        if one.fork and (at is None or at >= one.end):
            raise InputError("the flow", one.fork, _APART)
        v = {i: number(z, mp) for i, z in one.resting.items()}
        a = number(one.a, mp)
        rest = [a * max(v[i], mp.zero) - number(y, mp) if i in v else mp.zero
                for i, y in enumerate(self._y)]  # fmt: skip
        if one.flow is not None:
            within = t if one is segments[0] or at is None else fraction(at - one.start)
            state = one.flow.exactly(within or Fraction(0), bits)
            *moved, a = state.limit_state() if at is None else state.state()
            v |= dict(zip(one.active, moved, strict=True))
            left = [-z for z in state.lacking()[-1][:-1]]
            to_go = [mp.zero] * len(left) if at is None else state.remaining()[-1]
            for i, end, z in zip(one.active, left, to_go, strict=False):
                rest[i] = mp.mpf(end + z)
        values = [mp.mpf(v[i]) for i in range(len(self._v0))]
        return {"a": mp.mpf(a), "v": values, "residual": rest, "loss": mp.fdot(rest, rest) / 2}


_APART = "a flow that goes on one way: v_i = 0 where sgn(a) y_i > 0 may stay or grow"
