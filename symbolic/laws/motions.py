"""How quantities of a layer move along gradient flow, in words: at every size, for all rates.

The gradient of Σ r·f by a layer P is a sum of contractions with the axes of P: each P taken out, one
after another, times what it counts. So are the derivatives of P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖² and sums of
entries, P 1 and 1ᵀ P, over the rate of P, in which no rate is left; on the diagonal two axes have one
index. At listed points an input may have one sum 1ᵀ x at all of them, which is then that number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from symbolic.architecture.contractions import Contraction, Factor, Letter
from symbolic.architecture.model import Layer, Model
from symbolic.architecture.sizes import Shape, Size
from symbolic.architecture.slopes import Items, Terms, slope, summed
from symbolic.architecture.words import LESS_MEAN, Words


@dataclass(frozen=True)
class Moving:
    """What may be a summand of a law.

    Attributes:
        layer: P.
        kind: "outer" for P Pᵀ, "inner" for Pᵀ P, "norm" for ‖P‖², "sum" for P + Pᵀ; as diagonal
            matrices "entries" for a vector, or a number, "rows" for P 1 and "columns" for 1ᵀ P; "total"
            for the sum of all entries.
        size: of the symmetric matrix; None for a number.
        moved: its derivative, over the rate, in any names of indices; of a symmetric matrix M + Mᵀ that
            is M.
    """

    layer: str
    kind: str
    size: Size | None
    moved: Items

    @property
    def is_symmetric(self) -> bool:
        """Whether it is a symmetric matrix, not a diagonal one or a number."""
        return self.kind in ("outer", "inner", "sum")

    def as_matrix(self) -> Terms:
        """The derivative of a symmetric matrix, M + Mᵀ; of a number as it is."""
        if not self.is_symmetric:
            return summed(self.moved)
        return summed(
            (one._replace(free=free), c)
            for one, c in self.moved
            for free in (one.free, one.free[::-1])
        )

    def on_diagonal(self) -> Terms:
        """The diagonal of a matrix: one index for both axes."""
        if not self.is_symmetric:
            return summed(self.moved)
        linked = ((one.linked([(0, 1)]), 2 * c) for one, c in self.moved)
        return summed((one._replace(free=one.free[:1]), c) for one, c in linked)


@dataclass(frozen=True)
class Scope:
    """For what derivatives are: the declared loss and data, or any.

    Attributes:
        loss: whether the signals of a loss of differences have mean 0.
        sums: of inputs whose entries have one sum at all points, by letter.
    """

    loss: bool
    sums: Mapping[str, Fraction]

    @property
    def needs(self) -> tuple[str, ...]:
        """What is not any: "loss", "data"."""
        return ("loss",) * self.loss + ("data",) * bool(self.sums)

    def wider(self) -> Iterator[tuple[tuple[str, ...], Scope]]:
        """Those that need less, the widest first, and what they still need."""
        yield (), Scope(loss=False, sums={})
        if self.loss and self.sums:
            yield ("data",), Scope(loss=False, sums=self.sums)
            yield ("loss",), Scope(loss=True, sums={})

    def of(self, one: Moving) -> Moving:
        """What is left of a derivative."""
        kept = list[tuple[Contraction, Fraction]]()
        for term, c in one.moved:
            tagged = any(letter.name == LESS_MEAN for letter, _ in term.factors)
            if self.loss or not tagged:
                kept.append(_with_sums(term, c, self.sums))
        return replace(one, moved=tuple(kept))


def scope(model: Model) -> Scope:
    """That of a declaration."""
    return Scope(model.loss == "softmax", sums_of_inputs(model))


def moving(model: Model) -> list[Moving]:
    """All quantities of all layers; what a loss of differences takes off its signals has a letter.

    Args:
        model: the declaration.
    """
    closed = Words(model).closed.items()
    return [
        one
        for name, layer in model.layers.items()
        for one in _of_layer(name, layer, tuple(slope(closed, name).items()))
    ]


def sums_of_inputs(model: Model) -> dict[str, Fraction]:
    """Of vectors whose entries have one sum at all listed points: that sum, by letter.

    Args:
        model: the declaration.
    """
    found = {}
    for name, shape in model.inputs.items():
        if len(shape) == 1 and model.points:
            sums = {sum(map(Fraction, point[name]), Fraction(0)) for point in model.points}
            if len(sums) == 1:
                found[f"input {name}"] = sums.pop()
    return found


def _with_sums(
    one: Contraction, c: Fraction, sums: Mapping[str, Fraction]
) -> tuple[Contraction, Fraction]:
    """With numbers for inputs whose index stands nowhere else, which are summed."""
    often = Counter(one.free)
    for _, indices in one.factors:
        often.update(indices)
    kept = list[Factor]()
    for letter, indices in one.factors:
        if letter.name in sums and often[indices[0]] == 1:
            c *= sums[letter.name]
        elif letter.name != LESS_MEAN:
            kept.append((letter, indices))
    return one._replace(factors=tuple(kept)), c


def _of_layer(name: str, layer: Layer, gradient: Items) -> Iterator[Moving]:
    shape = layer.shape
    if len(shape) in (1, 2):
        yield Moving(name, "outer", shape[0], _gram(name, 0, gradient))
    if len(shape) == 2:
        yield Moving(name, "inner", shape[1], _gram(name, 1, gradient))
        if shape[0] == shape[1]:
            yield Moving(name, "sum", shape[0], gradient)
        yield Moving(name, "rows", shape[0], _over(gradient, 1, shape))
        yield Moving(name, "columns", shape[1], _over(gradient, 0, shape))
    if len(shape) == 1:
        yield Moving(name, "entries", shape[0], gradient)
    if not shape:
        yield Moving(name, "entries", None, gradient)
    else:
        yield Moving(name, "total", None, _total(gradient, shape))
    yield Moving(name, "norm", None, _norm(name, gradient))


def _gram(name: str, axis: int, gradient: Items) -> Items:
    """Of P Pᵀ along an axis of P: what is left of it has the same indices twice."""
    found = list[tuple[Contraction, Fraction]]()
    for one, c in gradient:
        *free, b = one.times(Contraction((0,))).free
        factors = (*one.factors, (Letter(name), (*free[:axis], b, *free[axis + 1 :])))
        found.append((Contraction((free[axis], b), factors, one.scales), c))
    return tuple(found)


def _over(gradient: Items, axis: int, shape: Shape) -> Items:
    """Summed over an axis."""
    return tuple((one.summed(axis, shape[axis]), c) for one, c in gradient)


def _total(gradient: Items, shape: Shape) -> Items:
    """Summed over all axes."""
    for axis in reversed(range(len(shape))):
        gradient = _over(gradient, axis, shape)
    return gradient


def _norm(name: str, gradient: Items) -> Items:
    """Of ‖P‖²."""
    return tuple(
        (Contraction((), (*one.factors, (Letter(name), one.free)), one.scales), 2 * c)
        for one, c in gradient
    )
