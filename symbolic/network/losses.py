"""A loss as the derivation takes it: ℓ(f, y) on one data point, and which targets it has a meaning for.

A file in `symbolic/losses/` defines one. What is proved with a loss left open holds for every loss: the
neurons of a network do not notice which it is, only time does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sympy import Expr, Function, Symbol

from symbolic.network.branches import with_branches


class Targets(Enum):
    """Which targets a loss has a meaning for."""

    REAL = "any number"
    SIGNS = "-1 or 1"
    PROBABILITIES = "from 0 to 1"


@dataclass(frozen=True)
class Loss:
    """The definition of a loss.

    Attributes:
        name: of its file and on the command line.
        title: in words.
        value: ℓ(f, y), in SymPy functions; Abs, Max, Min, sign and Heaviside become branches.
        targets: what y may be.
    """

    name: str
    title: str
    value: Callable[[Expr, Expr], Expr]
    targets: Targets = Targets.REAL

    def __call__(self, f: Expr, y: Expr) -> Expr:
        """ℓ(f, y), with its branches."""
        place, target = Symbol("f", real=True), Symbol("y", real=True)
        return with_branches(self.value(place, target)).xreplace({place: f, target: y})


class OpenSlope(Function):
    """∂ℓ/∂f of a loss that is left open."""


class OpenLoss(Function):
    """A loss ℓ(f) at a given target that is left open: what is proved with it holds for all of them."""

    def fdiff(self, argindex: int = 1) -> Expr:
        """∂ℓ/∂f at the same place."""
        return OpenSlope(self.args[0])


SQUARE = Loss(name="square", title="squared error", value=lambda f, y: (f - y) ** 2)
