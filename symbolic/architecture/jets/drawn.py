"""What is drawn: values of functions that are no polynomials, and weights at which gates have signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy

from symbolic.architecture.arbitrary import Arbitrary, arbitrary
from symbolic.architecture.closures import Closed, closed, h
from symbolic.architecture.gates import Pattern
from symbolic.architecture.jets.algebra import lifted, written
from symbolic.architecture.jets.prime import P, Whole, drawn, inverse
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.regions import Seen, rich_region


@dataclass
class Values:
    """Values of functions at arguments, drawn once, for one network.

    Attributes:
        seed: of all of them.
        seen: where gates are taken, from one region after the other; none to draw one region.
    """

    seed: int
    seen: Sequence[Seen] = ()
    _fixed: Arbitrary | None = None

    def fixed(self, model: Model, sizes: Sizes) -> Arbitrary:
        """What is arbitrary but fixed: that of an expanded instance."""
        if self._fixed is None:
            self._fixed = arbitrary(model, sizes)
        return self._fixed

    def gates(self, model: Model, sizes: Sizes, k: int) -> Pattern:
        """A pattern that occurs in a region, at data with the number k; listed points are k's in turn."""
        if not self.seen:
            self.seen = (Seen(model, sizes, rich_region(model, sizes, self.seed)),)
        points, count = max(1, len(model.points)), len(self.seen)
        block, place = divmod(k, points)
        return self.seen[block % count].at(block // count * points + place)

    def closed(self, name: str, argument: int) -> list[int]:
        """Of the functions of a closure."""
        way = closed(name)
        kinds = tuple(map(sympy.srepr, way.functions.values()))
        if way.squares:  # on the circle
            t = drawn(self.seed, kinds, argument)
            below = inverse(1 + t * t)
            return [2 * t * below % P, (1 - t * t) * below % P]
        return [drawn(self.seed, kind, argument) for kind in kinds]


def activation(way: Closed, name: str, jet: Whole, values: Values) -> tuple[Whole, Whole]:
    """An activation and its slope."""
    symbols = tuple(way.functions)

    def at(base: Whole) -> list[Whole]:
        drawn = [values.closed(name, int(value)) for value in base.flat]
        return [
            np.array([one[k] for one in drawn], np.int64).reshape(base.shape)
            for k in range(len(symbols))
        ]

    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        all_ = {h: place} | dict(zip(symbols, known, strict=True))
        return [written(way.slopes[s], all_) for s in symbols]

    known = lifted(jet, at, slopes)
    all_ = {h: jet} | dict(zip(symbols, known, strict=True))
    slope = sympy.diff(way.value, h) + sum(
        sympy.diff(way.value, s) * way.slopes[s] for s in symbols
    )
    return written(way.value, all_), written(sympy.expand(slope), all_)
