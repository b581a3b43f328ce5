"""Which gates are open at real weights and real data: signs of preactivations, proved by balls.

Weights and data that are drawn are balls with a radius: a sign that is decided is that of an open set of
weights and data. A preactivation that is exactly 0 is a product with 0, of a gate that is shut: it is 0
on all of the ball, nothing depends on its gate there, and it counts as shut. Other signs are refused.

So patterns that are met at one point of the weights are met together in an open region of them; and
whatever they allow there, a rank of fields, is true of the network there.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from flint import arb, ctx, nmod_mat

from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.arrays import Array
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed, in_order

DIGITS, RADIUS = 256, 1e-30
LARGEST, SCALES = 99, (1, 1, 1, Fraction(1, 64), Fraction(1, 8), 8, 64)
REGIONS, SEEN, TRIES, PRIME = 16, 24, 64, 8191
Pattern = tuple[tuple[int, ...], ...]
Point = Mapping[str, Sequence[int | Fraction]]
ZERO = arb(0)


class UnknownSignError(ArithmeticError):
    """A preactivation is 0 by chance, or too close to it, or its value does not exist."""


@dataclass(frozen=True)
class Region:
    """Weights at which no preactivation is 0, for what is around them.

    Attributes:
        weights: entries by layer, in C order.
    """

    weights: Point


class Reals:
    """The operations of a graph at numbers, as balls.

    Args:
        sizes: a number for each size symbol.
        leaves: arrays by kind and name.

    Attributes:
        open: gates, entry by entry, of one node after another.
    """

    def __init__(self, sizes: Sizes, leaves: Mapping[str, Mapping[str, Array[arb]]]) -> None:
        self._sizes, self._leaves = sizes, leaves
        self.open: list[tuple[int, ...]] = []

    def node(self, tensor: Tensor, of: tuple[Array[arb], ...]) -> Array[arb]:
        """The value of a node."""
        found: Array[arb] = getattr(self, f"_{tensor.operation}")(tensor, *of)
        return found

    def _leaf(self, tensor: Tensor) -> Array[arb]:
        kind, name = tensor.detail
        return self._leaves[kind][name]

    def _number(self, tensor: Tensor) -> Array[arb]:
        value, powers = tensor.detail
        for size, exponent in powers:
            value *= Fraction(size.at(self._sizes)) ** exponent
        return Array((), [ball(value)])

    def _eye(self, tensor: Tensor) -> Array[arb]:
        n = tensor.shape[0].at(self._sizes)
        return Array((n, n), [arb(int(i == j)) for i in range(n) for j in range(n)])

    def _matmul(self, tensor: Tensor, a: Array[arb], b: Array[arb]) -> Array[arb]:
        return a.times(b, ZERO)

    def _transpose(self, tensor: Tensor, a: Array[arb]) -> Array[arb]:
        return a.transposed()

    def _add(self, tensor: Tensor, a: Array[arb], b: Array[arb]) -> Array[arb]:
        return a.with_(b, lambda p, q: p + q)

    def _multiply(self, tensor: Tensor, a: Array[arb], b: Array[arb]) -> Array[arb]:
        return a.with_(b, lambda p, q: p * q)

    def _power(self, tensor: Tensor, a: Array[arb]) -> Array[arb]:
        n = tensor.detail
        return a.map(lambda p: (p if n >= 0 else 1 / p) ** abs(n))

    def _sum(self, tensor: Tensor, a: Array[arb]) -> Array[arb]:
        return a.summed(ZERO)

    def _repeat(self, tensor: Tensor, a: Array[arb]) -> Array[arb]:
        return a.repeated(tensor.shape[-1].at(self._sizes))

    def _correlate(self, tensor: Tensor, w: Array[arb], x: Array[arb]) -> Array[arb]:
        return w.correlated(x, ZERO)

    def _apply(self, tensor: Tensor, a: Array[arb]) -> Array[arb]:
        if tensor.detail == "relu":
            gates = [_is_positive(p) for p in a.entries]
            self.open.append(tuple(map(int, gates)))
            return Array(a.shape, [p if g else ZERO for p, g in zip(a.entries, gates, strict=True)])
        return a.map(FUNCTIONS[tensor.detail])


def _is_positive(p: arb) -> bool:
    if p > 0:
        return True
    if p < 0 or p == 0:
        return False
    raise UnknownSignError


def _logistic(p: arb) -> arb:
    return 1 / (1 + (-p).exp())


FUNCTIONS = {
    "exp": arb.exp, "sqrt": arb.sqrt, "tanh": arb.tanh, "erf": arb.erf, "sin": arb.sin,
    "cos": arb.cos, "sigmoid": _logistic, "swish": lambda p: p * _logistic(p),
    "softplus": lambda p: (1 + p.exp()).log(),
    "gelu": lambda p: p * (1 + (p / arb(2).sqrt()).erf()) / 2,
}  # fmt: skip


def ball(value: int | Fraction, radius: float = 0) -> arb:
    """A number, to all digits; or all numbers close to it."""
    exact = Fraction(value)
    found = arb(exact.numerator) / exact.denominator
    return found * arb(1, radius) if radius else found


def pattern(model: Model, sizes: Sizes, weights: Point, inputs: Point) -> Pattern:
    """Gates that are open, of each node that has some, in the order of the graph.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        weights: entries by layer, in C order.
        inputs: entries by input.

    Raises:
        UnknownSignError: where a sign is not decided.
    """
    graph = model.graph

    def arrays(shapes: Mapping[str, Shape], given: Point, moves: bool) -> dict[str, Array[arb]]:
        radius = RADIUS if moves else 0
        return {
            name: Array(tuple(s.at(sizes) for s in shape), [ball(v, radius) for v in given[name]])
            for name, shape in shapes.items()
        }

    with ctx.workprec(DIGITS):
        reals = Reals(
            sizes,
            {
                "weight": arrays(graph.weights, weights, True),
                "input": arrays(graph.inputs, inputs, model.data != "points"),
                "frozen": arrays(graph.frozen, arbitrary(model, sizes).frozen, False),
            },
        )
        computed(graph.output, reals)
    return tuple(reals.open)


def has_gates(model: Model) -> bool:
    """Whether there are any."""
    return any(t.operation == "apply" and t.detail == "relu" for t in in_order(model.graph.output))


@dataclass
class Seen:
    """Patterns of gates that occur at some weights, met one after the other, again and again.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        region: where the weights are.
        inputs: data at which patterns are taken; none to draw them.
    """

    model: Model
    sizes: Sizes
    region: Region
    inputs: Sequence[Point] = field(default=())

    def at(self, k: int) -> Pattern:
        """At the data with the number k; listed points in turn.

        Raises:
            UnknownSignError: where no data with signs were found.
        """
        if self.inputs:
            return self.met[k % len(self.met)]
        if k % 2 and self.model.data != "points":  # thin cells are not left to chance twice
            return self.met[k // 2 % len(self.met)]
        return self._drawn(k)

    @cached_property
    def met(self) -> Sequence[Pattern]:
        """Different patterns at the data given, or at some that are drawn."""
        if self.inputs:
            weights = self.region.weights
            given = (pattern(self.model, self.sizes, weights, one) for one in self.inputs)
        else:
            given = (self._drawn(k) for k in range(max(SEEN, len(self.model.points))))
        return list(dict.fromkeys(given))

    def _drawn(self, k: int) -> Pattern:
        for attempt in range(TRIES):
            draw = random.Random(f"data {k} {attempt}")
            inputs = _inputs(self.model, self.sizes, draw, k)
            try:
                return pattern(self.model, self.sizes, self.region.weights, inputs)
            except UnknownSignError:
                continue
        raise UnknownSignError(f"{self.model.name}: no data at which signs are known")


def regions(model: Model, sizes: Sizes, seed: int = 0) -> Iterator[Region]:
    """Weights that are drawn, half of them with more positive entries than negative ones.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the weights.
    """
    for k in itertools.count():
        draw = random.Random(f"weights {seed} {k}")
        share = (0.5, 0.8)[k % 2]
        yield Region(
            {
                name: [
                    draw.randint(1, LARGEST) * (1 if draw.random() < share else -1)
                    for _ in range(prod(s.at(sizes) for s in layer.shape))
                ]
                for name, layer in model.layers.items()
            }
        )


def rich_region(model: Model, sizes: Sizes, seed: int = 0) -> Region:
    """Of some regions one where the most gates are seen open, and the most patterns that are independent.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the weights.

    Raises:
        UnknownSignError: where no signs are decided.
    """
    best: tuple[tuple[int, int, int], Region] | None = None
    for region in itertools.islice(regions(model, sizes, seed), REGIONS):
        try:
            flat = [tuple(itertools.chain(*one)) for one in Seen(model, sizes, region).met]
        except UnknownSignError:
            continue
        rank = nmod_mat([list(one) for one in flat], PRIME).rank() if flat and flat[0] else 0
        value = sum(map(max, zip(*flat, strict=True))), rank, len(flat)
        if best is None or value > best[0]:
            best = value, region
    if best is None:
        raise UnknownSignError(f"{model.name}: no weights at which signs are known")
    return best[1]


def _inputs(model: Model, sizes: Sizes, draw: random.Random, k: int) -> Point:
    shapes = {name: prod(s.at(sizes) for s in shape) for name, shape in model.graph.inputs.items()}
    if model.data == "points":
        point = model.points[k % len(model.points)]
        return {name: list(map(Fraction, _flat(point[name]))) for name in shapes}
    found = {}
    for name, size in shapes.items():
        scale = Fraction(draw.choice(SCALES))
        if model.data == "line":
            along = draw.choice((-1, 1)) * draw.randint(1, LARGEST) * scale / LARGEST
            found[name] = [along * d for d in arbitrary(model, sizes).directions[name]]
        else:
            found[name] = [draw.randint(-LARGEST, LARGEST) * scale for _ in range(size)]
    return found


def _flat(values: Any) -> Iterator[Fraction]:
    if isinstance(values, Sequence) and not isinstance(values, str):
        for value in values:
            yield from _flat(value)
    else:
        yield Fraction(values)
