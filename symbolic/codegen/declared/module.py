"""A declaration to the text of one Python module that needs nothing but numpy.

The module has `output`, `velocity` by reverse mode, laws where there are any, and tables of shapes. It
is made of names that are ours: what a user called a layer is a key of a mapping, and a variable only
where it is an identifier that stands for nothing else.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import textwrap
from collections.abc import Mapping, Sequence

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Shape
from symbolic.architecture.walk import in_order as tensors
from symbolic.codegen.declared import laws, solutions, turning, two_layer
from symbolic.codegen.declared.activations import helpers
from symbolic.codegen.declared.adjoint import slopes
from symbolic.codegen.declared.arrays import POINTS, Node, in_order
from symbolic.codegen.declared.contraction import POWER
from symbolic.codegen.declared.forward import Forward
from symbolic.codegen.declared.function import Body
from symbolic.codegen.declared.notation import written
from symbolic.codegen.declared.tangent import changes
from symbolic.codegen.declared.text import (
    WIDTH,
    axes_text,
    function,
    plain,
    points,
    quoted,
    shape_text,
    sizes_read,
    table,
)

HEADER = '''"""{title}.

Generated, do not edit. To change it, change the declaration and run

    python3 scripts/run.py derive

Network: {source}. Digest of the declaration: {digest}.

{equation}

Valid at all sizes: they are read from the arrays. Weights, inputs, frozen weights and rates are mappings
by name; shapes are in the tables below. An input has an axis of data points in front, and so have the
output and its signal; weights and velocities have none. `xp` is the namespace that computes: numpy (the
default), torch, or any with the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

CAPABILITIES = ("velocity",)  # what can be done with this module
'''
RESERVED = (
    "xp", "np", "weights", "inputs", "signal", "rates", "frozen", "gates", "targets", "times", "Any",
    "Mapping",
)  # fmt: skip


def declared_module(model: Model) -> str:
    """The text of the module of a declared network; the project's formatter has not yet been over it.

    Raises:
        ShapeError: for an output whose shapes do not fit.
        NoSizeError: for a size that no array has.
    """
    made = _Module(model)
    head = HEADER.format(
        title=plain(model.title[0].upper() + model.title[1:]),
        source=plain(str(model.source)),
        digest=digest(model),
        equation=textwrap.fill(
            f"output = {plain(written(model.graph.output))}",
            WIDTH,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
        ),
    )
    functions = [made.output(), made.velocity(), made.change(), *made.bends()]
    found = laws.found(model)
    functions += [made.law(law) for law in found]
    solved = solutions.found(model, made.variables)
    functions += [text for one in solved for text in solutions.functions(one, made.variables)]
    text = "\n\n\n".join(functions)
    names = sorted({t.detail for t in tensors(model.graph.output) if t.operation == "apply"})
    facts = [*made.facts(), *laws.tables(found), *solutions.table(solved)]
    called = solutions.helpers() if solved else {}
    shared = [helper.strip("\n") for mark, helper in called.items() if mark in text]
    parts = [head + "\n".join(facts), *helpers(text, names), *shared, text]
    return "\n\n\n".join(parts) + "\n"


def digest(model: Model) -> str:
    """SHA-256, shortened, of layers, inputs and the graph of the output."""
    places: dict[int, int] = {}
    lines = [f"{name} {layer!r}" for name, layer in model.layers.items()]
    lines += [f"{name} {shape}" for name, shape in model.inputs.items()]
    for tensor in tensors(model.graph.output):
        places[id(tensor)] = len(places)
        of = [places[id(part)] for part in tensor.of]
        lines.append(f"{tensor.operation} {of} {tensor.shape} {tensor.detail}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


class _Module:
    """The functions of a module, one by one.

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

    def facts(self) -> list[str]:
        """Tables of the module."""
        model = self.model
        rates = {name: layer.rate for name, layer in model.layers.items()}
        shape = model.graph.output.shape
        has_points = self.forward.output.axes[:1] == (POINTS,)
        turns = turning.turnings(
            [self.forward.output, *self.forward.bends],
            [symbol for symbol in self.sizes if symbol != POINTS],
        )
        without = "" if has_points else "; no input is in it, and it has no axis of points"
        return [
            f"NAME = {model.name!r}",
            table("WEIGHTS", self.graph.weights, "shapes of trained weights"),
            f"RATES: dict[str, str] = {rates!r}  # the learning rate of each",
            table("INPUTS", self.graph.inputs, "shapes of inputs, without the axis of points"),
            table("FROZEN", self.graph.frozen, "shapes of untrained weights"),
            f"OUTPUT: tuple[str, ...] = {shape_text(shape)}  # shape of the output of a point{without}",
            f"POINTWISE = {has_points}  # whether the output has an axis of points",
            f"LOSS = {model.loss!r}  # which losses it is declared for",
            f"DATA = {model.data!r}  # which data it is declared for",
            f"BENDS = {len(self.forward.bends)}  # functions in it that are not smooth",
            f"AFFINE = {self.is_affine}  # whether the output is affine in the weights, at all sizes",
            *([points(model)] if model.points else []),
            *turning.table(turns),
            *two_layer.table(two_layer.found(model, turns)),
        ]

    def output(self) -> str:
        """The output."""
        root = self.forward.output
        body = self._body([root])
        lines = self._read([root], body) + body.lines
        arguments = "weights: Mapping[str, Any], inputs: Mapping[str, Any]"
        about = [
            f"output = {plain(written(self.graph.output))}",
            "",
            f"Shape {axes_text(root.axes)}.",
        ]
        return function(
            "output",
            arguments + self._optional(),
            "Output at data points.",
            about,
            self._arguments(),
            [*lines, f"return {body.text(root).text}"],
            "Any",
        )

    def velocity(self) -> str:
        """The velocities of all weights."""
        arrays, output = self.forward.arrays, self.forward.output
        signal = arrays.leaf("signal", "", output.axes)
        names = list(self.graph.weights)
        weights = [arrays.leaf("weight", name, self.graph.weights[name]) for name in names]
        found = slopes(arrays, output, signal, weights)
        there = [node for node in found if node is not None]
        body = self._body(there, {("signal", ""): "signal"})
        lines = self._read([*there], body) + body.lines + ["return {"]
        for name, slope in zip(names, found, strict=True):
            weight = f"weights[{quoted(name)}]"
            if slope is None:
                lines.append(f"    {quoted(name)}: 0 * {weight},")
            else:
                rate = f"rates[{quoted(self.model.layers[name].rate)}]"
                text = body.text(slope).at(POWER)
                lines.append(f"    {quoted(name)}: -{rate} * {text},")
        lines.append("}")
        about = [
            f"d {name}/dt = -{layer.rate} Σ (∂ output/∂ {name})ᵀ signal"
            for name, layer in self.model.layers.items()
        ]
        return function(
            "velocity",
            "weights: Mapping[str, Any], inputs: Mapping[str, Any], signal: Any, "
            "rates: Mapping[str, Any]" + self._optional(),
            "Velocities of all weights: minus their rates times the slopes of Σ signal · output.",
            [*about, "", "summed over data points and entries of the output."],
            [
                "weights: arrays by name.",
                "inputs: arrays by name.",
                f"signal: ∂L/∂ output, shape {axes_text(output.axes)}.",
                "rates: numbers by name.",
                *self._arguments()[2:],
            ],
            lines,
            "dict[str, Any]",
        )

    def bends(self) -> list[str]:
        """What functions that are not smooth are of; none where all are smooth."""
        roots = self.forward.bends
        if not roots:
            return []
        body = self._body(roots)
        lines = self._read(roots, body) + body.lines
        texts = ", ".join(body.text(root).text for root in roots)
        about = [f"Shape {axes_text(root.axes)}." for root in roots]
        value = function(
            "bends",
            "weights: Mapping[str, Any], inputs: Mapping[str, Any]" + self._optional(),
            "What is 0 where the velocity jumps, with the gates of earlier ones as given.",
            about,
            self._arguments(),
            [*lines, f"return ({texts},)"],
            "tuple[Any, ...]",
        )
        return [value, self._change("bends_change", "What `bends` gives", roots, several=True)]

    def change(self) -> str:
        """The change of the output along directions of the weights."""
        return self._change("change", "The output", [self.forward.output])

    @property
    def is_affine(self) -> bool:
        """Whether the change of the output does not depend on the weights."""
        (found,) = self._changes([self.forward.output])
        nodes = [] if found is None else in_order([found])
        return not any(n.operation == "leaf" and n.detail[0] == "weight" for n in nodes)

    def _changes(self, roots: Sequence[Node]) -> list[Node | None]:
        """Of arrays, along directions of the weights; None where there is none."""
        arrays, shapes = self.forward.arrays, self.graph.weights
        ways = {
            id(arrays.leaf("weight", z, shape)): arrays.leaf("direction", z, shape)
            for z, shape in shapes.items()
        }
        return changes(arrays, roots, ways)

    def _change(self, name: str, what: str, roots: Sequence[Node], several: bool = False) -> str:
        found = self._changes(roots)
        names = {("direction", z): f"directions[{quoted(z)}]" for z in self.graph.weights}
        there = [node for node in found if node is not None]
        body = self._body(there, names)
        lines = self._read(there, body) + body.lines
        texts = ["0.0" if node is None else body.text(node).text for node in found]
        return function(
            name,
            "weights: Mapping[str, Any], inputs: Mapping[str, Any], "
            "directions: Mapping[str, Any]" + self._optional(),
            f"{what}: how much it changes, to first order, as the weights move.",
            [
                f"Σ over weights of (∂/∂ weight) direction, shape {axes_text(root.axes)}."
                for root in roots
            ],
            [
                "weights: arrays by name.",
                "inputs: arrays by name.",
                "directions: of the weights, arrays by their names.",
                *self._arguments()[2:],
            ],
            [*lines, f"return ({', '.join(texts)},)" if several else f"return {texts[0]}"],
            "tuple[Any, ...]" if several else "Any",
        )

    def law(self, law: laws.Emitted) -> str:
        """Conserved quantities."""
        lines = [f"{self.leaves['weight', z]} = weights[{quoted(z)}]" for z in law.layers]
        names = {z: self.leaves["weight", z] for z in self.graph.weights}
        lines += ["return (", *(f"    {text}," for text in law.texts(names)), ")"]
        shape = f"shape {law.shape}" if len(law.formulas) == 1 else f"{len(law.formulas)} numbers"
        return function(
            law.name,
            "weights: Mapping[str, Any], rates: Mapping[str, Any], xp: Any = np",
            f"Conserved {law.scope}: {shape}.",
            law.formulas,
            [
                "weights: arrays by name.",
                "rates: numbers by name.",
                "xp: the namespace that computes.",
            ],
            lines,
            "tuple[Any, ...]",
        )

    def _optional(self) -> str:
        gates = ", gates: Any = None" if self.forward.bends else ""
        frozen = ", frozen: Mapping[str, Any]" if self.graph.frozen else ""
        return f"{frozen}{gates}, xp: Any = np"

    def _arguments(self) -> list[str]:
        found = ["weights: arrays by name.", "inputs: arrays by name."]
        if self.graph.frozen:
            found.append("frozen: untrained weights by name.")
        if self.forward.bends:
            found.append(
                "gates: slopes of the functions that bend, where h > 0 shall not say them."
            )
        return [*found, "xp: the namespace that computes."]

    def _body(
        self, roots: Sequence[Node], more: Mapping[tuple[str, str], str] | None = None
    ) -> Body:
        first = next(iter(self.leaves.values()))
        names = {**self.leaves, ("like", ""): first, **(more or {})}
        return Body(roots, names, self.sizes, self.taken, self.own)

    def _read(self, roots: Sequence[Node], body: Body) -> list[str]:
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
