"""Figure 2: the flow of (w, a) on the level sets of δ, downstream, balanced and upstream."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from numeric.picture import Floats, dense, picture
from verify.papers.figure import Drawn, Row, Setting, Track
from verify.papers.kunin.level_set import is_seen, sheets, towards
from verify.papers.kunin.neuron import weights
from verify.papers.kunin.trajectories import (
    BETA,
    DELTAS,
    END,
    HEIGHT,
    TARGETS,
    Trajectory,
    trajectories,
)  # fmt: skip

PANELS = {-2.0: "(a) downstream", 0.0: "(b) balanced", 2.0: "(c) upstream"}
SHAPES = {-2.0: "one sheet", 0.0: "double cone", 2.0: "two sheets"}
REACH, ELEVATION, AZIMUTH = 3.0, 27.0, -55.0  # of the axes, and where from they are seen
MINIMA, NAMED, OTHER, EQUAL = "#A50026", "black", "0.25", "0.45"
PALE = 0.65


def make(setting: Setting, track: Track) -> Drawn:
    """All three panels."""
    found = {delta: trajectories(delta, track=track) for delta in DELTAS}
    rows: list[Row] = [
        {"curve": f"δ = {delta:g}", "quantity": f"(w, a) from {len(of_panel)} starts",
         "deviation": max(one.deviation() for one in of_panel)}
        for delta, of_panel in found.items()
    ]  # fmt: skip
    return Drawn({"kunin_figure2": partial(draw, found)}, rows)


def draw(found: dict[float, list[Trajectory]], suffix: str, facets: int = 60) -> bytes:
    """Three surfaces of so many facets in height, coloured by loss, with the flow in them."""
    colours = _colours()
    layout = {"subplot_kw": {"projection": "3d", "computed_zorder": False}}
    with picture(suffix, nrows=1, ncols=3, figsize=(9.4, 3.9), **layout) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for axis, (delta, of_panel) in zip(axes, found.items(), strict=True):
            _surface(axis, delta, facets, colours)
            _curve(axis, delta, BETA, EQUAL)
            _curve(axis, delta, TARGETS, MINIMA)
            for one in of_panel:
                _trajectory(axis, one)
            axis.set_title(
                f"{PANELS[delta]}, $\\delta={delta:g}$: {SHAPES[delta]}", fontsize=9, y=1.06
            )
        bar = figure.colorbar(
            colours, ax=list(axes), location="right", shrink=0.62, pad=0.05, extend="min"
        )
        bar.set_label("loss $L$ on the surface")
        figure.legend(handles=_handles(), loc="outside lower center", ncols=7, fontsize=8)
        figure.suptitle(
            r"Gradient flow of one linear neuron on $\delta=a^2-\|w\|^2$, whitened inputs" "\n"
            "lines: theory, points: gradient descent", fontsize=10,
        )  # fmt: skip
    return buffer.getvalue()


def _colours() -> Any:
    """Of losses; pale rather than transparent: what is behind is hidden, and no seams show."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, LogNorm

    full = colormaps["RdBu"](np.linspace(0, 1, 256))[:, :3]
    return ScalarMappable(LogNorm(0.01, 20), ListedColormap(1 - PALE * (1 - full)))


def _surface(axis: Any, delta: float, facets: int, colours: Any) -> None:
    for x, y, a in sheets(delta, HEIGHT, facets):
        loss = ((a * x - TARGETS[0]) ** 2 + (a * y - TARGETS[1]) ** 2) / 2
        surface = axis.plot_surface(
            x, y, a, facecolors=colours.to_rgba(loss), rstride=1, cstride=1, shade=False, edgecolor="none",
            antialiased=False, zorder=0,
        )  # fmt: skip
        surface.set_rasterized(True)
    axis.grid(False)
    axis.set_proj_type("ortho")
    axis.patch.set_visible(False)  # it would cover the label of the panel before it
    axis.view_init(ELEVATION, AZIMUTH)
    axis.set_box_aspect((1, 1, 1), zoom=1.13)
    axis.set_xlabel("$w_1$", labelpad=-4)
    axis.set_ylabel("$w_2$", labelpad=-4)
    axis.set_zlabel("$a$", labelpad=-7)
    for name in ("xlim", "ylim", "zlim"):
        getattr(axis, f"set_{name}")(-REACH, REACH)
    for one in (axis.xaxis, axis.yaxis, axis.zaxis):
        one.set_ticks([-2, 0, 2])
        one.set_tick_params(pad=-1, labelsize=8)
        one.pane.fill = False


def _line(axis: Any, delta: float, points: Floats, **style: Any) -> None:
    """A line, dotted where the surface hides it."""
    seen = is_seen(points, delta, HEIGHT, towards(ELEVATION, AZIMUTH))
    shown = np.where(seen[:, None], points, np.nan)
    # One point over, so that no gap is where it goes behind.
    behind = seen & np.concatenate([[True], seen[:-1]]) & np.concatenate([seen[1:], [True]])
    hidden = np.where(behind[:, None], np.nan, points)
    thin = max(0.8, 0.7 * style["linewidth"])
    axis.plot(*hidden.T, zorder=1, **style | {"linestyle": ":", "linewidth": thin})
    axis.plot(*shown.T, zorder=3, **style)


def _curve(axis: Any, delta: float, product: Sequence[float], colour: str) -> None:
    """All (w, a) with a w = product: a hyperbola, both branches."""
    size = math.hypot(*product)
    a = np.geomspace(size / REACH, REACH, 400)
    for sign in (1, -1):
        points = np.stack([*(sign * z / a for z in product), sign * a], -1)
        _line(axis, delta, points, color=colour, linewidth=2.4)


def _trajectory(axis: Any, one: Trajectory) -> None:
    flow = one.start.flow()
    _, curve = dense(lambda s: weights(flow, s * s).T, np.linspace(0, math.sqrt(END), 150))
    style = (
        {"color": NAMED, "linewidth": 1.9} if one.is_named else {"color": OTHER, "linewidth": 0.9}
    )
    _line(axis, one.delta, curve.T, **style)
    eye = towards(ELEVATION, AZIMUTH)
    # Descent is off the surface by its step: theory says which side it is on.
    seen = is_seen(one.theory(one.recorded), one.delta, HEIGHT, eye)
    axis.plot(*one.descent[seen].T, "o", color=style["color"], zorder=4,
              markersize=3.6 if one.is_named else 2.2, markerfacecolor="white",
              markeredgewidth=0.8 if one.is_named else 0.6)  # fmt: skip
    start = np.array([[*one.start.w, one.start.a]])
    is_in_front = is_seen(start, one.delta, HEIGHT, eye)[0]
    if is_in_front or one.is_named:
        axis.plot(
            *start.T, "s", color=style["color"], markersize=5 if one.is_named else 3, zorder=5,
            markerfacecolor=style["color"] if is_in_front else "none",
        )  # fmt: skip
    crossing = one.crossing()
    if crossing is not None and is_seen(crossing[None], one.delta, HEIGHT, eye)[0]:
        axis.plot(
            *crossing[:, None], "x", color=MINIMA, markersize=7, markeredgewidth=1.6, zorder=6
        )


def _handles() -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=NAMED, linewidth=1.9, marker="o", markersize=3.6, markerfacecolor="white",
               label=r"from one $\beta_0$"),
        Line2D([], [], color=OTHER, linewidth=0.9, marker="o", markersize=2.2, markerfacecolor="white",
               label="from elsewhere"),
        Line2D([], [], color=NAMED, linestyle="", marker="s", markersize=5, label="start"),
        Line2D([], [], color=EQUAL, linewidth=2.4, label=r"$aw=\beta_0$"),
        Line2D([], [], color=MINIMA, linewidth=2.4, label=r"minima $aw=\beta_*$"),
        Line2D([], [], color=MINIMA, linestyle="", marker="x", markeredgewidth=1.6, label="$a$ passes 0"),
        Line2D([], [], color=OTHER, linestyle=":", linewidth=0.8, label="behind"),
    ]  # fmt: skip
