"""Explicit flows of many networks in machine code: sums over weights once, constants and times together.

Constants of a block of networks are made again for every question: that takes less time than to read
them from memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from numeric.compiled import halves
from numeric.data.arrays import Bools, Floats, Integers
from numeric.data.many import Problems
from numeric.errors import InternalCheckError
from numeric.generated.compiled.linear import PASSING
from numeric.generated.lanes import linear as loops
from numeric.generated.lanes.linear import KNOWN, LANES, WIDE
from numeric.methods import proved
from numeric.methods.explicit import lanes
from numeric.methods.explicit.entries import Entries
from numeric.methods.explicit.floats import unit_exponent
from numeric.methods.explicit.machine import FALLING, ORDINARY, SLACK
from numeric.methods.explicit.many import JointExplicit, Places
from numeric.methods.explicit.starts import Exponents, Starts

CHUNK = 32  # blocks that are worked on at once: their constants fit the cache
OF_CONSTANTS, OF_TIME, OF_NEURON = 200, 30, 20  # numbers in a row that take as long
WIDEST = 256  # neurons up to which layers are written here; wider ones by `moving`, one by one
LEAST = 1e-290  # weights have no digits far below
PLACE = {name: place for place, name in enumerate(KNOWN)}
MOST = 1 << 28  # numbers that may be asked for at once


class Chunk(NamedTuple):
    """Some blocks of networks, as `lanes` lays them out.

    Attributes:
        first: the first block.
        last: the one after the last.
        known, rests, units, plain: entries of all their networks.
    """

    first: int
    last: int
    known: Floats
    rests: Floats
    units: Integers
    plain: Floats

    def column(self, name: str) -> Floats:
        """A row of numbers per block, of what is known."""
        return self.known.reshape(-1, WIDE, LANES)[: self.last - self.first, PLACE[name]]

    def unit(self) -> Exponents:
        """Exponents, a row of numbers per block."""
        exponents = self.units.reshape(-1, lanes.UNITS, LANES)[: self.last - self.first]
        return Exponents(*(exponents[:, k] for k in range(lanes.UNITS)))

    def entries(self, networks: Integers) -> tuple[dict[str, Floats], Exponents]:
        """What is known of networks, counted from the first, and their units."""
        block, lane = networks // LANES, networks % LANES
        known = self.known.reshape(-1, WIDE, LANES)[block, :, lane]
        exponents = self.units.reshape(-1, lanes.UNITS, LANES)[block, :, lane]
        return dict(zip(KNOWN, known.T, strict=True)), Exponents(*exponents.T)


class JointMachine(JointExplicit):
    """Curves, layers and ends of many explicit flows."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(problems)
        self.LAYERS = ("u", "W") if problems.u0.shape[1] <= WIDEST else ()
        self._blocks = -(-len(problems) // LANES)
        given = [(z.hi, z.lo) for z in self._rates.values()]
        self._given, self._rate_step = self._laid_out([z for pair in given for z in pair])
        e = self._points.direction
        self._e, self._e_step = self._laid_out(list(np.transpose(e.hi)))
        self._e_rest, _ = self._laid_out(list(np.transpose(e.lo + 0.0 * e.hi)))
        widths = problems.widths.astype(np.float64)
        self._widths, _ = self._laid_out([widths], spread=True)
        served, _ = self._laid_out([self.is_served.astype(np.float64)], spread=True)
        self._served = served

    def _laid_out(self, rows: list[Any], spread: bool = False) -> tuple[Floats, int]:
        """Rows of numbers of all networks block by block, and the step; one block of common numbers."""
        number = max(np.size(row) for row in rows)
        if number == 1 and not spread:
            return np.repeat(np.array([np.ravel(row)[0] for row in rows]), LANES), 0
        table = np.empty((len(rows), self._blocks * LANES))
        for line, row in zip(table, rows, strict=True):
            line[: len(self._problems)] = np.ravel(row)
            line[len(self._problems) :] = np.ravel(row)[-1]
        blocks = table.reshape(len(rows), self._blocks, LANES).transpose(1, 0, 2)
        return np.ascontiguousarray(blocks).ravel(), len(rows) * LANES

    @property
    def _weights(self) -> tuple[Floats, Floats]:
        """Both layers, read-only: what is compiled is so for one type of arrays."""
        layers = self._problems.u0.view(), self._problems.W0.view()
        for layer in layers:
            layer.setflags(write=False)
        return layers

    @cached_property
    def _sums(self) -> Floats:
        """Sums over the weights of all networks, block by block."""
        problems, found = self._problems, np.empty(self._blocks * lanes.SUMS * LANES)
        given = *self._weights, self._e, self._e_rest, self._e_step

        def part(blocks: slice) -> None:
            lanes.sums(*given, blocks.start, blocks.stop, found)

        self._over_blocks(part, problems.W0[0].size * OF_NEURON)
        return found

    def _over_chunks(self, work: Any, numbers: int) -> list[Any]:
        """What work makes of the blocks of each core; sums are there before cores wait for each other."""
        return self._over_blocks(work, numbers) if self._sums.size else []

    def _over_blocks(self, work: Any, numbers: int) -> list[Any]:
        """What work makes of halves of the blocks.

        Args:
            work: of a slice of blocks.
            numbers: in a row that take as long as one network.
        """
        return halves.over(work, self._blocks, len(self._problems) * numbers)

    def _chunks(self, blocks: slice) -> Iterator[Chunk]:
        """Blocks with their constants, some at a time, in the same place."""
        size = min(CHUNK, blocks.stop - blocks.start) * LANES
        known, rests, plain = np.empty(size * WIDE), np.empty(size * lanes.RESTS), np.empty(size)
        units, sums = np.empty(size * lanes.UNITS, np.int64), self._sums
        for first in range(blocks.start, blocks.stop, CHUNK):
            last = min(first + CHUNK, blocks.stop)
            lanes.prepare(
                last - first, sums[first * lanes.SUMS * LANES :],
                self._given[first * self._rate_step :], self._rate_step,
                self._widths[first * LANES :], self._pace, known, rests, units, plain,
            )  # fmt: skip
            plain[: (last - first) * LANES] *= self._served[first * LANES : last * LANES]
            yield Chunk(first, last, known, rests, units, plain)

    def scalar(self, name: str, t: Floats) -> tuple[Floats, Places]:
        """An observable at times, shape (B, T), and where it is not known."""
        name = {"kernel": "kernel_x"}.get(name, name)
        loop, found = getattr(loops, "over_" + name), np.empty((len(self._problems), t.shape[1]))
        step, flat = (0 if len(t) == 1 else t.shape[1]), np.ascontiguousarray(t).ravel()
        factor = self._pace if name == "loss" else 1.0

        def part(blocks: slice) -> list[tuple[Any, Any]]:
            lost = []
            for chunk in self._chunks(blocks):
                _bound(chunk, name, factor)
                if loop(flat, step, chunk.known, chunk.first, chunk.last, found):
                    lost.append(self._repaired(chunk, name, t, factor, found))
            return lost

        numbers = OF_CONSTANTS + OF_TIME * t.shape[1]
        lost = [places for half in self._over_chunks(part, numbers) for places in half]
        none = np.zeros(0, dtype=np.int64)
        rows, columns = (
            np.concatenate([none, *z]) for z in (zip(*lost, strict=True) if lost else ((), ()))
        )
        return found, (rows, columns)

    @np.errstate(all="ignore")
    def _repaired(
        self, chunk: Chunk, name: str, t: Floats, factor: float, found: Floats
    ) -> tuple[Any, Any]:
        """Compute what the loop does not vouch for; the places of what is not known then."""
        first = chunk.first * LANES
        rows, columns = np.nonzero(np.isnan(found[first : chunk.last * LANES]))
        is_plain = chunk.plain[rows] > 0
        networks, at = rows[is_plain], columns[is_plain]
        known, units = chunk.entries(networks)
        times = t[networks + first if len(t) > 1 else 0, at]
        entries = Entries(known, units, partial(_states, chunk, networks))
        try:
            values, lost = entries.scalar(name, self._pace * times)
        except InternalCheckError:  # of one of them: each is asked alone
            values, lost = np.full(times.shape, np.nan), np.ones(times.shape, dtype=bool)
        found[networks + first, at] = factor * values
        left = ~is_plain
        left[is_plain] = lost
        return rows[left] + first, columns[left]

    def _plain(self, part: slice) -> tuple[Any, Entries]:
        size = min(part.stop, len(self._problems)) - part.start
        blocks = slice(part.start // LANES, -(-(part.start + size) // LANES))
        (chunk,) = self._chunks(blocks)
        rows = np.flatnonzero(chunk.plain[:size] > 0)
        known, units = chunk.entries(rows)
        known = {name: z[:, None] for name, z in known.items()}
        return rows + part.start, Entries(known, Exponents(*(z[:, None] for z in units)))

    def _parts(self, times: int) -> Iterator[slice]:
        size = CHUNK * LANES
        for first in range(0, len(self._problems), size):
            yield slice(first, first + size)

    def _starts(self, part: slice) -> Starts:
        raise NotImplementedError

    def layer(self, name: str, t: Floats) -> tuple[Floats, Places]:
        """A layer at times, and which networks are not known."""
        from numeric.methods.explicit.moving_many import write

        problems, is_u = self._problems, name == "u"
        inputs = 1 if is_u else problems.W0.shape[2]
        found = np.empty((len(problems), t.shape[1], problems.u0.shape[1], inputs))
        step, flat = (0 if len(t) == 1 else t.shape[1]), np.ascontiguousarray(t).ravel()
        given = *self._weights, self._e, self._e_rest, self._e_step
        lost = np.zeros(len(problems), dtype=bool)

        def part(blocks: slice) -> None:
            for chunk in self._chunks(blocks):
                state = chunk.known, chunk.rests, chunk.units, chunk.plain
                write(flat, step, *state, *given, chunk.first, chunk.last, is_u, found)
                rows = slice(chunk.first * LANES, min(chunk.last * LANES, len(problems)))
                # A weight of a neuron alone that passes zero is known by its norms (`layers`).
                is_plain = chunk.plain[: rows.stop - rows.start] > 0
                lost[rows] = ~is_plain | (problems.widths[rows] == 1)

        self._over_chunks(part, OF_CONSTANTS + 20 * OF_TIME * t.shape[1])
        lost |= self._unchecked(name, t, found, ~lost)
        return (found[..., 0] if is_u else found), (np.flatnonzero(lost),)

    @np.errstate(all="ignore")
    def _unchecked(self, name: str, t: Floats, found: Floats, known: Any) -> Any:
        """Check norms of weights, and of their changes, by closed forms; networks without these."""
        start = self._problems.u0[..., None] if name == "u" else self._problems.W0
        norm, moved = (self.scalar(of + name, t)[0] for of in ("norm_", "distance_"))
        without = np.isnan(norm + moved).any(axis=1)
        known = known & ~without
        norm, moved, weights = norm[known], moved[known], found[known]
        first = start[known][:, None]
        size = norm + self.scalar("norm_" + name, np.zeros((1, 1)))[0][known] + LEAST
        for of, values, right in (
            (name, weights, norm),
            (f"{name} − {name}(0)", weights - first, moved),
        ):
            norms = np.sqrt(np.sum((values / size[..., None, None]) ** 2, axis=(2, 3))) * size
            proved.constant(
                f"‖{of}‖", np.broadcast_to(t, found.shape[:2])[known], norms, right, size
            )
        return without


def _states(chunk: Chunk, networks: Integers, moments: Floats, asked: Bools) -> Floats:
    """States of some networks at times in units, an entry a row."""
    networks, moments = networks[asked], moments[asked]
    found = np.empty((moments.size, 6))
    block, lane = networks // LANES, networks % LANES
    places, rests = block * WIDE * LANES + lane, block * lanes.RESTS * LANES + lane
    lanes.states(places, rests, moments, chunk.known, chunk.rests, found)
    return found.T


@np.errstate(all="ignore")  # of what is not plain
def _bound(chunk: Chunk, name: str, factor: float) -> None:
    """Write between what an observable is, by what is proved of it, and what it is multiplied by."""
    plain = chunk.plain.reshape(-1, LANES)[: chunk.last - chunk.first] > 0
    exponent = np.broadcast_to(unit_exponent(name, chunk.unit()), plain.shape)
    plain = plain & (np.abs(exponent) <= ORDINARY)
    units = ((np.where(plain, exponent, 0) + 1023) << 52).view(np.float64)
    chunk.column("factor")[:] = units * factor
    low, high = _bounds(chunk, name)
    chunk.column("low")[:] = np.where(plain, low, np.nan)  # which no value is above
    chunk.column("high")[:] = high
    for entry, names in (("least_ratio", FALLING), ("least_output", PASSING)):
        if name not in names:
            chunk.column(entry)[:] = 0.0
    if name not in FALLING:  # what is plain does not die
        chunk.column("late")[:] = np.inf


def _bounds(chunk: Chunk, name: str) -> tuple[Any, Any]:
    """As `Machine` has them."""
    if name == "alignment":
        return -1 - SLACK, 1 + SLACK
    if name in ("output", "residual"):
        is_output = name == "output"
        start = chunk.column("f_0" if is_output else "residual_0")
        end = chunk.column("y") if is_output else np.zeros(start.shape)
        slack = SLACK * np.maximum(np.abs(start), np.abs(end))
        return np.minimum(start, end) - slack, np.maximum(start, end) + slack
    if name == "loss":
        floor = chunk.column("floor")
        return floor * (1 - SLACK), (floor + chunk.column("residual_0") ** 2) * (1 + SLACK)
    return (-np.inf, np.inf) if name in ("overlap", "kernel_change") else (0.0, np.inf)
