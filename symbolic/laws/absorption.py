"""When rates are absorbed: one criterion, for laws and for the reduced flow.

Weights move along −η_i ∂L/∂θ_i = η_i Σ_k r_k ∂c_k/∂θ_i. In φ = θ/u with u_i = √(η_i/η₀),

    dφ_i/dt = η₀ Σ_k r_k ∂/∂φ_i c_k(u φ),

for a rate η₀ of reference (or η₀ = 1: u = √η, with no reference). So φ moves as at rates that are all η₀
if every c_k(u φ) is a combination of the c_l(φ), up to a constant: if the span of the c_k stays the same
when the weights of one rate are scaled, for every rate but the reference. It does if and only if it has,
with every c_k, its homogeneous parts in the weights of that rate: scaled by s they are multiplied by
different powers of s, and powers of as many s tell them apart. The homogeneous parts in the weights of
one rate keep those of another, so that this is decided rate by rate, in exact linear algebra. Where one
rate fails, it is the reference; where more do, rates are not absorbed.

It is the same to ask it of gradients: of (∂c/∂θ_i) the weight i is counted in its own degree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from symbolic.architecture.fields import Field, Terms
from symbolic.proof.null_space import pivots_of
from symbolic.proof.ranks import matrix_of, rank

Degrees = tuple[int, ...]
"""In the weights of each rate, in the order of `names_of`."""
Graded = dict[Degrees, dict[Hashable, fmpq]]
"""A vector by the degrees of its parts."""


@dataclass(frozen=True)
class Absorption:
    """How rates are absorbed.

    Attributes:
        kept: rates that do not allow their weights to be scaled.
        names: of all rates.
    """

    kept: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether they are."""
        return len(self.kept) <= 1

    @property
    def reference(self) -> str | None:
        """The rate that the others are measured in; None where there is none."""
        return self.kept[0] if len(self.kept) == 1 else None


def names_of(rates: Sequence[str]) -> tuple[str, ...]:
    """Every rate once."""
    return tuple(dict.fromkeys(rates))


def absorption(fields: Sequence[Field], rates: Sequence[str]) -> Absorption:
    """Of gradients.

    Args:
        fields: gradients of the c_k, without rates.
        rates: the name of each weight's rate.
    """
    return absorption_of([graded_field(one, rates) for one in fields], rates)


def absorption_of(vectors: Sequence[Graded], rates: Sequence[str]) -> Absorption:
    """Of the c_k themselves, or of their gradients, apart by degrees."""
    names, whole = names_of(rates), _Span(vectors)
    kept = tuple(name for k, name in enumerate(names) if not whole.has(_parts(vectors, k)))
    return Absorption(kept, names)


def graded_field(one: Field, rates: Sequence[str]) -> Graded:
    """A gradient by its degrees."""
    found: Graded = defaultdict(dict)
    place = {name: k for k, name in enumerate(names_of(rates))}
    for i, entry in one.items():
        for m, c in entry.items():
            found[_degrees(m, rates, place, i)][i, m] = c
    return found


def graded_terms(polynomial: Terms, rates: Sequence[str]) -> Graded:
    """A polynomial in the weights by its degrees."""
    found: Graded = defaultdict(dict)
    place = {name: k for k, name in enumerate(names_of(rates))}
    for m, c in polynomial.items():
        found[_degrees(m, rates, place)][m] = c
    return found


def _degrees(
    m: Sequence[int], rates: Sequence[str], place: dict[str, int], more: int | None = None
) -> Degrees:
    found = [0] * len(place)
    for i, exponent in enumerate(m):
        if exponent:
            found[place[rates[i]]] += exponent
    if more is not None:
        found[place[rates[more]]] += 1
    return tuple(found)


def _parts(vectors: Sequence[Graded], k: int) -> list[dict[Hashable, fmpq]]:
    """Homogeneous parts in the weights of a rate, of those that have several."""
    parts = []
    for one in vectors:
        by_degree: dict[int, dict[Hashable, fmpq]] = defaultdict(dict)
        for degrees, part in one.items():
            by_degree[degrees[k]] |= part
        parts += list(by_degree.values()) if len(by_degree) > 1 else []
    return parts


class _Span:
    """Of vectors, with its rank once."""

    def __init__(self, vectors: Sequence[Graded]) -> None:
        self._vectors = list(map(_whole, vectors))

    @cached_property
    def _rank(self) -> int:
        return rank(self._vectors)

    def has(self, others: Sequence[dict[Hashable, fmpq]]) -> bool:
        """Whether others are in it."""
        return not others or rank([*self._vectors, *others]) == self._rank


def _whole(one: Graded) -> dict[Hashable, fmpq]:
    found: dict[Hashable, fmpq] = {}
    for part in one.values():
        found |= part
    return found


def mixing(
    vectors: Sequence[Graded], reference: int | None
) -> Iterator[dict[int, dict[Degrees, fmpq]]]:
    """C_k(u φ) = Σ_l Σ_d a_kld u^d c_l(φ): for each k the a by l and d; d is 0 for the reference.

    Args:
        vectors: the c_k, of which the rates are absorbed.
        reference: place of the rate that is not scaled.
    """
    rows = [_without(one, reference) for one in vectors]
    several = [(k, d) for k, one in enumerate(rows) if len(one) > 1 for d in one]
    columns = [*map(_whole, rows), *(rows[k][d] for k, d in several)]
    found: list[dict[int, dict[Degrees, fmpq]]] = [
        {k: {d: fmpq(1) for d in one}} if len(one) == 1 else {} for k, one in enumerate(rows)
    ]
    if several:
        reduced, size = matrix_of(columns).transpose().rref()
        for i, l in enumerate(pivots_of(reduced, size)):
            for n, (k, d) in enumerate(several, len(rows)):
                if reduced[i, n] != 0:
                    found[k].setdefault(l, {})[d] = reduced[i, n]
    yield from found


def _without(one: Graded, reference: int | None) -> Graded:
    """By degrees in the weights of the other rates."""
    found: Graded = defaultdict(dict)
    for degrees, part in one.items():
        key = tuple(0 if k == reference else d for k, d in enumerate(degrees))
        found[key] |= part
    return found
