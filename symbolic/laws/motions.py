"""How quantities of a layer move along gradient flow, in words: at every size, for all rates.

The gradient of Σ r·f by a layer P is a sum of contractions with the axes of P: each P taken out, one
after another, times what it counts. So are the derivatives of P Pᵀ, Pᵀ P, P + Pᵀ and ‖P‖² over the rate
of P, in which no rate is left; on the diagonal two axes have one index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symbolic.architecture.contractions import Contraction, Letter
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.sizes import Size
from symbolic.architecture.words import Terms, Words, summed


@dataclass(frozen=True)
class Moving:
    """What may be a summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖², "sum" for P + Pᵀ, "entries" for a
            vector as a diagonal matrix, or a number.
        size: of the symmetric matrix; None for a number.
        moved: its derivative, over the rate.
    """

    layer: str
    kind: str
    size: Size | None
    moved: Terms

    def on_diagonal(self) -> Moving:
        """The diagonal of a matrix: one index for both axes."""
        linked = ((one.linked([(0, 1)]), c) for one, c in self.moved.items())
        terms = summed((one._replace(free=one.free[:1]), c) for one, c in linked)
        return Moving(self.layer, self.kind, self.size, terms)


def moving(model: Model) -> list[Moving]:
    """All quantities of all layers.

    Args:
        model: the declaration.
    """
    closed = Words(model).closed
    return [
        one
        for name, layer in model.layers.items()
        for one in _of_layer(name, layer, slope(closed, name))
    ]


def slope(closed: Mapping[Contraction, Fraction], layer: str) -> Terms:
    """The gradient by a layer.

    Args:
        closed: contractions without free indices.
        layer: its name.
    """

    def terms() -> Iterator[tuple[Contraction, Fraction]]:
        for one, c in closed.items():
            plain = tuple((Letter(letter.name), indices) for letter, indices in one.factors)
            for k, (letter, indices) in enumerate(one.factors):
                if letter.name == layer:
                    others = plain[:k] + plain[k + 1 :]
                    yield Contraction(indices, others, one.scales), c * letter.counts

    return summed(terms())


def _of_layer(name: str, layer: Layer, gradient: Terms) -> Iterator[Moving]:
    shape = layer.shape
    if len(shape) in (1, 2):
        yield Moving(name, "outer", shape[0], _gram(name, 0, gradient))
    if len(shape) == 2:
        yield Moving(name, "inner", shape[1], _gram(name, 1, gradient))
        if shape[0] == shape[1]:
            yield Moving(name, "sum", shape[0], _symmetric(gradient))
    if len(shape) == 1:
        yield Moving(name, "entries", shape[0], _diagonal(gradient))
    if not shape:
        yield Moving(name, "entries", None, dict(gradient))
    yield Moving(name, "norm", None, _norm(name, gradient))


def _gram(name: str, axis: int, gradient: Terms) -> Terms:
    """Of P Pᵀ along an axis of P: what is left of it has the same indices twice."""

    def terms() -> Iterator[tuple[Contraction, Fraction]]:
        for one, c in gradient.items():
            *free, b = one.times(Contraction((0,))).free
            factors = (*one.factors, (Letter(name), (*free[:axis], b, *free[axis + 1 :])))
            for axes in ((free[axis], b), (b, free[axis])):
                yield Contraction(axes, factors, one.scales), c

    return summed(terms())


def _symmetric(gradient: Terms) -> Terms:
    """Of P + Pᵀ."""
    return summed(
        (one._replace(free=free), c)
        for one, c in gradient.items()
        for free in (one.free, one.free[::-1])
    )


def _diagonal(gradient: Terms) -> Terms:
    """Of a vector on the diagonal of a matrix."""
    return summed((one._replace(free=one.free * 2), c) for one, c in gradient.items())


def _norm(name: str, gradient: Terms) -> Terms:
    """Of ‖P‖²."""
    return summed(
        (Contraction((), (*one.factors, (Letter(name), one.free)), one.scales), 2 * c)
        for one, c in gradient.items()
    )
