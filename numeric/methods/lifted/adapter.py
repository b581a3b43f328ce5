"""A network with a lift at all sizes as a Riccati flow: what its generated module says, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import ModuleType

from numeric.methods.riccati.flow import RiccatiFlow
from numeric.methods.riccati.given import Matrix, product, transposed

ZERO = Fraction(0)


def lifted_flow(
    lift: ModuleType,
    layers: Mapping[str, Matrix],
    rates: Mapping[str, Fraction],
    moment: Fraction,
    target: Matrix,
    order: Sequence[str],
) -> RiccatiFlow:
    """The flow of Q, blocks of rows in a given order.

    Args:
        lift: a module of `numeric/generated/lifts`.
        layers: as rows of Q: those of a layer whose hidden units come first, transposed.
        rates: by name.
        moment: m, the second moment of every input.
        target: B, the best linear map, less what is not trained.
        order: names of the layers.

    Raises:
        InputError: for a start off the leaf Qᵀ J Q = λ 1, λ being the mean of its diagonal.
    """
    blocks = [[row[0] for row in lift.ROWS].index(name) for name in order]
    start = [list(row) for name in order for row in layers[name]]
    owner = [k for k, name in zip(blocks, order, strict=True) for _ in layers[name]]
    first = {k: owner.index(k) for k in blocks}
    F = [[ZERO] * len(owner) for _ in owner]
    for (i, j), (plain, turned) in lift.force(moment, rates).items():
        for a in (a for a, k in enumerate(owner) if k == i):
            for b in (b for b, k in enumerate(owner) if k == j):
                row, column = a - first[i], b - first[j]
                F[a][b] += plain * target[row][column] if plain else ZERO
                F[a][b] += turned * target[column][row] if turned else ZERO
    S = _diagonal(lift.brake(moment, rates), owner)
    if not lift.LAW:
        return RiccatiFlow(F, S, start)
    J = _diagonal(lift.law(rates), owner)
    law = product(transposed(start), product(J, start))
    value = sum((law[n][n] for n in range(len(law))), ZERO) / len(law)
    for a, g in enumerate(lift.lifted(moment, rates)[k] for k in owner):
        F[a][a] += value * g
    return RiccatiFlow(F, S, start, (J, value))


def _diagonal(numbers: Sequence[Fraction], owner: Sequence[int]) -> Matrix:
    rows = range(len(owner))
    return [[numbers[owner[a]] if a == b else ZERO for b in rows] for a in rows]
