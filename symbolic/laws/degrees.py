"""Rates that are absorbed, read off the graph: an output that is homogeneous in the weights of each.

If every output is a sum of what is constant and a function that is homogeneous in the weights of a rate,
it is a multiple of itself where these are scaled, and the rate is absorbed (`symbolic.laws.absorption`).
What is seen of a graph is enough for it, not needed: of an output whose parts have other degrees nothing
is said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symbolic.architecture.model import Model
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed, in_order
from symbolic.laws.absorption import Absorption

Degrees = Mapping[str, Fraction]
ROOTS = {"relu": Fraction(1), "sqrt": Fraction(1, 2)}


class _Degrees:
    """The operations of a graph.

    Args:
        rates: by layer.

    Attributes:
        kept: rates in whose weights something has no degree.
    """

    def __init__(self, rates: Mapping[str, str]) -> None:
        self._rates, self.kept = rates, set[str]()

    def node(self, tensor: Tensor, of: tuple[Degrees, ...]) -> Degrees:
        """Degrees by rate, those that are not 0."""
        if tensor.operation == "leaf":
            kind, name = tensor.detail
            return {self._rates[name]: Fraction(1)} if kind == "weight" else {}
        if tensor.operation in ("matmul", "multiply", "correlate"):
            return _sum(*of)
        if tensor.operation == "add":
            return self.alike(*of)
        if tensor.operation == "power":
            return _times(of[0], Fraction(tensor.detail))
        if tensor.operation == "apply" and tensor.detail in ROOTS:
            return _times(of[0], ROOTS[tensor.detail])
        if tensor.operation == "apply":
            return self.alike(of[0], {})
        return of[0] if of else {}

    def alike(self, *several: Degrees) -> Degrees:
        """Of a sum of them; where they differ, there is none."""
        first, *others = several
        for other in others:
            differ = {name for name in {*first, *other} if first.get(name) != other.get(name)}
            self.kept |= differ
        return first


def _sum(one: Degrees, other: Degrees) -> Degrees:
    found = {name: one.get(name, Fraction(0)) + other.get(name, 0) for name in {*one, *other}}
    return {name: degree for name, degree in found.items() if degree}


def _times(one: Degrees, factor: Fraction) -> Degrees:
    return {name: degree * factor for name, degree in one.items() if degree * factor}


def absorption_by_degrees(model: Model) -> Absorption:
    """Rates that are seen to be absorbed; the others are kept.

    Args:
        model: the declaration.
    """
    rates = {name: layer.rate for name, layer in model.layers.items()}
    algebra = _Degrees(rates)
    algebra.alike(*(computed(one, algebra) for one in trained_summands(model)))
    names = tuple(dict.fromkeys(rates.values()))
    return Absorption(tuple(name for name in names if name in algebra.kept), names)


def trained_summands(model: Model) -> list[Tensor]:
    """The output without summands that are constant; where nothing is trained, the output.

    Args:
        model: the declaration.
    """
    root = model.graph.output
    return list(filter(_is_trained, _summands(root))) or [root]


def _summands(root: Tensor) -> list[Tensor]:
    if root.operation != "add" or any(part.shape != root.shape for part in root.of):
        return [root]
    return [one for part in root.of for one in _summands(part)]


def _is_trained(root: Tensor) -> bool:
    return any(t.operation == "leaf" and t.detail[0] == "weight" for t in in_order(root))
