"""Ranks of exact vectors: over the rational numbers, or modulo a prime, from below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import lcm
from typing import TypeVar

from flint import fmpq, fmpq_mat, nmod_mat

from symbolic.proof.null_space import PRIME, pivots_of

K = TypeVar("K", bound=Hashable)


def rank(vectors: Sequence[Mapping[K, fmpq]]) -> int:
    """Over ℚ, of vectors with entries by place; the others are 0."""
    return int(matrix_of(vectors).rank())


def matrix_of(vectors: Sequence[Mapping[K, fmpq]]) -> fmpq_mat:
    """Vectors as rows; at least one row and one column."""
    places: dict[K, int] = {}
    for vector in vectors:
        for place in vector:
            places.setdefault(place, len(places))
    matrix = fmpq_mat(max(1, len(vectors)), max(1, len(places)))
    for n, vector in enumerate(vectors):
        for place, c in vector.items():
            matrix[n, places[place]] = c
    return matrix


def rank_of_rows(rows: Sequence[Sequence[fmpq]]) -> int:
    """Over ℚ, of rows that are written out."""
    return int(fmpq_mat([list(row) for row in rows]).rank()) if rows else 0


def rank_modulo_prime(rows: Sequence[Sequence[int]], columns: int, prime: int = PRIME) -> int:
    """Of rows of whole numbers modulo a prime: over ℚ it is at least that.

    Args:
        rows: each with as many entries as there are columns.
        columns: their number.
        prime: the modulus.
    """
    if not rows:
        return 0
    return int(nmod_mat(len(rows), columns, [v for row in rows for v in row], prime).rank())


def first_independent(vectors: Sequence[Mapping[K, fmpq]]) -> list[int]:
    """Numbers of vectors that are independent of those before, modulo a prime: so they are over ℚ.

    Those that share no place, nor have others between them, are looked at apart.

    Args:
        vectors: entries by place; the others are 0.
    """
    return sorted(n for part in _connected(vectors) for n in _first_of(part, vectors))


def _connected(vectors: Sequence[Mapping[K, fmpq]]) -> Iterable[list[int]]:
    """Numbers of vectors by the places that they share."""
    root: dict[K, K] = {}

    def found(place: K) -> K:
        while root.setdefault(place, place) != place:
            root[place] = place = root[root[place]]
        return place

    for vector in vectors:
        first = next(iter(vector), None)
        for place in vector:
            root[found(place)] = found(first)  # type: ignore[arg-type]
    parts: dict[K, list[int]] = defaultdict(list)
    for n, vector in enumerate(vectors):
        if vector:
            parts[found(next(iter(vector)))].append(n)
    return parts.values()


def _first_of(part: Sequence[int], vectors: Sequence[Mapping[K, fmpq]]) -> list[int]:
    places = {
        place: k for k, place in enumerate(dict.fromkeys(p for n in part for p in vectors[n]))
    }
    columns = nmod_mat(len(places), len(part), PRIME)
    for j, n in enumerate(part):
        whole = lcm(*(int(c.q) for c in vectors[n].values()))  # a multiple is as good
        for place, c in vectors[n].items():
            columns[places[place], j] = int((c * whole).p) % PRIME
    reduced, rank = columns.rref()
    return [part[j] for j in pivots_of(reduced, rank)]
