"""The regimes: time to align, time to fit and S(0, ∞) of one neuron over τ and δ, as Figure 1 (b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.interpolate import RegularGridInterpolator, barycentric_interpolate

from numeric.picture import Floats, picture
from verify.papers.figure import Drawn, Row, Setting, Track, untracked
from verify.papers.kunin.neuron import together
from verify.papers.kunin.regime_times import ALIGNED, FITTED, Regime, chart, regime, start
from verify.papers.kunin.simulated import descend, distances

LINEAR = 1e-2  # |δ| up to which its axis is linear
FARTHEST = 4  # decades of |δ|
SCALES = np.geomspace(1e-2, 1e2, 33)
# Where descent is run, τ and δ of moderate stiffness; what part of the fastest time a step is.
RUN = [(scale, delta) for scale in (0.2, 0.8, 3.2) for delta in (-6.0, -0.5, 0.0, 0.5, 6.0)]
FRACTION = 0.05
LONGER = 2.2  # by which descent goes on after it fits
SHADES, FINER = 96, 8  # colours, and places between two that are computed
LEAST = 1e-9  # below which S is drawn as 0
LINEAR_SIZE = 0.6  # of the linear part of the axis, in decades
PANELS = {
    "align": f"time to align: $\\varphi={ALIGNED:g}$",
    "fit": r"time to fit: $L=\frac{1}{2}\|\beta_*\|^2/100$",
    "distance": r"kernel distance $S(0,\infty)$",
}  # fmt: skip
LABELLED = {"align": 0.04, "fit": 0.04, "distance": 40.0}  # τ of what is written on level lines
SYMBOLS = {"align": "time to align", "fit": "time to fit", "distance": "S(0, ∞)"}
NAMES = {"lazy": (12.0, 7e2), "rich": (12.0, 0.0), "delayed rich": (0.7, -3e2)}


def deltas() -> Floats:
    """δ as its axis is spaced, 0 among them."""
    positive = np.geomspace(LINEAR, 10.0**FARTHEST, 25)
    inner = np.linspace(0, LINEAR, 5)[1:-1]
    return np.concatenate([-positive[::-1], -inner[::-1], [0.0], inner, positive])


@dataclass(frozen=True)
class Point:
    """A start that descent was run from.

    Attributes:
        scale, delta: τ and δ.
        theory: by the closed form.
        descent: by torch.
    """

    scale: float
    delta: float
    theory: Regime
    descent: Regime

    def deviations(self) -> dict[str, float]:
        """Of times as parts of them, of S as it is; by name of the panel."""
        one, other = self.theory, self.descent
        return {
            "align": abs(other.align / one.align - 1),
            "fit": abs(other.fit / one.fit - 1),
            "distance": abs(other.distance - one.distance),
        }


def points(
    run: Sequence[tuple[float, float]] = RUN,
    fraction: float = FRACTION,
    longer: float = LONGER,
    track: Track = untracked,
) -> list[Point]:
    """Theory and descent of some starts, side by side."""
    starts = [start(delta, scale) for scale, delta in run]
    begun, theory = together(starts), [regime(one) for one in starts]
    # κ = a² + ‖w‖² at the start and at the end is about the largest curvature of the loss.
    pace = np.maximum(begun.a**2 + (begun.w**2).sum(-1), np.hypot([d for _, d in run], 2))
    step = fraction * np.minimum(1 / pace, [one.align for one in theory])
    last = longer * np.array([max(one.align, one.fit) for one in theory]) / step
    found = descend(begun, step, range(int(np.ceil(last.max())) + 1), track)
    phi, left = found.w[..., 1] / np.linalg.norm(found.w, axis=-1), found.losses()
    ends = distances(found.at(-1), begun)
    return [
        Point(scale, delta, theory[k], Regime(
            float(step[k]) * _passed(phi[:, k] - ALIGNED),
            float(step[k]) * _passed(FITTED / 2 - left[:, k]), float(ends[k]),
        ))
        for k, (scale, delta) in enumerate(run)
    ]  # fmt: skip


def _passed(values: Floats) -> float:
    """At which step values first pass 0: on a cubic through two steps before and two after.

    A straight line would be off by the square of the step, and irregularly.
    """
    k = int(np.argmax(values >= 0))
    near = slice(k - 2, k + 2)
    return float(barycentric_interpolate(values[near], np.arange(len(values))[near], 0.0))


def make(setting: Setting, track: Track) -> Drawn:
    """The chart and the points on it."""
    places = deltas()
    rows = list(track(chart(places, SCALES), len(SCALES)))
    charts = {
        name: np.array([[getattr(one, name) for one in row] for row in rows]).T for name in PANELS
    }
    run = points()
    said: list[Row] = [
        {"curve": f"τ = {one.scale:g}, δ = {one.delta:g}", "quantity": SYMBOLS[name],
         "deviation": deviation}
        for one in run for name, deviation in one.deviations().items()
    ]  # fmt: skip
    return Drawn({"kunin_regimes": partial(draw, places, SCALES, charts, run)}, said)


def draw(
    places: Floats, scales: Floats, charts: dict[str, Floats], run: Sequence[Point], suffix: str
) -> bytes:
    """Three charts, with level lines."""
    from matplotlib import colormaps

    cmap = colormaps["viridis"].resampled(SHADES)
    with picture(suffix, nrows=1, ncols=3, figsize=(9.6, 4.3), sharey=True) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for axis, (name, words) in zip(axes, PANELS.items(), strict=True):
            axis.set_xscale("log")
            axis.set_yscale("symlog", linthresh=LINEAR, linscale=LINEAR_SIZE)
            norm, levels, form = _scale(name, charts[name])
            finer = _finer(places, scales, charts[name])
            shown = axis.pcolormesh(
                *finer, norm=norm, cmap=cmap, shading="nearest", rasterized=True
            )
            lines = axis.contour(*finer, levels=levels, colors="white", linewidths=0.8)
            axis.clabel(lines, fmt=form, fontsize=7, manual=_on_lines(lines, LABELLED[name]))
            values = [getattr(one.descent, name) for one in run]
            axis.scatter(
                [one.scale for one in run], [one.delta for one in run], c=values, norm=norm,
                cmap=cmap, s=42, edgecolors="white", linewidths=1.1, zorder=4,
            )  # fmt: skip
            axis.set_xlabel(r"scale $\tau$, $\|\beta_0\|=\tau^2$")
            axis.set_title(words, fontsize=10)
            figure.colorbar(shown, ax=axis, location="bottom", shrink=0.9, pad=0.02)
            _name(axis)
        axes[0].set_ylabel(r"$\delta$: downstream below 0, upstream above")
        ticks = [s * 10.0**k for s in (-1, 1) for k in range(-2, FARTHEST + 1, 2)]
        axes[0].set_yticks(sorted([0.0, *ticks]))
        figure.suptitle(
            r"One linear neuron on two whitened inputs, $\|\beta_*\|=1$, $\beta_0\perp\beta_*$" "\n"
            "maps: theory, rings: gradient descent", fontsize=10,
        )  # fmt: skip
    return buffer.getvalue()


def _finer(places: Floats, scales: Floats, values: Floats) -> tuple[Floats, Floats, Floats]:
    """τ, δ and values on a finer grid: logarithms along straight lines, as the axes are spaced."""
    from matplotlib.scale import SymmetricalLogTransform

    axis = SymmetricalLogTransform(10, LINEAR, LINEAR_SIZE)
    ends = axis.transform(places), np.log(scales)
    between = [
        np.interp(np.arange((len(z) - 1) * FINER + 1) / FINER, np.arange(len(z)), z) for z in ends
    ]
    grid = np.meshgrid(*between, indexing="ij")
    known = RegularGridInterpolator(ends, np.log(np.maximum(values, LEAST)))
    return np.exp(between[1]), axis.inverted().transform(between[0]), np.exp(known(tuple(grid)))


def _scale(name: str, values: Floats) -> tuple[Any, list[float], Any]:
    """Colours, level lines and what is written on these."""
    from matplotlib.colors import LogNorm, Normalize

    if name == "distance":
        return Normalize(0, 1), [0.01, 0.05, 0.1, 0.2, 0.5, 0.9], "%g"
    decades = range(int(np.ceil(np.log10(values.min()))), int(np.log10(values.max())) + 1)
    norm = LogNorm(values.min(), values.max())
    return norm, [10.0**k for k in decades], lambda z: f"$10^{{{round(np.log10(z))}}}$"


def _on_lines(lines: Any, scale: float) -> list[Floats]:
    """Where each level line is nearest to a τ, off the edges."""
    longest = [max(pieces, key=len) for pieces in lines.allsegs if pieces]
    inside = [one[np.abs(one[:, 1]) < 0.3 * 10**FARTHEST] for one in longest]
    return [one[np.argmin(np.abs(np.log(one[:, 0] / scale)))] for one in inside if len(one)]


def _name(axis: Any) -> None:
    from matplotlib import patheffects

    for words, place in NAMES.items():
        axis.text(
            *place, words, ha="center", va="center", fontsize=10, color="white", zorder=5,
            path_effects=[patheffects.withStroke(linewidth=2.4, foreground="0.15")],
        )  # fmt: skip
