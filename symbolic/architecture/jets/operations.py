"""Each operation of a graph at jets, and how a slope goes back through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symbolic.architecture.arbitrary import Arbitrary
from symbolic.architecture.closures import closed
from symbolic.architecture.jets.algebra import (
    aligned,
    contracted,
    entries,
    folded,
    powered,
    reciprocal,
    square_root,
    times,
)
from symbolic.architecture.jets.drawn import Values, activation
from symbolic.architecture.jets.prime import NoRootError, P, Whole, inverse, is_square
from symbolic.architecture.model import Sizes
from symbolic.architecture.tensor import Tensor


class Operations:
    """What a field is at a jet, operation by operation: values forwards, slopes backwards.

    A field sets what is declared here.
    """

    _sizes: Sizes
    _shapes: dict[int, tuple[int, ...]]
    _values: Values
    _fixed: Arbitrary
    _gates: Mapping[int, Whole]
    _leaves: dict[str, Whole]
    _slopes: dict[int, Whole]
    inputs: dict[str, Whole]
    roots: int

    def _jet(self, array: Any, parts: int) -> Whole:
        whole = np.asarray(array, np.int64) % P
        found = np.zeros((parts, *whole.shape), np.int64)
        found[0] = whole
        return found

    @property
    def _parts(self) -> int:
        return len(next(iter(self._leaves.values())))

    def _leaf(self, tensor: Tensor) -> Whole:
        kind, name = tensor.detail
        if kind == "weight":
            return self._leaves[name]
        if kind == "input":
            return self._jet(self.inputs[name], self._parts)
        fixed = reshaped(self._fixed.frozen[name], self._shapes[id(tensor)])
        return self._jet(fixed, self._parts)

    def _number(self, tensor: Tensor) -> Whole:
        value, powers = tensor.detail
        found = value.numerator * inverse(value.denominator)
        for size, exponent in powers:
            n = size.at(self._sizes)
            found = found * pow(n if exponent > 0 else inverse(n), abs(exponent), P) % P
        return self._jet(found % P, self._parts)

    def _eye(self, tensor: Tensor) -> Whole:
        return self._jet(np.eye(self._shapes[id(tensor)][0], dtype=np.int64), self._parts)

    def _matmul(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        return times(a, b, contracted(1))

    def _matmul_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        outer = b.ndim - 2  # axes of b that are not contracted
        by_a = times(g, np.moveaxis(b, 1, -1), contracted(outer))
        by_b = times(np.moveaxis(a, -1, 1), g, contracted(a.ndim - 2))
        return by_a, by_b

    def _transpose(self, tensor: Tensor, a: Whole) -> Whole:
        return np.swapaxes(a, -1, -2)

    def _transpose_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.swapaxes(g, -1, -2),)

    def _add(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        one, other = aligned(a, b)
        return (one + other) % P

    def _add_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        return folded(g, a), folded(g, b)

    def _multiply(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        return times(*aligned(a, b), entries)

    def _multiply_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        one, other = aligned(a, b)
        return folded(times(g, other, entries), a), folded(times(g, one, entries), b)

    def _power(self, tensor: Tensor, a: Whole) -> Whole:
        n = tensor.detail
        base = a if n >= 0 else reciprocal(a)
        found = powered(base, abs(n))
        self._slopes[id(tensor)] = powered(base, abs(n) - 1 if n >= 0 else abs(n) + 1) * (n % P) % P
        return found

    def _power_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (times(g, self._slopes[id(tensor)], entries),)

    def _sum(self, tensor: Tensor, a: Whole) -> Whole:
        return np.asarray(a.sum(-1) % P)

    def _sum_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.broadcast_to(g[..., None], a.shape),)

    def _repeat(self, tensor: Tensor, a: Whole) -> Whole:
        size = self._shapes[id(tensor)][-1]
        return np.broadcast_to(a[..., None], (*a.shape, size))

    def _repeat_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.asarray(g.sum(-1) % P),)

    def _correlate(self, tensor: Tensor, w: Whole, x: Whole) -> Whole:
        filters, seen = _as_matrices(w, x)
        found = times(filters, seen, contracted(1))
        return found.reshape(len(w), *self._shapes[id(tensor)])

    def _correlate_back(self, tensor: Tensor, g: Whole, w: Whole, x: Whole) -> tuple[Whole, Whole]:
        filters, seen = _as_matrices(w, x)
        slopes = g.reshape(len(g), filters.shape[1], -1)
        by_w = times(slopes, np.swapaxes(seen, 1, 2), contracted(1)).reshape(w.shape)
        by_seen = times(np.swapaxes(filters, 1, 2), slopes, contracted(1))
        k, n = w.shape[-1], x.shape[-1]
        by_seen = by_seen.reshape(len(g), -1, k, n - k + 1)
        by_x = np.zeros((len(g), by_seen.shape[1], n), np.int64)
        for j in range(k):
            by_x[:, :, j : j + n - k + 1] += by_seen[:, :, j]
        return by_w, (by_x % P).reshape(x.shape)

    def _apply(self, tensor: Tensor, a: Whole) -> Whole:
        name = tensor.detail
        if name == "relu":
            gates = self._jet(self._gates[id(tensor)], len(a))
            self._slopes[id(tensor)] = gates
            return times(gates, a, entries)
        if name == "sqrt":
            root = self._root_of(a)
            self._slopes[id(tensor)] = reciprocal(root) * inverse(2) % P
            return root
        value, slope = activation(closed(name), name, a, self._values)
        self._slopes[id(tensor)] = slope
        return value

    def _root_of(self, a: Whole) -> Whole:
        missing = sum(not is_square(int(value)) for value in a[0].flat)
        self.roots += a[0].size - missing
        if missing:
            raise NoRootError(self.roots)
        return square_root(a)

    def _apply_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (times(g, self._slopes[id(tensor)], entries),)


def reshaped(entries: Sequence[int], shape: tuple[int, ...]) -> Whole:
    """Entries in C order as an array."""
    return np.array(entries, np.int64).reshape(shape)


def _as_matrices(w: Whole, x: Whole) -> tuple[Whole, Whole]:
    """Filters, one a row, and what each place of the signal sees, one a column."""
    k, channels = w.shape[-1], x.shape[1] if x.ndim == 3 else 1
    seen = np.lib.stride_tricks.sliding_window_view(x.reshape(len(x), channels, -1), k, axis=-1)
    return w.reshape(len(w), -1, channels * k), np.swapaxes(seen, 2, 3).reshape(
        len(x), channels * k, -1
    )
