"""What is seen of a network in warped time, in balls: weights, norms, output, residual and loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq

from numeric.data.exact import ExactProblem, Vector, dot
from numeric.methods.digits import Snapshot
from numeric.methods.warp.ball_data import DataInBalls
from numeric.methods.warp.ball_neurons import ExactNeurons, xp
from numeric.methods.warp.ball_zero import root


class Place(NamedTuple):
    """A place in warped time.

    Attributes:
        s: warped time, None where it is infinite and all neurons have died.
        left: f* − f, None where f* is infinite.
        minimum: f*, or None.
        is_end: whether this is where the flow ends.
    """

    s: arb | None
    left: Any
    minimum: Any
    is_end: bool = False


@dataclass(frozen=True)
class Observer:
    """Looks at a network.

    Attributes:
        problem: what is trained.
        data: what its data amount to.
        neurons: those that move.
        h: preactivations at the start.
    """

    problem: ExactProblem
    data: DataInBalls
    neurons: ExactNeurons
    h: Vector

    def at(self, place: Place, weights: bool, last: bool) -> Snapshot:
        """The network at a place, with or without its weights.

        At the last precision a layer that cannot be told from zero is taken for zero.
        """
        u, h = self._weights(place)
        u_2, h_2 = (sum((z * z for z in values), arb(0)) for values in (u, h))
        defined = all(z > 0 if last else xp.not_equal(z, 0) for z in (u_2, h_2))
        overlap = sum((a * b for a, b in zip(u, h, strict=True)), arb(0))
        known = self._known_output(place)
        output = self._output(place, u, h) if known is None else arb(known)
        measure, left = self.data.measure, place.left
        return Snapshot(
            u if weights else None,
            self._rows(h, self._changes(place.s, h)) if weights else None,
            measure * output,
            None if left is None else -measure * arb(left),
            self.data.loss(output if known is None else known, left, place.minimum),
            overlap / (u_2 * h_2).sqrt() if defined else None,
            root(u_2),
            root(arb(self._across_2) + h_2 / self._norm_2),
            None,
        )

    @cached_property
    def _norm_2(self) -> fmpq:
        return dot(self.data.direction, self.data.direction) or fmpq(1)

    @cached_property
    def _across_2(self) -> fmpq:
        """‖W‖² across the data, which does not move."""
        whole = sum((dot(row, row) for row in self.problem.W0), fmpq(0))
        return whole - dot(self.h, self.h) / self._norm_2

    def _known_output(self, place: Place) -> fmpq | None:
        """F(m) where it is rational: at the start, at such a minimum, and where all neurons have died."""
        if place.s is None:
            return fmpq(0)
        if place.s == 0:
            module, given = self.problem.network.module, self.neurons.parameters
            pairs = zip(self.problem.u0, self.h, strict=True)
            return sum((module.output(a, b, given) for a, b in pairs), fmpq(0))
        return place.minimum if place.is_end and isinstance(place.minimum, fmpq) else None

    def _output(self, place: Place, u: list[arb], h: list[arb]) -> arb:
        """F(m): the sum over neurons, or f* with what is left, whichever cancels less."""
        module, given = self.problem.network.module, self.neurons.parameters
        total = sum((module.output(a, b, given) for a, b in zip(u, h, strict=True)), arb(0))
        if place.left is None:
            return total
        return max(total, arb(place.minimum) - place.left, key=_bits)

    def _weights(self, place: Place) -> tuple[list[arb], list[arb]]:
        u, h = [arb(z) for z in self.problem.u0], [arb(z) for z in self.h]
        module, s = self.problem.network.module, place.s
        for index, one in zip(self.neurons.moving, self.neurons.neurons, strict=True):
            if s is None:
                # A neuron dies on its orbit at h = 0, without changing the sign of u.
                law = arb(module.conserved(one.u_0, one.h_0, self.neurons.parameters))
                u[index] = law.sqrt() if one.u_0 > 0 else -law.sqrt()
                h[index] = arb(0)
            elif s != 0:
                u[index], h[index] = self.neurons.at(one, module.entire_place(s, one, xp), xp)
        if place.is_end and len(self.neurons.neurons) == 1 and self._known_output(place) == 0:
            self._vanish(u, h)
        return u, h

    def _vanish(self, u: list[arb], h: list[arb]) -> None:
        """One neuron whose output is 0 in the end is at u = 0, or at h = 0: its law says which."""
        (index,), (one,) = self.neurons.moving, self.neurons.neurons
        law = self.problem.network.module.conserved(one.u_0, one.h_0, self.neurons.parameters)
        if law < 0:
            u[index] = arb(0)
        if law > 0:
            h[index] = arb(0)

    def _changes(self, s: arb | None, h: list[arb]) -> list[arb | None]:
        """What each preactivation has changed; None where it cannot."""
        changes: list[arb | None] = [None] * len(h)
        if s is not None and s == 0:
            return changes
        module, given = self.problem.network.module, self.neurons.parameters
        for index, one in zip(self.neurons.moving, self.neurons.neurons, strict=True):
            found = h[index] - self.h[index]
            if s is not None and _bits(found) < ctx.prec / 2:
                # The difference cancels: so early that the velocity is the same all the way.
                stretch = arb((s / 2).mid(), abs(s).upper())
                place = module.entire_place(stretch, one, xp)
                velocity = module.velocity_h(*self.neurons.at(one, place, xp), given, xp)
                found = max(found, s * velocity, key=_bits)
            changes[index] = found
        return changes

    def _rows(self, h: list[arb], changes: list[arb | None]) -> list[list[arb]]:
        """W, from what is along the data or its change; across them it is as it was, exactly."""
        rows = []
        for row, start, now, change in zip(self.problem.W0, self.h, h, changes, strict=True):
            entries = []
            for w, m in zip(row, self.data.direction, strict=True):
                whole = arb(w)
                if change is not None and m != 0:
                    across = w - start * m / self._norm_2
                    from_zero = arb(across) + now * m / self._norm_2
                    whole = max(arb(w) + change * m / self._norm_2, from_zero, key=_bits)
                entries.append(whole)
            rows.append(entries)
        return rows


def _bits(value: arb) -> float:
    return math.inf if value == 0 else float(value.rel_accuracy_bits())


__all__ = ["Observer", "Place"]
