"""A declaration: layers with a rate each, inputs, an output, a loss, a class of data, sizes to look at.

MODEL = Model(
    name="two_layer_linear", title="two-layer linear network", source="own",
    layers={"U": Layer("m", "h", rate="eta_U"), "V": Layer("h", "n", rate="eta_V")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.V @ x.x),
    sizes=({"n": 2, "h": 1, "m": 1}, {"n": 3, "h": 2, "m": 2}),
)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from symbolic.architecture.functions import Functions
from symbolic.architecture.sizes import Shape, Size, shape_of, written
from symbolic.architecture.tensor import Output, ShapeError, Tensor, as_tensor, leaf
from symbolic.architecture.validation import at_sizes, problems
from symbolic.notation.source import Source

Sizes = Mapping[str, int]


class DeclarationError(ValueError):
    """A declaration is not one; the message says what is wrong, where, and what would be right."""


class Layer:
    """Trained weights.

    Args:
        shape: sizes, at most three; none for a scalar.
        rate: name of the learning rate; layers may share one.

    Attributes:
        shape, rate: the same.
    """

    def __init__(self, *shape: str | int, rate: str = "eta") -> None:
        if len(shape) > 3:
            raise DeclarationError(f"a layer has at most three axes, not {len(shape)}")
        if not isinstance(rate, str) or not (rate.isidentifier() and rate.isascii()):
            raise DeclarationError(f"a rate is a name such as eta_U, not {rate!r}")
        self.shape, self.rate = shape_of(shape), rate

    def __repr__(self) -> str:
        return f"Layer({', '.join(repr(str(size)) for size in self.shape)}, rate={self.rate!r})"


class Names:
    """Nodes by name, as attributes: `w.U`, `x.x`."""

    def __init__(self, kind: str, nodes: Mapping[str, Tensor]) -> None:
        self._kind, self._nodes = kind, nodes

    def __getattr__(self, name: str) -> Tensor:
        if name.startswith("__") or name not in self._nodes:
            there = ", ".join(self._nodes) or "none"
            raise AttributeError(f"no {self._kind} {name!r}: there are {there}")
        return self._nodes[name]


@dataclass(frozen=True)
class Graph:
    """What an output was called with, and what it returned.

    Attributes:
        output: the node of the output.
        weights, inputs, frozen: shapes by name.
    """

    output: Tensor
    weights: Mapping[str, Shape]
    inputs: Mapping[str, Shape]
    frozen: Mapping[str, Shape]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A declared network.

    Attributes:
        name: of its files and on the command line.
        title: in words.
        source: paper and equation, or "own".
        layers: trained weights by name.
        inputs: shapes by name.
        output: of weights, inputs and `Functions`; its tensor is the output.
        loss: "any"; "softmax", any loss of the differences of outputs; or the name of a loss.
        data: "any"; "line", inputs along one direction; "white", inputs with unit second moments;
            "points", what `points` lists.
        points: inputs by name, entry by entry, whole numbers or fractions.
        sizes: instances to look at, numbers by size symbol.
    """

    name: str
    title: str
    source: Source | str
    layers: Mapping[str, Layer]
    inputs: Mapping[str, Sequence[str | int]]
    output: Output
    loss: str = "any"
    data: str = "any"
    points: Sequence[Mapping[str, Any]] = ()
    sizes: Sequence[Sizes] = field(default=())

    def __post_init__(self) -> None:
        for problem in problems(self):
            raise DeclarationError(f"{self.name}: {problem}")
        for sizes in self.sizes:
            self.check(sizes)

    @cached_property
    def graph(self) -> Graph:
        """The output, called once with nodes.

        Raises:
            ShapeError: where shapes do not fit; it names the place.
            DeclarationError: where there is no tensor.
        """
        weights = {name: layer.shape for name, layer in self.layers.items()}
        inputs = {name: shape_of(shape) for name, shape in self.inputs.items()}
        functions = Functions()
        w, x = (
            Names(kind, {name: leaf(kind, name, shape) for name, shape in shapes.items()})
            for kind, shapes in (("weight", weights), ("input", inputs))
        )
        found = self.output(w, x, functions)
        if isinstance(found, bool) or not isinstance(found, Tensor | int | float | Fraction):
            raise DeclarationError(
                f"{self._place}an output is a tensor, and this is of type {type(found).__name__}"
            )
        output = as_tensor(found)
        if len(output.shape) > 2:
            raise ShapeError(
                f"{self._place}an output is a scalar, a vector or a matrix, "
                f"and this has shape {written(output.shape)}"
            )
        return Graph(output, weights, inputs, functions.frozen_shapes)

    @property
    def _place(self) -> str:
        """Where the output is written, if that is known."""
        code = getattr(self.output, "__code__", None)
        return f"{Path(code.co_filename).name}, line {code.co_firstlineno}: " if code else ""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The size symbols, in the order in which they are declared."""
        found = dict[str, None]()
        for size in self._sizes():
            found |= dict.fromkeys(symbol for symbol, _ in size.terms)
        return tuple(found)

    def _sizes(self) -> Iterator[Size]:
        for layer in self.layers.values():
            yield from layer.shape
        for shape in self.inputs.values():
            yield from shape_of(shape)

    def check(self, sizes: Sizes) -> None:
        """Refuse sizes that are none of this network.

        Raises:
            DeclarationError: for a symbol that is missing or not there, a size below 1, or points of
                other sizes.
        """
        for problem in at_sizes(self, sizes):
            raise DeclarationError(f"{self.name}: {problem}")

    def number_of_weights(self, sizes: Sizes) -> int:
        """Of all layers."""
        total = 0
        for layer in self.layers.values():
            entries = 1
            for size in layer.shape:
                entries *= size.at(sizes)
            total += entries
        return total
