"""Where times are on the pieces of a way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.methods.warp.adjoint.pieces import Way
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.pace import LATEST, Ending
from numeric.methods.warp.panels import Places

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

GONE = 800.0  # log ratio, from which on e is 0


class Located(NamedTuple):
    """Times on pieces.

    Attributes:
        piece: numbers of the pieces.
        unit: distances from the start of the piece in its width; on the last stretch e/ℓ.
        log_ratio: log(ℓ/e) on the last stretch.
        is_last: whether it is on the last stretch.
        has_arrived: whether the flow has come to rest at a finite time before.
    """

    piece: Indices
    unit: Floats
    log_ratio: Floats
    is_last: NDArray[np.bool_]
    has_arrived: NDArray[np.bool_]


def locate(flow: WarpedFlow, way: Way, t: Floats, places: Places) -> Located:
    """Times in a row, whose places on panels are known."""
    starts = np.array([piece.start for piece in way.pieces])
    panels = np.array([piece.panel for piece in way.pieces])
    widths = np.array([piece.width for piece in way.pieces])
    piece = np.minimum(_number(panels, starts, places.panel, places.offset), len(panels) - 1)
    unit = np.clip((places.offset - starts[piece]) / widths[piece], 0.0, 1.0)
    log_ratio, is_last = np.zeros(t.shape), np.zeros(t.shape, bool)
    arrived = np.zeros(t.shape, bool)
    elapsed = flow._elapsed
    if elapsed is not None:
        moments = np.minimum(t * elapsed.pace.rate, LATEST)
        late = (moments >= elapsed._elapsed[-1]) & (moments > 0)
        ending = elapsed.pace.ending
        arrived = late & (ending is Ending.ARRIVAL)
        if late.any() and ending is not Ending.ARRIVAL:
            found = np.full(t.shape, GONE)
            runs = late & np.isfinite(t)
            if runs.any():
                found[runs] = elapsed._log_ratio(moments[runs])
            _near(elapsed._length, way, found, late, (piece, unit, log_ratio, is_last))
        if way.pieces[-1].is_last:
            on_last = ~is_last & (piece == len(way.pieces) - 1)
            is_last |= on_last
            e = np.clip(1 - unit, 1e-300, 1.0)
            unit[on_last], log_ratio[on_last] = e[on_last], -np.log(e[on_last])
    return Located(piece, unit, log_ratio, is_last, arrived)


def _number(panels: Indices, starts: Floats, panel: Indices, offset: Floats) -> Indices:
    """Of the last piece that begins before, or at, each place; pieces are in order."""
    found = np.zeros(panel.shape, dtype=np.intp)
    for number in np.unique(panel):
        here = panel == number
        first, after = np.searchsorted(panels, [number, number + 1])
        within = np.searchsorted(starts[first:after], offset[here], side="right") - 1
        found[here] = first + np.maximum(within, 0)
    return found


def _near(
    length: float,
    way: Way,
    log_ratio: Floats,
    late: NDArray[np.bool_],
    found: tuple[Indices, Floats, Floats, NDArray[np.bool_]],
) -> None:
    """Places by the logarithm of their distance to the equilibrium, on pieces counted from it."""
    piece, unit, ratio, is_last = found
    e = length * np.exp(-log_ratio)
    for k, one in enumerate(way.pieces):
        if one.panel != way.pieces[-1].panel:
            continue
        inside = late & (e <= one.behind + one.width) & (e >= one.behind)
        if one.is_last:
            piece[inside], is_last[inside] = k, True
            ratio[inside] = log_ratio[inside] - np.log(length / one.width)
            unit[inside] = np.exp(-ratio[inside])
        else:
            piece[inside] = k
            unit[inside] = 1 - (e[inside] - one.behind) / one.width
