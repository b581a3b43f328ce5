"""A network as the derivation takes it: the activation, and the loss. Nothing else is given.

f(x) = γ Σᵢ uᵢ σ(hᵢ) with the preactivation hᵢ = Σⱼ wᵢⱼ xⱼ (Xu & Ziyin 2025, Eq. 1, has
σ(h) = h^β). A file in `symbolic/models/` defines σ, one in `symbolic/losses/` the loss, which is the
square where none is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Expr, Function, IndexedBase, Sum, Symbol, diff

from symbolic.network.branches import BRANCHING, with_branches
from symbolic.network.losses import SQUARE, Loss
from symbolic.notation.source import Source
from symbolic.notation.symbols import d, d0, gamma, i, j, u, w


class Slope(Function):
    """σ′ of an activation that is left open."""


class Activation(Function):
    """An activation σ that is left open: what is proved with it holds for all of them."""

    def fdiff(self, argindex: int = 1) -> Expr:
        """σ′ at the same place."""
        return Slope(self.args[0])


@dataclass(frozen=True)
class Model:
    """The definition of a network.

    Attributes:
        name: of its files and on the command line.
        title: in words.
        source: paper and equation; a text is taken for the paper.
        activation: σ(h), in SymPy functions; Abs, Max, Min, sign and Heaviside become branches.
        loss: ℓ(f, y) on one data point.
    """

    name: str
    title: str
    source: Source
    activation: Callable[[Expr], Expr]
    loss: Loss = SQUARE

    def __post_init__(self) -> None:
        if isinstance(self.source, str):
            object.__setattr__(self, "source", Source(self.source))
        h = Symbol("h", real=True)
        written = self.activation(h)
        if written.has(*BRANCHING):
            branches = with_branches(written)
            object.__setattr__(self, "activation", lambda place: branches.xreplace({h: place}))

    def neuron(self, weight: Expr, preactivation: Expr) -> Expr:
        """φ(u, h) = u σ(h), the output of one neuron before the scale γ."""
        return weight * self.activation(preactivation)

    def preactivation(self, point: IndexedBase) -> Expr:
        """Σⱼ wᵢⱼ xⱼ of neuron i, any input dimension."""
        return Sum(w[i, j] * point[j], (j, 1, d0))

    def output(self, point: IndexedBase) -> Expr:
        """f(x) = γ Σᵢ uᵢ σ(Σⱼ wᵢⱼ xⱼ), any width."""
        return gamma * Sum(self.neuron(u[i], self.preactivation(point)), (i, 1, d))

    def with_open_activation(self) -> Model:
        """The same network with σ left open."""
        return replace(self, activation=Activation)

    def close(self, expression: Expr) -> Expr:
        """Put σ and its derivative where they were left open."""
        z = Symbol("z", real=True)
        slope = diff(self.activation(z), z)
        return expression.replace(Activation, self.activation).replace(
            Slope, lambda place: slope.xreplace({z: place})
        )
