"""δ in colours: downstream orange, balanced black, upstream blue, darker the further from balance.

The two hues are Okabe and Ito's, told apart by colour-blind readers; markers point down, nowhere
and up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

DOWN, UP = ("#F2A65A", "#D55E00", "#7A2E00"), ("#74BBE3", "#0072B2", "#00304D")
BALANCED = "#111111"


def colour(delta: float, deltas: Sequence[float]) -> str:
    """Of one δ among some: at most three of each sign."""
    if not delta:
        return BALANCED
    side = sorted(abs(z) for z in deltas if z * delta > 0)
    return (UP if delta > 0 else DOWN)[side.index(abs(delta))]


def marker(delta: float) -> str:
    """Of points of descent."""
    return "o" if not delta else "^" if delta > 0 else "v"


def words(delta: float) -> str:
    """As a legend says it."""
    return f"$\\delta={delta:g}$"


def handle(delta: float, deltas: Sequence[float]) -> Any:
    """Line and point for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour(delta, deltas), marker=marker(delta), markersize=4,
                  markerfacecolor="white", label=words(delta))  # fmt: skip
