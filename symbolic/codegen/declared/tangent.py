"""Forward mode on arrays: how much they change, to first order, along directions of the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symbolic.codegen.declared.adjoint import CONSTANT, derivative, times
from symbolic.codegen.declared.arrays import Arrays, Axis, Node, View, in_order


def changes(
    arrays: Arrays, roots: Sequence[Node], directions: Mapping[int, Node]
) -> list[Node | None]:
    """Of some arrays; None for those that do not change.

    Args:
        arrays: what made them.
        roots: the arrays.
        directions: those of weights, by their nodes' ids.
    """
    found: dict[int, Node] = dict(directions)
    for node in in_order(roots):
        parts = [] if id(node) in found else _parts(arrays, node, found)
        if parts:
            found[id(node)] = arrays.total(parts)
    return [found.get(id(root)) for root in roots]


def _parts(arrays: Arrays, node: Node, moved: Mapping[int, Node]) -> list[Node]:
    """The changes of a node that those of its operands make."""
    found = []
    for number, view in enumerate(node.of):
        change = moved.get(id(view.node))
        if change is None or node.operation in CONSTANT:
            continue
        if node.operation == "contract":
            views = [*node.of[:number], View(change, view.labels), *node.of[number + 1 :]]
            found.append(arrays.contract(views, node.labels, _sizes(node), node.detail))
        elif node.operation == "add":
            views = [View(change, view.labels)]
            found.append(arrays.contract(views, node.labels, _sizes(node)))
        elif node.operation == "windows":
            *_, places, width = node.axes
            assert not isinstance(places, str)
            assert not isinstance(width, str)
            found.append(arrays.windows(change, places, width))
        else:
            found.append(times(arrays, change, derivative(arrays, node)))
    return found


def _sizes(node: Node) -> dict[int, Axis]:
    return dict(zip(node.labels, node.axes, strict=True))
