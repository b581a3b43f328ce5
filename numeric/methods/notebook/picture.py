"""Curves over time as SVG, written as text: it needs nothing, and loads nothing.

Ticks stand at round numbers and say them exactly, so that what is drawn can be read back.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numeric.data.arrays import Floats

WIDTH, HEIGHT = 340, 210  # of a panel, in pixels
LEFT, RIGHT, TOP, BOTTOM = 66, 14, 26, 38  # margins
COLORS = ("#1f77b4", "#d62728", "#2ca02c")
TICKS = 5  # at most, or one more
SMALLEST = 1e-300  # difference of values, that has digits
DECADES = 4.0  # from which on values are drawn on a logarithmic scale


@dataclass(frozen=True)
class Axis:
    """Values along a line of pixels.

    Attributes:
        low, high: values at its ends, low < high.
        start, length: pixels of the lower end, and on to the upper one.
        is_log: whether it is logarithmic.
    """

    low: float
    high: float
    start: float
    length: float
    is_log: bool = False

    @classmethod
    def over(cls, values: Floats, start: float, length: float, is_log: bool = False) -> Axis:
        """An axis that holds values, with some room where there is but one."""
        low, high = float(values.min()), float(values.max())
        if high - low < SMALLEST:
            room = abs(low) / 2 or 1.0
            low, high, is_log = low - room, high + room, False
        return cls(low, high, start, length, is_log)

    def pixel(self, value: float) -> float:
        """Where a value is."""
        low, high, z = (self._scaled(v) for v in (self.low, self.high, value))
        return self.start + self.length * ((z - low) / (high - low))

    def _scaled(self, value: float) -> float:
        # In units of the larger end differences of the largest numbers do not overflow.
        unit = max(abs(self.low), abs(self.high))
        return math.log10(value) if self.is_log else value / unit

    def ticks(self) -> list[float]:
        """Round numbers on it, TICKS or fewer."""
        if self.is_log:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            step = max(1, math.ceil((last - first) / TICKS))
            return [10.0**k for k in range(first, last + 1, step)]
        unit = max(abs(self.low), abs(self.high))
        rough = (self.high / unit - self.low / unit) / TICKS * unit
        power = math.floor(math.log10(rough))
        step = next(m for m in (1, 2, 5, 10, 20) if m * 10.0**power >= rough * (1 - 1e-12))
        first, last = (math.floor(z / (step * 10.0**power)) for z in (self.low, self.high))
        found = [float(f"{k * step}e{power}") for k in range(first, last + 1)]
        return [tick for tick in found if self.low <= tick <= self.high]


@dataclass(frozen=True)
class Panel:
    """Curves over time.

    Attributes:
        title: above it.
        times: of the curves, shape (k,).
        curves: names and values, shape (k,) each.
        is_log: whether time is drawn on a logarithmic scale.
        level: a value that is marked, such as the target of an output.
    """

    title: str
    times: Floats
    curves: Sequence[tuple[str, Floats]]
    is_log: bool = False
    level: float | None = None

    def svg(self, offset: float) -> str:
        """The panel as a group of an SVG, moved to the right; empty where nothing is finite."""
        values = np.concatenate([values[np.isfinite(values)] for _, values in self.curves])
        if not values.size:
            return ""
        if self.level is not None:
            values = np.append(values, self.level)
        across = Axis.over(self.times, LEFT, WIDTH - LEFT - RIGHT, self.is_log)
        falls = values.min() > 0 and math.log10(values.max()) - math.log10(values.min()) > DECADES
        up = Axis.over(values, HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT, bool(falls))
        parts = [*_frame(self.title), *_ticks(across, up), *self._curves(across, up)]
        return f'<g transform="translate({offset:g} 0)">' + "\n".join(parts) + "</g>"

    def _curves(self, across: Axis, up: Axis) -> list[str]:
        found = []
        if self.level is not None:
            y = f"{up.pixel(self.level):.2f}"
            found.append(
                f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" class="level" stroke="currentColor" '
                'stroke-dasharray="4 3" fill="none" opacity="0.6"/>'
            )
        for k, (name, values) in enumerate(self.curves):
            points = " ".join(
                f"{across.pixel(float(t)):.2f},{up.pixel(float(v)):.2f}"
                for t, v in zip(self.times, values, strict=True)
                if math.isfinite(v)
            )
            color = COLORS[k % len(COLORS)]
            found.append(
                f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.6">'
                f"<title>{html.escape(name)}</title></polyline>"
            )
            if len(self.curves) > 1:
                label = _text(WIDTH - RIGHT - 4, TOP + 14 + 14 * k, name, "end", color)
                found.append(label)
        return found


def svg(panels: Sequence[Panel]) -> str:
    """Panels side by side; empty where none has anything to show."""
    drawn = [one for k, panel in enumerate(panels) if (one := panel.svg(k * WIDTH))]
    if not drawn:
        return ""
    width = WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" '
        f'viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="11">\n'
        + "\n".join(drawn)
        + "\n</svg>"
    )


def _frame(title: str) -> list[str]:
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [
        f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
        f'height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="currentColor" opacity="0.4"/>',
        _text(middle, TOP - 9, title, "middle"),
        _text(middle, HEIGHT - 6, "t", "middle"),
    ]


def _ticks(across: Axis, up: Axis) -> list[str]:
    found = []
    for tick in across.ticks():
        x = across.pixel(tick)
        found.append(_mark(f"M{x:.2f} {HEIGHT - BOTTOM}v4"))
        found.append(_text(x, HEIGHT - BOTTOM + 16, f"{tick:g}", "middle", kind="x"))
    for tick in up.ticks():
        y = up.pixel(tick)
        found.append(_mark(f"M{LEFT} {y:.2f}h-4"))
        found.append(_text(LEFT - 7, y, f"{tick:g}", "end", kind="y"))
    return found


def _mark(path: str) -> str:
    return f'<path d="{path}" stroke="currentColor" opacity="0.6"/>'


def _text(
    x: float, y: float, text: str, anchor: str, color: str = "currentColor", kind: str = ""
) -> str:
    of_kind = f' class="{kind}"' if kind else ""
    centred = ' dy="0.35em"' if kind == "y" else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{color}"{of_kind}{centred}>'
        f"{html.escape(text)}</text>"
    )
