"""The exact null space of a sparse rational matrix.

A row with one entry makes a coordinate 0, which may leave another row with one: most of a sparse matrix
goes that way, without arithmetic. Of the others rows are picked modulo a prime, solved over ℚ, and the
solution is checked on all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import lcm

from flint import fmpq, fmpq_mat, nmod_mat

PRIME = 2**61 - 1
Row = Mapping[int, fmpq]


def modulo(value: fmpq, prime: int = PRIME) -> int:
    """A rational number modulo a prime that does not divide its denominator."""
    return int(value.p) * pow(int(value.q), -1, prime) % prime


def null_space(rows: Sequence[Row], columns: int) -> list[list[fmpq]]:
    """A basis of the vectors that every row annihilates.

    Args:
        rows: entries by column; the others are 0.
        columns: their number.
    """
    rest, live = peeled(rows, columns)
    if len(live) < columns:
        inner = _null_space(rest, len(live))
        return [_spread(vector, live, columns) for vector in inner]
    return _null_space(rest, columns)


def peeled(rows: Sequence[Row], columns: int) -> tuple[list[dict[int, fmpq]], list[int]]:
    """What is left of a matrix without coordinates that single entries make 0, and which coordinates are.

    Args:
        rows: entries by column; the others are 0.
        columns: their number.
    """
    rows = [{j: c for j, c in row.items() if c != 0} for row in rows]
    meeting: dict[int, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        for j in row:
            meeting[j].append(n)
    left = [len(row) for row in rows]
    waiting, zero = [n for n, size in enumerate(left) if size == 1], set[int]()
    while waiting:
        for j in rows[waiting.pop()]:
            if j not in zero:
                zero.add(j)
                for n in meeting[j]:
                    left[n] -= 1
                    if left[n] == 1:
                        waiting.append(n)
    live = [j for j in range(columns) if j not in zero]
    place = {j: k for k, j in enumerate(live)}
    rest = [
        {place[j]: c for j, c in row.items() if j in place}
        for row, size in zip(rows, left, strict=True)
        if size
    ]
    return rest, live


def _spread(vector: Sequence[fmpq], live: Sequence[int], columns: int) -> list[fmpq]:
    found = [fmpq(0)] * columns
    for j, value in zip(live, vector, strict=True):
        found[j] = value
    return found


def _null_space(rows: Sequence[Row], columns: int) -> list[list[fmpq]]:
    different = list({_key(row): row for row in rows if row}.values())
    chosen = _independent(different, columns) if len(different) > columns else different
    matrix = fmpq_mat(len(chosen), columns) if chosen else fmpq_mat(1, columns)
    for i, row in enumerate(chosen):
        for j, value in row.items():
            matrix[i, j] = value
    reduced, rank = matrix.rref()
    pivots = pivots_of(reduced, rank)
    free = [j for j in range(columns) if j not in set(pivots)]
    basis = []
    for j in free:
        vector = [fmpq(0)] * columns
        vector[j] = fmpq(1)
        for i, pivot in enumerate(pivots):
            vector[pivot] = -reduced[i, j]
        basis.append(vector)
    if not _annihilated(different, basis):
        return _null_space(_all_rows(different, columns), columns)
    return basis


def pivots_of(reduced: fmpq_mat | nmod_mat, rank: int) -> list[int]:
    """Columns of the leading ones of a reduced matrix."""
    found: list[int] = []
    for i in range(rank):
        j = found[-1] + 1 if found else 0
        while reduced[i, j] == 0:
            j += 1
        found.append(j)
    return found


def _key(row: Row) -> frozenset[tuple[int, int, int]]:
    first = row[min(row)]
    return frozenset((j, int((v / first).p), int((v / first).q)) for j, v in row.items())


def rank_modulo(rows: Sequence[Row], columns: int) -> int:
    """At most the rank, which it is but for an unlucky prime.

    Args:
        rows: entries by column; the others are 0.
        columns: their number.
    """
    rest, live = peeled(rows, columns)
    different = list({_key(row): row for row in rest}.values())
    return columns - len(live) + (len(_independent(different, len(live))) if different else 0)


def _independent(rows: Sequence[Row], columns: int) -> list[Row]:
    """As many as are independent modulo the prime."""
    transposed = nmod_mat(columns, len(rows), PRIME)
    for i, row in enumerate(rows):
        whole = lcm(*(int(value.q) for value in row.values()))  # no denominator is lost
        for j, value in row.items():
            transposed[j, i] = int((value * whole).p) % PRIME
    reduced, rank = transposed.rref()
    return [rows[i] for i in pivots_of(reduced, rank)]


def _all_rows(rows: Sequence[Row], columns: int) -> list[Row]:
    """Rows that are independent over ℚ: the prime was one of few that lose some."""
    transposed = fmpq_mat(columns, len(rows))
    for i, row in enumerate(rows):
        for j, value in row.items():
            transposed[j, i] = value
    reduced, rank = transposed.rref()
    return [rows[i] for i in pivots_of(reduced, rank)]


def _annihilated(rows: Sequence[Row], basis: Sequence[Sequence[fmpq]]) -> bool:
    """Whether every row annihilates every vector; rows that meet no entry of one are left out."""
    meeting: dict[int, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        for j in row:
            meeting[j].append(n)
    for vector in basis:
        met = {n for j, value in enumerate(vector) if value != 0 for n in meeting[j]}
        if any(_product(rows[n], vector) != 0 for n in met):
            return False
    return True


def _product(row: Row, vector: Sequence[fmpq]) -> fmpq:
    return sum((vector[j] * value for j, value in row.items()), fmpq(0))
