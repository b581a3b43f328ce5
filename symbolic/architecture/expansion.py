"""The operations of a graph in an exact ring, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mpoly_ctx

from symbolic.architecture.arrays import Array
from symbolic.architecture.generated import Functions, Poly
from symbolic.architecture.model import Sizes
from symbolic.architecture.tensor import Tensor


def constant(ring: fmpq_mpoly_ctx, value: int | Fraction) -> Poly:
    """A number in a ring."""
    exact = Fraction(value)
    return ring.constant(fmpq(exact.numerator, exact.denominator))


@dataclass(frozen=True)
class Expansion:
    """The operations.

    Attributes:
        functions: of preactivations, in the ring.
        sizes: a number for each size symbol.
        leaves: by kind and name.
    """

    functions: Functions
    sizes: Sizes
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
            value *= Fraction(size.at(self.sizes)) ** exponent
        return Array((), [constant(self.functions.ring, value)])

    def _eye(self, tensor: Tensor) -> Array[Poly]:
        n = tensor.shape[0].at(self.sizes)
        return Array(
            (n, n), [constant(self.functions.ring, int(i == j)) for i in range(n) for j in range(n)]
        )

    def _matmul(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.times(b, self.functions.zero)

    def _transpose(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.transposed()

    def _add(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.with_(b, lambda p, q: p + q)

    def _multiply(self, tensor: Tensor, a: Array[Poly], b: Array[Poly]) -> Array[Poly]:
        return a.with_(b, lambda p, q: p * q)

    def _power(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        if tensor.detail < 0:
            a = a.map(self.functions.inverse)
        return a.map(lambda p: p ** abs(tensor.detail))

    def _sum(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.summed(self.functions.zero)

    def _repeat(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.repeated(tensor.shape[-1].at(self.sizes))

    def _correlate(self, tensor: Tensor, w: Array[Poly], x: Array[Poly]) -> Array[Poly]:
        return w.correlated(x, self.functions.zero)

    def _apply(self, tensor: Tensor, a: Array[Poly]) -> Array[Poly]:
        return a.map(lambda p: self.functions.applied(tensor.detail, p))
