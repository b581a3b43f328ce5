"""One run of an integrator that goes on as far as times are asked for, and remembers its way."""

from __future__ import annotations

import math
import time
import warnings
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import LSODA

from numeric.data.arrays import Floats
from numeric.errors import InputError

STEPS = 20_000  # that a run may take


class Integration:
    """dθ/dt = v(t, θ) from a start on.

    Args:
        velocity: v.
        start: θ at t = 0.
        relative, absolute: tolerances.
    """

    def __init__(
        self,
        velocity: Callable[[float, Floats], Floats],
        start: Floats,
        relative: float,
        absolute: float,
    ) -> None:
        self._given = velocity, start, relative, absolute
        self._begin()

    def _begin(self) -> None:
        velocity, self._start, relative, absolute = self._given
        least = np.finfo(float).tiny
        self._solver = LSODA(
            velocity, 0.0, self._start, math.inf, rtol=relative, atol=max(absolute, least)
        )
        self._ends: list[float] = []
        self._ways: list[Any] = []

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

    def can_reach(self, t: float, until: float = math.inf) -> bool:
        """Go on to a time; whether the steps were enough, and the clock (`time.monotonic`) let them."""
        while self._solver.t < t:
            if len(self._ends) >= STEPS or self._solver.status != "running":
                return False
            if time.monotonic() > until:
                return False
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the status says it, too
                self._solver.step()
            self._ends.append(self._solver.t)
            self._ways.append(self._solver.dense_output())
        return True

    def at(self, t: float) -> Floats:
        """θ at a time.

        Raises:
            InputError: where the steps are not enough.
        """
        if t == 0:
            return self._start.copy()
        if not self.can_reach(t):
            found = f"a time beyond {self._solver.t:.3g}, where {len(self._ends)} steps have led"
            raise InputError("t", found, "earlier times: this flow is integrated step by step")
        return np.asarray(self._ways[bisect_left(self._ends, t)](t))
