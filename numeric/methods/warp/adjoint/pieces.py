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

from numeric.catalogue import Network
from numeric.errors import InputError
from numeric.methods.warp.adjoint import polynomials
from numeric.methods.warp.adjoint.neurons import field
from numeric.methods.warp.adjoint.polynomials import NODES, UNIT
from numeric.methods.warp.approach import Approach
from numeric.methods.warp.elapsed import Elapsed
from numeric.methods.warp.endless import Endless
from numeric.methods.warp.floats import WarpedFlow
from numeric.methods.warp.pace import Ending
from numeric.methods.warp.panels import Places

Floats = NDArray[np.float64]
SHARP = 1e-11  # the last coefficients of a shear, of the largest size of its terms on the way
MOST = 4000  # pieces
FINEST = 40  # halvings
TOGETHER = BLOCK = 1 << 12  # neurons times nodes
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


class Made(NamedTuple):
    """What is at the nodes of a piece, (NODES,) or (NODES, neurons).

    Attributes:
        x: |s|.
        stretch: dx/dz.
        left: distance of the output to that with the least loss; NaN where there is none.
        output: Σ U σ(h).
        square: |v|² of each neuron.
        shear: dI by the piece's unit; I itself when the way is complete.
        size: of the terms of the shear, the largest, (neurons,).
    """

    x: Floats
    stretch: Floats
    left: Floats
    output: Floats
    square: Floats
    shear: Floats
    size: Floats


class Way(NamedTuple):
    """The pieces in order, and what is at their nodes."""

    pieces: list[Piece]
    made: list[Made]


def of_flow(
    flow: WarpedFlow, chi: float, kappa: float, latest: float, by_parts: bool = False
) -> Way:
    """The way of a flow up to a time.

    Args:
        flow: that moves.
        chi: U = χu (`neurons`).
        kappa: τ = κs.
        latest: the last time that is asked for.
        by_parts: whether a slow end is one stretch (`slow_end`).

    Raises:
        InputError: where the shears of neurons take too many pieces.
    """
    pieces = _beginning(flow, latest, by_parts)
    done: dict[Piece, Made] = {}
    for _ in range(FINEST):
        missing = [piece for piece in pieces if piece not in done]
        done |= zip(missing, _all_made(flow, missing, chi, kappa), strict=True)
        largest = np.max([done[piece].size for piece in pieces], axis=0)
        largest[largest == 0] = 1.0
        rough = [
            bool(np.any(polynomials.tails(done[piece].shear) > SHARP * largest)) for piece in pieces
        ]
        if not any(rough):
            break
        pieces = [
            part
            for piece, bad in zip(pieces, rough, strict=True)
            for part in (piece.halves() if bad else (piece,))
        ]
        if len(pieces) > MOST:
            raise InputError("the start", f"more than {MOST} pieces", "weights of nearer sizes")
    return Way(pieces, _summed(pieces, [done[piece] for piece in pieces]))


def _all_made(flow: WarpedFlow, pieces: list[Piece], chi: float, kappa: float) -> Iterator[Made]:
    """Pieces, some at a time: neurons times nodes fit the cache."""
    together = max(1, TOGETHER // (NODES * flow.u0.size))
    for first in range(0, len(pieces), together):
        some = pieces[first : first + together]
        panels = np.repeat([piece.panel for piece in some], NODES)
        u, h = flow._at(Places(panels, np.concatenate([piece.offsets for piece in some])))
        stretches = [_stretch(flow, piece) for piece in some]
        factors = [
            kappa * flow._sign * piece.width * stretch
            for piece, stretch in zip(some, stretches, strict=True)
        ]
        output, square, shear, size = _fields(flow.network, chi * u, h, np.concatenate(factors))
        for k, (piece, stretch) in enumerate(zip(some, stretches, strict=True)):
            part = slice(k * NODES, (k + 1) * NODES)
            yield Made(
                _x(flow, piece),
                stretch,
                _left(flow, piece),
                output[part],
                square[part],
                shear[part],
                size[k],
            )


def _fields(
    network: Network, U: Floats, h: Floats, factor: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Σ U σ, |v|², the shear by a factor, and its largest terms on each piece.

    Some neurons at a time: what is computed of them fits the cache, and memory is not asked for anew.
    """
    rows, neurons = h.shape
    output, square, shear = np.zeros(rows), np.empty(h.shape), np.empty(h.shape)
    size = np.empty((rows // NODES, neurons))
    by, sizes = factor[:, None], np.abs(factor)[:, None]
    width = max(1, BLOCK // rows)
    for first in range(0, neurons, width):
        some = np.s_[:, first : first + width]
        made = field(network, U[some], h[some])
        output += np.einsum("ij,ij->i", U[some], made.sigma)
        square[some] = made.square
        np.multiply(by, made.shear, out=shear[some])
        terms = (sizes * made.scale).reshape(-1, NODES, made.scale.shape[1])
        np.max(terms, axis=1, out=size[some])
    return output, square, shear, size


def _summed(pieces: list[Piece], made: list[Made]) -> list[Made]:
    """With I in place of its slopes."""
    before, found = np.zeros(made[0].size.shape), []
    for piece, one in zip(pieces, made, strict=True):
        whole, inside = polynomials.WHOLE @ one.shear, polynomials.CUMULATED @ one.shear
        if piece.is_last:  # its nodes are counted from the end
            inside = whole - inside
        found.append(one._replace(shear=before + inside))
        before = before + whole
    return found


def _left(flow: WarpedFlow, piece: Piece) -> Floats:
    if flow._elapsed is None:
        return np.full(NODES, math.nan)
    return flow._elapsed.way.residual(np.full(NODES, piece.panel), piece.distances)


def _beginning(flow: WarpedFlow, latest: float, by_parts: bool) -> list[Piece]:
    elapsed, endless = flow._elapsed, flow._endless
    if elapsed is not None:
        return [*_of_elapsed(elapsed), *_to_the_end(elapsed, latest, by_parts)]
    return list(_of_endless(endless, latest)) if endless is not None else []


def _of_elapsed(elapsed: Elapsed) -> Iterator[Piece]:
    ends = elapsed.way.ends
    for index, before, width in zip(
        elapsed._index, elapsed._before, elapsed._times.widths, strict=True
    ):
        yield Piece(int(index), float(ends[index] - before), float(width), float(before - width))


def _to_the_end(elapsed: Elapsed, latest: float, by_parts: bool) -> Iterator[Piece]:
    """The last stretch; where its end is slow, pieces as far as a time is."""
    last, length = elapsed.way.last, elapsed._length
    end = float(elapsed.way.ends[-1])
    if elapsed.pace.ending is Ending.EXPONENTIAL or (
        by_parts and elapsed.pace.ending is Ending.SLOW
    ):
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
