"""How many variables are left for any loss: the rank of what outputs see of where the weights can go.

The weights reach the orbit of the Lie algebra L of the fields; outputs and their derivatives along
fields see the span O of differentials. The rank of O on L is the least dimension of a state from which
the outputs follow for every loss (the minimal realisation of control theory, Kalman; Hermann & Krener
1977). Fields are gradients, so the differential of ⟨v, w⟩ is v′ w + w′ v.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from flint import nmod_mat

from symbolic.architecture.jets import P, Whole
from symbolic.architecture.model import Model, Sizes
from symbolic.laws.lie_rank import Map, bracket, point

DEPTH, STALE = 6, 2


def symmetric(f: Map, g: Map) -> Map:
    """∇⟨f, g⟩ = f′ g + g′ f, of gradients."""

    def found(theta: Whole) -> Whole:
        a, b, parts = f(theta), g(theta), len(theta)
        along_a = g(np.concatenate([theta, a]))[parts:]
        along_b = f(np.concatenate([theta, b]))[parts:]
        return np.asarray((along_a + along_b) % P)

    return found


def ranks(model: Model, sizes: Sizes, seed: int = 0, depth: int = DEPTH) -> tuple[int, int, int]:
    """Of the Lie algebra, of the observables, and of these on that, each from below.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the point.
        depth: of brackets and derivatives.
    """
    D = model.number_of_weights(sizes)
    theta, fields = point(model, sizes, seed)
    spans = [_span(fields, combine, theta, depth) for combine in (bracket, symmetric)]
    lie, seen = (nmod_mat(len(s), D, [int(v) for row in s for v in row], P) for s in spans)
    return len(spans[0]), len(spans[1]), (seen * lie.transpose()).rank()


def _span(
    fields: Iterator[Map], combine: Callable[[Map, Map], Map], theta: Whole, depth: int
) -> list[Whole]:
    D, stale = theta.shape[1], 0
    rows: list[Whole] = []
    for level in range(1, depth + 1):
        grown = False
        while True:
            new = []
            for _ in range(max(4, D // 4)):
                one = next(fields)
                for _ in range(level - 1):
                    one = combine(next(fields), one)
                new.append(one(theta)[0])
            before = len(rows)
            rows = _independent(rows + new, D)
            if len(rows) == before:
                break
            grown = True
            if len(rows) == D:
                return rows
        stale = 0 if grown else stale + 1
        if stale >= STALE:
            break
    return rows


def _independent(rows: list[Whole], columns: int) -> list[Whole]:
    matrix = nmod_mat(len(rows), columns, [int(v) for row in rows for v in row], P)
    reduced, rank = matrix.rref()
    return [np.array([int(reduced[i, j]) for j in range(columns)], np.int64) for i in range(rank)]
