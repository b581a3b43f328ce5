"""The constants of a flow: computed in as many bits as decide what is zero, then rounded.

What a start has of a mode decides where it goes, however little it is. At `BITS` a part below 2^(−BITS/2)
of the start is not told from none: then all is computed again with more, until exponents that differ are
apart, and with as many as prove the ranks (`decided`), or `MOST_BITS` where that is more. Floats, which
promise no more, take at most `WIDE_BITS` for it: parts that are 450 digits below the start. So do parts
beside a pivot, which move no limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import mpmath

from numeric.methods.riccati.decided import Ranks
from numeric.methods.riccati.echelon import Echelon, echelon
from numeric.methods.riccati.given import Given
from numeric.methods.riccati.spectrum import Numbers, modes, number

BITS = 320
TIMES, MOST_BITS, WIDE_BITS = 16, 60_000, 3_000
FAR = 100 * 2.302585092994046  # |log| of a part beyond which its square may be beyond float64


@dataclass(frozen=True)
class Constants:
    """What `moving` needs; sizes r modes, k columns, of which the first p grow.

    Attributes:
        exponents: f, decreasing.
        vectors: r × r, B.
        parts: r × k, lower echelon, each column divided by its scale.
        pivots: k rows.
        growing: p, how many pivots have f > 0.
        near: how many pivots, from the first, are near their limit at the start.
        settling: when each of the first p has settled with all before it.
        logs: of each column's scale, 0 unless that is far from 1.
        leads: f_pivot of each column, or 0 where that is negative.
        gaps: r × k, max(f, 0) − lead, at most 0 where the part is not 0.
        rests: for each n up to p, k × k: 1 − Σ over the first n pivots of g gᵀ/f, scaled; without
            the 1 where the scale is far from 1.
        begin: r × k, Q₀ V, scaled: what N is at the start.
        sign: by which the only hidden unit was turned; 1 where there are more.
        turn: h × k, V: how hidden units were turned.
    """

    exponents: list[Any]
    vectors: Numbers
    parts: Numbers
    pivots: list[int]
    growing: int
    near: int
    settling: list[Any]
    logs: list[Any]
    leads: list[Any]
    gaps: Numbers
    rests: list[Numbers]
    begin: Numbers
    sign: int
    turn: Numbers

    def converted(self, convert: Callable[[Any], Any]) -> Constants:
        """With every number rounded or converted."""

        def of(value: Any) -> Any:
            return [of(z) for z in value] if isinstance(value, list) else convert(value)

        kept = ("pivots", "growing", "near", "sign")
        changed = {f.name: of(getattr(self, f.name)) for f in fields(self) if f.name not in kept}
        return replace(self, **changed)


class Source:
    """The constants of one flow, at any precision."""

    def __init__(self, flow: Given) -> None:
        self.flow = flow
        self._kept: dict[Any, tuple[Echelon, Any]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Without numbers of contexts, which cannot be pickled: they are found again."""
        return {"flow": self.flow, "_kept": {}}

    @cached_property
    def _ranks(self) -> Ranks:
        return Ranks(self.flow)

    def _echelon(self, bits: int, most: int) -> tuple[Echelon, Any]:
        if (known := self._kept.get(bits) or self._kept.get((bits, most))) is not None:
            return known
        first, more = bits, 0
        while True:
            found, context = decompose(self.flow, first + more, self._ranks)
            guess = min(TIMES * self.flow.bits, WIDE_BITS) if found.guessed else 0
            if found.blurred:
                first *= 2
            elif max(guess, min(found.needed, most)) <= more:
                break
            else:
                more = max(guess, min(found.needed, most))
        self._kept[(bits, most) if found.needed > more else bits] = found, context
        return found, context

    def constants(self, bits: int = BITS, most: int = MOST_BITS) -> tuple[Constants, Any]:
        """Constants right to about half so many bits, and the mpmath context that they are of.

        Args:
            bits: of the numbers.
            most: by which they may grow to prove a rank.
        """
        found, context = self._echelon(max(bits, BITS), most)
        return _constants(self.flow, found, context), context

    @property
    def is_proved(self) -> bool:
        """Whether `MOST_BITS` prove all ranks."""
        return self._echelon(BITS, MOST_BITS)[0].needed <= MOST_BITS


def decompose(flow: Given, bits: int, ranks: Ranks) -> tuple[Echelon, Any]:
    """The start in its modes, at one precision."""
    context = mpmath.MPContext()
    context.prec = bits
    found = modes(flow, context)
    rows = range(len(flow.start))
    S = [[number(z, context) for z in row] for row in flow.S]
    Q = [[number(z, context) for z in row] for row in flow.start]
    columns = [list(column) for column in zip(*Q, strict=True)]
    SQ = [[context.fdot(S[i], column) for column in columns] for i in rows]
    squares = (q * s for a, b in zip(Q, SQ, strict=True) for q, s in zip(a, b, strict=True))
    size = context.sqrt(sum(squares))
    pulled = [list(column) for column in zip(*SQ, strict=True)]
    parts = [
        [context.fdot(mode, column) for column in pulled]
        for mode in zip(*found.vectors, strict=True)
    ]
    return echelon(found, parts, ranks, size, context), context


def _constants(flow: Given, found: Echelon, mp: Any) -> Constants:
    f, columns = found.exponents, range(len(found.pivots))
    logs = [mp.log(abs(found.parts[i][j])) for j, i in enumerate(found.pivots)]
    logs = [mp.mpf(float(z)) if abs(z) > FAR else mp.zero for z in logs]
    scales = [mp.exp(z) for z in logs]
    parts = [
        [z / scale if z else z for z, scale in zip(row, scales, strict=True)] for row in found.parts
    ]
    leads = [max(f[i], mp.zero) for i in found.pivots]
    growing = sum(1 for z in leads if z > 0)
    known = [found.pivots[:n] for n in range(growing + 1)]
    rests = [[[(mp.one if j == k and not logs[j] else mp.zero)
               - mp.fsum(parts[i][j] * parts[i][k] / f[i] for i in first) for k in columns]
              for j in columns] for first in known]  # fmt: skip
    turned = list(zip(*found.turn, strict=True))
    start = [[number(z, mp) for z in row] for row in flow.start]
    begin = [[mp.fdot(row, turned[j]) / scales[j] for j in columns] for row in start]
    return Constants(
        exponents=f,
        vectors=found.vectors,
        parts=parts,
        pivots=found.pivots,
        growing=growing,
        near=_near(found, known[-1], mp),
        settling=_settling(found, known[-1], mp),
        logs=logs,
        leads=leads,
        gaps=[[max(z, mp.zero) - lead for lead in leads] for z in f],
        rests=rests,
        begin=begin,
        turn=[list(row[: len(found.pivots)]) for row in found.turn],
        sign=1 if len(found.turn) > 1 or found.turn[0][0] > 0 else -1,
    )


def _near(found: Echelon, grown: list[int], mp: Any) -> int:
    """The most pivots between which QQᵀ is off its limit by less than half the smallest exponent."""
    off = [[mp.fdot(found.parts[i], found.parts[n]) - (found.exponents[i] if i == n else 0)
            for n in grown] for i in grown]  # fmt: skip

    def is_near(n: int) -> bool:
        return all(2 * abs(z) < found.exponents[grown[n - 1]] for row in off[:n] for z in row[:n])

    return max((n for n in range(1, len(grown) + 1) if is_near(n)), default=0)


def _settling(found: Echelon, grown: list[int], mp: Any) -> list[Any]:
    """When each pivot has grown e times beyond what else its column has, and those before it have."""
    times: list[Any] = []
    for j, i in enumerate(grown):
        f, part = found.exponents[i], abs(found.parts[i][j])
        others = max(mp.sqrt(f), *(abs(row[j]) for row in found.parts))
        time = (1 + mp.log(others / part)) / f
        times.append(max([time, *times[-1:]]))
    return times
