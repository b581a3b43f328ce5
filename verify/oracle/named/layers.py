"""Two linear layers f = W₂W₁x under ½ c‖W₂W₁ − B‖²: their products, weights turn without being seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from verify.oracle.named.problem import Matrix, Named, Problem, Tensors, floats


@dataclass(frozen=True)
class Layers(Problem):
    """W₁ is h × d, W₂ is o × h; rates η₁ and η₂, c and B are exact."""

    name: str
    W1: Matrix
    W2: Matrix
    rate_pair: tuple[Fraction, Fraction]
    scale: Fraction
    target: Matrix
    unstable: bool = False
    model: ClassVar[str] = "deep_linear"

    def start(self) -> Named:
        """W₁ and W₂."""
        return {"W1": floats(self.W1), "W2": floats(self.W2)}

    def rates(self) -> Named:
        """η₁ and η₂."""
        start, (first, second) = self.start(), map(float, self.rate_pair)
        return {"W1": first + 0 * start["W1"], "W2": second + 0 * start["W2"]}

    def data(self) -> Named:
        """C and B."""
        return {"c": floats([self.scale]), "B": floats(self.target)}

    @staticmethod
    def losses(weights: Tensors, data: Tensors) -> Tensor:
        """½ c‖W₂W₁ − B‖²."""
        rest = weights["W2"] @ weights["W1"] - data["B"]
        return data["c"][:, 0] / 2 * (rest**2).sum((1, 2))

    def pace(self) -> float:
        """η₁‖W₂‖² + η₂‖W₁‖² and what the target pulls, times c."""
        start, (first, second) = self.start(), map(float, self.rate_pair)
        own = first * np.linalg.norm(start["W2"], 2) ** 2
        own += second * np.linalg.norm(start["W1"], 2) ** 2
        pull = 2 * (first * second) ** 0.5 * np.linalg.norm(floats(self.target), 2)
        return float(self.scale) * float(own + pull)

    def observe(self, weights: Named) -> Named:
        """W₂W₁, W₁ᵀW₁, W₂W₂ᵀ, loss and residual."""
        W1, W2 = weights["W1"], weights["W2"]
        rest = W2 @ W1 - floats(self.target)
        return {
            "product": W2 @ W1,
            "gram_in": W1.T @ W1,
            "gram_out": W2 @ W2.T,
            "loss": np.asarray(float(self.scale) / 2 * np.sum(rest**2)),
            "residual": rest,
        }

    def sizes(self, weights: Named) -> Named:
        """A residual is a difference, a loss a sum of squares of such."""
        one, two = (float(np.linalg.norm(weights[name], 2)) for name in ("W1", "W2"))
        rest = float(np.linalg.norm(self.observe(weights)["residual"]))
        parts = one * two + float(np.linalg.norm(floats(self.target)))
        found = {
            "product": one * two, "gram_in": one**2, "gram_out": two**2, "residual": parts,
            "loss": float(self.scale) * parts * (rest + 1e-6 * parts),
        }  # fmt: skip
        return {name: np.asarray(value) for name, value in found.items()}

    def terms(self, weights: Any, sides: Sequence[bool]) -> Any:
        """½ c Σ (W₂W₁ − B)²."""
        W1, W2 = weights["W1"], weights["W2"]
        total: Any = 0
        for row, aims in zip(W2, self.target, strict=True):
            for j, aim in enumerate(aims):
                f = sum(z * first[j] for z, first in zip(row, W1, strict=True))
                rest = f - (0 * f + aim.numerator) / aim.denominator
                total += rest * rest
        return total * self.scale.numerator / self.scale.denominator / 2
