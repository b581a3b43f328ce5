"""Outputs that are quadratic in the layers, as rows of one matrix Q, without sizes.

A network whose output is f = P x + what is not trained, with P = Σ_ij c_ij Q_i Q_jᵀ, has rows of blocks
Q = [Q_1; Q_2; …]: each layer once, with the axis that two of them share, the hidden units, last. U V x
has Q_1 = U and Q_2 = Vᵀ, U Uᵀ x has Q_1 = U alone. An axis that a layer lacks has size 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symbolic.architecture.contractions import Contraction
from symbolic.architecture.model import Model
from symbolic.architecture.words import Words
from symbolic.proof.certificate import DoesNotApply

SIGNAL, INPUT = "?1", "input "


@dataclass(frozen=True, order=True)
class RowBlock:
    """A layer as rows of Q.

    Attributes:
        layer: its name.
        axes: of the layer, in its order: "r" that of the rows, "h" that of the hidden units.
        rate: the name of its learning rate.
    """

    layer: str
    axes: str
    rate: str


@dataclass(frozen=True)
class QuadraticWords:
    """P in blocks of Q Qᵀ.

    Attributes:
        blocks: of rows.
        product: c_ij, by places of blocks.
    """

    blocks: tuple[RowBlock, ...]
    product: dict[tuple[int, int], Fraction]


def quadratic_words(model: Model) -> QuadraticWords:
    """Read the rows and P off the words of a model.

    Args:
        model: the declaration.

    Raises:
        DoesNotApply: where the output is not of this form.
    """
    words = Words(model)
    if words.cut:
        raise DoesNotApply("outputs are no polynomials in words")
    blocks, product = list[RowBlock](), dict[tuple[int, int], Fraction]()
    for one, c in words.closed.items():
        trained = [n for n, (letter, _) in enumerate(one.factors) if letter.name in model.layers]
        if not trained:
            continue
        pair = []
        for block in _pair(one, trained, model):
            if block not in blocks:
                blocks.append(block)
            pair.append(blocks.index(block))
        place = pair[0], pair[1]
        product[place] = product.get(place, Fraction(0)) + c
    if len({block.layer for block in blocks}) < len(blocks):
        raise DoesNotApply("a layer has its hidden units on either axis")
    return QuadraticWords(tuple(blocks), product)


def _pair(one: Contraction, trained: list[int], model: Model) -> tuple[RowBlock, RowBlock]:
    """The blocks of a word r_(s) A B x_(t): of the rows s, and of the rows t."""
    others = [factor for n, factor in enumerate(one.factors) if n not in trained]
    signals = [own for letter, own in others if letter.name == SIGNAL]
    inputs = [own for letter, own in others if letter.name.startswith(INPUT)]
    if len(trained) != 2 or len(signals) != 1 or len(inputs) != 1 or len(others) != 2 or one.scales:
        raise DoesNotApply("a word of the output is no product of two layers and the input")
    (signal,), (data,) = signals, inputs
    first, second = (one.factors[n] for n in trained)
    shared = {*first[1]} & {*second[1]} - {*signal, *data}
    for left, right in ((first, second), (second, first)):
        rows = [{*own} - shared for _, own in (left, right)]
        if rows == [{*signal}, {*data}] and _are_plain(signal, data, left[1], right[1]):
            return _block(left, shared, model), _block(right, shared, model)
    raise DoesNotApply("two layers do not share one axis alone")


def _are_plain(*indices: tuple[int, ...]) -> bool:
    """At most a row and a column: no axis of a factor is linked to another of it."""
    signal, data, *_ = indices
    return (
        max(len(signal), len(data)) <= 1
        and not {*signal} & {*data}
        and all(len({*own}) == len(own) <= 2 for own in indices)
    )


def _block(factor: tuple[object, tuple[int, ...]], shared: set[int], model: Model) -> RowBlock:
    letter, own = factor
    name = letter.name  # type: ignore[attr-defined]
    axes = "".join("h" if index in shared else "r" for index in own)
    return RowBlock(name, axes, model.layers[name].rate)
