"""Dense arrays of ring elements, entry by entry: for exact instances, which are small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Array(Generic[R]):
    """Entries in C order.

    Attributes:
        shape: whole numbers.
        entries: ∏ shape of them.
    """

    shape: tuple[int, ...]
    entries: Sequence[R]

    def map(self, function: Callable[[R], R]) -> Array[R]:
        """Entry by entry."""
        return Array(self.shape, [function(entry) for entry in self.entries])

    def with_(self, other: Array[R], function: Callable[[R, R], R]) -> Array[R]:
        """Entry by entry; a scalar meets every entry of the other."""
        if not other.shape:
            return self.map(lambda one: function(one, other.entries[0]))
        if not self.shape:
            return other.map(lambda two: function(self.entries[0], two))
        return Array(
            self.shape, [function(a, b) for a, b in zip(self.entries, other.entries, strict=True)]
        )

    def rows(self) -> list[Sequence[R]]:
        """Entries along the last axis."""
        size = self.shape[-1]
        return [self.entries[k : k + size] for k in range(0, len(self.entries), size)]

    def transposed(self) -> Array[R]:
        """The last two axes exchanged."""
        *first, n, m = self.shape
        blocks = range(prod(first))
        entries = [
            self.entries[(b * n + i) * m + j] for b in blocks for j in range(m) for i in range(n)
        ]
        return Array((*first, m, n), entries)

    def summed(self, zero: R) -> Array[R]:
        """Over the last axis."""
        return Array(self.shape[:-1], [total(row, zero) for row in self.rows()])

    def repeated(self, size: int) -> Array[R]:
        """Along a new last axis."""
        return Array((*self.shape, size), [entry for entry in self.entries for _ in range(size)])

    def times(self, other: Array[R], zero: R) -> Array[R]:
        """The product of matrices and vectors."""
        columns = [other.entries] if len(other.shape) == 1 else other.transposed().rows()
        entries = [inner(row, column, zero) for row in self.rows() for column in columns]
        return Array((*self.shape[:-1], *other.shape[1:]), entries)

    def correlated(self, signal: Array[R], zero: R) -> Array[R]:
        """Filters over a signal, channels summed."""
        k, n = self.shape[-1], signal.shape[-1]
        channels = prod(signal.shape[:-1])
        filters = [
            self.entries[f : f + channels * k] for f in range(0, len(self.entries), channels * k)
        ]
        entries = []
        for weights, i in product(filters, range(n - k + 1)):
            met = [signal.entries[c * n + i + j] for c in range(channels) for j in range(k)]
            entries.append(inner(weights, met, zero))
        return Array((*self.shape[:1][: len(self.shape) - 1], n - k + 1), entries)


def total(terms: Iterable[Any], zero: Any) -> Any:
    """Their sum."""
    found = zero
    for term in terms:
        found = found + term
    return found


def inner(one: Sequence[Any], other: Sequence[Any], zero: Any) -> Any:
    """Σ a b."""
    return total((a * b for a, b in zip(one, other, strict=True)), zero)
