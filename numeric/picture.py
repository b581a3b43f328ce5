"""What all pictures share: colours, fonts, and the bytes of a file that is the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KINDS = (".png", ".pdf", ".svg")
# Okabe and Ito's colours, told apart by colour-blind readers and in grey.
COLOURS = BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
BEND = 0.002  # of a panel: how far a curve may be off the straight lines it is drawn by
MOST_POINTS = 4000
LEVEL = 1e-6  # relative change up to which a curve is shown as a level line


@contextmanager
def picture(suffix: str, **layout: Any) -> Iterator[tuple[Any, Any, io.BytesIO]]:
    """Figure, axes and the buffer that holds it afterwards; text stays text in PDF and SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    settings: Any = {"pdf.fonttype": 42, "svg.fonttype": "none", "font.size": 9}
    # Scales at the ends of float64 are drawn as well as they can be.
    with plt.rc_context(settings), np.errstate(all="ignore"):
        figure, axes = plt.subplots(layout="constrained", **layout)
        buffer = io.BytesIO()
        yield figure, axes, buffer
        # A date in the file would make every run a new one.
        metadata = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}}.get(suffix, {})
        figure.savefig(buffer, format=suffix[1:], dpi=170, metadata=metadata)
        plt.close(figure)


def dense(
    curves: Callable[[Floats], Floats], start: Floats, seen: Callable[[Floats], Floats] = np.asarray
) -> tuple[Floats, Floats]:
    """Points so dense that straight lines between them are the curves, minima included.

    Args:
        curves: values at places, shape (curves, places).
        start: increasing places to begin with.
        seen: places as the axis spaces them.

    Returns:
        Places and values, at most about `MOST_POINTS`.
    """
    places = np.unique(start)
    values = curves(places)
    while places.size < MOST_POINTS:
        x = seen(places)
        with np.errstate(all="ignore"):
            scaled = values / _sizes(values)[:, None]
            share = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
            chord = scaled[:, :-2] + share * (scaled[:, 2:] - scaled[:, :-2])
            bent = np.any(np.abs(scaled[:, 1:-1] - chord) > BEND, axis=0)
        near = np.zeros(places.size - 1, dtype=bool)
        near[:-1] |= bent
        near[1:] |= bent
        near &= np.diff(x) > 1e-6 * (x[-1] - x[0])  # a jump stays one
        if not near.any():
            break
        between = 0.5 * (places[:-1] + places[1:])[near]
        added = curves(between)
        places = np.concatenate([places, between])
        order = np.argsort(places, kind="stable")
        places, values = places[order], np.concatenate([values, added], axis=1)[:, order]
    return places, values


def _sizes(values: Floats) -> Floats:
    """Height of each curve's panel; a curve that hardly changes is shown level (see `steady`)."""
    sizes = []
    for curve in values:
        known = curve[np.isfinite(curve)]
        size = float(np.max(np.abs(known), initial=0.0))
        sizes.append(max(float(np.ptp(known)) if known.size else 0.0, LEVEL * size) or 1.0)
    return np.array(sizes)


def steady(axis: Any) -> None:
    """Show what does not change as a level line, not as magnified rounding."""
    lines = [np.ravel(line.get_ydata()) for line in axis.get_lines()]
    values = np.concatenate([np.zeros(0), *lines])
    values = values[np.isfinite(values)]
    if axis.get_yscale() != "linear" or not values.size:
        return
    axis.ticklabel_format(axis="y", useOffset=False)
    size = float(np.max(np.abs(values)))
    if np.ptp(values) <= LEVEL * size:
        middle = float(np.median(values))
        axis.set_ylim(middle - 0.1 * (size or 1.0), middle + 0.1 * (size or 1.0))
