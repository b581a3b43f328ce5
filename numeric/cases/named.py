"""Cases that name their model: {"model": "single_neuron", …}, one file a model in `numeric.cases.models`.

A model is a module there with KEYS and `read`, which makes a `NamedCase` of the fields; its docstring is
its help. Nothing lists them: a file more is a model more.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from numeric import hints
from numeric.cases import models
from numeric.cases.wanted import NOTHING, Wanted
from numeric.data.decimals import shown
from numeric.errors import InputError

LEFT = 0.01  # of the loss that can go, at the last of the default times
SOLVED, MARCHED = 400, 12  # factors of 1.5 by which default times may grow


@dataclass(frozen=True)
class Answer:
    """What a model's case is answered with: floats, or strings of correct digits; None is undefined.

    Attributes:
        t: times.
        columns: for each observable its values, one a time: numbers, or lists of numbers.
        constants: what does not move.
        limit: the observables at t = ∞; empty where they are not known.
        method: what answered: "riccati", "march", …
        why: why no stronger one did; empty where none is.
    """

    t: list[Any]
    columns: dict[str, list[Any]]
    constants: dict[str, Any] = field(default_factory=dict)
    limit: dict[str, Any] = field(default_factory=dict)
    method: str = ""
    why: str = ""

    def without(self, names: Iterable[str]) -> Answer:
        """The same with fewer columns."""
        columns, limit = (
            {name: z for name, z in one.items() if name not in names}
            for one in (self.columns, self.limit)
        )
        return replace(self, columns=columns, limit=limit)

    def as_json(self) -> dict[str, Any]:
        """A dictionary for `json.dumps`."""
        content = {"t": self.t, **self.columns, **self.constants, "limit": self.limit}
        return content | {"method": self.method} | ({"why": self.why} if self.why else {})


class NamedCase(Protocol):
    """A case of a model.

    Attributes:
        panels: observables with one number a time, that a picture shows.
        weights: columns that are weights.
    """

    panels: tuple[str, ...]
    weights: tuple[str, ...]

    def default_times(self) -> list[Fraction]:
        """Times that show what happens."""

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """All of it; raises InputError for digits of what is not solved, with what would make it so."""

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""


def parse(content: dict[str, Any], folder: Path = Path()) -> NamedCase:
    """A case from decoded JSON that has a "model".

    Raises:
        InputError: for a model that there is not, and keys that are not its own or missing.
    """
    name = content["model"]
    if not isinstance(name, str) or name not in models.names():
        raise InputError(
            "model", shown(name), hints.suggestion(str(name), models.names(), "models")
        )
    module = _module(name)
    given = {key: value for key, value in content.items() if key != "model"}
    for key in given:
        if key not in module.KEYS:
            raise InputError(
                key, "an unknown key", hints.suggestion(key, module.KEYS, f"keys of {name}")
            )
    case: NamedCase = module.read(given)
    return case


def _module(name: str) -> Any:
    return importlib.import_module(f"{models.__name__}.{name}")


def short_times(last: float, number: int = 21) -> list[Fraction]:
    """Equally spaced times up to about `last`, short decimals that a table shows in full."""
    step = Fraction(f"{min(max(last, 1e-300), 1e300) / (number - 1):.1e}")
    return [step * k for k in range(number)]


def until_fallen(losses: Any, end: float, scale: float, most: int) -> float:
    """A time at which a hundredth of the loss's fall is left, or less.

    Args:
        losses: the loss at a float64 time.
        end: its limit.
        scale: a time to begin with, which grows by factors of 1.5.
        most: how often it may grow.
    """
    last, start = scale, float(losses(0.0))
    for _ in range(most):
        if not math.isfinite(last) or float(losses(last)) - end <= LEFT * (start - end):
            break
        last *= 1.5
    return last


def plain(value: Any) -> Any:
    """Arrays as lists, numbers as floats, what is not finite as None; text as it is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return (float(value) + 0.0) if math.isfinite(value) else None
