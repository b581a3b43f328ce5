"""{"model": "chain"}: f = ∏ a_l under ½ (f − y)².

f = a_1 ... a_L, loss 1/2 (f - y)^2: a0 and eta (L numbers each), y. Solved where
L is 4 or less, or all a_l^2/eta_l are equal, or y is 0; else marched
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from flint import arb, fmpq

from numeric.cases.data import flat, vector
from numeric.cases.keys import required
from numeric.cases.named import Answer, plain, short_times, until_fallen
from numeric.cases.wanted import NOTHING, Wanted, reached
from numeric.data.decimals import as_float, number, shown
from numeric.errors import InputError
from numeric.methods.chains import ChainFlow
from numeric.methods.chains.clock import SOLVED
from numeric.methods.digits import BITS_OF_A_DIGIT, GUARD_BITS
from numeric.namespaces import precision

KEYS = ("a0", "eta", "y")
GROWS = 400
OBSERVABLES = ("a", "product", "residual", "loss")


@dataclass(frozen=True)
class Chain:
    """A case, exact."""

    a0: list[Fraction]
    eta: list[Fraction]
    y: Fraction
    panels: tuple[str, ...] = ("product", "least_factor", "loss")
    weights: tuple[str, ...] = ("a",)

    def _flow(self) -> ChainFlow:
        return ChainFlow(self.a0, self.y, self.eta)

    def default_times(self) -> list[Fraction]:
        """Until a hundredth of the loss that can go is left."""
        flow = self._flow()
        kernel = sum(
            rate * float(flow.at(0).product / one) ** 2 if one else rate
            for one, rate in zip(flow.at(0).a, map(float, self.eta), strict=True)
        )
        end = flow.limit.loss
        return short_times(until_fallen(lambda t: flow.at(t).loss, end, 1 / (kernel or 1.0), GROWS))

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""
        flow = self._flow()
        found, least = [flow.at(t) for t in times], flow.chain.least
        return {
            "product": [one.product for one in found],
            "least_factor": [one.a[least] for one in found],
            "loss": [one.loss for one in found],
        }

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """Every observable."""
        flow = self._flow()
        wanted.refuse_since("chain", "the kernel of a chain is one number, and S is 0")
        if digits is not None:
            return self._digits(flow, times, digits, wanted)
        found = [flow.at(t) for t in times]
        columns = {name: plain([getattr(one, name) for one in found]) for name in OBSERVABLES}
        end = plain({name: getattr(flow.limit, name) for name in OBSERVABLES})
        end["kind"] = flow.limit_kind
        goals = wanted.float_losses()
        asked = reached(goals, map(flow.time_to_loss, goals))
        return Answer([float(t) for t in times], columns, asked, end, flow.method, flow.why)

    def _digits(
        self, flow: ChainFlow, times: Sequence[Fraction], digits: int, wanted: Wanted
    ) -> Answer:
        if flow.method == "march":
            raise InputError("--digits", flow.why.partition(";")[0].removeprefix("found "), SOLVED)
        found = [flow.balls(t, digits) for t in times]
        columns = {
            name: [_text(getattr(one, name), digits) for one in found] for name in OBSERVABLES
        }
        last = flow.balls(inf, digits)
        end = {name: _text(getattr(last, name), digits) for name in OBSERVABLES}
        end["kind"] = flow.limit_kind
        with precision(int(digits * BITS_OF_A_DIGIT) + GUARD_BITS):
            t, goals = (
                [_text(_ball(z), digits) for z in given] for given in (times, wanted.losses)
            )
        when = [flow.time_to_loss_in_balls(z, digits) for z in wanted.losses]
        reach = [_text(z, digits) if z.is_finite() else float(z) for z in when]
        return Answer(t, columns, reached(goals, reach), end, flow.method)


def _ball(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _text(value: Any, digits: int) -> Any:
    """Balls as text of so many digits."""
    if isinstance(value, tuple):
        return [_text(one, digits) for one in value]
    return "0" if value == 0 else str(value.str(digits, radius=value.contains(0)))


def read(fields: dict[str, Any]) -> Chain:
    """A case from its fields."""
    a0 = vector("a0", flat("a0", required(fields, "a0")))
    eta = vector("eta", flat("eta", required(fields, "eta")))
    y = number("y", required(fields, "y"))
    if len(eta) != len(a0):
        raise InputError("eta", f"{len(eta)} rates", f"{len(a0)}, one per factor of a0")
    for value, given in zip(eta, fields["eta"], strict=True):
        if value <= 0:
            raise InputError("eta", shown(given), "learning rates above 0")
    for name, values in (("a0", a0), ("y", [y])):
        for value in values:
            as_float(name, value)
    return Chain(a0, eta, y)
