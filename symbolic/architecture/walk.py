"""A graph computed in any algebra: each node once, what it is of before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar

from symbolic.architecture.tensor import Tensor

V = TypeVar("V")


class Algebra(Protocol[V]):
    """How an algebra computes a node from the values of what it is of."""

    def node(self, tensor: Tensor, of: tuple[V, ...]) -> V:
        """The value of a node."""


def in_order(root: Tensor) -> Iterator[Tensor]:
    """The nodes below a root and the root, each once, after all that it is of."""
    seen, waiting = set[int](), [(root, False)]
    while waiting:
        tensor, ready = waiting.pop()
        if id(tensor) in seen:
            continue
        if ready:
            seen.add(id(tensor))
            yield tensor
        else:
            waiting.append((tensor, True))
            waiting += [(part, False) for part in reversed(tensor.of)]


def computed(root: Tensor, algebra: Algebra[V]) -> V:
    """The value of a graph."""
    values = dict[int, V]()
    for tensor in in_order(root):
        values[id(tensor)] = algebra.node(tensor, tuple(values[id(part)] for part in tensor.of))
    return values[id(root)]


def leaves(root: Tensor, kind: str) -> Mapping[str, Tensor]:
    """The leaves of a kind, by name."""
    return {t.detail[1]: t for t in in_order(root) if t.operation == "leaf" and t.detail[0] == kind}
