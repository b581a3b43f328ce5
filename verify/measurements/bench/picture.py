"""The record as a picture: seconds against width, and error against seconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from numeric.picture import picture
from verify.measurements.bench.record import Record, Row

COLOURS = {
    "ours": "#0072B2", "DOP853": "#D55E00", "heyoka": "#009E73", "diffrax": "#CC79A7",
    "LSODA": "#E69F00", "torchdiffeq": "#56B4E9", "torch descent": "#999999",
    "formula in numpy": "#D55E00", "formula in numba": "#009E73",
}  # fmt: skip
MARKERS = dict(zip(COLOURS, "os^vDPX<>", strict=True))
LEAST = 1e-17  # an error of 0 is drawn here
TIMES, SHOWN = 50, ("cubic", "tanh", "relu")
Curves = dict[str, dict[float, float]]


def draw(record: Record, suffix: str) -> bytes:
    """One column per network: linear, then some warped ones.

    Args:
        record: a run; of what it has not, a panel says so.
        suffix: of the file.
    """
    warped = {row.network for row in record.rows if row.cell == "e"}
    names = ["linear", *(name for name in SHOWN if name in warped)]
    columns = [_column(record, name) for name in names]
    layout = {"figsize": (1.2 + 3.0 * len(names), 6.4), "squeeze": False, "sharey": "row"}
    with picture(suffix, nrows=2, ncols=len(names), **layout) as (figure, axes, buffer):
        for line, row, panels in zip(("-", ""), axes, zip(*columns, strict=True), strict=True):
            row[0].set_yscale("log")
            values = (z for curves in panels for one in curves.values() for z in one.values())
            row[0].set_ylim(decades(max(z, LEAST) for z in values))
            for axis, curves in zip(row, panels, strict=True):
                _plot(axis, curves, line)
        for (above, below), name in zip(axes.T, names, strict=True):
            above.set_title(f"{name} network, {_times(name)} times", fontsize=10)
            above.set_xlabel("width $d$")
            below.set_title(_of(record, name), fontsize=9)
            below.set_xlabel("seconds")
        axes[0, 0].set_ylabel("seconds")
        axes[1, 0].set_ylabel("largest error")
        figure.suptitle("Ours and peers on one thread, ours with its construction", fontsize=10)
        known: dict[str, Any] = {}
        for axis in axes.flat:
            handles, labels = axis.get_legend_handles_labels()
            known |= dict(zip(labels, handles, strict=True))
        if known:
            figure.legend(known.values(), known, loc="outside lower center", ncols=5, fontsize=8)
    return buffer.getvalue()


def _times(network: str) -> int:
    return 1000 if network == "linear" else TIMES


def _column(record: Record, network: str) -> tuple[Curves, Curves]:
    """Seconds by width, and errors by seconds."""
    asked = ("a" if network == "linear" else "e", network, _times(network))
    here = [row for row in record.rows if (row.cell, row.network, row.times) == asked]
    return widths(here), _errors(here) if network == "linear" else precision(record, network)


def widths(rows: Sequence[Row]) -> Curves:
    """Seconds by width, of ours and of every peer that ran to its end."""
    found: Curves = {}
    for row in rows:
        if row.ours is not None:
            found.setdefault("ours", {})[row.width] = row.ours.median
        if row.theirs is not None and not row.slower_than and row.peer in COLOURS:
            found.setdefault(row.peer, {})[row.width] = row.theirs.median
    return found


def precision(record: Record, network: str) -> Curves:
    """Error by seconds at the largest width that has points, of every method."""
    points = [one for one in record.points if one.network == network]
    largest = max((one.width for one in points), default=0)
    found: Curves = {}
    for one in points:
        if one.width == largest:
            found.setdefault(one.method, {})[one.seconds] = one.error
    return found


def _errors(rows: Sequence[Row]) -> Curves:
    """The same from rows, one point per width."""
    found: Curves = {}
    for row in rows:
        if row.ours is not None and row.error is not None:
            found.setdefault("ours", {})[row.ours.median] = row.error
        if row.theirs is not None and row.peer_error is not None and row.peer in COLOURS:
            found.setdefault(row.peer, {})[row.theirs.median] = row.peer_error
    return found


def _of(record: Record, network: str) -> str:
    if network == "linear":
        return "one point per width"
    sizes: Iterable[int] = (one.width for one in record.points if one.network == network)
    largest = max(sizes, default=0)
    return f"tolerance by tolerance, $d={largest}$" if largest else "no errors against time"


def _plot(axis: Any, curves: Curves, line: str) -> None:
    """Points of every curve, between whole decades."""
    axis.set_xscale("log")
    axis.set_xlim(decades(place for one in curves.values() for place in one))
    axis.grid(alpha=0.3)
    for label, points in curves.items():
        axis.plot(
            list(points), [max(z, LEAST) for z in points.values()], MARKERS[label] + line,
            color=COLOURS[label], label=label, markersize=4, linewidth=1.2,
        )  # fmt: skip


def decades(values: Iterable[float]) -> tuple[float, float]:
    """The powers of ten around positive values, a bit further so that what is at an end is seen whole."""
    logarithms = [math.log10(z) for z in values] or [0.0]
    least, most = math.floor(min(logarithms)), math.ceil(max(logarithms))
    most = max(most, least + 1)
    margin = 0.05 * (most - least)
    return 10.0 ** (least - margin), 10.0 ** (most + margin)
