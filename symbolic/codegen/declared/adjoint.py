"""Reverse mode on arrays: the slope of Σ signal · output by the weights, as arrays again.

∂/∂a of a contraction of a and b is a contraction of the slope and b: one rule for products, matrices,
sums and transposes. Sums over data points need no rule of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from symbolic.architecture.sizes import Size
from symbolic.codegen.declared.activations import slope, value
from symbolic.codegen.declared.arrays import Arrays, Axis, Factor, Node, View, in_order

# A gate is constant but at the bend; what is largest is taken off where nothing depends on it.
CONSTANT = ("gate", "largest")


def slopes(
    arrays: Arrays, output: Node, signal: Node, weights: Sequence[Node]
) -> list[Node | None]:
    """Of Σ signal · output by weights; None for weights that it does not depend on."""
    order = in_order([output])
    moving = _depending(order, weights)
    parts: dict[int, list[Node]] = defaultdict(list)
    parts[id(output)].append(signal)
    found: dict[int, Node] = {}
    for node in reversed(order):
        if id(node) not in moving or id(node) not in parts:
            continue
        found[id(node)] = whole = arrays.total(parts[id(node)])
        for number, view in enumerate(node.of):
            if id(view.node) in moving:
                parts[id(view.node)] += _back(arrays, node, number, whole)
    return [found.get(id(weight)) for weight in weights]


def _depending(order: Iterable[Node], weights: Sequence[Node]) -> set[int]:
    found = {id(weight) for weight in weights}
    for node in order:
        if any(id(view.node) in found for view in node.of):
            found.add(id(node))
    return found


def _back(arrays: Arrays, node: Node, number: int, whole: Node) -> Iterator[Node]:
    """The slope by an operand of a node."""
    view = node.of[number]
    if node.operation in ("contract", "add"):
        others = [one for k, one in enumerate(node.of) if k != number]
        if node.operation == "add":
            others = []
        sizes: Mapping[int, Axis] = dict(zip(view.labels, view.node.axes, strict=True))
        factor = node.detail if node.operation == "contract" else Factor()
        yield arrays.contract([View(whole, node.labels), *others], view.labels, sizes, factor)
    elif node.operation in ("function", "power"):
        yield times(arrays, whole, derivative(arrays, node))
    elif node.operation == "windows":
        length = view.node.axes[-1]
        assert isinstance(length, Size)
        yield arrays.overlap(whole, length)
    elif node.operation not in CONSTANT:
        raise TypeError(f"no slope of {node.operation}")


def derivative(arrays: Arrays, node: Node) -> Node:
    """Of a function or a power, entry by entry."""
    argument = node.of[0].node
    if node.operation == "power":
        n = node.detail
        return arrays.scaled(arrays.power(argument, n - 1), Factor(Fraction(n)))
    if node.detail == "sqrt":
        return arrays.scaled(arrays.power(node, -1), Factor(Fraction(1, 2)))
    if slope(node.detail) == value(node.detail):
        return node
    return arrays.elementwise("slope", argument, node.detail)


def times(arrays: Arrays, a: Node, b: Node) -> Node:
    """The product of entries."""
    labels = tuple(range(len(a.axes)))
    sizes = dict(zip(labels, a.axes, strict=True))
    return arrays.contract([View(a, labels), View(b, labels)], labels, sizes)
