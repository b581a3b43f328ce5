"""The way of a warped flow in pieces on which all that derivatives are made of is a polynomial.

They are the panels of its clock, up to the last stretch before the equilibrium; where a neuron's shear
(`neurons`) is not sharp on a piece, the piece is halved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from numeric.errors import InputError
from numeric.methods.warp.adjoint import polynomials
from numeric.methods.warp.adjoint.neurons import Field, field
from numeric.methods.warp.adjoint.polynomials import NODES, UNIT
from numeric.methods.warp.approach import Approach
from numeric.methods.warp.elapsed import Elapsed
from numeric.methods.warp.endless import Endless
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.pace import Ending
from numeric.methods.warp.panels import Places

Floats = NDArray[np.float64]
State = tuple[Floats, Floats, Field]  # u, h and the equation there

SHARP = 1e-11  # the last coefficients of a shear, of the largest size of its terms on the way
MOST = 4000  # pieces
FINEST = 40  # halvings
SLOW_RATIO = 0.5  # of consecutive distances to an equilibrium that is reached slowly


@dataclass(frozen=True)
class Piece:
    """A stretch of a panel of the way, in the panel's coordinate.

    Attributes:
        panel: its number.
        start: from the left end of the panel.
        width: length.
        behind: from its end to that of the panel; NaN where the panel has none.
        is_last: whether it ends at the equilibrium, and is counted from there.
    """

    panel: int
    start: float
    width: float
    behind: float = math.nan
    is_last: bool = False

    @property
    def unit(self) -> Floats:
        """Nodes, as distances from the start in its width."""
        return 1 - UNIT if self.is_last else UNIT

    @property
    def offsets(self) -> Floats:
        """Nodes, from the left end of the panel."""
        return np.asarray(self.start + self.width * self.unit)

    @property
    def distances(self) -> Floats:
        """Nodes, to the right end of the panel."""
        if self.is_last:
            return np.asarray(self.width * UNIT)
        return np.asarray(self.behind + self.width * (1 - self.unit))

    def halves(self) -> Iterator[Piece]:
        """Two pieces in place of it."""
        half = self.width / 2
        yield replace(self, width=half, behind=self.behind + half, is_last=False)
        yield replace(self, start=self.start + half, width=half)


class Way(NamedTuple):
    """The pieces, and what is at their nodes: arrays (pieces, NODES), or (pieces, NODES, neurons).

    Attributes:
        pieces: in order.
        x: |s|.
        stretch: dx/dz.
        left: distance of the output to that with the least loss; NaN where there is none.
        u, h: weights and preactivations.
        shear: I of each neuron.
        square: |v|².
    """

    pieces: list[Piece]
    x: Floats
    stretch: Floats
    left: Floats
    u: Floats
    h: Floats
    shear: Floats
    square: Floats


def of_flow(flow: WarpedFlow, chi: float, kappa: float, latest: float) -> Way:
    """The way of a flow up to a time.

    Args:
        flow: that moves.
        chi: U = χu (`neurons`).
        kappa: τ = κs.
        latest: the last time that is asked for.

    Raises:
        InputError: where the shears of neurons take too many pieces.
    """
    pieces = _beginning(flow, latest)
    done: dict[Piece, State] = {}
    for _ in range(FINEST):
        missing = [piece for piece in pieces if piece not in done]
        done |= zip(missing, _states(flow, missing, chi), strict=True)
        shears, sizes = _scaled_shears(flow, pieces, done, kappa)
        largest = sizes.max(axis=(0, 1), initial=0.0)
        with np.errstate(all="ignore"):
            rough = polynomials.tails(shears) / np.where(largest > 0, largest, 1.0)
        is_rough = np.any(rough > SHARP, axis=1).tolist()
        if not any(is_rough):
            break
        pieces = [
            part
            for piece, bad in zip(pieces, is_rough, strict=True)
            for part in (piece.halves() if bad else (piece,))
        ]
        if len(pieces) > MOST:
            raise InputError("the start", f"more than {MOST} pieces", "weights of nearer sizes")
    return _assembled(flow, pieces, done, shears)


def _beginning(flow: WarpedFlow, latest: float) -> list[Piece]:
    elapsed, endless = flow._elapsed, flow._endless
    if elapsed is not None:
        return [*_of_elapsed(elapsed), *_to_the_end(elapsed, latest)]
    return list(_of_endless(endless, latest)) if endless is not None else []


def _of_elapsed(elapsed: Elapsed) -> Iterator[Piece]:
    ends = elapsed.way.ends
    for index, before, width in zip(
        elapsed._index, elapsed._before, elapsed._times.widths, strict=True
    ):
        yield Piece(int(index), float(ends[index] - before), float(width), float(before - width))


def _to_the_end(elapsed: Elapsed, latest: float) -> Iterator[Piece]:
    """The last stretch; where its end is slow, pieces as far as a time is."""
    last, length = elapsed.way.last, elapsed._length
    end = float(elapsed.way.ends[-1])
    if elapsed.pace.ending is Ending.EXPONENTIAL:
        yield Piece(last, end - length, length, 0.0, is_last=True)
    elif elapsed.pace.ending is Ending.SLOW:
        moment = np.array([min(latest, 1e300)]) * elapsed.pace.rate
        nearest = length
        if moment[0] > elapsed._elapsed[-1]:
            nearest = length * math.exp(-float(elapsed._log_ratio(moment)[0]))
        while length > nearest:
            following = SLOW_RATIO * length
            yield Piece(last, end - length, length - following, following)
            length = following


def _of_endless(endless: Endless, latest: float) -> Iterator[Piece]:
    places = endless.places(np.array([latest]))
    for index, panel in enumerate(endless._panels):
        yield Piece(index, 0.0, panel.width)
    if places.panel[0] == len(endless._panels) and places.offset[0] > 0:
        yield Piece(len(endless._panels), 0.0, float(places.offset[0]))


def _states(flow: WarpedFlow, pieces: list[Piece], chi: float) -> Iterator[State]:
    if not pieces:
        return
    panels = np.repeat([piece.panel for piece in pieces], NODES)
    offsets = np.concatenate([piece.offsets for piece in pieces])
    u, h = flow._at(Places(panels, offsets))
    made = field(flow.network, chi * u, h)
    for k in range(len(pieces)):
        part = slice(k * NODES, (k + 1) * NODES)
        yield u[part], h[part], Field(*(z[part] for z in made))


def _stretch(flow: WarpedFlow, piece: Piece) -> Floats:
    """dx/dz at the nodes."""
    if flow._elapsed is not None:
        way = flow._elapsed.way
        slope = way.slope(piece.panel, piece.distances)
        return np.asarray(np.ldexp(slope, int(way.x_units[piece.panel])))
    approach, exponent = _panel_of_endless(flow._endless, piece.panel)
    return np.asarray(np.ldexp(approach.slope(piece.offsets), exponent))


def _panel_of_endless(endless: Endless | None, panel: int) -> tuple[Approach, int]:
    assert endless is not None
    if panel < len(endless._x):
        return endless._approaches[panel], endless._x[panel]
    return endless._path.approach, endless._path.units.x


def _x(flow: WarpedFlow, piece: Piece) -> Floats:
    """|s| at the nodes."""
    if flow._elapsed is not None:
        return flow._elapsed.way.x(np.full(NODES, piece.panel), piece.offsets)
    endless = flow._endless
    assert endless is not None
    approach, exponent = _panel_of_endless(endless, piece.panel)
    left = endless._lefts[piece.panel]
    return np.asarray(left + np.ldexp(approach.x(piece.offsets), exponent))


def _scaled_shears(
    flow: WarpedFlow, pieces: list[Piece], done: dict[Piece, State], kappa: float
) -> tuple[Floats, Floats]:
    """dI/d(unit of the piece), of shape (pieces, NODES, neurons), and the size of its terms."""
    factors = [kappa * flow._sign * z.width * _stretch(flow, z)[:, None] for z in pieces]
    both = zip(factors, pieces, strict=True)
    shears = np.stack([factor * done[piece][2].shear for factor, piece in both])
    both = zip(factors, pieces, strict=True)
    return shears, np.stack([np.abs(factor) * done[piece][2].scale for factor, piece in both])


def _assembled(
    flow: WarpedFlow,
    pieces: list[Piece],
    done: dict[Piece, State],
    shears: Floats,
) -> Way:
    whole = np.einsum("n,pni->pi", polynomials.WHOLE, shears)
    ends = np.concatenate([np.zeros((1, whole.shape[1])), np.cumsum(whole, axis=0)])
    inside = np.einsum("mn,pni->pmi", polynomials.CUMULATED, shears)
    if pieces[-1].is_last:  # its nodes are counted from the end
        inside[-1] = whole[-1] - inside[-1]
    left = np.full((len(pieces), NODES), math.nan)
    if flow._elapsed is not None:
        way = flow._elapsed.way
        left = np.stack([way.residual(np.full(NODES, z.panel), z.distances) for z in pieces])
    return Way(
        pieces,
        np.stack([_x(flow, piece) for piece in pieces]),
        np.stack([_stretch(flow, piece) for piece in pieces]),
        left,
        np.stack([done[piece][0] for piece in pieces]),
        np.stack([done[piece][1] for piece in pieces]),
        inside + ends[:-1, None, :],
        np.stack([done[piece][2].square for piece in pieces]),
    )
