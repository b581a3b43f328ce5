"""What the functions of a generated module have in common: arrays, their names, sizes that are read.

A module is made of names that are ours: what a user called a layer is a key of a mapping, and a variable
only where it is an identifier that stands for nothing else.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Mapping, Sequence

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Shape
from symbolic.codegen.declared.arrays import POINTS, Node, in_order
from symbolic.codegen.declared.forward import Forward
from symbolic.codegen.declared.function import Body
from symbolic.codegen.declared.tangent import changes as changes_of
from symbolic.codegen.declared.text import quoted, sizes_read

RESERVED = (
    "xp", "np", "weights", "inputs", "signal", "rates", "frozen", "gates", "targets", "times", "Any",
    "Mapping",
)  # fmt: skip


class Members:
    """A declaration as arrays, and what these are called.

    Args:
        model: the declaration.
    """

    def __init__(self, model: Model) -> None:
        self.model, self.graph = model, model.graph
        self.forward = Forward(model)
        self.own = {id(node) for node in in_order([self.forward.output, *self.forward.bends])}
        self.taken = set(RESERVED)
        self.leaves: dict[tuple[str, str], str] = {}
        self.shapes: dict[tuple[str, str], Shape] = {}
        for kind, shapes in (
            ("weight", self.graph.weights),
            ("input", self.graph.inputs),
            ("frozen", self.graph.frozen),
        ):
            for name, shape in shapes.items():
                self.leaves[kind, name] = self._new(name)
                self.shapes[kind, name] = shape
        symbols = {s for shape in self.shapes.values() for size in shape for s in size.symbols}
        self.sizes = {symbol: self._new(symbol) for symbol in sorted(symbols)}
        self.sizes[POINTS] = self._new(POINTS)

    def _new(self, name: str) -> str:
        """A variable like a name."""
        plain = name if name.isidentifier() and name.isascii() else "array"
        if keyword.iskeyword(plain) or hasattr(builtins, plain) or plain.startswith("_"):
            plain = f"{plain.strip('_')}_"
        found, number = plain, 1
        while found in self.taken:
            number += 1
            found = f"{plain}_{number}"
        self.taken.add(found)
        return found

    @property
    def variables(self) -> dict[str, str]:
        """What weights are called in functions, by name."""
        return {name: self.leaves["weight", name] for name in self.graph.weights}

    def changes(self, roots: Sequence[Node]) -> list[Node | None]:
        """Of arrays, along directions of the weights; None where there is none."""
        arrays, shapes = self.forward.arrays, self.graph.weights
        ways = {
            id(arrays.leaf("weight", z, shape)): arrays.leaf("direction", z, shape)
            for z, shape in shapes.items()
        }
        return changes_of(arrays, roots, ways)

    def optional(self) -> str:
        """Arguments after weights and inputs, as text."""
        gates = ", gates: Any = None" if self.forward.bends else ""
        frozen = ", frozen: Mapping[str, Any]" if self.graph.frozen else ""
        return f"{frozen}{gates}, xp: Any = np"

    def arguments(self) -> list[str]:
        """What docstrings say of weights, inputs and those."""
        found = ["weights: arrays by name.", "inputs: arrays by name."]
        if self.graph.frozen:
            found.append("frozen: untrained weights by name.")
        if self.forward.bends:
            found.append(
                "gates: slopes of the functions that bend, where h > 0 shall not say them."
            )
        return [*found, "xp: the namespace that computes."]

    def body(
        self, roots: Sequence[Node], more: Mapping[tuple[str, str], str] | None = None
    ) -> Body:
        """The lines that compute arrays.

        Args:
            roots: the arrays.
            more: names of leaves that are neither weights, inputs nor frozen.
        """
        first = next(iter(self.leaves.values()))
        names = {**self.leaves, ("like", ""): first, **(more or {})}
        return Body(roots, names, self.sizes, self.taken, self.own)

    def read(self, roots: Sequence[Node], body: Body) -> list[str]:
        """Lines that name arrays and read sizes."""
        needed = {n.detail for n in in_order(roots) if n.operation == "leaf"}
        if any(n.operation == "eye" for n in in_order(roots)):
            needed.add(next(iter(self.leaves)))
        sizes = sizes_read(body.used, self.shapes, self.leaves, self.sizes)
        needed |= {key for key, _ in sizes}
        of = {"weight": "weights", "input": "inputs", "frozen": "frozen"}
        lines = [
            f"{name} = {of[key[0]]}[{quoted(key[1])}]"
            for key, name in self.leaves.items()
            if key in needed
        ]
        return lines + [line for _, line in sizes]
