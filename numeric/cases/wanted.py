"""What is asked of a model's case beside its observables at times: `solve`'s other options."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numeric.data.decimals import as_float, number
from numeric.errors import InputError

ABOVE = "above the loss at the start"
NEVER = "never reached"


@dataclass(frozen=True)
class Wanted:
    """Options that a model answers, or refuses with the reason.

    Attributes:
        losses: of each the time is wanted at which it is reached.
        since: the time from which kernel_distance is; None is 0, where nobody asked.
        weights: whether those are wanted that the model does not have among its observables.
    """

    losses: tuple[Fraction, ...] = ()
    since: Fraction | None = None
    weights: bool = False

    @property
    def begin(self) -> Fraction:
        """The time from which kernel_distance is."""
        return Fraction(0) if self.since is None else self.since

    def refuse_since(self, model: str, reason: str) -> None:
        """Raise InputError where a kernel distance is asked of a model that has none."""
        if self.since is not None:
            raise InputError("--since", f"a case of {model}", f"one with kernel_distance: {reason}")

    def float_losses(self) -> list[float]:
        """The losses; raises InputError for one beyond float64."""
        return [as_float(f"--to-loss, entry {k}", z) for k, z in enumerate(self.losses, 1)]


NOTHING = Wanted()


def losses(text: str) -> tuple[Fraction, ...]:
    """Comma-separated losses, exact decimals."""
    found = []
    for position, part in enumerate(text.split(",")):
        field = f"--to-loss, entry {position + 1}"
        value = number(field, part)
        if value < 0:
            raise InputError(field, part.strip(), "a loss of at least 0")
        found.append(value)
    return tuple(found)


def moment(field: str, text: str) -> Fraction:
    """One time, an exact decimal, t ≥ 0."""
    value = number(field, text)
    if value < 0:
        raise InputError(field, text.strip(), "a time t >= 0")
    return value


def reached(goals: Iterable[Any], times: Iterable[Any]) -> dict[str, Any]:
    """Losses with their times, and why one has none: NaN above the start, ∞ where it is never reached.

    Args:
        goals: in the numbers' kind: floats or mpmath numbers.
        times: one a loss.
    """
    found = [
        {"loss": goal, "time": None, "why": NEVER if t == t else ABOVE}
        if t != t or t == math.inf
        else {"loss": goal, "time": t}
        for goal, t in zip(goals, times, strict=True)
    ]
    return {"time_to_loss": found} if found else {}
