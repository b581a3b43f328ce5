"""Which widths are sampled to measure exponents, and what was measured, as one report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from numeric.errors import InputError
from numeric.generated.scaling.linear import Scales
from numeric.limits.report import text
from verify.measurements import widths
from verify.measurements.widths import Sample

NEURONS = 7.0  # logarithm of the widest network that is sampled


def decades(scales: Scales, number: int) -> list[float]:
    """Values of κ, one per decade: from 10², or less, to ten million neurons at most.

    Raises:
        InputError: where a hyperparameter would leave the range of float64.
    """
    c_d = float(scales.c_d)
    top = min(2.0 + number, NEURONS / c_d) if c_d else 2.0 + number
    bottom = min(2.0, top / 2)
    steepest = max(abs(float(z)) for z in scales)
    if top * steepest > 60:
        raise InputError(
            "exponents", f"{steepest:g}", f"at most {60 / top:.3g}, to sample networks"
        )
    steps = max(1, round(top - bottom))
    return [10.0 ** (bottom + (top - bottom) * k / steps) for k in range(steps + 1)]


def as_json(samples: Sequence[Sample]) -> dict[str, dict[str, Any]]:
    """Slope and half width of its 95 % interval over seeds, of closed form and of descent."""
    report: dict[str, dict[str, Any]] = {}
    for kind, which in (
        ("closed_form", lambda sample: sample.closed), ("descent", lambda sample: sample.descent),
    ):  # fmt: skip
        for row in widths.slopes(samples, which):
            finite = math.isfinite(row.mean)
            report.setdefault(row.name, {})[kind] = {
                "slope": row.mean if finite else text(row.mean),
                "half_width": row.half_width if math.isfinite(row.half_width) else None,
            }
    return report
