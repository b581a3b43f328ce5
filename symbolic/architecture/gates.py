"""Which gates are open at real weights and real data: signs of preactivations, proved by balls.

Weights and data that are drawn are balls with a radius: a sign that is decided is that of an open set of
weights and data. A preactivation that is exactly 0 is a product with 0, of a gate that is shut: it is 0
on all of the ball, nothing depends on its gate there, and it counts as shut. Other signs are refused.

So patterns that are met at one point of the weights are met together in an open region of them; and
whatever they allow there, a rank of fields, is true of the network there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flint import arb, ctx

from symbolic.architecture.arbitrary import arbitrary
from symbolic.architecture.arrays import Array
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed, in_order

DIGITS, RADIUS = 256, 1e-30
Pattern = tuple[tuple[int, ...], ...]
Point = Mapping[str, Sequence[int | Fraction]]
ZERO = arb(0)


class UnknownSignError(ArithmeticError):
    """A preactivation is 0 by chance, or too close to it, or its value does not exist."""


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


class Gates:
    """The gates of a network at given weights.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        weights: entries by layer, in C order.
    """

    def __init__(self, model: Model, sizes: Sizes, weights: Point) -> None:
        self._graph, self._sizes = model.graph, sizes
        self._radius = 0 if model.data == "points" else RADIUS
        with ctx.workprec(DIGITS):
            self._at = {
                "weight": self._arrays(self._graph.weights, weights, RADIUS),
                "frozen": self._arrays(self._graph.frozen, arbitrary(model, sizes).frozen, 0),
            }

    def pattern(self, inputs: Point) -> Pattern:
        """Gates that are open, of each node that has some, in the order of the graph.

        Args:
            inputs: entries by input.

        Raises:
            UnknownSignError: where a sign is not decided.
        """
        with ctx.workprec(DIGITS):
            given = self._arrays(self._graph.inputs, inputs, self._radius)
            reals = Reals(self._sizes, self._at | {"input": given})
            computed(self._graph.output, reals)
        return tuple(reals.open)

    def _arrays(
        self, shapes: Mapping[str, Shape], given: Point, radius: float
    ) -> dict[str, Array[arb]]:
        return {
            name: Array(
                tuple(s.at(self._sizes) for s in shape), [ball(v, radius) for v in given[name]]
            )
            for name, shape in shapes.items()
        }


def has_gates(model: Model) -> bool:
    """Whether there are any."""
    return any(t.operation == "apply" and t.detail == "relu" for t in in_order(model.graph.output))
