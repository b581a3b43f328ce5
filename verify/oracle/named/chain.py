"""A scalar chain f = ∏ a_l under ½ (∏ a_l − y)²."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from verify.oracle.named.problem import Named, Problem, Tensors, Vector, floats


@dataclass(frozen=True)
class Chain(Problem):
    """Factors at the start, their rates, and the target, exact."""

    name: str
    a0: Vector
    eta: Vector
    y: Fraction
    unstable: bool = False
    model: ClassVar[str] = "chain"
    padding: ClassVar[Mapping[str, float]] = {"a": 1.0}

    def start(self) -> Named:
        """The factors."""
        return {"a": floats(self.a0)}

    def rates(self) -> Named:
        """A rate each."""
        return {"a": floats(self.eta)}

    def data(self) -> Named:
        """Y."""
        return {"y": floats([self.y])}

    @staticmethod
    def losses(weights: Tensors, data: Tensors) -> Tensor:
        """½ (∏ a_l − y)²."""
        return (weights["a"].prod(1) - data["y"][:, 0]) ** 2 / 2

    def pace(self) -> float:
        """Σ η_l (∏ of the others)² and the pull of the residual, at the largest that factors become.

        a_l²/η_l differ by constants; until the product is y none is above its start by more than |y|
        over the roots of all rates, to the power 2/L.
        """
        a, eta = floats(self.a0), floats(self.eta)
        depth, y = len(a), abs(float(self.y))
        grown = (y / math.sqrt(float(np.prod(eta)))) ** (2 / depth)
        largest = np.sqrt(eta * (a * a / eta + grown))
        others = np.array([np.prod(np.delete(largest, k)) for k in range(depth)])
        own = float(np.sum(eta * others**2))
        if depth == 1:
            return own
        rest = y + abs(float(np.prod(a)))
        pairs = max(
            math.sqrt(eta[i] * eta[j]) * float(np.prod(np.delete(largest, (i, j))))
            for i in range(depth) for j in range(i)
        )  # fmt: skip
        return own + rest * pairs * (depth - 1)

    def observe(self, weights: Named) -> Named:
        """Factors, product, residual and loss."""
        product = float(np.prod(weights["a"]))
        rest = product - float(self.y)
        return {
            "a": weights["a"],
            "product": np.asarray(product),
            "residual": np.asarray(rest),
            "loss": np.asarray(rest**2 / 2),
        }

    def sizes(self, weights: Named) -> Named:
        """A residual is a difference, a loss half its square."""
        product = abs(float(np.prod(weights["a"])))
        parts, rest = product + abs(float(self.y)), abs(product - abs(float(self.y)))
        found = {
            "a": float(np.abs(weights["a"]).max()), "product": product, "residual": parts,
            "loss": parts * (rest + 1e-6 * parts),
        }  # fmt: skip
        return {name: np.asarray(value) for name, value in found.items()}

    def terms(self, weights: Any, sides: Sequence[bool]) -> Any:
        """½ (∏ a_l − y)²."""
        product: Any = 1
        for one in weights["a"]:
            product = product * one
        rest = product - (0 * product + self.y.numerator) / self.y.denominator
        return rest * rest / 2
