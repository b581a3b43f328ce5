"""Regions of the weights, which differ in the patterns of gates that occur there as the data vary.

Weights are drawn, and patterns met at data that are drawn, or listed; see `symbolic.architecture.gates`
for what makes them those of a whole region, and `symbolic.architecture.cells` for all of them.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from flint import nmod_mat

from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.gates import Gates, Pattern, Point, UnknownSignError
from symbolic.architecture.model import Model, Sizes

LARGEST, SCALES = 99, (1, 1, 1, Fraction(1, 64), Fraction(1, 8), 8, 64)
REGIONS, SEEN, TRIES, PRIME = 16, 24, 64, 8191


@dataclass(frozen=True)
class Region:
    """Weights at which no preactivation is 0, for what is around them.

    Attributes:
        weights: entries by layer, in C order.
    """

    weights: Point


@dataclass
class Seen:
    """Patterns of gates that occur at some weights, met one after the other, again and again.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        region: where the weights are.
        inputs: data at which patterns are taken; none to draw them.
    """

    model: Model
    sizes: Sizes
    region: Region
    inputs: Sequence[Point] = field(default=())

    def at(self, k: int) -> Pattern:
        """At the data with the number k; listed points in turn.

        Raises:
            UnknownSignError: where no data with signs were found.
        """
        if self.inputs:
            return self.met[k % len(self.met)]
        if k % 2 and self.model.data != "points":  # thin cells are not left to chance twice
            return self.met[k // 2 % len(self.met)]
        return self._drawn(k)

    @cached_property
    def met(self) -> Sequence[Pattern]:
        """Different patterns at the data given, or at some that are drawn."""
        if self.inputs:
            given = (self._gates.pattern(one) for one in self.inputs)
        else:
            given = (self._drawn(k) for k in range(max(SEEN, len(self.model.points))))
        return list(dict.fromkeys(given))

    @cached_property
    def _gates(self) -> Gates:
        return Gates(self.model, self.sizes, self.region.weights)

    def _drawn(self, k: int) -> Pattern:
        for attempt in range(TRIES):
            draw = random.Random(f"data {k} {attempt}")
            inputs = _inputs(self.model, self.sizes, draw, k)
            try:
                return self._gates.pattern(inputs)
            except UnknownSignError:
                continue
        raise UnknownSignError(f"{self.model.name}: no data at which signs are known")


def regions(model: Model, sizes: Sizes, seed: int = 0) -> Iterator[Region]:
    """Weights that are drawn, half of them with more positive entries than negative ones.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the weights.
    """
    for k in itertools.count():
        draw = random.Random(f"weights {seed} {k}")
        share = (0.5, 0.8)[k % 2]
        yield Region(
            {
                name: [
                    draw.randint(1, LARGEST) * (1 if draw.random() < share else -1)
                    for _ in range(prod(s.at(sizes) for s in layer.shape))
                ]
                for name, layer in model.layers.items()
            }
        )


def rich_region(model: Model, sizes: Sizes, seed: int = 0) -> Region:
    """Of some regions one where the most gates are seen open, and the most patterns that are independent.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the weights.

    Raises:
        UnknownSignError: where no signs are decided.
    """
    best: tuple[tuple[int, int, int], Region] | None = None
    for region in itertools.islice(regions(model, sizes, seed), REGIONS):
        try:
            flat = [tuple(itertools.chain(*one)) for one in Seen(model, sizes, region).met]
        except UnknownSignError:
            continue
        rank = nmod_mat([list(one) for one in flat], PRIME).rank() if flat and flat[0] else 0
        value = sum(map(max, zip(*flat, strict=True))), rank, len(flat)
        if best is None or value > best[0]:
            best = value, region
    if best is None:
        raise UnknownSignError(f"{model.name}: no weights at which signs are known")
    return best[1]


def _inputs(model: Model, sizes: Sizes, draw: random.Random, k: int) -> Point:
    shapes = {name: prod(s.at(sizes) for s in shape) for name, shape in model.graph.inputs.items()}
    if model.data == "points":
        point = model.points[k % len(model.points)]
        return {name: list(map(Fraction, _flat(point[name]))) for name in shapes}
    found = {}
    for name, size in shapes.items():
        scale = Fraction(draw.choice(SCALES))
        if model.data == "line":
            along = draw.choice((-1, 1)) * draw.randint(1, LARGEST) * scale / LARGEST
            found[name] = [along * d for d in arbitrary(model, sizes).directions[name]]
        else:
            found[name] = [draw.randint(-LARGEST, LARGEST) * scale for _ in range(size)]
    return found


def _flat(values: Any) -> Iterator[Fraction]:
    if isinstance(values, Sequence) and not isinstance(values, str):
        for value in values:
            yield from _flat(value)
    else:
        yield Fraction(values)
