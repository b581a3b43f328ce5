"""Explicit flows of many networks in numpy: one network and one time an entry of every array.

What `floats` does for one network, for starts that are plain; what it would leave to balls is told, and
left to the flows themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from numeric.data.arrays import Bools, Floats
from numeric.generated import linear
from numeric.methods import proved
from numeric.methods.explicit import checks
from numeric.methods.explicit.floats import BITS, CANCELLED, DYING, SMALL, unit_exponent
from numeric.methods.explicit.starts import Exponents

DEEP = 2.0**-40  # of its terms: what is left of an output by less is computed alone
CONSTANTS = linear.Constants._fields
Precise = Callable[[Floats, Bools], Any]


class Entries:
    """Constants of networks, and what follows from them at one time each.

    Args:
        known: constants and sums by name, arrays of one shape.
        units: exponents, arrays of that shape.
        precise: states at some of the times in units to twice the digits, rounded; None where nothing
            has them.
    """

    evaluators = linear

    def __init__(
        self, known: dict[str, Floats], units: Exponents, precise: Precise | None = None
    ) -> None:
        self.scaled = linear.Constants(*(known[name] for name in CONSTANTS))
        self.sums, self.units, self._precise = known, units, precise

    @np.errstate(all="ignore")
    def scalar(self, name: str, times: Floats) -> tuple[Floats, Bools]:
        """An observable at times, and where it is not known.

        Args:
            name: of the observable.
            times: in which the loss is the mean square.
        """
        moments = np.ldexp(times, self.units.time)
        state, lost = self.at(moments)
        values = self.observe(name, state)
        lost = lost | self._vanishes(name, moments, state)
        values = np.where(lost, np.nan, values)
        self._check(name, moments, state, values, lost)
        return np.ldexp(values, unit_exponent(name, self.units)) + 0.0, lost

    @np.errstate(all="ignore")
    def time_to_loss(self, goals: Floats) -> tuple[Floats, Bools]:
        """Times at which the mean square is what is given, and where they are not known."""
        goal = np.ldexp(goals, -2 * self.units.f)
        start, end = (self.observe("loss", state) for state in self.ends)
        inside = (goal <= start) & (goal > end)
        held = np.where(inside, goal, start)
        found, c = linear.time_to_loss(held, self.sums["floor"], self.scaled), self.scaled
        left = np.sqrt(held - self.sums["floor"])
        passed = c.y + np.where(c.residual_0 >= 0, left, -left)
        lost = (left**2 < CANCELLED * held) | (np.abs(passed) < CANCELLED * left)
        lost |= np.abs(left) > (1 - CANCELLED) * np.abs(c.residual_0)
        lost &= inside & (goal != start)
        found = np.where(inside, found, np.where(goal > start, np.nan, np.inf))
        found = np.where(goal == end, np.inf, found)
        found = np.where(goal == start, 0.0, found)
        found = np.where(np.isnan(goal), np.nan, found)
        known = np.where(lost | ~np.isfinite(found), 0.0, found)
        reached = self.observe("loss", self.plain(known))
        proved.constant("loss", known, reached, np.where(known > 0, goal, start), start)
        return np.ldexp(found, -np.asarray(self.units.time)), lost

    def at(self, moments: Floats) -> tuple[linear.State, Bools]:
        """States at times in units, and where they are not known."""
        state = self.plain(moments)
        dead = self.dies & (self._decay_time(moments) > DYING) & np.isfinite(moments)
        left = np.abs(self.scaled.f_0 * state.residual_ratio)
        passing = self.passes_zero & (np.abs(state.f) < CANCELLED * left)
        if self._precise is None or not passing.any():
            return state, dead | passing
        state = linear.State(*(np.array(entry) for entry in state))
        for entry, fine in zip(state, self._precise(moments, passing), strict=True):
            entry[passing] = fine
        return state, dead | (passing & ~(np.abs(state.f) > DEEP * left))

    def plain(self, moments: Floats) -> linear.State:
        """States in float64 all through."""
        with np.errstate(all="ignore"):
            forever = np.isinf(moments) | np.isinf(2 * self.scaled.R * moments)
            running = linear.at(np.where(forever, 0.0, moments), self.scaled)
            if not forever.any():
                return running
            limit = linear.limit(self.scaled)
        return linear.State(
            *(np.where(forever, last, now) for last, now in zip(limit, running, strict=True))
        )

    def observe(self, name: str, state: linear.State) -> Any:
        """An observable at states, in units."""
        if name in ("alpha", "output"):
            return state.alpha if name == "alpha" else state.f
        given = (self.sums[z] for z in linear.OBSERVABLES[name])
        with np.errstate(all="ignore"):
            return getattr(linear, name)(*given, state, self.scaled)

    @cached_property
    def ends(self) -> tuple[linear.State, linear.State]:
        """States at t = 0 and at t = ∞."""
        nothing = np.zeros(self.scaled.R.shape)
        return self.plain(nothing), self.plain(nothing + np.inf)

    @cached_property
    def dies(self) -> Bools:
        """Where the flow ends at the saddle."""
        end = self.ends[1]
        return np.asarray((end.decay == 0) & (end.f == 0))

    @cached_property
    def passes_zero(self) -> Bools:
        """Where the output has another sign at the end than at the start."""
        return np.asarray(self.scaled.f_0 * self.ends[1].f < 0)

    def _decay_time(self, moments: Floats) -> Floats:
        return np.asarray(4 * moments / linear.time_scale(self.scaled))

    def _vanishes(self, name: str, moments: Floats, state: linear.State) -> Bools:
        """Where float64 does not hold a residual, or a loss, on the way."""
        if name not in ("residual", "loss"):
            return np.zeros(moments.shape, dtype=bool)
        size = np.log2(np.abs(self.scaled.residual_0)) + self.units.f
        falls = self._decay_time(moments) / np.log(2)
        small = (np.abs(state.residual_ratio) < SMALL) & (moments < np.inf)
        return np.asarray(small & (falls < size + BITS) & (self.scaled.residual_0 != 0))

    def _check(
        self, name: str, t: Floats, state: linear.State, values: Floats, lost: Bools
    ) -> None:
        """What is proved of the answers that are known; the others are not given."""
        if name not in ("residual", "loss"):
            held = np.where(lost, self.observe(name, state), values)
            if not lost.any():
                checks.check(self, name, t, state, held)  # type: ignore[arg-type]
                return
            rest = self._where(~lost)
            kept = linear.State(*(np.broadcast_to(z, t.shape)[~lost] for z in state))
            checks.check(rest, name, t[~lost], kept, held[~lost])  # type: ignore[arg-type]
            return
        start, y = self.observe(name, self.ends[0]), self.scaled.y
        size = np.abs(state.f) + np.abs(y)
        whole = state.f - y
        if name == "loss":
            whole = whole**2 + self.sums["floor"]
            size = size**2 + whole
        held = np.where(lost, whole, values)
        proved.constant(name, t, held, whole, size)
        proved.between(name, t, np.where(lost, 0.0, np.abs(values)), 0.0, np.abs(start))
        proved.keeps_sign(name, t, np.where(lost, 0.0, values), start)

    def _where(self, kept: Bools) -> Entries:
        known = {name: np.broadcast_to(z, kept.shape)[kept] for name, z in self.sums.items()}
        return Entries(
            known, Exponents(*(np.broadcast_to(z, kept.shape)[kept] for z in self.units))
        )
