"""Changes of signs and scales that leave a network as it is, read off its graph: nothing is expanded.

Let the entries of a leaf with index t on some of its axes be multiplied by s to some powers. If all
operations pass this on, so that an output is multiplied as a whole, the network with other weights and
data is the same network, up to a factor of each output. With s = −1 its laws fall apart into those that
change their sign and those that do not (`symbolic.laws.ansatz`). With s > 0, if weight i is multiplied by
s^aᵢ, the change of θᵢ θⱼ, which is θᵢ ∂ⱼc + θⱼ ∂ᵢc times rates, has two parts, multiplied by s^±(aᵢ − aⱼ)
beside what all potentials c are, and that of θᵢ by s^−aᵢ: laws fall apart by |aᵢ − aⱼ|.

For each size, by which power an axis of a node is multiplied at one index is a linear form in unknown
ones, one for each axis of that size of a leaf; an operation adds forms, or asks that one vanish. One more
is for all entries of a leaf together. Signs are the same modulo 2, but that a ReLU passes no sign on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm, prod

from flint import fmpq

from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Size
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import computed
from symbolic.laws.ansatz import kernel_of_parities
from symbolic.laws.degrees import ROOTS, trained_summands
from symbolic.proof.null_space import null_space

Form = Mapping[int, Fraction]
Forms = tuple[Form, ...]
"""By which power each axis of a node is multiplied, and last, all of it."""
Powers = Mapping[tuple[str, int], int]
"""Of axes of layers, by name and axis; −1 for all of a layer."""
NONE: Form = {}
BASE = 2**24  # of the digits in which the powers of a weight are written as one number


class _Passed:
    """The operations of a graph, for indices of one size.

    Args:
        model: the declaration.
        size: which; None for leaves as a whole.
        positive: whether what is multiplied by is positive.

    Attributes:
        zero: forms that vanish.
        unknown: powers, by kind and name of a leaf, and axis; −1 for all of it.
    """

    def __init__(self, model: Model, size: Size | None, *, positive: bool) -> None:
        self._fixed = model.data in ("points", "line")
        self._size, self._positive, self.zero = size, positive, list[Form]()
        self.unknown: dict[tuple[str, str, int], int] = {}

    def node(self, tensor: Tensor, of: tuple[Forms, ...]) -> Forms:
        """The forms of a node."""
        found: Forms = getattr(self, f"_{tensor.operation}")(tensor, *of)
        return found

    def alike(self, a: Forms, b: Forms) -> None:
        """Ask that all forms are equal."""
        self.zero += [_sum(one, other, -1) for one, other in zip(a, b, strict=True)]

    def _new(self, kind: str, name: str, axis: int) -> Form:
        return {self.unknown.setdefault((kind, name, axis), len(self.unknown)): Fraction(1)}

    def _leaf(self, tensor: Tensor) -> Forms:
        kind, name = tensor.detail
        if kind == "frozen" or (kind == "input" and self._fixed):
            return (NONE,) * (len(tensor.shape) + 1)
        axes = [
            self._new(kind, name, k) if size == self._size else NONE
            for k, size in enumerate(tensor.shape)
        ]
        return (*axes, self._new(kind, name, -1) if self._size is None else NONE)

    def _number(self, tensor: Tensor) -> Forms:
        return (NONE,)

    def _eye(self, tensor: Tensor) -> Forms:
        if tensor.shape[0] != self._size:
            return (NONE,) * 3
        own = self._new("eye", str(len(self.unknown)), 0)
        return (own, _times(own, Fraction(-1)), NONE)

    def _matmul(self, tensor: Tensor, a: Forms, b: Forms) -> Forms:
        self.zero.append(_sum(a[-2], b[0]))
        return (*a[:-2], *b[1:-1], _sum(a[-1], b[-1]))

    def _transpose(self, tensor: Tensor, a: Forms) -> Forms:
        return (*a[:-3], a[-2], a[-3], a[-1])

    def _add(self, tensor: Tensor, a: Forms, b: Forms) -> Forms:
        """A scalar is added to entries that are all multiplied alike."""
        a, b = _with_axes(a, b), _with_axes(b, a)
        self.alike(a, b)
        return a

    def _multiply(self, tensor: Tensor, a: Forms, b: Forms) -> Forms:
        a, b = _with_axes(a, b), _with_axes(b, a)
        return tuple(_sum(one, other) for one, other in zip(a, b, strict=True))

    def _power(self, tensor: Tensor, a: Forms) -> Forms:
        return tuple(_times(one, Fraction(tensor.detail)) for one in a)

    def _sum(self, tensor: Tensor, a: Forms) -> Forms:
        self.zero.append(a[-2])
        return (*a[:-2], a[-1])

    def _repeat(self, tensor: Tensor, a: Forms) -> Forms:
        return (*a[:-1], NONE, a[-1])

    def _correlate(self, tensor: Tensor, w: Forms, x: Forms) -> Forms:
        """Along the signal all is multiplied alike; channels meet."""
        channels = len(x) - 2
        first = len(w) - 2 - channels
        self.zero += [w[-2], x[-2]]
        self.zero += [_sum(w[first + k], x[k]) for k in range(channels)]
        return (*w[:first], NONE, _sum(w[-1], x[-1]))

    def _apply(self, tensor: Tensor, a: Forms) -> Forms:
        if self._positive and tensor.detail in ROOTS:
            return tuple(_times(one, ROOTS[tensor.detail]) for one in a)
        self.zero += a
        return (NONE,) * len(a)


def _with_axes(a: Forms, like: Forms) -> Forms:
    return a if len(a) > 1 else (*(NONE for _ in like[1:]), a[0])


def _sum(one: Form, other: Form, factor: int = 1) -> Form:
    found = dict(one)
    for k, c in other.items():
        found[k] = found.get(k, Fraction(0)) + factor * c
    return {k: c for k, c in found.items() if c}


def _times(one: Form, factor: Fraction) -> Form:
    return {k: c * factor for k, c in one.items() if factor}


def signs(model: Model, sizes: Sizes) -> list[int]:
    """Changes of signs: bit i of each for weight i.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    found = dict.fromkeys(
        sum(1 << i for i, power in enumerate(powers) if power % 2)
        for powers in _all_powers(model, sizes, positive=False)
    )
    return [one for one in found if one]


def scales(model: Model, sizes: Sizes) -> list[int]:
    """Of each weight the powers by which it is multiplied, as digits of one number.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
    """
    found = [0] * model.number_of_weights(sizes)
    for powers in _all_powers(model, sizes, positive=True):
        if any(powers):
            found = [BASE * total + power for total, power in zip(found, powers, strict=True)]
    return found


def _all_powers(model: Model, sizes: Sizes, *, positive: bool) -> Iterator[list[int]]:
    """By which power each weight is multiplied, for every size and each of its indices."""
    every = dict.fromkeys(size for layer in model.layers.values() for size in layer.shape)
    for size in (None, *every):
        for solved in _solutions(model, size, positive=positive):
            for t in range(1 if size is None else size.at(sizes)):
                yield _of_weights(model, sizes, solved, t)


def _solutions(model: Model, size: Size | None, *, positive: bool) -> Iterator[Powers]:
    algebra = _Passed(model, size, positive=positive)
    first, *others = (computed(one, algebra) for one in trained_summands(model))
    for other in others:
        algebra.alike(first, other)
    if model.loss == "softmax" and len(first) > 1:  # differences in a row are multiplied as one
        algebra.zero.append(first[-2])
    for vector in (_over_integers if positive else _modulo_two)(algebra):
        yield {
            (name, axis): vector[k]
            for (kind, name, axis), k in algebra.unknown.items()
            if kind == "weight" and vector[k]
        }


def _over_integers(algebra: _Passed) -> Iterator[list[int]]:
    rows = [{k: fmpq(c.numerator, c.denominator) for k, c in one.items()} for one in algebra.zero]
    for vector in null_space([row for row in rows if row], len(algebra.unknown)):
        whole = lcm(*(int(c.q) for c in vector))
        yield [int((c * whole).p) for c in vector]


def _modulo_two(algebra: _Passed) -> Iterator[list[int]]:
    rows = [sum(1 << k for k, c in one.items() if c % 2) for one in algebra.zero]
    for kernel in kernel_of_parities(rows, len(algebra.unknown)):
        yield [kernel >> k & 1 for k in range(len(algebra.unknown))]


def _of_weights(model: Model, sizes: Sizes, solved: Powers, t: int) -> list[int]:
    """The powers of the axes on which a weight has the index t, added up."""
    found = []
    for name, layer in model.layers.items():
        numbers = [size.at(sizes) for size in layer.shape]
        whole = solved.get((name, -1), 0)
        axes = [(k, c) for k in range(len(numbers)) if (c := solved.get((name, k), 0))]
        if axes:
            places = itertools.product(*map(range, numbers))
            found += [whole + sum(c for k, c in axes if place[k] == t) for place in places]
        else:
            found += [whole] * prod(numbers)
    return found
