"""What is known of a scaling limit as one report: exponents as fractions, why, and what to change."""

from __future__ import annotations

import math
from typing import Any

from numeric.generated.scaling.linear import NEVER
from numeric.limits.exponents import Classification, choose
from numeric.limits.words import advice, because, warnings

SHOWN = (
    "t_c",
    "alpha_minus_1",
    "kernel_change",
    "movement_u",
    "movement_w",
    "alignment",
    "output_0",
)


def text(value: Any) -> str:
    """An exponent."""
    return "-inf" if value == NEVER else str(value)


def as_json(found: Classification) -> dict[str, Any]:
    """Everything that is known of a limit; exponents as fractions in strings."""
    exponents = found.exponents._asdict()
    order = [*SHOWN, *(name for name in exponents if name not in SHOWN)]
    return {
        "stability": found.stability,
        "phase": found.phase,
        "start": found.start,
        "scales": {name: str(value) for name, value in found.scales._asdict().items()},
        "exponents": {name: text(exponents[name]) for name in order},
        "because": because(found),
        "warnings": warnings(found),
    }


def wanted(found: Classification, phase: str) -> dict[str, Any]:
    """The output scale and rates that lead to a phase."""
    choice = choose(found.scales, found.start, phase)
    report: dict[str, Any] = {"phase": phase, "possible": choice is not None}
    if choice is not None:
        report |= {
            "multiply_gamma": str(choice.gamma),
            "multiply_eta": str(choice.eta),
            "scales": {name: str(v) for name, v in choice.result.scales._asdict().items()},
        }
    return report | {"advice": advice(choice, found, phase)}


def finite(value: Any) -> Any:
    """A report with null for what is infinite or undefined, as JSON has it."""
    if isinstance(value, dict):
        return {name: finite(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
