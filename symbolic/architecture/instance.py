"""An instance in an exact ring: outputs as polynomials in weights, data and functions of preactivations.

The ring over ℚ has a generator for each weight, each entry of the inputs, and each value of a function
that is no polynomial:

| function | generators | |
|---|---|---|
| relu(h) | the gate δ | δ² = δ, relu = δ h, dδ = 0; of c h δ for c > 0, 1 − δ for c < 0 |
| another activation of h | the functions of its closure (`closures`) | slopes polynomial in them |
| 1/a | r | r a = 1, dr = −r² da |
| √a | s | s² = a, ds = s r da/2 with r = 1/a |

Equal functions of equal arguments are one. What is a polynomial identity in these generators is an
identity of the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import sympy
from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.arrays import Array
from symbolic.architecture.closures import CLOSURES, Closed, closed, h
from symbolic.architecture.model import DeclarationError, Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed, in_order

Poly: TypeAlias = fmpq_mpoly


@dataclass(frozen=True)
class Generated:
    """A generator that is a function of weights and data.

    Attributes:
        kind: "gate", "inverse", "root" or "function".
        index: of the generator.
        argument: what it is a function of.
        slope: by its argument, in the ring.
        square: what its square is, where that is no monomial of its own; else None.
        function: of h, for the kind "function".
    """

    kind: str
    index: int
    argument: Poly
    slope: Poly
    square: Poly | None = None
    function: sympy.Expr | None = None


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

    Attributes:
        model, sizes: the same.
        names, rates: of the weights, entry by entry.
        ring: its first generators are the weights.
        frozen: entries of the untrained weights, whole numbers that were drawn.
        directions: of the inputs where data lie on a line, likewise.
        generated: functions of preactivations, each after those that its argument has.
        outputs: by point where points are listed, else for one input.
    """

    def __init__(self, model: Model, sizes: Sizes, seed: int = 0) -> None:
        model.check(sizes)
        self.model, self.sizes = model, dict(sizes)
        self._fixed = arbitrary(model, sizes, seed)
        shapes = {name: self._at(layer.shape) for name, layer in model.layers.items()}
        self.names = tuple(n for name, shape in shapes.items() for n in entry_names(name, shape))
        self.rates = tuple(
            model.layers[name].rate for name, shape in shapes.items() for _ in range(prod(shape))
        )
        inputs = {name: self._at(shape) for name, shape in model.graph.inputs.items()}
        data = self._data_names(inputs)
        self._require_names(data)
        functions = [f"s_{k}" for k in range(self._functions())]
        self.ring = fmpq_mpoly_ctx.get([*self.names, *data, *functions], "degrevlex")
        self._generators = self.ring.gens()
        self._next = len(self.names) + len(data)
        self._known: dict[Any, list[Generated]] = {}
        self._places: dict[Any, int] = {}
        self._gradients: dict[int, dict[int, Poly]] = {}
        self.generated: list[Generated] = []
        weights = self._arrays(shapes, iter(self._generators))
        self.frozen = {
            name: Array(self._at(shape), self._fixed.frozen[name])
            for name, shape in model.graph.frozen.items()
        }
        on_a_line = inputs.items() if model.data == "line" else ()
        self.directions = {
            name: Array(shape, self._fixed.directions[name]) for name, shape in on_a_line
        }
        frozen = {name: self._constants(one) for name, one in self.frozen.items()}
        self.outputs = [
            computed(
                model.graph.output, _Ring(self, {"weight": weights, "input": x, "frozen": frozen})
            )
            for x in self._inputs(inputs)
        ]

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

    @cached_property
    def zero(self) -> Poly:
        """0 in the ring."""
        return self.ring.constant(0)

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
        every = [*self.names, *dict.fromkeys(self.rates), *data]
        twice = [name for name, n in Counter(every).items() if n > 1]
        if twice:
            found = f"two weights, rates or entries of inputs are called {twice[0]}"
            raise DeclarationError(
                f"{self.model.name}: {found}; rename a layer, an input or a rate"
            )

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

    def _arrays(
        self, shapes: Mapping[str, tuple[int, ...]], generators: Iterator[Poly]
    ) -> dict[str, Array[Poly]]:
        return {
            name: Array(shape, [next(generators) for _ in range(prod(shape))])
            for name, shape in shapes.items()
        }

    def _inputs(self, shapes: Mapping[str, tuple[int, ...]]) -> Iterator[dict[str, Array[Poly]]]:
        data = iter(self._generators[len(self.names) :])
        if self.model.data == "points":
            for point in self.model.points:
                yield {name: self._point(name, point, shape) for name, shape in shapes.items()}
        elif self.model.data == "line":
            yield {
                name: Array(one.shape, [self.constant(c) * z for c in one.entries])
                for (name, one), z in zip(self.directions.items(), data, strict=False)
            }
        else:
            yield self._arrays(shapes, data)

    def _point(self, name: str, point: Mapping[str, Any], shape: tuple[int, ...]) -> Array[Poly]:
        if name not in point:
            raise ValueError(f"{self.model.name}: a point has no {name}: it has {', '.join(point)}")
        flat = list(_flat(point[name]))
        if len(flat) != prod(shape):
            raise ValueError(
                f"{self.model.name}: a point has {len(flat)} entries of {name}, not {prod(shape)}"
            )
        return Array(shape, [self.constant(value) for value in flat])

    def _constants(self, numbers: Array[int]) -> Array[Poly]:
        return Array(numbers.shape, [self.constant(value) for value in numbers.entries])

    def constant(self, value: int | Fraction) -> Poly:
        """A number in the ring."""
        exact = Fraction(value)
        return self.ring.constant(fmpq(exact.numerator, exact.denominator))

    # ------------------------------------------------------------ functions of preactivations

    def applied(self, name: str, argument: Poly) -> Poly:
        """An activation of a preactivation."""
        if name == "relu":
            return self._relu(argument)
        if name == "sqrt":
            (root,) = self._made(("root", _key(argument)), lambda: [self._root(argument)])
            return self._generators[root.index]
        way = closed(name)
        self._closed(way, argument)
        return self._written(way.value, self._values(way, argument))

    def _relu(self, argument: Poly) -> Poly:
        """δ h, with one gate for all multiples of a preactivation."""
        if argument.total_degree() <= 0:
            return argument if argument == 0 or argument.leading_coefficient() > 0 else self.zero
        lead = argument.leading_coefficient()
        monic = argument * (1 / lead)
        (gate,) = self._made(("gate", _key(monic)), lambda: [self._gate(monic)])
        open_ = self._generators[gate.index] * argument
        return open_ if lead > 0 else argument - open_

    def inverse(self, of: Poly) -> Poly:
        """1/a; of a root s of a, s/a.

        Raises:
            DeclarationError: where a is 0.
        """
        if of == 0:
            given = ", ".join(f"{symbol} = {n}" for symbol, n in self.sizes.items())
            raise DeclarationError(f"{self.model.name}: a division by 0 at {given or 'any sizes'}")
        for one in self.generated:
            if one.kind == "root" and of == self._generators[one.index]:
                return of * self.inverse(one.argument)
        (found,) = self._made(("inverse", _key(of)), lambda: [self._inverse(of)])
        return self._generators[found.index]

    def _made(self, key: Any, make: Any) -> list[Generated]:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _new(self) -> int:
        self._next += 1
        return self._next - 1

    def _add(self, one: Generated) -> Generated:
        self.generated.append(one)
        return one

    def _gate(self, argument: Poly) -> Generated:
        return self._add(Generated("gate", self._new(), argument, self.zero))

    def _inverse(self, argument: Poly) -> Generated:
        index = self._new()
        return self._add(Generated("inverse", index, argument, -(self._generators[index] ** 2)))

    def _root(self, argument: Poly) -> Generated:
        inverse, index = self.inverse(argument), self._new()
        slope = self._generators[index] * inverse * fmpq(1, 2)
        return self._add(Generated("root", index, argument, slope, argument))

    def _closed(self, way: Closed, argument: Poly) -> None:
        """Generators of the functions that were not met at this argument, by whatever activation."""
        key = _key(argument)
        new = [s for s, f in way.functions.items() if (f, key) not in self._places]
        for symbol in new:
            self._places[way.functions[symbol], key] = self._new()
        values = self._values(way, argument)
        for symbol in new:
            square = way.square_of(symbol)
            self._add(
                Generated(
                    "function", self._places[way.functions[symbol], key], argument,
                    self._written(way.slopes[symbol], values),
                    None if square is None else self._written(square, values),
                    way.functions[symbol],
                )
            )  # fmt: skip

    def _values(self, way: Closed, argument: Poly) -> dict[sympy.Symbol, Poly]:
        key = _key(argument)
        return {h: argument} | {
            symbol: self._generators[self._places[function, key]]
            for symbol, function in way.functions.items()
        }

    def _written(self, polynomial: sympy.Expr, values: Mapping[sympy.Symbol, Poly]) -> Poly:
        symbols = list(values)
        found = self.zero
        for exponents, factor in sympy.Poly(polynomial, *symbols).terms():
            term = self.constant(Fraction(int(factor.p), int(factor.q)))
            for symbol, exponent in zip(symbols, exponents, strict=True):
                term = term * values[symbol] ** exponent
            found = found + term
        return found

    # ------------------------------------------------------------ gradients

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


def _key(polynomial: Poly) -> frozenset[Any]:
    return frozenset((m, (int(c.p), int(c.q))) for m, c in polynomial.to_dict().items())


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, str):
        raise DeclarationError(f"an entry of a point is a number, not {values!r}")
    if isinstance(values, Sequence):
        for value in values:
            yield from _flat(value)
    else:
        yield values


@dataclass(frozen=True)
class _Ring:
    """The operations of a graph in the ring of an instance."""

    instance: Instance
    leaves: Mapping[str, Mapping[str, Array[Poly]]]

    def node(self, tensor: Tensor, of: tuple[Array[Poly], ...]) -> Array[Poly]:
        """The value of a node."""
        found: Array[Poly] = getattr(self, f"_{tensor.operation}")(tensor, *of)
        return found

    def _leaf(self, tensor: Tensor) -> Array[Poly]:
        kind, name = tensor.detail
        return self.leaves[kind][name]

    def _number(self, tensor: Tensor) -> Array[Poly]:
        value, powers = tensor.detail
        for size, exponent in powers:
            value *= Fraction(size.at(self.instance.sizes)) ** exponent
        return Array((), [self.instance.constant(value)])

    def _eye(self, tensor: Tensor) -> Array[Poly]:
        n = tensor.shape[0].at(self.instance.sizes)
        return Array(
            (n, n), [self.instance.constant(int(i == j)) for i in range(n) for j in range(n)]
        )

    def _matmul(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.times(b, self.instance.zero)

    def _transpose(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.transposed()

    def _add(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.with_(b, lambda p, q: p + q)

    def _multiply(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.with_(b, lambda p, q: p * q)

    def _power(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        if tensor.detail < 0:
            a = a.map(self.instance.inverse)
        return a.map(lambda p: p ** abs(tensor.detail))

    def _sum(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.summed(self.instance.zero)

    def _repeat(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.repeated(tensor.shape[-1].at(self.instance.sizes))

    def _correlate(self, tensor: Tensor, w: Array[Poly], x: Array[Poly]) -> Array[Poly]:
        return w.correlated(x, self.instance.zero)

    def _apply(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.map(lambda p: self.instance.applied(tensor.detail, p))
