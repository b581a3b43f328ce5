"""How many terms the gradients of the outputs have, from above, and nothing is expanded for it.

Written out, an output that is a product of many layers has a term for every path through all of them:
linear attention on 200 weights has two million in its gradients. What works with terms asks first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import comb, prod
from typing import NamedTuple

from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed

FEW = 100_000  # equations of an ansatz of degree 2, beyond which what needs none is tried first


class Extent(NamedTuple):
    """Of an entry of a node, at most.

    Attributes:
        value: its terms.
        gradient: terms of all its derivatives by weights.
    """

    value: int
    gradient: int

    def plus(self, other: Extent) -> Extent:
        """Of a sum."""
        return Extent(self.value + other.value, self.gradient + other.gradient)

    def times(self, other: Extent) -> Extent:
        """Of a product."""
        gradient = self.gradient * other.value + self.value * other.gradient
        return Extent(self.value * other.value, gradient)

    def repeated(self, number: int) -> Extent:
        """Of a sum of so many."""
        return Extent(self.value * number, self.gradient * number)


ONE = Extent(1, 0)


class _Extents:
    """The operations of a graph.

    Args:
        sizes: a number for each size symbol.
        layers: by whose weights derivatives are taken.
    """

    def __init__(self, sizes: Sizes, layers: Collection[str]) -> None:
        self._sizes, self._layers = sizes, layers

    def node(self, tensor: Tensor, of: tuple[Extent, ...]) -> Extent:
        """Of a node: of a function its value is one generator, whatever its argument is."""
        known: dict[str, Callable[[], Extent]] = {
            "leaf": lambda: Extent(1, int(self._is_moved(*tensor.detail))),
            "number": lambda: ONE,
            "eye": lambda: ONE,
            "add": lambda: of[0].plus(of[1]),
            "multiply": lambda: of[0].times(of[1]),
            "matmul": lambda: of[0].times(of[1]).repeated(self._met(tensor, 1)),
            "correlate": lambda: of[0].times(of[1]).repeated(self._met(tensor, 0)),
            "sum": lambda: of[0].repeated(self._size(tensor.of[0], -1)),
            "power": lambda: _power(of[0], tensor.detail),
        }
        if tensor.operation == "apply" and tensor.detail != "relu":
            return Extent(1, of[0].gradient)
        return known[tensor.operation]() if tensor.operation in known else of[0]

    def _is_moved(self, kind: str, name: str) -> bool:
        return kind == "weight" and name in self._layers

    def _size(self, tensor: Tensor, axis: int) -> int:
        return tensor.shape[axis].at(self._sizes)

    def _met(self, tensor: Tensor, by: int) -> int:
        """Products that are summed up: by the first axis of the second, or all axes of a filter."""
        if by:
            return self._size(tensor.of[1], 0)
        axes = tensor.of[0].shape[-len(tensor.of[1].shape) :]
        return prod(size.at(self._sizes) for size in axes)


def _power(of: Extent, exponent: int) -> Extent:
    if exponent < 0:
        return Extent(1, of.gradient)
    if exponent == 0:
        return ONE
    below = comb(of.value + exponent - 2, exponent - 1)
    return Extent(comb(of.value + exponent - 1, exponent), below * of.gradient)


def gradient_terms(model: Model, sizes: Sizes, layers: Collection[str] | None = None) -> int:
    """Terms of all derivatives of all outputs by all weights, at most.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        layers: by whose weights derivatives are taken; None for all.
    """
    root = model.graph.output
    one = computed(root, _Extents(sizes, model.layers if layers is None else layers))
    entries = prod(size.at(sizes) for size in root.shape)
    return one.gradient * entries * max(1, len(model.points))


def is_long(model: Model, sizes: Sizes) -> bool:
    """Whether an ansatz of degree 2 has many equations: every term meets every weight.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    return gradient_terms(model, sizes) * model.number_of_weights(sizes) > FEW
