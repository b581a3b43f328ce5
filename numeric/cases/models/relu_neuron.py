"""{"model": "relu_neuron"}: f(x_i) = a relu(v_i) on orthonormal inputs, under ½ Σ (f − y)².

f(x_i) = a relu(v_i), loss 1/2 sum (f(x_i) - y_i)^2 on orthonormal inputs, rates 1:
a0, v0 (preactivations, one per input) and y. Solved from event to event;
crossings are the times at which an input leaves, inputs counted from 0. Where a
passes 0 with an input at 0 that it would call in, two flows go on: times before
that are answered, later ones refused, and there is no limit
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numeric.cases.data import flat, vector
from numeric.cases.keys import required
from numeric.cases.named import SOLVED, Answer, plain, short_times, until_fallen
from numeric.cases.wanted import NOTHING, Wanted, reached
from numeric.data.decimals import as_float, number
from numeric.errors import InputError
from numeric.methods.lifted.relu import GUARD, ReluNeuron
from numeric.methods.riccati.exact import digits_of

KEYS = ("a0", "v0", "y")
BITS = 53 + GUARD
BEFORE = 0.95  # of the time at which two flows go on
OBSERVABLES = ("a", "v", "residual", "loss")


@dataclass(frozen=True)
class Neuron:
    """A case, exact."""

    a0: Fraction
    v0: list[Fraction]
    y: list[Fraction]
    panels: tuple[str, ...] = ("a", "loss")
    weights: tuple[str, ...] = ("a", "v")

    def _flow(self) -> ReluNeuron:
        return ReluNeuron(self.a0, self.v0, self.y)

    def default_times(self) -> list[Fraction]:
        """Until a hundredth of the loss is left, or the last input has left."""
        flow = self._flow()
        fork, _ = flow.fork(BITS)
        if fork is not None:
            return short_times(BEFORE * float(fork))
        end = float(flow.exactly(None, BITS)["loss"])
        pace = max((abs(z) for z in (self.a0, *self.v0, *self.y)), default=Fraction(1))

        def loss(t: float) -> float:
            return float(flow.exactly(Fraction(t), BITS)["loss"])

        last = until_fallen(loss, end, 1 / (float(pace) or 1), SOLVED)
        events = [float(t) for _, t in flow.crossings]
        return short_times(max([last, *(1.2 * t for t in events)]))

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""
        flow = self._flow()
        found = [flow.exactly(Fraction(t), BITS) for t in times]
        return {name: [float(one[name]) for one in found] for name in self.panels}

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """Every observable."""
        wanted.refuse_since("relu_neuron", "single_neuron or deep_linear")
        flow = self._flow()
        inputs, (_, fork) = [i for i, _ in flow.crossings], flow.fork(BITS)

        def evaluate(bits: int) -> dict[str, Any]:
            found = [flow.exactly(t, bits) for t in times]
            return {
                "t": [_at(t, flow, bits) for t in times],
                "columns": {name: [one[name] for one in found] for name in OBSERVABLES},
                "constants": {
                    "crossings": [t for _, t in flow.crossings_at(bits)],
                    **reached(
                        [_at(z, flow, bits) for z in wanted.losses],
                        [flow.time_to(z, bits) for z in wanted.losses],
                    ),
                },
                "limit": {} if fork else flow.exactly(None, bits),
            }

        if digits is None:
            wanted.float_losses()
        found = plain(evaluate(BITS)) if digits is None else digits_of(evaluate, digits)
        when = found["constants"]["crossings"]
        found["constants"]["crossings"] = [
            {"input": i, "time": t} for i, t in zip(inputs, when, strict=True)
        ]
        return Answer(**found, method="riccati", why=f"two flows go on: {fork}" if fork else "")


def _at(t: Fraction, flow: ReluNeuron, bits: int) -> Any:
    context = flow.segments(bits)[0].start.context
    return context.mpf(t.numerator) / t.denominator


def read(fields: dict[str, Any]) -> Neuron:
    """A case from its fields."""
    v0 = vector("v0", flat("v0", required(fields, "v0")))
    y = vector("y", flat("y", required(fields, "y")))
    a0 = number("a0", required(fields, "a0"))
    if len(y) != len(v0):
        raise InputError("y", f"{len(y)} targets", f"{len(v0)}, one per entry of v0")
    for name, values in (("a0", [a0]), ("v0", v0), ("y", y)):
        for value in values:
            as_float(name, value)
    return Neuron(a0, v0, y)
