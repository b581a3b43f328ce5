"""One ReLU neuron on orthonormal inputs: ½ Σ (a relu(vᵢ) − yᵢ)², both rates 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from verify.oracle.named.problem import Named, Place, Problem, Tensors, Vector, floats
from verify.oracle.problem import Floats


@dataclass(frozen=True)
class Relu(Problem):
    """a₀, preactivations v₀ and targets, exact."""

    name: str
    a0: Fraction
    v0: Vector
    y: Vector
    unstable: bool = False
    model: ClassVar[str] = "relu_neuron"
    padding: ClassVar[Mapping[str, float]] = {"v": -1.0}

    def start(self) -> Named:
        """A and v."""
        return {"a": floats([self.a0]), "v": floats(self.v0)}

    def rates(self) -> Named:
        """1 each."""
        return {"a": np.ones(1), "v": np.ones(len(self.v0))}

    def data(self) -> Named:
        """The targets."""
        return {"y": floats(self.y)}

    @staticmethod
    def losses(weights: Tensors, data: Tensors) -> Tensor:
        """½ Σ (a relu(vᵢ) − yᵢ)²."""
        return ((weights["a"] * weights["v"].relu() - data["y"]) ** 2).sum(1) / 2

    def pace(self) -> float:
        """a² + ‖v‖² of what is active, and what the targets pull."""
        a, v, y = floats([self.a0]), floats(self.v0), floats(self.y)
        return float(a @ a + np.sum(np.maximum(v, 0) ** 2) + 2 * np.linalg.norm(y))

    def observe(self, weights: Named) -> Named:
        """a, v, residual and loss."""
        (a,), v = weights["a"], weights["v"]
        rest = a * np.maximum(v, 0) - floats(self.y)
        return {"a": np.asarray(a), "v": v, "residual": rest, "loss": np.asarray(rest @ rest / 2)}

    def sizes(self, weights: Named) -> Named:
        """A residual is a difference, a loss a sum of squares of such."""
        (a,), v = np.abs(weights["a"]), float(np.linalg.norm(weights["v"]))
        rest = float(np.linalg.norm(self.observe(weights)["residual"]))
        parts = a * v + float(np.linalg.norm(floats(self.y)))
        found = {"a": a, "v": v, "residual": parts, "loss": parts * (rest + 1e-6 * parts)}
        return {name: np.asarray(value) for name, value in found.items()}

    def terms(self, weights: Any, sides: Sequence[bool]) -> Any:
        """½ Σ (a relu(vᵢ) − yᵢ)²."""
        (a,), total = weights["a"], 0 * weights["a"][0]
        for v, y, side in zip(weights["v"], self.y, sides, strict=True):
            rest = (a * v if side else 0 * v) - (0 * a + y.numerator) / y.denominator
            total += rest * rest
        return total / 2

    def watched(self) -> list[Place]:
        """The preactivations that are active."""
        return [("v", i) for i, v in enumerate(self.v0) if v > 0]

    def remaining(self, weights: Named) -> Floats:
        """The residual of the active inputs."""
        found: Floats = self.observe(weights)["residual"][weights["v"] > 0]
        return found

    def kinks(self, weights: Mapping[str, Any]) -> Sequence[bool]:
        """Which inputs are active."""
        return [bool(v > 0) for v in weights["v"]]
