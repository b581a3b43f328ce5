"""What the flow conserves, descent changes in proportion to its step.

Over a fixed time at the steps h, h/2, h/4 …, the change of a law falls with order 1; the change of what
is no law tends to the one that the flow makes, with order 0. Where long steps show neither, as beside
the bend of a gate, shorter ones are taken.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

from verify.oracle.declared.descent import halvings
from verify.oracle.declared.problem import Problems
from verify.properties.declared.quantities import Parts, Quantity
from verify.properties.declared.rates import state

TIME, STEPS = 0.25, 8  # in the unit of a problem; of the longest
HALVINGS, MORE, MOST = 4, 2, 8  # that are looked at; that are added; in all
SLOPE = 0.15  # how far from 1 a slope may be
ROUNDING = 1e-13  # of the terms of a law: what a thousand steps add up


class Runs:
    """Descent at halved steps, as many as are asked for.

    Args:
        problems: their starts.

    Attributes:
        states: weights at the start, then at the end of each run.
    """

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.states = [state(problems)]
        self._last: tuple[Parts, list[Tensor]] | None = None
        self._further(HALVINGS + 1)

    @property
    def halvings(self) -> int:
        """How many there are."""
        return len(self.states) - 2

    def refine(self) -> None:
        """Halve a few times more."""
        self._further(MORE)

    def _further(self, levels: int) -> None:
        runs = halvings(self._problems, TIME, STEPS << (len(self.states) - 1), levels)
        self.states += [self.states[0].at(one) for one in runs]
        self._last = None

    def parts(self, quantity: Quantity) -> list[Tensor]:
        """Of a quantity at the start and the ends; kept for its alterations."""
        if self._last is None or self._last[0] is not quantity.parts:
            self._last = quantity.parts, [quantity.parts(one) for one in self.states]
        return self._last[1]


def changes(runs: Runs, quantity: Quantity) -> list[float]:
    """The change in each run over the size of the terms, root mean square of all problems."""
    c = quantity.coefficients[:, None]
    values = [c * one for one in runs.parts(quantity)]
    size = torch.stack([one.abs().amax(2).sum(1) for one in values]).amax(0)
    return [
        float((((one - values[0]).sum(1) / size[:, None]) ** 2).sum(1).mean().sqrt())
        for one in values[1:]
    ]


def has_order_one(runs: Runs, quantity: Quantity) -> float:
    """How far the worst slope of four halvings is from 1, over what is allowed.

    Some laws descent keeps to rounding: then the largest change over that. Where only some changes are
    as small, nothing is decided, and that is no success.
    """
    while True:
        found = changes(runs, quantity)
        if all(change <= ROUNDING for change in found):
            return max(found) / ROUNDING
        last = found[-HALVINGS - 1 :]
        if not all(change > 100 * ROUNDING for change in last):
            return math.inf
        slopes = [math.log2(one / other) for one, other in pairwise(last)]
        ratio = max(abs(slope - 1) for slope in slopes) / SLOPE
        if ratio <= 1 or slopes[-1] < 0.5 or runs.halvings >= MOST:
            return ratio
        runs.refine()
