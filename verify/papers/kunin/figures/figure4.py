"""Figure 4: paths of β = a w from one β₀ for seven δ, on whitened inputs and on one datum."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from numeric.picture import picture
from verify.papers.figure import Drawn, Row, Setting, Track
from verify.papers.kunin import palette
from verify.papers.kunin.paths import DELTAS, LOW_RANK, WHITE, Panel, Path, limits, paths

MINIMA = "#CC79A7"


def make(setting: Setting, track: Track) -> Drawn:
    """Both panels."""
    found = {panel: paths(panel, track=track) for panel in (WHITE, LOW_RANK)}
    rows: list[Row] = [
        {"inputs": words, "curve": f"δ = {one.delta:g}", "quantity": "β", "deviation": one.deviation()}
        for words, one_panel in zip(("whitened", "one datum"), found.values(), strict=True)
        for one in one_panel
    ]  # fmt: skip
    rows += [
        {"inputs": "one datum", "curve": f"δ = {one.delta:g}", "quantity": "β(∞) by Ψ",
         "deviation": float(np.linalg.norm(one.end() - one.descent[-1]))}
        for one in found[LOW_RANK]
    ]  # fmt: skip
    return Drawn({"kunin_figure4": partial(draw, found)}, rows)


def draw(found: dict[Panel, list[Path]], suffix: str) -> bytes:
    """The plane of β, twice."""
    with picture(suffix, nrows=1, ncols=2, figsize=(9.0, 5.6)) as (figure, axes, buffer):
        for axis, (panel, of_panel) in zip(axes, found.items(), strict=True):
            _ground(axis, panel)
            for one in limits(panel):
                axis.plot(*one.line(), "--", color="0.35", linewidth=1.1, zorder=2)
            deltas = [one.delta for one in of_panel]
            for one in of_panel:
                colour = palette.colour(one.delta, deltas)
                axis.plot(*one.line(), color=colour, linewidth=1.5, zorder=3)
                axis.plot(*one.descent.T, palette.marker(one.delta), color=colour, markersize=3.6,
                          markerfacecolor="white", markeredgewidth=0.9, zorder=4)  # fmt: skip
            if panel is LOW_RANK:
                ends = np.array([one.end() for one in of_panel])
                axis.plot(*ends.T, "o", color="black", markersize=5, zorder=5)
            axis.plot(*panel.beta, "s", color="0.4", markersize=7, zorder=5)
        axes[0].plot(*WHITE.targets, "o", color="black", markersize=5, zorder=5)
        _name_limits(axes)
        figure.legend(handles=_handles(), fontsize=8, loc="outside lower center", ncols=6)
        figure.suptitle(
            r"Paths of $\beta=aw$ of one linear neuron from one $\beta_0$" "\n"
            "lines: theory, points: gradient descent", fontsize=10,
        )  # fmt: skip
    return buffer.getvalue()


def _ground(axis: Any, panel: Panel) -> None:
    """Axes, level lines of the loss, and its minima."""
    grid = np.meshgrid(*(np.linspace(*span, 161) for span in panel.span))
    left = np.einsum("pd,dij->pij", np.array(panel.X), np.array(grid)) - np.array(
        panel.targets
    ).reshape(-1, 1, 1)
    loss = (left**2).sum(0) / 2
    axis.contour(*grid, np.sqrt(loss), levels=12, colors="0.82", linewidths=0.7, zorder=0)
    if len(panel.X) == 1:
        axis.contour(*grid, left[0], levels=[0], colors=[MINIMA], linewidths=2.2, zorder=1)
    axis.set(xlim=panel.span[0], ylim=panel.span[1], ylabel=r"$\beta_2$")
    axis.set_xlabel(r"$\beta_1$", labelpad=2)
    axis.set_title(panel.words, fontsize=10)
    axis.set_aspect("equal")


def _name_limits(axes: Any) -> None:
    near, far = r"$\delta=10^6$", r"$\delta=-10^6$"
    for axis, words, place in (
        (axes[0], near, (-0.66, 0.43)), (axes[0], far, (-0.62, -0.06)),
        (axes[1], near, (0.51, 0.6)), (axes[1], far, (1.2, 0.09)),
    ):  # fmt: skip
        axis.text(*place, words, fontsize=9, color="0.35", ha="center", zorder=6)


def _handles() -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        *(palette.handle(delta, DELTAS) for delta in DELTAS),
        Line2D([], [], linestyle="--", color="0.35", label=r"theory, $\delta=\pm10^6$"),
        Line2D([], [], linestyle="", marker="s", color="0.4", label=r"$\beta_0$"),
        Line2D(
            [], [], linestyle="", marker="o", color="black", markersize=5, label=r"$\beta(\infty)$"
        ),
        Line2D([], [], color="0.82", linewidth=0.7, label="equal loss"),
        Line2D([], [], color=MINIMA, linewidth=2.2, label=r"minima $X\beta=y$"),
    ]
