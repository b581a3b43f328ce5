"""What a declared network conserves along its flow, and how far rounding may carry it off.

A law may drift by what errors of the weights do to it, to first order: its slope by all weights, times
`ACCEPTED` of their length. The slope is measured along directions that are drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from numeric.data.arrays import Floats
from numeric.methods.declared.losses import CrossEntropy
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.trajectory import length

ACCEPTED = 1e-8  # error of the weights, of their length, that laws must not show more than
DIRECTIONS, STEP, LEEWAY = 8, 1e-6, 3.0
Weights = Mapping[str, Floats]


class Law(NamedTuple):
    """A conserved quantity.

    Attributes:
        formula: its name.
        value: of the weights.
    """

    formula: str
    value: Callable[[Weights], Floats]


class Laws:
    """Those that are proved to hold for a problem.

    Args:
        problem: what is trained.
    """

    def __init__(self, problem: DeclaredProblem) -> None:
        self._problem = problem
        self.all = list(_that_hold(problem))

    def __reduce__(self) -> tuple[type[Laws], tuple[DeclaredProblem]]:
        """What it is made from."""
        return Laws, (self._problem,)

    def values(self, weights: Weights) -> dict[str, Floats]:
        """By formula."""
        with np.errstate(all="ignore"):
            return {law.formula: law.value(weights) for law in self.all}

    @cached_property
    def start(self) -> dict[str, Floats]:
        """At the initial weights."""
        return self.values(self._problem.weights)

    @cached_property
    def _slopes(self) -> dict[str, float]:
        return self._measured(self._problem.weights)

    def _measured(self, weights: Weights) -> dict[str, float]:
        """The length of the slope of each law by all weights, for error weights · its length."""
        size = _length(weights)
        generator = np.random.default_rng(0)
        total = dict.fromkeys((law.formula for law in self.all), 0.0)
        for _ in range(DIRECTIONS):
            way = {name: generator.normal(size=array.shape) for name, array in weights.items()}
            ends = [
                self.values({name: weights[name] + sign * STEP * size * way[name] for name in way})
                for sign in (-1, 1)
            ]
            for formula in total:
                change = float(np.max(np.abs(ends[1][formula] - ends[0][formula]), initial=0.0))
                # of weights of 1e-100, too, whose laws have squares that underflow
                slope = change / (2 * STEP) / np.sqrt(DIRECTIONS)
                total[formula] = float(np.hypot(total[formula], slope))
        return total

    def drifted(self, weights: Weights) -> str | None:
        """The first law that is not what it was at the start; None where all are."""
        now, late = self.values(weights), None
        for formula, value in now.items():
            drift = float(np.max(np.abs(value - self.start[formula]), initial=0.0))
            allowed = LEEWAY * ACCEPTED * self._slopes[formula]
            if drift <= allowed or not np.all(np.isfinite(self.start[formula])):
                continue
            late = late or self._measured(weights)
            if not drift <= allowed + LEEWAY * ACCEPTED * late[formula]:
                return f"{formula} is conserved and has drifted by {drift:.1g}"
        return None


def _that_hold(problem: DeclaredProblem) -> Iterator[Law]:
    module = problem.module
    for name, (formulas, sizes) in module.LAWS.items():
        if sizes is not None and not _is_of(problem, sizes):
            continue
        function = getattr(module, name)
        for number, formula in enumerate(formulas):
            yield Law(formula, _entry(function, number, problem.rates))


def _entry(
    function: Callable[..., Any], number: int, rates: Mapping[str, float]
) -> Callable[[Weights], Floats]:
    return lambda weights: np.asarray(function(weights, rates)[number])


def _is_of(problem: DeclaredProblem, sizes: Mapping[str, int]) -> bool:
    """Whether laws of an instance hold: by its sizes, its losses and its data."""
    module = problem.module
    fits = all(problem.sizes[symbol] == value for symbol, value in sizes.items())
    if module.LOSS == "softmax" and not isinstance(problem.loss, CrossEntropy):
        return False
    return fits and (module.DATA != "points" or _are_listed(problem))


def _are_listed(problem: DeclaredProblem) -> bool:
    listed = problem.module.LISTED
    return all(
        any(
            all(np.array_equal(problem.inputs[name][k], point[name]) for name in problem.inputs)
            for point in listed
        )
        for k in range(problem.points)
    )


def _length(weights: Weights) -> float:
    return length(np.array([length(array) for array in weights.values()])) or 1.0
