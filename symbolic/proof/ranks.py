"""Ranks of exact vectors: over the rational numbers, or modulo a prime, from below."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from flint import fmpq, fmpq_mat, nmod_mat

from symbolic.proof.null_space import PRIME

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
