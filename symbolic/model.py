"""A network as the derivation takes it: one neuron's output, and the loss. Nothing else is given.

The network is additive, f(x) = γ Σᵢ φ(uᵢ, hᵢ) with the preactivation hᵢ = Σⱼ wᵢⱼ xⱼ
(Xu & Ziyin 2025, Eq. 1). A file in `symbolic/models/` defines φ and the loss.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, IndexedBase, Sum

import symbolic.models
from symbolic.notation import d, d0, gamma, i, j, u, w


@dataclass(frozen=True)
class Model:
    """The definition of a network.

    Attributes:
        name: of its files and on the command line.
        title: in words.
        source: paper and equation.
        neuron: φ(u, h), the output of one neuron before the scale γ.
        loss: L(f, y) on one data point.
    """

    name: str
    title: str
    source: str
    neuron: Callable[[Expr, Expr], Expr]
    loss: Callable[[Expr, Expr], Expr]

    def preactivation(self, point: IndexedBase) -> Expr:
        """Σⱼ wᵢⱼ xⱼ of neuron i, any input dimension."""
        return Sum(w[i, j] * point[j], (j, 1, d0))

    def output(self, point: IndexedBase) -> Expr:
        """f(x) = γ Σᵢ φ(uᵢ, Σⱼ wᵢⱼ xⱼ), any width."""
        return gamma * Sum(self.neuron(u[i], self.preactivation(point)), (i, 1, d))


def names() -> list[str]:
    """The names of all networks: one module in `symbolic/models/` each."""
    return sorted(module.name for module in pkgutil.iter_modules(symbolic.models.__path__))


def load(name: str) -> Model:
    """The definition of a network by its name."""
    model: Model = importlib.import_module(f"symbolic.models.{name}").MODEL
    return model
