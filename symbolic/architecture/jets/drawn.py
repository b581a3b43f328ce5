"""What is drawn: values of functions that are no polynomials, and which gates are open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from symbolic.architecture.arbitrary import Arbitrary, arbitrary
from symbolic.architecture.closures import Closed, closed, h
from symbolic.architecture.jets.algebra import lifted, written
from symbolic.architecture.jets.prime import P, Whole, drawn, inverse
from symbolic.architecture.model import Model, Sizes


@dataclass
class Values:
    """Values of functions at arguments, drawn once, for one network.

    Attributes:
        seed: of all of them.
    """

    seed: int
    _fixed: Arbitrary | None = None

    def fixed(self, model: Model, sizes: Sizes) -> Arbitrary:
        """What is arbitrary but fixed: that of an expanded instance."""
        if self._fixed is None:
            self._fixed = arbitrary(model, sizes)
        return self._fixed

    def closed(self, name: str, argument: int) -> list[int]:
        """Of the functions of a closure."""
        way = closed(name)
        kinds = tuple(map(sympy.srepr, way.functions.values()))
        if way.squares:  # on the circle
            t = drawn(self.seed, kinds, argument)
            below = inverse(1 + t * t)
            return [2 * t * below % P, (1 - t * t) * below % P]
        return [drawn(self.seed, kind, argument) for kind in kinds]


MULTIPLES = 256  # of preactivations, numerator and denominator, that are told from unrelated ones


@cache
def _multiples() -> tuple[Whole, NDArray[np.bool_]]:
    """Small rational numbers modulo the prime, sorted, and which of them are positive."""
    whole = range(1, MULTIPLES + 1)
    positive = {a * pow(b, -1, P) % P: True for a in whole for b in whole}
    both = positive | {P - value: False for value in positive}
    values = sorted(both)
    return np.array(values, np.int64), np.array([both[value] for value in values])


class Gates:
    """Which preactivations are positive: drawn, but for small multiples of one that is known.

    Two that are taken for multiples by chance only have one pattern fewer between them.

    Args:
        key: of the numbers that are drawn.
    """

    def __init__(self, *key: Any) -> None:
        self._key, self._inverses, self._open = key, np.zeros(0, np.int64), np.zeros(0, np.int64)

    def at(self, preactivation: int) -> int:
        """0 or 1."""
        if preactivation == 0:
            return 0
        known, positive = _multiples()
        ratios = preactivation * self._inverses % P
        places = np.minimum(np.searchsorted(known, ratios), len(known) - 1)
        met = np.flatnonzero(known[places] == ratios)
        if len(met):
            one = int(self._open[met[0]])
            return one if positive[places[met[0]]] else 1 - one
        found = int(drawn(*self._key, preactivation) % 4 > 0)  # more paths are open than not
        self._inverses = np.append(self._inverses, inverse(preactivation))
        self._open = np.append(self._open, found)
        return found


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
