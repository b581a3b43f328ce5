"""The output of a declaration as arrays with an axis of data points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbolic.architecture.model import Model
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed
from symbolic.codegen.declared.arrays import POINTS, Arrays, Axis, Factor, Labels, Node, View


class Forward:
    """The operations of a graph; labels are 0 for the axis of points, then the axes of a tensor.

    Args:
        model: the declaration.

    Attributes:
        arrays: what made the nodes.
        output: its node.
        bends: arguments of functions that bend, in the order of their gates.
    """

    def __init__(self, model: Model) -> None:
        self.arrays, self.bends = Arrays(), list[Node]()
        self._values = dict[int, Node]()
        self.output: Node = computed(model.graph.output, self)

    def node(self, tensor: Tensor, of: tuple[Node, ...]) -> Node:
        """The value of a node."""
        found: Node = getattr(self, f"_{tensor.operation}")(tensor, *of)
        self._values[id(tensor)] = found
        return found

    def _made(self, views: list[View], labels: Labels, tensor: Tensor) -> Node:
        """A contraction to the tensor's axes, of which `labels` are one each."""
        if any(view.labels[:1] == (0,) for view in views):
            return self.arrays.contract(
                views, (0, *labels), {0: POINTS, **dict(zip(labels, tensor.shape, strict=True))}
            )
        return self.arrays.contract(views, labels, dict(zip(labels, tensor.shape, strict=True)))

    def _leaf(self, tensor: Tensor) -> Node:
        kind, name = tensor.detail
        axes: tuple[Axis, ...] = tensor.shape
        if kind == "input":
            axes = (POINTS, *axes)
        return self.arrays.leaf(kind, name, axes)

    def _number(self, tensor: Tensor) -> Node:
        return self.arrays.number(Factor(*tensor.detail))

    def _eye(self, tensor: Tensor) -> Node:
        return self.arrays.identity(tensor.shape[0])

    def _matmul(self, tensor: Tensor, a: Node, b: Node) -> Node:
        one, two = (len(part.shape) for part in tensor.of)
        first = tuple(range(1, one + 1))
        second = (one, *range(one + 1, one + two))
        views = [labelled(a, first), labelled(b, second)]
        return self._made(views, (*first[:-1], *second[1:]), tensor)

    def _transpose(self, tensor: Tensor, a: Node) -> Node:
        axes = tuple(range(1, len(tensor.shape) + 1))
        return self._made([labelled(a, axes)], (*axes[:-2], axes[-1], axes[-2]), tensor)

    def _pair(self, tensor: Tensor, a: Node, b: Node) -> tuple[list[View], Labels]:
        axes = tuple(range(1, len(tensor.shape) + 1))
        parts = zip((a, b), tensor.of, strict=True)
        return [labelled(node, axes if part.shape else ()) for node, part in parts], axes

    def _multiply(self, tensor: Tensor, a: Node, b: Node) -> Node:
        argument = softmax_argument(tensor)
        if argument is not None:
            return self._softmax(self._values[id(argument)])
        return self._made(*self._pair(tensor, a, b), tensor)

    def _softmax(self, z: Node) -> Node:
        """Of what is less its largest entry: the same, and no exponential overflows."""
        arrays, labels = self.arrays, tuple(range(len(z.axes)))
        rows = labels[:-1]
        sizes = dict(zip(labels, z.axes, strict=True))
        largest = arrays.scaled(arrays.largest(z), Factor(Fraction(-1)))
        shifted = arrays.add([View(z, labels), View(largest, rows)], labels, sizes)
        e = arrays.elementwise("function", shifted, "exp")
        total = arrays.power(arrays.contract([View(e, labels)], rows, sizes), -1)
        return arrays.contract([View(e, labels), View(total, rows)], labels, sizes)

    def _add(self, tensor: Tensor, a: Node, b: Node) -> Node:
        views, axes = self._pair(tensor, a, b)
        sizes: dict[int, Any] = dict(zip(axes, tensor.shape, strict=True))
        if any(view.labels[:1] == (0,) for view in views):
            axes, sizes = (0, *axes), {0: POINTS, **sizes}
        return self.arrays.add(views, axes, sizes)

    def _power(self, tensor: Tensor, a: Node) -> Node:
        return self.arrays.power(a, tensor.detail)

    def _sum(self, tensor: Tensor, a: Node) -> Node:
        axes = tuple(range(1, len(tensor.shape) + 2))
        return self._made([labelled(a, axes)], axes[:-1], tensor)

    def _repeat(self, tensor: Tensor, a: Node) -> Node:
        axes = tuple(range(1, len(tensor.shape) + 1))
        return self._made([labelled(a, axes[:-1])], axes, tensor)

    def _correlate(self, tensor: Tensor, w: Node, x: Node) -> Node:
        filters, signal = (part.shape for part in tensor.of)
        seen = self.arrays.windows(x, tensor.shape[-1], filters[-1])
        channels, place, within, each = 1, 2, 3, 4
        of_w = {1: (within,), 2: (each, within), 3: (each, channels, within)}[len(filters)]
        of_x = (channels, place, within) if len(signal) == 2 else (place, within)
        labels = (each, place) if len(filters) > 1 else (place,)
        return self._made([labelled(w, of_w), labelled(seen, of_x)], labels, tensor)

    def _apply(self, tensor: Tensor, a: Node) -> Node:
        if tensor.detail != "relu":
            return self.arrays.elementwise("function", a, tensor.detail)
        if a not in self.bends:
            self.bends.append(a)
        gate = self.arrays.elementwise("gate", a, self.bends.index(a))
        axes = tuple(range(1, len(tensor.shape) + 1))
        return self._made([labelled(gate, axes), labelled(a, axes)], axes, tensor)


def softmax_argument(tensor: Tensor) -> Tensor | None:
    """The z of a product eᶻ · 1/Σ eᶻ; None for other products."""
    e, below = tensor.of
    inverse = below.of[0] if below.operation == "repeat" else below
    if e.operation != "apply" or e.detail != "exp" or not e.shape:
        return None
    if inverse.operation != "power" or inverse.detail != -1 or inverse.of[0].operation != "sum":
        return None
    return e.of[0] if inverse.of[0].of[0] is e else None


def labelled(node: Node, axes: Labels) -> View:
    """An operand with labels of a tensor's axes."""
    return View(node, (0, *axes) if node.axes[:1] == (POINTS,) else axes)
