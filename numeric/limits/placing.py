"""Names beside points of a picture, where they cover no line, point or other name."""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.picture import Floats


def name_points(figure: Any, axis: Any, points: dict[tuple[float, ...], str]) -> None:
    """Names beside points, with a line to each, where they cover no line, point or other name."""
    figure.canvas.draw()
    to_pixels = axis.transData.transform
    here = {place: to_pixels(place) for place in points}
    lines = [
        to_pixels(path.vertices)
        for collection in axis.collections if not np.any(collection.get_facecolor())
        for path in collection.get_paths() if len(path.vertices)
    ]  # fmt: skip
    crowd = np.concatenate([_filled(line) for line in lines] or [np.zeros((0, 2))])
    taken = [text.get_window_extent() for text in axis.texts]
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8}
    for place, words in points.items():
        others = np.array([z for other, z in here.items() if other != place] or [[-1e9, -1e9]])
        best = None
        for distance in (12, 22, 34, 48):
            for angle in np.arange(0, 360, 30):
                offset = distance * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
                note = axis.annotate(
                    words, place, xytext=tuple(offset), textcoords="offset points", fontsize=8, zorder=6,
                    ha="left" if offset[0] > 1 else "right" if offset[0] < -1 else "center",
                    va="bottom" if offset[1] > 1 else "top" if offset[1] < -1 else "center", bbox=box,
                    arrowprops={"arrowstyle": "-", "color": "0.3", "linewidth": 0.8, "shrinkB": 3},
                )  # fmt: skip
                extent = note.get_window_extent().padded(4)
                cost = (
                    distance / 12 + 3 * inside(crowd, extent) / 10 + 50 * inside(others, extent)
                    + 20 * sum(extent.overlaps(one) for one in taken)
                    + 100 * (not _contains(axis.get_window_extent(), extent))
                    + 10 * (nearest(extent, others) < 2 * nearest(extent, here[place][None]))
                )  # fmt: skip
                if best is None or cost < best[0]:
                    if best is not None:
                        best[1].remove()
                    best = cost, note, extent
                else:
                    note.remove()
        if best is not None:
            taken.append(best[2])


def _filled(line: Floats) -> Floats:
    """Points along a line, two pixels apart."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.arange(0, along[-1], 2.0)
    return np.column_stack([np.interp(places, along, line[:, k]) for k in (0, 1)])


def inside(points: Floats, box: Any) -> int:
    """How many points a box covers."""
    x, y = points.T
    return int(np.sum((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)))


def _contains(outer: Any, inner: Any) -> bool:
    """Whether a box lies in another."""
    return bool(
        outer.x0 <= inner.x0
        and inner.x1 <= outer.x1
        and outer.y0 <= inner.y0
        and inner.y1 <= outer.y1
    )


def nearest(box: Any, points: Floats) -> float:
    """Distance of a box from the nearest of some points."""
    x, y = points.T
    across = np.maximum(np.maximum(box.x0 - x, x - box.x1), 0)
    up = np.maximum(np.maximum(box.y0 - y, y - box.y1), 0)
    return float(np.hypot(across, up).min())
