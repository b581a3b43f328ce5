"""The picture of Figures 1 and 7: alignment while two linear layers learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from numeric.picture import BLUE, ORANGE, picture
from verify.papers.figure import Drawn, Row, Setting, Track
from verify.papers.xu_ziyin.figure_one import PHASES, STARTS, Run

WORDS = {
    "kernel phase, γ = 1/√d": r"kernel phase, $\gamma=1/\sqrt{d}$",
    "feature learning, γ = 1/d": r"feature learning, $\gamma=1/d$",
}
MARKERS = {"Gaussian": "o", "orthogonal": "s", "near-orthogonal": "^"}
BEGINNINGS = {"orthogonal": "$W=u\\,e^T$", "near-orthogonal": "$W\\approx u\\,e^T$"}


def drawn(
    name: str,
    title: str,
    runs: Callable[[int, int], Iterator[Run]],
    setting: Setting,
    track: Track,
) -> Drawn:
    """All curves, one after the other, and their picture under a name."""
    curves = list(track(runs(setting.width, setting.seed), len(STARTS) * len(PHASES)))
    rows: list[Row] = [
        {"start": c.start, "phase": c.phase, "deviation": c.deviation} for c in curves
    ]
    return Drawn({name: partial(draw, curves, setting.width, title)}, rows)


def draw(curves: list[Run], width: int, title: str, suffix: str) -> bytes:
    """Two panels: alignment from Gaussian weights, disalignment from parallel ones."""
    colours = dict(zip(WORDS, (BLUE, ORANGE), strict=True))
    with picture(suffix, nrows=2, ncols=1, figsize=(5.4, 6.6), sharex=True) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for curve in curves:
            axis = axes[0] if curve.start == "Gaussian" else axes[1]
            colour, dashed = colours[curve.phase], curve.start == "orthogonal"
            start = f"{BEGINNINGS[curve.start]}, " if curve.start in BEGINNINGS else ""
            axis.plot(curve.steps, curve.theory, color=colour, linestyle="--" if dashed else "-")
            kernel = "kernel" in curve.phase
            axis.plot(
                curve.recorded, curve.descent, MARKERS[curve.start], color=colour,
                label=start + WORDS[curve.phase],
                # Hollow and larger: seen around the filled ones where curves coincide.
                markersize=7 if kernel else 4, markerfacecolor="none" if kernel else colour,
            )  # fmt: skip
        axes[0].set_title("Gaussian weights: alignment", fontsize=10)
        axes[1].set_title("Parallel and nearly parallel weights: disalignment", fontsize=10)
        axes[1].set_xlabel("gradient-descent steps")
        for axis in axes:
            axis.set_ylabel(r"alignment $\zeta$")
            axis.grid(alpha=0.3)
            axis.set_ylim(-0.04, 1.04)
        axes[0].legend(fontsize=8, loc="center right")
        # Below the panel, where it covers no curve.
        axes[1].legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
        size = f"$d={width:,}$".replace(",", "\\,")
        figure.suptitle(f"{title}, {size}\nlines: theory, points: gradient descent", fontsize=10)
    return buffer.getvalue()
