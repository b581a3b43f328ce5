"""The comparison with integrators as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numeric.picture import picture
from verify.measurements.compare import Row

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
MARKERS = {"DOP853": "s", "heyoka": "^", "diffrax": "v"}


def draw(rows: Sequence[Row], suffix: str) -> bytes:
    """Time and error against width, log-log, one column per network."""
    names = list(dict.fromkeys(row.network for row in rows)) or ["nothing to compare"]
    size = {"figsize": (1.4 + 3.2 * len(names), 6.0), "squeeze": False}
    with picture(suffix, nrows=2, ncols=len(names), sharex="col", sharey="row", **size) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for (above, below), name in zip(axes.T, names, strict=True):
            here = [row for row in rows if row.network == name]
            curves = {"ours": {row.width: (row.seconds, row.error) for row in here}}
            for row in here:
                point = row.peer_seconds, row.peer_error
                curves.setdefault(row.peer, {})[row.width] = point
            for colour, (label, points) in zip(COLOURS, curves.items(), strict=False):
                marker = MARKERS.get(label, "o") + "-"
                for axis, values in zip(
                    (above, below), zip(*points.values(), strict=True), strict=False
                ):
                    axis.loglog(list(points), values, marker, color=colour, label=label)
            above.set_title(f"{name.replace('_', ' ')} network", fontsize=10)
            below.set_xlabel("width $d$")
            for axis in (above, below):
                axis.grid(alpha=0.3)
        axes[0, 0].set_ylabel("seconds")
        axes[1, 0].set_ylabel("largest error, in units of the largest value")
        figure.suptitle("Our solution and integrators of the raw weights, one thread", fontsize=10)
        known: dict[str, Any] = {}
        for axis in axes[0]:
            handles, labels = axis.get_legend_handles_labels()
            known |= dict(zip(labels, handles, strict=True))
        if known:
            figure.legend(known.values(), known, loc="outside lower center", ncols=4, fontsize=8)
    return buffer.getvalue()
