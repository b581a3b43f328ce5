"""The rank of the Lie algebra of all fields, from below: brackets at one point modulo a prime.

Independent vectors among the values of brackets at a point are independent at a generic point. So with
a number of independent laws, which bounds the rank from above, the count closes where both meet; where
they do not, nothing is decided, and the search says how far it went.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from flint import nmod_mat

from symbolic.architecture.jets import Field, NoRootError, P, Values, Whole
from symbolic.architecture.model import Model, Sizes

Map = Callable[[Whole], Whole]
SEEDS, DEPTH, INPUTS = 3, 6, 32


@dataclass(frozen=True)
class Rank:
    """A lower bound.

    Attributes:
        value: of the rank.
        by_depth: what fields, and brackets of so many, reached.
        points: how many were tried.
    """

    value: int
    by_depth: tuple[int, ...]
    points: int


def lie_rank(
    model: Model, sizes: Sizes, enough: int, depth: int = DEPTH, seeds: int = SEEDS
) -> Rank:
    """Search until the rank is enough, or a depth and all points are exhausted.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        enough: no rank is larger: weights less independent laws.
        depth: of brackets, at most.
        seeds: points that are tried.
    """
    best = Rank(0, (), 0)
    for seed in range(seeds):
        found = _at_a_point(model, sizes, enough, depth, seed)
        if found.value > best.value:
            best = found
        best = Rank(best.value, best.by_depth, seed + 1)
        if best.value >= enough:
            break
    return best


def point(model: Model, sizes: Sizes, seed: int) -> tuple[Whole, Iterator[Field]]:
    """Weights at which roots exist, and fields there, each at another input and other signals.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the point.
    """
    D = model.number_of_weights(sizes)
    for attempt in itertools.count():
        values = Values(seed + SEEDS * attempt)
        theta = np.random.default_rng(values.seed).integers(1, P, (1, D))
        fields = (
            one
            for k in itertools.count()
            if _has_roots(one := Field(model, sizes, values, k), theta)
        )
        if any(_has_roots(Field(model, sizes, values, k), theta) for k in range(INPUTS)):
            return theta, fields
    raise AssertionError  # pragma: no cover - half of all numbers have roots


def _has_roots(field: Field, theta: Whole) -> bool:
    try:
        field(theta)
    except NoRootError:
        return False
    return True


class _Basis:
    """Independent rows modulo the prime, kept reduced."""

    def __init__(self, columns: int) -> None:
        self.columns, self.rank = columns, 0
        self.rows: list[Whole] = []

    def add(self, rows: list[Whole]) -> int:
        """Take rows in; returns the rank."""
        flat = [int(v) for row in (*self.rows, *rows) for v in row]
        matrix = nmod_mat(len(flat) // self.columns, self.columns, flat, P)
        reduced, self.rank = matrix.rref()
        self.rows = [
            np.array([int(reduced[i, j]) for j in range(self.columns)], np.int64)
            for i in range(self.rank)
        ]
        return self.rank


def _at_a_point(model: Model, sizes: Sizes, enough: int, depth: int, seed: int) -> Rank:
    D = model.number_of_weights(sizes)
    theta, fields = point(model, sizes, seed)
    basis, reached = _Basis(D), []
    for level in range(1, depth + 1):
        while basis.rank < enough:
            before = basis.rank
            wanted = max(4, (enough - before) // (1 if level > 1 else 2) + 2)
            rows: list[Whole] = []
            for _ in range(wanted):
                one: Map = next(fields)
                for _ in range(level - 1):
                    one = bracket(next(fields), one)
                rows.append(one(theta)[0])
            basis.add(rows)
            if basis.rank == before:
                break
        reached.append(basis.rank)
        if basis.rank >= enough:
            break
    return Rank(basis.rank, tuple(reached), 1)


def bracket(f: Map, g: Map) -> Map:
    """[f, g] = g′ f − f′ g."""

    def found(theta: Whole) -> Whole:
        a, b, parts = f(theta), g(theta), len(theta)
        along_a = g(np.concatenate([theta, a]))[parts:]
        along_b = f(np.concatenate([theta, b]))[parts:]
        return np.asarray((along_a - along_b) % P)

    return found
