"""The flow of a network with a closed neuron, from exact input: every number to any digits.

The counterpart of `numeric.methods.explicit.balls` for networks whose s(t) has no formula: t(s) is one,
or a rigorous quadrature, and is inverted by a Newton step in balls from the float64 solution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from flint import arb, ctx, fmpq

from numeric.catalogue import Network
from numeric.data.point import DataPoint
from numeric.errors import InputError
from numeric.methods.ending import AT_REST, REACHED, SADDLE
from numeric.methods.explicit.balls import ExactPoint, Snapshot, rational
from numeric.methods.warp.ball_elapsed import Elapsed, Motion, elapsed_time
from numeric.methods.warp.ball_neurons import Equilibrium, ExactNeurons, Unreachable, xp
from numeric.methods.warp.floats import WarpedFlow
from numeric.namespaces import UndecidedError, precision

GUARD_BITS = 30
STEPS = (
    400  # of the inversion of t(s): brackets of hundreds of decades are halved in their logarithm
)
WIDENED = 24  # bits by which a hull is widened that does not hold its image


@dataclass(frozen=True)
class ExactWarpedFlow:
    """Gradient flow from exact input.

    Attributes:
        network: evaluators with a flow map.
        u0, W0: initial weights.
        point: the data, with moments of the β-th powers.
        gamma, eta_u, eta_w: exact hyperparameters.
    """

    network: Network
    u0: tuple[fmpq, ...]
    W0: tuple[tuple[fmpq, ...], ...]
    point: ExactPoint
    gamma: fmpq
    eta_u: fmpq
    eta_w: fmpq

    NEEDS: ClassVar[str] = "flow map"  # of a network's capabilities

    @classmethod
    def of(cls, network: Network, *start: Any) -> ExactWarpedFlow:
        """The flow of a network from its weights, data and rates."""
        return cls(network, *start)

    @cached_property
    def _h0(self) -> list[fmpq]:
        m = self.point.direction
        return [sum((w * x for w, x in zip(row, m, strict=True)), fmpq(0)) for row in self.W0]

    @cached_property
    def _norm_2(self) -> fmpq:
        return sum((x * x for x in self.point.direction), fmpq(0))

    @cached_property
    def _neurons(self) -> ExactNeurons:
        given = self.network.parameters(self.gamma, self.eta_u, self.eta_w, self._norm_2)
        module = self.network.module
        starts = [(i, u, h) for i, (u, h) in enumerate(zip(self.u0, self._h0, strict=True)) if h]
        return ExactNeurons(
            self.network,
            given,
            tuple(module.neuron(u, h, given) for _, u, h in starts),
            tuple(i for i, _, _ in starts),
        )

    @cached_property
    def _target(self) -> fmpq:
        point = self.point
        return point.cross_moment / point.second_moment if point.second_moment else fmpq(0)

    @cached_property
    def _residual(self) -> fmpq:
        """Y − f(0)."""
        module, given = self.network.module, self._neurons.parameters
        terms = (module.output(u, h, given) for u, h in zip(self.u0, self._h0, strict=True))
        return self._target - sum(terms, fmpq(0))

    @cached_property
    def _sign(self) -> int:
        return 1 if self._residual > 0 else -1

    @cached_property
    def _moves(self) -> bool:
        weight = self.point.second_moment * self.gamma
        return bool(weight != 0 and self._neurons.neurons and self._residual != 0)

    @cached_property
    def limit_kind(self) -> str:
        """Where the flow ends (see `numeric.WarpedFlow`); decided exactly."""
        if not self._moves:
            return REACHED if self._residual == 0 else AT_REST
        return REACHED if self._is_within_reach or self._target == 0 else SADDLE

    @cached_property
    def _is_within_reach(self) -> bool:
        """Whether f = y at a finite warped time: else all neurons die, at the output 0."""
        return any(map(self._escapes, self._neurons.neurons)) or self._sign * self._target < 0

    def _escapes(self, one: Any) -> bool:
        """Whether D has a zero ahead: μ < 2 D₂ fails, or D falls at the start."""
        return bool(self._sign * one.first < 0 or 2 * one.second < one.mu)

    def _escape(self) -> arb | None:
        poles = []
        for one in filter(self._escapes, self._neurons.neurons):
            balls = type(one)(*map(arb, one))
            poles.append(self.network.module.pole(
                balls._replace(first=self._sign * balls.first), xp))  # fmt: skip
        return min(poles, key=lambda pole: float(pole.mid())) if poles else None

    def _motion(self) -> Motion:
        distance = self._sign * self._residual
        if self._is_within_reach:
            return Equilibrium(self._neurons, self._sign, distance, self._escape())
        return Unreachable(self._neurons, self._sign, distance, self._target)

    @cached_property
    def _floats(self) -> WarpedFlow:
        """The same flow in float64, for guesses."""
        data = DataPoint(
            np.array([_float(z) for z in self.point.direction]),
            _float(self._norm_2),
            _float(self.point.second_moment),
            _float(self._target),
            _float(self.point.floor),
        )
        return WarpedFlow.on_point(
            self.network,
            np.array([_float(u) for u in self.u0]),
            np.array([[_float(w) for w in row] for row in self.W0]),
            data,
            (_float(self.gamma), _float(self.eta_u), _float(self.eta_w)),
        )

    def solve(
        self,
        times: Sequence[fmpq | None],
        digits: int,
        *,
        weights: bool = True,
        progress: Callable[[int], None] = lambda bits: None,
    ) -> tuple[list[Snapshot], arb]:
        """The network at exact times, every number to `digits` digits, and the time scale t_c.

        Arguments and result as of `numeric.methods.explicit.balls.ExactFlow.solve`.
        """
        wanted = int(digits * 3.33) + GUARD_BITS
        # A number that is zero has no leading digit at any precision: from the limit on it is taken so.
        bits, limit = wanted + 96, 8 * (wanted + 64)
        done = dict[int, Snapshot]()
        while True:
            last = bits > limit
            progress(bits)
            # What has its digits is not computed again: one number that is zero takes all bits.
            pending = [k for k in range(len(times)) if k not in done]
            try:
                with precision(bits):
                    found, scale = self._evaluate([times[k] for k in pending], weights, last)
            except UndecidedError:
                if last:
                    raise
            else:
                for k, one in zip(pending, found, strict=True):
                    if one and (last or all(_has_bits(z, wanted) for z in _numbers(one))):
                        done[k] = one
                if last or (len(done) == len(times) and _has_bits(scale, wanted)):
                    return [done[k] for k in range(len(times))], scale
            bits *= 2

    def _evaluate(
        self, times: Sequence[fmpq | None], weights: bool, last: bool
    ) -> tuple[list[Snapshot | None], arb]:
        """Every time at this precision, None where it is too low, and t_c."""
        if not self._moves:
            rest = self._snapshot(arb(0), abs(arb(self._residual)), weights, last)
            return [rest for _ in times], arb("inf")
        motion = self._motion()
        clock = _Clock(motion, 2 * self.point.second_moment, self._residual, self._target)
        snapshots: dict[int, Snapshot | None] = {}
        for index in sorted(range(len(times)), key=lambda k: _order(times[k])):
            try:
                snapshots[index] = self._at_time(motion, clock, times[index], weights, last)
            except UndecidedError:
                if last:
                    raise
                snapshots[index] = None
        scale = arb("inf")
        if isinstance(motion, Equilibrium):
            scale = 2 / (self.point.second_moment * clock.kernel)
        return [snapshots[k] for k in range(len(times))], scale

    def _at_time(
        self, motion: Motion, clock: _Clock, t: fmpq | None, weights: bool, last: bool
    ) -> Snapshot:
        if t is None:
            return self._end(motion, weights, last)
        x, size = motion.place(clock.coordinate(t, self._guess(t)))
        return self._snapshot(x, size, weights, last)

    def _guess(self, t: fmpq) -> float:
        """λ or x at t, from float64; 0 where float64 does not have it."""
        try:
            return self._floats.coordinate(_float(t))
        except (InputError, ArithmeticError):
            return 0.0

    def _end(self, motion: Motion, weights: bool, last: bool) -> Snapshot:
        if isinstance(motion, Equilibrium):
            return self._snapshot(motion.x, arb(0), weights, last)
        return self._snapshot(None, abs(arb(self._target)), weights, last)

    def _snapshot(self, x: arb | None, size: arb, weights: bool, last: bool) -> Snapshot:
        """The network at |s| = x, None for infinity, where the residual has this size.

        At the last precision a layer that cannot be told from zero is taken for zero.
        """
        u, h = self._weights(x)
        point, root = self.point, arb(self.point.second_moment).sqrt()
        residual = -self._sign * root * size
        norm_2 = self._norm_2 or fmpq(1)
        across = sum(
            (w * w for row in self.W0 for w in row), fmpq(0)
        ) - sum((z * z for z in self._h0), fmpq(0)) / norm_2  # fmt: skip
        u_2, h_2 = (sum((z * z for z in values), arb(0)) for values in (u, h))
        defined = all(z > 0 if last else xp.not_equal(z, 0) for z in (u_2, h_2))
        overlap = sum((a * b for a, b in zip(u, h, strict=True)), arb(0))
        return Snapshot(
            u if weights else None,
            self._rows(h, self._changes(x, h)) if weights else None,
            root * self._output(x, size, u, h),
            residual,
            arb(point.floor) + residual * residual,
            overlap / (u_2 * h_2).sqrt() if defined else None,
            u_2.sqrt(),
            (arb(across) + h_2 / norm_2).sqrt(),
            None,
        )

    def _output(self, x: arb | None, size: arb, u: list[arb], h: list[arb]) -> arb:
        """F(m): rational at the start, exactly 0 where all neurons have died.

        Else the sum over neurons or y with the residual: whichever cancels less.
        """
        if x is None:
            return arb(0)
        if x == 0:
            return arb(self._target - self._residual)
        module, given = self.network.module, self._neurons.parameters
        total = sum((module.output(a, b, given) for a, b in zip(u, h, strict=True)), arb(0))
        from_target = self._target - self._sign * size
        return max(total, from_target, key=_bits)

    def _weights(self, x: arb | None) -> tuple[list[arb], list[arb]]:
        u, h = [arb(z) for z in self.u0], [arb(z) for z in self._h0]
        module = self.network.module
        for index, one in zip(self._neurons.moving, self._neurons.neurons, strict=True):
            if x is None:
                # A neuron dies on its orbit at h = 0, without changing the sign of u.
                law = arb(module.conserved(one.u_0, one.h_0, self._neurons.parameters))
                u[index] = law.sqrt() if one.u_0 > 0 else -law.sqrt()
                h[index] = arb(0)
            elif x != 0:
                place = module.entire_place(self._sign * x, one, xp)
                u[index], h[index] = self._neurons.at(one, place, xp)
        return u, h

    def _changes(self, x: arb | None, h: list[arb]) -> list[arb | None]:
        """What each preactivation has changed; None where it cannot."""
        changes: list[arb | None] = [None] * len(h)
        if x is not None and x == 0:
            return changes
        module, given = self.network.module, self._neurons.parameters
        for index, one in zip(self._neurons.moving, self._neurons.neurons, strict=True):
            found = h[index] - self._h0[index]
            if x is not None and _bits(found) < ctx.prec / 2:
                # The difference cancels: so early that the velocity is the same all the way.
                stretch = arb((x / 2).mid(), x.upper())
                place = module.entire_place(self._sign * stretch, one, xp)
                velocity = module.velocity_h(*self._neurons.at(one, place, xp), given, xp)
                found = max(found, self._sign * x * velocity, key=_bits)
            changes[index] = found
        return changes

    def _rows(self, h: list[arb], changes: list[arb | None]) -> list[list[arb]]:
        """W, from what is along the data or its change; across them it is as it was, exactly."""
        norm_2, rows = self._norm_2 or fmpq(1), []
        for row, start, now, change in zip(self.W0, self._h0, h, changes, strict=True):
            entries = []
            for w, m in zip(row, self.point.direction, strict=True):
                moved = None if change is None or m == 0 else change * m / norm_2
                whole = arb(w)
                if moved is not None:
                    across = w - start * m / norm_2
                    from_zero = arb(across) + now * m / norm_2
                    whole = max(arb(w) + moved, from_zero, key=_bits)
                entries.append(whole)
            rows.append(entries)
        return rows


class _Clock:
    """Inverts the elapsed time of a motion."""

    def __init__(self, motion: Motion, rate: fmpq, residual: fmpq, target: fmpq) -> None:
        self.motion, self.rate = motion, arb(rate)
        self.kernel = arb(0)
        if isinstance(motion, Equilibrium):
            neurons = motion.neurons
            self.kernel = neurons.sum("kernel", motion.sign * motion.x, neurons.neurons, xp)
        self._given = residual, target

    @cached_property
    def _elapsed(self) -> Elapsed:
        """Made where a time is asked for: the start and the end need none."""
        return elapsed_time(self.motion, *self._given)

    def time(self, coordinate: arb) -> arb:
        """Elapsed time at λ or x."""
        return self._elapsed(coordinate) / self.rate

    def coordinate(self, t: fmpq, guess: float) -> arb:
        """An enclosure of the coordinate at t: Newton kept in a bracket, the last step in balls.

        Args:
            t: time.
            guess: the coordinate in float64, if it has it.

        Raises:
            UndecidedError: when this precision does not enclose it.
        """
        if t == 0:
            return arb(0)
        start = t * self.motion.rate_of_coordinate(arb(0), self.rate)
        value = arb(guess) if 0 < guess < math.inf else start
        low, high = arb(0), arb("inf")
        for _ in range(STEPS):
            value = arb(value.mid())
            now = self.time(value)
            step = (t - now) * self.motion.rate_of_coordinate(value, self.rate)
            if abs(step).upper() < abs(value) * arb(2) ** (-ctx.prec // 2):
                return self._enclosed(t, value, now, abs(step).upper())
            low, high = (value, high) if now < t else (low, value)
            following = value + step
            if not low < following < high:
                following = _between(low, high, value)
            value = following
        raise UndecidedError("the place at a time is not enclosed at this precision")

    def _enclosed(self, t: fmpq, value: arb, now: arb, size: arb) -> arb:
        """A Newton step in balls, on a hull that is widened until it holds its own image."""
        bits = 8
        while bits < ctx.prec // 2:
            hull = arb(value.mid(), 4 * size + abs(value) * arb(2) ** (bits - ctx.prec))
            found = value + (t - now) * self.motion.rate_of_coordinate(hull, self.rate)
            if found in hull:
                return found
            bits += WIDENED
        raise UndecidedError("the place at a time is not enclosed at this precision")


def _between(low: arb, high: arb, value: arb) -> arb:
    """Somewhere within a bracket that may reach from 0 to infinity, in the middle of its logarithm."""
    if not high.is_finite():
        return 16 * value
    if low == 0:
        return value / 16
    return (low * high).sqrt() if high > 4 * low else (low + high) / 2


def _order(t: fmpq | None) -> float:
    return math.inf if t is None else float(Fraction(int(t.p), int(t.q)))


def _float(value: fmpq) -> float:
    return float(Fraction(int(value.p), int(value.q)))


def _bits(value: arb) -> float:
    return math.inf if value == 0 else value.rel_accuracy_bits()


def _has_bits(value: arb, bits: int) -> bool:
    return bool(value == 0 or not value.is_finite() or value.rel_accuracy_bits() >= bits)


def _numbers(snapshot: Snapshot) -> Iterable[arb]:
    yield from (z for z in snapshot[2:] if z is not None)
    yield from snapshot.u or ()
    for row in snapshot.W or ():
        yield from row


__all__ = ["ExactWarpedFlow", "rational"]
