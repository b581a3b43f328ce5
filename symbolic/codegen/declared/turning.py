"""Sizes along which all arrays may be turned together: the network sees them by inner products alone.

Where a size n occurs in no output, and every axis of that size of a weight, an input or what is frozen
is in the end summed over with one other such axis, the outputs depend on inner products alone of the
vectors v ∈ ℝⁿ along these axes. So gradients by weights are combinations of those that they meet:

    dv/dt ∈ span T,    T = {inputs} ∪ {all that meets a weight} ∪ {what is frozen and meets its like},

for any loss and whatever is done with the inner products. With an orthonormal basis E of span T at the
start, (n, k), all of T stays in it; what is orthogonal to it in others stays as it is, and meets none but
what is in it. So Eᵀ v follow the flow of the same network with k for n: no more than T has vectors,
however large n is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symbolic.architecture.sizes import Size
from symbolic.codegen.declared.arrays import Axis, Factor, Node, in_order


class Slot(NamedTuple):
    """An axis of what is given.

    Attributes:
        kind: "weight", "input" or "frozen".
        name: of the array.
        axis: its number, without the axis of points.
    """

    kind: str
    name: str
    axis: int


class Turned(NamedTuple):
    """An axis that may be turned with others.

    Attributes:
        slot: the axis.
        spans: whether its vectors are in T.
    """

    slot: Slot
    spans: bool


class _FixedError(Exception):
    """The entries along the axes of a size are told from each other."""


def turnings(roots: Sequence[Node], symbols: Iterable[str]) -> dict[str, tuple[Turned, ...]]:
    """The axes of each size that may be turned; sizes of weights alone.

    Args:
        roots: the output, and arguments of functions that bend.
        symbols: of sizes.
    """
    found = {}
    for symbol in symbols:
        try:
            slots = _Meetings(symbol, roots).turned()
        except _FixedError:
            continue
        if any(one.slot.kind == "weight" for one in slots):
            found[symbol] = slots
    return found


class _Meetings:
    """Which axes of a size meet which.

    Args:
        symbol: of the size.
        roots: what is computed.

    Raises:
        _FixedError: where they are not only summed over two by two.
    """

    def __init__(self, symbol: str, roots: Sequence[Node]) -> None:
        self._size, self._symbol = Size(((symbol, 1),)), symbol
        self._slots: set[Slot] = set()
        self._pairs: set[tuple[Slot, Slot]] = set()
        self._of: dict[int, dict[int, set[Slot]]] = {}
        for node in in_order(roots):
            self._of[id(node)] = self._read(node)
        if any(self._of[id(root)] for root in roots):
            raise _FixedError

    def turned(self) -> tuple[Turned, ...]:
        """All axes."""
        return tuple(Turned(slot, self._spans(slot)) for slot in sorted(self._slots))

    def _spans(self, slot: Slot) -> bool:
        """An input does; else what meets a weight, or what is frozen and meets such."""
        met = {b.kind for a, b in self._pairs if a == slot}
        return (
            slot.kind == "input" or "weight" in met or (slot.kind == "frozen" and slot.kind in met)
        )

    def _is_turned(self, axis: Axis) -> bool:
        if isinstance(axis, str) or self._symbol not in axis.symbols:
            return False
        if axis != self._size:
            raise _FixedError
        return True

    def _read(self, node: Node) -> dict[int, set[Slot]]:
        """Of a node: by the place of an axis, what its vectors are combinations of."""
        places = [k for k, axis in enumerate(node.axes) if self._is_turned(axis)]
        if isinstance(node.detail, Factor):
            self._require_free(node.detail)
        if node.operation == "leaf":
            return {k: {self._slot(node, k)} for k in places}
        if node.operation == "contract":
            return self._contracted(node, places)
        if node.operation == "add":
            return self._added(node, places)
        below = {k for view in node.of for k in self._of[id(view.node)]}
        if node.operation == "windows" and below <= set(range(len(node.axes) - 2)):
            return {k: self._of[id(node.of[0].node)][k] for k in places}
        if places or below:
            raise _FixedError
        return {}

    def _slot(self, node: Node, place: int) -> Slot:
        kind, name = node.detail
        slot = Slot(kind, name, place - (kind == "input"))
        self._slots.add(slot)
        return slot

    def _require_free(self, factor: Factor) -> None:
        """Of a number that depends on the size, the network of another size is another."""
        if any(self._symbol in size.symbols for size, _ in factor.powers):
            raise _FixedError

    def _contracted(self, node: Node, places: Sequence[int]) -> dict[int, set[Slot]]:
        by_label = self._labelled(node)
        kept = {node.labels[k]: k for k in places}
        found: dict[int, set[Slot]] = {}
        for label, occurring in by_label.items():
            if label in kept and len(occurring) == 1:
                found[kept[label]] = occurring[0]
            elif label not in kept and len(occurring) == 2:
                one, other = occurring
                self._pairs |= {pair for a in one for b in other for pair in ((a, b), (b, a))}
            else:
                raise _FixedError
        if len(found) < len(places):
            raise _FixedError  # it is repeated along the size
        return found

    def _added(self, node: Node, places: Sequence[int]) -> dict[int, set[Slot]]:
        by_label = self._labelled(node)
        found = {k: by_label.get(node.labels[k], []) for k in places}
        if any(len(terms) < len(node.of) for terms in found.values()):
            raise _FixedError
        return {k: set().union(*terms) for k, terms in found.items()}

    def _labelled(self, node: Node) -> Mapping[int, list[set[Slot]]]:
        """What the operands have along each label."""
        found: dict[int, list[set[Slot]]] = defaultdict(list)
        for view in node.of:
            for place, slots in self._of[id(view.node)].items():
                found[view.labels[place]].append(slots)
        return found


def table(found: Mapping[str, Sequence[Turned]]) -> list[str]:
    """What a module says of them."""
    lines = [
        "# axes that may be turned together, by size: kind, array, axis, whether its vectors span; in a",
        "# basis of those that do the flow is that of the network of as many, however large the size is",
        "TURNS: dict[str, tuple[tuple[str, str, int, bool], ...]] = {",
    ]
    for symbol, axes in found.items():
        entries = "".join(f"{(*one.slot, one.spans)!r}, " for one in axes)
        lines.append(f"    {symbol!r}: ({entries}),")
    return [*lines, "}"]
