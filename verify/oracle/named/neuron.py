"""One linear neuron f = a wᵀx under ½‖X a w − y‖²."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from verify.oracle.named.problem import (
    Matrix,
    Named,
    Place,
    Problem,
    Tensors,
    Vector,
    floats,
    kernel_distance,
    tangent_kernel,
)
from verify.oracle.problem import Floats


@dataclass(frozen=True)
class Neuron(Problem):
    """X has a row an input; a₀, w₀ and the rates are exact."""

    name: str
    X: Matrix
    y: Vector
    a0: Fraction
    w0: Vector
    eta_a: Fraction
    eta_w: Fraction
    unstable: bool = False
    model: ClassVar[str] = "single_neuron"

    def start(self) -> Named:
        """A and w."""
        return {"a": floats([self.a0]), "w": floats(self.w0)}

    def rates(self) -> Named:
        """η_a and η_w."""
        return {
            "a": floats([self.eta_a]),
            "w": np.full(len(self.w0), float(self.eta_w)),
        }

    def data(self) -> Named:
        """X and y."""
        return {"X": floats(self.X), "y": floats(self.y)}

    @staticmethod
    def losses(weights: Tensors, data: Tensors) -> Tensor:
        """½‖X a w − y‖²."""
        f = weights["a"] * (data["X"] @ weights["w"][:, :, None])[:, :, 0]
        return ((f - data["y"]) ** 2).sum(1) / 2

    def pace(self) -> float:
        """η_w a² + η_a‖w‖² and what the targets pull, times the largest eigenvalue of XᵀX."""
        X, y = self.data().values()
        start, rates = self.start(), (float(self.eta_a), float(self.eta_w))
        own = rates[1] * float(start["a"][0]) ** 2 + rates[0] * float(start["w"] @ start["w"])
        largest = float(np.linalg.norm(X, 2))
        pull = 2 * (rates[0] * rates[1]) ** 0.5 * float(np.linalg.norm(y)) * largest
        return own * largest**2 + pull

    def observe(self, weights: Named) -> Named:
        """a, w, μ = a‖w‖, φ = cos∠(w, β*), loss, residual in the row space, S(0, t)."""
        X, y = self.data().values()
        (a,), w = weights["a"], weights["w"]
        inverse = np.linalg.pinv(X)
        target = inverse @ y
        length = float(np.linalg.norm(w))
        with np.errstate(all="ignore"):
            phi = np.float64(w @ target) / (length * np.float64(np.linalg.norm(target)))
        return {
            "a": np.asarray(a),
            "w": w,
            "mu": np.asarray(a * length),
            "phi": np.asarray(phi),
            "loss": np.asarray(np.sum((a * (X @ w) - y) ** 2) / 2),
            "residual": inverse @ (a * (X @ w)) - target,
            "kernel_distance": np.asarray(kernel_distance(*map(self._kernel, (self.start(), weights)))),
        }  # fmt: skip

    def sizes(self, weights: Named) -> Named:
        """A residual is a difference, a loss a sum of squares of such."""
        X, y = self.data().values()
        a, length = abs(float(weights["a"][0])), float(np.linalg.norm(weights["w"]))
        largest = float(np.linalg.norm(X, 2))
        parts = a * length * largest + float(np.linalg.norm(y))
        aim = float(np.linalg.norm(np.linalg.pinv(X) @ y))
        left = float(np.linalg.norm(a * (X @ weights["w"]) - y))
        return {
            "a": np.asarray(a),
            "w": np.asarray(length),
            "mu": np.asarray(a * length),
            "phi": np.asarray(1.0),
            "loss": np.asarray(parts * (left + 1e-6 * parts)),
            "residual": np.asarray(a * length + aim),
            "kernel_distance": np.asarray(1.0),
        }

    def terms(self, weights: Any, sides: Sequence[bool]) -> Any:
        """½ Σ (a w·x − y)²."""
        (a,), w = weights["a"], weights["w"]
        total: Any = 0
        for x, y in zip(self.X, self.y, strict=True):
            f = a * sum(q * _plain(z, a) for q, z in zip(w, x, strict=True)) - _plain(y, a)
            total += f * f
        return total / 2

    def watched(self) -> list[Place]:
        """The output weight."""
        return [("a", 0)] if self.a0 else []

    def _kernel(self, weights: Named) -> Floats:
        X = torch.tensor(floats(self.X))
        return tangent_kernel(lambda at: at["a"] * (X @ at["w"]), weights, self.rates())


def _plain(value: Fraction, like: Any) -> Any:
    """A fraction in the numbers that are computed with."""
    return (0 * like + value.numerator) / value.denominator
