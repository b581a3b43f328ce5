"""Products of tensors with linked indices, without sizes: contractions, up to renaming of indices.

U @ ((W x) * (V x)) is Σ_(i j k) U_ai W_ij x_j V_ik x_k: factors U, W, x, V, x, in which i stands three
times. An index links as many axes as it stands in: two in a product of matrices, more where entries are
multiplied, one in a sum over entries; an index that stands in no factor counts its size. Two products
are one at all sizes if they differ in the names of summed indices and the order of factors alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from symbolic.architecture.sizes import Size


class Letter(NamedTuple):
    """A tensor by its name.

    Attributes:
        name: of a layer, an input, whatever it is.
        above, below: of the fraction by which a derivative by it is multiplied.
    """

    name: str
    above: int = 1
    below: int = 1

    @property
    def counts(self) -> Fraction:
        """How often it counts in a derivative."""
        return Fraction(self.above, self.below)

    def counting(self, times: Fraction) -> Letter:
        """The same, that counts so many times as often."""
        counts = self.counts * times
        return Letter(self.name, counts.numerator, counts.denominator)


Factor: TypeAlias = tuple[Letter, tuple[int, ...]]


class Contraction(NamedTuple):
    """A product of factors; indices that are not free are summed.

    Attributes:
        free: the indices of its axes; one may stand twice, as in the identity matrix.
        factors: letters and indices.
        scales: sizes that it is multiplied by, to powers that are not 0.
    """

    free: tuple[int, ...]
    factors: tuple[Factor, ...] = ()
    scales: tuple[tuple[Size, int], ...] = ()

    def times(self, other: Contraction) -> Contraction:
        """The product of all entries of both: the axes of the one, and those of the other."""
        start = 1 + max((i for i in self._indices()), default=-1)
        moved = other.renamed({i: start + i for i in other._indices()})
        scales = dict(self.scales)
        for size, power in other.scales:
            scales[size] = scales.get(size, 0) + power
        kept = tuple(sorted(((s, p) for s, p in scales.items() if p), key=str))
        return Contraction(self.free + moved.free, self.factors + moved.factors, kept)

    def linked(self, pairs: Sequence[tuple[int, int]]) -> Contraction:
        """With pairs of axes of equal index; all axes stay.

        Args:
            pairs: places of axes.
        """
        found = self
        for k, j in pairs:
            one, other = sorted((found.free[k], found.free[j]))
            found = found.renamed({other: one})
        return found

    def summed(self, axis: int, size: Size) -> Contraction:
        """Without an axis, over which it is summed where its index is no other's.

        Args:
            axis: its place.
            size: of it.
        """
        free = self.free[:axis] + self.free[axis + 1 :]
        index = self.free[axis]
        if index in free or any(index in indices for _, indices in self.factors):
            return self._replace(free=free)
        return self._replace(free=free).times(Contraction((), (), ((size, 1),)))

    def renamed(self, names: Mapping[int, int]) -> Contraction:
        """With other indices."""
        factors = tuple((f, tuple(names.get(i, i) for i in indices)) for f, indices in self.factors)
        return self._replace(free=tuple(names.get(i, i) for i in self.free), factors=factors)

    def canonical(self) -> Contraction:
        """The same for all that are equal: free indices first, in order, factors in a fixed one."""
        free = {i: k for k, i in enumerate(dict.fromkeys(self.free))}
        factors = list[Factor]()
        ends = [len(free)]
        for part in _scoped(self.factors, free):
            factors += _flat(part, {k: k for k in free.values()}, len(free), ends)
        return Contraction(tuple(free[i] for i in self.free), tuple(factors), self.scales)

    def _indices(self) -> Iterator[int]:
        yield from self.free
        for _, indices in self.factors:
            yield from indices


# ------------------------------------------------------------ equality up to renaming


class _Nested(NamedTuple):
    """A factor all of whose indices have names; or new names, and the parts that they leave."""

    new: int
    factor: tuple[Factor, ...] = ()
    inner: tuple[_Nested, ...] = ()


def _scoped(factors: Sequence[Factor], names: Mapping[int, int]) -> tuple[_Nested, ...]:
    """Factors as nested parts that share no other indices than those that have names, in order."""
    return tuple(sorted(_named(part, names) for part in _parts(factors, names)))


def _parts(factors: Sequence[Factor], names: Mapping[int, int]) -> list[list[Factor]]:
    """What hangs together by indices without a name."""
    parts = list[tuple[set[int], list[Factor]]]()
    for factor in factors:
        own = {i for i in factor[1] if i not in names}
        met = [part for part in parts if part[0] & own]
        parts = [part for part in parts if not part[0] & own]
        joined = [one for part in met for one in part[1]]
        parts.append((own.union(*(part[0] for part in met)), [*joined, factor]))
    return [part for _, part in parts]


def _named(part: Sequence[Factor], names: Mapping[int, int]) -> _Nested:
    """A part, with names for its own indices: those that nothing else looks like, else the best of all.

    What hangs on a named index is a part by itself, so that equal branches cost no trials.
    """
    own = {i for _, indices in part for i in indices if i not in names}
    if not own:
        ((letter, indices),) = part
        return _Nested(0, ((letter, tuple(names[i] for i in indices)),))
    classes = _alike(part, names, own)
    single = [one[0] for one in classes if len(one) == 1]
    trials = [single] if single else [[index] for index in min(classes, key=len)]
    found = []
    for trial in trials:
        more = {index: len(names) + k for k, index in enumerate(trial)}
        found.append(_Nested(len(trial), (), _scoped(part, {**names, **more})))
    return min(found)


def _alike(part: Sequence[Factor], names: Mapping[int, int], own: set[int]) -> list[list[int]]:
    """Indices by what they look like from all others, in an order that does not depend on names."""
    colours: dict[int, int] = dict.fromkeys(own, -1)
    count = 1
    while True:
        seen: dict[int, list[tuple[Letter, int, tuple[int, ...]]]] = {i: [] for i in own}
        for letter, indices in part:
            look = tuple(colours[i] if i in own else -2 - len(own) - names[i] for i in indices)
            for axis, i in enumerate(indices):
                if i in own:
                    seen[i].append((letter, axis, look))
        looks = {i: (colours[i], tuple(sorted(seen[i]))) for i in own}
        order = {look: k for k, look in enumerate(sorted(set(looks.values())))}
        colours = {i: order[looks[i]] for i in own}
        if len(order) == count:
            break
        count = len(order)
    classes = list[list[int]]()
    for colour in range(count):
        classes.append([i for i in own if colours[i] == colour])
    return classes


def _flat(part: _Nested, names: dict[int, int], depth: int, ends: list[int]) -> Iterator[Factor]:
    """The factors of nested parts, each index of a part a new number."""
    for letter, indices in part.factor:
        yield letter, tuple(names[i] for i in indices)
    more = dict(names)
    for k in range(part.new):
        more[depth + k] = ends[0]
        ends[0] += 1
    for one in part.inner:
        yield from _flat(one, more, depth + part.new, ends)
