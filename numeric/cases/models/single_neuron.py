"""{"model": "single_neuron"}: f = a wᵀx under ½‖X a w − y‖².

f = a w.x, loss 1/2 |X a w - y|^2: X (rows) and targets, or gram (XᵀX) and cross
(Xᵀy), the loss then being what is above its minimum; a0, w0, eta_a, eta_w.
Solved where XᵀX is a multiple of a projector, else marched, and its limit
found by the potential that it descends, with --limit to any digits; these are of
the end with the sign of a that sign_certified says to follow from exact numbers
(true), or that a march in floats has seen (false). residual is
a w - beta* in the row space, sign_change the time at which a passes 0, mu
a|w|, phi the cosine of w and beta*, kernel_distance S 1 - <K, K'>/(|K||K'|),
delta eta_w a^2 - eta_a |w|^2, regime its sign without what X does not see of w
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from numeric.cases.data import flat, matrix, vector
from numeric.cases.keys import required
from numeric.cases.named import MARCHED, SOLVED, Answer, plain, short_times, until_fallen
from numeric.cases.wanted import NOTHING, Wanted, reached
from numeric.data.decimals import as_float, number, shown
from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.interpolator import Interpolator
from numeric.methods.lifted.marched_neuron import MarchedNeuron
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.observed_layers import regime
from numeric.methods.lifted.span import independent, projected, square
from numeric.methods.riccati.constants import BITS
from numeric.methods.riccati.exact import digits_of
from numeric.methods.riccati.spectrum import number as at_precision

KEYS = ("X", "targets", "gram", "cross", "a0", "w0", "eta_a", "eta_w")
WHITE = "XᵀX equal to a multiple of a projector, exactly (decimals as strings are exact)"


@dataclass(frozen=True)
class Neuron:
    """A case, exact."""

    a0: Fraction
    w0: list[Fraction]
    eta_a: Fraction
    eta_w: Fraction
    data: white.Data
    panels: tuple[str, ...] = ("a", "mu", "phi", "loss", "kernel_distance")
    weights: tuple[str, ...] = ("a", "w")

    @property
    def delta(self) -> Fraction:
        """δ = η_w a² − η_a‖w‖²."""
        return self.eta_w * self.a0**2 - self.eta_a * sum(z * z for z in self.w0)

    def _delta(self) -> float:
        return _rounded("a0, w0", self.delta, "weights whose squares differ beyond float64")

    def solved(self) -> SingleNeuron | None:
        """The closed form, where there is one."""
        if self.data.scale is None:
            return None
        return SingleNeuron(self.a0, self.w0, self.eta_a, self.eta_w, self.data)

    def _flow(self) -> SingleNeuron | MarchedNeuron:
        return self.solved() or MarchedNeuron(self.a0, self.w0, self.eta_a, self.eta_w, self.data)

    def default_times(self) -> list[Fraction]:
        """Until a hundredth of the loss is left."""
        flow = self._flow()
        if isinstance(flow, SingleNeuron):
            end, most = float(flow.limit()["loss"]), SOLVED
        else:
            end, most = flow.least, MARCHED
        cross = math.hypot(*(float(z) for z in self.data.cross))
        pace = math.sqrt(float(self.eta_a) * float(self.eta_w)) * cross
        pace += abs(self._delta()) * float(self.data.scale or 0)
        last = until_fallen(lambda t: flow.observables(t)["loss"], end, 1 / (pace or 1), most)
        return short_times(last)

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""
        found = self._flow().observables(np.array(times))
        return {name: found[name] for name in self.panels}

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """Every observable."""
        flow = self.solved()
        if digits is not None:
            return self._digits(flow, times, digits, wanted)
        t, since = np.array([float(z) for z in times]), float(wanted.begin)
        constants: dict[str, Any] = {"delta": self._delta(), "regime": self._regime()}
        constants |= self._reached(wanted)
        if flow is None:
            found: dict[str, Any] = self._flow().observables(t, since)
            why = f"XᵀX is off a multiple of a projector by {float(self.data.off):.3g} of its size"
            limit, unknown, change = self._end(since)
            why += f"; the limit is not known: {unknown}" if unknown else ""
            constants |= {} if unknown else {"sign_change": change}
            return Answer(t.tolist(), plain(_by_time(found)), constants, limit, "march", why)
        change = flow.sign_change()
        constants["sign_change"] = None if change is None else float(change)
        columns = plain(_by_time(flow.observables(t, since)))
        return Answer(t.tolist(), columns, constants, plain(flow.limit(since)), "riccati")

    def _regime(self) -> str:
        """By δ of the part of w that moves."""
        seen = projected(self.w0, independent(self.data.gram))
        return regime(self.eta_w * self.a0**2 - self.eta_a * square(seen))

    def _end_to_digits(self, digits: int) -> Answer:
        """What the flow ends at, on any data."""
        found = Interpolator(self.a0, self.w0, self.eta_a, self.eta_w, self.data)

        def evaluate(bits: int) -> dict[str, Any]:
            end = found.observables(bits)
            return {
                "t": [],
                "columns": {name: [] for name in end},
                "constants": {
                    "delta": at_precision(self.delta, end["a"].context), "regime": self._regime()
                },
                "limit": end,
            }  # fmt: skip

        answer = Answer(**digits_of(evaluate, digits), method="potential")
        answer.constants["sign_certified"] = found.certified
        return answer

    def _reached(self, wanted: Wanted) -> dict[str, Any]:
        """In floats."""
        goals, flow = wanted.float_losses(), self._flow()
        return reached(goals, map(flow.time_to_loss, goals))

    def _end(self, since: float) -> tuple[dict[str, Any], str, float | None]:
        """The end of the flow on any data, or why it is not known; and when a passes 0."""
        given = (self.a0, self.w0, self.eta_a, self.eta_w, self.data)
        try:
            found = Interpolator(*given)
            a, w = found.limit()
        except InputError as error:
            return {}, str(error), None
        if found.sign == 0:  # at rest
            return plain(_by_time(MarchedNeuron(*given).observables(0.0))), "", None
        end, flow = np.array(list(map(float, w))), MarchedNeuron(*given)
        return plain(flow.at_end(float(a), end, since)), "", flow.sign_change(found.sign)

    def _digits(
        self, flow: SingleNeuron | None, times: Sequence[Fraction], digits: int, wanted: Wanted
    ) -> Answer:
        if flow is None or self.data.off:
            if not times and not wanted.losses and not wanted.since:
                return self._end_to_digits(digits)
            found = f"XᵀX off a multiple of a projector by {float(self.data.off):.3g} of its size"
            raise InputError("--digits", found, f"{WHITE}; or --limit alone, known on any data")

        names = list(flow.exactly(None, BITS))

        def evaluate(bits: int) -> dict[str, Any]:
            seen = [flow.exactly(t, bits, wanted.begin) for t in times]
            context = flow.flow.exactly(Fraction(0), bits).context
            return {
                "t": [at_precision(t, context) for t in times],
                "columns": {name: [one[name] for one in seen] for name in names},
                "constants": {
                    "delta": at_precision(self.delta, context),
                    "regime": flow.regime,
                    "sign_change": flow.sign_change(bits),
                    **reached(
                        [at_precision(z, context) for z in wanted.losses],
                        [flow.time_to(z, bits) for z in wanted.losses],
                    ),
                },
                "limit": flow.exactly(None, bits, wanted.begin),
            }  # fmt: skip

        return Answer(**digits_of(evaluate, digits), method="riccati")


def _rounded(field: str, value: Fraction, text: str) -> float:
    """As float64, in which what is tiny may be 0."""
    try:
        return float(value)
    except OverflowError:
        raise InputError(field, text, "a number within the range of float64") from None


def _by_time(found: dict[str, Any]) -> dict[str, Any]:
    """Vectors, given as a list of components over time, as one vector a time."""
    return {name: np.stack(z, -1) if isinstance(z, list) else z for name, z in found.items()}


def read(fields: dict[str, Any]) -> Neuron:
    """A case from its fields."""
    w0 = vector("w0", flat("w0", required(fields, "w0")))
    data = _data(fields, len(w0))
    a0, eta_a, eta_w = (number(name, required(fields, name)) for name in ("a0", "eta_a", "eta_w"))
    for name, rate in (("eta_a", eta_a), ("eta_w", eta_w)):
        if rate <= 0:
            raise InputError(name, shown(fields[name]), "a learning rate above 0")
    for name, values in (("a0", [a0]), ("w0", w0)):
        for value in values:
            as_float(name, value)
    return Neuron(a0, w0, eta_a, eta_w, data)


def _data(fields: dict[str, Any], inputs: int) -> white.Data:
    sets, moments = (
        [key in fields for key in keys] for keys in (("X", "targets"), ("gram", "cross"))
    )
    if any(sets) == any(moments):
        found = "both" if any(sets) else "no data"
        raise InputError("data", found, "either X and targets, or gram and cross")
    rows, values = ("X", "targets") if any(sets) else ("gram", "cross")
    A = matrix(rows, required(fields, rows))
    b = vector(values, flat(values, required(fields, values)))
    if len(A[0]) != inputs:
        raise InputError(rows, f"{len(A[0])} columns", f"{inputs}, one per entry of w0")
    if len(A) != len(b):
        raise InputError(values, f"{len(b)} numbers", f"{len(A)}, one per row of {rows}")
    if rows == "gram" and len(A) != inputs:
        raise InputError(rows, f"{len(A)} rows", f"{inputs}, one per entry of w0")
    for name, entries in ((rows, [z for row in A for z in row]), (values, b)):
        for value in entries:
            as_float(name, value)
    return white.of_set(A, b) if any(sets) else white.of_moments(A, b)
