"""What is arbitrary but fixed, the same wherever a declaration is computed: frozen weights, and lines.

Entries are different primes: equal ones, or products of others, would have symmetries of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import sympy

from symbolic.architecture.model import Model, Sizes

SOME = 30  # the first entry is among so many primes


@dataclass(frozen=True)
class Arbitrary:
    """Entries by name, in C order.

    Attributes:
        frozen: of untrained weights.
        directions: of the inputs, where data are on a line.
    """

    frozen: Mapping[str, list[int]]
    directions: Mapping[str, list[int]]


def arbitrary(model: Model, sizes: Sizes, seed: int = 0) -> Arbitrary:
    """Drawn once for a seed.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: another one, other entries.
    """
    drawn = _primes(random.Random(seed))
    shapes = {**model.graph.frozen, **(model.graph.inputs if model.data == "line" else {})}
    entries = {
        name: [next(drawn) for _ in range(prod(size.at(sizes) for size in shape))]
        for name, shape in shapes.items()
    }
    return Arbitrary(
        {name: entries[name] for name in model.graph.frozen},
        {name: entries[name] for name in shapes if name not in model.graph.frozen},
    )


def _primes(draw: random.Random) -> Iterator[int]:
    taken = set[int]()
    while True:
        primes = sympy.sieve.primerange(sympy.prime(SOME + 2 * len(taken)))
        value = int(draw.choice([p for p in primes if p not in taken]))
        taken.add(value)
        yield value
