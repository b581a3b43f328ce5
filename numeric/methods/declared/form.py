"""What a formula for a declared flow answers, whichever it is."""

from __future__ import annotations

from abc import ABC, abstractmethod

from numeric.data.arrays import Floats
from numeric.methods.declared.problem import Arrays


class LackingError(Exception):
    """What a problem lacks for a form."""


class Form(ABC):
    """A solution of a problem at any time t ≥ 0, infinity included, that takes no steps.

    Attributes:
        method: "explicit" where the time is in a formula, "warp" where it is one integral,
            "riccati" where it is the quotient of a linear flow.
        kind: the class.
        how: it is solved, in words.
        gives_weights: or else outputs alone.
    """

    method: str = "explicit"
    kind: str
    how: str = "a closed form"
    gives_weights: bool

    @abstractmethod
    def weights(self, t: float) -> dict[str, Floats]:
        """Of a form that gives them."""

    def output(self, t: float, inputs: Arrays) -> Floats:
        """At any inputs, of a form that gives no weights; shape (points, …)."""
        raise NotImplementedError

    def at_points(self, t: float) -> Floats | None:
        """Outputs at all points, where they are known otherwise or better than from weights."""
        return None

    def residual(self, t: float) -> Floats | None:
        """Outputs less targets at all points, where they are known better than by that difference."""
        return None

    def loss(self, t: float) -> float | None:
        """The loss by its reduction, where it is known better than from outputs and targets."""
        return None

    def norm(self, name: str, t: float) -> float | None:
        """Of a layer, where it is known without weights."""
        return None

    def kernel(self, signal: Floats, t: float) -> Floats | None:
        """The tangent kernel times a signal at all points, where it is known without weights."""
        return None

    @property
    def limit_kind(self) -> str | None:
        """Where it ends; None where outputs at infinity say it."""
        return None
