"""What a warped flow answers at times that are looked up once: places, residual, output and loss.

The numbers are those of `WarpedFlow`'s methods, each of which looks its times up by itself.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.methods import proved
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.panels import Places

Floats = NDArray[np.float64]


class Moments(NamedTuple):
    """A flow at times in a row.

    Attributes:
        t: times.
        places: in warped time.
        left: |f* − f|, or NaN where f* is infinite.
        residual: f − f*, NaN likewise.
        output: f at the point that the data amount to.
        loss: of the data.
    """

    t: Floats
    places: Places
    left: Floats
    residual: Floats
    output: Floats
    loss: Floats


def moves(flow: WarpedFlow) -> bool:
    """Whether a flow moves at all."""
    return flow._elapsed is not None or flow._endless is not None


def of_flow(flow: WarpedFlow, t: Floats) -> Moments:
    """The flow at times."""
    if flow._elapsed is None:
        return _without_equilibrium(flow, t)
    places, left = flow._located(t)
    proved.never_grows("|y − f|", t, left, abs(flow._start.residual))
    with np.errstate(over="ignore"):
        if flow._loss is None or flow._ahead is None:
            loss = flow.point.floor + flow.point.weight * left**2
        else:
            loss = flow._ahead.value(left)
        loss = flow._unit * loss
    residual = -flow._sign * left + 0.0
    return Moments(t, places, left, residual, flow._outputs(places, left), loss)


def _without_equilibrium(flow: WarpedFlow, t: Floats) -> Moments:
    root = math.sqrt(flow.point.weight) or 1.0
    residual = np.full(t.shape, math.nan)
    if "residual" in flow.observables:
        residual = np.asarray(flow.residual(t)) / root
    output = np.asarray(flow.output(t)) / root
    return Moments(t, flow._places(t), np.abs(residual), residual, output, np.asarray(flow.loss(t)))
