"""One run of an integrator that goes on as far as times are asked for, and remembers its way."""

from __future__ import annotations

import math
import time
import warnings
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError
from numeric.methods.march.decisions import Decisions
from numeric.methods.march.descents import OpenError

if TYPE_CHECKING:
    from scipy.integrate import LSODA

STEPS = 20_000  # that a run may take
LOST = 100.0  # roundings that a slope at a bend may be beyond those on both sides
OFTEN = 20  # how often a regime may be decided at one time, which is told from others to
CLOSE = 1e-12
EXACT = 1e-15  # of the time at which a regime is left


class Motion(Protocol):
    """The equations of motion, which are smooth in each of their regimes."""

    has_bends: bool

    def start(self, theta: Floats) -> Any:
        """The regime of weights; its `kept` says what slides along a bend."""

    def velocity(self, theta: Floats, regime: Any) -> Floats:
        """dθ/dt."""

    def rate(self, theta: Floats, regime: Any) -> float:
        """Of the fastest change."""

    def is_learned(self, theta: Floats, regime: Any) -> bool:
        """Whether nothing is left to learn."""

    def room(self, theta: Floats, regime: Any) -> Floats:
        """How far everything is from leaving its regime; negative where it has left it."""


class Ways(Protocol):
    """From one regime to the next."""

    def start(self, theta: Floats) -> Any:
        """The regime in which weights set out."""

    def decide(self, theta: Floats, regime: Any) -> tuple[Floats, Any]:
        """Where weights go on that have met a bend, or leave one."""


class Integration:
    """dθ/dt = v(t, θ) from a start on, from one regime of the equations to the next.

    Args:
        equations: v.
        start: θ at t = 0.
        relative, absolute: tolerances.
        decisions: of the equations, how regimes follow each other.
    """

    def __init__(
        self,
        equations: Motion,
        start: Floats,
        relative: float,
        absolute: float,
        decisions: Callable[[Any], Ways] = Decisions,
    ) -> None:
        self._given = equations, start, relative, absolute, decisions
        self._begin()

    def _begin(self) -> None:
        self._equations, self._start, self._relative, absolute, decisions = self._given
        self._absolute = max(absolute, np.finfo(float).tiny)
        self._decisions = decisions(self._equations)
        self._last: float | None = None
        self._met, self._lost = 0, ""
        try:
            self._regime = self._decisions.start(self._start)
        except OpenError as error:
            self._regime, self._lost = self._equations.start(self._start), str(error)
        self._solver = self._from(0.0, self._start)
        self._ends: list[float] = []
        self._ways: list[Any] = []

    def _from(self, t: float, theta: Floats, step: float | None = None) -> LSODA:
        from scipy.integrate import LSODA  # slow to load

        regime = self._regime
        self._since = t
        # What is beyond the end of its piece already is on its way back, or has to go on to count.
        self._floor = self._equations.room(theta, regime) - 1
        if step is None:
            # As LSODA's own, but not by how fast it moves alone: that may be roundings of no motion.
            rate = self._equations.rate(theta, regime)
            step = math.sqrt(self._relative) / rate if rate > 0 else None
        self._moves = bool(np.any(self._equations.velocity(theta, regime)))
        self._learned = False
        return LSODA(
            lambda _, z: self._equations.velocity(z, regime),
            t, theta, math.inf, first_step=step, rtol=self._relative, atol=self._absolute,
        )  # fmt: skip

    def __getstate__(self) -> tuple[Any, ...]:
        """What it is made from: steps are the same whatever was asked for, and are made again."""
        return self._given

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """At the start."""
        self._given = state
        self._begin()

    @property
    def reached(self) -> float:
        """The latest time so far."""
        return float(self._solver.t)

    @property
    def steps(self) -> int:
        """How many have been taken."""
        return len(self._ends)

    def can_reach(self, t: float, until: float = math.inf, most: int = STEPS) -> bool:
        """Go on to a time; whether the steps were enough, and the clock (`time.monotonic`) let them.

        Args:
            t: the time.
            until: what the clock may say.
            most: steps that there may be in all.
        """
        while self._solver.t < t and not self._rests:
            if self.steps >= min(most, STEPS) or self._solver.status != "running" or self._lost:
                return False
            if time.monotonic() > until:
                return False
            self._step()
        return True

    @property
    def _rests(self) -> bool:
        """Whether nothing moves any more: what is left of pulls, if anything is, is roundings."""
        return self._equations.has_bends and (self._learned or not self._moves)

    def _step(self) -> None:
        """One step, or the part of it up to where the regime ends."""
        begun = self._solver.t
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the status says it, too
            self._solver.step()
            if self._solver.status != "running" and begun > self._since:
                self._solver = self._from(begun, np.array(self._solver.y), self._last)
                self._solver.step()
        if self._solver.status != "running":
            return
        way, ended = self._solver.dense_output(), self._solver.t
        # Where little moves, a first step that nothing is known of is too long by far.
        self._last = ended - begun
        if self._equations.has_bends:
            left = self._leaves(way, begun, ended)
            if left is not None:
                ended = left
                self._go_on(left, np.asarray(way(left)))
        self._ends.append(ended)
        self._ways.append(way)
        self._learned = self._equations.is_learned(np.array(self._solver.y), self._regime)

    def _go_on(self, t: float, theta: Floats) -> None:
        """In the regime that follows; where the same place is met again and again there is none."""
        self._met = self._met + 1 if t - self._since <= CLOSE * t else 0
        try:
            theta, self._regime = self._decisions.decide(theta, self._regime)
        except OpenError as error:
            self._lost = str(error)
        if self._met > OFTEN:
            self._lost = "again and again"
        self._solver = self._from(t, theta, self._last)

    def _leaves(self, way: Callable[[float], Any], begun: float, ended: float) -> float | None:
        """The first time on a step at which something leaves its regime."""

        def room(t: float) -> Floats:
            return self._equations.room(np.asarray(way(t)), self._regime)

        first = room(begun)
        if np.any(first[self._regime.kept] < -LOST):
            return begun
        self._floor = floor = np.where(first > 0, 0.0, np.minimum(self._floor, first))
        outside = np.flatnonzero(room(ended) < floor)
        if not outside.size:
            return None
        from scipy.optimize import brentq

        exact = EXACT * ended
        return min(
            float(
                brentq(
                    lambda t, k=k: room(t)[k] - floor[k], begun, ended, xtol=exact, rtol=4 * EXACT
                )
            )
            for k in outside
        )

    def at(self, t: float) -> Floats:
        """θ at a time.

        Raises:
            InputError: where the steps are not enough.
        """
        if t == 0:
            return self._start.copy()
        reached = self.can_reach(t)
        if self._rests and t >= self._solver.t:
            return np.array(self._solver.y)
        if not reached:
            found = f"a time beyond {self._solver.t:.3g}, where {len(self._ends)} steps have led"
            why = "this flow is integrated step by step"
            if self._lost:
                why = f"there bends are met at once {self._lost}"
            raise InputError("t", found, f"earlier times: {why}")
        return np.asarray(self._ways[bisect_left(self._ends, t)](t))
