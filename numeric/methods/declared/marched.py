"""A declared flow integrated, in as few dimensions as it has, with its laws watched."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from numeric.data.arrays import Floats
from numeric.errors import InputError, InternalCheckError
from numeric.methods.declared.bends import Bends
from numeric.methods.declared.equations import Equations
from numeric.methods.declared.laws import Laws
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.declared.turned import Turned
from numeric.methods.march.integration import Integration
from numeric.methods.march.rest import followed
from numeric.methods.trajectory import length
from numeric.pickling import Lock

EACH = 1000  # steps from one time to its double, after which the way to the limit is not followed further
RELATIVE = 1e-11  # tolerance of the integrator, of each weight or of the typical one
TIGHTER = 1e-13  # the same, where a law has drifted
COARSER = 100  # times that, of the second run


class Marched:
    """The raw equations of a problem, integrated.

    Where a law has drifted by more than errors of 1e-8 of the weights do, the way is gone again with a
    finer tolerance.

    Args:
        turned: the problem in fewer dimensions, which is the one that is integrated.
        equations: of it.
        problem: as it was given.

    Attributes:
        equations, laws: in these dimensions.
        start: weights there, joined.
        moves: whether anything moves at all.
        runs: of two tolerances.
        is_tight: whether they are the finer ones.

    Raises:
        InputError: for velocities beyond float64.
    """

    def __init__(self, turned: Turned, equations: Equations, problem: DeclaredProblem) -> None:
        self._problem, self.equations, self.laws = problem, equations, Laws(turned.problem)
        self._lock = Lock()
        self.start = self.equations.joined(turned.problem.weights)
        moved = self.equations.velocity(self.start, self.equations.start(self.start))
        if not np.all(np.isfinite(moved)):
            expected = "weights whose velocities float64 can hold"
            raise InputError("the start", "velocities beyond float64", expected)
        self.moves, self.is_tight = bool(np.any(moved)), False
        self.runs = self._integrations(RELATIVE)

    def _integrations(self, relative: float) -> list[Integration]:
        typical = length(self.start) / math.sqrt(self.start.size)
        return [
            Integration(self.equations, self.start, relative * k, relative * k * typical, Bends)
            for k in (1, COARSER)
        ]

    def at(self, t: float, run: int = 0) -> dict[str, Floats]:
        """Weights at one time in fewer dimensions, whose laws are as they were.

        Args:
            t: the time.
            run: 0, or 1 for the coarser tolerance.

        Raises:
            InternalCheckError: where a law does not hold at the finer tolerance either.
        """
        with self._lock, np.errstate(all="ignore"):
            while True:
                weights = self.equations.split(self._theta(t, run))
                drifted = self.laws.drifted(weights) if run == 0 else None
                if drifted is None:
                    return weights
                if self.is_tight:
                    raise InternalCheckError(f"at t = {t:.6g} {drifted}")
                self.is_tight, self.runs = True, self._integrations(TIGHTER)
                vars(self).pop("rest", None)

    def _theta(self, t: float, run: int) -> Floats:
        if not self.moves:
            return self.start.copy()
        return self.runs[run].at(self.rest[0] if math.isinf(t) else t)

    @cached_property
    def rest(self) -> tuple[float, bool]:
        """When the weights have come to rest, and whether they have: else the latest time reached."""
        with self._lock, np.errstate(all="ignore"):
            return followed(self.runs[0], fastest(self._problem), each=EACH)


def fastest(problem: DeclaredProblem) -> float:
    """The rate of the fastest change at the start."""
    whole = Equations(problem)
    start = whole.joined(problem.weights)
    return whole.rate(start, whole.start(start))
