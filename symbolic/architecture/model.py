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

import keyword
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from symbolic.architecture.functions import Functions
from symbolic.architecture.sizes import Shape, Size, SizeError, shape_of
from symbolic.architecture.tensor import Output, ShapeError, Tensor, as_tensor, leaf
from symbolic.notation.source import Source

DATA = ("any", "line", "white", "points")
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
        if not self.layers:
            raise DeclarationError(f"{self.name}: a network has at least one layer")
        for name, layer in self.layers.items():
            if not isinstance(layer, Layer):
                raise DeclarationError(f"{self.name}: {name} is no Layer but {layer!r}")
        for name in (*self.layers, *self.inputs):
            fits = name.isidentifier() and name.isascii() and not keyword.iskeyword(name)
            if not fits or name.startswith("_"):
                raise DeclarationError(f"{self.name}: {name!r} is no name of a layer or an input")
        for name, layer in self.layers.items():
            if layer.rate in self.layers or layer.rate in self.inputs:
                raise DeclarationError(
                    f"{self.name}: {layer.rate!r} is the rate of {name!r}, and a name"
                )
        if both := sorted(self.layers.keys() & self.inputs.keys()):
            raise DeclarationError(f"{self.name}: {both[0]!r} is a layer and an input")
        if self.data not in DATA:
            raise DeclarationError(
                f"{self.name}: data is one of {', '.join(DATA)}, not {self.data!r}"
            )
        if (self.data == "points") != bool(self.points):
            raise DeclarationError(
                f'{self.name}: points are listed where data="points", and only there'
            )
        for sizes in self.sizes:
            if not isinstance(sizes, Mapping):
                raise DeclarationError(f"{self.name}: sizes are a list of instances, ({{...}},)")
            self.check(sizes)
        if not isinstance(self.loss, str):
            raise DeclarationError(f"{self.name}: a loss is a name, not {self.loss!r}")

    @cached_property
    def graph(self) -> Graph:
        """The output, called once with nodes.

        Raises:
            ShapeError: where shapes do not fit; it names the place.
        """
        weights = {name: layer.shape for name, layer in self.layers.items()}
        inputs = {name: shape_of(shape) for name, shape in self.inputs.items()}
        functions = Functions()
        w, x = (
            Names(kind, {name: leaf(kind, name, shape) for name, shape in shapes.items()})
            for kind, shapes in (("weight", weights), ("input", inputs))
        )
        output = as_tensor(self.output(w, x, functions))
        if len(output.shape) > 2:
            raise ShapeError(f"{self.name}: an output is a scalar, a vector or a matrix")
        return Graph(output, weights, inputs, functions.frozen_shapes)

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
            DeclarationError: for a symbol that is missing or not there, or a size below 1.
        """
        if unknown := sorted(sizes.keys() - set(self.symbols)):
            there = ", ".join(self.symbols)
            raise DeclarationError(f"{self.name}: no size {unknown[0]!r}: sizes are {there}")
        try:
            for size in self._sizes():
                size.at(sizes)
        except SizeError as error:
            raise DeclarationError(f"{self.name}: {error}") from None

    def number_of_weights(self, sizes: Sizes) -> int:
        """Of all layers."""
        total = 0
        for layer in self.layers.values():
            entries = 1
            for size in layer.shape:
                entries *= size.at(sizes)
            total += entries
        return total
