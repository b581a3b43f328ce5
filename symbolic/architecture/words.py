"""An output without indices: sums of products of traces and words in the layers, at all sizes at once.

A letter is a layer, frozen weights or an input, perhaps transposed; a word is a matrix product of
letters; a scalar factor is a closed word: r·f for a signal r, x·Wy for vectors, a trace. Vectors begin
or end a word.

A ReLU of a vector is Δ h with a diagonal matrix of gates, which do not move. What else is not linear
(another activation, a product of entries) is cut: its value is a letter of its own, and what it is a
function of gets a signal of its own. What holds for arbitrary signals at every cut holds for the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from symbolic.architecture.model import Model
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import in_order


class Letter(NamedTuple):
    """A matrix or a vector.

    Attributes:
        name: of the layer or input.
        transposed: whether it stands transposed.
        trained: whether it is a layer.
        diagonal: whether it is a diagonal matrix, its own transpose.
    """

    name: str
    transposed: bool
    trained: bool
    diagonal: bool = False

    @property
    def T(self) -> Letter:
        """Its transpose."""
        return self if self.diagonal else self._replace(transposed=not self.transposed)


Word = tuple[Letter, ...]
Scalars = tuple[Word, ...]
Terms = dict[tuple[Scalars, Word], Fraction]


class NoWordsError(ValueError):
    """An output that words cannot say; the message is the reason."""


def transposed(word: Word) -> Word:
    """The transpose of a product."""
    return tuple(letter.T for letter in reversed(word))


def closed(word: Word) -> Word:
    """The same for all rotations and the transpose of a word under a trace."""
    both = (word, transposed(word))
    return min(one[k:] + one[:k] for one in both for k in range(max(1, len(one))))


@dataclass(frozen=True)
class Written:
    """A node in words: scalars have the empty word, vectors words that end in a vector."""

    axes: int
    terms: Terms

    def times(self, factor: Fraction) -> Written:
        """A multiple."""
        return Written(self.axes, {key: factor * c for key, c in self.terms.items()})


def _sum(axes: int, terms: Iterable[tuple[tuple[Scalars, Word], Fraction]]) -> Written:
    found: Terms = defaultdict(Fraction)
    for key, c in terms:
        found[key] += c
    return Written(axes, {key: c for key, c in found.items() if c})


class Words:
    """The closed words of Σ r·f over the output and all cuts.

    Args:
        model: the declaration.

    Attributes:
        closed: coefficients of products of closed words.
        cut: whether something was cut, so that laws are found but perhaps not all.
    """

    def __init__(self, model: Model) -> None:
        self._model, self.cut, self._signals = model, False, 0
        self._values = dict[int, Written]()
        self.closed: dict[Scalars, Fraction] = defaultdict(Fraction)
        root = model.graph.output
        for tensor in in_order(root):
            of = [self._values[id(part)] for part in tensor.of]
            self._values[id(tensor)] = self._node(tensor, of)
        self._signal(self._values[id(root)])

    def _node(self, tensor: Tensor, of: list[Written]) -> Written:
        method = getattr(self, f"_{tensor.operation}", None)
        try:
            if method is None:
                raise NoWordsError(tensor.operation)
            if any(one.axes > 2 for one in of) and tensor.operation != "add":
                raise NoWordsError("more than two axes")
            found: Written = method(tensor, *of)
        except NoWordsError:
            return self._cut(tensor, of)
        return found

    def _cut(self, tensor: Tensor, of: list[Written]) -> Written:
        """A value that is opaque; a signal for each of its arguments that has a layer in it."""
        if not any(letter.trained for one in of for letter in _letters(one)):
            return self._opaque(len(tensor.shape))
        self.cut = True
        for one in of:
            self._signal(one)
        return self._opaque(len(tensor.shape))

    def _new(self) -> str:
        self._signals += 1
        return f"?{self._signals}"

    def _opaque(self, axes: int) -> Written:
        letter = Letter(self._new(), False, False)
        if axes == 0:
            return Written(0, {(((letter,),), ()): Fraction(1)})
        return Written(axes, {((), (letter,)): Fraction(1)})

    def _signal(self, value: Written) -> None:
        """Add r·value, or tr(Rᵀ value)."""
        signal = Letter(self._new(), True, False)
        for (scalars, word), c in value.terms.items():
            factors = (*scalars, closed((signal, *word)))
            self.closed[tuple(sorted(factors))] += c

    # ------------------------------------------------------------ operations

    def _leaf(self, tensor: Tensor) -> Written:
        kind, name = tensor.detail
        axes = len(tensor.shape)
        letter = Letter(name, False, kind == "weight")
        if axes == 0:
            return Written(0, {((closed((letter,)),), ()): Fraction(1)})
        return Written(axes, {((), (letter,)): Fraction(1)})

    def _number(self, tensor: Tensor) -> Written:
        value, powers = tensor.detail
        if powers:
            return self._opaque(0)
        return Written(0, {((), ()): value})

    def _eye(self, tensor: Tensor) -> Written:
        return Written(2, {((), ()): Fraction(1)})

    def _matmul(self, tensor: Tensor, a: Written, b: Written) -> Written:
        if a.axes == 1:  # a vector from the left: its transpose
            a = Written(1, {(s, transposed(w)): c for (s, w), c in a.terms.items()})
        axes = len(tensor.shape)
        products: list[tuple[tuple[Scalars, Word], Fraction]] = []
        for (s, v), c in a.terms.items():
            for (t, w), k in b.terms.items():
                word, scalars = v + w, (*s, *t)
                if axes == 0:
                    products.append(((tuple(sorted((*scalars, closed(word)))), ()), c * k))
                elif a.axes == 1:  # a vector again, as a column
                    products.append(((tuple(sorted(scalars)), transposed(word)), c * k))
                else:
                    products.append(((tuple(sorted(scalars)), word), c * k))
        return _sum(axes, products)

    def _transpose(self, tensor: Tensor, a: Written) -> Written:
        return Written(2, {(s, transposed(w)): c for (s, w), c in a.terms.items()})

    def _add(self, tensor: Tensor, a: Written, b: Written) -> Written:
        if a.axes != b.axes:
            raise NoWordsError("a scalar is added to every entry")
        return _sum(a.axes, (*a.terms.items(), *b.terms.items()))

    def _multiply(self, tensor: Tensor, a: Written, b: Written) -> Written:
        if a.axes and b.axes:
            raise NoWordsError("a product of entries")
        scalar, other = (a, b) if not a.axes else (b, a)
        return _sum(
            other.axes,
            (
                ((tuple(sorted((*s, *t))), w), c * k)
                for (s, _), c in scalar.terms.items()
                for (t, w), k in other.terms.items()
            ),
        )

    def _apply(self, tensor: Tensor, a: Written) -> Written:
        if tensor.detail != "relu" or a.axes > 1:
            raise NoWordsError(tensor.detail)
        gates = Letter(self._new(), False, False, True)
        if a.axes == 0:
            return self._multiply(tensor, Written(0, {(((gates,),), ()): Fraction(1)}), a)
        return Written(1, {(s, (gates, *w)): c for (s, w), c in a.terms.items()})

    def _power(self, tensor: Tensor, a: Written) -> Written:
        if a.axes or tensor.detail < 0:
            raise NoWordsError("a power of entries")
        found = Written(0, {((), ()): Fraction(1)})
        for _ in range(tensor.detail):
            found = self._multiply(tensor, found, a)
        return found


def _letters(written: Written) -> Iterator[Letter]:
    for scalars, word in written.terms:
        yield from word
        for one in scalars:
            yield from one
