"""The flow of a network with a closed neuron, from exact input: every number to any digits.

The counterpart of `numeric.methods.explicit.balls` for networks whose s(t) has no formula, and for any
loss: t(s) is a formula or a rigorous quadrature, and is inverted by a Newton step in balls from the
float64 solution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import ClassVar

from flint import arb, fmpq

from numeric.catalogue import Network
from numeric.data.exact import ExactProblem, Vector, dot, rounded
from numeric.errors import InputError
from numeric.methods.digits import Progress, Snapshot, silent, to_digits
from numeric.methods.ending import AT_REST, REACHED, SADDLE, UNBOUNDED
from numeric.methods.warp.ball_clock import Clock
from numeric.methods.warp.ball_data import DataInBalls, data_in_balls, decided_by
from numeric.methods.warp.ball_elapsed import AnyMotion
from numeric.methods.warp.ball_motion import Arrival, Endless, Equilibrium, Unbounded
from numeric.methods.warp.ball_neurons import ExactNeurons, exact_neurons
from numeric.methods.warp.ball_observer import Observer, Place
from numeric.methods.warp.ball_ways import Way, decided
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.pace import Ending
from numeric.namespaces import UndecidedError


@dataclass(frozen=True)
class ExactWarpedFlow:
    """Gradient flow from exact input.

    Args:
        problem: of a network with a flow map, its data on a line exactly.

    Raises:
        InputError: for rows that are not on one line exactly.
    """

    problem: ExactProblem

    MULTIPLES: ClassVar[int] = 8

    @classmethod
    def of(cls, problem: ExactProblem) -> ExactWarpedFlow:
        """The flow of a problem."""
        return cls(problem)

    @staticmethod
    def serves(network: Network, loss: ModuleType) -> bool:
        """Whether it evaluates a network under a loss: under any, with a closed flow map."""
        return "flow map" in network.module.CAPABILITIES

    @cached_property
    def _data(self) -> DataInBalls:
        return data_in_balls(self.problem)

    @cached_property
    def _h0(self) -> Vector:
        m = self._data.direction
        return tuple(dot(row, m) for row in self.problem.W0)

    @cached_property
    def _norm_2(self) -> fmpq:
        return dot(self._data.direction, self._data.direction)

    @cached_property
    def _neurons(self) -> ExactNeurons:
        given = self.problem
        network = given.network
        parameters = network.parameters(given.gamma, given.eta_u, given.eta_w, self._norm_2)
        return exact_neurons(network, given.u0, self._h0, parameters)

    @cached_property
    def _output_0(self) -> fmpq:
        module, given = self.problem.network.module, self._neurons.parameters
        terms = (module.output(u, h, given) for u, h in zip(self.problem.u0, self._h0, strict=True))
        return sum(terms, fmpq(0))

    @cached_property
    def _moves(self) -> bool:
        """Whether the weights move; where they do not, the slope of the loss is zero, or they rest."""
        return bool(self.problem.gamma != 0 and self._neurons.neurons and self._is_pulled)

    @cached_property
    def _is_pulled(self) -> bool:
        return decided_by(lambda: self._data.slope_sign(self._output_0)) != 0

    def _grows(self, way: Way) -> bool:
        """Whether the output grows without bound: else all neurons die, at the output 0."""
        return any(self._neurons.grows(one, way.sign) for one in self._neurons.neurons)

    @cached_property
    def limit_kind(self) -> str:
        """Where the flow ends (see `numeric.GradientFlow`); decided exactly."""
        if not self._moves:
            return AT_REST if self._is_pulled else REACHED
        return decided_by(self._kind)

    def _kind(self) -> str:
        way = self._data.way(self._output_0)
        grows = self._grows(way)
        if way.distance is None:
            return UNBOUNDED if grows else SADDLE
        return REACHED if grows or decided(way.sign * way.minimum) <= 0 else SADDLE

    def _motion(self) -> AnyMotion:
        way = self._data.way(self._output_0)
        grows = self._grows(way)
        if way.distance is None or not (grows or decided(way.sign * way.minimum) < 0):
            unbounded = way.distance is None and grows
            return (Unbounded if unbounded else Endless)(self._neurons, way, grows)
        kind = Arrival if way.ending is Ending.ARRIVAL else Equilibrium
        return kind(self._neurons, way, grows)

    def solve(
        self,
        times: Sequence[fmpq | None],
        digits: int,
        *,
        weights: bool = True,
        progress: Progress = silent,
    ) -> tuple[list[Snapshot], arb]:
        """The network at exact times, every number to `digits` digits, and the time scale t_c.

        Arguments and result are those of `numeric.methods.digits.to_digits`.
        """
        return to_digits(self, times, digits, weights=weights, progress=progress)

    def evaluate(
        self, times: Sequence[fmpq | None], weights: bool, last: bool
    ) -> tuple[Sequence[Snapshot | None], arb]:
        """Every time at this precision, None where it is too low, and t_c."""
        if not self._moves:
            rest = self._observer.at(self._at_rest(), weights, last)
            return [rest for _ in times], arb("inf")
        motion = self._motion()
        clock = Clock(motion, len(times))
        snapshots: dict[int, Snapshot | None] = {}
        for index in sorted(range(len(times)), key=lambda k: _order(times[k])):
            try:
                place = self._place(motion, clock, times[index])
                snapshots[index] = (
                    self._unbounded(motion.sign)
                    if place is None
                    else self._observer.at(place, weights, last)
                )
            except UndecidedError:
                if last:
                    raise
                snapshots[index] = None
        return [snapshots[k] for k in range(len(times))], clock.scale

    @cached_property
    def _observer(self) -> Observer:
        return Observer(self.problem, self._data, self._neurons, self._h0)

    def _at_rest(self) -> Place:
        """The start, of weights that do not move."""
        minimum = self._data.way(self._output_0).minimum if self._is_pulled else self._output_0
        return Place(arb(0), None if minimum is None else minimum - self._output_0, minimum)

    def _place(self, motion: AnyMotion, clock: Clock, t: fmpq | None) -> Place | None:
        """Where the network is at a time; None at the end of a flow whose output grows for ever."""
        minimum = motion.way.minimum
        has_arrived = t is None or clock.has_arrived(t)
        if t is None or has_arrived:
            if not isinstance(motion, Endless):
                return Place(motion.sign * motion.x, arb(0), minimum, is_end=True)
            return None if self.limit_kind == UNBOUNDED else Place(None, minimum, minimum, True)
        coordinate = clock.coordinate(t, self._guess(motion, t))
        if has_arrived is None and isinstance(motion, Arrival):
            coordinate = coordinate.union(motion.x)
        x, left = motion.place(coordinate)
        return Place(motion.sign * x, None if left is None else motion.sign * left, minimum)

    def _unbounded(self, sign: int) -> Snapshot:
        """In the end only the loss has a limit that is known."""
        infinite = arb("inf")
        ends = sign * infinite
        return Snapshot(None, None, ends, None, self._data.least, None, infinite, infinite, None)

    def _guess(self, motion: AnyMotion, t: fmpq) -> float:
        """λ or x at t, from float64; 0 where float64 does not have it."""
        try:
            found = self._floats.coordinate(rounded(t))
            if isinstance(motion, Equilibrium):
                return found
            if isinstance(motion, Arrival):
                return float(motion.x) * -math.expm1(-found)
            return found / float(self._data.length)
        except (InputError, ArithmeticError):
            return 0.0

    @cached_property
    def _floats(self) -> WarpedFlow:
        """The same flow in float64, for guesses."""
        return WarpedFlow(self.problem.rounded())


def _order(t: fmpq | None) -> tuple[bool, fmpq]:
    return t is None, t or fmpq(0)


__all__ = ["ExactWarpedFlow"]
