"""How many variables are left for any loss: the rank of what outputs see of where the weights can go.

The weights reach the orbit of the Lie algebra L of the fields; outputs and their derivatives along
fields see the span O of differentials. The rank of O on L is the least dimension of a state from which
the outputs follow for every loss (the minimal realisation of control theory, Kalman; Hermann & Krener
1977). Fields are gradients, so the differential of ⟨v, w⟩ is v′ w + w′ v.

What is computed bounds that rank from both sides:

* from below by ranks at a point modulo a prime: vectors that are independent there are independent at a
  generic point, and a matrix of them has no smaller rank there;
* from above by the weights less independent laws, of which those that an isometry moves along the orbit
  are not seen either; and by the number of invariants in which the flow closes.

Where both meet, nothing smaller does for arbitrary signals, and something of that size does.
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


def ranks(
    model: Model,
    sizes: Sizes,
    seed: int = 0,
    depth: int = DEPTH,
    enough: int | None = None,
    budget: int | None = None,
) -> tuple[int, int, int]:
    """Of the Lie algebra, of the observables, and of these on that, each from below.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the point.
        depth: of brackets and derivatives.
        enough: no rank of the algebra is larger, where that is known: weights less independent laws.
        budget: fields that may be evaluated for each of the two, about; what was found by then is a
            bound as well.
    """
    D = model.number_of_weights(sizes)
    theta, fields = point(model, sizes, seed)
    spans = [
        _span(Meter(fields, budget), combine, theta, depth, most)
        for combine, most in ((bracket, D if enough is None else enough), (symmetric, D))
    ]
    lie, seen = (nmod_mat(len(s), D, [int(v) for row in s for v in row], P) for s in spans)
    return len(spans[0]), len(spans[1]), (seen * lie.transpose()).rank()


class Meter:
    """Fields whose evaluations are counted, each by the points it is evaluated at.

    Args:
        fields: without an end.
        budget: of evaluations; None for no bound.

    Attributes:
        spent: evaluations so far.
    """

    def __init__(self, fields: Iterator[Map], budget: int | None) -> None:
        self._fields, self._budget, self.spent = fields, budget, 0

    def __next__(self) -> Map:
        one = next(self._fields)

        def counted(theta: Whole) -> Whole:
            self.spent += len(theta)
            return one(theta)

        return counted

    @property
    def is_spent(self) -> bool:
        """Whether the budget is."""
        return self._budget is not None and self.spent >= self._budget


def _span(
    fields: Meter, combine: Callable[[Map, Map], Map], theta: Whole, depth: int, most: int
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
                if fields.is_spent:
                    break
            before = len(rows)
            rows = _independent(rows + new, D)
            if len(rows) == before:
                break
            grown = True
            if len(rows) >= most or fields.is_spent:
                return rows
        stale = 0 if grown else stale + 1
        if stale >= STALE or fields.is_spent:
            break
    return rows


def _independent(rows: list[Whole], columns: int) -> list[Whole]:
    matrix = nmod_mat(len(rows), columns, [int(v) for row in rows for v in row], P)
    reduced, rank = matrix.rref()
    return [np.array([int(reduced[i, j]) for j in range(columns)], np.int64) for i in range(rank)]
