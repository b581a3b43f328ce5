"""One step of descent changes a quadratic law by exactly h² times its value at the gradient.

With θ′ = θ − h M g and a law q of degree 2 at most, q(θ′) − q(θ) = h² gᵀMSMg for every h, large or small:
what is linear in h is −h ∇q·M g, which vanishes for every gradient g if and only if q is a law.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from verify.networks.graph import Named
from verify.oracle.declared.descent import gradient
from verify.oracle.declared.problem import Problems
from verify.properties.declared.quantities import Quantity
from verify.properties.declared.rates import absorbed, restored

ROUNDED = 1e-12  # of the terms: a thousand roundings


@dataclass(frozen=True)
class Step:
    """One step of length 1, which is as long as the weights are.

    Attributes:
        before, after, slope: weights over the roots of their rates, and the gradient by them.
        raw: the same of the weights themselves.
    """

    before: Named
    after: Named
    slope: Named
    raw: tuple[Named, Named, Named]

    def of(self, quantity: Quantity) -> tuple[Named, Named, Named]:
        """What a quantity is taken of."""
        return self.raw if quantity.without_rates else (self.before, self.after, self.slope)


def one_step(problems: Problems) -> Step:
    """A step of each problem."""
    slopes, rates = gradient(problems), problems.rates
    slope = restored(slopes, rates)
    before = absorbed(problems.weights, rates)
    moved = restored(slope, rates)
    weights = {name: value - moved[name] for name, value in problems.weights.items()}
    return Step(before, absorbed(weights, rates), slope, (problems.weights, weights, moved))


def has_exact_drift(step: Step, quantity: Quantity) -> float:
    """Error of the drift over what rounding explains, the worst of all problems and entries.

    Args:
        step: of some problems.
        quantity: of degree 2 at most.
    """
    if quantity.degrees is None:
        raise ValueError(f"{quantity.name}: no law of degree 2")
    before, after, slope = (quantity.parts(one) for one in step.of(quantity))
    second = slope * (quantity.degrees == 2)[:, None]
    c = quantity.coefficients[:, None]
    error = (c * (after - before - second)).sum(1).abs().amax(1)
    size = sum(
        ((c * one).abs().amax(2).sum(1) for one in (before, after, second)),
        torch.zeros(len(error), dtype=error.dtype),
    )
    return worst(error / (ROUNDED * size))


def worst(ratios: Tensor) -> float:
    """The largest; infinite where one is not a number."""
    return float(ratios.nan_to_num(nan=torch.inf).max())
