"""One step of descent changes a quadratic law by exactly h² times its value at the gradient.

With θ′ = θ − h M g and a law q of degree 2 at most, q(θ′) − q(θ) = h² gᵀMSMg for every h, large or small:
what is linear in h is −h ∇q·M g, which vanishes for every gradient g if and only if q is a law.
"""

from __future__ import annotations

import torch
from torch import Tensor

from verify.oracle.declared.descent import step
from verify.oracle.declared.problem import Problems
from verify.properties.declared.quantities import Parts, Quantity
from verify.properties.declared.rates import State, state

ROUNDED = 1e-12  # of the terms: a thousand roundings


class Step:
    """One step of length 1 of each problem, which moves the weights by no more than their length.

    Args:
        problems: their starts.

    Attributes:
        before, after, moved: the weights, and h M g.
    """

    def __init__(self, problems: Problems) -> None:
        self.before = state(problems)
        after = step(problems, torch.ones(problems.count, dtype=torch.float64))
        self.after = self.before.at(after)
        moved = {name: value - after[name] for name, value in problems.weights.items()}
        self.moved = self.before.at(moved)
        self._last: tuple[Parts, list[Tensor]] | None = None

    def parts(self, quantity: Quantity) -> list[Tensor]:
        """Of a quantity, before, after, and of h M g; kept for its alterations."""
        if self._last is None or self._last[0] is not quantity.parts:
            states: list[State] = [self.before, self.after, self.moved]
            self._last = quantity.parts, [quantity.parts(one) for one in states]
        return self._last[1]


def has_exact_drift(taken: Step, quantity: Quantity) -> float:
    """Error of the drift over what rounding explains, the worst of all problems and entries.

    Args:
        taken: a step of some problems.
        quantity: of degree 2 at most.

    Raises:
        ValueError: for a quantity that is not.
    """
    if quantity.degrees is None:
        raise ValueError(f"{quantity.name}: no law of degree 2")
    before, after, moved = taken.parts(quantity)
    second = moved * (quantity.degrees == 2)[:, None]
    c = quantity.coefficients[:, None]
    error = (c * (after - before - second)).sum(1).abs().amax(1)
    sizes = [(c * one).abs().amax(2).sum(1) for one in (before, after, second)]
    return worst(error / (ROUNDED * torch.stack(sizes).sum(0)))


def worst(ratios: Tensor) -> float:
    """The largest; infinite where one is not a number."""
    return float(ratios.nan_to_num(nan=torch.inf).max())
