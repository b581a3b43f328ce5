"""Stage: a loss whose slope is constant on every branch, as the hinge's: there t is linear in s.

ds/dt = −∂ℓ/∂f, whatever the network: until the output meets the next bend t = s/(−∂ℓ/∂f).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, diff

from symbolic.network.convexity import ConvexLoss, branches
from symbolic.notation.symbols import f
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, prove_zero


@dataclass(frozen=True, kw_only=True)
class ConstantSpeed(Record):
    """The slopes of a loss that has no other on any branch.

    Attributes:
        slopes: ∂ℓ/∂f branch by branch, in y.
    """

    loss: Need[ConvexLoss]
    slopes: tuple[Expr, ...]

    def certify(self) -> Iterator[Certificate]:
        """By differentiation."""
        found = tuple(value for value, _ in branches(self.loss.slope))
        named = Proved("names") if found == self.slopes else Undecided(f"{found}")
        yield Certificate("no branch is left out", named)
        for number, value in enumerate(self.slopes, 1):
            constant = prove_zero(diff(value, f))
            yield Certificate(f"branch {number} of the slope does not change", constant)

    def explain(self) -> Iterator[Step]:
        """Time by warped time."""
        rows = tuple((r"-\frac{ds}{dt}", value) for value in self.slopes)
        yield Step(
            "Elapsed time at a constant speed",
            rows,
            "One row per branch of the loss: on each time is linear in warped time, at any width and "
            "for any activation.",
        )


def derive(loss: ConvexLoss) -> ConstantSpeed:
    """Look at every branch.

    Raises:
        DoesNotApply: where the slope changes on one.
    """
    slopes = tuple(value for value, _ in branches(loss.slope))
    if any(value.has(f) for value in slopes):
        raise DoesNotApply("the slope of the loss changes with the output")
    return ConstantSpeed(loss=loss, slopes=slopes)
