"""An instance in an exact ring: outputs as polynomials in weights, data and functions of preactivations.

The ring over ℚ has a generator for each weight, each entry of the inputs, and each value of a function
that is no polynomial (`symbolic.architecture.generated`). What is a polynomial identity in these
generators is an identity of the network.

What is arbitrary but fixed, untrained weights and the line that data are on, has the numbers that were
drawn; or, with `with_symbols`, generators of its own: what is an identity then, is one for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from flint import fmpq_mpoly_ctx

from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.arrays import Array
from symbolic.architecture.closures import CLOSURES
from symbolic.architecture.expansion import Expansion, constant
from symbolic.architecture.generated import Functions, Generated, Poly
from symbolic.architecture.model import DeclarationError, Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.walk import computed, in_order

__all__ = ["Generated", "Instance", "Poly", "entry_names"]


def entry_names(name: str, shape: Sequence[int]) -> list[str]:
    """Names of entries: a, v_2, W_12, W_1_12 where a size is beyond 9."""
    places: list[tuple[int, ...]] = [()]
    for size in shape:
        places = [(*place, k) for place in places for k in range(1, size + 1)]
    between = "_" if max(shape, default=0) > 9 else ""
    return [f"{name}_{between.join(map(str, place))}" if place else name for place in places]


class Instance:
    """A network at fixed sizes, expanded in the exact ring.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of what is arbitrary but fixed.
        symbols: whether what is fixed stands as symbols, not as numbers.

    Attributes:
        model, sizes: the same.
        names, rates: of the weights, entry by entry.
        parameters: names of what is fixed, entry by entry: untrained weights, directions of data.
        drawn: their numbers.
        symbols: how many of them are generators of the ring: all, or none.
        ring: its first generators are the weights, then the parameters where they are generators.
        frozen: entries of the untrained weights, whole numbers that were drawn.
        directions: of the inputs where data lie on a line, likewise.
        generated: functions of preactivations, each after those that its argument has.
        outputs: by point where points are listed, else for one input.
    """

    def __init__(self, model: Model, sizes: Sizes, seed: int = 0, *, symbols: bool = False) -> None:
        model.check(sizes)
        self.model, self.sizes, self._seed = model, dict(sizes), seed
        shapes = {name: self._at(layer.shape) for name, layer in model.layers.items()}
        self.names = tuple(n for name, shape in shapes.items() for n in entry_names(name, shape))
        self.rates = tuple(
            model.layers[name].rate for name, shape in shapes.items() for _ in range(prod(shape))
        )
        inputs = {name: self._at(shape) for name, shape in model.graph.inputs.items()}
        data = self._data_names(inputs)
        self._require_names(data)
        fixed = arbitrary(model, sizes, seed)
        self.frozen = {
            name: Array(self._at(shape), fixed.frozen[name])
            for name, shape in model.graph.frozen.items()
        }
        on_a_line = inputs.items() if model.data == "line" else ()
        self.directions = {name: Array(shape, fixed.directions[name]) for name, shape in on_a_line}
        self.parameters = tuple(self._parameters())
        self.drawn = tuple(
            n for one in (self.frozen, self.directions) for array in one.values() for n in array.entries
        )  # fmt: skip
        self.symbols = len(self.parameters) if symbols else 0
        functions = [f"s_{k}" for k in range(self._functions())]
        first = [*self.names, *self.parameters[: self.symbols]]
        self.ring = fmpq_mpoly_ctx.get([*first, *data, *functions], "degrevlex")
        self._of_preactivations = Functions(
            self.ring, len(first) + len(data), model.name, self._words or "any sizes"
        )
        self._gradients: dict[int, dict[int, Poly]] = {}
        self.outputs = self._expanded(shapes, inputs)

    @cached_property
    def with_symbols(self) -> Instance:
        """The same, with symbols for what is arbitrary but fixed."""
        return Instance(self.model, self.sizes, self._seed, symbols=True)

    @property
    def weights(self) -> int:
        """Their number, D."""
        return len(self.names)

    @property
    def name(self) -> str:
        """Of the network, and its sizes."""
        sizes = " ".join(f"{symbol}={n}" for symbol, n in self.sizes.items())
        return f"{self.model.name} {sizes}".rstrip()

    @property
    def title(self) -> str:
        """In words."""
        return self.model.title

    @property
    def generated(self) -> list[Generated]:
        """Functions of preactivations."""
        return self._of_preactivations.made

    @property
    def zero(self) -> Poly:
        """0 in the ring."""
        return self._of_preactivations.zero

    @property
    def _words(self) -> str:
        return ", ".join(f"{symbol} = {n}" for symbol, n in self.sizes.items())

    def _at(self, shape: Shape) -> tuple[int, ...]:
        return tuple(size.at(self.sizes) for size in shape)

    def _data_names(self, inputs: Mapping[str, tuple[int, ...]]) -> list[str]:
        if self.model.data == "points":
            return []
        if self.model.data == "line":
            return [f"z_{name}" for name in inputs]
        return [n for name, shape in inputs.items() for n in entry_names(name, shape)]

    def _require_names(self, data: list[str]) -> None:
        """Refuse two things of one name: what is printed of them would be one."""
        frozen = self.model.graph.frozen
        rates = dict.fromkeys(self.rates)
        arrays = [*self.model.layers, *rates, *self.model.inputs, *frozen]
        fixed = [n for name, shape in frozen.items() for n in entry_names(name, self._at(shape))]
        for every in (arrays, [*self.names, *rates, *data, *fixed]):
            twice = [name for name, n in Counter(every).items() if n > 1]
            if twice:
                found = (
                    f"two weights, frozen weights, rates or entries of inputs are called {twice[0]}"
                )
                raise DeclarationError(
                    f"{self.model.name}: {found}; rename a layer, what is frozen, an input or a rate"
                )

    def _parameters(self) -> Iterator[str]:
        """Names of what is fixed; another one where a weight or a rate has it."""
        taken = {*self.names, *self.rates}
        for kind, arrays in (("frozen", self.frozen), ("line", self.directions)):
            for name, array in arrays.items():
                own = entry_names(name, array.shape)
                while taken.intersection(own):
                    name = f"{kind}_{name}"
                    own = entry_names(name, array.shape)
                taken |= set(own)
                yield from own

    def _functions(self) -> int:
        """Generators that functions may need."""
        needed = 0
        for tensor in in_order(self.model.graph.output):
            entries = prod(self._at(tensor.shape))
            if tensor.operation == "apply":
                known = CLOSURES.get(tensor.detail)
                needed += entries * (len(known[1]) if known else 2)
            elif tensor.operation == "power" and tensor.detail < 0:
                needed += entries
        return needed * max(1, len(self.model.points))

    def _expanded(
        self, shapes: Mapping[str, tuple[int, ...]], inputs: Mapping[str, tuple[int, ...]]
    ) -> list[Array[Poly]]:
        generators = iter(self.ring.gens())
        weights = _arrays(shapes, generators)
        frozen, directions = (
            _arrays({name: array.shape for name, array in one.items()}, generators)
            if self.symbols
            else {name: array.map(self.constant) for name, array in one.items()}
            for one in (self.frozen, self.directions)
        )
        return [
            computed(
                self.model.graph.output,
                Expansion(
                    self._of_preactivations, self.sizes, {"weight": weights, "input": x, "frozen": frozen}
                ),
            )
            for x in self._inputs(inputs, directions, generators)
        ]  # fmt: skip

    def _inputs(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        directions: Mapping[str, Array[Poly]],
        data: Iterator[Poly],
    ) -> Iterator[dict[str, Array[Poly]]]:
        if self.model.data == "points":
            for point in self.model.points:
                yield {name: self._point(name, point, shape) for name, shape in shapes.items()}
        elif self.model.data == "line":
            yield {
                name: Array(one.shape, [c * z for c in one.entries])
                for (name, one), z in zip(directions.items(), data, strict=False)
            }
        else:
            yield _arrays(shapes, data)

    def _point(self, name: str, point: Mapping[str, Any], shape: tuple[int, ...]) -> Array[Poly]:
        if name not in point:
            raise ValueError(f"{self.model.name}: a point has no {name}: it has {', '.join(point)}")
        flat = list(_flat(point[name]))
        if len(flat) != prod(shape):
            raise ValueError(
                f"{self.model.name}: a point has {len(flat)} entries of {name}, not {prod(shape)}"
            )
        return Array(shape, [self.constant(value) for value in flat])

    def constant(self, value: int | Fraction) -> Poly:
        """A number in the ring."""
        return constant(self.ring, value)

    def gradient(self, of: Poly) -> dict[int, Poly]:
        """Its derivatives by the weights, through all functions; those that are not zero."""
        found = {i: slope for i in range(self.weights) if (slope := of.derivative(i)) != 0}
        for one in self.generated:
            outer = of.derivative(one.index) * one.slope
            if outer == 0:
                continue
            if one.index not in self._gradients:
                self._gradients[one.index] = self.gradient(one.argument)
            for i, slope in self._gradients[one.index].items():
                found[i] = found.get(i, self.zero) + outer * slope
        return {i: slope for i, slope in found.items() if slope != 0}


def _arrays(
    shapes: Mapping[str, tuple[int, ...]], generators: Iterator[Poly]
) -> dict[str, Array[Poly]]:
    return {
        name: Array(shape, [next(generators) for _ in range(prod(shape))])
        for name, shape in shapes.items()
    }


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, str):
        raise DeclarationError(f"an entry of a point is a number, not {values!r}")
    if isinstance(values, Sequence):
        for value in values:
            yield from _flat(value)
    else:
        yield values
