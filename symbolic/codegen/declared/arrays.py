"""Arrays of a generated module: contractions, sums and functions of arrays, with sizes left open.

Axes carry labels within one operation: equal labels meet, those that the result lacks are summed over,
and along those that only the result has an array is repeated. So products of entries and of matrices,
transposes, sums, and all that reverse mode makes of them are one operation, `contract`. The axis of
data points is the first of every array that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

from symbolic.architecture.sizes import Size

Axis: TypeAlias = Size | Literal["points"]
Labels = tuple[int, ...]
POINTS: Literal["points"] = "points"


class Factor(NamedTuple):
    """A rational number, times sizes to whole powers."""

    value: Fraction = Fraction(1)
    powers: tuple[tuple[Size, int], ...] = ()

    def times(self, other: Factor) -> Factor:
        """The product."""
        powers = dict(self.powers)
        for size, exponent in other.powers:
            powers[size] = powers.get(size, 0) + exponent
        kept = tuple((size, exponent) for size, exponent in powers.items() if exponent)
        return Factor(self.value * other.value, kept)


ONE = Factor()


@dataclass(frozen=True, eq=False)
class Node:
    """An array.

    Attributes:
        operation: "leaf", "number", "eye", "contract", "add", "function", "slope", "gate", "power",
            "largest", "windows" or "overlap".
        of: what it is computed from, with labels of axes.
        axes: its sizes.
        labels: of its axes, where those of operands are labelled.
        detail: what else there is to know.
    """

    operation: str
    of: tuple[View, ...]
    axes: tuple[Axis, ...]
    labels: Labels = ()
    detail: Any = None


class View(NamedTuple):
    """An operand and the labels of its axes."""

    node: Node
    labels: Labels


def in_order(roots: Iterable[Node]) -> list[Node]:
    """All nodes below roots and the roots, each once, after what it is of."""
    found, waiting = dict[int, Node](), [(root, False) for root in reversed(list(roots))]
    while waiting:
        node, ready = waiting.pop()
        if id(node) in found:
            continue
        if ready:
            found[id(node)] = node
        else:
            waiting.append((node, True))
            waiting += [(view.node, False) for view in reversed(node.of)]
    return list(found.values())


class Arrays:
    """Makes nodes; equal ones are one."""

    def __init__(self) -> None:
        self._known: dict[Any, Node] = {}

    def _node(
        self,
        operation: str,
        of: Sequence[View],
        axes: Iterable[Axis],
        labels: Labels = (),
        detail: Any = None,
    ) -> Node:
        names: dict[int, int] = {}
        for view in of:
            for label in view.labels:
                names.setdefault(label, len(names))
        for label in labels:
            names.setdefault(label, len(names))
        views = tuple(View(v.node, tuple(names[k] for k in v.labels)) for v in of)
        kept = tuple(names[k] for k in labels)
        sizes = tuple(axes)
        key = (operation, tuple((id(v.node), v.labels) for v in views), sizes, kept, detail)
        if key not in self._known:
            self._known[key] = Node(operation, views, sizes, kept, detail)
        return self._known[key]

    def leaf(self, kind: str, name: str, axes: Iterable[Axis]) -> Node:
        """What is given."""
        return self._node("leaf", (), axes, detail=(kind, name))

    def number(self, factor: Factor = ONE) -> Node:
        """A constant."""
        return self._node("number", (), (), detail=factor)

    def identity(self, size: Size) -> Node:
        """The identity matrix."""
        return self._node("eye", (), (size, size))

    def elementwise(self, operation: str, a: Node, detail: Any = None) -> Node:
        """A function, its slope, a gate or a power, entry by entry."""
        return self._node(operation, (View(a, tuple(range(len(a.axes)))),), a.axes, detail=detail)

    def largest(self, a: Node) -> Node:
        """Along the last axis."""
        return self._node("largest", (View(a, tuple(range(len(a.axes)))),), a.axes[:-1])

    def power(self, a: Node, exponent: int) -> Node:
        """a**exponent."""
        if exponent == 1:
            return a
        if exponent == 0:
            return self.repeated(self.number(), a.axes)
        return self.elementwise("power", a, exponent)

    def repeated(self, scalar: Node, axes: Sequence[Axis]) -> Node:
        """A number without axes, everywhere."""
        labels = tuple(range(len(axes)))
        return self.contract([View(scalar, ())], labels, dict(zip(labels, axes, strict=True)))

    def windows(self, x: Node, places: Size, width: Size) -> Node:
        """x_(i+j) along the last axis, for places i and j < width along two."""
        view = View(x, tuple(range(len(x.axes))))
        return self._node("windows", (view,), (*x.axes[:-1], places, width))

    def overlap(self, g: Node, length: Size) -> Node:
        """Σ over i + j = l of the last two axes, l < length: the transpose of `windows`."""
        view = View(g, tuple(range(len(g.axes))))
        return self._node("overlap", (view,), (*g.axes[:-2], length))

    def add(self, views: Sequence[View], labels: Labels, axes: Mapping[int, Axis]) -> Node:
        """The sum; along labels that an operand lacks it is repeated."""
        found = [_unwrapped(view, labels) for view in views]
        return self._node("add", found, (axes[k] for k in labels), labels)

    def total(self, nodes: Sequence[Node]) -> Node:
        """The sum of arrays of one shape; equal ones are counted."""
        counts: dict[int, int] = {}
        for node in nodes:
            counts[id(node)] = counts.get(id(node), 0) + 1
        unique = {id(node): node for node in nodes}
        terms = [self.scaled(node, Factor(Fraction(counts[k]))) for k, node in unique.items()]
        found = terms[0]
        labels = tuple(range(len(found.axes)))
        for term in terms[1:]:
            axes = dict(zip(labels, term.axes, strict=True))
            found = self.add([View(found, labels), View(term, labels)], labels, axes)
        return found

    def scaled(self, a: Node, factor: Factor) -> Node:
        """A multiple."""
        labels = tuple(range(len(a.axes)))
        axes = dict(zip(labels, a.axes, strict=True))
        return self.contract([View(a, labels)], labels, axes, factor)

    def contract(
        self,
        views: Sequence[View],
        labels: Labels,
        axes: Mapping[int, Axis],
        factor: Factor = ONE,
    ) -> Node:
        """The product of one or two arrays, summed over the labels that are not asked for.

        Args:
            views: the arrays.
            labels: of the result.
            axes: the size of each label, at least of those of the result.
            factor: of it all.
        """
        sizes = dict(axes)
        for view in views:
            sizes |= dict(zip(view.labels, view.node.axes, strict=True))
        found, labels, factor = _simplified(list(views), labels, sizes, factor)
        if not found:
            if not labels:
                return self.number(factor)
            found, factor = [View(self.number(factor), ())], ONE
        met = {k for view in found for k in view.labels}
        kept = tuple(k for k in labels if k in met)
        if kept != labels and (len(found) > 1 or met != set(kept)):  # repeated is what is done
            found, factor = [View(self.contract(found, kept, sizes, factor), kept)], ONE
        if len(found) == 1 and found[0].labels == labels and factor == ONE:
            return found[0].node
        return self._node("contract", found, (sizes[k] for k in labels), labels, factor)


def _unwrapped(view: View, labels: Labels) -> View:
    """Without a repetition or a transposition that `labels` say as well."""
    node = view.node
    if node.operation != "contract" or len(node.of) != 1 or node.detail != ONE:
        return view
    (inner,) = node.of
    place = dict(zip(node.labels, view.labels, strict=True))
    if any(k not in place for k in inner.labels):
        return view
    found = tuple(place[k] for k in inner.labels)
    in_turn = [labels.index(k) for k in found]
    return View(inner.node, found) if in_turn == sorted(in_turn) else view


def _simplified(
    views: list[View], labels: Labels, sizes: dict[int, Axis], factor: Factor
) -> tuple[list[View], Labels, Factor]:
    """Without numbers, identities, and contractions that can be said in this one."""
    changed = True
    while changed:
        changed = False
        for k, view in enumerate(views):
            others = views[:k] + views[k + 1 :]
            node = view.node
            if node.operation == "number":
                views, factor, changed = others, factor.times(node.detail), True
            elif node.operation == "eye" and (same := _renamed(view, others, labels)):
                old, new = same
                views = [
                    View(v.node, tuple(new if z == old else z for z in v.labels)) for v in others
                ]
                labels, changed = tuple(new if z == old else z for z in labels), True
            elif node.operation == "contract":
                inner = _opened(view, others, labels, sizes)
                if inner is not None:
                    opened, scale = inner
                    views = [*views[:k], *opened, *views[k + 1 :]]
                    factor, changed = factor.times(scale), True
            if changed:
                break
    return views, labels, factor


def _renamed(eye: View, others: Sequence[View], labels: Labels) -> tuple[int, int] | None:
    """Which label an identity replaces by which; None where it has to stay."""
    one, two = eye.labels
    met = {k for view in others for k in view.labels}
    for old, new in ((one, two), (two, one)):
        if old in met and old not in labels and (new in labels or new in met):
            return old, new
    return None


def _opened(
    view: View, others: Sequence[View], labels: Labels, sizes: dict[int, Axis]
) -> tuple[list[View], Factor] | None:
    """The operands of an inner contraction with labels of the outer one; None where it has to stay."""
    node = view.node
    place = dict(zip(node.labels, view.labels, strict=True))
    inner = {k for one in node.of for k in one.labels}
    summed, added = inner - place.keys(), [k for k in node.labels if k not in inner]
    sums_more = set(view.labels) - set(labels)
    if summed and (others or not (sums_more or view.labels == labels)):
        return None  # a product with what is already summed is cheaper
    if len(node.of) > 1 and (others or not (sums_more or view.labels == labels)):
        return None
    scale: Factor = node.detail
    met = {k for other in others for k in other.labels} | set(labels)
    for label in added:
        if place[label] not in met:  # a sum over what is the same everywhere
            size = sizes[place[label]]
            if isinstance(size, str):
                return None
            scale = scale.times(Factor(powers=((size, 1),)))
    fresh = max(sizes, default=0) + 1
    for one in node.of:
        for label, size in zip(one.labels, one.node.axes, strict=True):
            if label not in place:
                place[label], sizes[fresh] = fresh, size
                fresh += 1
    return [View(one.node, tuple(place[k] for k in one.labels)) for one in node.of], scale
